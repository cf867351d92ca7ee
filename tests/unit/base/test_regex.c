/* SPDX-License-Identifier: Apache-2.0 */
/* Regular expressions: what matches, what does not, what is refused, and that nothing takes long. */
#include <string.h>

#include "check.h"

static int set_up(void **state)
{
    *state = arena_new();
    return 0;
}

static int tear_down(void **state)
{
    arena_free(*state);
    return 0;
}

static void test_matches(void **state)
{
    static const struct {
        const char *pattern;
        const char *yes[4];
        const char *no[4];
    } cases[] = {
        { "", { "", "x" }, { NULL } },
        { "b", { "b", "abc" }, { "", "a" } },
        { "^b", { "b", "bc" }, { "ab" } },
        { "b$", { "b", "ab" }, { "ba", "b\n" } },
        { "^a*$", { "", "aaa" }, { "ab" } },
        { "^a+b?$", { "a", "aab" }, { "", "abb" } },
        { "^(ab|c)d$", { "abd", "cd" }, { "ad", "d" } },
        { "^(|a)b$", { "b", "ab" }, { "aab" } },
        { "^a{2}$", { "aa" }, { "a", "aaa" } },
        { "^a{2,}$", { "aa", "aaaa" }, { "a" } },
        { "^a{1,3}$", { "a", "aaa" }, { "", "aaaa" } },
        { "^a{0}$", { "" }, { "a" } },
        { "^(a{1,2}){2}$", { "aa", "aaaa" }, { "a", "aaaaa" } },
        { "^a{,2}$", { "a{,2}" }, { "aa" } },
        { "^x{$", { "x{" }, { "x" } },
        { "^a??b*?c+?$", { "c", "abbcc" }, { "ab" } },
        { "^(?:ab)+$", { "ab", "abab" }, { "aba" } },
        { "^(?<year>[0-9]{4})$", { "2026" }, { "26" } },
        { "^[a-c]$", { "a", "c" }, { "d", "-" } },
        { "^[^a-c]$", { "d", "\n", "\xc4\x8d" }, { "a", "" } },
        { "^[]$", { NULL }, { "", "]" } },
        { "^[^]$", { "]", "a" }, { "" } },
        { "^[a\\]-]$", { "a", "]", "-" }, { "\\" } },
        { "^[\\w.-]+$", { "a_Z9.-" }, { "a b", "" } },
        { "^[\\s]$", { " ", "\t", "\xc2\xa0" }, { "a" } },
        { "^[\\D]$", { "a" }, { "1" } },
        { "^\\d+$", { "0123" }, { "12a", "\xd9\xa3" } },
        { "^\\D\\W\\S$", { "a-b" }, { "1-b", "aab", "a- " } },
        { "^.$", { "a", "\xc4\x8d", "\xf0\x9f\x98\x80" }, { "", "ab", "\n" } },
        { "^\\u010d\\x41$",
                { "\xc4\x8d"
                  "A" },
                { "cA" } },
        { "^\\ud83d\\ude00\\u{1F600}$", { "\xf0\x9f\x98\x80\xf0\x9f\x98\x80" }, { "x" } },
        { "^[\xc4\x8c-\xc4\x8e]$", { "\xc4\x8d" }, { "\xc4\x8f", "c" } },
        { "^\\n\\r\\t\\f\\v\\0?$", { "\n\r\t\f\v" }, { "nrtfv" } },
        { "^\\cA$", { "\x01" }, { "A" } },
        { "^\\.\\*\\/\\-\\$$", { ".*/-$" }, { "x" } },
        { "\\bfoo\\b", { "a foo b", "foo" }, { "afoo", "foo1" } },
        { "\\Boo", { "foo" }, { "oo" } },
        { "a|b|", { "", "c" }, { NULL } },
        { "^(a|ab)(c|bcd)(d*)$", { "abcd", "acd" }, { "abc d" } },
        { "^[0-9]{12}$", { "012345678901" }, { "12345678901", "0123456789012" } },
        { "^[a-z]{2,4}(-[a-z]+)+-[0-9]+$", { "us-east-1", "us-gov-west-1" },
                { "us-east", "US-east-1" } },
        { "(^a|b$)", { "ax", "xb" }, { "xa", "bx" } },
        { "^(a*)*$", { "", "aaa" }, { "b" } },
        { "^(a?){3}$", { "", "aaa" }, { "aaaa" } },
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const struct regex *regex = NULL;
        struct regex_error error = { NULL, 0 };
        if (regex_compile(*state, str_from(cases[i].pattern), &regex, &error) != 0) {
            fail_msg("%s: %s", cases[i].pattern, error.message);
        }
        for (size_t k = 0; k < 4 && cases[i].yes[k]; k++) {
            if (!regex_search(regex, str_from(cases[i].yes[k]))) {
                fail_msg("%s does not match \"%s\"", cases[i].pattern, cases[i].yes[k]);
            }
        }
        for (size_t k = 0; k < 4 && cases[i].no[k]; k++) {
            if (regex_search(regex, str_from(cases[i].no[k]))) {
                fail_msg("%s matches \"%s\"", cases[i].pattern, cases[i].no[k]);
            }
        }
    }
}

