/* SPDX-License-Identifier: Apache-2.0 */
/* The end of a YAML map: duplicate keys, merge keys. */
#include <string.h>

#include "yaml_reader.h"

static int duplicate_error(struct reader *reader, const struct value_entry *entries,
        size_t count, size_t duplicate)
{
    size_t first = 0;
    while (first < count && entries[first].key != entries[duplicate].key) {
        first++;
    }
    struct str name = entries[duplicate].key->text;
    struct diag *diag = diag_add(reader->input->diags, &value_diags[YAML_DUPLICATE_KEY],
            entries[duplicate].mark, "the key \"%.*s\" is already defined in line %u",
            STR_ARG(name), entries[first].mark.line);
    diag->span = (uint32_t)str_count_code_points(name);
    diag_relate(reader->input->diags, entries[first].mark, STR("first defined here"));
    return ERR_PARSE;
}

static int merge_error(struct reader *reader, struct mark mark)
{
    diag_add(reader->input->diags, &value_diags[YAML_BAD_MERGE], mark,
            "the value of the merge key \"<<\" must be a map or a list of maps");
    return ERR_PARSE;
}

/* Keys that are there already win, so earlier maps of a list win over later ones. */
static void merge_map(struct value_builder *builder, const struct value *source)
{
    for (size_t i = 0; i < value_count(source); i++) {
        const struct value_entry *entry = &source->as.map.entries[i];
        if (!value_builder_has(builder, entry->key)) {
            value_builder_add(builder, entry->key, entry->value, entry->mark);
        }
    }
}

static int finish_with_merge(struct reader *reader, const struct frame *frame,
        const struct value_entry *entries, size_t count, const struct value **ret_map)
{
    const struct value *source = frame->merge;
    struct value_builder builder;
    value_builder_init(&builder, reader->input->arena, frame->mark);
    for (size_t i = 0; i < count; i++) {
        value_builder_add(&builder, entries[i].key, entries[i].value, entries[i].mark);
    }
    if (value_is(source, VALUE_MAP)) {
        merge_map(&builder, source);
    } else if (value_is(source, VALUE_LIST)) {
        for (size_t i = 0; i < value_count(source); i++) {
            const struct value *item = value_at(source, i);
            if (!value_is(item, VALUE_MAP)) {
                return merge_error(reader, item->mark);
            }
            merge_map(&builder, item);
        }
    } else {
        return merge_error(reader, source->mark);
    }
    *ret_map = value_builder_map(&builder);
    return 0;
}

/* The map as it is written, without what a merge key adds. */
static int finish_plain(struct reader *reader, const struct frame *frame,
        const struct value_entry *entries, size_t count, const struct value **ret_map)
{
    struct arena *arena = reader->input->arena;
    size_t duplicate = SIZE_MAX;
    const uint32_t *slots = map_index_checked(arena, entries, count, &duplicate);
    if (duplicate != SIZE_MAX) {
        return duplicate_error(reader, entries, count, duplicate);
    }
    const struct value_entry *kept = arena_copy(arena, entries, count * sizeof(*entries));
    *ret_map = map_new(arena, kept, count, slots, frame->mark);
    return frame->splits.count ? yaml_map_split(reader, frame, ret_map) : 0;
}

int yaml_map_finish(
        struct reader *reader, const struct frame *frame, const struct value **ret_map)
{
    const struct value_entry *entries = reader->entries.items + frame->first;
    size_t count = reader->entries.count - frame->first;
    const struct value *map = NULL;
    int err = finish_plain(reader, frame, entries, count, &map);
    if (err == 0 && frame->has_merge) {
        /* NOLINTNEXTLINE(clang-analyzer-core.NullDereference): finish_plain made it */
        err = finish_with_merge(reader, frame, map->as.map.entries, value_count(map), &map);
    }
    if (err == 0) {
        *ret_map = map;
    }
    return err;
}
