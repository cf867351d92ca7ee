/* SPDX-License-Identifier: Apache-2.0 */
/* An insertion-ordered map from text to pointer, on an arena. */
#ifndef TFATMOS_BASE_MAP_H
#define TFATMOS_BASE_MAP_H

#include "arena.h"
#include "str_hash.h"

struct map_entry {
    struct str key; /* lives as long as the map's arena */
    void *value;
};

/* Entries stay in the order of their first insertion; nothing is ever removed. */
struct map {
    struct map_entry *entries;
    size_t count;
    size_t cap;
    uint32_t *slots; /* open addressing: index + 1, 0 is free; NULL while small */
    size_t slot_count;
    struct hash_seed seed; /* of the process, unless a test has set another one */
};

/* NULL when absent. */
void *map_get(const struct map *map, struct str key);
bool map_has(const struct map *map, struct str key);
/* Sets or replaces; the key is copied into the arena when it is new. Returns the previous value. */
void *map_put(struct arena *arena, struct map *map, struct str key, void *value);

#endif
