/* SPDX-License-Identifier: Apache-2.0 */
/* Room for writers, and the orders of keys. */
#include "sink.h"

#include <stdlib.h>

enum {
    STEP = 64 * 1024, /* bytes of room taken at once */
    FEW = 24 /* entries sorted by insertion */
};

bool sink_grow(struct sink *sink, size_t size)
{
    struct buf *out = sink->out;
    sink_flush(sink);
    size_t step = size > STEP ? size : STEP;
    if (!out->is_full && step > out->max - out->len) {
        step = size;
    }
    char *room = buf_reserve(out, step);
    if (!room) {
        return false;
    }
    sink->at = room;
    sink->end = room + step;
    return true;
}

void sink_flush(struct sink *sink)
{
    if (sink->at) {
        buf_commit(sink->out, (size_t)(sink->at - (sink->out->ptr + sink->out->len)));
    }
    sink->at = NULL;
    sink->end = NULL;
}

/* ---- orders ---- */

static int cmp_bytes(const struct key *a, const struct key *b)
{
    if (a->prefix != b->prefix) {
        return a->prefix < b->prefix ? -1 : 1;
    }
    return str_cmp(a->text, b->text);
}

static int cmp_natural(const struct key *a, const struct key *b)
{
    return key_natural_cmp(a->text, b->text);
}

static int cmp_entries_bytes(const void *a, const void *b)
{
    const struct value_entry *const *left = a;
    const struct value_entry *const *right = b;
    return cmp_bytes((*left)->key, (*right)->key);
}

static int cmp_entries_natural(const void *a, const void *b)
{
    const struct value_entry *const *left = a;
    const struct value_entry *const *right = b;
    return cmp_natural((*left)->key, (*right)->key);
}

static void sort_few(const struct value_entry **entries, size_t count,
        int (*cmp)(const struct key *, const struct key *))
{
    for (size_t i = 1; i < count; i++) {
        const struct value_entry *entry = entries[i];
        size_t at = i;
        while (at > 0 && cmp(entries[at - 1]->key, entry->key) > 0) {
            entries[at] = entries[at - 1];
            at--;
        }
        entries[at] = entry;
    }
}

size_t entries_push(struct entry_stack *stack, const struct value *map, enum entry_order order)
{
    size_t first = stack->count;
    size_t count = map->as.map.count;
    if (stack->cap - first < count) {
        stack->cap = (stack->cap + count) * 2;
        void *grown = realloc(stack->items, stack->cap * sizeof(struct value_entry *));
        if (!grown) {
            out_of_memory();
        }
        stack->items = grown;
    }
    const struct value_entry **entries = stack->items + first;
    for (size_t i = 0; i < count; i++) {
        entries[i] = &map->as.map.entries[i];
    }
    stack->count += count;
    if (order == ORDER_KEPT) {
        return first;
    }
    if (count <= FEW) {
        sort_few(entries, count, order == ORDER_BYTES ? cmp_bytes : cmp_natural);
    } else {
        qsort(entries, count, sizeof(struct value_entry *),
                order == ORDER_BYTES ? cmp_entries_bytes : cmp_entries_natural);
    }
    return first;
}

void entries_clear(struct entry_stack *stack)
{
    free(stack->items);
    *stack = (struct entry_stack){ 0 };
}
