/* SPDX-License-Identifier: Apache-2.0 */
/* Environment variables and flags over the configuration (spec 1.5). */
#include <string.h>

#include "config_internal.h"

const char *config_variable(const struct run *run, const struct value *root, const char *name)
{
    const char *set = environment_get(&run->env, name);
    if (set) {
        return set;
    }
    const struct value *own = value_get_path(root, "env");
    const struct value *value = value_get_str(own, str_from(name));
    if (!value_is_scalar(value) || value_is(value, VALUE_NULL) ||
            !str_starts_with(str_from(name), STR("ATMOS_"))) {
        return NULL;
    }
    return arena_cstr(run->arena, value_text(value));
}

const struct value *config_set(
        struct run *run, const struct value *root, struct str dotted, const struct value *value)
{
    ptrdiff_t dot = str_find(dotted, '.');
    struct str first = dot < 0 ? dotted : str_sub(dotted, 0, (size_t)dot);
    const struct key *key = key_of(run->keys, first);
    if (!value_is(root, VALUE_MAP)) {
        struct value_builder empty;
        value_builder_init(&empty, run->arena, MARK_NONE);
        root = value_builder_map(&empty);
    }
    if (dot >= 0) {
        struct str rest = str_from_index(dotted, (size_t)dot + 1);
        value = config_set(run, value_get(root, key), rest, value);
    }
    return value_with(run->arena, root, key, value);
}

static const struct value *list_from(struct run *run, struct str text)
{
    VEC(const struct value *) items = { 0 };
    struct str rest = text;
    struct str piece;
    bool more = text.len > 0;
    while (str_split(&rest, &more, ',', &piece)) {
        piece = str_trim(piece);
        if (piece.len) {
            VEC_PUSH(run->arena, &items, value_string_new(run->arena, piece, MARK_NONE));
        }
    }
    return value_list_new(run->arena, items.items, items.count, MARK_NONE);
}

/* The value a text means for a key of that kind; NULL when it cannot mean one. */
static const struct value *value_from(struct run *run, enum config_kind kind, struct str text)
{
    bool truth;
    double number;
    switch (kind) {
    case CONFIG_BOOL:
        return config_bool_from(text, &truth) ? value_bool_new(run->arena, truth, MARK_NONE)
                                              : NULL;
    case CONFIG_NUMBER:
        return str_to_f64(text, &number)
                       ? value_scalar_new(run->arena, VALUE_FLOAT, text, MARK_NONE)
                       : NULL;
    case CONFIG_LIST:
        return list_from(run, text);
    case CONFIG_TEXT:
    case CONFIG_MAP:
    case CONFIG_ANY:
        break;
    }
    return value_string_new(run->arena, text, MARK_NONE);
}

static int set_key(struct run *run, const struct config_key *key, struct str text,
        struct config_origin origin, struct config *config)
{
    const struct value *value = value_from(run, key->kind, text);
    if (!value) {
        diag_add(&run->diags, &config_diags[CONFIG_BAD_OVERRIDE], MARK_NONE,
                "%.*s must be %s, not \"%.*s\"", STR_ARG(origin.name),
                config_kind_name(key->kind), STR_ARG(text));
        return ERR_INVALID;
    }
    config->root = config_set(run, config->root, str_from(key->name), value);
    config_note_origin(run, config, str_from(key->name), origin.kind, origin.name);
    return 0;
}

int config_override(
        struct run *run, const struct config_options *options, struct config *config)
{
    int err = 0;
    for (size_t i = 0; i < config_key_count; i++) {
        const struct config_key *key = &config_keys[i];
        const char *text =
                key->environment ? config_variable(run, config->root, key->environment) : NULL;
        if (text && *text) {
            struct config_origin origin = { CONFIG_FROM_VARIABLE, str_from(key->environment) };
            int one = set_key(run, key, str_from(text), origin, config);
            err = err ? err : one;
        }
    }
    for (size_t i = 0; i < options->setting_count; i++) {
        const struct config_setting *setting = &options->settings[i];
        const struct config_key *key = config_key_find(setting->key);
        ENSURE(key);
        int one = set_key(run, key, setting->text,
                (struct config_origin){ CONFIG_FROM_FLAG, setting->flag }, config);
        err = err ? err : one;
    }
    if (options->base_path.len) {
        config->root = config_set(run, config->root, STR("base_path"),
                value_string_new(run->arena, options->base_path, MARK_NONE));
        config_note_origin(run, config, STR("base_path"), CONFIG_FROM_FLAG, STR("--base-path"));
    }
    return err;
}
