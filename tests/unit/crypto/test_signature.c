/* SPDX-License-Identifier: Apache-2.0 */
/* Ed25519: known answers, keys through PEM, and that nothing but the signed bytes passes. */
#include <string.h>

#include "../check.h"
#include "crypto/crypto.h"

struct fixture {
    struct arena *arena;
    struct crypto_library crypto;
};

static int open_library(void **state)
{
    static struct fixture fixture;
    struct str why = STR_EMPTY;
    fixture.arena = arena_new();
    *state = &fixture;
    return crypto_library_open(&fixture.crypto, fixture.arena, CRYPTO_LIBRARY_NAME, &why);
}

static int close_library(void **state)
{
    struct fixture *fixture = *state;
    arena_free(fixture->arena);
    return 0;
}

/* RFC 8032, 7.1, test 2. */
static void known_answer(void **state)
{
    struct fixture *fixture = *state;
    struct public_key key;
    struct signature signature;
    assert_true(
            hex_read(STR("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c"),
                    key.bytes, 32));
    assert_true(
            hex_read(STR("92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
                         "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"),
                    signature.bytes, 64));
    assert_true(signature_holds(&fixture->crypto, &key, STR("r"), &signature));
    assert_false(signature_holds(&fixture->crypto, &key, STR("s"), &signature));
    assert_false(signature_holds(&fixture->crypto, &key, STR(""), &signature));
    for (size_t bit = 0; bit < 512; bit += 37) {
        struct signature flipped = signature;
        flipped.bytes[bit / 8] ^= (unsigned char)(1u << bit % 8);
        assert_false(signature_holds(&fixture->crypto, &key, STR("r"), &flipped));
    }
}

static void signed_by_a_new_key(void **state)
{
    struct fixture *fixture = *state;
    struct private_key *key = private_key_new(&fixture->crypto);
    assert_non_null(key);
    struct public_key public_key = private_key_public(&fixture->crypto, key);
    struct signature signature = private_key_sign(&fixture->crypto, key, STR("text"));
    assert_true(signature_holds(&fixture->crypto, &public_key, STR("text"), &signature));
    public_key.bytes[0] ^= 1;
    assert_false(signature_holds(&fixture->crypto, &public_key, STR("text"), &signature));
    private_key_free(&fixture->crypto, key);
}

static void through_pem(void **state)
{
    struct fixture *fixture = *state;
    static const char *const phrases[] = { "", "open sesame" };
    struct private_key *key = private_key_new(&fixture->crypto);
    struct public_key wanted = private_key_public(&fixture->crypto, key);
    for (size_t i = 0; i < 2; i++) {
        struct private_key *again = NULL;
        struct str phrase = str_from(phrases[i]);
        AUTO_BUF pem = BUF_INIT(1 << 16);
        assert_int_equal(private_key_write(&fixture->crypto, key, phrase, &pem), 0);
        assert_true(str_find_str(buf_str(&pem), i == 0 ? STR("BEGIN PRIVATE KEY")
                                                       : STR("BEGIN ENCRYPTED PRIVATE")) >= 0);
        assert_int_equal(private_key_read(&fixture->crypto, buf_str(&pem), phrase, &again), 0);
        struct public_key got = private_key_public(&fixture->crypto, again);
        assert_memory_equal(got.bytes, wanted.bytes, 32);
        private_key_free(&fixture->crypto, again);
        if (i == 1) {
            assert_int_equal(
                    private_key_read(&fixture->crypto, buf_str(&pem), STR_EMPTY, &again),
                    ERR_DENIED);
            assert_int_equal(
                    private_key_read(&fixture->crypto, buf_str(&pem), STR("other"), &again),
                    ERR_DENIED);
        }
    }
    private_key_free(&fixture->crypto, key);
}

static void not_a_key(void **state)
{
    struct fixture *fixture = *state;
    struct private_key *key = NULL;
    /* A key for the X25519 exchange (RFC 8410): a private key, but not one that signs. */
    const struct str exchange =
            STR("-----BEGIN PRIVATE KEY-----\n"
                "MC4CAQAwBQYDK2VuBCIEIHcHbQpzGKV9PBbBclGyZkXfTC+H68CZKrF3+6Udwsps\n"
                "-----END PRIVATE KEY-----\n");
    assert_int_equal(private_key_read(&fixture->crypto, STR(""), STR_EMPTY, &key), ERR_PARSE);
    assert_int_equal(
            private_key_read(&fixture->crypto, STR("text"), STR_EMPTY, &key), ERR_PARSE);
    assert_int_equal(
            private_key_read(&fixture->crypto, exchange, STR_EMPTY, &key), ERR_UNSUPPORTED);
    assert_null(key);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(known_answer),
        cmocka_unit_test(signed_by_a_new_key),
        cmocka_unit_test(through_pem),
        cmocka_unit_test(not_a_key),
    };
    return cmocka_run_group_tests(tests, open_library, close_library);
}
