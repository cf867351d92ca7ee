/* SPDX-License-Identifier: Apache-2.0 */
/* The glob dialect: matching, validity, finding files. */
#include <sys/stat.h>
#include <unistd.h>

#include "check.h"

struct match_case {
    const char *pattern;
    const char *path;
    bool is_match;
};

static const struct match_case match_cases[] = {
    { "a/b.yaml", "a/b.yaml", true },
    { "a/*.yaml", "a/b.yaml", true },
    { "a/*.yaml", "a/b/c.yaml", false },
    { "a/*", "a/.hidden", true },
    { "a/**/*", "a/b", true },
    { "a/**/*", "a/b/c/d", true },
    { "a/**/*", "a", false },
    { "**/_defaults.yaml", "_defaults.yaml", true },
    { "**/_defaults.yaml", "x/y/_defaults.yaml", true },
    { "a/**/b/**/c", "a/b/c", true },
    { "a/**/b/**/c", "a/x/b/y/z/c", true },
    { "a/**/b/**/c", "a/x/c", false },
    { "a/**", "a/b/c", true },
    { "a/**", "a", true },
    { "a/b**", "a/bcd", true },
    { "a/b**", "a/bc/d", false },
    { "?.yaml", "a.yaml", true },
    { "?.yaml", "ab.yaml", false },
    { "[a-c]x", "bx", true },
    { "[a-c]x", "dx", false },
    { "[^a-c]x", "dx", true },
    { "[!a]x", "ax", false },
    { "[]a]x", "]x", true },
    { "{dev,prod}.yaml", "prod.yaml", true },
    { "{dev,prod}.yaml", "test.yaml", false },
    { "a/{b,c/{d,e}}/f", "a/c/e/f", true },
    { "a/{b,c/{d,e}}/f", "a/c/f", false },
    { "x{,.y}", "x", true },
    { "\\*", "*", true },
    { "\\*", "a", false },
    { "*", "", true },
    { "a*b*c", "aXbYc", true },
    { "a*b*c", "aXbYcZ", false },
    { "[a", "[a", false },
};

static void test_match(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(match_cases) / sizeof(match_cases[0]); i++) {
        const struct match_case *c = &match_cases[i];
        if (glob_match(str_from(c->pattern), str_from(c->path)) != c->is_match) {
            fail_msg("%s against %s", c->pattern, c->path);
        }
    }
}

static void test_valid(void **state)
{
    (void)state;
    assert_true(glob_is_valid(STR("a/**/[a-z]{b,c}")));
    assert_false(glob_is_valid(STR("a[b")));
    assert_false(glob_is_valid(STR("{a,b")));
    assert_false(glob_is_valid(STR("a\\")));
    /* 2^10 alternatives are over the cap instead of eating memory. */
    assert_false(glob_is_valid(STR("{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}")));
    assert_true(glob_has_magic(STR("a*")));
    assert_false(glob_has_magic(STR("a\\*")));
}

static void test_hostile_patterns_are_cheap(void **state)
{
    (void)state;
    struct buf pattern = BUF_INIT(1 << 20);
    struct buf path = BUF_INIT(1 << 20);
    for (int i = 0; i < 2000; i++) {
        buf_add(&pattern, STR("*a"));
        buf_add(&path, STR("aa"));
    }
    buf_add(&pattern, STR("b"));
    assert_false(glob_match(buf_str(&pattern), buf_str(&path)));
    buf_reset(&pattern);
    buf_reset(&path);
    for (int i = 0; i < 1000; i++) {
        buf_add(&pattern, STR("**/a/"));
        buf_add(&path, STR("a/a/"));
    }
    buf_add(&pattern, STR("b"));
    assert_false(glob_match(buf_str(&pattern), buf_str(&path)));
    buf_clear(&pattern);
    buf_clear(&path);
}

static void test_find(void **state)
{
    (void)state;
    struct arena *arena = arena_new();
    struct str folder = scratch_folder(arena);
    static const char *const names[] = { "orgs/b.yaml", "orgs/a/z.yaml", "orgs/a/a.yaml",
        "orgs/.dot.yaml", "orgs/a/note.txt", "other/x.yaml" };
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        (void)scratch_file(arena, folder, names[i], "x");
    }
    /* A loop of links must end. */
    struct str link = path_join(arena, folder, STR("orgs/a/loop"));
    struct str target = path_join(arena, folder, STR("orgs"));
    assert_int_equal(symlink(target.ptr, link.ptr), 0);

    struct str *paths = NULL;
    size_t count = 0;
    struct str pattern = path_join(arena, folder, STR("orgs/**/*.yaml"));
    assert_int_equal(glob_find(arena, pattern, 100, &paths, &count), 0);
    static const char *const expected[] = { "orgs/.dot.yaml", "orgs/b.yaml", "orgs/a/a.yaml",
        "orgs/a/z.yaml" };
    assert_int_equal(count, 4);
    for (size_t i = 0; i < count; i++) {
        assert_str(path_relative(arena, folder, paths[i]), expected[i]);
    }
    assert_int_equal(glob_find(arena, pattern, 3, &paths, &count), ERR_LIMIT);
    assert_int_equal(glob_find(arena, STR("/x/[a"), 3, &paths, &count), ERR_INVALID);
    pattern = path_join(arena, folder, STR("{orgs,other}/*.yaml"));
    assert_int_equal(glob_find(arena, pattern, 100, &paths, &count), 0);
    assert_int_equal(count, 3);
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_match),
        cmocka_unit_test(test_valid),
        cmocka_unit_test(test_hostile_patterns_are_cheap),
        cmocka_unit_test(test_find),
    };
    return RUN_TESTS(tests);
}
