/* SPDX-License-Identifier: Apache-2.0 */
/* Templates over one set of data, by rows. */
#ifndef TFATMOS_TESTS_TEMPLATE_FIXTURE_H
#define TFATMOS_TESTS_TEMPLATE_FIXTURE_H

#include "check.h"
#include "template/template.h"

static const char fixture_data[] =
        "vars: {tenant: data, region: us-west-2, stage: Dev, n: 5, neg: -3, f: 1.5, big: "
        "1000000.0, t: true,\n"
        "  no: false, nul: null, empty: \"\", l: [a, b, c], nums: [1, 2.5, -3],\n"
        "  m: {b: 2, a: 1, c: {d: [x, 1, null, true]}}, el: [], em: {}, hex: 0x10, u: "
        "\"h\u00e9llo w\u00f6rld \u01c6 \u00df\",\n"
        "  q: \"a\\\"b\\\\c\\n\\t\", huge: 18446744073709551615, zero: 0, ff: 0.0, tiny: "
        "0.00001,\n"
        "  mixed: [1, a, null, {x: 1}], odd-key: v, e21: 1e21, f3: 3.0}\n"
        "settings: {context: {stage: PROD}, s: \"  pad  \"}\n"
        "name: top\n";

static struct {
    struct arena *arena;
    struct keys *keys;
    const struct value *data;
} fixture;

static inline int fixture_setup(void **state)
{
    (void)state;
    struct diags diags;
    fixture.arena = arena_new();
    fixture.keys = keys_new(fixture.arena);
    diags_init(&diags, fixture.arena);
    struct yaml_input input = { .arena = fixture.arena,
        .keys = fixture.keys,
        .diags = &diags,
        .text = str_from(fixture_data),
        .file = 1 };
    return yaml_read(&input, &fixture.data);
}

static inline int fixture_teardown(void **state)
{
    (void)state;
    arena_free(fixture.arena);
    return 0;
}

/* Parses and runs; what is wrong stands in *ret_error. */
static inline int render_with(struct str text, const struct template_input *how,
        struct template_run run, struct str *ret_text, struct template_error *ret_error)
{
    const struct template *template = NULL;
    struct template_input input = *how;
    input.arena = fixture.arena;
    input.keys = fixture.keys;
    input.text = text;
    input.functions = input.functions ? input.functions : &template_sprig_functions;
    *ret_error = (struct template_error){ 0 };
    *ret_text = STR_EMPTY;
    int err = template_parse(&input, &template, ret_error);
    run.arena = fixture.arena;
    run.keys = fixture.keys;
    run.value = run.value || run.data ? run.value : fixture.data;
    return err ? err : template_evaluate(template, &run, ret_text, ret_error);
}

static inline int render(
        const char *text, struct str *ret_text, struct template_error *ret_error)
{
    const struct template_input input = { .text = STR_EMPTY };
    struct template_run run = { .missing = TEMPLATE_MISSING_IS_NO_VALUE };
    return render_with(str_from(text), &input, run, ret_text, ret_error);
}

struct row {
    const char *template;
    const char *want;
};

/* All rows are looked at before the test fails. */
static inline void check_rows(const struct row *rows, size_t count)
{
    size_t wrong = 0;
    for (size_t i = 0; i < count; i++) {
        struct str text;
        struct template_error error;
        int err = render(rows[i].template, &text, &error);
        if (err || !str_eq_cstr(text, rows[i].want)) {
            print_error("%s\n  gives  \"%.*s\"%.*s\n  wanted \"%s\"\n", rows[i].template,
                    STR_ARG(text), STR_ARG(error.message), rows[i].want);
            wrong++;
        }
    }
    assert_int_equal(wrong, 0);
}

struct fault {
    const char *template;
    int err;
    uint32_t line;
    uint32_t column;
    const char *message;
};

static inline void check_faults(const struct fault *rows, size_t count)
{
    size_t wrong = 0;
    for (size_t i = 0; i < count; i++) {
        struct str text;
        struct template_error error;
        int err = render(rows[i].template, &text, &error);
        if (err != rows[i].err || error.err != err || error.line != rows[i].line ||
                error.column != rows[i].column ||
                !str_eq_cstr(error.message, rows[i].message)) {
            print_error("%s\n  gives  %d %u:%u %.*s\n  wanted %d %u:%u %s\n", rows[i].template,
                    err, error.line, error.column, STR_ARG(error.message), rows[i].err,
                    rows[i].line, rows[i].column, rows[i].message);
            wrong++;
        }
    }
    assert_int_equal(wrong, 0);
}

#define RUN_TEMPLATE_TESTS(tests) cmocka_run_group_tests(tests, fixture_setup, fixture_teardown)

#endif
