/* SPDX-License-Identifier: Apache-2.0 */
/* Command lines in all spellings, and every way to get them wrong. */
#include <string.h>

#include "check.h"
#include "cli/cli.h"

static struct run run;
static struct invocation invocation;

/* Parses "describe component vpc -s dev" cut at blanks, with these variables. */
static int parse(const char *const *variables, const char *line)
{
    static const char *const none[] = { NULL };
    run_init(&run, NULL, NULL);
    run.env.items = variables ? variables : none;
    invocation = (struct invocation){ .run = &run };
    VEC(const char *) words = { 0 };
    struct str rest = str_from(line);
    bool more = rest.len > 0;
    struct str word;
    while (str_split(&rest, &more, ' ', &word)) {
        VEC_PUSH(run.arena, &words, arena_cstr(run.arena, word));
    }
    return parse_arguments(&invocation, words.items, words.count);
}

static int done(void **state)
{
    (void)state;
    if (run.arena) {
        run_clear(&run);
    }
    return 0;
}

static void accepts(const char *line)
{
    int r = parse(NULL, line);
    for (size_t i = 0; i < run.diags.list.count; i++) {
        print_error("%.*s\n", STR_ARG(run.diags.list.items[i].message));
    }
    assert_int_equal(r, 0);
    assert_int_equal(run.diags.list.count, 0);
}

/* Refused with exactly one diagnostic of this kind whose message and hint have this text. */
static void refuses_env(
        const char *const *variables, const char *line, enum cli_diag kind, const char *says)
{
    assert_int_equal(parse(variables, line), ERR_INVALID);
    assert_int_equal(run.diags.list.count, 1);
    const struct diag *diag = &run.diags.list.items[0];
    assert_string_equal(diag->id, cli_diags[kind].id);
    bool is_said = str_find_str(diag->message, str_from(says)) >= 0 ||
                   str_find_str(diag->hint, str_from(says)) >= 0;
    if (!is_said) {
        print_error("%.*s / %.*s\n", STR_ARG(diag->message), STR_ARG(diag->hint));
    }
    assert_true(is_said);
    assert_int_equal(diags_exit_code(&run.diags), EXIT_USAGE);
    run_clear(&run);
}

static void refuses(const char *line, enum cli_diag kind, const char *says)
{
    refuses_env(NULL, line, kind, says);
}

static void all_spellings_of_a_value(void **state)
{
    (void)state;
    static const char *const lines[] = {
        "describe component vpc --stack dev",
        "describe component vpc --stack=dev",
        "describe component vpc -s dev",
        "describe component vpc -sdev",
        "describe component vpc -s=dev",
        "describe component -s dev vpc",
        "describe -s dev component vpc",
        "-s dev describe component vpc",
        "--stack=dev describe component vpc",
        "describe component vpc -vs dev",
        "describe component vpc -s prod -s dev",
    };
    for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
        accepts(lines[i]);
        assert_string_equal(invocation.command->path, "describe component");
        assert_int_equal(invocation.args.count, 1);
        assert_str(invocation.args.items[0], "vpc");
        assert_str(option_text(&invocation, "stack"), "dev");
        run_clear(&run);
    }
}

static void all_spellings_of_a_flag(void **state)
{
    (void)state;

    static const struct {
        const char *line;
        bool want;
    } cases[] = {
        { "list stacks", false },
        { "list stacks --strict", true },
        { "list stacks --strict=true", true },
        { "list stacks --strict=1", true },
        { "list stacks --strict=false", false },
        { "list stacks --strict=F", false },
        { "list stacks --no-strict", false },
        { "list stacks --no-strict --strict", true },
        { "list stacks --strict --no-strict", false },
        { "--strict list stacks", true },
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        accepts(cases[i].line);
        assert_int_equal(option_flag(&invocation, "strict"), cases[i].want);
        run_clear(&run);
    }
}

static void a_flag_named_no_is_itself(void **state)
{
    (void)state;
    accepts("list stacks --no-input");
    assert_true(option_flag(&invocation, "no-input"));
}

