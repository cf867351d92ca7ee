/* SPDX-License-Identifier: Apache-2.0 */
/* Deep merge: strategies, sharing, memory, and the laws it must obey on random trees. */
#include <string.h>

#include "value_fixture.h"

/* A small notation: {a:1,b:[x,y]}; words are strings, ~ is null. */
static const struct value *parse(struct fixture *fixture, const char **at)
{
    struct arena *arena = fixture->arena;
    if (**at == '{') {
        struct value_builder builder;
        value_builder_init(&builder, arena, MARK_NONE);
        for ((*at)++; **at != '}'; *at += **at == ',') {
            const char *colon = strchr(*at, ':');
            struct str name = { *at, (size_t)(colon - *at) };
            *at = colon + 1;
            value_builder_set(
                    &builder, key_of(fixture->keys, name), parse(fixture, at), MARK_NONE);
        }
        (*at)++;
        return value_builder_map(&builder);
    }
    if (**at == '[') {
        const struct value *items[16];
        size_t count = 0;
        for ((*at)++; **at != ']'; *at += **at == ',') {
            items[count++] = parse(fixture, at);
        }
        (*at)++;
        return value_list_new(arena, items, count, MARK_NONE);
    }
    size_t len = strcspn(*at, ",]}");
    struct str text = { *at, len };
    *at += len;
    return str_eq(text, STR("~")) ? value_null(arena, MARK_NONE)
                                  : value_string_new(arena, text, MARK_NONE);
}

static const struct value *tree(struct fixture *fixture, const char *text)
{
    return parse(fixture, &text);
}

static void test_strategies(void **state)
{
    struct fixture *fixture = *state;

    static const struct {
        const char *earlier;
        const char *later;
        const char *result[3]; /* replace, append, merge */
    } cases[] = {
        { "{a:1}", "{b:2}", { "{a:1,b:2}", "{a:1,b:2}", "{a:1,b:2}" } },
        { "{a:1}", "{a:2}", { "{a:2}", "{a:2}", "{a:2}" } },
        { "{a:1}", "{a:~}", { "{a:~}", "{a:~}", "{a:~}" } },
        { "{a:{b:1}}", "{a:~}", { "{a:~}", "{a:~}", "{a:~}" } },
        { "{a:~}", "{a:{b:1}}", { "{a:{b:1}}", "{a:{b:1}}", "{a:{b:1}}" } },
        { "{a:{b:1}}", "{a:x}", { "{a:x}", "{a:x}", "{a:x}" } },
        { "{a:{b:1}}", "{a:[x]}", { "{a:[x]}", "{a:[x]}", "{a:[x]}" } },
        { "{a:{b:1}}", "{a:{}}", { "{a:{b:1}}", "{a:{b:1}}", "{a:{b:1}}" } },
        { "{a:{b:{c:1,d:2}}}", "{a:{b:{d:3}}}",
                { "{a:{b:{c:1,d:3}}}", "{a:{b:{c:1,d:3}}}", "{a:{b:{c:1,d:3}}}" } },
        { "{l:[1,2,3]}", "{l:[9]}", { "{l:[9]}", "{l:[1,2,3,9]}", "{l:[1,2,3]}" } },
        { "{l:[1]}", "{l:[8,9]}", { "{l:[8,9]}", "{l:[1,8,9]}", "{l:[1,9]}" } },
        { "{m:[{a:1}]}", "{m:[{b:2},7]}",
                { "{m:[{b:2},7]}", "{m:[{a:1},{b:2},7]}", "{m:[{a:1,b:2},7]}" } },
        { "{l:[1]}", "{l:[]}", { "{l:[]}", "{l:[1]}", "{l:[1]}" } },
        { "{l:[{a:[1]}]}", "{l:[{a:[2,3]}]}",
                { "{l:[{a:[2,3]}]}", "{l:[{a:[1]},{a:[2,3]}]}", "{l:[{a:[1,3]}]}" } },
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        for (int strategy = LIST_REPLACE; strategy <= LIST_MERGE; strategy++) {
            const struct value *merged =
                    value_merge(fixture->merger, tree(fixture, cases[i].earlier),
                            tree(fixture, cases[i].later), (enum list_strategy)strategy);
            if (!value_equal(merged, tree(fixture, cases[i].result[strategy]))) {
                fail_msg("case %zu, strategy %d", i, strategy);
            }
        }
    }
}

static void test_absent_sides(void **state)
{
    struct fixture *fixture = *state;
    const struct value *map = tree(fixture, "{a:1}");
    assert_ptr_equal(value_merge(fixture->merger, NULL, map, LIST_REPLACE), map);
    assert_ptr_equal(value_merge(fixture->merger, map, NULL, LIST_REPLACE), map);
    assert_null(value_merge(fixture->merger, NULL, NULL, LIST_REPLACE));
}