static void test_refusals(void **state)
{
    static const struct {
        const char *pattern;
        int err;
        size_t offset;
    } cases[] = {
        { "a(b", ERR_PARSE, 1 },
        { "a)b", ERR_PARSE, 1 },
        { "x[ab", ERR_PARSE, 1 },
        { "[b-a]", ERR_PARSE, 1 },
        { "[\\d-z]", ERR_PARSE, 1 },
        { "*a", ERR_PARSE, 0 },
        { "a|+", ERR_PARSE, 2 },
        { "a{3,2}", ERR_PARSE, 1 },
        { "a\\", ERR_PARSE, 1 },
        { "\\xZZ", ERR_PARSE, 0 },
        { "\\u12", ERR_PARSE, 0 },
        { "\\u{110000}", ERR_PARSE, 0 },
        { "\\a", ERR_PARSE, 0 },
        { "(?#x)", ERR_PARSE, 0 },
        { "(?<x", ERR_PARSE, 0 },
        { "a(?=b)", ERR_UNSUPPORTED, 1 },
        { "(?!b)", ERR_UNSUPPORTED, 0 },
        { "(?<=b)a", ERR_UNSUPPORTED, 0 },
        { "(a)\\1", ERR_UNSUPPORTED, 3 },
        { "\\p{L}", ERR_UNSUPPORTED, 0 },
        { "a{10001}", ERR_LIMIT, 1 },
        { "((a{100}){100}){100}", ERR_LIMIT, 0 },
        { "((((){9999}){9999}){9999}){9999}", ERR_LIMIT, 0 },
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const struct regex *regex = NULL;
        struct regex_error error = { NULL, 0 };
        int err = regex_compile(*state, str_from(cases[i].pattern), &regex, &error);
        if (err != cases[i].err || error.offset != cases[i].offset || !error.message || regex) {
            fail_msg("%s: %d at %zu: %s", cases[i].pattern, err, error.offset,
                    error.message ? error.message : "nothing said");
        }
    }
}

static int compile_repeated(struct arena *arena, const char *piece, size_t count)
{
    AUTO_BUF pattern = BUF_INIT(BUF_UNBOUNDED);
    for (size_t i = 0; i < count; i++) {
        buf_add_cstr(&pattern, piece);
    }
    const struct regex *regex = NULL;
    struct regex_error error = { NULL, 0 };
    return regex_compile(arena, buf_str(&pattern), &regex, &error);
}

static void test_bounds_of_patterns(void **state)
{
    assert_int_equal(compile_repeated(*state, "a", 4096), 0);
    assert_int_equal(compile_repeated(*state, "a", 4097), ERR_LIMIT);
    assert_int_equal(compile_repeated(*state, "(", 4000), ERR_LIMIT);
    assert_int_equal(compile_repeated(*state, "*", 2), ERR_PARSE);
    assert_int_equal(compile_repeated(*state, "a|", 2000), 0);
}

