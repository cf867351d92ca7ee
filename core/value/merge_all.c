/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Merging a long row of trees. Done two by two, each step copies what has come together so far: the
 * square of the number of files that a pattern imports. Here the values of one key are gathered first
 * and merged at once.
 */
#include <string.h>

#include "merger.h"

/* So many trees are merged two by two, which remembers more: rows often begin alike and differ late. */
#define PAIRWISE_MAX 64

/* One merge of many trees. */
struct many {
    struct merger *merger;
    struct arena *scratch;
    enum list_strategy strategy;
};

/* One key of the maps that come together. */
struct gathered {
    const struct key *key;
    struct mark mark; /* of the last one */
    size_t first; /* where its values start */
    size_t count;
};

static const struct value *fold(
        struct many *many, const struct value *const *values, size_t count);

static struct gathered *gather(struct gathered *all, uint32_t *slots, size_t mask,
        size_t *count, const struct key *key)
{
    size_t slot = (size_t)key->hash & mask;
    while (slots[slot] && all[slots[slot] - 1].key != key) {
        slot = (slot + 1) & mask;
    }
    if (!slots[slot]) {
        all[*count].key = key;
        slots[slot] = (uint32_t)++*count;
    }
    return &all[slots[slot] - 1];
}

static const struct value *fold_maps(
        struct many *many, const struct value *const *maps, size_t map_count)
{
    struct arena *arena = many->merger->arena;
    size_t total = 0;
    size_t count = 0;
    uint8_t flags = 0;
    for (size_t i = 0; i < map_count; i++) {
        total += maps[i]->as.map.count;
        flags |= maps[i]->flags & VALUE_SENSITIVE;
    }
    size_t mask = map_slot_count(total) - 1;
    uint32_t *slots = ARENA_ARRAY(many->scratch, uint32_t, mask + 1);
    struct gathered *all = ARENA_ARRAY(many->scratch, struct gathered, total);
    const struct value **values = ARENA_ARRAY(many->scratch, const struct value *, total);
    for (size_t i = 0; i < map_count; i++) {
        for (size_t e = 0; e < maps[i]->as.map.count; e++) {
            const struct value_entry *entry = &maps[i]->as.map.entries[e];
            struct gathered *one = gather(all, slots, mask, &count, entry->key);
            one->mark = entry->mark;
            one->count++;
        }
    }
    for (size_t i = 1; i < count; i++) {
        all[i].first = all[i - 1].first + all[i - 1].count;
        all[i - 1].count = 0;
    }
    all[count - 1].count = 0;
    for (size_t i = 0; i < map_count; i++) {
        for (size_t e = 0; e < maps[i]->as.map.count; e++) {
            const struct value_entry *entry = &maps[i]->as.map.entries[e];
            struct gathered *one = gather(all, slots, mask, &count, entry->key);
            values[one->first + one->count++] = entry->value;
        }
    }
    struct value_entry *entries = ARENA_ARRAY(arena, struct value_entry, count);
    for (size_t i = 0; i < count; i++) {
        entries[i] = (struct value_entry){ all[i].key,
            fold(many, values + all[i].first, all[i].count), all[i].mark };
    }
    struct value *result = ARENA_NEW(arena, struct value);
    *result = *maps[map_count - 1];
    result->flags = flags;
    result->as.map.entries = entries;
    result->as.map.count = count;
    result->as.map.slots = map_index(arena, entries, count);
    return result;
}

static bool is_joined(const struct many *many, const struct value *list)
{
    return many->merger->joins_marked && (list->flags & VALUE_APPEND);
}

/* The flags of two lists put together; one that is empty and not marked is as if it were not there. */
static uint8_t join_flags(
        uint8_t earlier, size_t earlier_count, const struct value *later, bool is_marked)
{
    if (!is_marked && (value_count(later) == 0 || earlier_count == 0)) {
        return value_count(later) == 0 ? earlier : later->flags;
    }
    return ((earlier | later->flags) & VALUE_SENSITIVE) |
           (earlier & later->flags & VALUE_APPEND);
}

