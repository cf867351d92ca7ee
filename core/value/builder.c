/* SPDX-License-Identifier: Apache-2.0 */
/* Making nodes. */
#include <string.h>

#include "node.h"

const struct value *map_new(struct arena *arena, const struct value_entry *entries,
        size_t count, const uint32_t *slots, struct mark mark)
{
    struct value *value = ARENA_NEW(arena, struct value);
    value->kind = VALUE_MAP;
    value->mark = mark;
    value->as.map.entries = entries;
    value->as.map.count = count;
    value->as.map.slots = slots ? slots : map_index(arena, entries, count);
    return value;
}

const struct value *scalar_new(struct arena *arena, enum value_kind kind, struct str text,
        struct mark mark, uint8_t flags)
{
    struct value *value = ARENA_NEW(arena, struct value);
    value->kind = (uint8_t)kind;
    value->flags = flags;
    value->mark = mark;
    value->as.text = text;
    return value;
}

const struct value *list_new(
        struct arena *arena, const struct value *const *items, size_t count, struct mark mark)
{
    struct value *value = ARENA_NEW(arena, struct value);
    value->kind = VALUE_LIST;
    value->mark = mark;
    value->as.list.items = items;
    value->as.list.count = count;
    return value;
}

const struct value *value_null(struct arena *arena, struct mark mark)
{
    return scalar_new(arena, VALUE_NULL, STR_EMPTY, mark, 0);
}

const struct value *value_bool_new(struct arena *arena, bool truth, struct mark mark)
{
    return scalar_new(arena, VALUE_BOOL, truth ? STR("true") : STR("false"), mark, 0);
}

const struct value *value_int_new(struct arena *arena, int64_t number, struct mark mark)
{
    struct str text = arena_printf(arena, "%lld", (long long)number);
    return scalar_new(arena, VALUE_INT, text, mark, 0);
}

const struct value *value_scalar_new(
        struct arena *arena, enum value_kind kind, struct str text, struct mark mark)
{
    ENSURE(kind == VALUE_INT || kind == VALUE_FLOAT || kind == VALUE_STRING);
    return scalar_new(arena, kind, arena_dup(arena, text), mark, 0);
}

const struct value *value_string_new(struct arena *arena, struct str text, struct mark mark)
{
    return scalar_new(arena, VALUE_STRING, arena_dup(arena, text), mark, 0);
}

const struct value *value_string_view(struct arena *arena, struct str text, struct mark mark)
{
    return scalar_new(arena, VALUE_STRING, text, mark, 0);
}

void value_builder_init(struct value_builder *builder, struct arena *arena, struct mark mark)
{
    *builder = (struct value_builder){ .arena = arena, .mark = mark };
}

void value_builder_reserve(struct value_builder *builder, size_t count)
{
    ENSURE(builder->entries.count == 0);
    builder->entries.items = ARENA_ARRAY(builder->arena, struct value_entry, count);
    builder->entries.cap = count;
}

static void index_entry(struct value_builder *builder, size_t position)
{
    size_t mask = builder->slot_count - 1;
    size_t slot = (size_t)builder->entries.items[position].key->hash & mask;
    while (builder->slots[slot] != 0) {
        slot = (slot + 1) & mask;
    }
    builder->slots[slot] = (uint32_t)(position + 1);
}

/* Brings the index up to the entries, for builders large enough to need one. Adding alone does not
 * pay for it. */
static void index_entries(struct value_builder *builder)
{
    size_t count = builder->entries.count;
    if (count < MAP_INDEX_MIN || builder->indexed == count) {
        return;
    }
    ENSURE(count < UINT32_MAX / 2);
    if (builder->slot_count < count * 2) {
        builder->slot_count = map_slot_count(count) * 2;
        builder->slots = ARENA_ARRAY(builder->arena, uint32_t, builder->slot_count);
        builder->indexed = 0;
    }
    for (; builder->indexed < count; builder->indexed++) {
        index_entry(builder, builder->indexed);
    }
}

static size_t find_entry(struct value_builder *builder, const struct key *key)
{
    index_entries(builder);
    if (!builder->slots) {
        for (size_t i = 0; i < builder->entries.count; i++) {
            if (builder->entries.items[i].key == key) {
                return i;
            }
        }
        return SIZE_MAX;
    }
    size_t mask = builder->slot_count - 1;
    size_t slot = (size_t)key->hash & mask;
    for (; builder->slots[slot] != 0; slot = (slot + 1) & mask) {
        if (builder->entries.items[builder->slots[slot] - 1].key == key) {
            return builder->slots[slot] - 1;
        }
    }
    return SIZE_MAX;
}

