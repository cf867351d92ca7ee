/* SPDX-License-Identifier: Apache-2.0 */
/* Room for writers, and the orders of keys. */
#include "sink.h"

enum {
    STEP = 64 * 1024, /* bytes of room taken at once */
    FEW = 16 /* entries sorted by insertion */
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

static int cmp_keys(const struct value_entry *a, const struct value_entry *b, bool is_natural)
{
    return is_natural ? cmp_natural(a->key, b->key) : cmp_bytes(a->key, b->key);
}

static void sort_few(const struct value_entry **entries, size_t count, bool is_natural)
{
    for (size_t i = 1; i < count; i++) {
        const struct value_entry *entry = entries[i];
        size_t at = i;
        while (at > 0 && cmp_keys(entries[at - 1], entry, is_natural) > 0) {
            entries[at] = entries[at - 1];
            at--;
        }
        entries[at] = entry;
    }
}

/* Merges the sorted halves of `entries`, the second beginning at `middle`, through `spare`. */
static void merge_halves(const struct value_entry **entries, size_t middle, size_t count,
        const struct value_entry **spare, bool is_natural)
{
    for (size_t i = 0; i < middle; i++) {
        spare[i] = entries[i];
    }
    size_t left = 0;
    size_t right = middle;
    for (size_t at = 0; left < middle; at++) {
        bool is_right = right < count && cmp_keys(entries[right], spare[left], is_natural) < 0;
        entries[at] = is_right ? entries[right++] : spare[left++];
    }
}

static void sort_many(const struct value_entry **entries, size_t count,
        const struct value_entry **spare, bool is_natural)
{
    for (size_t at = 0; at < count; at += FEW) {
        sort_few(entries + at, count - at < FEW ? count - at : FEW, is_natural);
    }
    for (size_t width = FEW; width < count; width *= 2) {
        for (size_t at = 0; at + width < count; at += width * 2) {
            size_t both = count - at < width * 2 ? count - at : width * 2;
            merge_halves(entries + at, width, both, spare, is_natural);
        }
    }
}

/* ---- the stack ---- */

/* Makes room for `count` more entries and as many for sorting. */
static void make_room(struct entry_stack *stack, size_t count)
{
    if (!stack->items) {
        stack->items = stack->few;
        stack->cap = ENTRIES_AT_HAND;
    }
    size_t needed = stack->count + count * 2;
    if (stack->cap >= needed) {
        return;
    }
    if (!stack->arena) {
        stack->arena = arena_new();
    }
    const struct value_entry **grown =
            ARENA_ARRAY(stack->arena, const struct value_entry *, needed * 2);
    for (size_t i = 0; i < stack->count; i++) {
        grown[i] = stack->items[i];
    }
    stack->items = grown;
    stack->cap = needed * 2;
}

size_t entries_push(struct entry_stack *stack, const struct value *map, enum entry_order order)
{
    size_t first = stack->count;
    size_t count = map->as.map.count;
    make_room(stack, count);
    const struct value_entry **entries = stack->items + first;
    for (size_t i = 0; i < count; i++) {
        entries[i] = &map->as.map.entries[i];
    }
    stack->count += count;
    if (order != ORDER_KEPT) {
        sort_many(entries, count, entries + count, order == ORDER_NATURAL);
    }
    return first;
}

void entries_clear(struct entry_stack *stack)
{
    arena_free(stack->arena);
}
