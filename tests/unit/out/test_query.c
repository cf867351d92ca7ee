/* SPDX-License-Identifier: Apache-2.0 */
/* The path language of --query. */
#include "check.h"
#include "out/query.h"

static struct run run;

static const struct value *read_value(const char *text)
{
    const struct value *value = NULL;
    assert_int_equal(
            json_read(run.arena, run.keys, &run.diags, str_from(text), STR("test"), 0, &value),
            0);
    return value;
}

static const char document[] = "{\"vars\":{\"azs\":[\"a\",\"b\"],\"tags\":{\"x\":1,\"a-b\":2},"
                               "\"n\":1.5,\"s\":\"t\\u00e9\"},"
                               "\"a b\":{\"c.d\":{\"\":3}},\"none\":null}";

static int setup(void **state)
{
    static char *const none[] = { NULL };
    (void)state;
    run_init(&run, none, NULL);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    run_clear(&run);
    return 0;
}

static void finds(const char *query, const char *want)
{
    const struct value *value = NULL;
    struct str why = STR_EMPTY;
    struct buf text = BUF_INIT(10000);
    int r = query_apply(&run, read_value(document), str_from(query), &value, &why);
    if (r) {
        print_error("%s: %.*s\n", query, STR_ARG(why));
    }
    assert_int_equal(r, 0);
    json_write(&text, value, JSON_COMPACT);
    assert_str(buf_str(&text), want);
    buf_clear(&text);
}

static void fails(const char *query, const char *why_part)
{
    const struct value *value = NULL;
    struct str why = STR_EMPTY;
    int r = query_apply(&run, read_value(document), str_from(query), &value, &why);
    assert_int_equal(r, ERR_PARSE);
    assert_null(value);
    if (str_find_str(why, str_from(why_part)) < 0) {
        print_error("%s: %.*s\n", query, STR_ARG(why));
        fail();
    }
}

static void paths(void **state)
{
    (void)state;
    finds(".vars.azs", "[\"a\",\"b\"]");
    finds(".vars.azs[1]", "\"b\"");
    finds(".vars.azs[-1]", "\"b\"");
    finds(".vars.tags.a-b", "2");
    finds(".vars[\"tags\"][\"x\"]", "1");
    finds(".[\"a b\"].\"c.d\"[\"\"]", "3");
    finds("  .vars.n  ", "1.5");
    finds(". | .vars | .n", "1.5");
}

static void nothing_is_null(void **state)
{
    (void)state;
    finds(".absent", "null");
    finds(".absent.deeper[3].more", "null");
    finds(".vars.azs[2]", "null");
    finds(".vars.azs[-3]", "null");
    finds(".none.x", "null");
    finds(".vars[0]", "null");
    /* A step into a scalar gives nothing at all. */
    finds("[.vars.n.x]", "[]");
    finds("[.vars.n[0]]", "[]");
    finds("[.vars.n[]]", "[]");
    finds(".vars.n.x // \"y\"", "\"y\"");
}

static void functions(void **state)
{
    (void)state;
    finds(".vars.tags | keys", "[\"a-b\",\"x\"]");
    finds(".vars.azs | keys", "[0,1]");
    finds(".vars|length", "4");
    finds(".vars.azs | length", "2");
    finds(".vars.s | length", "2");
    finds(".none | length", "0");
    finds(".vars | keys | length", "4");
    finds(".vars.n | length", "3");
}

static void slices_and_iteration(void **state)
{
    (void)state;
    finds(".vars.azs[0:1]", "[\"a\"]");
    finds(".vars.azs[1:]", "[\"b\"]");
    finds(".vars.azs[:-1]", "[\"a\"]");
    finds(".vars.azs[-9:9]", "[\"a\",\"b\"]");
    finds(".vars.azs[2:1]", "[]");
    finds(".none[1:]", "null");
    finds("[.vars.tags[]]", "[2,1]"); /* by key: a-b, x */
    finds("[.vars.azs[] | length]", "[1,1]");
    finds(".vars.azs | map(. == \"a\")", "[true,false]");
    finds("[.none[]]", "[]");
    finds("[[.vars.tags[]][0]]", "[2]");
    finds("[.vars.tags | ..]", "[{\"a-b\":2,\"x\":1},2,1]");
    finds("[.. | select(has(\"c.d\"))] | length", "1");
    finds("[.vars.azs.name?]", "[]");
    finds("[.vars.azs[]?.x]", "[]");
    finds(".vars.tags?.x", "1");
}

