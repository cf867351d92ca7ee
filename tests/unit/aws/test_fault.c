/* SPDX-License-Identifier: Apache-2.0 */
/* The table of diagnostics and the cleaning of strangers' text. */
#include "aws/aws_fixture.h"
#include "aws/fault.h"

static void assert_clean(const char *text, size_t max_bytes, const char *want)
{
    struct arena *arena = arena_new();
    const struct str secrets[] = { STR("hunter2hunter2"), STR("hunter2") };
    assert_str(foreign_text(arena, str_from(text), max_bytes, secrets, 2), want);
    arena_free(arena);
}

static void test_secrets_are_cut_out(void **state)
{
    (void)state;
    assert_clean("hunter2", 100, "(hidden)");
    assert_clean("a hunter2 b hunter2hunter2 c", 100, "a (hidden) b (hidden) c");
    assert_clean("xhunter2y", 100, "x(hidden)y");
    assert_clean("hunter", 100, "hunter");
}

static void test_one_clean_line(void **state)
{
    (void)state;
    assert_clean("  a\r\n\tb\x1b[31mc\x7f  ", 100, "a b [31mc");
    assert_clean("caf\xc3\xa9 \xff\xfe \xc2\x9b", 100, "caf\xc3\xa9 ??");
    assert_clean("\xe2\x82", 100, "??");
    assert_clean("", 100, "");
}

static void test_length(void **state)
{
    (void)state;
    assert_clean("abcdef", 6, "abcdef");
    assert_clean("abcdefg", 6, "abcdef...");
    /* A secret at the edge goes as a whole. */
    assert_clean("abcdehunter2 more", 6, "abcde(hidden)...");
}

static void test_table(void **state)
{
    (void)state;
    for (size_t i = 0; i < AWS_DIAG__COUNT; i++) {
        assert_non_null(strstr(aws_diags[i].id, "aws/"));
        assert_true(strlen(aws_diags[i].title) > 5 && strlen(aws_diags[i].cause) > 20);
        assert_true(strlen(aws_diags[i].fix) > 10);
        for (size_t k = 0; k < i; k++) {
            assert_string_not_equal(aws_diags[i].id, aws_diags[k].id);
        }
    }
    for (int i = 0; i <= AWS_CANCELLED; i++) {
        assert_true(strlen(aws_outcome_name((enum aws_outcome)i)) > 1);
    }
}

static void test_report(void **state)
{
    (void)state;
    struct fixture fixture;
    fixture_start(&fixture, NULL);
    struct aws_fault *fault =
            fault_new(fixture.run.arena, AWS_NO_REGION, "no Region for %s", "x");
    fault->detail = STR("because");
    struct diag *diag = aws_fault_report(&fixture.run.diags, fault);
    assert_str(diag->message, "no Region for x");
    assert_str(diag->detail, "because");
    assert_str(diag->hint, aws_diags[AWS_NO_REGION].fix);
    assert_int_equal(diags_exit_code(&fixture.run.diags), 78);
    fixture_stop(&fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_secrets_are_cut_out),
        cmocka_unit_test(test_one_clean_line),
        cmocka_unit_test(test_length),
        cmocka_unit_test(test_table),
        cmocka_unit_test(test_report),
    };
    return RUN_TESTS(tests);
}
