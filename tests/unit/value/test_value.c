/* SPDX-License-Identifier: Apache-2.0 */
/* Keys, reading, building, numbers and equality. */
#include <math.h>

#include "value_fixture.h"

static void test_keys_are_interned(void **state)
{
    struct arena *arena = ((struct fixture *)*state)->arena;
    struct keys *keys = keys_new(arena);
    assert_null(key_find(keys, STR("a")));
    const struct key *a = key_of(keys, STR("a"));
    assert_ptr_equal(key_of(keys, STR("a")), a);
    assert_ptr_not_equal(key_of(keys, STR("b")), a);
    assert_ptr_not_equal(key_of(keys, STR("")), a);
    for (size_t i = 0; i < 2000; i++) {
        key_of(keys, arena_printf(arena, "k%zu", i));
    }
    assert_ptr_equal(key_find(keys, STR("a")), a);
    for (size_t i = 0; i < 2000; i++) {
        struct str name = arena_printf(arena, "k%zu", i);
        assert_true(str_eq(key_find(keys, name)->text, name));
    }
    assert_null(key_find(keys, STR("k2000")));
}

static void test_absent_reads_as_nothing(void **state)
{
    struct arena *arena = ((struct fixture *)*state)->arena;
    int64_t number = 7;
    const struct value *text = value_string_new(arena, STR("x"), MARK_NONE);
    assert_false(value_is(NULL, VALUE_NULL));
    assert_false(value_is_scalar(NULL));
    assert_int_equal(value_count(NULL), 0);
    assert_int_equal(value_count(text), 0);
    assert_null(value_at(NULL, 0));
    assert_null(value_at(text, 0));
    assert_null(value_get_str(text, STR("a")));
    assert_null(value_get(text, NULL));
    assert_null(value_get_path(NULL, "a.b"));
    assert_int_equal(value_text(NULL).len, 0);
    assert_true(value_bool(NULL, true));
    assert_false(value_bool(text, false));
    assert_false(value_int(text, &number));
    assert_int_equal(number, 7);
    assert_false(value_is_empty(NULL));
    assert_false(value_is_empty(text));
}

static void test_building(void **state)
{
    struct arena *arena = ((struct fixture *)*state)->arena;
    struct keys *keys = keys_new(arena);
    const struct key *a = key_of(keys, STR("a"));
    const struct key *b = key_of(keys, STR("b"));
    struct value_builder builder;
    value_builder_init(&builder, arena, (struct mark){ 1, 2, 3 });
    assert_true(value_is_empty(value_builder_map(&builder)));
    value_builder_set(&builder, a, value_int_new(arena, 1, MARK_NONE), MARK_NONE);
    value_builder_set(&builder, b, value_bool_new(arena, true, MARK_NONE), MARK_NONE);
    value_builder_set(&builder, a, value_null(arena, MARK_NONE), MARK_NONE);
    const struct value *map = value_builder_map(&builder);
    assert_int_equal(value_count(map), 2);
    assert_int_equal(map->mark.line, 2);
    assert_ptr_equal(map->as.map.entries[0].key, a);
    assert_true(value_is(value_get(map, a), VALUE_NULL));
    assert_true(value_bool(value_get(map, b), false));
    assert_int_equal(value_count(value_builder_map(&builder)), 0);

    const struct value *longer = value_with(arena, map, key_of(keys, STR("c")), map);
    assert_int_equal(value_count(longer), 3);
    assert_int_equal(value_count(map), 2);
    assert_true(value_is(value_get_path(longer, "c.a"), VALUE_NULL));
    assert_ptr_equal(value_get_path(longer, "c.b"), value_get(map, b));
    const struct value *shorter = value_without(arena, longer, a);
    assert_int_equal(value_count(shorter), 2);
    assert_null(value_get(shorter, a));
    assert_ptr_equal(value_without(arena, shorter, a), shorter);
    const struct value *same = value_with(arena, shorter, b, value_null(arena, MARK_NONE));
    assert_int_equal(value_count(same), 2);
    assert_true(value_is(value_get(same, b), VALUE_NULL));
}

static void test_builder_replaces_in_large_maps(void **state)
{
    struct arena *arena = ((struct fixture *)*state)->arena;
    struct keys *keys = keys_new(arena);
    struct value_builder builder;
    value_builder_init(&builder, arena, MARK_NONE);
    for (int round = 0; round < 2; round++) {
        for (size_t i = 0; i < 300; i++) {
            value_builder_set(&builder, key_of(keys, arena_printf(arena, "%zu", i)),
                    value_int_new(arena, round, MARK_NONE), MARK_NONE);
        }
    }
    const struct value *map = value_builder_map(&builder);
    assert_int_equal(value_count(map), 300);
    for (size_t i = 0; i < 300; i++) {
        int64_t number = 0;
        assert_true(value_int(value_get_str(map, arena_printf(arena, "%zu", i)), &number));
        assert_int_equal(number, 1);
    }
    for (size_t i = 0; i < 300; i++) {
        map = value_without(arena, map, key_find(keys, arena_printf(arena, "%zu", i)));
        assert_int_equal(value_count(map), 299 - i);
    }
}