static void test_shares_what_does_not_change(void **state)
{
    struct fixture *fixture = *state;
    const struct value *earlier = tree(fixture, "{same:{deep:{x:1}},other:{y:1}}");
    const struct value *later = tree(fixture, "{other:{y:2}}");
    const struct value *merged = value_merge(fixture->merger, earlier, later, LIST_REPLACE);
    assert_ptr_not_equal(merged, earlier);
    assert_ptr_equal(value_get_path(merged, "same"), value_get_path(earlier, "same"));
    assert_ptr_equal(value_get_path(merged, "other"), value_get_path(later, "other"));
    /* The inputs stay as they were. */
    assert_true(value_equal(earlier, tree(fixture, "{same:{deep:{x:1}},other:{y:1}}")));
    assert_true(value_equal(later, tree(fixture, "{other:{y:2}}")));

    const struct value *part = value_get_path(earlier, "same");
    struct value_builder builder;
    value_builder_init(&builder, fixture->arena, MARK_NONE);
    value_builder_set(&builder, key_of(fixture->keys, STR("same")), part, MARK_NONE);
    const struct value *subset = value_builder_map(&builder);
    assert_ptr_equal(value_merge(fixture->merger, earlier, subset, LIST_REPLACE), earlier);
    assert_ptr_equal(value_merge(fixture->merger, subset, earlier, LIST_REPLACE), earlier);
}

static void test_remembers(void **state)
{
    struct fixture *fixture = *state;
    const struct value *earlier = tree(fixture, "{a:{x:1},b:2}");
    const struct value *later = tree(fixture, "{a:{z:1},c:2}");
    const struct value *first = value_merge(fixture->merger, earlier, later, LIST_REPLACE);
    size_t merged = 0;
    size_t remembered = 0;
    merger_counts(fixture->merger, &merged, &remembered);
    assert_int_equal(merged, 2);
    assert_int_equal(remembered, 0);
    assert_ptr_equal(value_merge(fixture->merger, earlier, later, LIST_REPLACE), first);
    merger_counts(fixture->merger, &merged, &remembered);
    assert_int_equal(merged, 2);
    assert_int_equal(remembered, 1);
    /* Another strategy is another merge. */
    assert_ptr_not_equal(value_merge(fixture->merger, earlier, later, LIST_APPEND), first);
}

static void test_many_merges_are_all_remembered(void **state)
{
    struct fixture *fixture = *state;

    enum {
        PAIRS = 5000
    };
    const struct value **results = ARENA_ARRAY(fixture->arena, const struct value *, PAIRS);
    const struct value **sides = ARENA_ARRAY(fixture->arena, const struct value *, PAIRS);
    const struct value *base = tree(fixture, "{a:1}");
    for (size_t i = 0; i < PAIRS; i++) {
        sides[i] = tree(fixture, "{b:2}");
        results[i] = value_merge(fixture->merger, base, sides[i], LIST_REPLACE);
    }
    for (size_t i = 0; i < PAIRS; i++) {
        assert_ptr_equal(
                value_merge(fixture->merger, base, sides[i], LIST_REPLACE), results[i]);
    }
}

static void test_order_and_marks(void **state)
{
    struct fixture *fixture = *state;
    struct mark early = { 1, 2, 3 };
    struct mark late = { 2, 5, 7 };
    const struct key *a = key_of(fixture->keys, STR("a"));
    const struct key *b = key_of(fixture->keys, STR("b"));
    const struct key *c = key_of(fixture->keys, STR("c"));
    struct value_builder builder;
    value_builder_init(&builder, fixture->arena, early);
    value_builder_set(&builder, b, tree(fixture, "1"), early);
    value_builder_set(&builder, a, tree(fixture, "1"), early);
    const struct value *earlier = value_builder_map(&builder);
    value_builder_init(&builder, fixture->arena, late);
    value_builder_set(&builder, c, tree(fixture, "2"), late);
    value_builder_set(&builder, a, tree(fixture, "2"), late);
    const struct value *later = value_builder_map(&builder);

    const struct value *merged = value_merge(fixture->merger, earlier, later, LIST_REPLACE);
    assert_int_equal(value_count(merged), 3);
    assert_ptr_equal(merged->as.map.entries[0].key, b);
    assert_ptr_equal(merged->as.map.entries[1].key, a);
    assert_ptr_equal(merged->as.map.entries[2].key, c);
    assert_int_equal(merged->as.map.entries[0].mark.line, early.line);
    assert_int_equal(merged->as.map.entries[1].mark.line, late.line);
    assert_int_equal(merged->mark.line, late.line);
}

