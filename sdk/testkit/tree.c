/* SPDX-License-Identifier: Apache-2.0 */
/* The value tree of the test kit: making, finding, comparing, writing as JSON. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mock.h"

struct node *node_new(struct pool *pool, int32_t kind)
{
    struct node *node = pool_alloc(pool, sizeof(*node));

    node->kind = kind;
    return node;
}

struct node *node_scalar(struct pool *pool, int32_t kind, const char *ptr, size_t len)
{
    struct node *node = node_new(pool, kind);

    node->text = pool_text(pool, ptr, len);
    node->text_len = len;
    node->frozen = true;
    return node;
}

struct entry *node_add(struct pool *pool, struct node *container, const char *key,
        size_t key_len, struct node *v)
{
    struct entry *entry;

    if (container->count == container->capacity) {
        size_t capacity = container->capacity * 2 + 8;
        struct entry *entries = pool_alloc(pool, capacity * sizeof(*entries));
        if (container->count > 0) {
            memcpy(entries, container->entries, container->count * sizeof(*entries));
        }
        container->entries = entries;
        container->capacity = capacity;
    }
    entry = &container->entries[container->count++];
    entry->key = key == NULL ? NULL : pool_text(pool, key, key_len);
    entry->key_len = key_len;
    entry->node = v;
    return entry;
}

static struct entry *entry_of(const struct node *map, const char *key, size_t key_len)
{
    for (size_t i = 0; map != NULL && map->kind == TFA_KIND_MAP && i < map->count; i++) {
        struct entry *entry = &map->entries[i];
        if (entry->key_len == key_len && memcmp(entry->key, key, key_len) == 0) {
            return entry;
        }
    }
    return NULL;
}

void node_set(
        struct pool *pool, struct node *map, const char *key, size_t key_len, struct node *v)
{
    struct entry *entry = entry_of(map, key, key_len);

    if (entry != NULL) {
        entry->node = v;
    } else {
        (void)node_add(pool, map, key, key_len, v);
    }
}

struct node *node_get(const struct node *map, const char *key, size_t key_len)
{
    struct entry *entry =
            key_len == 0 && key == NULL ? entry_of(map, "", 0) : entry_of(map, key, key_len);

    return entry == NULL ? NULL : entry->node;
}

struct node *node_key(const struct node *map, const char *key)
{
    return node_get(map, key, strlen(key));
}

const char *node_text_of(const struct node *map, const char *key)
{
    const struct node *node = node_key(map, key);

    return node == NULL || node->text == NULL ? "" : node->text;
}

/* Index written in decimal without leading zeros, or count when it is none. */
static size_t index_of(const char *step, size_t len, size_t count)
{
    size_t index = 0;

    if (len == 0 || (len > 1 && step[0] == '0')) {
        return count;
    }
    for (size_t i = 0; i < len; i++) {
        if (step[i] < '0' || step[i] > '9' || index > count) {
            return count;
        }
        index = index * 10 + (size_t)(step[i] - '0');
    }
    return index < count ? index : count;
}

struct node *node_step(const struct node *node, const char *step, size_t len, size_t *ret_slot)
{
    if (node == NULL) {
        return NULL;
    }
    if (node->kind == TFA_KIND_LIST) {
        size_t index = index_of(step, len, node->count);
        if (index < node->count) {
            *ret_slot = index;
            return node->entries[index].node;
        }
        return NULL;
    }
    struct entry *entry = entry_of(node, step, len);
    if (entry == NULL) {
        return NULL;
    }
    *ret_slot = (size_t)(entry - node->entries);
    return entry->node;
}

size_t pointer_decode(char *step, size_t len)
{
    size_t n = 0;

    for (size_t i = 0; i < len; i++) {
        if (step[i] == '~' && i + 1 < len) {
            i++;
            step[n++] = step[i] == '1' ? '/' : '~';
        } else {
            step[n++] = step[i];
        }
    }
    return n;
}

struct node *node_find(struct node *node, const char *pointer, size_t len)
{
    struct pool scratch = { NULL };
    size_t at = 0;

