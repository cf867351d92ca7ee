/* SPDX-License-Identifier: Apache-2.0 */
/* What the configuration puts below the sections of every component. */
#include <stdlib.h>

#include "stack_internal.h"

/* The shortest digits that mean the same number. */
static struct str float_text(struct arena *arena, double number)
{
    enum {
        EXACT_DIGITS = 17
    };
    struct str text = STR_EMPTY;
    for (int digits = 1; digits <= EXACT_DIGITS; digits++) {
        text = arena_printf(arena, "%.*g", digits, number);
        if (strtod(text.ptr, NULL) == number) {
            break;
        }
    }
    return text;
}

/* Variables of the configuration are texts; what is written otherwise becomes one as in the
 * reference, where true is 1. */
static const struct value *variable(struct resolver *r, const struct value *value)
{
    struct arena *arena = r->run->arena;
    int64_t integer = 0;
    double number = 0;
    struct str text = value_text(value);
    if (value_is(value, VALUE_NULL)) {
        text = STR_EMPTY;
    } else if (value_is(value, VALUE_BOOL)) {
        text = value_bool(value, false) ? STR("1") : STR("0");
    } else if (value_is(value, VALUE_INT) && value_int(value, &integer)) {
        text = arena_printf(arena, "%lld", (long long)integer);
    } else if (value_is(value, VALUE_FLOAT) && value_float(value, &number)) {
        text = float_text(arena, number);
    } else {
        return value;
    }
    return value_string_new(arena, text, value->mark);
}

static const struct value *configured_env(struct resolver *r)
{
    const struct value *env = config_get(r->run->config, "env");
    if (!value_is(env, VALUE_MAP)) {
        return NULL;
    }
    for (size_t i = 0; i < value_count(env); i++) {
        const struct value_entry *entry = &env->as.map.entries[i];
        const struct value *text = variable(r, entry->value);
        if (text != entry->value) {
            env = value_with(r->run->arena, env, entry->key, text);
        }
    }
    return env;
}

/* integrations.github, which stands at the same path in the settings of every component. */
static const struct value *configured_settings(struct resolver *r)
{
    struct run *run = r->run;
    const struct value *github = config_get(run->config, "integrations.github");
    if (!value_is(github, VALUE_MAP) || value_count(github) == 0) {
        return NULL;
    }
    static const char *const path[] = { "github", "integrations" };
    for (size_t i = 0; i < sizeof(path) / sizeof(path[0]); i++) {
        struct value_builder map;
        value_builder_init(&map, run->arena, github->mark);
        value_builder_add(&map, key_of(run->keys, str_from(path[i])), github, github->mark);
        github = value_builder_map(&map);
    }
    return github;
}

static bool is_nothing(const struct value *value)
{
    return !value || value_is(value, VALUE_NULL) || value_is_empty(value) ||
           (value_is(value, VALUE_BOOL) && !value_bool(value, true)) ||
           (value_is(value, VALUE_STRING) && value_text(value).len == 0);
}

/* The reference passes `auth` through a structure of its own: what is empty is left out of an entry,
 * and some keys are there even when nobody wrote them. */
static const struct value *without_empty(struct resolver *r, const struct value *entry)
{
    static const char *const kept[] = { "kind", "auto_provision_identities", "via", "session",
        "console", NULL };
    if (!value_is(entry, VALUE_MAP)) {
        return entry;
    }
    struct value_builder map;
    value_builder_init(&map, r->run->arena, entry->mark);
    for (size_t i = 0; i < value_count(entry); i++) {
        const struct value_entry *item = &entry->as.map.entries[i];
        bool is_kept = !is_nothing(item->value);
        for (size_t k = 0; kept[k]; k++) {
            is_kept = is_kept || str_eq_cstr(item->key->text, kept[k]);
        }
        if (is_kept) {
            value_builder_add(&map, item->key, item->value, item->mark);
        }
    }
    return value_builder_map(&map);
}

static const struct value *entries_without_empty(struct resolver *r, const struct value *all)
{
    if (!value_is(all, VALUE_MAP)) {
        return all;
    }
    struct value_builder kept;
    value_builder_init(&kept, r->run->arena, all->mark);
    for (size_t i = 0; i < value_count(all); i++) {
        const struct value_entry *entry = &all->as.map.entries[i];
        value_builder_add(&kept, entry->key, without_empty(r, entry->value), entry->mark);
    }
    return value_builder_map(&kept);
}

static const struct value *log_texts(struct resolver *r, const struct value *logs)
{
    static const char *const names[] = { "file", "level" };
    struct value_builder map;
    value_builder_init(&map, r->run->arena, MARK_NONE);
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        const struct value *text = value_get_str(logs, str_from(names[i]));
        value_builder_add(&map, key_of(r->run->keys, str_from(names[i])),
                text ? text : r->empty_text, MARK_NONE);
    }
    return value_builder_map(&map);
}

/* Who signs in for terraform components, unless nobody is named. */
static const struct value *configured_auth(struct resolver *r)
{
    static const struct {
        const char *name;
        bool is_always;
    } parts[] = { { "realm", false }, { "console", false }, { "integrations", false },
        { "providers", true }, { "identities", true } };
    const struct value *auth = config_get(r->run->config, "auth");
    const struct value *keyring = value_get_str(auth, STR("keyring"));
    if (!value_is(value_get_str(auth, STR("providers")), VALUE_MAP) &&
            !value_is(value_get_str(auth, STR("identities")), VALUE_MAP)) {
        return NULL;
    }
    struct keys *keys = r->run->keys;
    struct value_builder map;
    value_builder_init(&map, r->run->arena, auth->mark);
    for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
        struct str name = str_from(parts[i].name);
        const struct value *value = entries_without_empty(r, value_get_str(auth, name));
        if (parts[i].is_always || !is_nothing(value)) {
            value_builder_add(&map, key_of(keys, name),
                    value ? value : value_null(r->run->arena, MARK_NONE), auth->mark);
        }
    }
    value_builder_add(&map, key_of(keys, STR("logs")),
            log_texts(r, value_get_str(auth, STR("logs"))), auth->mark);
    value_builder_add(
            &map, key_of(keys, STR("keyring")), keyring ? keyring : r->empty_map, auth->mark);
    return value_builder_map(&map);
}

void configured_find(struct resolver *r)
{
    r->configured.at[SECTION_ENV] = configured_env(r);
    r->configured.at[SECTION_SETTINGS] = configured_settings(r);
    r->configured.at[SECTION_AUTH] = configured_auth(r);
    for (size_t i = 0; i < SECTION__COUNT; i++) {
        r->has_configured = r->has_configured || r->configured.at[i];
    }
}

const struct value *configured_for(
        const struct resolver *r, enum section section, struct str type)
{
    if (section == SECTION_AUTH && !str_eq(type, STR("terraform"))) {
        return NULL;
    }
    return r->configured.at[section];
}
