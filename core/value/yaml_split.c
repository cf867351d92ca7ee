/* SPDX-License-Identifier: Apache-2.0 */
/* Keys that a delimiter splits: "a.b: 1" and "a.c: 2" become one map "a" with "b" and "c". */
#include <string.h>

#include "yaml_reader.h"

/* A value on its way down: what is left of its key, and what it is. */
struct part {
    struct str rest; /* empty: it has arrived */
    bool is_split; /* the delimiter counts in `rest` */
    const struct value *value;
    struct mark mark; /* of the key */
};

VEC_TYPE(parts, struct part);

/* All that goes to one key of a map. */
struct group {
    struct parts parts;
    struct mark mark;
};

/* Position of the delimiter, or -1. A key with an empty piece is not split. */
static ptrdiff_t cut(const struct reader *reader, struct str text)
{
    return str_find_str(text, reader->input->key_delimiter);
}

size_t yaml_key_pieces(const struct reader *reader, struct str text)
{
    struct str delimiter = reader->input->key_delimiter;
    size_t count = 1;
    if (delimiter.len == 0) {
        return count;
    }
    for (ptrdiff_t at = cut(reader, text); at >= 0; at = cut(reader, text)) {
        if (at == 0) {
            return 1;
        }
        text = str_from_index(text, (size_t)at + delimiter.len);
        count++;
    }
    return text.len ? count : 1;
}

static void put(struct reader *reader, struct map *groups, struct part part)
{
    ptrdiff_t at = part.is_split ? cut(reader, part.rest) : -1;
    struct str first = at < 0 ? part.rest : str_sub(part.rest, 0, (size_t)at);
    part.rest =
            at < 0 ? STR_EMPTY
                   : str_from_index(part.rest, (size_t)at + reader->input->key_delimiter.len);
    struct group *group = map_get(groups, first);
    if (!group) {
        group = ARENA_NEW(reader->scratch, struct group);
        group->mark = part.mark;
        map_put(reader->scratch, groups, first, group);
    }
    VEC_PUSH(reader->scratch, &group->parts, part);
}

static int say_clash(struct reader *reader, struct str key, const struct part *first,
        const struct part *second)
{
    diag_add(reader->input->diags, &value_diags[YAML_KEY_CLASH], second->mark,
            "\"%.*s\" is set in line %u too, and only maps can be joined", STR_ARG(key),
            first->mark.line);
    diag_relate(reader->input->diags, first->mark, STR("first set here"));
    return ERR_PARSE;
}

static int build(struct reader *reader, const struct map *groups, struct mark mark,
        const struct value **ret_map);

static int build_group(struct reader *reader, struct str key, const struct group *group,
        const struct value **ret_value)
{
    const struct part *parts = group->parts.items;
    size_t count = group->parts.count;
    if (count == 1 && parts[0].rest.len == 0) {
        *ret_value = parts[0].value;
        return 0;
    }
    struct map below = { 0 };
    for (size_t i = 0; i < count; i++) {
        if (parts[i].rest.len) {
            put(reader, &below, parts[i]);
            continue;
        }
        if (!value_is(parts[i].value, VALUE_MAP)) {
            return say_clash(reader, key, &parts[0], &parts[i ? i : 1]);
        }
        for (size_t j = 0; j < value_count(parts[i].value); j++) {
            const struct value_entry *entry = &parts[i].value->as.map.entries[j];
            put(reader, &below,
                    (struct part){ entry->key->text, false, entry->value, entry->mark });
        }
    }
    return build(reader, &below, group->mark, ret_value);
}

/* As deep as keys may be split, which the reader's limit on nesting bounds. */
static int build(struct reader *reader, const struct map *groups, struct mark mark,
        const struct value **ret_map)
{
    struct value_builder builder;
    value_builder_init(&builder, reader->input->arena, mark);
    for (size_t i = 0; i < groups->count; i++) {
        const struct group *group = groups->entries[i].value;
        const struct value *value = NULL;
        int err = build_group(reader, groups->entries[i].key, group, &value);
        if (err) {
            return err;
        }
        value_builder_add(&builder, key_of(reader->input->keys, groups->entries[i].key), value,
                group->mark);
    }
    *ret_map = value_builder_map(&builder);
    return 0;
}

int yaml_map_split(struct reader *reader, const struct frame *frame, const struct value **map)
{
    const struct value *whole = *map;
    struct map groups = { 0 };
    size_t next = 0;
    for (size_t i = 0; i < value_count(whole); i++) {
        const struct value_entry *entry = &whole->as.map.entries[i];
        bool is_split = next < frame->splits.count && frame->splits.items[next] == i;
        next += is_split;
        put(reader, &groups,
                (struct part){ entry->key->text, is_split, entry->value, entry->mark });
    }
    return build(reader, &groups, frame->mark, map);
}
