/* SPDX-License-Identifier: Apache-2.0 */
/* What is wrong with a template, and where. */
#include "template_fixture.h"

static const struct fault faults[] = {
    { "{{/* c }}", ERR_PARSE, 1, 1, "the comment is not closed: \"*/\" is missing" },
    { "{{ /* c */ }}", ERR_PARSE, 1, 4, "this character means nothing in an action" },
    { "{{ .vars.nul.x }}", ERR_NOT_FOUND, 1, 13, "there is no \"x\" for \".vars.nul.x\"" },
    { "{{ .vars.n.x }}", ERR_INVALID, 1, 11, "\"x\" is not in an integer (\".vars.n.x\")" },
    { "{{ .vars.tenant.x }}", ERR_INVALID, 1, 16,
            "\"x\" is not in a text (\".vars.tenant.x\")" },
    { "{{ .vars.l.x }}", ERR_INVALID, 1, 11, "\"x\" is not in a list (\".vars.l.x\")" },
    { "{{ if }}x{{ end }}", ERR_PARSE, 1, 7, "if: a value is missing here" },
    { "{{ if true }}", ERR_PARSE, 1, 1, "this block has no \"end\"" },
    { "{{ end }}", ERR_PARSE, 1, 4, "\"end\" without a block" },
    { "{{ else }}", ERR_PARSE, 1, 4, "\"else\" without a block" },
    { "{{ if true }}a{{ else }}b{{ else }}c{{ end }}", ERR_PARSE, 1, 23,
            "a second \"else\" of this block" },
    { "{{ range $i, $j := 3 }}{{ $i }}{{ end }}", ERR_INVALID, 1, 10,
            "a range over a number sets one variable, not two" },
    { "{{ range .vars.tenant }}{{ . }}{{ end }}", ERR_INVALID, 1, 10,
            "range cannot go over a text" },
    { "{{ range .vars.t }}{{ . }}{{ end }}", ERR_INVALID, 1, 10,
            "range cannot go over a boolean" },
    { "{{ range .vars.f }}{{ . }}{{ end }}", ERR_INVALID, 1, 10,
            "range cannot go over a number with a point" },
    { "{{ break }}", ERR_PARSE, 1, 4, "\"break\" stands outside of a range" },
    { "{{ range .vars.l }}{{ else }}{{ break }}{{ end }}", ERR_PARSE, 1, 33,
            "\"break\" stands outside of a range" },
    { "{{ range .vars.mixed }}{{ if . }}{{ .x }}{{ end }};{{ end }}", ERR_INVALID, 1, 37,
            "\"x\" is not in an integer (\".x\")" },
    { "{{ if $x := .vars.n }}{{ end }}{{ $x }}", ERR_PARSE, 1, 35,
            "there is no variable \"$x\" here" },
    { "{{ $undefined }}", ERR_PARSE, 1, 4, "there is no variable \"$undefined\" here" },
    { "{{ $x = 1 }}", ERR_PARSE, 1, 4, "there is no variable \"$x\" here" },
    { "{{ $x := $x }}", ERR_PARSE, 1, 10, "there is no variable \"$x\" here" },
    { "{{ $x, $y := 1 }}", ERR_PARSE, 1, 6, "an action sets at most 1 variable" },
    { "{{ range $x, $y, $z := .vars.l }}{{ end }}", ERR_PARSE, 1, 16,
            "range sets at most 2 variables" },
    { "{{ range $x, }}{{ end }}", ERR_PARSE, 1, 14,
            "the action ends in the variables of a range" },
    { "{{ (1).x }}", ERR_INVALID, 1, 7, "\"x\" is not in an integer (\"(1).x\")" },
    { "{{ 1.x }}", ERR_PARSE, 1, 4, "this is not a number" },
    { "{{ \"a\".x }}", ERR_PARSE, 1, 7, "what stands before this field has no fields" },
    { "{{ nil }}", ERR_INVALID, 1, 4, "\"nil\" alone is no value" },
    { "{{ nil.x }}", ERR_PARSE, 1, 7, "what stands before this field has no fields" },
    { "{{ 089 }}", ERR_PARSE, 1, 4, "\"089\" is not a number that fits 64 bits" },
    { "{{ 1__0 }}", ERR_PARSE, 1, 4, "\"1__0\" is not a number that fits 64 bits" },
    { "{{ 99999999999999999999 }}", ERR_PARSE, 1, 4,
            "\"99999999999999999999\" is not a number that fits 64 bits" },
    { "{{ 9223372036854775808 }}", ERR_PARSE, 1, 4,
            "the number 9223372036854775808 is too large" },
    { "{{ 1a }}", ERR_PARSE, 1, 4, "this is not a number" },
    { "{{ 'ab' }}", ERR_PARSE, 1, 4, "one character stands between single quotes" },
    { "{{ '' }}", ERR_PARSE, 1, 4, "one character stands between single quotes" },
    { "{{ \"\\q\" }}", ERR_PARSE, 1, 5, "this escape is not known" },
    { "{{ \"\\'\" }}", ERR_PARSE, 1, 5, "this escape is not known" },
    { "{{ \"unclosed }}", ERR_PARSE, 1, 4, "the text in quotes is not closed in its line" },
    { "{{ `unclosed }}", ERR_PARSE, 1, 4, "the raw text is not closed" },
    { "{{ \"a\nb\" }}", ERR_PARSE, 1, 4, "the text in quotes is not closed in its line" },
    { "{{ printf 1 }}", ERR_INVALID, 1, 11,
            "the function \"printf\" wants a text as argument 1, not an integer" },
    { "{{ len 1 }}", ERR_INVALID, 1, 4, "the function \"len\": an integer has no length" },
    { "{{ len .vars.missing }}", ERR_INVALID, 1, 4,
            "the function \"len\": nothing has no length" },
    { "{{ index .vars.l 3 }}", ERR_INVALID, 1, 4,
            "the function \"index\": there is no position 3 among 3" },
    { "{{ index .vars.l -1 }}", ERR_INVALID, 1, 4,
            "the function \"index\": there is no position -1" },
    { "{{ index .vars.l \"a\" }}", ERR_INVALID, 1, 4,
            "the function \"index\": a position is an integer, not a text" },
    { "{{ index .vars.m 1 }}", ERR_INVALID, 1, 4,
            "the function \"index\": a key of a map is a text, not an integer" },
    { "{{ index .vars.nul 1 }}", ERR_INVALID, 1, 4,
            "the function \"index\": nothing stands in null" },
    { "{{ index 1 1 }}", ERR_INVALID, 1, 4,
            "the function \"index\": nothing stands in an integer" },
    { "{{ index .vars.l nil }}", ERR_INVALID, 1, 4,
            "the function \"index\": a position is an integer, not null" },
    { "{{ and 1 0 }} {{ and 1 2 }} {{ or 0 \"\" }} {{ or 0 2 }} {{ not 1 }} {{ not \"\" }} {{ "
      "and }}",
            ERR_INVALID, 1, 84, "the function \"and\" takes at least 1 argument, not 0" },
    { "{{ eq 1 \"1\" }}", ERR_INVALID, 1, 4,
            "the function \"eq\": an integer and a text do not compare" },
    { "{{ eq 1 1.0 }}", ERR_INVALID, 1, 4,
            "the function \"eq\": an integer and a number with a point do not compare" },
    { "{{ eq .vars.l .vars.l }}", ERR_INVALID, 1, 4,
            "the function \"eq\": a list and a list do not compare" },
    { "{{ eq .vars.l .vars.m }}", ERR_INVALID, 1, 4,
            "the function \"eq\": a list and a map do not compare" },
    { "{{ eq 1 }}", ERR_INVALID, 1, 4,
            "the function \"eq\" takes at least 2 arguments, not 1" },
    { "{{ eq }}", ERR_INVALID, 1, 4, "the function \"eq\" takes at least 2 arguments, not 0" },
    { "{{ lt true false }}", ERR_INVALID, 1, 4,
            "the function \"lt\": a boolean and a boolean do not compare" },
    { "{{ lt 1 \"a\" }}", ERR_INVALID, 1, 4,
            "the function \"lt\": an integer and a text do not compare" },
    { "{{ lt nil 1 }}", ERR_INVALID, 1, 4,
            "the function \"lt\": null and an integer do not compare" },
    { "{{ lt 1 1.5 }}", ERR_INVALID, 1, 4,
            "the function \"lt\": an integer and a number with a point do not compare" },
    { "{{ 1 | 2 }}", ERR_PARSE, 1, 8, "what stands behind \"|\" must be a function" },
    { "{{ 1 2 }}", ERR_INVALID, 1, 4, "\"1\" is no function and takes no arguments" },
    { "{{ .vars.n 1 }}", ERR_INVALID, 1, 4,
            "\".vars.n\" is no function and takes no arguments" },
    { "{{ \"a\" | \"b\" }}", ERR_PARSE, 1, 10, "what stands behind \"|\" must be a function" },
    { "{{ .name | .name }}", ERR_INVALID, 1, 12,
            "\".name\" is no function and takes no arguments" },
    { "{{ (.name) \"x\" }}", ERR_INVALID, 1, 4,
            "\"(.name)\" is no function and takes no arguments" },
    { "{{ | print }}", ERR_PARSE, 1, 4, "an action: a value is missing here" },
    { "{{ print || print }}", ERR_PARSE, 1, 11, "an action: a value is missing here" },
    { "{{ print (1 }}", ERR_PARSE, 1, 13, "\")\" is missing before the end of the action" },
    { "{{ print 1) }}", ERR_PARSE, 1, 11, "\")\" without \"(\"" },
    { "{{ () }}", ERR_PARSE, 1, 5, "parentheses: a value is missing here" },
    { "{{ print\"x\" }}", ERR_PARSE, 1, 9, "this character cannot stand in a name" },
    { "{{ print \"x\"\"y\" }}", ERR_PARSE, 1, 13,
            "\"\"y\"\" cannot stand in a word: a blank is missing, perhaps" },
    { "{{ print .name.vars}}", ERR_INVALID, 1, 15,
            "\"vars\" is not in a text (\".name.vars\")" },
    { "{{ .name .vars }}", ERR_INVALID, 1, 4,
            "\".name\" is no function and takes no arguments" },
    { "{{ .vars .m .a }}", ERR_INVALID, 1, 4,
            "\".vars\" is no function and takes no arguments" },
    { "{{ .. }}", ERR_PARSE, 1, 5,
            "\".\" cannot stand in a word: a blank is missing, perhaps" },
    { "{{ .vars..n }}", ERR_PARSE, 1, 9,
            "\".\" cannot stand in a word: a blank is missing, perhaps" },
    { "{{ .vars. }}", ERR_PARSE, 1, 9,
            "\".\" cannot stand in a word: a blank is missing, perhaps" },
    { "{{ $.}}", ERR_PARSE, 1, 5, "\".\" cannot stand in a word: a blank is missing, perhaps" },
    { "{{ @ }}", ERR_PARSE, 1, 4, "this character means nothing in an action" },
    { "{{ a b }}", ERR_PARSE, 1, 4, "there is no function \"a\"" },
    { "{{ nosuch 1 }}", ERR_PARSE, 1, 4, "there is no function \"nosuch\"" },
    { "{{ upper }}", ERR_INVALID, 1, 4, "the function \"upper\" takes 1 argument, not 0" },
    { "{{ upper 1 2 }}", ERR_INVALID, 1, 4, "the function \"upper\" takes 1 argument, not 2" },
    { "{{ 3 | upper }}", ERR_INVALID, 1, 8,
            "the function \"upper\" wants a text as argument 1, not an integer" },
    { "{{ .vars.missing | upper }}", ERR_INVALID, 1, 20,
            "the function \"upper\" wants a text as argument 1, not nothing" },
    { "{{ upper .vars.nul }}", ERR_INVALID, 1, 10,
            "the function \"upper\" wants a text as argument 1, not null" },
    { "{{ . }", ERR_PARSE, 1, 6, "this character means nothing in an action" },
    { "{{", ERR_PARSE, 1, 3, "the action is not closed" },
    { "{{ end", ERR_PARSE, 1, 7, "the action is not closed" },
    { "{{ $x := 1 }}{{ define \"a\" }}{{ $x }}{{ end }}", ERR_PARSE, 1, 33,
            "there is no variable \"$x\" here" },
    { "{{ template \"zz\" }}", ERR_INVALID, 1, 1, "there is no template \"zz\"" },
    { "{{ define \"a\" }}1{{ end }}{{ define \"a\" }}2{{ end }}", ERR_PARSE, 1, 27,
            "the template \"a\" is defined twice" },
    { "{{ if true }}{{ define \"a\" }}{{ end }}{{ end }}", ERR_PARSE, 1, 14,
            "\"define\" stands inside of another block" },
    { "{{ define x }}{{ end }}", ERR_PARSE, 1, 11, "\"x\" cannot stand in define" },
    { "{{ define \"x\" 1 }}{{ end }}", ERR_PARSE, 1, 15, "\"1\" cannot stand in define" },
    { "{{ template x }}", ERR_PARSE, 1, 13, "\"x\" cannot stand in template" },
    { "{{ range .vars.l }}{{ template \"x\" . }}{{ end }}{{ define \"x\" }}{{ break }}{{ end "
      "}}",
            ERR_PARSE, 1, 68, "\"break\" stands outside of a range" },
    { "{{ substr 5 3 \"abcdef\" }}", ERR_INVALID, 1, 4,
            "the function \"substr\": a text of 6 bytes has no part from 5 to 3" },
    { "{{ substr 10 12 \"abcdef\" }}", ERR_INVALID, 1, 4,
            "the function \"substr\": a text of 6 bytes has no part from 10 to 12" },
    { "{{ first \"abc\" }}", ERR_INVALID, 1, 10,
            "the function \"first\" wants a list as argument 1, not a text" },
    { "{{ get 1 \"a\" }}", ERR_INVALID, 1, 8,
            "the function \"get\" wants a map as argument 1, not an integer" },
    { "{{ ternary \"a\" \"b\" \"true\" }}", ERR_INVALID, 1, 20,
            "the function \"ternary\" wants a boolean as argument 3, not a text" },
    { "{{ fail \"no way\" }}", ERR_INVALID, 1, 4, "the function \"fail\": no way" },
    { "{{ div 1 0 }}", ERR_INVALID, 1, 4,
            "the function \"div\": nothing can be divided by zero" },
    { "{{ mod 1 0 }}", ERR_INVALID, 1, 4,
            "the function \"mod\": nothing can be divided by zero" },
    { "{{ not }}", ERR_INVALID, 1, 4, "the function \"not\" takes 1 argument, not 0" },
    { "{{ /* a */}}", ERR_PARSE, 1, 4, "this character means nothing in an action" },
    { "{{ 1+2 }}", ERR_PARSE, 1, 5,
            "\"+2\" cannot stand in a word: a blank is missing, perhaps" },
    { "{{ $x : = 1 }}", ERR_PARSE, 1, 4, "there is no variable \"$x\" here" },
    { "{{with 1}}a{{else if true}}b{{end}}", ERR_PARSE, 1, 19, "\"if\" cannot stand in else" },
    { "{{if 0}}a{{else with 1}}b{{end}}", ERR_PARSE, 1, 17, "\"with\" cannot stand in else" },
    { "{{ else if }}", ERR_PARSE, 1, 4, "\"else\" without a block" },
    { "{{ if true }}{{ else if }}{{ end }}", ERR_PARSE, 1, 25, "if: a value is missing here" },
    { "{{ range }}{{ end }}", ERR_PARSE, 1, 10, "range: a value is missing here" },
    { "{{ with }}{{ end }}", ERR_PARSE, 1, 9, "with: a value is missing here" },
    { "{{ template }}", ERR_PARSE, 1, 13, "the action ends in template" },
    { "{{ block \"x\" }}{{ end }}", ERR_PARSE, 1, 14, "block: a value is missing here" },
    { "{{ template \"x\" 1 2 }}{{define \"x\"}}{{end}}", ERR_INVALID, 1, 17,
            "\"1\" is no function and takes no arguments" },
    { "{{ if true x }}{{ end }}", ERR_PARSE, 1, 12, "there is no function \"x\"" },
    { "{{end}}", ERR_PARSE, 1, 3, "\"end\" without a block" },
    { "{{ if true }}{{ end }}{{ end }}", ERR_PARSE, 1, 26, "\"end\" without a block" },
    { "{{ break 1 }}", ERR_PARSE, 1, 4, "\"break\" stands outside of a range" },
    { "{{ range .vars.l }}{{ break 1 }}{{ end }}", ERR_PARSE, 1, 29,
            "\"1\" cannot stand in break or continue" },
    { "{{ - 1 }}", ERR_PARSE, 1, 4, "\"-\" is not a number that fits 64 bits" },
    { "{{1-}} x", ERR_PARSE, 1, 4,
            "\"-\" cannot stand in a word: a blank is missing, perhaps" },
    { "{{ 1 - }}", ERR_PARSE, 1, 6, "\"-\" is not a number that fits 64 bits" },
    { "{{\"a\"-}}", ERR_PARSE, 1, 6,
            "\"-\" cannot stand in a word: a blank is missing, perhaps" },
    { "{{ print - 1 }}", ERR_PARSE, 1, 10, "\"-\" is not a number that fits 64 bits" },
};