static void choices(void **state)
{
    (void)state;
    finds(".absent // \"x\"", "\"x\"");
    finds(".vars.n // 2", "1.5");
    finds(".absent//.vars.n", "1.5");
    finds("false // null // 3", "3");
    finds("[.vars.tags[] | select(. > 1)]", "[2]");
    finds("[.vars.azs[] | select(. != \"a\")]", "[\"b\"]");
    finds(".vars.azs[] | select(. == \"z\")", "null");
    finds("[.vars | select(has(\"n\") and (.n < 2 or false)) | .n]", "[1.5]");
    finds(".vars | has(\"absent\") | not", "true");
    finds(".vars.azs | has(1)", "true");
    finds(".vars.azs | has(2)", "false");
}

static void comparison(void **state)
{
    (void)state;
    finds(".vars.tags.x == 1", "true");
    finds(".vars.tags.x==1", "true");
    finds(".vars.tags.x != 1", "false");
    finds("\"abc\" == \"a*\"", "true");
    finds("\"abc\" == \"?c\"", "false");
    finds("\"b\" > \"a\"", "true");
    finds("1 < \"a\"", "false");
    finds("2 <= 2", "true");
    finds("-1 >= 0", "false");
    finds("(.vars.azs | length) == 2", "true");
    finds(".absent == null", "true");
    finds("1 == \"1\"", "true");
    finds("true == \"true\"", "true");
    finds("\"\" == null", "false");
    finds("1.5 == .vars.n", "true");
    finds("1.50 > 1.25", "true");
    finds("[.vars.azs[] == \"a\"]", "[true,false]");
    finds(".vars | select(.azs[] == \"b\") | .n", "1.5");
    finds(".vars.n.x == null", "true");
    finds(".vars.tags == .vars.tags", "true");
    finds(".vars.s == \"t*\"", "true");
    finds("\"a\\n\\t\\\"\" | length", "4");
}

static void filters(void **state)
{
    (void)state;
    bool truth = false;
    struct str why = STR_EMPTY;
    assert_int_equal(
            query_test(&run, read_value(document), STR(".vars.n > 1"), &truth, &why), 0);
    assert_true(truth);
    assert_int_equal(query_test(&run, read_value(document), STR(".absent"), &truth, &why), 0);
    assert_false(truth);
    assert_int_equal(
            query_test(&run, read_value(document), STR("nonsense"), &truth, &why), ERR_PARSE);
}

static void several_at_once(void **state)
{
    (void)state;
    finds("[.vars.n, .vars.s]", "[1.5,\"t\u00e9\"]");
    finds("[.vars.azs[], .vars.azs[0]]", "[\"a\",\"b\",\"a\"]");
    finds("[.vars.azs | length, .vars.n]", "[2,1.5]");
    finds("[.vars | (.n, .s)]", "[1.5,\"t\u00e9\"]");
    finds("[select(.none), .vars.n]", "[1.5]");
    finds("[1, [2, 3], (4, 5)]", "[1,[2,3],4,5]");
    finds("(.none, .vars.n) // 2", "1.5");
    finds("[.vars.azs[] == (\"a\", \"b\")]", "[true,false,false,true]");
}

static void maps(void **state)
{
    (void)state;
    finds("{}", "{}");
    finds("{a: .vars.n}", "{\"a\":1.5}");
    finds("{ \"a b\" : .none , c-d: .vars.azs | length }", "{\"a b\":null,\"c-d\":2}");
    finds("{a: 1, b: {c: [.vars.n, 2]}}", "{\"a\":1,\"b\":{\"c\":[1.5,2]}}");
    finds("{(.vars.azs[0]): .vars.azs[1], (1): true}", "{\"1\":true,\"a\":\"b\"}");
    finds("{a: 1, a: 2}", "{\"a\":2}");
    finds("{a: .vars.azs}.a[1]", "\"b\"");
    finds("[{a: .vars.azs[]}]", "[{\"a\":\"a\"},{\"a\":\"b\"}]");
    finds("[{(.vars.azs[]): (1, 2)} | keys[0]]", "[\"a\",\"a\",\"b\",\"b\"]");
    finds("[{a: .vars | select(.none)}]", "[]");
    finds("[.vars.azs[] | {name: .}]", "[{\"name\":\"a\"},{\"name\":\"b\"}]");
    finds(".vars | map({v: .}) | length", "4");
}

static void bounds(void **state)
{
    (void)state;
    AUTO_BUF long_query = BUF_INIT(BUF_UNBOUNDED);
    AUTO_BUF deep_query = BUF_INIT(BUF_UNBOUNDED);
    buf_add_repeated(&deep_query, '(', 5000);
    for (size_t i = 0; i < 5000; i++) {
        buf_add_cstr(&long_query, ".a");
    }
    fails(buf_str(&long_query).ptr, "too long");
    fails(buf_str(&deep_query).ptr, "nested too deeply");
}