static void flags_that_count(void **state)
{
    (void)state;
    accepts("-v list stacks -vv --verbose");
    assert_int_equal(option_count(&invocation, "verbose"), 4);
}

static void lists_add_up(void **state)
{
    (void)state;
    size_t count;
    accepts("describe stacks --sections vars,settings --sections env --sections ,");
    const struct str *list = option_list(&invocation, "sections", &count);
    assert_int_equal(count, 3);
    assert_str(list[0], "vars");
    assert_str(list[1], "settings");
    assert_str(list[2], "env");
}

static void defaults_and_formats(void **state)
{
    (void)state;
    accepts("describe stacks");
    assert_str(option_format(&invocation), "yaml");
    assert_true(option_flag(&invocation, "process-templates"));
    assert_false(option_is_given(&invocation, "process-templates"));
    run_clear(&run);
    accepts("describe stacks --json");
    assert_str(option_format(&invocation), "json");
    run_clear(&run);
    accepts("list stacks -f csv");
    assert_str(option_format(&invocation), "csv");
}

static void a_dash_is_an_argument(void **state)
{
    (void)state;
    accepts("describe component - -s dev");
    assert_str(invocation.args.items[0], "-");
}

static void variables_set_options(void **state)
{
    (void)state;
    static const char *const both[] = { "TF_ATMOS_STACK=a", "ATMOS_STACK=b", NULL };
    static const char *const shared[] = { "ATMOS_STACK=b", "ATMOS_QUERY=no", NULL };
    static const char *const empty[] = { "TF_ATMOS_STACK=", NULL };
    static const char *const flag[] = { "TF_ATMOS_STRICT=1", NULL };
    assert_int_equal(parse(both, "describe component vpc"), 0);
    assert_str(option_text(&invocation, "stack"), "a");
    run_clear(&run);
    assert_int_equal(parse(both, "describe component vpc -s c"), 0);
    assert_str(option_text(&invocation, "stack"), "c");
    run_clear(&run);
    assert_int_equal(parse(shared, "describe component vpc"), 0);
    assert_str(option_text(&invocation, "stack"), "b");
    assert_false(option_is_given(&invocation, "query"));
    run_clear(&run);
    assert_int_equal(parse(empty, "describe component vpc"), 0);
    assert_false(option_is_given(&invocation, "stack"));
    run_clear(&run);
    assert_int_equal(parse(flag, "list stacks"), 0);
    assert_true(option_flag(&invocation, "strict"));
    run_clear(&run);
    assert_int_equal(parse(flag, "list stacks --no-strict"), 0);
    assert_false(option_flag(&invocation, "strict"));
}

static void wrong_variables_are_named(void **state)
{
    (void)state;
    static const char *const flag[] = { "TF_ATMOS_STRICT=perhaps", NULL };
    static const char *const choice[] = { "TF_ATMOS_COLOR=blue", NULL };
    refuses_env(flag, "list stacks", CLI_BAD_VALUE, "TF_ATMOS_STRICT");
    refuses_env(choice, "list stacks", CLI_BAD_VALUE, "TF_ATMOS_COLOR");
}

static void unknown_words(void **state)
{
    (void)state;
    refuses("lst stacks", CLI_UNKNOWN_COMMAND, "did you mean \"list\"?");
    refuses("list stakcs", CLI_UNKNOWN_COMMAND, "did you mean \"stacks\"?");
    refuses("frobnicate", CLI_UNKNOWN_COMMAND, "there is no command \"frobnicate\"");
    refuses("describe", CLI_MISSING_COMMAND, "component, stacks");
    refuses("describe component vpc --stac dev", CLI_UNKNOWN_OPTION,
            "did you mean \"--stack\"?");
    refuses("describe component vpc -s dev -x", CLI_UNKNOWN_OPTION, "-x");
    refuses("version --stack dev", CLI_UNKNOWN_OPTION, "`version` has no option --stack");
    refuses("list stacks --no-format", CLI_UNKNOWN_OPTION, "--no-format");
}

static void abbreviations_are_not_accepted(void **state)
{
    (void)state;
    refuses("desc component vpc -s dev", CLI_UNKNOWN_COMMAND, "desc");
    refuses("describe component vpc --sta dev", CLI_UNKNOWN_OPTION, "--sta");
}