static void test_faults(void **state)
{
    (void)state;
    check_faults(faults, sizeof(faults) / sizeof(faults[0]));
}

/* With keys that must be there; the path is the whole field as it is written. */
static void test_missing_keys(void **state)
{
    static const struct {
        const char *template;
        uint32_t column;
        const char *path;
        const char *message;
        const char *hint;
    } rows[] = {
        { "{{ .vars.tenat }}", 9, "vars.tenat", "there is no \"tenat\" for \".vars.tenat\"",
                "did you mean \"tenant\"?" },
        { "{{ .vras.tenant }}", 4, "vras.tenant", "there is no \"vras\" for \".vras.tenant\"",
                "did you mean \"vars\"?" },
        { "a\u00e9{{ $.settings.context.none }}", 24, "settings.context.none",
                "there is no \"none\" for \"$.settings.context.none\"", "" },
        { "{{ (index .vars \"none\").x }}", 24, "x",
                "there is no \"x\" for \"(index .vars \"none\").x\"", "" },
        { "{{ if .vars.none }}{{ end }}", 12, "vars.none",
                "there is no \"none\" for \".vars.none\"", "" },
        { "{{ .vars.nul.x }}", 13, "vars.nul.x", "there is no \"x\" for \".vars.nul.x\"", "" },
        { "{{ .vars.none | default \"a\" }}", 9, "vars.none",
                "there is no \"none\" for \".vars.none\"", "" },
    };
    const struct template_input input = { .text = STR_EMPTY };
    const struct template_run run = { .missing = TEMPLATE_MISSING_IS_ERROR };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct str text;
        struct template_error error;
        assert_int_equal(render_with(str_from(rows[i].template), &input, run, &text, &error),
                ERR_NOT_FOUND);
        assert_str(error.message, rows[i].message);
        assert_str(error.path, rows[i].path);
        assert_str(error.hint, rows[i].hint);
        assert_int_equal(error.line, 1);
        assert_int_equal(error.column, rows[i].column);
    }
}

