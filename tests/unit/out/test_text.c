/* SPDX-License-Identifier: Apache-2.0 */
/* Columns, harmless text and wrapping. */
#include "check.h"
#include "out/text.h"

static void widths(void **state)
{
    (void)state;
    assert_int_equal(text_width(STR("")), 0);
    assert_int_equal(text_width(STR("abc")), 3);
    assert_int_equal(text_width(STR("\xc3\xa9")), 1); /* e acute */
    assert_int_equal(text_width(STR("e\xcc\x81")), 1); /* e and combining acute */
    assert_int_equal(text_width(STR("\xe6\x97\xa5\xe6\x9c\xac")), 4); /* two CJK */
    assert_int_equal(text_width(STR("\xf0\x9f\x98\x80")), 2); /* an emoji */
    assert_int_equal(text_width(STR("\xff\xfe")), 2); /* two bad bytes */
    assert_int_equal(text_width(STR("\xe6\x97")), 2); /* a cut sequence */
}

static void code_points(void **state)
{
    (void)state;
    struct str rest = STR("a\xf0\x9f\x98\x80\xc3");
    uint32_t c = 0;
    assert_true(text_next(&rest, &c));
    assert_int_equal(c, 'a');
    assert_true(text_next(&rest, &c));
    assert_int_equal(c, 0x1f600);
    assert_true(text_next(&rest, &c));
    assert_int_equal(c, 0xfffd);
    assert_false(text_next(&rest, &c));
}

static void control_characters_become_harmless(void **state)
{
    (void)state;

    static const struct {
        struct str in;
        const char *out;
    } cases[] = {
        { STR_INIT("plain"), "plain" }, { STR_INIT("\x1b[31mred"), "?[31mred" },
        { STR_INIT("a\tb\nc\rd"), "a b c?d" },
        { STR_INIT("\xc2\x9b"
                   "31m"),
                "?31m" }, /* C1 control sequence introducer */
        { STR_INIT("a\xe2\x80\xaez"), "a?z" }, /* right-to-left override */
        { STR_INIT("\xffz"), "?z" }, { STR_INIT("\xe6\x97\xa5"), "\xe6\x97\xa5" },
        { STR_INIT("\0x"), "?x" },
        { STR_INIT("\xef\xbf\xbd"),
                "\xef\xbf\xbd" }, /* a replacement character of the user's */
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct buf out = BUF_INIT(1000);
        text_add_clean(&out, cases[i].in);
        assert_str(buf_str(&out), cases[i].out);
        buf_clear(&out);
    }
}

static void prefixes_end_between_characters(void **state)
{
    (void)state;
    assert_str(text_prefix(STR("abcdef"), 3), "abc");
    assert_str(text_prefix(STR("abc"), 9), "abc");
    assert_str(text_prefix(STR("\xe6\x97\xa5\xe6\x9c\xac"), 3), "\xe6\x97\xa5");
    assert_str(text_prefix(STR("\xe6\x97\xa5"), 1), "");
}

static void check_wrapped(const char *text, size_t start, size_t width, const char *want)
{
    struct buf out = BUF_INIT(1000);
    text_add_wrapped(&out, str_from(text), start, 2, width);
    assert_str(buf_str(&out), want);
    buf_clear(&out);
}

static void wrapping(void **state)
{
    (void)state;
    check_wrapped("one two three", 0, 80, "one two three");
    check_wrapped("one two three", 0, 8, "one two\n  three");
    check_wrapped("one two three", 5, 9, "one\n  two\n  three");
    check_wrapped("averyverylongword x", 0, 8, "averyverylongword\n  x");
    check_wrapped("a\nb", 0, 80, "a\n  b");
    check_wrapped("", 0, 80, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(widths),
        cmocka_unit_test(code_points),
        cmocka_unit_test(control_characters_become_harmless),
        cmocka_unit_test(prefixes_end_between_characters),
        cmocka_unit_test(wrapping),
    };
    return RUN_TESTS(tests);
}