static void test_sensitive_stays_sensitive(void **state)
{
    struct fixture *fixture = *state;
    const struct value *plain = tree(fixture, "{b:1}");
    const struct value *secret =
            value_with_flags(fixture->arena, tree(fixture, "{a:1}"), VALUE_SENSITIVE);
    const struct value *one = value_merge(fixture->merger, plain, secret, LIST_REPLACE);
    const struct value *two = value_merge(fixture->merger, secret, plain, LIST_REPLACE);
    assert_true(one->flags & VALUE_SENSITIVE);
    assert_true(two->flags & VALUE_SENSITIVE);
    assert_false(plain->flags & VALUE_SENSITIVE);
}

static void test_large_maps(void **state)
{
    struct fixture *fixture = *state;
    struct value_builder builders[2];
    for (size_t side = 0; side < 2; side++) {
        value_builder_init(&builders[side], fixture->arena, MARK_NONE);
        for (size_t i = 0; i < 1000; i++) {
            struct str name = arena_printf(fixture->arena, "key%zu", i + side * 500);
            value_builder_set(&builders[side], key_of(fixture->keys, name),
                    value_int_new(fixture->arena, (int64_t)side, MARK_NONE), MARK_NONE);
        }
    }
    const struct value *earlier = value_builder_map(&builders[0]);
    const struct value *later = value_builder_map(&builders[1]);
    const struct value *merged = value_merge(fixture->merger, earlier, later, LIST_REPLACE);
    assert_int_equal(value_count(merged), 1500);
    for (size_t i = 0; i < 1500; i++) {
        int64_t number = -1;
        struct str name = arena_printf(fixture->arena, "key%zu", i);
        assert_true(value_int(value_get_str(merged, name), &number));
        assert_int_equal(number, i < 500 ? 0 : 1);
        assert_ptr_equal(
                value_get(merged, key_find(fixture->keys, name)), value_get_str(merged, name));
    }
}

static uint32_t next_random(uint32_t *seed)
{
    *seed = *seed * 1664525u + 1013904223u;
    return *seed >> 16;
}

static const struct value *random_tree(struct fixture *fixture, uint32_t *seed, unsigned depth)
{
    uint32_t kind = depth == 0 ? 2 : next_random(seed) % 4;
    if (kind == 0) {
        const struct value *items[3];
        size_t count = next_random(seed) % 4;
        for (size_t i = 0; i < count; i++) {
            items[i] = random_tree(fixture, seed, depth - 1);
        }
        return value_list_new(fixture->arena, items, count, MARK_NONE);
    }
    if (kind == 1 || kind == 3) {
        struct value_builder builder;
        value_builder_init(&builder, fixture->arena, MARK_NONE);
        for (size_t count = next_random(seed) % 5; count > 0; count--) {
            char name = (char)('a' + next_random(seed) % 6);
            value_builder_set(&builder, key_of(fixture->keys, (struct str){ &name, 1 }),
                    random_tree(fixture, seed, depth - 1), MARK_NONE);
        }
        return value_builder_map(&builder);
    }
    return value_int_new(fixture->arena, next_random(seed) % 3, MARK_NONE);
}

static void test_laws_on_random_trees(void **state)
{
    struct fixture *fixture = *state;
    struct value_builder builder;
    value_builder_init(&builder, fixture->arena, MARK_NONE);
    const struct value *nothing = value_builder_map(&builder);
    for (uint32_t seed = 1; seed <= 3000; seed++) {
        uint32_t dice = seed;
        const struct value *a = random_tree(fixture, &dice, 4);
        const struct value *b = random_tree(fixture, &dice, 4);
        dice = seed;
        const struct value *a_again = random_tree(fixture, &dice, 4);
        const struct value *b_again = random_tree(fixture, &dice, 4);
        const struct value *ab = value_merge(fixture->merger, a, b, LIST_REPLACE);
        /* Merging what is already in changes nothing. */
        assert_true(value_equal(value_merge(fixture->merger, ab, b, LIST_REPLACE), ab));
        assert_ptr_equal(value_merge(fixture->merger, a, a, LIST_REPLACE), a);
        assert_ptr_equal(value_merge(fixture->merger, a, a, LIST_MERGE), a);
        if (value_is(a, VALUE_MAP)) {
            assert_ptr_equal(value_merge(fixture->merger, a, nothing, LIST_REPLACE), a);
            assert_true(value_equal(value_merge(fixture->merger, nothing, a, LIST_REPLACE), a));
        }
        /* Identity of nodes plays no part in the result. */
        assert_true(
                value_equal(ab, value_merge(fixture->merger, a_again, b_again, LIST_REPLACE)));
        /* The inputs stay as they were. */
        assert_true(value_equal(a, a_again));
        assert_true(value_equal(b, b_again));
    }
}

