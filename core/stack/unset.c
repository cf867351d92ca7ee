/* SPDX-License-Identifier: Apache-2.0 */
/* `!unset`: the key or item it stands at is taken out when all layers are merged. */
#include "stack_internal.h"

/* Quoted or not, as with every function. */
bool value_is_unset(const struct value *value)
{
    struct str text = value_string(value);
    return !(value->flags & VALUE_SHIELDED) && str_starts_with(text, STR("!unset")) &&
           (text.len == 6 || text.ptr[6] == ' ');
}

static const struct value *strip_list(struct resolver *r, const struct value *list)
{
    struct arena *arena = r->run->arena;
    VEC(const struct value *) items = { 0 };
    bool is_same = true;
    for (size_t i = 0; i < value_count(list); i++) {
        const struct value *item = value_at(list, i);
        if (value_is_unset(item)) {
            is_same = false;
            continue;
        }
        const struct value *left = value_unset(r, item);
        is_same = is_same && left == item;
        VEC_PUSH(arena, &items, left);
    }
    if (is_same) {
        return list;
    }
    return value_with_flags(
            arena, value_list_new(arena, items.items, items.count, list->mark), list->flags);
}

static const struct value *strip_map(struct resolver *r, const struct value *map)
{
    struct value_builder builder;
    bool is_same = true;
    value_builder_init(&builder, r->run->arena, map->mark);
    for (size_t i = 0; i < value_count(map); i++) {
        const struct value_entry *entry = &map->as.map.entries[i];
        if (value_is_unset(entry->value)) {
            is_same = false;
            continue;
        }
        const struct value *left = value_unset(r, entry->value);
        is_same = is_same && left == entry->value;
        value_builder_add(&builder, entry->key, left, entry->mark);
    }
    return is_same ? map
                   : value_with_flags(r->run->arena, value_builder_map(&builder), map->flags);
}

/* Nodes are shared among instances: each is stripped once and what is left is shared too. */
const struct value *value_unset(struct resolver *r, const struct value *value)
{
    if (!value || value_is_scalar(value) || value_count(value) == 0 ||
            config_keeps_function(r->config, STR("unset"))) {
        return value;
    }
    uintptr_t address = (uintptr_t)value;
    struct str name = { (const char *)&address, sizeof(address) };
    const struct value **left = map_get(&r->unset, name);
    if (!left) {
        left = ARENA_NEW(r->run->arena, const struct value *);
        *left = value_is(value, VALUE_MAP) ? strip_map(r, value) : strip_list(r, value);
        map_put(r->run->arena, &r->unset, name, left);
    }
    return *left;
}
