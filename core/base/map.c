/* SPDX-License-Identifier: Apache-2.0 */
/* An insertion-ordered map from text to pointer. */
#include "map.h"

#include "vec.h"

enum {
    SMALL = 8 /* up to here a scan beats a table */
};

/* The slot of the key, or the free slot where it belongs. */
static uint32_t *find_slot(const struct map *map, struct str key)
{
    size_t mask = map->slot_count - 1;
    size_t at = (size_t)str_hash(key, &map->seed) & mask;
    while (map->slots[at] != 0 && !str_eq(map->entries[map->slots[at] - 1].key, key)) {
        at = (at + 1) & mask;
    }
    return &map->slots[at];
}

static struct map_entry *find_entry(const struct map *map, struct str key)
{
    if (map->slots) {
        uint32_t slot = *find_slot(map, key);
        return slot ? &map->entries[slot - 1] : NULL;
    }
    for (size_t i = 0; i < map->count; i++) {
        if (str_eq(map->entries[i].key, key)) {
            return &map->entries[i];
        }
    }
    return NULL;
}

void *map_get(const struct map *map, struct str key)
{
    const struct map_entry *entry = find_entry(map, key);
    return entry ? entry->value : NULL;
}

bool map_has(const struct map *map, struct str key)
{
    return find_entry(map, key) != NULL;
}

static void rebuild_slots(struct arena *arena, struct map *map)
{
    if (map->seed.first == 0 && map->seed.second == 0) {
        map->seed = hash_seed_of_process();
    }
    map->slot_count = map->slot_count ? map->slot_count * 2 : SMALL * 4;
    map->slots = ARENA_ARRAY(arena, uint32_t, map->slot_count);
    for (size_t i = 0; i < map->count; i++) {
        *find_slot(map, map->entries[i].key) = (uint32_t)i + 1;
    }
}

void *map_put(struct arena *arena, struct map *map, struct str key, void *value)
{
    struct map_entry *entry = find_entry(map, key);
    if (entry) {
        void *previous = entry->value;
        entry->value = value;
        return previous;
    }
    if (map->count == map->cap) {
        map->entries = vec_grow(arena, map->entries, &map->cap, sizeof(*map->entries));
    }
    /* NOLINTNEXTLINE(clang-analyzer-core.NullDereference): no entries have no room */
    map->entries[map->count++] = (struct map_entry){ arena_dup(arena, key), value };
    if (map->slots && map->count * 2 <= map->slot_count) {
        *find_slot(map, key) = (uint32_t)map->count;
    } else if (map->count > SMALL) {
        rebuild_slots(arena, map);
    }
    return NULL;
}
