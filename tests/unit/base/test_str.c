/* SPDX-License-Identifier: Apache-2.0 */
/* Borrowed text: splitting, numbers, UTF-8. */
#include "check.h"

static void test_compare(void **state)
{
    (void)state;
    assert_true(str_eq(STR("abc"), STR("abc")));
    assert_false(str_eq(STR("abc"), STR("abd")));
    assert_true(str_eq(STR_EMPTY, STR("")));
    assert_true(str_cmp(STR("ab"), STR("abc")) < 0);
    assert_true(str_cmp(STR("b"), STR("abc")) > 0);
    assert_int_equal(str_cmp(STR("x"), STR("x")), 0);
    assert_true(str_starts_with(STR("abc"), STR("ab")));
    assert_false(str_starts_with(STR("a"), STR("ab")));
    assert_true(str_ends_with(STR("abc"), STR("bc")));
    assert_false(str_ends_with(STR("c"), STR("bc")));
}

static void test_find(void **state)
{
    (void)state;
    assert_int_equal(str_find(STR("a/b/c"), '/'), 1);
    assert_int_equal(str_rfind(STR("a/b/c"), '/'), 3);
    assert_int_equal(str_find(STR("abc"), '/'), -1);
    assert_int_equal(str_find_str(STR("one two"), STR("two")), 4);
    assert_int_equal(str_find_str(STR("one"), STR("two")), -1);
    assert_int_equal(str_find_str(STR("a{b{{c"), STR("{{")), 3);
    assert_int_equal(str_find_str(STR("aab"), STR("ab")), 1);
    assert_int_equal(str_find_str(STR("xa"), STR("ab")), -1);
    assert_int_equal(str_find_str(STR("a"), STR("ab")), -1);
    assert_int_equal(str_find_str(STR_EMPTY, STR("ab")), -1);
}

static void test_split(void **state)
{
    (void)state;
    static const char *const expected[] = { "a", "", "b", "" };
    struct str rest = STR("a,,b,");
    struct str piece;
    bool more = true;
    size_t count = 0;
    while (str_split(&rest, &more, ',', &piece)) {
        assert_true(count < 4);
        assert_str(piece, expected[count]);
        count++;
    }
    assert_int_equal(count, 4);
    rest = STR_EMPTY;
    more = true;
    assert_true(str_split(&rest, &more, ',', &piece));
    assert_str(piece, "");
    assert_false(str_split(&rest, &more, ',', &piece));
}

static void test_trim_and_sub(void **state)
{
    (void)state;
    assert_str(str_trim(STR(" \t a b\r\n")), "a b");
    assert_str(str_trim(STR("  ")), "");
    assert_str(str_sub(STR("abcdef"), 2, 4), "cd");
    assert_str(str_sub(STR("abc"), 2, 99), "c");
    assert_str(str_sub(STR("abc"), 5, 9), "");
}

static void test_numbers(void **state)
{
    (void)state;
    uint64_t u = 7;
    int64_t i = 7;
    double d = 7;
    assert_true(str_to_u64(STR("18446744073709551615"), &u));
    assert_true(u == UINT64_MAX);
    assert_false(str_to_u64(STR("18446744073709551616"), &u));
    assert_false(str_to_u64(STR(""), &u));
    assert_false(str_to_u64(STR("1x"), &u));
    assert_true(str_to_i64(STR("-9223372036854775808"), &i));
    assert_true(i == INT64_MIN);
    assert_false(str_to_i64(STR("9223372036854775808"), &i));
    assert_false(str_to_i64(STR("-"), &i));
    assert_true(i == INT64_MIN); /* unchanged on failure */
    assert_true(str_to_f64(STR("-1.5e3"), &d));
    assert_true(d == -1500.0);
    assert_false(str_to_f64(STR("0x10"), &d));
    assert_false(str_to_f64(STR("inf"), &d));
    assert_false(str_to_f64(STR("1.5 "), &d));
}

static void test_among(void **state)
{
    (void)state;
    const struct str texts[] = { STR("a"), STR("bc") };
    assert_true(str_is_among(STR("bc"), texts, 2));
    assert_false(str_is_among(STR("b"), texts, 2));
    assert_false(str_is_among(STR("bc"), texts, 1));
    assert_false(str_is_among(STR(""), NULL, 0));
}

static void test_utf8(void **state)
{
    (void)state;
    assert_true(str_is_utf8(STR("plain")));
    assert_true(str_is_utf8(STR("\xc3\xa9\xe2\x82\xac\xf0\x9f\x9a\x80")));
    assert_int_equal(str_count_code_points(STR("\xc3\xa9\xe2\x82\xac\xf0\x9f\x9a\x80")), 3);
    assert_false(str_is_utf8(STR("\xff")));
    assert_false(str_is_utf8(STR("\xc0\x80"))); /* overlong */
    assert_false(str_is_utf8(STR("\xed\xa0\x80"))); /* surrogate */
    assert_false(str_is_utf8(STR("\xf4\x90\x80\x80"))); /* beyond U+10FFFF */
    assert_false(str_is_utf8(STR("\xe2\x82"))); /* cut */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_compare),
        cmocka_unit_test(test_find),
        cmocka_unit_test(test_split),
        cmocka_unit_test(test_trim_and_sub),
        cmocka_unit_test(test_numbers),
        cmocka_unit_test(test_among),
        cmocka_unit_test(test_utf8),
    };
    return RUN_TESTS(tests);
}