static const struct value *join_lists(
        struct many *many, const struct value *const *lists, size_t list_count)
{
    size_t count = lists[0]->as.list.count;
    uint8_t flags = lists[0]->flags;
    for (size_t i = 1; i < list_count; i++) {
        flags = join_flags(flags, count, lists[i], is_joined(many, lists[i]));
        count += lists[i]->as.list.count;
    }
    const struct value **items = ARENA_ARRAY(many->merger->arena, const struct value *, count);
    size_t at = 0;
    for (size_t i = 0; i < list_count; i++) {
        for (size_t k = 0; k < lists[i]->as.list.count; k++) {
            items[at++] = lists[i]->as.list.items[k];
        }
    }
    struct value *result = ARENA_NEW(many->merger->arena, struct value);
    *result = *lists[list_count - 1];
    result->flags = flags;
    result->as.list.items = items;
    result->as.list.count = count;
    return result;
}

static const struct value *fold_lists(
        struct many *many, const struct value *const *lists, size_t count)
{
    if (many->strategy == LIST_MERGE) {
        const struct value *merged = lists[0];
        for (size_t i = 1; i < count; i++) {
            merged = value_merge(many->merger, merged, lists[i], LIST_MERGE);
        }
        return merged;
    }
    size_t first = many->strategy == LIST_APPEND ? 0 : count - 1;
    while (first > 0 && is_joined(many, lists[first])) {
        first--;
    }
    return first + 1 == count ? lists[first] : join_lists(many, lists + first, count - first);
}

/* Value by value from left to right: what stands before the last change of kind is lost. */
static const struct value *fold(
        struct many *many, const struct value *const *values, size_t count)
{
    const struct value *last = values[count - 1];
    if (value_is_scalar(last)) {
        return last;
    }
    const struct value **kept = ARENA_ARRAY(many->scratch, const struct value *, count);
    size_t first = count - 1;
    size_t kept_count = 0;
    while (first > 0 && values[first - 1]->kind == last->kind) {
        first--;
    }
    for (size_t i = first; i < count; i++) {
        /* What is empty changes nothing, but a list that replaces the one before. */
        if (value_count(values[i]) || last->kind == VALUE_LIST) {
            kept[kept_count++] = values[i];
        }
    }
    if (kept_count < 2) {
        return kept_count ? kept[0] : values[first];
    }
    return last->kind == VALUE_MAP ? fold_maps(many, kept, kept_count)
                                   : fold_lists(many, kept, kept_count);
}

/* Remembered like a pair: `earlier` is what has come together so far. */
static const struct value *merge_step(struct merger *merger, const struct value *earlier,
        const struct value *const *items, size_t count, enum list_strategy strategy)
{
    struct arena *scratch = arena_new();
    const struct value **row = ARENA_ARRAY(scratch, const struct value *, count + 2);
    size_t used = 0;
    for (size_t i = 0; i <= count; i++) {
        const struct value *item = i ? items[i - 1] : earlier;
        if (item) {
            row[used++] = item;
        }
    }
    if (used == 0) {
        arena_free(scratch);
        return NULL;
    }
    struct str name = arena_printf(scratch, "%d", (int)strategy);
    struct str pieces[2] = { name, { (const char *)row, used * sizeof(*row) } };
    name = arena_join(scratch, pieces, 2, STR_EMPTY);
    const struct value *result = map_get(&merger->many, name);
    if (!result) {
        struct many many = { merger, scratch, strategy };
        result = fold(&many, row, used);
        map_put(merger->arena, &merger->many, name, (void *)(uintptr_t)result);
    }
    arena_free(scratch);
    return result;
}

const struct value *value_merge_all(struct merger *merger, const struct value *const *items,
        size_t count, enum list_strategy strategy)
{
    const struct value *merged = NULL;
    size_t at = 0;
    for (; at < count && at < PAIRWISE_MAX; at++) {
        merged = value_merge(merger, merged, items[at], strategy);
    }
    /* Each step takes as many as all before it, so that copying stays linear. */
    for (size_t step; at < count; at += step) {
        step = count - at < at ? count - at : at;
        merged = merge_step(merger, merged, items + at, step, strategy);
    }
    return merged;
}
