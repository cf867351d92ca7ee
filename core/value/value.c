/* SPDX-License-Identifier: Apache-2.0 */
/* Reading the tree: kinds, members, scalars. */
#include "value.h"

#include "node.h"
#include "number.h"

bool value_is(const struct value *value, enum value_kind kind)
{
    return value && value->kind == kind;
}

bool value_is_scalar(const struct value *value)
{
    return value && value->kind != VALUE_LIST && value->kind != VALUE_MAP;
}

size_t value_count(const struct value *value)
{
    if (value_is(value, VALUE_LIST)) {
        return value->as.list.count;
    }
    return value_is(value, VALUE_MAP) ? value->as.map.count : 0;
}

const struct value *value_at(const struct value *list, size_t index)
{
    if (!value_is(list, VALUE_LIST) || index >= list->as.list.count) {
        return NULL;
    }
    return list->as.list.items[index];
}

size_t map_slot_count(size_t count)
{
    size_t slots = 32;
    while (slots < count * 2) {
        slots *= 2;
    }
    return slots;
}

const uint32_t *map_index_checked(struct arena *arena, const struct value_entry *entries,
        size_t count, size_t *ret_duplicate)
{
    if (count < MAP_INDEX_MIN) {
        for (size_t i = 1; i < count; i++) {
            for (size_t k = 0; k < i; k++) {
                if (entries[k].key == entries[i].key) {
                    *ret_duplicate = i;
                    return NULL;
                }
            }
        }
        return NULL;
    }
    ENSURE(count < UINT32_MAX / 2);
    size_t mask = map_slot_count(count) - 1;
    uint32_t *slots = ARENA_ARRAY(arena, uint32_t, mask + 1);
    for (size_t i = 0; i < count; i++) {
        size_t slot = (size_t)entries[i].key->hash & mask;
        for (; slots[slot] != 0; slot = (slot + 1) & mask) {
            if (entries[slots[slot] - 1].key == entries[i].key) {
                *ret_duplicate = i;
                return NULL;
            }
        }
        slots[slot] = (uint32_t)(i + 1);
    }
    return slots;
}

const uint32_t *map_index(struct arena *arena, const struct value_entry *entries, size_t count)
{
    size_t duplicate = SIZE_MAX;
    const uint32_t *slots =
            count < MAP_INDEX_MIN ? NULL : map_index_checked(arena, entries, count, &duplicate);
    ENSURE(duplicate == SIZE_MAX);
    return slots;
}

size_t map_position(const struct value *map, const struct key *key)
{
    const struct value_entry *entries = map->as.map.entries;
    size_t count = map->as.map.count;
    if (!map->as.map.slots) {
        for (size_t i = 0; i < count; i++) {
            if (entries[i].key == key) {
                return i;
            }
        }
        return SIZE_MAX;
    }
    size_t mask = map_slot_count(count) - 1;
    size_t slot = (size_t)key->hash & mask;
    for (; map->as.map.slots[slot] != 0; slot = (slot + 1) & mask) {
        size_t position = map->as.map.slots[slot] - 1;
        if (entries[position].key == key) {
            return position;
        }
    }
    return SIZE_MAX;
}

const struct value_entry *value_entry_get(const struct value *map, const struct key *key)
{
    if (!value_is(map, VALUE_MAP) || !key) {
        return NULL;
    }
    size_t position = map_position(map, key);
    return position == SIZE_MAX ? NULL : &map->as.map.entries[position];
}

const struct value *value_get(const struct value *map, const struct key *key)
{
    const struct value_entry *entry = value_entry_get(map, key);
    return entry ? entry->value : NULL;
}

const struct value_entry *value_entry_get_str(const struct value *map, struct str key)
{
    if (!value_is(map, VALUE_MAP)) {
        return NULL;
    }
    const struct value_entry *entries = map->as.map.entries;
    size_t count = map->as.map.count;
    if (!map->as.map.slots) {
        for (size_t i = 0; i < count; i++) {
            if (str_eq(entries[i].key->text, key)) {
                return &entries[i];
            }
        }
        return NULL;
    }
    uint64_t hash = str_hash(key, entries[0].key->seed);
    size_t mask = map_slot_count(count) - 1;
    size_t slot = (size_t)hash & mask;
    for (; map->as.map.slots[slot] != 0; slot = (slot + 1) & mask) {
        const struct value_entry *entry = &entries[map->as.map.slots[slot] - 1];
        if (entry->key->hash == hash && str_eq(entry->key->text, key)) {
            return entry;
        }
    }
    return NULL;
}

const struct value *value_get_str(const struct value *map, struct str key)
{
    const struct value_entry *entry = value_entry_get_str(map, key);
    return entry ? entry->value : NULL;
}

const struct value *value_get_path(const struct value *map, const char *path)
{
    struct str rest = str_from(path);
    struct str step;
    bool has_more = true;
    while (map && str_split(&rest, &has_more, '.', &step)) {
        map = value_get_str(map, step);
    }
    return map;
}

struct str value_text(const struct value *value)
{
    if (!value_is_scalar(value) || value->kind == VALUE_NULL) {
        return STR_EMPTY;
    }
    if (value->kind == VALUE_BOOL) {
        return value_bool(value, false) ? STR("true") : STR("false");
    }
    return value->as.text;
}

struct str value_string(const struct value *value)
{
    return value_is(value, VALUE_STRING) ? value->as.text : STR_EMPTY;
}

bool value_bool(const struct value *value, bool otherwise)
{
    if (!value_is(value, VALUE_BOOL)) {
        return otherwise;
    }
    return value->as.text.ptr[0] == 't' || value->as.text.ptr[0] == 'T';
}

bool value_int(const struct value *value, int64_t *ret_number)
{
    struct integer integer;
    if (!value_is(value, VALUE_INT) || !integer_read(value->as.text, &integer)) {
        return false;
    }
    uint64_t limit = (uint64_t)INT64_MAX + (integer.is_negative ? 1u : 0u);
    if (integer.magnitude > limit) {
        return false;
    }
    *ret_number =
            integer.is_negative ? (int64_t)(0 - integer.magnitude) : (int64_t)integer.magnitude;
    return true;
}

bool value_float(const struct value *value, double *ret_number)
{
    struct integer integer;
    if (value_is(value, VALUE_INT) && integer_read(value->as.text, &integer)) {
        double magnitude = (double)integer.magnitude;
        *ret_number = integer.is_negative ? -magnitude : magnitude;
        return true;
    }
    if (!value_is(value, VALUE_INT) && !value_is(value, VALUE_FLOAT)) {
        return false;
    }
    return decimal_read(value->as.text, ret_number);
}

bool value_is_empty(const struct value *value)
{
    return value && !value_is_scalar(value) && value_count(value) == 0;
}

bool value_has_sensitive(const struct value *value)
{
    if (!value || (value->flags & VALUE_SENSITIVE) != 0) {
        return value != NULL;
    }
    for (size_t i = 0; i < value_count(value); i++) {
        const struct value *part = value_is(value, VALUE_MAP) ? value->as.map.entries[i].value
                                                              : value_at(value, i);
        if (value_has_sensitive(part)) {
            return true;
        }
    }
    return false;
}