bool value_builder_has(struct value_builder *builder, const struct key *key)
{
    return find_entry(builder, key) != SIZE_MAX;
}

void value_builder_add(struct value_builder *builder, const struct key *key,
        const struct value *value, struct mark mark)
{
    VEC_PUSH(builder->arena, &builder->entries,
            (struct value_entry){ .key = key, .value = value, .mark = mark });
}

void value_builder_set(struct value_builder *builder, const struct key *key,
        const struct value *value, struct mark mark)
{
    size_t position = find_entry(builder, key);
    if (position == SIZE_MAX) {
        value_builder_add(builder, key, value, mark);
        return;
    }
    builder->entries.items[position].value = value;
    builder->entries.items[position].mark = mark;
}

const struct value *value_builder_map(struct value_builder *builder)
{
    const struct value *map = map_new(builder->arena, builder->entries.items,
            builder->entries.count, NULL, builder->mark);
    value_builder_init(builder, builder->arena, builder->mark);
    return map;
}

const struct value *value_builder_map_once(struct value_builder *builder)
{
    struct value *map = ARENA_NEW(builder->arena, struct value);
    map->kind = VALUE_MAP;
    map->flags = VALUE_ONCE;
    map->mark = builder->mark;
    map->as.map.entries = builder->entries.items;
    map->as.map.count = builder->entries.count;
    value_builder_init(builder, builder->arena, builder->mark);
    return map;
}

const struct value *value_list_new(
        struct arena *arena, const struct value *const *items, size_t count, struct mark mark)
{
    const struct value **copy = ARENA_ARRAY(arena, const struct value *, count);
    for (size_t i = 0; i < count; i++) {
        copy[i] = items[i];
    }
    return list_new(arena, copy, count, mark);
}

const struct value *value_with_flags(
        struct arena *arena, const struct value *value, uint8_t flags)
{
    struct value *copy = arena_copy(arena, value, sizeof(*value));
    copy->flags = flags;
    return copy;
}

const struct value *value_with_mark(
        struct arena *arena, const struct value *value, struct mark mark)
{
    struct value *copy = arena_copy(arena, value, sizeof(*value));
    copy->mark = mark;
    return copy;
}

const struct value *value_with(struct arena *arena, const struct value *map,
        const struct key *key, const struct value *value)
{
    ENSURE(value_is(map, VALUE_MAP));
    size_t count = map->as.map.count;
    size_t position = map_position(map, key);
    bool is_new = position == SIZE_MAX;
    struct value_entry *entries = ARENA_ARRAY(arena, struct value_entry, count + is_new);
    if (count) {
        memcpy(entries, map->as.map.entries, count * sizeof(*entries));
    }
    if (is_new) {
        entries[count] = (struct value_entry){ .key = key, .mark = value->mark };
        position = count;
    }
    entries[position].value = value;
    const uint32_t *slots = is_new ? NULL : map->as.map.slots;
    struct value *copy = arena_copy(arena, map, sizeof(*map));
    copy->as.map.entries = entries;
    copy->as.map.count = count + is_new;
    copy->as.map.slots = slots ? slots : map_index(arena, entries, copy->as.map.count);
    return copy;
}

const struct value *value_without(
        struct arena *arena, const struct value *map, const struct key *key)
{
    if (!value_is(map, VALUE_MAP)) {
        return map;
    }
    size_t count = map->as.map.count;
    size_t position = map_position(map, key);
    if (position == SIZE_MAX) {
        return map;
    }
    struct value_entry *entries = ARENA_ARRAY(arena, struct value_entry, count - 1);
    const struct value_entry *old = map->as.map.entries;
    if (position) {
        memcpy(entries, old, position * sizeof(*entries));
    }
    if (position + 1 < count) {
        memcpy(entries + position, old + position + 1,
                (count - position - 1) * sizeof(*entries));
    }
    struct value *copy = arena_copy(arena, map, sizeof(*map));
    copy->as.map.entries = entries;
    copy->as.map.count = count - 1;
    copy->as.map.slots = map_index(arena, entries, count - 1);
    return copy;
}