    if (len > 0 && pointer[0] != '/') {
        return NULL;
    }
    while (node != NULL && at < len) {
        size_t start = ++at;
        size_t slot;
        char *step;
        while (at < len && pointer[at] != '/') {
            at++;
        }
        step = pool_text(&scratch, pointer + start, at - start);
        node = node_step(node, step, pointer_decode(step, at - start), &slot);
    }
    pool_free(&scratch);
    return node;
}

static void write_pointer(struct text *out, const struct node *node)
{
    const struct entry *entry;
    char number[24];

    if (node->parent == NULL) {
        return;
    }
    write_pointer(out, node->parent);
    text_puts(out, "/");
    entry = &node->parent->entries[node->slot];
    if (entry->key == NULL) {
        (void)snprintf(number, sizeof(number), "%zu", node->slot);
        text_puts(out, number);
        return;
    }
    for (size_t i = 0; i < entry->key_len; i++) {
        if (entry->key[i] == '~') {
            text_puts(out, "~0");
        } else if (entry->key[i] == '/') {
            text_puts(out, "~1");
        } else {
            text_add(out, &entry->key[i], 1);
        }
    }
}

char *node_pointer(struct pool *pool, const struct node *node)
{
    struct text out = { 0 };

    write_pointer(&out, node);
    return text_take(&out, pool);
}

bool node_is_sensitive(const struct node *node)
{
    if (node->sensitive) {
        return true;
    }
    for (size_t i = 0; i < node->count; i++) {
        if (node_is_sensitive(node->entries[i].node)) {
            return true;
        }
    }
    return false;
}

static bool numbers_equal(const struct node *a, const struct node *b)
{
    int64_t i;
    int64_t k;
    double x;
    double y;

    if (number_int(a->text, a->text_len, &i) && number_int(b->text, b->text_len, &k)) {
        return i == k;
    }
    if (a->text_len == b->text_len && memcmp(a->text, b->text, a->text_len) == 0) {
        return true;
    }
    /* Integers beyond 64 bits differ when their digits do; a double would blur them. */
    if (strpbrk(a->text, ".eE") == NULL && strpbrk(b->text, ".eE") == NULL) {
        return false;
    }
    return number_double(a->text, a->text_len, &x) && number_double(b->text, b->text_len, &y) &&
           !(x < y) && !(x > y);
}

int32_t node_equal(const struct node *a, const struct node *b)
{
    if (a == NULL || b == NULL) {
        return a == b ? 1 : 0;
    }
    if (a->kind == TFA_KIND_UNKNOWN || b->kind == TFA_KIND_UNKNOWN) {
        return TFA_E_UNKNOWN;
    }
    if (a->kind != b->kind || a->count != b->count) {
        return 0;
    }
    if (a->kind == TFA_KIND_NUMBER) {
        return numbers_equal(a, b) ? 1 : 0;
    }
    if (a->kind == TFA_KIND_BOOL) {
        return a->truth == b->truth ? 1 : 0;
    }
    if (a->kind == TFA_KIND_STRING) {
        return a->text_len == b->text_len && memcmp(a->text, b->text, a->text_len) == 0 ? 1 : 0;
    }
    for (size_t i = 0; i < a->count; i++) {
        const struct entry *entry = &a->entries[i];
        const struct node *other = a->kind == TFA_KIND_LIST
                                           ? b->entries[i].node
                                           : node_get(b, entry->key, entry->key_len);
        int32_t equal = node_equal(entry->node, other);
        if (equal != 1) {
            return equal;
        }
    }
    return 1;
}

struct node *node_copy(struct pool *pool, const struct node *node, bool sensitive)
{
    struct node *copy = pool_alloc(pool, sizeof(*copy));

    *copy = *node;
    copy->handle = 0;
    copy->frozen = true;
    copy->sensitive = node->sensitive || sensitive;
    copy->entries = NULL;
    copy->count = 0;
    copy->capacity = 0;
    copy->text = node->text == NULL ? NULL : pool_text(pool, node->text, node->text_len);
    for (size_t i = 0; i < node->count; i++) {
        const struct entry *from = &node->entries[i];
        struct node *child = node_copy(pool, from->node, sensitive);
        struct entry *to = node_add(pool, copy, from->key, from->key_len, child);
        to->line = from->line;
        to->column = from->column;
    }
    return copy;
}