static void test_no_backtracking(void **state)
{
    static const char *const patterns[] = { "^(a+)+$", "^(a|a)*$", "^(a|aa)+$", "(.*a){20}$",
        "^(([a-z])+.)+[A-Z]([a-z])+$" };
    AUTO_BUF text = BUF_INIT(BUF_UNBOUNDED);
    buf_add_repeated(&text, 'a', 5000);
    buf_add_byte(&text, '!');
    for (size_t i = 0; i < sizeof(patterns) / sizeof(patterns[0]); i++) {
        const struct regex *regex = NULL;
        struct regex_error error = { NULL, 0 };
        assert_int_equal(regex_compile(*state, str_from(patterns[i]), &regex, &error), 0);
        assert_false(regex_search(regex, buf_str(&text)));
    }
}

/* Every match from left to right, with its groups: "0-3(1-2)". */
static struct str spans_of(struct arena *arena, const char *pattern, const char *text)
{
    const struct regex *regex = NULL;
    struct regex_error error;
    struct regex_span spans[32];
    struct buf out = BUF_INIT(4096);
    struct str subject = str_from(text);
    size_t end = 0;
    assert_int_equal(regex_compile_groups(arena, str_from(pattern), &regex, &error), 0);
    for (size_t from = 0;
            from <= subject.len && regex_find(regex, subject, from, spans, &end);) {
        assert_true(end >= spans[0].to);
        buf_addf(&out, "%s%zu-%zu", out.len > 0 ? " " : "", spans[0].from, spans[0].to);
        for (size_t i = 1; i < regex_group_count(regex); i++) {
            if (spans[i].from == SIZE_MAX) {
                buf_add_cstr(&out, "()");
            } else {
                buf_addf(&out, "(%zu-%zu)", spans[i].from, spans[i].to);
            }
        }
        from = spans[0].to > spans[0].from ? spans[0].to : spans[0].to + 1;
    }
    struct str result = arena_dup(arena, buf_str(&out));
    buf_clear(&out);
    return result;
}

static void test_places(void **state)
{
    static const struct {
        const char *pattern;
        const char *text;
        const char *spans;
    } rows[] = {
        { "b+", "abbcb", "1-3 4-5" },
        { "b+?", "abb", "1-2 2-3" },
        { "a|ab", "ab", "0-1" },
        { "ab|a", "ab", "0-2" },
        { "(a+)(a+)", "aaa", "0-3(0-2)(2-3)" },
        { "(a+?)(a+)", "aaa", "0-3(0-1)(1-3)" },
        { "(a)(b)?", "ab a", "0-2(0-1)(1-2) 3-4(3-4)()" },
        { "(?:a|(b))+", "ab", "0-2(1-2)" },
        { "(?<n>x)", "ax", "1-2(1-2)" },
        { "a{1,2}?", "aa", "0-1 1-2" },
        { "(a|ab)(c|bcd)", "abcd", "0-4(0-1)(1-4)" },
        { "x*", "axx", "0-0 1-3 3-3" },
        { "^a", "aa", "0-1" },
        { "\\bb", "ab b", "3-4" },
        { "(|a)+", "aa", "0-0(0-0) 1-1(1-1) 2-2(2-2)" },
        { "(|a)*", "aa", "0-0(0-0) 1-1(1-1) 2-2(2-2)" },
        { "\u00e9", "a\u00e9b\u00e9", "1-3 4-6" },
        { "none", "some", "" },
    };

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct str spans = spans_of(*state, rows[i].pattern, rows[i].text);
        if (!str_eq_cstr(spans, rows[i].spans)) {
            fail_msg("%s in \"%s\": %.*s, not %s", rows[i].pattern, rows[i].text,
                    STR_ARG(spans), rows[i].spans);
        }
    }
}

static void test_too_many_groups(void **state)
{
    const struct regex *regex = NULL;
    struct regex_error error;
    struct str pattern = STR("()()()()()()()()()()()()()()()()()()()()()()()()()()()()()()()");
    assert_int_equal(pattern.len, 62);
    assert_int_equal(regex_compile_groups(*state, pattern, &regex, &error), 0);
    assert_int_equal(regex_group_count(regex), 32);
    pattern = arena_printf(*state, "%.*s()", STR_ARG(pattern));
    assert_int_equal(regex_compile_groups(*state, pattern, &regex, &error), ERR_LIMIT);
    assert_int_equal(regex_compile(*state, pattern, &regex, &error), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_matches, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_refusals, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_bounds_of_patterns, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_no_backtracking, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_places, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_too_many_groups, set_up, tear_down),
    };
    return RUN_TESTS(tests);
}
