/* SPDX-License-Identifier: Apache-2.0 */
/* Deep merge with memory and sharing. */
#include <string.h>

#include "merger.h"

enum {
    FIRST_MEMO_SLOTS = 1024
};

struct merger *merger_new(struct arena *arena)
{
    struct merger *merger = ARENA_NEW(arena, struct merger);
    merger->arena = arena;
    merger->memo_slots = FIRST_MEMO_SLOTS;
    merger->memos = ARENA_ARRAY(arena, struct memo, FIRST_MEMO_SLOTS);
    return merger;
}

void merger_join_marked(struct merger *merger)
{
    merger->joins_marked = true;
}

static struct memo *find_memo(const struct merger *merger, const struct value *earlier,
        const struct value *later, enum list_strategy strategy)
{
    uint64_t hash = (uint64_t)(uintptr_t)earlier * 0x9e3779b97f4a7c15u;
    hash = (hash ^ (uint64_t)(uintptr_t)later ^ strategy) * 0xff51afd7ed558ccdu;
    size_t mask = merger->memo_slots - 1;
    size_t slot = (size_t)(hash ^ (hash >> 32)) & mask;
    for (;; slot = (slot + 1) & mask) {
        struct memo *memo = &merger->memos[slot];
        if (!memo->result || (memo->earlier == earlier && memo->later == later &&
                                     memo->strategy == strategy)) {
            return memo;
        }
    }
}

static void remember(struct merger *merger, const struct value *earlier,
        const struct value *later, enum list_strategy strategy, const struct value *result)
{
    if ((merger->merged + 1) * 4 > merger->memo_slots * 3) {
        const struct memo *old = merger->memos;
        size_t old_slots = merger->memo_slots;
        merger->memo_slots *= 2;
        merger->memos = ARENA_ARRAY(merger->arena, struct memo, merger->memo_slots);
        for (size_t i = 0; i < old_slots; i++) {
            if (old[i].result) {
                *find_memo(merger, old[i].earlier, old[i].later, old[i].strategy) = old[i];
            }
        }
    }
    *find_memo(merger, earlier, later, strategy) = (struct memo){
        .earlier = earlier, .later = later, .result = result, .strategy = strategy
    };
    merger->merged++;
}

/* True when the map holds exactly these keys and values in this order. */
static bool has_entries(
        const struct value *map, const struct value_entry *entries, size_t count)
{
    if (map->as.map.count != count) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        if (map->as.map.entries[i].key != entries[i].key ||
                map->as.map.entries[i].value != entries[i].value) {
            return false;
        }
    }
    return true;
}

static const struct value *merge_maps(struct merger *merger, const struct value *earlier,
        const struct value *later, enum list_strategy strategy)
{
    size_t earlier_count = earlier->as.map.count;
    size_t later_count = later->as.map.count;
    struct value_entry *entries = NULL; /* made when the first difference shows */
    size_t count = earlier_count;
    for (size_t i = 0; i < later_count; i++) {
        const struct value_entry *entry = &later->as.map.entries[i];
        size_t position = map_position(earlier, entry->key);
        const struct value *old =
                position == SIZE_MAX ? NULL : earlier->as.map.entries[position].value;
        const struct value *merged = value_merge(merger, old, entry->value, strategy);
        if (old == merged) {
            continue;
        }
        if (!entries) {
            entries = ARENA_ARRAY(
                    merger->arena, struct value_entry, earlier_count + later_count - i);
            if (earlier_count) {
                memcpy(entries, earlier->as.map.entries, earlier_count * sizeof(*entries));
            }
        }
        struct value_entry *target = old ? &entries[position] : &entries[count++];
        *target =
                (struct value_entry){ .key = entry->key, .value = merged, .mark = entry->mark };
    }
    uint8_t flags = (earlier->flags | later->flags) & VALUE_SENSITIVE;
    if (!entries && flags == earlier->flags) {
        return earlier;
    }
    if (!entries) {
        return value_with_flags(merger->arena, earlier, flags);
    }
    if (flags == later->flags && has_entries(later, entries, count)) {
        return later;
    }
    const uint32_t *slots = count == earlier_count ? earlier->as.map.slots : NULL;
    struct value *result = ARENA_NEW(merger->arena, struct value);
    *result = *later;
    result->flags = flags;
    result->as.map.entries = entries;
    result->as.map.count = count;
    result->as.map.slots = slots ? slots : map_index(merger->arena, entries, count);
    return result;
}

