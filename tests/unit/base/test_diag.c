/* SPDX-License-Identifier: Apache-2.0 */
/* The list of findings, the log and the suggestions. */
#include "check.h"

#define TEST_DIAGS(X)                                                                          \
    X(TEST_BAD, "test/bad", DIAG_ERROR, EXIT_DATA, "a bad thing", "it happens", "do better")   \
    X(TEST_ODD, "test/odd", DIAG_WARNING, EXIT_OK, "an odd thing", "it happens", "look again")

enum test_diag {
    TEST_DIAGS(DIAG_KIND_ENUM) TEST_DIAG__COUNT
};

static const struct diag_kind test_diags[TEST_DIAG__COUNT] = { TEST_DIAGS(DIAG_KIND_ENTRY) };

static void test_sorted_and_said_once(void **state)
{
    (void)state;
    struct arena *arena = arena_new();
    struct sources *sources = sources_new(arena);
    struct diags diags;
    diags_init(&diags, arena);
    uint32_t b = sources_add(sources, STR("b.yaml"));
    uint32_t a = sources_add(sources, STR("a.yaml"));
    assert_int_equal(sources_add(sources, STR("b.yaml")), b);
    (void)diag_add(&diags, &test_diags[TEST_BAD], (struct mark){ b, 1, 1 }, "third");
    (void)diag_add(&diags, &test_diags[TEST_ODD], (struct mark){ a, 9, 1 }, "second");
    (void)diag_add(&diags, &test_diags[TEST_BAD], (struct mark){ a, 2, 5 }, "first %d", 1);
    (void)diag_add(&diags, &test_diags[TEST_BAD], (struct mark){ a, 2, 5 }, "first %d", 1);
    assert_int_equal(diags.error_count, 3);
    diags_sort(&diags, sources);
    assert_int_equal(diags.list.count, 3);
    assert_int_equal(diags.error_count, 2);
    assert_int_equal(diags.warning_count, 1);
    assert_str(diags.list.items[0].message, "first 1");
    assert_str(diags.list.items[1].message, "second");
    assert_str(diags.list.items[2].message, "third");
    assert_int_equal(diags_exit_code(&diags), EXIT_DATA);
    assert_str(sources_path(sources, a), "a.yaml");
    assert_str(sources_path(sources, 99), "");
    arena_free(arena);
}

static void test_appended_findings_own_their_text(void **state)
{
    (void)state;
    struct arena *arena = arena_new();
    struct diags diags;
    char text[] = "message";
    struct diag_related related = { MARK_NONE, STR_INIT("other place") };
    struct diag diag = {
        .id = text, .message = str_from(text), .related = &related, .related_count = 1
    };
    diags_init(&diags, arena);
    assert_int_equal(diags_exit_code(&diags), 0);
    (void)diag_append(&diags, &diag);
    diag_relate(&diags, (struct mark){ 1, 2, 3 }, STR("second place"));
    text[0] = 'X';
    assert_str(diags.list.items[0].message, "message");
    assert_string_equal(diags.list.items[0].id, "message");
    assert_int_equal(diags.list.items[0].related_count, 2);
    assert_str(diags.list.items[0].related[0].message, "other place");
    assert_int_equal(diags.list.items[0].related[1].mark.line, 2);
    arena_free(arena);
}

static void test_suggestions(void **state)
{
    (void)state;
    struct arena *arena = arena_new();
    const struct str names[] = { STR_INIT("describe"), STR_INIT("validate"),
        STR_INIT("version"), STR_INIT("plugin") };
    assert_str(suggest_hint(arena, STR("vaildate"), names, 4), "did you mean \"validate\"?");
    assert_str(suggest_hint(arena, STR("xyzzy"), names, 4), "");
    assert_int_equal(edit_distance(STR("ab"), STR("ba"), 5), 1);
    assert_int_equal(edit_distance(STR("kitten"), STR("sitting"), 5), 3);
    assert_int_equal(edit_distance(STR("abc"), STR("xyz"), 1), 2);
    const struct str near[] = { STR_INIT("dev-b"), STR_INIT("dev-aa"), STR_INIT("dev-c"),
        STR_INIT("dev-d") };
    /* A table may have a name more than once. */
    const struct str twice[] = { STR("plan"), STR("plan"), STR("plans"), STR("plan") };
    assert_str(suggest_hint(arena, STR("pln"), twice, 4), "did you mean \"plan\"?");
    assert_str(suggest_hint(arena, STR("dev-a"), near, 4),
            "did you mean \"dev-b\", \"dev-aa\" or \"dev-c\"?");
    arena_free(arena);
}

static void collect(void *context, enum log_level level, struct str line)
{
    (void)level;
    buf_add(context, line);
    buf_add_byte(context, '|');
}

static void test_log_levels_and_control_characters(void **state)
{
    (void)state;
    struct buf lines = BUF_INIT(1000);
    struct log log = { LOG_INFO, collect, &lines };
    enum log_level level = LOG_OFF;
    log_at(&log, LOG_DEBUG, "not shown");
    log_at(&log, LOG_INFO, "a\x1b[2Jb\n");
    log_at(NULL, LOG_ERROR, "nowhere");
    assert_str(buf_str(&lines), "a?[2Jb?|");
    buf_clear(&lines);
    assert_true(log_level_from(STR("Trace"), &level));
    assert_int_equal(level, LOG_TRACE);
    assert_false(log_level_from(STR("verbose"), &level));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sorted_and_said_once),
        cmocka_unit_test(test_appended_findings_own_their_text),
        cmocka_unit_test(test_suggestions),
        cmocka_unit_test(test_log_levels_and_control_characters),
    };
    return RUN_TESTS(tests);
}
