/* SPDX-License-Identifier: Apache-2.0 */
/* Generated variables below written ones. */
#include <string.h>

#include "host.h"
#include "plugin_ask.h"

enum {
    SHOWN_MAX = 200
};

/* A value in a few words, without secrets. */
static struct str show(struct run *run, const struct value *value)
{
    AUTO_BUF out = BUF_INIT(1 << 16);
    json_write(&out, value, JSON_COMPACT | JSON_MASK);
    struct str text = text_shown(run->arena, buf_str(&out));
    return text.len <= SHOWN_MAX ? text : STR("another value");
}

/* How a difference between two trees of variables is told. */
struct difference {
    struct run *run;
    const struct plugin_binding *binding; /* that made the lower tree */
    struct str other; /* plugin that made the upper tree; empty: the user wrote it */
};

static void tell(const struct difference *difference, struct str path, struct str pointer,
        const struct value_entry *upper, const struct value *lower)
{
    struct run *run = difference->run;
    const struct plugin_binding *binding = difference->binding;
    struct mark mark = upper->mark.line != 0 ? upper->mark : upper->value->mark;
    struct str high = show(run, upper->value);
    struct str low = show(run, lower);
    struct diag *diag = NULL;
    if (difference->other.len > 0) {
        diag = diag_add(&run->diags, &plugin_diags[PLUGIN_VARS_CONFLICT], binding->mark,
                "plugins `%.*s` and `%.*s` both generate vars%.*s: %.*s is used, %.*s is not",
                STR_ARG(difference->other), STR_ARG(binding->plugin->identity->id),
                STR_ARG(path), STR_ARG(high), STR_ARG(low));
    } else {
        diag = diag_add(&run->diags, &plugin_diags[PLUGIN_VAR_OVERRIDES], mark,
                "vars%.*s is set to %.*s and overrides %.*s, which settings.%.*s asks for",
                STR_ARG(path), STR_ARG(high), STR_ARG(low), STR_ARG(binding->kind));
    }
    set_binding_subject(diag, binding);
    diag->pointer = arena_printf(run->arena, "/vars%.*s", STR_ARG(pointer));
}

/* Every place where the upper tree hides something else in the lower one. */
static void compare(const struct difference *difference, struct str path, struct str pointer,
        const struct value *lower, const struct value *upper)
{
    for (size_t i = 0; i < upper->as.map.count; i++) {
        const struct value_entry *entry = &upper->as.map.entries[i];
        const struct value *hidden = value_get(lower, entry->key);
        if (!hidden || value_equal(hidden, entry->value) ||
                (entry->value->flags & VALUE_FUNCTION) != 0) {
            continue;
        }
        struct str below = arena_printf(
                difference->run->arena, "%.*s.%.*s", STR_ARG(path), STR_ARG(entry->key->text));
        AUTO_BUF step = BUF_INIT(BUF_UNBOUNDED);
        buf_add(&step, pointer);
        pointer_add_step(&step, entry->key->text);
        struct str inner = arena_dup(difference->run->arena, buf_str(&step));
        if (value_is(hidden, VALUE_MAP) && value_is(entry->value, VALUE_MAP)) {
            compare(difference, below, inner, hidden, entry->value);
        } else {
            tell(difference, below, inner, entry, hidden);
        }
    }
}

/* One more plugin's variables under those collected so far. */
static const struct value *put_under(struct run *run, struct plugins *plugins,
        const struct plugin_binding *binding, const struct value *vars,
        const struct plugin_binding *first, const struct value *so_far)
{
    struct difference with_plugin = { run, binding,
        first ? first->plugin->identity->id : STR_EMPTY };
    struct difference with_user = { run, binding, STR_EMPTY };
    compare(&with_user, STR_EMPTY, STR_EMPTY, vars, binding->instance->vars);
    if (first) {
        compare(&with_plugin, STR_EMPTY, STR_EMPTY, vars, so_far);
        return value_merge(plugins->merger, vars, so_far, LIST_REPLACE);
    }
    return vars;
}

int plugins_resolve_vars(struct run *run, struct plugins *plugins,
        const struct instance *instance, const struct value **ret_vars)
{
    const struct plugin_binding *bindings = NULL;
    size_t count = 0;
    int code = plugins_bind(run, plugins, instance, &bindings, &count);
    for (size_t i = 0; i < count; i++) {
        int one = plugin_validate(run, plugins, &bindings[i]);
        code = code != 0 ? code : one;
    }
    const struct value *generated = plugins->no_value;
    for (size_t i = 0; i < count && code == 0; i++) {
        const struct value *vars = NULL;
        bool is_first_time = !bindings[i].state->is_generated;
        code = plugin_generate(run, plugins, &bindings[i], &vars);
        if (code == 0) {
            size_t before = run->diags.list.count;
            size_t warnings = run->diags.warning_count;
            generated = put_under(
                    run, plugins, &bindings[i], vars, i > 0 ? &bindings[0] : NULL, generated);
            if (!is_first_time) {
                run->diags.list.count = before;
                run->diags.warning_count = warnings;
            }
        }
    }
    if (code != 0) {
        return code;
    }
    *ret_vars = value_is_empty(generated)
                        ? instance->vars
                        : value_merge(plugins->merger, generated, instance->vars, LIST_REPLACE);
    return 0;
}