/* Flags that merging sets, on some of the lists and maps of a tree. */
static const struct value *random_flags(
        struct fixture *fixture, uint32_t *seed, const struct value *value)
{
    uint32_t dice = next_random(seed) % 8;
    if (value_is(value, VALUE_LIST) && dice < 4) {
        return value_with_flags(fixture->arena, value, VALUE_APPEND);
    }
    if (!value_is(value, VALUE_MAP)) {
        return value;
    }
    struct value_builder builder;
    value_builder_init(&builder, fixture->arena, MARK_NONE);
    for (size_t i = 0; i < value_count(value); i++) {
        const struct value_entry *entry = &value->as.map.entries[i];
        value_builder_add(
                &builder, entry->key, random_flags(fixture, seed, entry->value), entry->mark);
    }
    const struct value *map = value_builder_map(&builder);
    return dice ? map : value_with_flags(fixture->arena, map, VALUE_SENSITIVE);
}

/* Equal, with the same order of keys and the same flags. */
static bool is_alike(const struct value *a, const struct value *b)
{
    if (a->kind != b->kind || a->flags != b->flags || value_count(a) != value_count(b)) {
        return false;
    }
    for (size_t i = 0; i < value_count(a); i++) {
        bool is_map = value_is(a, VALUE_MAP);
        if (is_map && a->as.map.entries[i].key != b->as.map.entries[i].key) {
            return false;
        }
        if (!is_alike(is_map ? a->as.map.entries[i].value : value_at(a, i),
                    is_map ? b->as.map.entries[i].value : value_at(b, i))) {
            return false;
        }
    }
    return value_equal(a, b);
}

static void test_a_long_row_is_merged_as_if_two_by_two(void **state)
{
    struct fixture *fixture = *state;
    const struct value *row[200];
    merger_join_marked(fixture->merger);
    for (uint32_t seed = 1; seed <= 150; seed++) {
        uint32_t dice = seed;
        enum list_strategy strategy = (enum list_strategy)(seed % 3);
        size_t count = 60 + next_random(&dice) % 140;
        const struct value *expected = NULL;
        for (size_t i = 0; i < count; i++) {
            row[i] = random_flags(fixture, &dice, random_tree(fixture, &dice, 4));
            row[i] = next_random(&dice) % 9 ? row[i] : NULL;
            expected = value_merge(fixture->merger, expected, row[i], strategy);
        }
        const struct value *merged = value_merge_all(fixture->merger, row, count, strategy);
        assert_true(is_alike(merged, expected));
        assert_ptr_equal(value_merge_all(fixture->merger, row, count, strategy), merged);
    }
    assert_null(value_merge_all(fixture->merger, row, 0, LIST_REPLACE));
}

/* Linear: two by two this would copy 6 GB. */
static void test_a_long_row_is_not_copied_at_each_step(void **state)
{
    enum {
        FILES = 20000
    };

    struct fixture *fixture = *state;
    const struct value **row = ARENA_ARRAY(fixture->arena, const struct value *, FILES);
    for (size_t i = 0; i < FILES; i++) {
        struct value_builder builder;
        value_builder_init(&builder, fixture->arena, MARK_NONE);
        struct str name = arena_printf(fixture->arena, "k%zu", i);
        value_builder_set(&builder, key_of(fixture->keys, name),
                value_int_new(fixture->arena, (int64_t)i, MARK_NONE), MARK_NONE);
        row[i] = value_builder_map(&builder);
    }
    size_t before = arena_size(fixture->arena);
    const struct value *merged = value_merge_all(fixture->merger, row, FILES, LIST_REPLACE);
    assert_int_equal(value_count(merged), FILES);
    assert_true(arena_size(fixture->arena) - before < ((size_t)32 << 20));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_strategies),
        TEST(test_absent_sides),
        TEST(test_shares_what_does_not_change),
        TEST(test_remembers),
        TEST(test_many_merges_are_all_remembered),
        TEST(test_order_and_marks),
        TEST(test_sensitive_stays_sensitive),
        TEST(test_large_maps),
        TEST(test_laws_on_random_trees),
        TEST(test_a_long_row_is_merged_as_if_two_by_two),
        TEST(test_a_long_row_is_not_copied_at_each_step),
    };
    return RUN_TESTS(tests);
}
