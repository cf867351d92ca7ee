/* SPDX-License-Identifier: Apache-2.0 */
/* The table of interned map keys. */
#include <string.h>

#include "value.h"

struct keys {
    struct arena *arena;
    const struct key **slots; /* open addressing, NULL is free */
    size_t slot_count; /* a power of two */
    size_t count;
    struct hash_seed seed;
};

enum {
    FIRST_SLOT_COUNT = 256
};

struct keys *keys_new(struct arena *arena)
{
    return keys_new_seeded(arena, hash_seed_of_process());
}

struct keys *keys_new_seeded(struct arena *arena, struct hash_seed seed)
{
    struct keys *keys = ARENA_NEW(arena, struct keys);
    keys->arena = arena;
    keys->seed = seed;
    keys->slot_count = FIRST_SLOT_COUNT;
    keys->slots = ARENA_ARRAY(arena, const struct key *, FIRST_SLOT_COUNT);
    return keys;
}

/* The slot of the text: taken by its key, or free. */
static size_t find_slot(const struct keys *keys, struct str text, uint64_t hash)
{
    size_t mask = keys->slot_count - 1;
    size_t slot = (size_t)hash & mask;
    for (;;) {
        const struct key *key = keys->slots[slot];
        if (!key || (key->hash == hash && str_eq(key->text, text))) {
            return slot;
        }
        slot = (slot + 1) & mask;
    }
}

static void grow(struct keys *keys)
{
    const struct key **old = keys->slots;
    size_t old_count = keys->slot_count;
    keys->slot_count = old_count * 2;
    keys->slots = ARENA_ARRAY(keys->arena, const struct key *, keys->slot_count);
    for (size_t i = 0; i < old_count; i++) {
        if (old[i]) {
            keys->slots[find_slot(keys, old[i]->text, old[i]->hash)] = old[i];
        }
    }
}

const struct key *key_of(struct keys *keys, struct str text)
{
    uint64_t hash = str_hash(text, &keys->seed);
    size_t slot = find_slot(keys, text, hash);
    if (keys->slots[slot]) {
        return keys->slots[slot];
    }
    if ((keys->count + 1) * 4 > keys->slot_count * 3) {
        grow(keys);
        slot = find_slot(keys, text, hash);
    }
    struct key *key = ARENA_NEW(keys->arena, struct key);
    key->text = arena_dup(keys->arena, text);
    key->hash = hash;
    key->seed = &keys->seed;
    for (size_t i = 0; i < sizeof(key->prefix); i++) {
        key->prefix = key->prefix << 8 | (i < text.len ? (unsigned char)text.ptr[i] : 0u);
    }
    key->serial = keys->count++;
    keys->slots[slot] = key;
    return key;
}

const struct key *key_find(const struct keys *keys, struct str text)
{
    return keys->slots[find_slot(keys, text, str_hash(text, &keys->seed))];
}
