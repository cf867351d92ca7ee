/* SPDX-License-Identifier: Apache-2.0 */
/* Findings on the screen and as JSON. */
#include "out_fixture.h"

static const struct diag_kind kind_error = { "test/broken", DIAG_ERROR, EXIT_DATA, "t", "c",
    "f" };
static const struct diag_kind kind_warning = { "test/odd", DIAG_WARNING, EXIT_OK, "t", "c",
    "f" };

static struct str folder;

/* A folder with one file, which is file 1 of the sources. */
static void begin_with(const struct term *term, const char *content)
{
    begin(term);
    folder = scratch_folder(run.arena);
    scratch_file(run.arena, folder, "a.yaml", content);
    sources_set_root(run.sources, folder);
    assert_int_equal(sources_add(run.sources, STR("a.yaml")), 1);
}

static void write_as(enum report_format format, bool want_summary)
{
    struct report_options options = { .format = format, .want_summary = want_summary };
    report_write(&run, &stream, &options);
}

static void the_line_and_a_caret(void **state)
{
    (void)state;
    begin_with(&term_pipe, "vars:\n  name: value\n");
    struct diag *diag = diag_add(
            &run.diags, &kind_error, (struct mark){ 1, 2, 9 }, "\"%s\" is wrong", "value");
    diag->span = 5;
    diag->detail = STR("one\ntwo");
    diag->hint = STR("write something else");
    diag->stack = STR("dev");
    diag->component = STR("vpc");
    diag->doc_url = STR("https://example.com");
    write_as(REPORT_FULL, false);
    expect("error[test/broken]: \"value\" is wrong\n"
           "  --> a.yaml:2:9\n"
           "   |\n"
           " 2 |   name: value\n"
           "   |         ^^^^^\n"
           "   = why: one\n"
           "          two\n"
           "   = instance: vpc in stack dev\n"
           "   = help: write something else\n"
           "   = see: https://example.com\n"
           "\n");
    write_as(REPORT_CONCISE, false);
    expect("a.yaml:2:9: error test/broken \"value\" is wrong (vpc in dev)\n");
    end();
}

static void tabs_and_wide_characters_keep_the_caret_in_place(void **state)
{
    (void)state;
    begin_with(&term_pipe, "\t\xe6\x97\xa5: bad\n");
    struct diag *diag = diag_add(&run.diags, &kind_error, (struct mark){ 1, 1, 5 }, "bad");
    diag->span = 3;
    write_as(REPORT_FULL, false);
    expect("error[test/broken]: bad\n"
           "  --> a.yaml:1:5\n"
           "   |\n"
           " 1 |     \xe6\x97\xa5: bad\n"
           "   |         ^^^\n"
           "\n");
    end();
}

static void long_lines_are_cut_around_the_place(void **state)
{
    (void)state;
    char line[3000];
    for (size_t i = 0; i < sizeof(line) - 2; i++) {
        line[i] = (char)('a' + i % 26);
    }
    line[sizeof(line) - 2] = '\n';
    line[sizeof(line) - 1] = 0;
    begin_with(&term_narrow, line);
    diag_add(&run.diags, &kind_error, (struct mark){ 1, 1, 1001 }, "here")->span = 2000;
    write_as(REPORT_FULL, false);
    struct str rest = buf_str(&stream.buf);
    bool more = true;
    struct str piece;
    while (str_split(&rest, &more, '\n', &piece)) {
        assert_true(text_width(piece) <= 40);
    }
    /* Column 1001 holds byte 1000, the letter of 1000 % 26; the caret stands below it. */
    rest = buf_str(&stream.buf);
    struct str shown = STR_EMPTY;
    more = true;
    while (str_split(&rest, &more, '\n', &piece)) {
        ptrdiff_t caret = str_find(piece, '^');
        if (caret >= 0) {
            assert_int_equal(shown.ptr[caret], 'a' + 1000 % 26);
        }
        shown = piece;
    }
    end();
}

