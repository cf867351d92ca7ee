/* SPDX-License-Identifier: Apache-2.0 */
/* YAML functions in configuration files. */
#include <string.h>

#include "config_internal.h"

/* What stands behind a tag. */
struct call {
    struct str name; /* "!env" */
    struct str words[2];
    size_t count; /* of words, may be larger than what is kept */
    const struct value *value;
};

const char *const config_functions[] = { "!append", "!cwd", "!env", "!exec", "!git.branch",
    "!git.host", "!git.name", "!git.owner", "!git.ref", "!git.repository", "!git.root",
    "!git.sha", "!git.url", "!include", "!include.raw", "!literal", "!random", "!repo-root",
    "!template", "!unset", NULL };

static int read_call(struct run *run, const struct value *value, struct call *ret_call)
{
    struct call call = { .value = value };
    struct str rest = value_text(value);
    struct str word;
    int err = word_next(run->arena, &rest, WORDS_DOUBLED, &call.name);
    while (err == 0 && (err = word_next(run->arena, &rest, WORDS_DOUBLED, &word)) == 0) {
        if (call.count < sizeof(call.words) / sizeof(call.words[0])) {
            call.words[call.count] = word;
        }
        call.count++;
    }
    if (err == ERR_PARSE) {
        diag_add(&run->diags, &config_diags[CONFIG_FUNCTION], value->mark,
                "a quote in the arguments of %.*s is not closed", STR_ARG(call.name))
                ->hint =
                STR("close it; a quote that is meant stands twice in quotes of its kind");
        return err;
    }
    *ret_call = call;
    return 0;
}

static int say_usage(struct run *run, const struct call *call, const char *form)
{
    diag_add(&run->diags, &config_diags[CONFIG_FUNCTION], call->value->mark,
            "%.*s is written `%s`", STR_ARG(call->name), form);
    return ERR_INVALID;
}

static int evaluate_env(struct run *run, const struct call *call, struct str *ret_text)
{
    if (call->count < 1 || call->count > 2) {
        return say_usage(run, call, "!env NAME [default]");
    }
    const char *set = environment_get(&run->env, arena_cstr(run->arena, call->words[0]));
    *ret_text = set ? str_from(set) : call->words[1];
    return 0;
}

static int evaluate_repo_root(struct run *run, const struct call *call, struct str *ret_text)
{
    if (call->count > 1) {
        return say_usage(run, call, "!repo-root [default]");
    }
    struct str root = git_root_of(run, run->folder);
    if (root.len == 0 && call->count == 0) {
        diag_add(&run->diags, &config_diags[CONFIG_FUNCTION], call->value->mark,
                "!repo-root: \"%.*s\" is in no git repository", STR_ARG(run->folder))
                ->hint = STR("give it a default: `!repo-root .`");
        return ERR_NOT_FOUND;
    }
    *ret_text = root.len ? root : call->words[0];
    return 0;
}

static int evaluate_cwd(struct run *run, const struct call *call, struct str *ret_text)
{
    if (call->count > 1) {
        return say_usage(run, call, "!cwd [path]");
    }
    *ret_text = path_join(run->arena, run->folder, call->words[0]);
    return 0;
}

static int refuse(struct run *run, const struct call *call)
{
    diag_add(&run->diags, &config_diags[CONFIG_UNSUPPORTED], call->value->mark,
            "the function %.*s is not supported in the configuration yet", STR_ARG(call->name));
    return ERR_UNSUPPORTED;
}

static int evaluate_scalar(
        struct run *run, const struct value *value, const struct value **ret_value)
{
    struct call call;
    struct str text = STR_EMPTY;
    int err = read_call(run, value, &call);
    if (err) {
        return err;
    }
    if (str_eq_cstr(call.name, "!unset")) {
        *ret_value = value; /* removed when all files are merged */
        return 0;
    }
    if (str_eq_cstr(call.name, "!env")) {
        err = evaluate_env(run, &call, &text);
    } else if (str_eq_cstr(call.name, "!repo-root")) {
        err = evaluate_repo_root(run, &call, &text);
    } else if (str_eq_cstr(call.name, "!cwd")) {
        err = evaluate_cwd(run, &call, &text);
    } else {
        err = refuse(run, &call);
    }
    if (err == 0) {
        *ret_value = value_string_new(run->arena, text, value->mark);
    }
    return err;
}

/* Nesting is bounded by the reader. */
int config_evaluate(struct run *run, const struct value *value, const struct value **ret_value)
{
    int err = 0;
    const struct value *result = value;
    if (value_is(value, VALUE_LIST)) {
        size_t count = value_count(value);
        const struct value **items = ARENA_ARRAY(run->arena, const struct value *, count);
        for (size_t i = 0; i < count; i++) {
            int one = config_evaluate(run, value_at(value, i), &items[i]);
            err = err ? err : one;
        }
        result = value_with_flags(run->arena,
                value_list_new(run->arena, items, count, value->mark), value->flags);
    } else if (value_is(value, VALUE_MAP)) {
        struct value_builder builder;
        value_builder_init(&builder, run->arena, value->mark);
        for (size_t i = 0; i < value->as.map.count; i++) {
            const struct value_entry *entry = &value->as.map.entries[i];
            const struct value *child = NULL;
            int one = config_evaluate(run, entry->value, &child);
            err = err ? err : one;
            value_builder_add(&builder, entry->key, child, entry->mark);
        }
        result = value_builder_map(&builder);
    } else if (value && (value->flags & VALUE_FUNCTION)) {
        err = evaluate_scalar(run, value, &result);
    }
    if (err == 0) {
        *ret_value = result;
    }
    return err;
}

static bool is_unset(const struct value *value)
{
    return value_is(value, VALUE_STRING) && (value->flags & VALUE_FUNCTION);
}

const struct value *config_drop_unset(struct run *run, const struct value *value)
{
    if (value_is(value, VALUE_LIST)) {
        VEC(const struct value *) items = { 0 };
        for (size_t i = 0; i < value_count(value); i++) {
            if (!is_unset(value_at(value, i))) {
                VEC_PUSH(run->arena, &items, config_drop_unset(run, value_at(value, i)));
            }
        }
        return value_list_new(run->arena, items.items, items.count, value->mark);
    }
    if (!value_is(value, VALUE_MAP)) {
        return value;
    }
    struct value_builder builder;
    value_builder_init(&builder, run->arena, value->mark);
    for (size_t i = 0; i < value->as.map.count; i++) {
        const struct value_entry *entry = &value->as.map.entries[i];
        if (!is_unset(entry->value)) {
            value_builder_add(
                    &builder, entry->key, config_drop_unset(run, entry->value), entry->mark);
        }
    }
    return value_builder_map(&builder);
}