static void test_integers(void **state)
{
    struct arena *arena = ((struct fixture *)*state)->arena;

    static const struct {
        const char *text;
        bool fits;
        int64_t number;
    } cases[] = {
        { "0", true, 0 },
        { "-0", true, 0 },
        { "+7", true, 7 },
        { "-5", true, -5 },
        { "0777", true, 511 },
        { "-0777", true, -511 },
        { "0o17", true, 15 },
        { "0xFF", true, 255 },
        { "-0x1f", true, -31 },
        { "0b101", true, 5 },
        { "1_000_000", true, 1000000 },
        { "9223372036854775807", true, INT64_MAX },
        { "-9223372036854775808", true, INT64_MIN },
        { "9223372036854775808", false, 0 },
        { "-9223372036854775809", false, 0 },
        { "18446744073709551616", false, 0 },
        { "089", false, 0 },
        { "0x", false, 0 },
        { "", false, 0 },
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const struct value *value =
                value_scalar_new(arena, VALUE_INT, str_from(cases[i].text), MARK_NONE);
        int64_t number = -77;
        if (value_int(value, &number) != cases[i].fits) {
            fail_msg("%s", cases[i].text);
        }
        assert_int_equal(number, cases[i].fits ? cases[i].number : -77);
    }
}

static void test_floats(void **state)
{
    struct arena *arena = ((struct fixture *)*state)->arena;

    static const struct {
        const char *text;
        double number;
    } cases[] = {
        { "1.0", 1.0 },
        { "1e3", 1000 },
        { ".5", 0.5 },
        { "5.", 5 },
        { "089", 89 },
        { "1_000.5", 1000.5 },
        { "-1e-7", -1e-7 },
        { ".inf", (double)INFINITY },
        { "-.INF", -(double)INFINITY },
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        double number = -77;
        assert_true(value_float(
                value_scalar_new(arena, VALUE_FLOAT, str_from(cases[i].text), MARK_NONE),
                &number));
        if (number < cases[i].number || number > cases[i].number) {
            fail_msg("%s", cases[i].text);
        }
    }
    static const char *const bad[] = { "", ".", "e5", "1e", "0x10", "inf", "nan", "1e400",
        "1.2.3", " 1" };
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        double number = -77;
        if (value_float(value_scalar_new(arena, VALUE_FLOAT, str_from(bad[i]), MARK_NONE),
                    &number)) {
            fail_msg("%s", bad[i]);
        }
    }
}

static void test_equality(void **state)
{
    struct arena *arena = ((struct fixture *)*state)->arena;

    static const struct {
        enum value_kind kinds[2];
        const char *texts[2];
        bool is_equal;
    } cases[] = {
        { { VALUE_INT, VALUE_INT }, { "16", "0x10" }, true },
        { { VALUE_INT, VALUE_INT }, { "-0", "0" }, true },
        { { VALUE_INT, VALUE_INT }, { "1", "-1" }, false },
        { { VALUE_INT, VALUE_INT },
                { "99999999999999999999999", "+99_999_999_999_999_999_999_999" }, true },
        { { VALUE_INT, VALUE_INT }, { "99999999999999999999999", "99999999999999999999998" },
                false },
        { { VALUE_INT, VALUE_FLOAT }, { "1", "1.0" }, false },
        { { VALUE_FLOAT, VALUE_FLOAT }, { "1.0", "1.00" }, true },
        { { VALUE_FLOAT, VALUE_FLOAT }, { ".nan", ".NaN" }, true },
        { { VALUE_FLOAT, VALUE_FLOAT }, { "1.5", "2.5" }, false },
        { { VALUE_STRING, VALUE_STRING }, { "1", "1" }, true },
        { { VALUE_STRING, VALUE_INT }, { "1", "1" }, false },
        { { VALUE_STRING, VALUE_STRING }, { "a", "A" }, false },
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const struct value *values[2];
        for (size_t side = 0; side < 2; side++) {
            values[side] = value_scalar_new(arena, cases[i].kinds[side],
                    str_from(cases[i].texts[side]), (struct mark){ (uint32_t)side, 1, 1 });
        }
        if (value_equal(values[0], values[1]) != cases[i].is_equal ||
                value_equal(values[1], values[0]) != cases[i].is_equal) {
            fail_msg("case %zu", i);
        }
    }
    assert_true(value_equal(NULL, NULL));
    assert_false(value_equal(value_null(arena, MARK_NONE), NULL));
}

static void test_equality_of_maps_ignores_order_and_table(void **state)
{
    struct arena *arena = ((struct fixture *)*state)->arena;
    struct keys *tables[2] = { keys_new(arena),
        keys_new_seeded(arena, (struct hash_seed){ 1, 2 }) };
    const struct value *maps[2];
    for (size_t side = 0; side < 2; side++) {
        struct value_builder builder;
        value_builder_init(&builder, arena, MARK_NONE);
        for (size_t i = 0; i < 20; i++) {
            size_t number = side == 0 ? i : 19 - i;
            value_builder_set(&builder,
                    key_of(tables[side], arena_printf(arena, "%zu", number)),
                    value_int_new(arena, (int64_t)number, MARK_NONE), MARK_NONE);
        }
        maps[side] = value_builder_map(&builder);
    }
    assert_true(value_equal(maps[0], maps[1]));
    const struct value *changed = value_with(
            arena, maps[1], key_of(tables[1], STR("3")), value_int_new(arena, 4, MARK_NONE));
    assert_false(value_equal(maps[0], changed));
    const struct value *other = value_without(arena, maps[1], key_of(tables[1], STR("3")));
    other = value_with(arena, other, key_of(tables[1], STR("x")), value_null(arena, MARK_NONE));
    assert_false(value_equal(maps[0], other));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_keys_are_interned),
        TEST(test_absent_reads_as_nothing),
        TEST(test_building),
        TEST(test_builder_replaces_in_large_maps),
        TEST(test_integers),
        TEST(test_floats),
        TEST(test_equality),
        TEST(test_equality_of_maps_ignores_order_and_table),
    };
    return RUN_TESTS(tests);
}