static void wrong_values(void **state)
{
    (void)state;
    refuses("list stacks --format xml", CLI_BAD_VALUE, "table, json, yaml, csv, tsv");
    refuses("list stacks --format jsn", CLI_BAD_VALUE, "did you mean \"json\"?");
    refuses("list stacks --color", CLI_OPTION_VALUE, "--color needs a value");
    refuses("describe component vpc --stack --strict", CLI_OPTION_VALUE,
            "--stack needs a value");
    refuses("list stacks --strict=maybe", CLI_BAD_VALUE, "true or false");
    refuses("list stacks --no-strict=true", CLI_OPTION_VALUE, "takes no value");
    refuses("list stacks --verbose=2", CLI_OPTION_VALUE, "takes no value");
    refuses("list stacks --logs-level loud", CLI_BAD_VALUE, "Trace");
}

static void wrong_arguments(void **state)
{
    (void)state;
    refuses("describe component", CLI_ARGUMENTS, "<component>");
    refuses("describe component a b -s dev", CLI_ARGUMENTS, "\"b\"");
    refuses("list stacks dev", CLI_ARGUMENTS, "\"dev\"");
    refuses("list stacks -- x", CLI_ARGUMENTS, "--");
}

static void unsupported_options_say_why(void **state)
{
    (void)state;
    refuses("describe affected --upload", CLI_UNSUPPORTED, "nothing is sent anywhere");
    refuses("describe component vpc -s dev -i admin", CLI_UNSUPPORTED,
            "-i is not supported yet");
    refuses("list vars vpc --identity=admin", CLI_UNSUPPORTED, "=false says that none is");
    static const char *const declined[] = { "list vars vpc --identity=false",
        "list vars vpc --identity FALSE", "list vars vpc -i 0", "list vars vpc --identity=no",
        "describe stacks -i Off", "describe affected --upload=false" };
    for (size_t i = 0; i < sizeof(declined) / sizeof(declined[0]); i++) {
        accepts(declined[i]);
        run_clear(&run);
    }
    accepts("describe component vpc -s dev --error-mode silent --use-mocks");
    run_clear(&run);
    refuses("describe stacks --error-mode loud", CLI_BAD_VALUE, "use one of warn, strict");
}

static void only_the_first_mistake_is_said(void **state)
{
    (void)state;
    refuses("list stacks --format xml --nonsense extra", CLI_BAD_VALUE, "xml");
}

static void help_forgives(void **state)
{
    (void)state;
    accepts("describe component --help");
    assert_true(option_flag(&invocation, "help"));
    run_clear(&run);
    accepts("describe -h");
    assert_null(invocation.command);
    assert_str(invocation.words, "describe");
    run_clear(&run);
    accepts("--version --format json");
    assert_string_equal(invocation.command->path, "version");
    assert_str(option_format(&invocation), "json");
    run_clear(&run);
    accepts("");
    assert_null(invocation.command);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(all_spellings_of_a_value, done),
        cmocka_unit_test_teardown(all_spellings_of_a_flag, done),
        cmocka_unit_test_teardown(a_flag_named_no_is_itself, done),
        cmocka_unit_test_teardown(flags_that_count, done),
        cmocka_unit_test_teardown(lists_add_up, done),
        cmocka_unit_test_teardown(defaults_and_formats, done),
        cmocka_unit_test_teardown(a_dash_is_an_argument, done),
        cmocka_unit_test_teardown(variables_set_options, done),
        cmocka_unit_test_teardown(wrong_variables_are_named, done),
        cmocka_unit_test_teardown(unknown_words, done),
        cmocka_unit_test_teardown(abbreviations_are_not_accepted, done),
        cmocka_unit_test_teardown(wrong_values, done),
        cmocka_unit_test_teardown(wrong_arguments, done),
        cmocka_unit_test_teardown(unsupported_options_say_why, done),
        cmocka_unit_test_teardown(only_the_first_mistake_is_said, done),
        cmocka_unit_test_teardown(help_forgives, done),
    };
    return RUN_TESTS(tests);
}
