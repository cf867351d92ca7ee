/* SPDX-License-Identifier: Apache-2.0 */
/* What callers can set: delimiters, data, missing keys, functions, bounds; and what they can ask. */
#include <string.h>

#include "template_fixture.h"

/* ---- delimiters ---- */

static void test_delimiters(void **state)
{
    static const struct row rows[] = {
        { "[[ .name ]]", "top" },
        { "{{ .name }}", "{{ .name }}" },
        { "a [[- /* c */ -]] b[[ if true -]] c[[ end ]]", "abc" },
        { "[[ index .vars.l 1 ]]", "b" },
    };
    const struct template_input input = { .open = STR_INIT("[["), .close = STR_INIT("]]") };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct str text;
        struct template_error error;
        const struct template_run run = { .missing = TEMPLATE_MISSING_IS_ERROR };
        assert_int_equal(
                render_with(str_from(rows[i].template), &input, run, &text, &error), 0);
        assert_str(text, rows[i].want);
    }
}

/* ---- data ---- */

struct seen {
    size_t fields;
    size_t wholes;
};

static const struct value *get_field(void *context, const struct key *key)
{
    struct seen *seen = context;
    seen->fields++;
    return value_get(fixture.data, key);
}

static const struct value *get_whole(void *context)
{
    struct seen *seen = context;
    seen->wholes++;
    return fixture.data;
}

/* Data that are asked for by key are made into a map only where the dot itself is used. */
static void test_data_by_key(void **state)
{
    static const struct {
        const char *template;
        const char *want;
        size_t wholes;
    } rows[] = {
        { "{{ .name }}-{{ .vars.tenant }}", "top-data", 0 },
        { "{{ .name }}-{{ .vars.n }}", "top-5", 0 },
        { "{{ $.name }}{{ if .vars.t }}{{ .vars.m.a }}{{ end }}", "top1", 0 },
        { "{{ with .vars }}{{ $.name }}{{ .tenant }}{{ end }}", "topdata", 0 },
        { "{{ len . }}", "3", 1 },
        { "{{ range $k, $v := . }}{{ $k }} {{ end }}", "name settings vars ", 1 },
        { "{{ template \"x\" . }}{{ define \"x\" }}{{ .name }}{{ end }}", "top", 1 },
        { "{{ with . }}{{ .name }}{{ end }}", "top", 1 },
        { "{{ $d := . }}{{ $d.name }}{{ ($).name }}", "toptop", 2 },
        { "{{ .none }}{{ .none.more }}", "<no value><no value>", 0 },
    };
    const struct template_input input = { .text = STR_EMPTY };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct seen seen = { 0 };
        const struct template_data data = { get_field, get_whole, &seen };
        const struct template_run run = { .data = &data,
            .missing = TEMPLATE_MISSING_IS_NO_VALUE };
        struct str text;
        struct template_error error;
        assert_int_equal(
                render_with(str_from(rows[i].template), &input, run, &text, &error), 0);
        assert_str(text, rows[i].want);
        assert_int_equal(seen.wholes, rows[i].wholes);
    }
}

/* Names want text: what has none is missing. */
static void test_text_is_wanted(void **state)
{
    static const struct {
        const char *template;
        const char *want; /* NULL: ERR_NOT_FOUND */
        const char *path;
    } rows[] = {
        { "{{ .vars.n }}{{ .vars.f }}{{ .vars.t }}{{ .vars.empty }}", "51.5true", NULL },
        { "{{ .vars.nul }}", NULL, "vars.nul" },
        { "{{ .vars.l }}", NULL, "vars.l" },
        { "x{{ if true }}{{ .vars.m }}{{ end }}", NULL, "vars.m" },
        { "{{ . }}", NULL, "." },
        { "{{ first (list) }}", NULL, "first" },
        { "{{ .vars.l | join \"-\" }}{{ print .vars.l }}", "a-b-c[a b c]", NULL },
        { "{{ if .vars.nul }}a{{ else }}b{{ end }}", "b", NULL },
    };
    const struct template_input input = { .text = STR_EMPTY };
    const struct template_run run = { .missing = TEMPLATE_MISSING_IS_ERROR,
        .wants_text = true };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct str text;
        struct template_error error;
        int err = render_with(str_from(rows[i].template), &input, run, &text, &error);
        assert_int_equal(err, rows[i].want ? 0 : ERR_NOT_FOUND);
        if (rows[i].want) {
            assert_str(text, rows[i].want);
        } else {
            assert_str(error.path, rows[i].path);
        }
    }
}