static void places_that_cannot_be_shown(void **state)
{
    (void)state;
    begin_with(&term_pipe, "one line");
    uint32_t gone = sources_add(run.sources, STR("gone.yaml"));
    diag_add(&run.diags, &kind_error, (struct mark){ 1, 7, 3 }, "line is gone");
    diag_add(&run.diags, &kind_error, (struct mark){ gone, 1, 1 }, "file is gone");
    diag_add(&run.diags, &kind_error, (struct mark){ 1, 1, 500 }, "column is gone");
    diag_add(&run.diags, &kind_error, (struct mark){ 1, 0, 0 }, "only a file");
    diag_add(&run.diags, &kind_error, MARK_NONE, "no place");
    write_as(REPORT_FULL, false);
    expect("error[test/broken]: line is gone\n"
           "  --> a.yaml:7:3\n"
           "\n"
           "error[test/broken]: file is gone\n"
           "  --> gone.yaml:1:1\n"
           "\n"
           "error[test/broken]: column is gone\n"
           "  --> a.yaml:1:500\n"
           "   |\n"
           " 1 | one line\n"
           "   |         ^\n"
           "\n"
           "error[test/broken]: only a file\n"
           "  --> a.yaml\n"
           "\n"
           "error[test/broken]: no place\n"
           "\n");
    end();
}

static void related_places(void **state)
{
    (void)state;
    begin_with(&term_pipe, "a: 1\nb: 2\n");
    diag_add(&run.diags, &kind_warning, (struct mark){ 1, 2, 1 }, "twice");
    diag_relate(&run.diags, (struct mark){ 1, 1, 1 }, STR("first here"));
    write_as(REPORT_FULL, true);
    expect("warning[test/odd]: twice\n"
           "  --> a.yaml:2:1\n"
           "   |\n"
           " 2 | b: 2\n"
           "   | ^\n"
           "  ::: a.yaml:1:1: first here\n"
           "   |\n"
           " 1 | a: 1\n"
           "   | ^\n"
           "\n"
           "1 warning\n");
    end();
}

static void foreign_text_is_harmless(void **state)
{
    (void)state;
    begin_with(&term_pipe, "a: \x1b[31mred\n");
    struct diag *diag =
            diag_add(&run.diags, &kind_error, (struct mark){ 1, 1, 4 }, "bad \x1b]0;title\x07");
    diag->detail = STR("\x1b[2J");
    diag->plugin = STR("\x1b[H");
    write_as(REPORT_FULL, false);
    write_as(REPORT_CONCISE, false);
    assert_false(has("\x1b"));
    assert_false(has("\x07"));
    end();
}

static void many_of_a_kind_are_shortened(void **state)
{
    (void)state;
    begin_with(&term_pipe, "a: 1\n");
    for (int i = 0; i < 30; i++) {
        diag_add(&run.diags, &kind_error, MARK_NONE, "number %d", i);
    }
    diag_add(&run.diags, &kind_warning, MARK_NONE, "another");
    write_as(REPORT_FULL, true);
    assert_true(has("error[test/broken]: number 9\n\n"));
    assert_true(has("error test/broken number 10\n"));
    assert_true(has("error test/broken number 19\n"));
    assert_false(has("number 20"));
    assert_true(has("10 more of test/broken are not shown; --format json has them all\n"));
    assert_true(has("warning[test/odd]: another\n"));
    assert_true(has("30 errors, 1 warning\n"));
    end();
}

static void add_check(enum diag_check check, const char *id)
{
    struct diag diag = { .id = "GD0101",
        .severity = check == DIAG_CHECK_FAIL ? DIAG_ERROR : DIAG_INFO,
        .check = check,
        .message = STR("the detector"),
        .check_id = str_from(id),
        .expected = STR("on"),
        .actual = STR("off") };
    diag_append(&run.diags, &diag);
}

static void check_results(void **state)
{
    (void)state;
    begin(&term_pipe);
    add_check(DIAG_CHECK_FAIL, "GD-02");
    add_check(DIAG_CHECK_PASS, "GD-01");
    add_check(DIAG_CHECK_PENDING, "GD-03");
    add_check(DIAG_CHECK_SKIPPED, "GD-04");
    add_check(DIAG_CHECK_UNKNOWN, "GD-05");
    struct report_options options = { .want_summary = true, .want_passed = true };
    report_write(&run, &stream, &options);
    expect("pass GD-01 the detector\n"
           "skipped GD-04 the detector\n"
           "\n"
           "pending[GD-03]: the detector\n"
           "   = expected: on\n"
           "   = actual: off\n"
           "\n"
           "unknown[GD-05]: the detector\n"
           "   = expected: on\n"
           "   = actual: off\n"
           "\n"
           "fail[GD-02]: the detector\n"
           "   = expected: on\n"
           "   = actual: off\n"
           "\n"
           "1 check failed, 1 check unknown, 1 check pending, 1 check skipped, 1 check "
           "passed\n");
    options.want_passed = false;
    report_write(&run, &stream, &options);
    assert_false(has("pass GD-01"));
    end();
}

