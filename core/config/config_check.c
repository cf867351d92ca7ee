/* SPDX-License-Identifier: Apache-2.0 */
/* Compares a configuration with the key table: unknown keys, values of the wrong kind. */
#include <strings.h>

#include "config_internal.h"

/* True when some key of the table lies below `name`. */
static bool is_group(struct str name)
{
    for (size_t i = 0; i < config_key_count; i++) {
        struct str key = str_from(config_keys[i].name);
        if (key.len > name.len && key.ptr[name.len] == '.' && str_starts_with(key, name)) {
            return true;
        }
    }
    return false;
}

/* The names directly below a group, for suggestions. */
static size_t names_below(struct run *run, struct str group, struct str **ret_names)
{
    struct map seen = { 0 };
    for (size_t i = 0; i < config_key_count; i++) {
        struct str key = str_from(config_keys[i].name);
        if (group.len) {
            if (key.len <= group.len || key.ptr[group.len] != '.' ||
                    !str_starts_with(key, group)) {
                continue;
            }
            key = str_from_index(key, group.len + 1);
        }
        ptrdiff_t dot = str_find(key, '.');
        map_put(run->arena, &seen, dot < 0 ? key : str_sub(key, 0, (size_t)dot), &seen);
    }
    struct str *names = ARENA_ARRAY(run->arena, struct str, seen.count);
    for (size_t i = 0; i < seen.count; i++) {
        names[i] = seen.entries[i].key;
    }
    *ret_names = names;
    return seen.count;
}

static bool is_text_list(const struct value *value)
{
    for (size_t i = 0; i < value_count(value); i++) {
        if (!value_is_scalar(value_at(value, i)) || value_is(value_at(value, i), VALUE_NULL)) {
            return false;
        }
    }
    return value_is(value, VALUE_LIST);
}

static bool fits(const struct value *value, enum config_kind kind)
{
    bool truth;
    double number;
    switch (kind) {
    case CONFIG_TEXT:
        return value_is_scalar(value);
    case CONFIG_BOOL:
        return value_is(value, VALUE_BOOL) ||
               (value_is_scalar(value) && config_bool_from(value_text(value), &truth));
    case CONFIG_NUMBER:
        return value_is(value, VALUE_INT) || value_is(value, VALUE_FLOAT) ||
               str_to_f64(value_string(value), &number);
    case CONFIG_LIST:
        return value_is(value, VALUE_STRING) || is_text_list(value);
    case CONFIG_MAP:
        return value_is(value, VALUE_MAP);
    case CONFIG_ANY:
        return true;
    }
    BUG("unknown kind of configuration key");
}

static const char *kind_of(const struct value *value)
{
    switch ((enum value_kind)value->kind) {
    case VALUE_LIST:
        return "a list";
    case VALUE_MAP:
        return "a map";
    case VALUE_NULL:
    case VALUE_BOOL:
    case VALUE_INT:
    case VALUE_FLOAT:
    case VALUE_STRING:
        break;
    }
    return NULL;
}

static struct diag *add_bad(
        struct run *run, struct str name, const struct value *value, const char *wanted)
{
    const char *kind = kind_of(value);
    struct str text = value_text(value);
    if (kind) {
        return diag_add(&run->diags, &config_diags[CONFIG_BAD_VALUE], value->mark,
                "\"%.*s\" must be %s, not %s", STR_ARG(name), wanted, kind);
    }
    struct diag *diag = diag_add(&run->diags, &config_diags[CONFIG_BAD_VALUE], value->mark,
            "\"%.*s\" must be %s, not \"%.*s\"", STR_ARG(name), wanted, STR_ARG(text));
    diag->span = (uint32_t)str_count_code_points(text);
    return diag;
}

static int say_bad(
        struct run *run, struct str name, const struct value *value, const char *wanted)
{
    (void)add_bad(run, name, value, wanted);
    return ERR_INVALID;
}

static int say_unknown(struct run *run, struct str group, const struct value_entry *entry)
{
    struct diag_kind kind = config_diags[CONFIG_UNKNOWN_KEY];
    kind.severity = run->is_strict ? DIAG_ERROR : DIAG_WARNING;
    struct str *names;
    size_t count = names_below(run, group, &names);
    struct diag *diag = diag_add(&run->diags, &kind, entry->mark, "unknown key \"%.*s%s%.*s\"",
            STR_ARG(group), group.len ? "." : "", STR_ARG(entry->key->text));
    diag->span = (uint32_t)str_count_code_points(entry->key->text);
    diag->hint = suggest_hint(run->arena, entry->key->text, names, count);
    return run->is_strict ? ERR_INVALID : 0;
}

