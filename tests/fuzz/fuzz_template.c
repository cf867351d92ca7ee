/* SPDX-License-Identifier: Apache-2.0 */
/* Templates: whatever is parsed runs to an end within its bounds; whatever is refused has its place. */
#include <stdlib.h>

#include "template/template.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char yaml[] = "vars: {tenant: core, n: 5, f: 1.5, t: true, none: null, l: [a, b, "
                           "3], m: {a: 1, b: {c: d}}}\n"
                           "settings: {context: {stage: PROD}}\n"
                           "name: top\n";

static void check(int err, const struct template_error *error, size_t size)
{
    if (err == 0) {
        return;
    }
    if (err != error->err || error->message.len == 0 || error->line == 0 ||
            error->column == 0 || error->offset > size) {
        abort();
    }
}

static void run_all(struct arena *arena, struct keys *keys, const struct template *template,
        const struct value *value, size_t size)
{
    static const struct template_limits limits = {
        .max_steps = 100000, .max_memory = 1 << 20, .max_output = 1 << 18
    };
    for (int mode = 0; mode < 4; mode++) {
        struct str text = STR_EMPTY;
        struct template_error error = { 0 };
        const struct template_run run = {
            .arena = arena,
            .keys = keys,
            .value = value,
            .missing = mode & 1 ? TEMPLATE_MISSING_IS_ERROR : TEMPLATE_MISSING_IS_NO_VALUE,
            .wants_text = mode & 2,
            .limits = &limits,
        };
        int err = template_evaluate(template, &run, &text, &error);
        check(err, &error, size);
        if (err == 0 && (!str_is_utf8(text) || text.len > limits.max_output)) {
            abort();
        }
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena = arena_new();
    struct keys *keys = keys_new(arena);
    struct diags diags;
    const struct value *value = NULL;
    const struct template *template = NULL;
    struct template_error error = { 0 };
    diags_init(&diags, arena);
    struct yaml_input yaml_input = {
        .arena = arena, .keys = keys, .diags = &diags, .text = str_from(yaml), .file = 1
    };
    if (yaml_read(&yaml_input, &value) != 0) {
        abort();
    }
    const struct template_input input = {
        .arena = arena,
        .keys = keys,
        .text = { (const char *)data, size },
        .functions = &template_sprig_functions,
    };
    int err = template_parse(&input, &template, &error);
    check(err, &error, size);
    if (err == 0) {
        run_all(arena, keys, template, value, size);
        (void)template_mark(str_from(yaml), (struct mark){ 1, 1, 8 }, input.text, size / 2);
    }
    arena_free(arena);
    return 0;
}