static const struct value *make_list(struct merger *merger, const struct value *earlier,
        const struct value *later, const struct value *const *items, size_t count)
{
    struct value *result = ARENA_NEW(merger->arena, struct value);
    *result = *later;
    result->flags = ((earlier->flags | later->flags) & VALUE_SENSITIVE) |
                    (earlier->flags & later->flags & VALUE_APPEND);
    result->as.list.items = items;
    result->as.list.count = count;
    return result;
}

static const struct value *append_lists(
        struct merger *merger, const struct value *earlier, const struct value *later)
{
    size_t first = earlier->as.list.count;
    size_t second = later->as.list.count;
    const struct value **items =
            ARENA_ARRAY(merger->arena, const struct value *, first + second);
    for (size_t i = 0; i < first; i++) {
        items[i] = earlier->as.list.items[i];
    }
    for (size_t i = 0; i < second; i++) {
        items[first + i] = later->as.list.items[i];
    }
    return make_list(merger, earlier, later, items, first + second);
}

/* Index by index: maps are merged, of anything else the earlier element stays. */
static const struct value *zip_lists(
        struct merger *merger, const struct value *earlier, const struct value *later)
{
    size_t first = earlier->as.list.count;
    size_t second = later->as.list.count;
    size_t count = first > second ? first : second;
    const struct value **items = ARENA_ARRAY(merger->arena, const struct value *, count);
    bool is_earlier = count == first;
    bool is_later = count == second;
    for (size_t i = 0; i < count; i++) {
        const struct value *a = value_at(earlier, i);
        const struct value *b = value_at(later, i);
        if (value_is(a, VALUE_MAP) && value_is(b, VALUE_MAP)) {
            items[i] = value_merge(merger, a, b, LIST_MERGE);
        } else {
            items[i] = a ? a : b;
        }
        is_earlier = is_earlier && items[i] == a;
        is_later = is_later && items[i] == b;
    }
    if (is_earlier || is_later) {
        return is_earlier ? earlier : later;
    }
    return make_list(merger, earlier, later, items, count);
}

/* True when nothing of `earlier` survives, or it is the result as it stands. */
static bool is_replaced(
        const struct value *earlier, const struct value *later, enum list_strategy strategy)
{
    if (earlier->kind != later->kind || value_is_scalar(later)) {
        return true;
    }
    return later->kind == VALUE_LIST && strategy == LIST_REPLACE;
}

const struct value *value_merge(struct merger *merger, const struct value *earlier,
        const struct value *later, enum list_strategy strategy)
{
    if (!earlier || !later) {
        return earlier ? earlier : later;
    }
    bool is_joined = merger->joins_marked && (later->flags & VALUE_APPEND) &&
                     earlier->kind == VALUE_LIST && later->kind == VALUE_LIST;
    if (is_joined) {
        strategy = LIST_APPEND;
    }
    if (is_replaced(earlier, later, strategy)) {
        return later;
    }
    if (!is_joined && (value_count(later) == 0 || value_count(earlier) == 0)) {
        return value_count(later) == 0 ? earlier : later;
    }
    /* Not so for `append`, where a list merged with itself doubles. */
    if (earlier == later && strategy != LIST_APPEND) {
        return earlier;
    }
    const struct memo *memo = find_memo(merger, earlier, later, strategy);
    if (memo->result) {
        merger->remembered++;
        return memo->result;
    }
    const struct value *result = NULL;
    if (later->kind == VALUE_MAP) {
        result = merge_maps(merger, earlier, later, strategy);
    } else if (strategy == LIST_APPEND) {
        result = append_lists(merger, earlier, later);
    } else {
        result = zip_lists(merger, earlier, later);
    }
    remember(merger, earlier, later, strategy, result);
    return result;
}

void merger_counts(const struct merger *merger, size_t *ret_merged, size_t *ret_remembered)
{
    *ret_merged = merger->merged;
    *ret_remembered = merger->remembered;
}
