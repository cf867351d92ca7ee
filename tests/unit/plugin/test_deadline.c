/* SPDX-License-Identifier: Apache-2.0 */
/* Deadlines: who has the last word, and what a note may say. */
#include "check.h"
#include "plugin/catalogue.h"
#include "plugin/deadline.h"

static void precedence(void **state)
{
    (void)state;

    /* What the user says (milliseconds), what plugin and check ask for (seconds), and what holds. */
    static const struct {
        int64_t said_callback, said_check;
        uint32_t asked_callback, asked_check, asked_by_check;
        int64_t callback, check;
    } cases[] = {
        { 0, 0, 0, 0, 0, 10000, 60000 },
        { 0, 0, 30, 0, 0, 30000, 60000 },
        { 0, 0, 0, 300, 0, 10000, 300000 },
        { 0, 0, 2, 300, 5, 2000, 5000 },
        { 0, 0, 2, 0, 900, 2000, 900000 },
        { 1500, 0, 30, 300, 0, 1500, 300000 },
        { 0, 7000, 30, 300, 900, 30000, 7000 },
        { 3600000, 3600000, 1, 1, 1, 3600000, 3600000 },
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct plugin_world world = { .callback_ms = cases[i].said_callback,
            .check_ms = cases[i].said_check };
        struct plugin_identity identity = { .callback_seconds = cases[i].asked_callback,
            .check_seconds = cases[i].asked_check };
        struct catalogue_check check = { .seconds = cases[i].asked_by_check };
        assert_int_equal(
                deadline_ms(&world, &identity, DEADLINE_CALLBACK, NULL), cases[i].callback);
        assert_int_equal(
                deadline_ms(&world, &identity, DEADLINE_CHECK, &check), cases[i].check);
        /* A check has nothing to say about other callbacks. */
        assert_int_equal(
                deadline_ms(&world, &identity, DEADLINE_CALLBACK, &check), cases[i].callback);
    }
}

static void without_a_catalogue(void **state)
{
    (void)state;
    struct plugin_world world = { 0 };
    struct plugin_identity identity = { .check_seconds = 90 };
    assert_int_equal(deadline_ms(&world, &identity, DEADLINE_CHECK, NULL), 90000);
    assert_int_equal(deadline_ms(&world, NULL, DEADLINE_CHECK, NULL), 60000);
}

static void what_a_note_may_say(void **state)
{
    (void)state;

    static const struct {
        const char *json;
        bool is_fine;
        uint32_t seconds;
    } cases[] = {
        { "{}", true, 0 },
        { "{\"other\":7}", true, 0 },
        { "{\"x\":1}", true, 1 },
        { "{\"x\":3600}", true, 3600 },
        { "{\"x\":0}", true, 1 },
        { "{\"x\":3601}", true, 3600 },
        { "{\"x\":9223372036854775807}", true, 3600 },
        { "{\"x\":9223372036854775808}", false, 0 },
        { "{\"x\":-1}", false, 0 },
        { "{\"x\":1.5}", false, 0 },
        { "{\"x\":\"30\"}", false, 0 },
        { "{\"x\":null}", false, 0 },
        { "{\"x\":true}", false, 0 },
        { "{\"x\":[30]}", false, 0 },
    };
    struct arena *arena = arena_new();
    struct keys *keys = keys_new(arena);
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const struct value *map = NULL;
        struct diags diags;
        uint32_t seconds = 77;
        diags_init(&diags, arena);
        assert_int_equal(
                json_read(arena, keys, &diags, str_from(cases[i].json), STR("note"), 0, &map),
                0);
        if (deadline_read(map, "x", &seconds) != cases[i].is_fine ||
                seconds != cases[i].seconds) {
            fail_msg("%s: %u", cases[i].json, (unsigned)seconds);
        }
    }
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(precedence),
        cmocka_unit_test(without_a_catalogue),
        cmocka_unit_test(what_a_note_may_say),
    };
    return RUN_TESTS(tests);
}