/* `group` empty: the root. `is_open`: unknown keys may stand here. */
static int check_map(struct run *run, const struct value *map, struct str group, bool is_open)
{
    int err = 0;
    for (size_t i = 0; i < value_count(map); i++) {
        const struct value_entry *entry = &map->as.map.entries[i];
        struct str name = group.len ? arena_printf(run->arena, "%.*s.%.*s", STR_ARG(group),
                                              STR_ARG(entry->key->text))
                                    : entry->key->text;
        const struct config_key *row = config_key_find(name);
        bool is_above = is_group(name);
        int one = 0;
        if (!row && !is_above) {
            if (!is_open) {
                one = say_unknown(run, group, entry);
            }
        } else if (!value_is(entry->value, VALUE_NULL) &&
                   !(entry->value->flags & VALUE_FUNCTION)) {
            enum config_kind kind = row ? row->kind : CONFIG_MAP;
            if (!fits(entry->value, kind)) {
                one = say_bad(run, name, entry->value, config_kind_name(kind));
            } else if (is_above) {
                one = check_map(run, entry->value, name, row != NULL);
            }
        }
        err = err ? err : one;
    }
    return err;
}

/* Keys whose text must be one of a few words. */
static const struct {
    const char *name;
    struct str words[7]; /* the last empty */
    bool has_cases; /* in any case */
} choices[] = {
    { "version.constraint.enforcement",
            { STR_INIT("fatal"), STR_INIT("warn"), STR_INIT("silent") }, false },
    { "settings.list_merge_strategy",
            { STR_INIT("replace"), STR_INIT("append"), STR_INIT("merge") }, false },
    { "describe.component.filter", { STR_INIT("full"), STR_INIT("schema") }, false },
    { "plugins.isolate", { STR_INIT("third-party"), STR_INIT("all") }, false },
    { "describe.error_mode", { STR_INIT("warn"), STR_INIT("strict"), STR_INIT("silent") },
            false },
    { "list.error_mode", { STR_INIT("warn"), STR_INIT("strict"), STR_INIT("silent") }, false },
    { "logs.level",
            { STR_INIT("Trace"), STR_INIT("Debug"), STR_INIT("Info"), STR_INIT("Warning"),
                    STR_INIT("Error"), STR_INIT("Off") },
            true },
};

/* Keys that are a time in seconds. */
static const char *const durations[] = { "plugins.callback_seconds", "plugins.check_seconds" };

static int check_durations(struct run *run, const struct value *root)
{
    int err = 0;
    for (size_t i = 0; i < sizeof(durations) / sizeof(durations[0]); i++) {
        double seconds = 0;
        const struct value *value = value_get_path(root, durations[i]);
        if (value_is_scalar(value) && str_to_f64(value_text(value), &seconds) &&
                !(seconds >= 1 && seconds <= 3600)) {
            err = say_bad(run, str_from(durations[i]), value, "a number from 1 to 3600");
        }
    }
    return err;
}

static bool is_same_word(struct str a, struct str b, bool has_cases)
{
    return has_cases ? a.len == b.len && strncasecmp(a.ptr, b.ptr, a.len) == 0 : str_eq(a, b);
}

/* "a, b or c" */
static struct str either(struct run *run, const struct str *words, size_t count)
{
    return arena_printf(run->arena, "%.*s or %.*s",
            STR_ARG(arena_join(run->arena, words, count - 1, STR(", "))),
            STR_ARG(words[count - 1]));
}

/* A variable or a flag has no place in a file: its name is said instead. */
static int say_choice(struct run *run, const struct config *config, size_t choice,
        const struct value *value, size_t count)
{
    const struct str *words = choices[choice].words;
    struct str name = str_from(choices[choice].name);
    struct str text = value_text(value);
    struct str wanted = either(run, words, count);
    const struct config_origin *origin = config_noted_origin(config, name);
    struct diag *diag;
    if (origin && origin->kind != CONFIG_FROM_DEFAULT) {
        diag = diag_add(&run->diags, &config_diags[CONFIG_BAD_OVERRIDE], MARK_NONE,
                "%.*s must be %.*s, not \"%.*s\"", STR_ARG(origin->name), STR_ARG(wanted),
                STR_ARG(text));
    } else {
        diag = add_bad(run, name, value, wanted.ptr);
    }
    diag->hint = suggest_hint(run->arena, text, words, count);
    return ERR_INVALID;
}

int config_check_choices(struct run *run, const struct config *config)
{
    int err = 0;
    for (size_t i = 0; i < sizeof(choices) / sizeof(choices[0]); i++) {
        const struct value *value = value_get_path(config->root, choices[i].name);
        struct str text = value_text(value);
        size_t count = 0;
        bool is_one = !value_is_scalar(value) || text.len == 0;
        while (choices[i].words[count].len) {
            is_one =
                    is_one || is_same_word(text, choices[i].words[count], choices[i].has_cases);
            count++;
        }
        if (!is_one) {
            err = say_choice(run, config, i, value, count);
        }
    }
    int late = check_durations(run, config->root);
    return err ? err : late;
}

int config_check(struct run *run, const struct value *root)
{
    return check_map(run, root, STR_EMPTY, false);
}
