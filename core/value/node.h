/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of value/ share about the inside of nodes: the key index of maps, making nodes. */
#ifndef TFATMOS_VALUE_NODE_H
#define TFATMOS_VALUE_NODE_H

#include "value.h"

enum {
    MAP_INDEX_MIN = 12 /* maps with fewer entries are searched one by one */
};

/* Number of slots of an index over `count` entries: a power of two, at most half full. */
size_t map_slot_count(size_t count);
/* Builds the index of entries whose keys differ; NULL for few entries. */
const uint32_t *map_index(struct arena *arena, const struct value_entry *entries, size_t count);
/* Same for entries whose keys may repeat: *ret_duplicate is the position of the first entry whose key
 * came before, left alone when there is none. Looks at few entries too. */
const uint32_t *map_index_checked(struct arena *arena, const struct value_entry *entries,
        size_t count, size_t *ret_duplicate);
/* Position of a key, SIZE_MAX when absent. */
size_t map_position(const struct value *map, const struct key *key);

/* A map over entries that already live in the arena and have different keys. */
const struct value *map_new(struct arena *arena, const struct value_entry *entries,
        size_t count, const uint32_t *slots, struct mark mark);
/* A scalar whose text already lives in the arena. */
const struct value *scalar_new(struct arena *arena, enum value_kind kind, struct str text,
        struct mark mark, uint8_t flags);
/* A list over items that already live in the arena. */
const struct value *list_new(
        struct arena *arena, const struct value *const *items, size_t count, struct mark mark);

/* True when the builder holds the key already. */
bool value_builder_has(struct value_builder *builder, const struct key *key);

#endif
