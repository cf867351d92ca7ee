/* SPDX-License-Identifier: Apache-2.0 */
/* Texts that are signed: one spelling, every other one refused with its reason. */
#include <string.h>

#include "../check.h"
#include "plugin/identity.h"
#include "plugin/key_file.h"
#include "plugin/revocations.h"
#include "plugin/statement.h"

#define KEY_ID "7ce02956657c61e4"
#define DIGEST "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define HEAD                                                                                   \
    STATEMENT_HEADING "\nkey: " KEY_ID "\nid: com.example.a\nversion: 1.0.0\nabi: 1.0\n"
#define TAIL                                                                                   \
    "size: 10\nsha256: " DIGEST "\nissued: 2026-03-01T00:00:00Z\nsignature: " DIGEST DIGEST "\n"

static void statements(void **state)
{
    (void)state;

    static const struct {
        const char *text, *reason; /* NULL: fine */
    } rows[] = {
        { HEAD TAIL, NULL },
        { "", "does not begin with" },
        { STATEMENT_HEADING, "does not begin with" },
        { STATEMENT_HEADING "\n", "has no `key`" },
        { "tf-atmos plugin statement 2\n", "does not begin with" },
        { HEAD TAIL "more: x\n", "a line too much: `more`" },
        { HEAD TAIL "\n", "line 10 that is not" },
        { HEAD "abi: 1.0\n" TAIL, "has no `size`" },
        { HEAD "size:10\n", "line 6 that is not" },
        { HEAD "size: 10 \n", "line 6 that is not" },
        { HEAD "size: 010\n" TAIL, "`size` that is not valid" },
        { HEAD "size: 99999999999999999999\n", "`size` that is not valid" },
        { HEAD "size: 10", "line 6 that is not" },
        { HEAD "size: \x01\n", "line 6 that is not" },
        { HEAD "size: 10\r\n", "line 6 that is not" },
    };
    struct arena *arena = arena_new();
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct statement statement;
        struct str reason = STR_EMPTY;
        int code = statement_read(arena, str_from(rows[i].text), &statement, &reason);
        assert_int_equal(code, rows[i].reason ? ERR_PARSE : 0);
        if (rows[i].reason && str_find_str(reason, str_from(rows[i].reason)) < 0) {
            fail_msg("row %zu: %.*s", i, STR_ARG(reason));
        }
    }
    struct statement statement;
    struct str reason;
    assert_int_equal(statement_read(arena, STR(HEAD TAIL), &statement, &reason), 0);
    assert_str(statement.id, "com.example.a");
    assert_int_equal(statement.size_bytes, 10);
    assert_int_equal(statement.issued_s, 1772323200);
    assert_true(statement.expires_s == INT64_MAX);
    /* All but the line of the signature is signed. */
    assert_int_equal(statement.record.signed_part.len, sizeof(HEAD TAIL) - 1 - 140);
    arena_free(arena);
}

static void trailers(void **state)
{
    (void)state;
    struct arena *arena = arena_new();
    size_t length = 7;
    assert_str(trailer_footer(arena, 0x15f), "tf-atmos-statement:0000015f\n");
    assert_true(trailer_find(STR("tf-atmos-statement:0000015f\n"), 5000, &length));
    assert_int_equal(length, 0x15f);
    assert_false(trailer_find(STR("tf-atmos-statemenT:0000015f\n"), 5000, &length));
    assert_false(trailer_find(STR("f-atmos-statement:0000015f\n"), 5000, &length));
    /* There, and impossible: not to be taken for an unsigned file. */
    static const char *const broken[] = { "tf-atmos-statement:0000015F\n",
        "tf-atmos-statement:0000015f ", "tf-atmos-statement:ffffffff\n",
        "tf-atmos-statement:00001001\n", "tf-atmos-statement:00000000\n" };
    for (size_t i = 0; i < sizeof(broken) / sizeof(broken[0]); i++) {
        length = 7;
        assert_true(trailer_find(str_from(broken[i]), 5000, &length));
        assert_int_equal(length, 0);
    }
    /* A statement that would leave nothing of the file. */
    assert_true(trailer_find(STR("tf-atmos-statement:0000015f\n"), 0x15f + 28, &length));
    assert_int_equal(length, 0);
    arena_free(arena);
}