/* ---- functions of the caller ---- */

static int run_twice(
        struct template_call *call, const struct datum *args, size_t count, struct datum *ret)
{
    struct buf out = BUF_INIT(template_room(call));
    assert_int_equal(count, 1);
    assert_ptr_equal(call->context, &fixture);
    buf_add(&out, args[0].as.text);
    buf_add(&out, args[0].as.text);
    return template_give(call, &out, ret);
}

static void test_functions_of_the_caller(void **state)
{
    static const struct template_function mine[] = {
        { "upper", "s", run_twice },
        { "text.twice", "s", run_twice },
    };
    static const struct template_functions functions = { mine, 2, &template_sprig_functions };
    const struct template_input input = { .functions = &functions };
    const struct template_run run = { .context = &fixture };
    struct str text;
    struct template_error error;

    (void)state;
    assert_int_equal(render_with(STR("{{ upper .name }} {{ text.twice \"a\" }} {{ \"b\" | "
                                     "text.twice }} {{ lower \"X\" }}"),
                             &input, run, &text, &error),
            0);
    assert_str(text, "toptop aa bb x");
    assert_int_equal(
            render_with(STR("{{ text.twice 1 }}"), &input, run, &text, &error), ERR_INVALID);
    assert_str(error.message,
            "the function \"text.twice\" wants a text as argument 1, not an integer");
    assert_int_equal(
            render_with(STR("{{ text.thrice 1 }}"), &input, run, &text, &error), ERR_PARSE);
    assert_str(error.message, "there is no function \"text.thrice\"");
    assert_str(error.hint, "did you mean \"text.twice\"?");
}

/* ---- pieces ---- */

static const struct template *parse(const char *text)
{
    const struct template *template = NULL;
    struct template_error error;
    const struct template_input input = { .arena = fixture.arena,
        .keys = fixture.keys,
        .text = str_from(text),
        .functions = &template_sprig_functions };
    assert_int_equal(template_parse(&input, &template, &error), 0);
    return template;
}

static void test_pieces(void **state)
{
    static const char *const others[] = { "{{ . }}", "{{ .a | upper }}", "{{ if .a }}{{ end }}",
        "{{ $x := .a }}", "{{ upper \"a\" }}", "{{ (.a).b }}", "{{ \"a\" }}",
        "{{ template \"a\" }}" };
    const struct template_piece *pieces;
    size_t count;

    (void)state;
    template_pieces(parse("a{{ .b.c -}} d{{/* */}}{{$.e}}{{ define \"x\" }}{{ end }}"), &pieces,
            &count);
    assert_int_equal(count, 4);
    assert_int_equal(pieces[0].kind, TEMPLATE_TEXT);
    assert_str(pieces[0].text, "a");
    assert_int_equal(pieces[1].kind, TEMPLATE_FIELD);
    assert_int_equal(pieces[1].step_count, 2);
    assert_str(pieces[1].steps[0]->text, "b");
    assert_str(pieces[1].steps[1]->text, "c");
    assert_str(pieces[2].text, "d");
    assert_int_equal(pieces[3].step_count, 1);
    template_pieces(parse(""), &pieces, &count);
    assert_int_equal(count, 0);
    for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
        template_pieces(parse(others[i]), &pieces, &count);
        assert_int_equal(count, 1);
        assert_int_equal(pieces[0].kind, TEMPLATE_OTHER);
    }
}

/* ---- bounds ---- */

