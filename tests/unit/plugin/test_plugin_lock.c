/* SPDX-License-Identifier: Apache-2.0 */
/* The lock file: what it looks like, that it stays so, and that odd ones are refused with a reason. */
#include <string.h>
#include <unistd.h>

#include "estate.h"
#include "plugin/plugin_lock.h"

#define DIGEST_A "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define DIGEST_B "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"

static struct str content(struct estate *estate)
{
    struct str text;
    assert_int_equal(
            file_read(estate->run->arena, estate_path(estate, LOCK_FILE_NAME), 1 << 20, &text),
            0);
    return text;
}

static void written_and_read(void **state)
{
    (void)state;
    static const struct str kinds[] = { STR_INIT("x"), STR_INIT("y") };
    struct estate estate;
    struct plugin_lock lock;
    struct lock_pin pin;
    estate_open(&estate);
    struct run *run = estate.run;
    assert_int_equal(lock_read(run, estate.repository.folder, &lock), 0);
    assert_false(lock_find(NULL, &lock, STR("b.plugin"), &pin));
    lock_set_pin(run, &lock, STR("b.plugin"),
            (struct lock_pin){ .version = STR("1.0.0"), .sha256 = STR(DIGEST_B) });
    lock_set_pin(run, &lock, STR("a.plugin"),
            (struct lock_pin){ .version = STR("2.0.0"),
                    .sha256 = STR(DIGEST_A),
                    .kinds = { kinds, 2 },
                    .components = { kinds, 1 } });
    lock_set_disabled(run, &lock, STR("z"), true);
    lock_set_disabled(run, &lock, STR("guardduty"), true);
    assert_int_equal(lock_write(run, &lock), 0);
    assert_str(content(&estate),
            "{\n"
            "  \"disabled\": [\n    \"guardduty\",\n    \"z\"\n  ],\n"
            "  \"plugins\": {\n"
            "    \"a.plugin\": {\n      \"components\": [\n        \"x\"\n      ],\n"
            "      \"kinds\": [\n        \"x\",\n        \"y\"\n      ],\n"
            "      \"sha256\": \"" DIGEST_A "\",\n      \"version\": \"2.0.0\"\n    },\n"
            "    \"b.plugin\": {\n      \"components\": [],\n"
            "      \"kinds\": [],\n      \"sha256\": \"" DIGEST_B
            "\",\n      \"version\": \"1.0.0\"\n    }\n"
            "  },\n"
            "  \"version\": 1\n"
            "}\n");
    struct stat stat_of;
    assert_int_equal(stat(estate_path(&estate, LOCK_FILE_NAME).ptr, &stat_of), 0);
    assert_int_equal(stat_of.st_mode & 0777, 0644);

    /* Written again it is the same, byte for byte. */
    struct str before = content(&estate);
    struct plugin_lock again;
    assert_int_equal(lock_read(run, estate.repository.folder, &again), 0);
    assert_true(lock_find(run->arena, &again, STR("a.plugin"), &pin));
    assert_int_equal(pin.kinds.count, 2);
    assert_int_equal(pin.components.count, 1);
    assert_str(pin.kinds.items[1], "y");
    assert_str(pin.version, "2.0.0");
    assert_str(pin.sha256, DIGEST_A);
    assert_true(lock_disables(&again, STR("z")));
    assert_false(lock_disables(&again, STR("a.plugin")));
    assert_int_equal(lock_write(run, &again), 0);
    assert_true(str_eq(content(&estate), before));

    lock_remove_pin(run, &again, STR("a.plugin"));
    lock_remove_pin(run, &again, STR("never there"));
    lock_set_disabled(run, &again, STR("guardduty"), false);
    lock_set_disabled(run, &again, STR("z"), false);
    assert_false(lock_find(NULL, &again, STR("a.plugin"), &pin));
    assert_int_equal(lock_write(run, &again), 0);
    assert_true(str_find_str(content(&estate), STR("disabled")) < 0);
    estate_close(&estate);
}

static void unknown_keys_stay(void **state)
{
    (void)state;
    struct estate estate;
    struct plugin_lock lock;
    estate_open(&estate);
    estate_write(&estate, LOCK_FILE_NAME,
            STR("{\"version\":1,\"note\":\"ours\",\"plugins\":{\"a\":{\"version\":\"1.0.0\","
                "\"sha256\":\"" DIGEST_A "\",\"ticket\":\"OPS-7\"}}}"));
    assert_int_equal(lock_read(estate.run, estate.repository.folder, &lock), 0);
    lock_set_pin(estate.run, &lock, STR("a"),
            (struct lock_pin){ .version = STR("1.1.0"), .sha256 = STR(DIGEST_B) });
    assert_int_equal(lock_write(estate.run, &lock), 0);
    assert_contains(content(&estate), "\"note\": \"ours\"");
    assert_contains(content(&estate), "\"ticket\": \"OPS-7\"");
    assert_contains(content(&estate), "\"version\": \"1.1.0\"");
    estate_close(&estate);
}

