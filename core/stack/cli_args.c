/* SPDX-License-Identifier: Apache-2.0 */
/* What TF_CLI_ARGS adds to every run of terraform: its words, and the variables among them (spec 4.6). */
#include "shown.h"
#include "value/value.h"

/* JSON is read, everything else is text. */
static const struct value *value_of(struct run *run, struct str text)
{
    struct diags ignored;
    const struct value *value = NULL;
    diags_init(&ignored, run->arena);
    if (text.len == 0 ||
            json_read(run->arena, run->keys, &ignored, text, STR("-var"), 0, &value) != 0) {
        value = value_string_new(run->arena, text, MARK_NONE);
    }
    return value;
}

/* "name=value" */
static void add_variable(struct run *run, struct value_builder *vars, struct str text)
{
    ptrdiff_t equals = str_find(text, '=');
    if (equals > 0) {
        struct str name = str_sub(text, 0, (size_t)equals);
        value_builder_set(vars, key_of(run->keys, name),
                value_of(run, str_from_index(text, (size_t)equals + 1)), MARK_NONE);
    }
}

void inherited_arguments(
        struct run *run, const struct value **ret_args, const struct value **ret_vars)
{
    const char *own = environment_get(&run->env, "TF_CLI_ARGS");
    struct str text = str_from(own ? own : "");
    struct str word;
    VEC(const struct value *) args = { 0 };
    struct value_builder vars;
    bool is_variable = false;
    value_builder_init(&vars, run->arena, MARK_NONE);
    /* Terraform says what is wrong with a quote that is not closed; here the rest is one word. */
    while (word_next(run->arena, &text, WORDS_AS_WRITTEN, &word) != ERR_NOT_FOUND) {
        VEC_PUSH(run->arena, &args, value_string_new(run->arena, word, MARK_NONE));
        if (is_variable) {
            add_variable(run, &vars, word);
        } else if (str_starts_with(word, STR("-var="))) {
            add_variable(run, &vars, str_from_index(word, 5));
        }
        is_variable = !is_variable && str_eq_cstr(word, "-var");
    }
    *ret_args = value_list_new(run->arena, args.items, args.count, MARK_NONE);
    *ret_vars = value_builder_map(&vars);
}
