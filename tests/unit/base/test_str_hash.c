/* SPDX-License-Identifier: Apache-2.0 */
/* The hash of texts: whoever does not know the seed cannot make keys fall together. */
#include <stdio.h>
#include <string.h>

#include "check.h"

enum {
    SLOTS = 4096,
    KEYS = 1000,
    KEY_SIZE = 16
};

static const struct hash_seed seeds[] = {
    { 0x243f6a8885a308d3u, 0x13198a2e03707344u },
    { 0xa4093822299f31d0u, 0x082efa98ec4e6c89u },
    { 0x452821e638d01377u, 0xbe5466cf34e90c6cu },
};

enum {
    SEEDS = sizeof(seeds) / sizeof(seeds[0])
};

struct key_list {
    char texts[KEYS][KEY_SIZE];
};

typedef uint64_t (*hash_fn)(struct str s, const struct hash_seed *seed);

/* FNV-1a with a final mix: good, and the same everywhere. */
static uint64_t hash_without_seed(struct str s, const struct hash_seed *seed)
{
    (void)seed;
    uint64_t hash = 0xcbf29ce484222325u;
    for (size_t i = 0; i < s.len; i++) {
        hash = (hash ^ (unsigned char)s.ptr[i]) * 0x100000001b3u;
    }
    hash ^= hash >> 32;
    hash *= 0x9e3779b97f4a7c15u;
    return hash ^ (hash >> 29);
}

/* What an attacker does who knows the function: keys that all want the first slot. */
static void collide(struct key_list *list, hash_fn hash, const struct hash_seed *seed)
{
    size_t found = 0;
    for (unsigned number = 0; found < KEYS; number++) {
        (void)snprintf(list->texts[found], KEY_SIZE, "key-%u", number);
        found += hash(str_from(list->texts[found]), seed) % SLOTS == 0;
    }
}

/* Most keys in one slot, and in *ret_used the number of slots that are taken. */
static unsigned crowd(
        const struct key_list *list, const struct hash_seed *seed, unsigned *ret_used)
{
    static unsigned counts[SLOTS];
    unsigned most = 0;
    *ret_used = 0;
    memset(counts, 0, sizeof(counts));
    for (size_t i = 0; i < KEYS; i++) {
        unsigned *count = &counts[str_hash(str_from(list->texts[i]), seed) % SLOTS];
        *ret_used += *count == 0;
        *count += 1;
        most = *count > most ? *count : most;
    }
    return most;
}

/* 1000 keys thrown into 4096 slots by chance take 887 of them. */
static void expect_spread(const struct key_list *list, const struct hash_seed *seed)
{
    unsigned used = 0;
    assert_true(crowd(list, seed, &used) < 10);
    assert_in_range(used, 850, 925);
}

static void test_keys_made_for_a_hash_without_seed_are_spread(void **state)
{
    (void)state;
    static struct key_list list;
    collide(&list, hash_without_seed, NULL);
    for (size_t i = 0; i < SEEDS; i++) {
        expect_spread(&list, &seeds[i]);
    }
}

static void test_keys_made_for_one_seed_are_spread_under_another(void **state)
{
    (void)state;
    static struct key_list list;
    unsigned used = 0;
    for (size_t i = 0; i < SEEDS; i++) {
        collide(&list, str_hash, &seeds[i]);
        assert_int_equal(crowd(&list, &seeds[i], &used), KEYS);
        assert_int_equal(used, 1);
        expect_spread(&list, &seeds[(i + 1) % SEEDS]);
    }
}

/* A factor that a text can make zero would swallow the other. */
static void test_no_word_swallows_another(void **state)
{
    (void)state;
    for (size_t word = 0; word < 4; word++) {
        uint64_t seen[256];
        for (size_t i = 0; i < 256; i++) {
            char text[32];
            memset(text, 0, sizeof(text));
            memset(text + word * 8, (int)i, 8);
            seen[i] = str_hash((struct str){ text, sizeof(text) }, &seeds[0]);
            for (size_t k = 0; k < i; k++) {
                assert_int_not_equal(seen[k], seen[i]);
            }
        }
    }
}

static void test_each_byte_and_the_length_count(void **state)
{
    (void)state;
    char buffer[128];
    uint64_t lengths[66];
    for (size_t length = 0; length <= 65; length++) {
        memset(buffer, 'a', sizeof(buffer));
        /* Where it lies and what stands behind it does not count. */
        buffer[length] = '?';
        uint64_t hash = str_hash((struct str){ buffer, length }, &seeds[0]);
        memset(buffer, 'a', sizeof(buffer));
        assert_int_equal(str_hash((struct str){ buffer + 3, length }, &seeds[0]), hash);
        assert_int_not_equal(str_hash((struct str){ buffer, length }, &seeds[1]), hash);
        lengths[length] = hash;
        for (size_t i = 0; i < length; i++) {
            assert_int_not_equal(lengths[i], hash);
            for (unsigned bit = 0; bit < 8; bit++) {
                buffer[i] = (char)('a' ^ 1 << bit);
                assert_int_not_equal(str_hash((struct str){ buffer, length }, &seeds[0]), hash);
            }
            buffer[i] = 'a';
        }
    }
    assert_int_equal(str_hash(STR_EMPTY, &seeds[0]), lengths[0]);
}

static void test_the_process_has_one_seed(void **state)
{
    (void)state;
    struct hash_seed one = hash_seed_of_process();
    struct hash_seed two = hash_seed_of_process();
    assert_memory_equal(&one, &two, sizeof(one));
    assert_int_not_equal(one.first, one.second);
}

static void test_maps_keep_their_order_under_each_seed(void **state)
{
    (void)state;
    struct arena *arena = arena_new();
    struct map maps[SEEDS];
    for (size_t m = 0; m < SEEDS; m++) {
        maps[m] = (struct map){ .seed = seeds[m] };
        for (int i = 0; i < 3000; i++) {
            struct str key = arena_printf(arena, "%d", i * 7919 % 1000);
            assert_true(map_has(&maps[m], key) == (i >= 1000));
            (void)map_put(arena, &maps[m], key, arena);
        }
        assert_int_equal(maps[m].count, 1000);
        assert_memory_equal(&maps[m].seed, &seeds[m], sizeof(seeds[m]));
        for (size_t i = 0; i < 1000; i++) {
            assert_true(str_eq(maps[m].entries[i].key, maps[0].entries[i].key));
        }
    }
    assert_memory_not_equal(
            maps[0].slots, maps[1].slots, maps[0].slot_count * sizeof(*maps[0].slots));
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_keys_made_for_a_hash_without_seed_are_spread),
        cmocka_unit_test(test_keys_made_for_one_seed_are_spread_under_another),
        cmocka_unit_test(test_no_word_swallows_another),
        cmocka_unit_test(test_each_byte_and_the_length_count),
        cmocka_unit_test(test_the_process_has_one_seed),
        cmocka_unit_test(test_maps_keep_their_order_under_each_seed),
    };
    return RUN_TESTS(tests);
}
