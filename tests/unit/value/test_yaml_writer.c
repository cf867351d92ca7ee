/* SPDX-License-Identifier: Apache-2.0 */
/* YAML out: layout, the form of every text, natural order; whatever is written reads back equal. */
#include <string.h>

#include "value_fixture.h"

/* Writes, compares, reads back. */
static void expect(struct fixture *fixture, const struct value *value,
        const struct yaml_style *style, const char *expected)
{
    AUTO_BUF out = BUF_INIT(BUF_UNBOUNDED);
    yaml_write(&out, value, style);
    assert_str(buf_str(&out), expected);
    const struct value *again = from_yaml(fixture, buf_str(&out));
    if (!value_equal(again, value)) {
        fail_msg("does not read back: %s", expected);
    }
}

static void test_layout(void **state)
{
    static const char text[] = "a:\n"
                               "  - x\n"
                               "  - b: 1\n"
                               "    c:\n"
                               "      - - p\n"
                               "        - q\n"
                               "      - d: |\n"
                               "          one\n"
                               "            two\n"
                               "  - []\n"
                               "  - {}\n"
                               "  - null\n"
                               "e: true\n";
    static const char wide[] = "a:\n"
                               "    - x\n"
                               "    - b: 1\n"
                               "      c:\n"
                               "        - - p\n"
                               "          - q\n"
                               "        - d: |\n"
                               "            one\n"
                               "              two\n"
                               "    - []\n"
                               "    - {}\n"
                               "    - null\n"
                               "e: true\n";
    const struct value *value = from_yaml(*state, STR(text));
    expect(*state, value, NULL, text);
    expect(*state, value, &(struct yaml_style){ .indent = 4 }, wide);
}

static void test_roots(void **state)
{
    static const char *const texts[] = { "text\n", "1.5\n", "{}\n", "[]\n", "- 1\n", "- - 1\n",
        "- a: 1\n  b: 2\n", "|\n  a\n  b\n" };
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        struct str text = str_from(texts[i]);
        expect(*state, from_yaml(*state, text), NULL, texts[i]);
    }
    AUTO_BUF out = BUF_INIT(BUF_UNBOUNDED);
    yaml_write(&out, NULL, NULL);
    assert_str(buf_str(&out), "null\n");
}

static void test_texts(void **state)
{
    static const struct {
        const char *text;
        const char *yaml;
    } cases[] = {
        { "plain", "plain" },
        { "two words", "two words" },
        { "a:b", "a:b" },
        { "10.0.0.0/16", "10.0.0.0/16" },
        { "arn:aws:iam::123:role/x", "arn:aws:iam::123:role/x" },
        { "<<", "<<" },
        { "a#b", "a#b" },
        { "-x", "-x" },
        { "?x", "?x" },
        { "1.2.3", "1.2.3" },
        { "it's", "it's" },
        { "\xc4\x8d", "\xc4\x8d" },
        { "a: b", "'a: b'" },
        { "a:", "'a:'" },
        { "a #b", "'a #b'" },
        { "#a", "'#a'" },
        { "*.x", "'*.x'" },
        { "-", "'-'" },
        { "- a", "'- a'" },
        { "---", "'---'" },
        { "...", "'...'" },
        { "'a'", "'''a'''" },
        { "!env X", "'!env X'" },
        { "{{ .x }}", "'{{ .x }}'" },
        { "@x", "'@x'" },
        { " a", "' a'" },
        { "a ", "'a '" },
        { "", "\"\"" },
        { "true", "\"true\"" },
        { "False", "\"False\"" },
        { "null", "\"null\"" },
        { "~", "\"~\"" },
        { "yes", "\"yes\"" },
        { "N", "\"N\"" },
        { "OFF", "\"OFF\"" },
        { "007", "\"007\"" },
        { "012345678901", "\"012345678901\"" },
        { "1", "\"1\"" },
        { "0x1f", "\"0x1f\"" },
        { "1_000", "\"1_000\"" },
        { "1e3", "\"1e3\"" },
        { ".5", "\".5\"" },
        { ".inf", "\".inf\"" },
        { "2026-01-01", "\"2026-01-01\"" },
        { "2024-02-29", "\"2024-02-29\"" },
        { "2026-02-29", "2026-02-29" },
        { "2026-13-01", "2026-13-01" },
        { "2026-1-2T3:4:5Z", "\"2026-1-2T3:4:5Z\"" },
        { "2026-01-02 03:04:05.5", "\"2026-01-02 03:04:05.5\"" },
        { "2026-01-02T03:04:05", "2026-01-02T03:04:05" },
        { "12:30:45", "\"12:30:45\"" },
        { "22:22", "\"22:22\"" },
        { "22:62", "22:62" },
        { "-1:30.5", "\"-1:30.5\"" },
        { "a\tb", "\"a\\tb\"" },
        { "a\x01\"\\", "\"a\\x01\\\"\\\\\"" },
        { "\x7f\xc2\x85\xe2\x80\xa8\xef\xbb\xbf", "\"\\x7F\\N\\L\\uFEFF\"" },
        { "\xf0\x9f\x9a\x80", "\"\\U0001F680\"" },
        { "a \nb", "\"a \\nb\"" },
        { "a\nb ", "\"a\\nb \"" },
        { "a\r\nb", "\"a\\r\\nb\"" },
        { "a\nb\n", "|\n    a\n    b" },
        { "a\nb", "|-\n    a\n    b" },
        { "a\n\n", "|+\n    a\n" },
        { "a\n\nb: #\n", "|\n    a\n\n    b: #" },
        { " a\nb\n", "|2\n     a\n    b" },
        { "\na\n", "|2\n\n    a" },
        { "\ta\nb\n", "|2\n    \ta\n    b" },
        { "\n", "|2+\n" },
        { "\n\n", "|2+\n\n" },
    };
    struct fixture *fixture = *state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct value_builder builder;
        value_builder_init(&builder, fixture->arena, MARK_NONE);
        value_builder_set(&builder, key_of(fixture->keys, STR("k")),
                value_string_new(fixture->arena, str_from(cases[i].text), MARK_NONE),
                MARK_NONE);
        const struct value *inner = value_builder_map(&builder);
        value_builder_set(&builder, key_of(fixture->keys, STR("m")), inner, MARK_NONE);
        value_builder_set(&builder, key_of(fixture->keys, STR("z")), inner, MARK_NONE);
        struct str expected = arena_printf(
                fixture->arena, "m:\n  k: %s\nz:\n  k: %s\n", cases[i].yaml, cases[i].yaml);
        expect(fixture, value_builder_map(&builder), NULL, expected.ptr);
    }
}

