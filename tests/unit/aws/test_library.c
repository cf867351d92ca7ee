/* SPDX-License-Identifier: Apache-2.0 */
/* Opening libraries at run time. */
#include "aws/aws_fixture.h"
#include "aws/library.h"

static void test_open(void **state)
{
    (void)state;
    struct arena *arena = arena_new();
    struct curl_library curl = { 0 };
    struct crypto_library crypto = { 0 };
    struct str why = STR_EMPTY;
    assert_int_equal(curl_library_open(&curl, arena, "libcurl.so.4", &why), 0);
    assert_int_equal(crypto_library_open(&crypto, arena, "libcrypto.so.3", &why), 0);
    assert_true(curl.curl_easy_strerror(CURLE_COULDNT_CONNECT) != NULL);
    unsigned char secret[4] = "abc";
    crypto.OPENSSL_cleanse(secret, sizeof(secret));
    assert_int_equal(secret[0], 0);
    arena_free(arena);
}

static void test_missing_library(void **state)
{
    (void)state;
    struct arena *arena = arena_new();
    struct curl_library curl = { 0 };
    struct str why = STR_EMPTY;
    assert_int_equal(
            curl_library_open(&curl, arena, "libnosuchthing.so.4", &why), ERR_UNAVAILABLE);
    assert_has(why, "libnosuchthing.so.4");
    arena_free(arena);
}

static void test_another_library(void **state)
{
    (void)state;
    struct arena *arena = arena_new();
    struct curl_library curl = { 0 };
    struct str why = STR_EMPTY;
    assert_int_equal(curl_library_open(&curl, arena, "libc.so.6", &why), ERR_UNAVAILABLE);
    assert_str(why, "libc.so.6: it has no function curl_global_init");
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_open),
        cmocka_unit_test(test_missing_library),
        cmocka_unit_test(test_another_library),
    };
    return RUN_TESTS(tests);
}
