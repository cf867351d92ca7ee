/* SPDX-License-Identifier: Apache-2.0 */
/* Percent-encoding and canonical forms. */
#include "aws/aws_fixture.h"
#include "aws/uri.h"

static void assert_encoded(const char *text, bool keep_slash, const char *want)
{
    AUTO_BUF out = BUF_INIT(BUF_UNBOUNDED);
    uri_encode(&out, str_from(text), keep_slash);
    assert_str(buf_str(&out), want);
}

static void assert_decoded(const char *text, const char *want)
{
    AUTO_BUF out = BUF_INIT(BUF_UNBOUNDED);
    uri_decode(&out, str_from(text));
    assert_str(buf_str(&out), want);
}

static void assert_path(const char *path, unsigned flags, const char *want)
{
    AUTO_BUF out = BUF_INIT(BUF_UNBOUNDED);
    uri_canonical_path(&out, str_from(path), flags);
    assert_str(buf_str(&out), want);
}

static void assert_query(const char *query, const char *want)
{
    struct arena *arena = arena_new();
    AUTO_BUF out = BUF_INIT(BUF_UNBOUNDED);
    struct uri_pairs pairs = { 0 };
    uri_pairs_read(arena, &pairs, str_from(query));
    uri_pairs_sort(&pairs);
    uri_pairs_write(&out, &pairs);
    assert_str(buf_str(&out), want);
    arena_free(arena);
}

static void test_encode(void **state)
{
    (void)state;
    assert_encoded("AZaz09-_.~", false, "AZaz09-_.~");
    assert_encoded("a b/c:d=e+f%20*'()!", false, "a%20b%2Fc%3Ad%3De%2Bf%2520%2A%27%28%29%21");
    assert_encoded("a/b c", true, "a/b%20c");
    assert_encoded("\xe1\x88\xb4\x7f\x01", false, "%E1%88%B4%7F%01");
}

static void test_decode(void **state)
{
    (void)state;
    assert_decoded("a%20b%2f%2F+c", "a b//+c");
    /* What is not an escape stays. */
    assert_decoded("%", "%");
    assert_decoded("%2", "%2");
    assert_decoded("%zz%4", "%zz%4");
    assert_decoded("%%41", "%A");
}

static void test_path(void **state)
{
    (void)state;
    assert_path("", 0, "/");
    assert_path("/", 0, "/");
    assert_path("/a/./b//c/../d", 0, "/a/b/d");
    assert_path("/../..", 0, "/");
    assert_path("/a/b/..", 0, "/a/");
    assert_path("/a/", 0, "/a/");
    assert_path("/a%20b", 0, "/a%2520b");
    assert_path("/a/./b//c/../d", URI_KEEP_SEGMENTS, "/a/./b//c/../d");
    assert_path("/a%20b:c", URI_KEEP_SEGMENTS | URI_ENCODED_ONCE, "/a%20b%3Ac");
}

static void test_query(void **state)
{
    (void)state;
    assert_query("", "");
    assert_query("b=2&a=1", "a=1&b=2");
    assert_query("a=2&a=1&a", "a=&a=1&a=2");
    assert_query("&&a&", "a=");
    assert_query("=x&a==", "=x&a=%3D");
    /* By encoded name: `-` sorts before `=` but the longer name still comes after. */
    assert_query("a-b=1&a=2&A=3", "A=3&a=2&a-b=1");
    assert_query("a=b+c&d=%2f", "a=b%2Bc&d=%2F");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_encode),
        cmocka_unit_test(test_decode),
        cmocka_unit_test(test_path),
        cmocka_unit_test(test_query),
    };
    return RUN_TESTS(tests);
}