static void nothing_to_say(void **state)
{
    (void)state;
    begin(&term_pipe);
    struct report_options options = { .want_summary = true, .nothing = "all is well" };
    report_write(&run, &stream, &options);
    expect("all is well\n");
    options.want_summary = false;
    report_write(&run, &stream, &options);
    expect("");
    end();
}

static const struct value *first_finding(void)
{
    return value_at(value_get_path(report_value(&run), "diagnostics"), 0);
}

static void json_has_every_member(void **state)
{
    (void)state;
    begin_with(&term_pipe, "x: 1\nb\xc3\xa9: bad\n");
    struct diag *diag = diag_add(&run.diags, &kind_error, (struct mark){ 1, 2, 5 }, "m");
    diag->span = 3;
    diag->stack = STR("dev");
    diag->component = STR("vpc");
    const struct value *found = first_finding();
    assert_str(value_text(value_get_path(report_value(&run), "format_version")), "1.0");
    static const char *const members[] = { "id", "severity", "message", "detail", "hint",
        "doc_url", "file", "range", "subject", "pointer", "plugin", "check", "check_id",
        "resource", "expected", "actual", "related", "fingerprint" };
    assert_int_equal(value_count(found), sizeof(members) / sizeof(members[0]));
    for (size_t i = 0; i < sizeof(members) / sizeof(members[0]); i++) {
        assert_non_null(value_get_path(found, members[i]));
    }
    assert_str(value_text(value_get_path(found, "severity")), "error");
    assert_str(value_text(value_get_path(found, "range.start.line")), "2");
    assert_str(value_text(value_get_path(found, "range.start.column")), "5");
    /* One character of two bytes stands before the place. */
    assert_str(value_text(value_get_path(found, "range.start.offset")), "10");
    assert_str(value_text(value_get_path(found, "range.end.column")), "8");
    assert_str(value_text(value_get_path(found, "range.end.offset")), "13");
    assert_str(value_text(value_get_path(found, "subject.stack")), "dev");
    assert_str(value_text(value_get_path(report_value(&run), "summary.errors")), "1");
    end();
}

static void fingerprints_survive_edits(void **state)
{
    (void)state;
    begin_with(&term_pipe, "a\nb\n");
    struct diag one = {
        .id = "x", .message = STR("m"), .mark = { 1, 1, 1 }, .pointer = STR("/a")
    };
    struct diag moved = one;
    moved.mark.line = 2;
    moved.message = STR("other words");
    struct diag elsewhere = one;
    elsewhere.pointer = STR("/b");
    struct str first = report_fingerprint(&run, &one);
    assert_int_equal(first.len, 32);
    assert_true(str_eq(first, report_fingerprint(&run, &moved)));
    assert_false(str_eq(first, report_fingerprint(&run, &elsewhere)));
    one.stack = STR("dev");
    assert_false(str_eq(first, report_fingerprint(&run, &one)));
    end();
}

static void color_marks_the_severity(void **state)
{
    (void)state;
    begin(&(struct term){ .width = 80, .has_color = true });
    diag_add(&run.diags, &kind_error, MARK_NONE, "m");
    write_as(REPORT_FULL, false);
    expect("\x1b[1;31merror\x1b[0m[test/broken]: \x1b[1mm\x1b[0m\n\n");
    end();
}

static void formats_by_name(void **state)
{
    (void)state;
    enum report_format format = REPORT_FULL;
    assert_true(report_format_from(STR("json"), &format));
    assert_int_equal(format, REPORT_JSON);
    assert_false(report_format_from(STR("sarif"), &format));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_line_and_a_caret),
        cmocka_unit_test(tabs_and_wide_characters_keep_the_caret_in_place),
        cmocka_unit_test(long_lines_are_cut_around_the_place),
        cmocka_unit_test(places_that_cannot_be_shown),
        cmocka_unit_test(related_places),
        cmocka_unit_test(foreign_text_is_harmless),
        cmocka_unit_test(many_of_a_kind_are_shortened),
        cmocka_unit_test(check_results),
        cmocka_unit_test(nothing_to_say),
        cmocka_unit_test(json_has_every_member),
        cmocka_unit_test(fingerprints_survive_edits),
        cmocka_unit_test(color_marks_the_severity),
        cmocka_unit_test(formats_by_name),
    };
    return RUN_TESTS(tests);
}
