/* SPDX-License-Identifier: Apache-2.0 */
/* Identity notes: the good one, and each field wrong once. */
#include <string.h>

#include "check.h"
#include "plugin/identity.h"

static const char good[] =
        "{\"abi\":{\"major\":1,\"minor\":0},\"aws_actions\":[\"guardduty:ListDetectors\"],"
        "\"code_prefix\":\"GD\",\"components\":[\"guardduty\",\"security/*\"],"
        "\"documentation\":\"https://example.com/guardduty\","
        "\"extensions\":{\"optional\":[\"tfa.aws/1\"],\"required\":[\"tfa.value/1\"]},"
        "\"id\":\"com.example.guard-duty\",\"kinds\":[\"guardduty\"],\"license\":\"MIT\","
        "\"provides\":[\"tfa.check/1\"],\"summary\":\"Guards\",\"unknown\":[1],"
        "\"version\":\"1.20.3-rc.1+build.007\"}";

/* Replaces one part of the good text. */
static struct str with(struct arena *arena, const char *part, const char *other)
{
    struct str text = STR(good);
    ptrdiff_t at = str_find_str(text, str_from(part));
    assert_true(at >= 0);
    return arena_printf(arena, "%.*s%s%.*s", STR_ARG(str_sub(text, 0, (size_t)at)), other,
            STR_ARG(str_from_index(text, (size_t)at + strlen(part))));
}

static void good_one(void **state)
{
    (void)state;
    struct arena *arena = arena_new();
    struct keys *keys = keys_new(arena);
    const struct plugin_identity *identity = NULL;
    struct str reason;
    assert_int_equal(identity_read(arena, keys, STR(good), &identity, &reason), 0);
    assert_str(identity->id, "com.example.guard-duty");
    assert_str(identity->version, "1.20.3-rc.1+build.007");
    assert_int_equal(identity->abi_major, 1);
    assert_int_equal(identity->abi_minor, 0);
    assert_int_equal(identity->kinds.count, 1);
    assert_int_equal(identity->components.count, 2);
    assert_str(identity->components.items[1], "security/*");
    assert_true(str_list_has(&identity->required, STR("tfa.value/1")));
    assert_false(str_list_has(&identity->required, STR("tfa.aws/1")));
    assert_true(str_list_has(&identity->optional, STR("tfa.aws/1")));
    assert_str(identity->aws_actions.items[0], "guardduty:ListDetectors");
    assert_int_equal(identity->callback_seconds, 0);
    assert_int_equal(identity->check_seconds, 0);
    arena_free(arena);
}

static void deadlines(void **state)
{
    (void)state;

    static const struct {
        const char *text;
        uint32_t callback, check;
    } cases[] = {
        { "{}", 0, 0 },
        { "{\"callback_seconds\":30}", 30, 0 },
        { "{\"check_seconds\":300}", 0, 300 },
        { "{\"callback_seconds\":0,\"check_seconds\":86400}", 1, 3600 },
        { "{\"callback_seconds\":5,\"later\":{}}", 5, 0 },
    };
    struct arena *arena = arena_new();
    struct keys *keys = keys_new(arena);
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const struct plugin_identity *identity = NULL;
        struct str reason;
        struct str text = with(arena, "\"unknown\":[1]",
                arena_printf(arena, "\"deadlines\":%s", cases[i].text).ptr);
        assert_int_equal(identity_read(arena, keys, text, &identity, &reason), 0);
        assert_int_equal(identity->callback_seconds, cases[i].callback);
        assert_int_equal(identity->check_seconds, cases[i].check);
    }
    arena_free(arena);
}