static void test_bounds(void **state)
{
    static const char *const templates[] = {
        /* steps */
        "{{ range 1000000000 }}{{ end }}",
        "{{ range 100000 }}{{ range 100000 }}{{ end }}{{ end }}",
        "{{ define \"a\" }}{{ range 100 }}{{ template \"b\" }}{{ end }}{{ end }}"
        "{{ define \"b\" }}{{ range 100 }}{{ template \"c\" }}{{ end }}{{ end }}"
        "{{ define \"c\" }}{{ range 100000 }}{{ end }}{{ end }}{{ template \"a\" }}",
        /* depth */
        "{{ define \"a\" }}{{ template \"a\" }}{{ end }}{{ template \"a\" }}",
        "{{ define \"a\" }}{{ template \"b\" }}{{ end }}{{ define \"b\" }}{{ template \"a\" }}"
        "{{ end }}{{ template \"a\" }}",
        /* output */
        "{{ $x := \"0123456789012345678901234567890123456789\" }}"
        "{{ range 1000000 }}{{ $x }}{{ end }}",
        /* memory */
        "{{ $x := \"ab\" }}{{ range 100 }}{{ $x = print $x $x }}{{ end }}",
        "{{ $x := list 1 }}{{ range 100 }}{{ $x = concat $x $x }}{{ end }}",
        "{{ repeat 1000000000 \"abc\" }}",
        "{{ printf \"%999999d\" 1 | repeat 1000 }}",
        "{{ replace \"\" (repeat 10000 \"x\") (repeat 100000 \"y\") }}",
        "{{ range 1000000 }}{{ $x := until 1000000 }}{{ end }}",
        /* trees that are larger or deeper than what made them */
        "{{ $x := list 1 }}{{ range 100 }}{{ $x = list $x $x }}{{ end }}{{ $x }}",
        "{{ $x := list 1 }}{{ range 100 }}{{ $x = list $x $x }}{{ end }}{{ toJson $x }}",
        "{{ $x := list 1 }}{{ range 100 }}{{ $x = list $x $x }}{{ end }}{{ has 2 $x }}",
        "{{ $x := list 1 }}{{ range 1000 }}{{ $x = list $x }}{{ end }}{{ $x }}",
        "{{ $x := list 1 }}{{ range 1000 }}{{ $x = dict \"a\" $x }}{{ end }}{{ toJson $x }}",
        /* patterns */
        "{{ $x := repeat 100000 \"a\" }}{{ range 1000 }}{{ $y := regexReplaceAll \"a*?b|a\" $x "
        "\"\" }}{{ end }}",
        "{{ regexReplaceAll \"\" (repeat 100000 \"a\") (repeat 100000 \"b\") }}",
        "{{ $x := repeat 1000000 \"a\" }}{{ range 1000 }}{{ if regexMatch \"(a*)*b\" $x }}"
        "{{ end }}{{ end }}",
    };

    (void)state;
    for (size_t i = 0; i < sizeof(templates) / sizeof(templates[0]); i++) {
        struct str text;
        struct template_error error;
        int err = render(templates[i], &text, &error);
        if (err != ERR_LIMIT) {
            print_error("%s: %d %.*s\n", templates[i], err, STR_ARG(error.message));
        }
        assert_int_equal(err, ERR_LIMIT);
        assert_true(error.message.len > 0);
    }
}

static struct str nested(const char *open, const char *close, unsigned depth)
{
    struct buf text = BUF_INIT(BUF_UNBOUNDED);
    for (unsigned i = 0; i < depth; i++) {
        buf_add_cstr(&text, open);
    }
    for (unsigned i = 0; i < depth; i++) {
        buf_add_cstr(&text, close);
    }
    struct str result = arena_dup(fixture.arena, buf_str(&text));
    buf_clear(&text);
    return result;
}

static void test_nesting(void **state)
{
    static const struct {
        const char *open;
        const char *close;
    } rows[] = {
        { "{{ if true }}", "{{ end }}" },
        { "{{ range 1 }}", "{{ end }}" },
        { "{{ if false }}{{ else if true }}", "{{ end }}" },
        { "{{ block \"a\" . }}", "{{ end }}" },
    };
    const struct template_input input = { .text = STR_EMPTY };
    const struct template_run run = { .missing = TEMPLATE_MISSING_IS_ERROR };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct str text;
        struct template_error error;
        struct str deep = nested(rows[i].open, rows[i].close, 5000);
        assert_int_equal(render_with(deep, &input, run, &text, &error), ERR_LIMIT);
    }
    struct str text;
    struct template_error error;
    struct str parentheses = arena_printf(fixture.arena, "{{ %.*s1%.*s }}",
            STR_ARG(nested("(", "", 5000)), STR_ARG(nested(")", "", 5000)));
    assert_int_equal(render_with(parentheses, &input, run, &text, &error), ERR_LIMIT);
    assert_int_equal(
            render_with(nested("{{ if true }}", "{{ end }}", 90), &input, run, &text, &error),
            0);
}