static void write_string(struct text *out, const char *ptr, size_t len)
{
    static const char hex[] = "0123456789abcdef";

    text_puts(out, "\"");
    for (size_t i = 0; i < len; i++) {
        unsigned char c = (unsigned char)ptr[i];
        char escape[7] = { '\\', 'u', '0', '0', hex[c >> 4], hex[c & 15], '\0' };
        if (c == '"' || c == '\\') {
            escape[1] = (char)c;
            escape[2] = '\0';
            text_puts(out, escape);
        } else if (c == '\n') {
            text_puts(out, "\\n");
        } else if (c == '\t') {
            text_puts(out, "\\t");
        } else if (c == '\r') {
            text_puts(out, "\\r");
        } else if (c < 0x20) {
            text_puts(out, escape);
        } else {
            text_add(out, &ptr[i], 1);
        }
    }
    text_puts(out, "\"");
}

static void write_number(struct text *out, const struct node *node)
{
    char number[NUMBER_MAX];

    int64_t i;
    bool plain = number_is_json(node->text, node->text_len);

    if (plain && strpbrk(node->text, ".eE") == NULL &&
            !number_int(node->text, node->text_len, &i)) {
        text_add(out, node->text, node->text_len); /* an integer of any size */
    } else if (number_json(node->text, node->text_len, number)) {
        text_puts(out, number);
    } else {
        text_puts(out, plain ? node->text : "null"); /* beyond every double */
    }
}

static int by_key(const void *a, const void *b)
{
    const struct entry *x = *(const struct entry *const *)a;
    const struct entry *y = *(const struct entry *const *)b;
    size_t len = x->key_len < y->key_len ? x->key_len : y->key_len;
    int order = memcmp(x->key, y->key, len);

    return order != 0 ? order : (x->key_len > y->key_len) - (x->key_len < y->key_len);
}

static bool write_map(struct text *out, const struct node *node, bool mask)
{
    const struct entry **order =
            (const struct entry **)calloc(node->count + 1, sizeof(struct entry *));
    bool known = true;

    if (order == NULL) {
        test_mistake("out of memory");
    }
    for (size_t i = 0; i < node->count; i++) {
        order[i] = &node->entries[i];
    }
    qsort((void *)order, node->count, sizeof(struct entry *), by_key);
    text_puts(out, "{");
    for (size_t i = 0; i < node->count; i++) {
        text_puts(out, i > 0 ? "," : "");
        write_string(out, order[i]->key, order[i]->key_len);
        text_puts(out, ":");
        known = node_json(out, order[i]->node, mask) && known;
    }
    text_puts(out, "}");
    free((void *)order);
    return known;
}

bool node_json(struct text *out, const struct node *node, bool mask)
{
    bool known = true;

    if (mask && node->sensitive) {
        text_puts(out, "\"(sensitive)\"");
    } else if (node->kind == TFA_KIND_MAP) {
        known = write_map(out, node, mask);
    } else if (node->kind == TFA_KIND_LIST) {
        text_puts(out, "[");
        for (size_t i = 0; i < node->count; i++) {
            text_puts(out, i > 0 ? "," : "");
            known = node_json(out, node->entries[i].node, mask) && known;
        }
        text_puts(out, "]");
    } else if (node->kind == TFA_KIND_STRING) {
        write_string(out, node->text, node->text_len);
    } else if (node->kind == TFA_KIND_NUMBER) {
        write_number(out, node);
    } else if (node->kind == TFA_KIND_BOOL) {
        text_puts(out, node->truth ? "true" : "false");
    } else if (node->kind == TFA_KIND_UNKNOWN) {
        text_puts(out, "\"(unknown)\"");
        known = false;
    } else {
        text_puts(out, "null");
    }
    return known;
}

char *node_json_text(struct pool *pool, const struct node *node, bool mask)
{
    struct text out = { 0 };

    if (node != NULL) {
        (void)node_json(&out, node, mask);
    }
    return text_take(&out, pool);
}