static void each_field(void **state)
{
    (void)state;

    static const struct {
        const char *part, *other, *reason;
    } cases[] = {
        { "{\"abi\"", "[{\"abi\"", "not a JSON object" },
        { "\"com.example.guard-duty\"", "\"Com.Example\"", "`id` is not a plugin id" },
        { "\"com.example.guard-duty\"", "\"a..b\"", "`id`" },
        { "\"com.example.guard-duty\"", "\"-a\"", "`id`" },
        { "\"com.example.guard-duty\"", "\"../x\"", "`id`" },
        { "\"com.example.guard-duty\"", "7", "`id`" },
        { "\"id\"", "\"di\"", "`id` is missing" },
        { "1.20.3-rc.1+build.007", "1.20", "`version` is not a semantic version" },
        { "1.20.3-rc.1+build.007", "01.2.3", "`version`" },
        { "1.20.3-rc.1+build.007", "1.2.3-", "`version`" },
        { "1.20.3-rc.1+build.007", "1.2.3-01", "`version`" },
        { "1.20.3-rc.1+build.007", "1.2.3.4", "`version`" },
        { "\"major\":1", "\"major\":\"1\"", "`abi.major` is not a version number" },
        { "\"major\":1", "\"major\":-1", "`abi.major`" },
        { "\"minor\":0", "\"minos\":0", "`abi.minor` is missing" },
        { "\"GD\"", "\"G\"", "`code_prefix`" },
        { "\"GD\"", "\"gd\"", "`code_prefix`" },
        { "https://", "http://", "`documentation` is not an https address" },
        { "com/guardduty", "com/a b", "`documentation`" },
        { "\"kinds\":[\"guardduty\"]", "\"kinds\":[]", "`kinds`" },
        { "\"kinds\":[\"guardduty\"]", "\"kinds\":[\"a.b\"]", "`kinds`" },
        { "\"kinds\":[\"guardduty\"]", "\"kinds\":{}", "`kinds`" },
        { "security/*", "security/[", "`components`" },
        { "security/*", "a b", "`components`" },
        { "\"tfa.value/1\"", "\"tfa.value\"", "`extensions.required`" },
        { "\"tfa.value/1\"", "\"tfa.value/0\"", "`extensions.required`" },
        { "\"tfa.aws/1\"", "\"aws/1\"", "`extensions.optional`" },
        { "\"tfa.check/1\"", "1", "`provides`" },
        { "\"Guards\"", "\"\"", "`summary`" },
        { "\"Guards\"", "\"a\\u001b[31mb\"", "`summary`" },
        { "guardduty:ListDetectors", "guardduty:*", "`aws_actions`" },
        { "guardduty:ListDetectors", "guardduty:DeleteDetector",
                "asks for the AWS action `guardduty:DeleteDetector`, which does not only "
                "read" },
        { "guardduty:ListDetectors", "ssm:GetParameter", "hands out secrets" },
        { "\"unknown\":[1]", "\"deadlines\":30", "`deadlines` is not an object" },
        { "\"unknown\":[1]", "\"deadlines\":null", "`deadlines` is not an object" },
        { "\"unknown\":[1]", "\"deadlines\":{\"callback_seconds\":\"30\"}",
                "`deadlines.callback_seconds` is not a whole number of seconds" },
        { "\"unknown\":[1]", "\"deadlines\":{\"check_seconds\":1.5}",
                "`deadlines.check_seconds` is not a whole number of seconds" },
    };
    struct arena *arena = arena_new();
    struct keys *keys = keys_new(arena);
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const struct plugin_identity *identity = NULL;
        struct str reason = STR_EMPTY;
        struct str text = with(arena, cases[i].part, cases[i].other);
        int code = identity_read(arena, keys, text, &identity, &reason);
        if (code != ERR_INVALID || str_find_str(reason, str_from(cases[i].reason)) < 0) {
            fail_msg("case %zu: %d, \"%.*s\", expected \"%s\"", i, code, STR_ARG(reason),
                    cases[i].reason);
        }
        assert_null(identity);
    }
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(good_one),
        cmocka_unit_test(deadlines),
        cmocka_unit_test(each_field),
    };
    return RUN_TESTS(tests);
}
