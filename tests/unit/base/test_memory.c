/* SPDX-License-Identifier: Apache-2.0 */
/* Arena, buffer, vector and map. */
#include <string.h>

#include "check.h"

#ifdef __SANITIZE_ADDRESS__
#include <sanitizer/asan_interface.h>
#endif

/* What is handed out again is zero, and one block of memory stays. */
static void test_arena_reset(void **state)
{
    (void)state;
    struct arena *arena = arena_new();
    arena_reset(arena);
    for (int round = 0; round < 3; round++) {
        for (int i = 0; i < 1000; i++) {
            char *bytes = arena_alloc(arena, 100);
            for (int k = 0; k < 100; k++) {
                assert_int_equal(bytes[k], 0);
            }
            memset(bytes, 'x', 100);
        }
        size_t full = arena_size(arena);
        arena_reset(arena);
        assert_in_range(arena_size(arena), 1, round == 0 ? full - 1 : full);
    }
    arena_free(arena);
}

static void test_arena_gives_zeroed_aligned_memory(void **state)
{
    (void)state;
    struct arena *arena = arena_new();
    for (size_t size = 1; size < 300000; size = size * 3 + 1) {
        unsigned char *memory = arena_alloc(arena, size);
        assert_int_equal((uintptr_t)memory % _Alignof(max_align_t), 0);
        for (size_t i = 0; i < size; i++) {
            assert_int_equal(memory[i], 0);
        }
        memset(memory, 0xaa, size);
    }
    assert_true(arena_size(arena) > 300000);
    arena_free(arena);
}

static void test_arena_texts_end_with_nul(void **state)
{
    (void)state;
    struct arena *arena = arena_new();
    struct str pieces[] = { STR("a"), STR(""), STR("c") };
    struct str text = arena_join(arena, pieces, 3, STR(", "));
    assert_str(text, "a, , c");
    assert_int_equal(strlen(text.ptr), text.len);
    text = arena_printf(arena, "%d-%s", 42, "x");
    assert_str(text, "42-x");
    assert_int_equal(strlen(arena_dup(arena, str_sub(STR("abcdef"), 1, 3)).ptr), 2);
    arena_free(arena);
}

static void test_buf_keeps_its_maximum(void **state)
{
    (void)state;
    struct buf buf = BUF_INIT(5);
    buf_add(&buf, STR("abc"));
    buf_add(&buf, STR("def"));
    assert_true(buf.is_full);
    assert_str(buf_str(&buf), "abc");
    buf_add(&buf, STR("d")); /* sticky: nothing is added after something was lost */
    assert_str(buf_str(&buf), "abc");
    buf_reset(&buf);
    buf_addf(&buf, "%d", 12345);
    assert_false(buf.is_full);
    assert_str(buf_str(&buf), "12345");
    buf_clear(&buf);
    assert_int_equal(buf.max, 5);
    assert_null(buf.ptr);
}

static void test_vec_grows(void **state)
{
    (void)state;
    struct arena *arena = arena_new();
    VEC(int) numbers = { 0 };
    for (int i = 0; i < 1000; i++) {
        VEC_PUSH(arena, &numbers, i * 2);
    }
    assert_int_equal(numbers.count, 1000);
    for (int i = 0; i < 1000; i++) {
        assert_int_equal(numbers.items[i], i * 2);
    }
    arena_free(arena);
}

static void test_map_keeps_order_and_finds(void **state)
{
    (void)state;
    struct arena *arena = arena_new();
    struct map map = { 0 };
    static int values[5000];
    assert_null(map_get(&map, STR("none")));
    for (int i = 0; i < 5000; i++) {
        struct str key = arena_printf(arena, "key-%d", (i * 7919) % 5000);
        assert_null(map_put(arena, &map, key, &values[i]));
    }
    assert_int_equal(map.count, 5000);
    for (int i = 0; i < 5000; i++) {
        struct str key = arena_printf(arena, "key-%d", (i * 7919) % 5000);
        assert_true(str_eq(map.entries[i].key, key));
        assert_ptr_equal(map_get(&map, key), &values[i]);
    }
    assert_ptr_equal(map_put(arena, &map, STR("key-0"), &values[1]), &values[0]);
    assert_int_equal(map.count, 5000);
    assert_false(map_has(&map, STR("key-5000")));
    arena_free(arena);
}

#ifdef __SANITIZE_ADDRESS__
/* Memory that is not handed out cannot be touched. */
static void test_what_is_not_handed_out_is_forbidden(void **state)
{
    (void)state;
    struct arena *arena = arena_new();
    char *first = arena_alloc(arena, 24);
    char *second = arena_alloc(arena, 24);
    assert_false(__asan_address_is_poisoned(first + 23));
    assert_true(__asan_address_is_poisoned(first + 24));
    assert_true(first + 24 < second);
    arena_reset(arena);
    assert_true(__asan_address_is_poisoned(first));
    assert_ptr_equal(arena_alloc(arena, 1), first);
    assert_false(__asan_address_is_poisoned(first));
    assert_true(__asan_address_is_poisoned(first + 1));
    arena_free(arena);
}
#endif

int main(void)
{
    const struct CMUnitTest tests[] = {
#ifdef __SANITIZE_ADDRESS__
        cmocka_unit_test(test_what_is_not_handed_out_is_forbidden),
#endif
        cmocka_unit_test(test_arena_reset),
        cmocka_unit_test(test_arena_gives_zeroed_aligned_memory),
        cmocka_unit_test(test_arena_texts_end_with_nul),
        cmocka_unit_test(test_buf_keeps_its_maximum),
        cmocka_unit_test(test_vec_grows),
        cmocka_unit_test(test_map_keeps_order_and_finds),
    };
    return RUN_TESTS(tests);
}