static void mistakes(void **state)
{
    (void)state;
    fails("", "column 1: the query, or a part of it between bars or commas, is empty");
    fails(".vars |", "column 8: the query");
    fails("| .vars", "empty");
    fails(".vars.", "column 7: a name is missing");
    fails("..vars", "column 3: behind .. stands a bar");
    fails("...", "column 3: keys cannot be walked");
    fails("vars", "column 1: there is no function \"vars\"");
    fails(".vars x", "column 7: a path is made of");
    fails(".vars.azs[", "column 10: a bracket is not closed");
    fails(".vars.azs[x]", "number or a quoted name");
    fails(".vars.azs[0", "not closed");
    fails(".vars[\"azs", "no end");
    fails(".vars[\"azs\"", "not closed");
    fails(".vars.azs.name", "column 11: a list has no names");
    fails(".vars.n | keys", "column 11: keys needs");
    fails(".vars | sort_by(.x)", "column 9: there is no function \"sort_by\"");
    fails(".vars | to_entries", "\"to_entries\"");
    fails(".vars.azs[]", "more than one");
    fails(".vars.n[0:1]", "column 8: a slice needs a list");
    fails(".vars.azs[a:]", "number or a quoted name");
    fails("select .a", "in parentheses");
    fails("select(.a", "parenthesis is not closed");
    fails("[.a", "bracket is not closed");
    fails(".a, .b", "gives more than one value");
    fails("[.a,]", "column 5: the query, or a part of it between bars or commas, is empty");
    fails(",.a", "column 1: the query, or a part of it");
    fails("{a}", "column 3: behind a key of a map stand a colon and its value");
    fails("{a .b}", "column 4: behind a key");
    fails("{a: .b", "column 7: a brace is not closed");
    fails("{a: .b]", "column 7: a bracket is closed that was not opened");
    fails("{a: }", "column 5: the query, or a part");
    fails("{a: .b,}", "column 8: a key of a map is a name, a text, or a query in parentheses");
    fails("{.a: .b}", "column 2: a key of a map");
    fails("{(.vars): 1}", "column 2: a key of a map is a text or a number");
    fails(".a}", "column 3: a brace is closed that was not opened");
    fails(".a: .b", "column 3: a colon stands in brackets");
    fails(".a = 1", "column 4: nothing can be assigned");
    fails(".a + 1", "arithmetic");
    fails(".a * 2", "arithmetic");
    fails(".a)", "was not opened");
    fails(".a]", "was not opened");
    fails("$x", "there are no variables");
    fails("'a'", "double quotes");
    fails(".a*", "column 2: names with *");
    fails(".[\"a?\"]", "column 3: names with *");
    fails("\"\\(.a)\"", "column 2: behind a backslash");
    fails(".\"\xc3\xa9\" | x", "column 8: there is no function \"x\"");
    fails(".vars.azs[99999999999999999999]", "number");
}

static void reaches(void **state)
{
    static const struct {
        const char *query;
        bool is_reached;
    } cases[] = {
        { ".vars", false },
        { ".vars.component_info", false },
        { ".component_info", true },
        { ".[\"component_info\"].x", true },
        { ".", true },
        { "keys", false },
        { ". | length", false },
        { ".[]", true },
        { "..", true },
        { "[.vars]", false },
        { "[.]", true },
        { "map(.x)", true },
        { "[.vars, .env]", false },
        { ".vars, .component_info", true },
        { "(., .vars) | .env", false },
        { "{a: .vars, component_info: .env}", false },
        { "{a: .vars, b: .component_info}", true },
        { "{a: .}", true },
        { "{(.): 1}", true },
        { "select(.vars) | .env", false },
        { "select(.component_info) | .env", true },
        { ".vars // .", true },
        { ". // .vars | .env", false },
        { ".vars == .env", false },
        { ". == .env", true },
        { ".vars and .component_info", true },
        { "has(\"component_info\")", false },
        { ".vars?", false },
        { "(.vars | select(.a == 1)) | .[]", false },
        { "not a query", false },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        print_message("%s\n", cases[i].query);
        assert_int_equal(query_reaches(&run, str_from(cases[i].query), "component_info"),
                cases[i].is_reached);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(paths, setup, teardown),
        cmocka_unit_test_setup_teardown(nothing_is_null, setup, teardown),
        cmocka_unit_test_setup_teardown(functions, setup, teardown),
        cmocka_unit_test_setup_teardown(slices_and_iteration, setup, teardown),
        cmocka_unit_test_setup_teardown(choices, setup, teardown),
        cmocka_unit_test_setup_teardown(comparison, setup, teardown),
        cmocka_unit_test_setup_teardown(filters, setup, teardown),
        cmocka_unit_test_setup_teardown(several_at_once, setup, teardown),
        cmocka_unit_test_setup_teardown(maps, setup, teardown),
        cmocka_unit_test_setup_teardown(bounds, setup, teardown),
        cmocka_unit_test_setup_teardown(mistakes, setup, teardown),
        cmocka_unit_test_setup_teardown(reaches, setup, teardown),
    };
    return RUN_TESTS(tests);
}