/* A long chain of else-ifs is no deep one. */
static void test_many_conditions(void **state)
{
    struct buf text = BUF_INIT(BUF_UNBOUNDED);
    struct str result;
    struct template_error error;
    (void)state;
    buf_add_cstr(&text, "{{ if eq .vars.n 1000 }}0");
    for (int i = 300; i > 0; i--) {
        buf_addf(&text, "{{ else if eq .vars.n %d }}is %d", i, i);
    }
    buf_add_cstr(&text, "{{ end }}");
    assert_int_equal(render(text.ptr, &result, &error), 0);
    assert_str(result, "is 5");
    buf_clear(&text);
}

static void test_bounds_of_the_caller(void **state)
{
    static const struct {
        struct template_limits limits;
        const char *template;
    } rows[] = {
        { { .max_text = 5 }, "123456" },
        { { .max_output = 5 }, "123456" },
        { { .max_steps = 10 }, "{{ range 20 }}{{ end }}" },
        { { .max_memory = 100 }, "{{ repeat 101 \"a\" }}" },
        { { .max_nesting = 2 }, "{{ if (((1))) }}{{ end }}" },
        { { .max_depth = 3 }, "{{ if 1 }}{{ if 1 }}{{ if 1 }}{{ end }}{{ end }}{{ end }}" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        const struct template_input input = { .limits = &rows[i].limits };
        const struct template_run run = { .limits = &rows[i].limits };
        struct str text;
        struct template_error error;
        assert_int_equal(
                render_with(str_from(rows[i].template), &input, run, &text, &error), ERR_LIMIT);
        assert_int_equal(render(rows[i].template, &text, &error), 0);
    }
}

/* ---- places ---- */

static void test_places(void **state)
{
    static const struct {
        const char *source;
        uint32_t line;
        uint32_t column;
        const char *text;
        size_t offset;
        uint32_t want_line;
        uint32_t want_column;
    } rows[] = {
        { "a: \"{{ .x }}\"\n", 1, 4, "{{ .x }}", 3, 1, 8 },
        { "a: '{{ .x }}'\n", 1, 4, "{{ .x }}", 0, 1, 5 },
        { "a: x{{ .x }}\n", 1, 4, "x{{ .x }}", 4, 1, 8 },
        { "a: \"\u00e9{{ .x }}\"\n", 1, 4, "\u00e9{{ .x }}", 5, 1, 9 },
        { "a: x\n", 1, 4, "x", 100, 1, 5 },
        { "b: 1\na: |\n  {{ .x }}\n   {{ .y }}\n", 2, 4, "{{ .x }}\n {{ .y }}\n", 13, 4, 7 },
        { "a: |-\n  x\n\n  y{{\n", 1, 4, "x\n\ny{{", 4, 4, 4 },
        /* not there as it is: the value itself */
        { "a: \"\\x41{{ .x }}\"\n", 1, 4, "A{{ .x }}", 4, 1, 4 },
        { "a: >\n  x\n  {{ .y }}\n", 1, 4, "x {{ .y }}\n", 5, 1, 4 },
        { "a: x", 9, 4, "x", 0, 9, 4 },
        { "", 0, 0, "x", 0, 0, 0 },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct mark mark = template_mark(str_from(rows[i].source),
                (struct mark){ 7, rows[i].line, rows[i].column }, str_from(rows[i].text),
                rows[i].offset);
        if (mark.line != rows[i].want_line || mark.column != rows[i].want_column) {
            fail_msg("row %zu: %u:%u", i, mark.line, mark.column);
        }
        assert_int_equal(mark.file, 7);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_delimiters),
        cmocka_unit_test(test_data_by_key),
        cmocka_unit_test(test_text_is_wanted),
        cmocka_unit_test(test_functions_of_the_caller),
        cmocka_unit_test(test_pieces),
        cmocka_unit_test(test_bounds),
        cmocka_unit_test(test_nesting),
        cmocka_unit_test(test_many_conditions),
        cmocka_unit_test(test_bounds_of_the_caller),
        cmocka_unit_test(test_places),
    };
    return RUN_TEMPLATE_TESTS(tests);
}