static void test_lines_are_counted(void **state)
{
    struct str text;
    struct template_error error;
    (void)state;
    assert_int_equal(render("\u00e4\n\n \u00e9{{ .name.x }}", &text, &error), ERR_INVALID);
    assert_int_equal(error.line, 3);
    assert_int_equal(error.column, 11);
    assert_int_equal(error.offset, 15);
}

static void test_unknown_functions(void **state)
{
    static const struct {
        const char *template;
        int err;
        const char *message;
        const char *hint;
    } rows[] = {
        { "{{ uper .name }}", ERR_PARSE, "there is no function \"uper\"",
                "did you mean \"upper\"?" },
        { "{{ printff .name }}", ERR_PARSE, "there is no function \"printff\"",
                "did you mean \"printf\", \"print\" or \"println\"?" },
        { "{{ env \"HOME\" }}", ERR_UNSUPPORTED, "the function \"env\" is not supported yet",
                "" },
        { "{{ strings.ToUpper .name }}", ERR_UNSUPPORTED,
                "the function \"strings.ToUpper\" is not supported yet", "" },
        { "{{ atmos.Component \"a\" .name }}", ERR_UNSUPPORTED,
                "the function \"atmos.Component\" is not supported yet", "" },
        { "{{ regexMatch \"(?i)a\" .name }}", ERR_UNSUPPORTED,
                "the function \"regexMatch\": \"(?i)a\": flags such as (?i) are not supported",
                "" },
        { "{{ regexFind \"[[:alpha:]]\" .name }}", ERR_UNSUPPORTED,
                "the function \"regexFind\": \"[[:alpha:]]\": classes such as [:alpha:] are "
                "not supported",
                "" },
        { "{{ regexReplaceAll \"(\" .name \"\" }}", ERR_INVALID,
                "the function \"regexReplaceAll\": \"(\": '(' is never closed", "" },
        { "{{ call 1 }}", ERR_UNSUPPORTED,
                "the function \"call\": there are no values that are functions", "" },
        { "{{ printf \"%T\" 1 }}", ERR_UNSUPPORTED,
                "the function \"printf\": %T is not supported", "" },
        { "{{ printf \"%#v\" 1 }}", ERR_UNSUPPORTED,
                "the function \"printf\": %#v is not supported", "" },
        { "{{ printf \"%x\" 1.5 }}", ERR_UNSUPPORTED,
                "%x of a number with a point is not supported", "" },
        { "{{ 0x1.8p1 }}", ERR_PARSE, "this is not a number", "" },
        { "{{ 1i }}", ERR_PARSE, "this is not a number", "" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct str text;
        struct template_error error;
        assert_int_equal(render(rows[i].template, &text, &error), rows[i].err);
        assert_str(error.message, rows[i].message);
        assert_str(error.hint, rows[i].hint);
    }
}

static void test_text_that_is_not_utf8(void **state)
{
    struct str text;
    struct template_error error;
    (void)state;
    assert_int_equal(render("ab\xff", &text, &error), ERR_PARSE);
    assert_int_equal(error.column, 3);
    assert_int_equal(render("{{ \"\\xff\" }}", &text, &error), ERR_PARSE);
    assert_int_equal(render("{{ trunc 1 \"\u00e9\" }}", &text, &error), ERR_INVALID);
    assert_str(error.message,
            "the result is not well-formed UTF-8: a character was cut in the middle");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_faults),
        cmocka_unit_test(test_missing_keys),
        cmocka_unit_test(test_lines_are_counted),
        cmocka_unit_test(test_unknown_functions),
        cmocka_unit_test(test_text_that_is_not_utf8),
    };
    return RUN_TEMPLATE_TESTS(tests);
}