static void test_keys(void **state)
{
    struct fixture *fixture = *state;

    static const struct {
        const char *key;
        const char *yaml;
    } cases[] = {
        { "a", "a" },
        { "9", "\"9\"" },
        { "y", "\"y\"" },
        { "", "\"\"" },
        { "<<", "\"<<\"" },
        { "a b", "a b" },
        { "a: b", "'a: b'" },
        { "a\nb", "\"a\\nb\"" },
        { "true", "\"true\"" },
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct value_builder builder;
        value_builder_init(&builder, fixture->arena, MARK_NONE);
        value_builder_set(&builder, key_of(fixture->keys, str_from(cases[i].key)),
                value_null(fixture->arena, MARK_NONE), MARK_NONE);
        struct str expected = arena_printf(fixture->arena, "%s: null\n", cases[i].yaml);
        expect(fixture, value_builder_map(&builder), NULL, expected.ptr);
    }
    AUTO_BUF name = BUF_INIT(BUF_UNBOUNDED);
    buf_add_repeated(&name, 'k', 1500);
    struct value_builder builder;
    value_builder_init(&builder, fixture->arena, MARK_NONE);
    value_builder_set(&builder, key_of(fixture->keys, buf_str(&name)),
            from_yaml(fixture, STR("a: [1]")), MARK_NONE);
    struct str expected = arena_printf(fixture->arena, "? %s\n:\n  a:\n    - 1\n", name.ptr);
    expect(fixture, value_builder_map(&builder), NULL, expected.ptr);
}

static void test_numbers(void **state)
{
    static const struct {
        const char *text;
        const char *yaml;
    } cases[] = {
        { "0777", "511\n" },
        { "1e3", "1000\n" },
        { "1e6", "1e+06\n" },
        { "123456.5", "123456.5\n" },
        { "123456789.123", "1.23456789123e+08\n" },
        { "1e-7", "1e-07\n" },
        { "0.0001", "0.0001\n" },
        { "0.00001", "1e-05\n" },
        { "1.50", "1.5\n" },
        { ".inf", ".inf\n" },
        { "-.INF", "-.inf\n" },
        { ".NaN", ".nan\n" },
        { "18446744073709551615", "18446744073709551615\n" },
    };
    struct fixture *fixture = *state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        AUTO_BUF out = BUF_INIT(BUF_UNBOUNDED);
        yaml_write(&out, from_yaml(fixture, str_from(cases[i].text)), NULL);
        assert_str(buf_str(&out), cases[i].yaml);
    }
}

static void test_style(void **state)
{
    struct fixture *fixture = *state;
    const struct value *map = from_yaml(fixture, STR("b: 1\na: {c: secret}\n"));
    const struct value *hidden =
            value_with_flags(fixture->arena, value_get_path(map, "a"), VALUE_SENSITIVE);
    map = value_with(fixture->arena, map, key_of(fixture->keys, STR("a")), hidden);
    AUTO_BUF out = BUF_INIT(BUF_UNBOUNDED);
    yaml_write(&out, map, &(struct yaml_style){ .keep_order = true, .mask = true });
    assert_str(buf_str(&out), "b: 1\na: (sensitive)\n");
    buf_reset(&out);
    yaml_write(&out, map, NULL);
    assert_str(buf_str(&out), "a:\n  c: secret\nb: 1\n");
}

static void test_natural_order(void **state)
{
    (void)state;
    /* Each list is in order. */
    static const char *const lists[][8] = {
        { "9", "10", "Rule2", "a-b", "a_b", "aB", NULL },
        { "rule1", "rule9", "rule10", NULL },
        { "a", "a1", "ab", NULL },
        { "", "a", NULL },
        { "a1", "a01", "a2", "a02", NULL },
        { "1a", "1-", NULL },
        { "a-", "ab", NULL },
        { "x100", "x101", "x1000", NULL },
        { "a\xc4\x8d", "a\xc4\x8e", NULL },
        { "a\xe2\x82\xac", "ab", NULL },
    };
    for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
        for (size_t k = 0; lists[i][k + 1]; k++) {
            struct str a = str_from(lists[i][k]);
            struct str b = str_from(lists[i][k + 1]);
            if (key_natural_cmp(a, b) >= 0 || key_natural_cmp(b, a) <= 0) {
                fail_msg("\"%s\" against \"%s\"", a.ptr, b.ptr);
            }
        }
    }
    assert_int_equal(key_natural_cmp(STR("a1"), STR("a1")), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_layout),
        TEST(test_roots),
        TEST(test_texts),
        TEST(test_keys),
        TEST(test_numbers),
        TEST(test_style),
        TEST(test_natural_order),
    };
    return RUN_TESTS(tests);
}