static void key_files(void **state)
{
    (void)state;
    struct arena *arena = arena_new();
    struct trusted_key key = { .from_s = INT64_MIN, .until_s = INT64_MAX };
    struct trusted_key again;
    struct str reason = STR_EMPTY;
    static const struct str scopes[] = { STR_INIT("com.example"), STR_INIT("org.tool.x") };
    memset(key.key.bytes, 7, sizeof(key.key.bytes));
    key.key_id = public_key_id(arena, &key.key);
    key.comment = STR("Example Inc.");
    key.allowed = (struct str_list){ scopes, 2 };
    key.is_root = true;
    key.until_s = 1772366400;
    struct str text = key_file_write(arena, &key);
    assert_int_equal(key_file_read(arena, text, &again, &reason), 0);
    assert_memory_equal(again.key.bytes, key.key.bytes, 32);
    assert_true(again.is_root && again.allowed.count == 2 && again.until_s == 1772366400);
    assert_true(str_eq(key_file_write(arena, &again), text));

    assert_true(key_covers(&again, STR("com.example")));
    assert_true(key_covers(&again, STR("com.example.audit")));
    assert_false(key_covers(&again, STR("com.example-evil")));
    assert_false(key_covers(&again, STR("com.exampl")));
    assert_false(key_covers(&again, STR("com")));
    assert_true(key_covers(&again, STR("org.tool.x.y")));
    static const struct str all[] = { STR_INIT("*") };
    again.allowed = (struct str_list){ all, 1 };
    assert_true(key_covers(&again, STR("anything")));

    /* An id that belongs to another key. */
    char *other = arena_cstr(arena, text);
    char *digit = strstr(other, "public: ") + 8;
    *digit = *digit == '0' ? '1' : '0';
    assert_int_equal(key_file_read(arena, str_from(other), &again, &reason), ERR_PARSE);
    assert_true(str_find_str(reason, STR("does not belong")) >= 0);
    arena_free(arena);
}

static void versions_in_order(void **state)
{
    (void)state;
    static const char *const order[] = { "0.9.0", "1.0.0-alpha", "1.0.0-alpha.1",
        "1.0.0-alpha.beta", "1.0.0-beta", "1.0.0-beta.2", "1.0.0-beta.11", "1.0.0-rc.1",
        "1.0.0", "1.0.1", "1.2.0", "1.10.0", "2.0.0", "10.0.0" };
    for (size_t i = 0; i < sizeof(order) / sizeof(order[0]); i++) {
        for (size_t k = 0; k < sizeof(order) / sizeof(order[0]); k++) {
            int got = version_cmp(str_from(order[i]), str_from(order[k]));
            assert_int_equal((got > 0) - (got < 0), (i > k) - (i < k));
        }
    }
    assert_int_equal(version_cmp(STR("1.0.0+a"), STR("1.0.0+b")), 0);
}

#define LIST_HEAD REVOCATIONS_HEADING "\nkey: " KEY_ID "\n"
#define LIST_MORE "serial: 7\nissued: 2026-03-01T00:00:00Z\nexpires: 2026-09-01T00:00:00Z\n"

