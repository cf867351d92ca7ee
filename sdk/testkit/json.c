/* SPDX-License-Identifier: Apache-2.0 */
/* Strict JSON reader of the test kit. */
#include <stdlib.h>
#include <string.h>

#include "mock.h"

#define DEPTH_MAX 128

struct reader {
    struct pool *pool;
    const char *ptr;
    size_t len;
    size_t at;
    const char *error;
};

static struct node *read_value(struct reader *reader, unsigned depth);

static void *refuse(struct reader *reader, const char *why)
{
    if (reader->error == NULL) {
        reader->error = pool_format(reader->pool, "%s at byte %zu", why, reader->at);
    }
    return NULL;
}

static void skip_blanks(struct reader *reader)
{
    while (reader->at < reader->len && strchr(" \t\r\n", reader->ptr[reader->at]) != NULL &&
            reader->ptr[reader->at] != '\0') {
        reader->at++;
    }
}

static bool take(struct reader *reader, char c)
{
    skip_blanks(reader);
    if (reader->at < reader->len && reader->ptr[reader->at] == c) {
        reader->at++;
        return true;
    }
    return false;
}

static bool read_hex(struct reader *reader, uint32_t *ret_unit)
{
    uint32_t unit = 0;

    for (int i = 0; i < 4; i++, reader->at++) {
        unsigned char c =
                reader->at < reader->len ? (unsigned char)reader->ptr[reader->at] : '\0';
        uint32_t digit;
        if (c >= '0' && c <= '9') {
            digit = (uint32_t)(c - '0');
        } else if ((c | 0x20U) >= 'a' && (c | 0x20U) <= 'f') {
            digit = (c | 0x20U) - 'a' + 10U;
        } else {
            return false;
        }
        unit = unit * 16 + digit;
    }
    *ret_unit = unit;
    return true;
}

static void add_point(struct text *out, uint32_t point)
{
    unsigned char bytes[4];
    size_t n = point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;

    if (n == 1) {
        bytes[0] = (unsigned char)point;
    } else {
        for (size_t i = n - 1; i > 0; i--) {
            bytes[i] = (unsigned char)(0x80U | (point & 0x3FU));
            point >>= 6;
        }
        bytes[0] = (unsigned char)((0xF00U >> n & 0xFFU) | point);
    }
    text_add(out, (const char *)bytes, n);
}

/* After a backslash. */
static bool read_escape(struct reader *reader, struct text *out)
{
    static const char from[] = "\"\\/bfnrt";
    static const char to[] = "\"\\/\b\f\n\r\t";
    const char *found = NULL;
    uint32_t point;
    uint32_t low;
    char c = '\0';

    if (reader->at < reader->len) {
        c = reader->ptr[reader->at++];
        found = c == '\0' ? NULL : strchr(from, c);
    }
    if (found != NULL) {
        text_add(out, &to[found - from], 1);
        return true;
    }
    if (c != 'u' || !read_hex(reader, &point)) {
        return false;
    }
    if (point >= 0xD800 && point <= 0xDBFF && reader->len - reader->at >= 6 &&
            memcmp(reader->ptr + reader->at, "\\u", 2) == 0) {
        size_t back = reader->at;
        reader->at += 2;
        if (read_hex(reader, &low) && low >= 0xDC00 && low <= 0xDFFF) {
            point = 0x10000 + ((point - 0xD800) << 10) + (low - 0xDC00);
        } else {
            reader->at = back;
        }
    }
    if (point >= 0xD800 && point <= 0xDFFF) {
        point = 0xFFFD; /* half a pair */
    }
    add_point(out, point);
    return true;
}

/* After the opening quote. */
static bool read_string(struct reader *reader, struct text *out)
{
    while (reader->at < reader->len) {
        char c = reader->ptr[reader->at++];
        if (c == '"') {
            return true;
        }
        if ((unsigned char)c < 0x20) {
            return false;
        }
        if (c == '\\') {
            if (!read_escape(reader, out)) {
                return false;
            }
        } else {
            text_add(out, &c, 1);
        }
    }
    return false;
}

static struct node *read_scalar(struct reader *reader)
{
    size_t start = reader->at;
    struct node *node;
    size_t len;

    while (reader->at < reader->len && reader->ptr[reader->at] != '\0' &&
            strchr(" \t\r\n,]}:\"[{", reader->ptr[reader->at]) == NULL) {
        reader->at++;
    }
    len = reader->at - start;
    if (number_is_json(reader->ptr + start, len)) {
        return node_scalar(reader->pool, TFA_KIND_NUMBER, reader->ptr + start, len);
    }
    node = node_scalar(reader->pool, TFA_KIND_BOOL, reader->ptr + start, len);
    if (strcmp(node->text, "true") == 0 || strcmp(node->text, "false") == 0) {
        node->truth = node->text[0] == 't';
        return node;
    }
    if (strcmp(node->text, "null") == 0) {
        node->kind = TFA_KIND_NULL;
        return node;
    }
    return refuse(reader, "not a JSON value");
}

static struct node *read_entries(struct reader *reader, struct node *node, unsigned depth)
{
    bool map = node->kind == TFA_KIND_MAP;
    char end = map ? '}' : ']';

    node->frozen = true;
    if (take(reader, end)) {
        return node;
    }
    do {
        struct text key = { 0 };
        struct node *child;
        bool ok = !map ||
                  (take(reader, '"') && read_string(reader, &key) &&
                          memchr(key.ptr == NULL ? "" : key.ptr, '\0', key.len) == NULL &&
                          take(reader, ':') &&
                          node_get(node, key.ptr == NULL ? "" : key.ptr, key.len) == NULL);
        child = ok ? read_value(reader, depth + 1) : refuse(reader, "bad or repeated key");
        if (child != NULL) {
            (void)node_add(reader->pool, node, map ? (key.ptr == NULL ? "" : key.ptr) : NULL,
                    key.len, child);
            child->parent = node;
            child->slot = node->count - 1;
        }
        free(key.ptr);
        if (child == NULL) {
            return NULL;
        }
    } while (take(reader, ','));
    return take(reader, end) ? node : refuse(reader, "comma or closing bracket expected");
}

static struct node *read_value(struct reader *reader, unsigned depth)
{
    if (depth > DEPTH_MAX) {
        return refuse(reader, "nested too deeply");
    }
    if (take(reader, '{')) {
        return read_entries(reader, node_new(reader->pool, TFA_KIND_MAP), depth);
    }
    if (take(reader, '[')) {
        return read_entries(reader, node_new(reader->pool, TFA_KIND_LIST), depth);
    }
    if (take(reader, '"')) {
        struct text out = { 0 };
        struct node *node = NULL;
        if (read_string(reader, &out)) {
            node = node_scalar(reader->pool, TFA_KIND_STRING, out.ptr, out.len);
        }
        free(out.ptr);
        return node != NULL ? node : refuse(reader, "malformed string");
    }
    return read_scalar(reader);
}

struct node *json_parse(struct pool *pool, const char *ptr, size_t len, const char **ret_error)
{
    struct reader reader = { pool, ptr, len, 0, NULL };
    struct node *node = NULL;

    if (!utf8_valid(ptr, len)) {
        (void)refuse(&reader, "not UTF-8");
    } else {
        node = read_value(&reader, 0);
        skip_blanks(&reader);
        if (node != NULL && reader.at < reader.len) {
            node = refuse(&reader, "text after the value");
        }
    }
    *ret_error = reader.error;
    return node;
}
