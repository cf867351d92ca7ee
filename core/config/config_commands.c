/* SPDX-License-Identifier: Apache-2.0 */
/* Lists of custom commands: merged by name, names of several words as commands in commands. */
#include <string.h>

#include "config_internal.h"

/* Deeper lists of commands are left as they are. */
enum {
    MAX_WORDS = 32
};

static const struct value *merge_level(
        struct run *run, const struct value *earlier, const struct value *later, size_t depth);

static struct str name_of(const struct value *command)
{
    return value_string(value_get_str(command, STR("name")));
}

/* `later` over `earlier`: its keys win whole, the commands below are merged again. */
static const struct value *merge_one(
        struct run *run, const struct value *earlier, const struct value *later, size_t depth)
{
    const struct key *key = key_of(run->keys, STR("commands"));
    const struct value *below = value_get(earlier, key);
    const struct value *above = value_get(later, key);
    if (!value_is(below, VALUE_LIST)) {
        return later;
    }
    if (!value_is(above, VALUE_LIST)) {
        return value_with(run->arena, later, key, below);
    }
    return value_with(run->arena, later, key, merge_level(run, below, above, depth + 1));
}

static const struct value *merge_level(
        struct run *run, const struct value *earlier, const struct value *later, size_t depth)
{
    VEC(const struct value *) items = { 0 };
    struct map places = { 0 };
    if (depth > MAX_WORDS) {
        return later;
    }
    const struct value *const lists[] = { earlier, later };
    for (size_t k = 0; k < 2; k++) {
        for (size_t i = 0; i < value_count(lists[k]); i++) {
            const struct value *item = value_at(lists[k], i);
            struct str name = name_of(item);
            size_t *place = name.len ? map_get(&places, name) : NULL;
            if (place) {
                /* NOLINTNEXTLINE(clang-analyzer-core.NullDereference): places are those of items */
                items.items[*place] = merge_one(run, items.items[*place], item, depth);
                continue;
            }
            if (name.len) {
                place = ARENA_NEW(run->arena, size_t);
                *place = items.count;
                map_put(run->arena, &places, name, place);
            }
            VEC_PUSH(run->arena, &items, item);
        }
    }
    return value_list_new(run->arena, items.items, items.count, later->mark);
}

const struct value *config_commands_merge(
        struct run *run, const struct value *earlier, const struct value *later)
{
    return merge_level(run, earlier, later, 0);
}

/* "a b c" is the command c in the command b in the command a. */
static const struct value *expand_one(struct run *run, const struct value *command)
{
    const struct key *name_key = key_of(run->keys, STR("name"));
    const struct key *list_key = key_of(run->keys, STR("commands"));
    const struct value *name = value_get(command, name_key);
    struct str words[MAX_WORDS];
    size_t count = 0;
    struct str rest = value_string(name);
    struct str word;
    bool more = rest.len > 0;
    while (str_split(&rest, &more, ' ', &word)) {
        if (word.len && count == MAX_WORDS) {
            return command;
        }
        if (word.len) {
            words[count++] = word;
        }
    }
    if (count < 2) {
        return command;
    }
    const struct value *inner = value_with(run->arena, command, name_key,
            value_string_new(run->arena, words[count - 1], name->mark));
    for (size_t i = count - 1; i-- > 0;) {
        struct value_builder builder;
        value_builder_init(&builder, run->arena, command->mark);
        value_builder_add(&builder, name_key,
                value_string_new(run->arena, words[i], name->mark), name->mark);
        value_builder_add(&builder, list_key,
                value_list_new(run->arena, &inner, 1, command->mark), command->mark);
        inner = value_builder_map(&builder);
    }
    return inner;
}

const struct value *config_commands_expand(struct run *run, const struct value *root)
{
    const struct key *key = key_of(run->keys, STR("commands"));
    const struct value *list = value_get(root, key);
    if (!value_is(list, VALUE_LIST)) {
        return root;
    }
    size_t count = value_count(list);
    const struct value **items = ARENA_ARRAY(run->arena, const struct value *, count);
    for (size_t i = 0; i < count; i++) {
        items[i] = expand_one(run, value_at(list, i));
    }
    list = value_list_new(run->arena, items, count, list->mark);
    /* Two names with the same first word meet here. */
    const struct value *none = value_list_new(run->arena, NULL, 0, list->mark);
    return value_with(run->arena, root, key, merge_level(run, none, list, 0));
}