static void lists(void **state)
{
    (void)state;
    struct arena *arena = arena_new();
    struct revocations list;
    struct str reason = STR_EMPTY;
    struct str minimum = STR_EMPTY;
    const struct str text = STR(LIST_HEAD LIST_MORE
            "revoke-key: 0123456789abcdef\nrevoke-sha256: " DIGEST
            "\nrevoke-id: com.example.a 1.0.0 1.4.2\nrevoke-id: com.example.b 2.0.0 2.0.0\n"
            "minimum: com.example.c 1.5.0\nsignature: " DIGEST DIGEST "\n");
    assert_int_equal(revocations_read(arena, text, &list, &reason), 0);
    assert_int_equal(list.serial, 7);
    assert_true(revokes_key(&list, STR("0123456789abcdef")));
    assert_false(revokes_key(&list, STR(KEY_ID)));
    assert_true(revokes_digest(&list, STR(DIGEST)));
    assert_true(revokes_version(&list, STR("com.example.a"), STR("1.0.0")));
    assert_true(revokes_version(&list, STR("com.example.a"), STR("1.4.2")));
    assert_true(revokes_version(&list, STR("com.example.a"), STR("1.2.0-rc.1")));
    assert_false(revokes_version(&list, STR("com.example.a"), STR("1.4.3")));
    assert_false(revokes_version(&list, STR("com.example.a"), STR("1.0.0-rc.1")));
    assert_true(revokes_version(&list, STR("com.example.b"), STR("2.0.0")));
    assert_false(revokes_version(&list, STR("com.example"), STR("1.1.0")));
    assert_true(demands_later(&list, STR("com.example.c"), STR("1.4.9"), &minimum));
    assert_str(minimum, "1.5.0");
    assert_false(demands_later(&list, STR("com.example.c"), STR("1.5.0"), &minimum));
    assert_false(demands_later(&list, STR("com.example.a"), STR("0.1.0"), &minimum));
    static const char *const wrong[] = {
        LIST_HEAD LIST_MORE,
        LIST_HEAD LIST_MORE "revoke-id: com.example.a 1.0.0\nsignature: " DIGEST DIGEST "\n",
        LIST_HEAD LIST_MORE "minimum: com.example.a\nsignature: " DIGEST DIGEST "\n",
        LIST_HEAD "serial: -1\n",
        REVOCATIONS_HEADING "\n" LIST_MORE,
    };
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        assert_int_equal(
                revocations_read(arena, str_from(wrong[i]), &list, &reason), ERR_PARSE);
    }
    arena_free(arena);
}

static void signed_lists(void **state)
{
    (void)state;
    struct arena *arena = arena_new();
    struct crypto_library crypto;
    struct revocations list;
    struct str reason = STR_EMPTY;
    struct str once;
    struct str twice;
    assert_int_equal(crypto_library_open(&crypto, arena, CRYPTO_LIBRARY_NAME, &reason), 0);
    struct private_key *key = private_key_new(&crypto);
    struct public_key public_key = private_key_public(&crypto, key);
    assert_int_equal(revocations_sign(arena, STR(REVOCATIONS_HEADING "\n" LIST_MORE), &crypto,
                             key, &once, &reason),
            0);
    assert_int_equal(revocations_read(arena, once, &list, &reason), 0);
    assert_true(record_is_signed_by(&list.record, &crypto, &public_key));
    /* Signing again replaces, and Ed25519 gives the same bytes. */
    assert_int_equal(revocations_sign(arena, once, &crypto, key, &twice, &reason), 0);
    assert_true(str_eq(once, twice));
    /* Every changed byte breaks it. */
    for (size_t i = 0; i < once.len; i++) {
        char *copy = arena_cstr(arena, once);
        copy[i] ^= 1;
        assert_false(
                revocations_read(arena, (struct str){ copy, once.len }, &list, &reason) == 0 &&
                record_is_signed_by(&list.record, &crypto, &public_key));
    }
    private_key_free(&crypto, key);
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(statements),
        cmocka_unit_test(trailers),
        cmocka_unit_test(key_files),
        cmocka_unit_test(versions_in_order),
        cmocka_unit_test(lists),
        cmocka_unit_test(signed_lists),
    };
    return RUN_TESTS(tests);
}
