/* SPDX-License-Identifier: Apache-2.0 */
/* What the configuration says of a list: its form and its columns. */
#include <string.h>

#include "list.h"

/* Commands and the group of keys that is theirs. */
static const struct {
    command_fn *function;
    const char *key;
} places[] = {
    { cmd_list_stacks, "stacks.list" },
    { cmd_list_components, "components.list" },
    { cmd_list_instances, "components.list" },
    { cmd_list_workflows, "workflows.list" },
    { cmd_list_vendor, "vendor.list" },
};

/* NULL: the command has none. */
static const char *key_of_command(const struct command *command)
{
    for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
        if (command->function == places[i].function) {
            return places[i].key;
        }
    }
    return NULL;
}

static const char *configured_at(const struct invocation *invocation)
{
    return key_of_command(invocation->command);
}

static bool has_format(const struct command *command, struct str format)
{
    for (const char *const *name = command->formats; *name; name++) {
        if (str_eq_cstr(format, *name)) {
            return true;
        }
    }
    return false;
}

VEC_TYPE(names, struct str);

/* The formats of all commands with these keys: one has a tree, the other may not. */
static void names_of(struct run *run, const char *key, struct names *names)
{
    for (size_t i = 0; i < command_count; i++) {
        const char *own = key_of_command(&commands[i]);
        for (const char *const *name = commands[i].formats; own && *name; name++) {
            struct str text = str_from(*name);
            if (strcmp(own, key) == 0 && !str_is_among(text, names->items, names->count)) {
                VEC_PUSH(run->arena, names, text);
            }
        }
    }
}

static const struct value *configured(const struct invocation *invocation, const char *what)
{
    struct run *run = invocation->run;
    const char *at = configured_at(invocation);
    return at && run->config
                   ? config_get(run->config, arena_printf(run->arena, "%s.%s", at, what).ptr)
                   : NULL;
}

/* `<section>.list.format` counts as --format when none is given. */
static int follow_format(struct invocation *invocation)
{
    struct run *run = invocation->run;
    const struct value *value = configured(invocation, "format");
    struct str format = value_text(value);
    if (!value_is_scalar(value) || format.len == 0 || option_is_given(invocation, "format") ||
            option_flag(invocation, "json")) {
        return 0;
    }
    if (has_format(invocation->command, format)) {
        VEC_PUSH(run->arena, &invocation->bindings,
                (struct binding){
                        option_find(invocation->command, STR("format")), format, NULL });
        return list_check_shape(invocation);
    }
    struct names names = { 0 };
    names_of(run, configured_at(invocation), &names);
    if (!str_is_among(format, names.items, names.count)) {
        struct diag *diag = diag_add(&run->diags, &config_diags[CONFIG_BAD_VALUE], value->mark,
                "\"%s.format\" must be one of %.*s, not \"%.*s\"", configured_at(invocation),
                STR_ARG(arena_join(run->arena, names.items, names.count, STR(", "))),
                STR_ARG(format));
        diag->span = (uint32_t)str_count_code_points(format);
        diag->hint = suggest_hint(run->arena, format, names.items, names.count);
        return ERR_INVALID;
    }
    return 0;
}

int list_configure(struct invocation *invocation)
{
    struct config_options config = invocation_config_options(invocation);
    int r = list_check_shape(invocation);
    r = r ? r : pipeline_configure(invocation->run, &config, false);
    return r ? r : follow_format(invocation);
}

/* A column is a map of name and value; what else stands there has no effect. */
static int check_column(struct invocation *invocation, const struct value *item)
{
    static const struct str names[] = { STR_INIT("name"), STR_INIT("value") };
    struct run *run = invocation->run;
    const char *at = configured_at(invocation);
    if (!value_is(item, VALUE_MAP) || value_string(value_get_str(item, STR("name"))).len == 0 ||
            value_string(value_get_str(item, STR("value"))).len == 0) {
        diag_add(&run->diags, &config_diags[CONFIG_BAD_VALUE], item->mark,
                "a column of \"%s.columns\" must be a map with a name and a value", at)
                ->hint = STR("write `- { name: Stack, value: \"{{ .stack }}\" }`");
        return ERR_INVALID;
    }
    int err = 0;
    for (size_t i = 0; i < value_count(item); i++) {
        const struct value_entry *entry = &item->as.map.entries[i];
        struct diag_kind kind = config_diags[CONFIG_UNKNOWN_KEY];
        if (str_is_among(entry->key->text, names, 2)) {
            continue;
        }
        kind.severity = run->is_strict ? DIAG_ERROR : DIAG_WARNING;
        err = run->is_strict ? ERR_INVALID : err;
        struct diag *diag = diag_add(&run->diags, &kind, entry->mark,
                "\"%.*s\" has no effect in a column of \"%s.columns\"",
                STR_ARG(entry->key->text), at);
        diag->span = (uint32_t)str_count_code_points(entry->key->text);
        diag->hint = suggest_hint(run->arena, entry->key->text, names, 2);
    }
    return err;
}

int list_configured_columns(
        struct invocation *invocation, const struct str **ret_columns, size_t *ret_count)
{
    struct run *run = invocation->run;
    const struct value *list = configured(invocation, "columns");
    size_t count = value_is(list, VALUE_LIST) ? value_count(list) : 0;
    struct str *texts = ARENA_ARRAY(run->arena, struct str, count);
    int err = 0;
    for (size_t i = 0; i < count; i++) {
        const struct value *item = value_at(list, i);
        int one = check_column(invocation, item);
        err = err ? err : one;
        texts[i] = arena_printf(run->arena, "%.*s=%.*s",
                STR_ARG(value_text(value_get_str(item, STR("name")))),
                STR_ARG(value_text(value_get_str(item, STR("value")))));
    }
    *ret_columns = texts;
    *ret_count = count;
    return err;
}
