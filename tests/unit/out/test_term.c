/* SPDX-License-Identifier: Apache-2.0 */
/* Which rule decides color, width and UTF-8. */
#include <string.h>
#include <unistd.h>

#include "check.h"
#include "out/term.h"

static struct term detect(const char *const *variables, enum color_mode mode)
{
    struct environment env = { variables };
    struct term term;
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    term_detect(&env, ends[1], mode, &term);
    close(ends[0]);
    close(ends[1]);
    return term;
}

#define DETECT(mode, ...) detect((const char *const[]){ __VA_ARGS__, NULL }, (mode))

static void color_rules(void **state)
{
    (void)state;

    static const struct {
        const char *variables[4];
        enum color_mode mode;
        bool want;
        const char *rule;
    } cases[] = {
        { { NULL }, COLOR_AUTO, false, "not a terminal" },
        { { NULL }, COLOR_ALWAYS, true, "--color always" },
        { { "NO_COLOR=1", NULL }, COLOR_ALWAYS, true, "--color always" },
        { { "FORCE_COLOR=1", NULL }, COLOR_NEVER, false, "--color never" },
        { { "NO_COLOR=1", "FORCE_COLOR=1", NULL }, COLOR_AUTO, false, "NO_COLOR is set" },
        { { "NO_COLOR=", "FORCE_COLOR=1", NULL }, COLOR_AUTO, true, "FORCE_COLOR is set" },
        { { "TF_ATMOS_NO_COLOR=1", "CLICOLOR_FORCE=1", NULL }, COLOR_AUTO, false,
                "TF_ATMOS_NO_COLOR is set" },
        { { "CLICOLOR_FORCE=1", "CLICOLOR=0", NULL }, COLOR_AUTO, true,
                "CLICOLOR_FORCE is set" },
        { { "CLICOLOR_FORCE=0", NULL }, COLOR_AUTO, false, "not a terminal" },
        { { "FORCE_COLOR=0", NULL }, COLOR_AUTO, false, "FORCE_COLOR says no" },
        { { "CLICOLOR=0", "TF_ATMOS_FORCE_TTY=1", "TERM=xterm", NULL }, COLOR_AUTO, false,
                "CLICOLOR is 0" },
        { { "TF_ATMOS_FORCE_TTY=1", "TERM=dumb", NULL }, COLOR_AUTO, false,
                "TERM is dumb or not set" },
        { { "TF_ATMOS_FORCE_TTY=1", NULL }, COLOR_AUTO, false, "TERM is dumb or not set" },
        { { "TF_ATMOS_FORCE_TTY=1", "TERM=xterm", NULL }, COLOR_AUTO, true,
                "a terminal with color" },
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct term term = detect(cases[i].variables, cases[i].mode);
        assert_string_equal(term.color_rule, cases[i].rule);
        assert_int_equal(term.has_color, cases[i].want);
    }
}

static void styles_need_color(void **state)
{
    (void)state;
    struct term with = DETECT(COLOR_ALWAYS, "A=b");
    struct term without = DETECT(COLOR_NEVER, "A=b");
    assert_string_equal(term_style(&with, STYLE_ERROR), "\x1b[1;31m");
    assert_string_equal(term_style_end(&with), "\x1b[0m");
    for (int style = 0; style < STYLE__COUNT; style++) {
        assert_non_null(term_style(&with, (enum style)style));
        assert_string_equal(term_style(&without, (enum style)style), "");
    }
    assert_string_equal(term_style_end(&without), "");
}

static void width_rules(void **state)
{
    (void)state;
    assert_int_equal(DETECT(COLOR_AUTO, "A=b").width, 80);
    assert_string_equal(DETECT(COLOR_AUTO, "A=b").width_rule, "the default");
    assert_int_equal(DETECT(COLOR_AUTO, "COLUMNS=132").width, 132);
    assert_int_equal(DETECT(COLOR_AUTO, "COLUMNS=132", "TF_ATMOS_FORCE_TTY=40").width, 40);
    assert_int_equal(DETECT(COLOR_AUTO, "COLUMNS=3").width, 80);
    assert_int_equal(DETECT(COLOR_AUTO, "COLUMNS=-5").width, 80);
    assert_int_equal(DETECT(COLOR_AUTO, "COLUMNS=99999999999").width, 1000);
    assert_true(DETECT(COLOR_AUTO, "TF_ATMOS_FORCE_TTY=1").is_tty);
    assert_false(DETECT(COLOR_AUTO, "TF_ATMOS_FORCE_TTY=0").is_tty);
}

static void utf8_follows_the_locale(void **state)
{
    (void)state;
    assert_true(DETECT(COLOR_AUTO, "LANG=de_DE.UTF-8").is_utf8);
    assert_true(DETECT(COLOR_AUTO, "LC_ALL=C.utf8", "LANG=C").is_utf8);
    assert_false(DETECT(COLOR_AUTO, "LC_ALL=C", "LANG=de_DE.UTF-8").is_utf8);
    assert_false(DETECT(COLOR_AUTO, "LC_CTYPE=de_DE.ISO-8859-1", "LANG=C.UTF-8").is_utf8);
    assert_true(DETECT(COLOR_AUTO, "LC_ALL=", "LANG=C.UTF-8").is_utf8);
    assert_false(DETECT(COLOR_AUTO, "A=b").is_utf8);
}

static void color_modes_by_name(void **state)
{
    (void)state;
    enum color_mode mode = COLOR_AUTO;
    assert_true(color_mode_from(STR("never"), &mode));
    assert_int_equal(mode, COLOR_NEVER);
    assert_false(color_mode_from(STR("Never"), &mode));
    assert_int_equal(mode, COLOR_NEVER);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(color_rules),
        cmocka_unit_test(styles_need_color),
        cmocka_unit_test(width_rules),
        cmocka_unit_test(utf8_follows_the_locale),
        cmocka_unit_test(color_modes_by_name),
    };
    return RUN_TESTS(tests);
}