static void sources_come_and_go(void **state)
{
    (void)state;
    struct estate estate;
    struct plugin_lock lock;
    struct lock_pin pin = { .version = STR("1.0.0"),
        .sha256 = STR(DIGEST_A),
        .source = STR("https://example.com/a.so") };
    estate_open(&estate);
    assert_int_equal(lock_read(estate.run, estate.repository.folder, &lock), 0);
    lock_set_pin(estate.run, &lock, STR("a"), pin);
    assert_int_equal(lock_write(estate.run, &lock), 0);
    assert_int_equal(lock_read(estate.run, estate.repository.folder, &lock), 0);
    assert_true(lock_find(NULL, &lock, STR("a"), &pin));
    assert_str(pin.source, "https://example.com/a.so");
    pin.source = STR_EMPTY;
    lock_set_pin(estate.run, &lock, STR("a"), pin);
    assert_int_equal(lock_write(estate.run, &lock), 0);
    assert_true(str_find_str(content(&estate), STR("source")) < 0);
    estate_close(&estate);
}

static void odd_files(void **state)
{
    (void)state;

    static const struct {
        const char *text, *reason;
    } cases[] = {
        { "", "the text is empty" },
        { "{", "unexpected end of data" },
        { "[]", "not a JSON object" },
        { "{}", "no `version`" },
        { "{\"version\":\"1\"}", "no `version`" },
        { "{\"version\":2}", "version 2, this program knows version 1" },
        { "{\"version\":1,\"plugins\":[]}", "`plugins` is not a map" },
        { "{\"version\":1,\"plugins\":{\"../x\":{}}}", "no plugin id" },
        { "{\"version\":1,\"plugins\":{\"a\":{\"sha256\":\"" DIGEST_A "\"}}}",
                "the pin of `a` has no valid `version`" },
        { "{\"version\":1,\"plugins\":{\"a\":{\"version\":\"1.0.0\",\"sha256\":\"AB\"}}}",
                "64 hexadecimal digits" },
        { "{\"version\":1,\"plugins\":{\"a\":{\"version\":\"1.0.0\",\"kinds\":[7],\"sha256\":"
          "\"" DIGEST_A "\"}}}",
                "odd `kinds` or `components`" },
        { "{\"version\":1,\"plugins\":{\"a\":7}}", "the pin of `a`" },
        { "{\"version\":1,\"disabled\":\"all\"}", "`disabled` is not a list" },
        { "{\"version\":1,\"disabled\":[\"[\"]}", "no pattern" },
        { "{\"version\":1,\"version\":1}", "already defined" },
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct estate estate;
        struct plugin_lock lock;
        estate_open(&estate);
        estate_write(&estate, LOCK_FILE_NAME, str_from(cases[i].text));
        int code = lock_read(estate.run, estate.repository.folder, &lock);
        assert_true(code < 0);
        assert_int_equal(estate.run->diags.error_count, 1);
        const struct diag *diag = estate_finding(&estate, "plugin/lock-invalid");
        if (str_find_str(diag->message, str_from(cases[i].reason)) < 0) {
            fail_msg("case %zu: %.*s", i, STR_ARG(diag->message));
        }
        estate_close(&estate);
    }
}

static void not_a_file(void **state)
{
    (void)state;
    struct estate estate;
    struct plugin_lock lock;
    estate_open(&estate);
    assert_int_equal(mkfifo(estate_path(&estate, LOCK_FILE_NAME).ptr, 0600), 0);
    assert_int_equal(lock_read(estate.run, estate.repository.folder, &lock), ERR_INVALID);
    assert_contains(
            estate_finding(&estate, "plugin/lock-invalid")->message, "not a regular file");
    estate_close(&estate);
}

static void no_repository(void **state)
{
    (void)state;
    struct estate estate;
    struct plugin_lock lock;
    estate_open(&estate);
    assert_int_equal(lock_read(estate.run, STR_EMPTY, &lock), 0);
    assert_int_equal(lock_write(estate.run, &lock), ERR_INVALID);
    assert_non_null(estate_finding(&estate, "plugin/no-repository"));
    estate_close(&estate);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(written_and_read),
        cmocka_unit_test(unknown_keys_stay),
        cmocka_unit_test(sources_come_and_go),
        cmocka_unit_test(odd_files),
        cmocka_unit_test(not_a_file),
        cmocka_unit_test(no_repository),
    };
    return RUN_TESTS(tests);
}
