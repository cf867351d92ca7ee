/* SPDX-License-Identifier: Apache-2.0 */
/* One component of one resolved manifest becomes an instance: the layers of spec 3.2 to 3.5. */
#include "listing.h"
#include "stack_internal.h"

/* ---- reading what the manifest says ---- */

/* Keys of a component that are no section of the table. */
static bool is_known_key(const struct resolver *r, const struct key *key)
{
    if (key == r->words.component) {
        return true;
    }
    for (size_t i = 0; i < SECTION__COUNT; i++) {
        if (key == r->words.section[i]) {
            return true;
        }
    }
    return false;
}

static bool has_other_keys(const struct resolver *r, const struct value *map)
{
    for (size_t i = 0; i < value_count(map); i++) {
        if (!is_known_key(r, map->as.map.entries[i].key)) {
            return true;
        }
    }
    return false;
}

/* The old way to say what a component needs is looked for in `settings` alone; its place beside them
 * is a mistake that the reference lets pass. */
static bool is_misplaced(
        struct resolver *r, const struct component *component, const struct value_entry *entry)
{
    if (entry->key != r->words.depends_on) {
        return false;
    }
    struct diag *diag = resolver_say_strict(r, STACK_UNKNOWN_KEY, entry->mark,
            "\"depends_on\" has no effect in the component \"%.*s\"",
            STR_ARG(component->entry->key->text));
    diag->span = (uint32_t)entry->key->text.len;
    diag->hint = STR("write it below settings, or say it with dependencies.components");
    return true;
}

static void check_keys(struct scope *scope, const struct component *component)
{
    struct resolver *r = scope->r;
    const struct value *map = component->entry->value;
    for (size_t i = 0; i < value_count(map); i++) {
        const struct value_entry *entry = &map->as.map.entries[i];
        if (is_known_key(r, entry->key) ||
                component_type_has_key(scope->type, entry->key->text) ||
                is_misplaced(r, component, entry)) {
            continue;
        }
        struct diag *diag = resolver_say_lenient(r, STACK_UNKNOWN_KEY, entry->mark,
                "unknown key \"%.*s\" in the component \"%.*s\"", STR_ARG(entry->key->text),
                STR_ARG(component->entry->key->text));
        if (resolver_is_repeated(r, diag)) {
            continue;
        }
        struct str names[SECTION__COUNT + 1];
        for (size_t n = 0; n < SECTION__COUNT; n++) {
            names[n] = str_from(section_rules[n].name);
        }
        names[SECTION__COUNT] = STR("component");
        diag->span = (uint32_t)str_count_code_points(entry->key->text);
        diag->hint = suggest_hint(r->run->arena, entry->key->text, names, SECTION__COUNT + 1);
    }
}

/* What a component has beside the sections: keys that only its type has, and of a type that is not
 * known all, as nobody here can say what of it counts. */
static const struct value *extra_keys(const struct scope *scope, const struct value *map)
{
    const struct resolver *r = scope->r;
    bool is_all = !component_type_is_known(scope->type);
    struct value_builder builder;
    value_builder_init(&builder, r->run->arena, map->mark);
    for (size_t i = 0; i < value_count(map); i++) {
        const struct value_entry *entry = &map->as.map.entries[i];
        if (is_all ? !is_known_key(r, entry->key)
                   : component_type_has_key(scope->type, entry->key->text)) {
            value_builder_add(&builder, entry->key, entry->value, entry->mark);
        }
    }
    return builder.entries.count ? value_builder_map(&builder) : NULL;
}

static int read_inherits(struct scope *scope, struct component *component)
{
    struct resolver *r = scope->r;
    const struct value *metadata = component->own.at[SECTION_METADATA];
    const struct value_entry *entry = value_entry_get(metadata, r->words.inherits);
    if (!entry || value_is(entry->value, VALUE_NULL)) {
        return 0;
    }
    bool is_good = value_is(entry->value, VALUE_LIST);
    for (size_t i = 0; i < value_count(entry->value); i++) {
        is_good = is_good && value_is(value_at(entry->value, i), VALUE_STRING);
    }
    if (!is_good) {
        resolver_say(r, STACK_BAD_SECTION, entry->value->mark,
                "\"metadata.inherits\" of component \"%.*s\" must be a list of names",
                STR_ARG(component->entry->key->text));
        return ERR_INVALID;
    }
    component->inherits = entry->value;
    return 0;
}

/* Texts of the metadata that are used as paths or names. */
static int check_metadata_texts(struct scope *scope, const struct component *component)
{
    const struct words *words = &scope->r->words;
    const struct key *const keys[] = { words->component, words->name, words->type,
        words->workspace, words->workspace_pattern, words->workspace_template };
    int err = 0;
    for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
        const struct value *value = value_get(component->own.at[SECTION_METADATA], keys[i]);
        if (value && !value_is(value, VALUE_STRING) && !value_is(value, VALUE_NULL)) {
            resolver_say(scope->r, STACK_BAD_SECTION, value->mark,
                    "\"metadata.%.*s\" of component \"%.*s\" must be a string",
                    STR_ARG(keys[i]->text), STR_ARG(component->entry->key->text));
            err = ERR_INVALID;
        }
    }
    return err;
}

/* Only real booleans count (spec 3.4); a text would look as if it did. */
static void check_metadata_truths(struct scope *scope, const struct component *component)
{
    const struct key *const keys[] = { scope->r->words.enabled, scope->r->words.locked };
    for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
        const struct value_entry *entry =
                value_entry_get(component->own.at[SECTION_METADATA], keys[i]);
        if (entry && !value_is(entry->value, VALUE_BOOL) && !value_is_unset(entry->value)) {
            resolver_say_lenient(scope->r, STACK_OUTDATED, entry->mark,
                    "\"metadata.%.*s\" of component \"%.*s\" has no effect: it must be true "
                    "or false, not %s",
                    STR_ARG(keys[i]->text), STR_ARG(component->entry->key->text),
                    form_name(entry->value));
        }
    }
}

/* Where the reference looks for a text or a map and takes nothing else. */
static int check_forms(struct scope *scope, const struct component *component)
{
    struct resolver *r = scope->r;
    struct str name = component->entry->key->text;
    const struct value_entry *top =
            value_entry_get(component->entry->value, r->words.component);
    const struct value_entry *delivery =
            value_entry_get_str(component->own.at[SECTION_SETTINGS], STR("spacelift"));
    int err = 0;
    if (top && component_type_is_known(scope->type) && !value_is(top->value, VALUE_STRING)) {
        resolver_say(r, STACK_BAD_SECTION, top->mark,
                "\"component\" of component \"%.*s\" must be a string, but is %s",
                STR_ARG(name), form_name(top->value));
        err = ERR_INVALID;
    }
    if (delivery && str_eq(scope->type, STR("terraform")) &&
            !value_is(delivery->value, VALUE_MAP)) {
        resolver_say(r, STACK_BAD_SECTION, delivery->mark,
                "\"settings.spacelift\" of component \"%.*s\" must be a map, but is %s",
                STR_ARG(name), form_name(delivery->value));
        err = ERR_INVALID;
    }
    return err;
}

/* A component's own `overrides` lie above everything else it writes. The scope of a file replaces
 * them (overrides.c), so that one layer is left. */
static int read_overrides(struct scope *scope, struct component *component)
{
    struct str name = component->entry->key->text;
    const struct value *map = component->own.at[SECTION_OVERRIDES];
    return value_count(map) == 0
                   ? 0
                   : sections_read(scope->r, map, LAYER_OVERRIDES,
                             "\"overrides\" of component ", name, &component->overrides);
}

static int read_component(struct scope *scope, struct component *component)
{
    struct resolver *r = scope->r;
    const struct value_entry *entry = component->entry;
    if (!value_is(entry->value, VALUE_MAP)) {
        bool is_null = value_is(entry->value, VALUE_NULL);
        struct diag *diag =
                resolver_say(r, STACK_BAD_COMPONENT, is_null ? entry->mark : entry->value->mark,
                        "the component \"%.*s\" must be a map, but is %s",
                        STR_ARG(entry->key->text), is_null ? "empty" : "not");
        diag->hint = diag_text(&r->run->diags, "write %.*s: {} for a component without values",
                STR_ARG(entry->key->text));
        return ERR_INVALID;
    }
    int err = sections_read(
            r, entry->value, LAYER_COMPONENT, "component ", entry->key->text, &component->own);
    const struct value *top = value_get(entry->value, r->words.component);
    component->top = value_string(top);
    component->top_mark = top ? top->mark : MARK_NONE;
    component->is_abstract =
            str_eq(value_string(value_get(component->own.at[SECTION_METADATA], r->words.type)),
                    STR("abstract"));
    if (has_other_keys(r, entry->value)) {
        if (component_type_is_known(scope->type)) {
            check_keys(scope, component);
        }
        component->extra = extra_keys(scope, entry->value);
    }
    check_metadata_truths(scope, component);
    const int checks[] = { check_metadata_texts(scope, component),
        check_forms(scope, component), read_overrides(scope, component),
        read_inherits(scope, component),
        secrets_scope(r, false, &component->own.at[SECTION_SECRETS]) };
    for (size_t i = 0; i < sizeof(checks) / sizeof(checks[0]); i++) {
        err = err ? err : checks[i];
    }
    return err;
}

struct component *component_at(struct scope *scope, size_t index)
{
    struct component *component = &scope->components[index];
    if (!component->is_read) {
        component->is_read = true;
        component->entry = &scope->map->as.map.entries[index];
        component->is_broken = read_component(scope, component) != 0;
    }
    return component;
}

struct component *component_find(struct scope *scope, struct str name)
{
    const struct value_entry *entry = value_entry_get_str(scope->map, name);
    return entry ? component_at(scope, (size_t)(entry - scope->map->as.map.entries)) : NULL;
}

/* ---- layers ---- */

int strategy_of(struct resolver *r, const struct value *settings, enum list_strategy *strategy)
{
    const struct value *value = value_get(settings, r->words.list_merge_strategy);
    struct str text = value_text(value);
    if (!value || value_is(value, VALUE_NULL) || (value_is_scalar(value) && text.len == 0)) {
        return 0;
    }
    if (str_eq(text, STR("replace"))) {
        *strategy = LIST_REPLACE;
    } else if (str_eq(text, STR("append"))) {
        *strategy = LIST_APPEND;
    } else if (str_eq(text, STR("merge"))) {
        *strategy = LIST_MERGE;
    } else {
        resolver_say(r, STACK_BAD_SECTION, value->mark,
                "\"settings.list_merge_strategy\" must be replace, append or merge, not "
                "\"%.*s\"",
                STR_ARG(text));
        return ERR_INVALID;
    }
    return 0;
}

/* The command of a type that nothing in the manifests names. As in the reference the configuration is
 * asked for types that are run; others that are known have the name of the type. */
static const struct value *standard_command(struct scope *scope)
{
    struct resolver *r = scope->r;
    struct str text = scope->type;
    if (scope->command) {
        return scope->command;
    }
    if (str_eq(scope->type, STR("terraform"))) {
        text = r->config->terraform_command;
    } else if (str_eq(scope->type, STR("helmfile")) || !component_type_is_known(scope->type)) {
        struct str path =
                arena_printf(r->run->arena, "components.%.*s.command", STR_ARG(scope->type));
        struct str configured = config_text(r->config, path.ptr);
        text = configured.len || !component_type_is_known(scope->type) ? configured : text;
    }
    scope->command = value_string_new(r->run->arena, text, MARK_NONE);
    return scope->command;
}

/* Where the reference does not ask the settings of the component how lists are merged. */
static bool has_own_lists(enum section section)
{
    return section != SECTION_BACKEND && section != SECTION_REMOTE_STATE_BACKEND &&
           section != SECTION_RETRY;
}

static void merge_layers(struct scope *scope, const struct component *component,
        const struct bases *bases, enum list_strategy strategy, struct sections *ret_final)
{
    struct resolver *r = scope->r;
    for (size_t i = 0; i < SECTION__COUNT; i++) {
        enum section section = (enum section)i;
        enum list_strategy lists = has_own_lists(section) ? strategy : r->config->list_strategy;
        const struct value *value =
                section == SECTION_METADATA ? scope->root_metadata : scope->below.at[i];
        const struct value *above[] = { bases->merged.at[i], component->own.at[i],
            component->overrides.at[i] };
        for (size_t k = 0; k < sizeof(above) / sizeof(above[0]); k++) {
            value = above[k] ? section_merge(r, section, value, above[k], lists) : value;
        }
        if (!value) {
            value = section_rules[i].form == FORM_TEXT ? r->empty_text : r->empty_map;
        }
        ret_final->at[i] = value;
    }
    if (value_string(ret_final->at[SECTION_COMMAND]).len == 0) {
        ret_final->at[SECTION_COMMAND] = standard_command(scope);
    }
}

/* Abstract components never run anywhere: the reference takes the switch out of their settings. */
static void drop_spacelift_switch(struct resolver *r, struct sections *final)
{
    const struct key *spacelift = key_of(r->run->keys, STR("spacelift"));
    const struct key *enabled = key_of(r->run->keys, STR("workspace_enabled"));
    const struct value *settings = final->at[SECTION_SETTINGS];
    const struct value *inner = value_get(settings, spacelift);
    if (value_get(inner, enabled)) {
        inner = value_without(r->run->arena, inner, enabled);
        final->at[SECTION_SETTINGS] = value_with(r->run->arena, settings, spacelift, inner);
    }
}

static bool is_exactly(const struct value *map, const struct key *key, bool truth)
{
    const struct value *value = value_get(map, key);
    return value_is(value, VALUE_BOOL) && value_bool(value, !truth) == truth;
}

static void set_paths(struct scope *scope, const struct component *component,
        const struct bases *bases, struct instance *instance)
{
    struct resolver *r = scope->r;
    struct str own = value_string(
            value_get(value_unset(r, component->own.at[SECTION_METADATA]), r->words.component));
    struct str final = value_string(value_get(instance->metadata, r->words.component));
    instance->component = own.len ? own : bases->top.len ? bases->top : instance->name;
    instance->folder = final.len ? final : instance->component;
    struct str base = str_eq(scope->type, STR("terraform"))
                              ? r->config->terraform_folder
                              : config_component_folder(r->run, scope->type, NULL);
    instance->path = path_join(r->run->arena, base, instance->folder);
}

static const struct value *other_sections(struct resolver *r, const struct sections *final)
{
    static const enum section named[] = { SECTION_VARS, SECTION_SETTINGS, SECTION_ENV,
        SECTION_METADATA, SECTION_BACKEND, SECTION_BACKEND_TYPE, SECTION_REMOTE_STATE_BACKEND,
        SECTION_REMOTE_STATE_BACKEND_TYPE, SECTION_PROVIDERS, SECTION_OVERRIDES,
        SECTION_COMMAND };
    struct value_builder builder;
    value_builder_init(&builder, r->run->arena, MARK_NONE);
    bool is_empty = true;
    for (size_t i = 0; i < SECTION__COUNT; i++) {
        bool is_named = final->at[i] == r->empty_map || final->at[i] == r->empty_text;
        for (size_t n = 0; n < sizeof(named) / sizeof(named[0]); n++) {
            is_named = is_named || named[n] == i;
        }
        if (!is_named) {
            value_builder_add(&builder, r->words.section[i], final->at[i], MARK_NONE);
            is_empty = false;
        }
    }
    return is_empty ? r->empty_map : value_builder_map(&builder);
}

/* Takes out what says `!unset`: of the backend after its defaults are in, so that they can be taken
 * out too, and of all else before anything is derived from it. */
static void unset_sections(struct scope *scope, bool is_backend, struct sections *final)
{
    for (size_t i = 0; scope->manifest->reaches_unset && i < SECTION__COUNT; i++) {
        if (is_backend == (i == SECTION_BACKEND || i == SECTION_REMOTE_STATE_BACKEND)) {
            final->at[i] = value_unset(scope->r, final->at[i]);
        }
    }
}

/* The sections kept apart are those of the list. */
static void share(const struct sections *final, struct instance *instance)
{
    instance->sections = final->at;
    instance->vars = final->at[SECTION_VARS];
    instance->settings = final->at[SECTION_SETTINGS];
    instance->env = final->at[SECTION_ENV];
    instance->metadata = final->at[SECTION_METADATA];
    instance->backend = final->at[SECTION_BACKEND];
    instance->backend_type = final->at[SECTION_BACKEND_TYPE];
    instance->remote_state_backend = final->at[SECTION_REMOTE_STATE_BACKEND];
    instance->remote_state_backend_type = final->at[SECTION_REMOTE_STATE_BACKEND_TYPE];
    instance->providers = final->at[SECTION_PROVIDERS];
    instance->overrides = final->at[SECTION_OVERRIDES];
    instance->command = final->at[SECTION_COMMAND];
}

static void fill(struct scope *scope, const struct component *component,
        const struct bases *bases, const struct sections *final, struct instance *instance)
{
    const struct words *words = &scope->r->words;
    instance->manifest = scope->manifest->key;
    instance->origin = scope->manifest;
    instance->type = scope->type;
    instance->name = component->entry->key->text;
    instance->mark = component->entry->mark;
    share(final, instance);
    instance->inheritance = bases->order;
    instance->is_abstract = component->is_abstract;
    instance->is_enabled = !is_exactly(instance->metadata, words->enabled, false);
    instance->is_locked = is_exactly(instance->metadata, words->locked, true);
    set_paths(scope, component, bases, instance);
}

struct instance *instance_build(struct scope *scope, struct component *component)
{
    struct resolver *r = scope->r;
    enum list_strategy strategy = r->config->list_strategy;
    struct bases bases;
    if (component->is_broken ||
            strategy_of(r, component->own.at[SECTION_SETTINGS], &strategy) != 0 ||
            strategy_of(r, component->overrides.at[SECTION_SETTINGS], &strategy) != 0 ||
            bases_resolve(scope, component, strategy, &bases) != 0) {
        return NULL;
    }
    strategy = r->config->list_strategy;
    const struct value *levels[] = { scope->below.at[SECTION_SETTINGS],
        bases.merged.at[SECTION_SETTINGS], component->own.at[SECTION_SETTINGS],
        component->overrides.at[SECTION_SETTINGS] };
    for (size_t i = 0; i < sizeof(levels) / sizeof(levels[0]); i++) {
        if (strategy_of(r, levels[i], &strategy) != 0) {
            return NULL;
        }
    }
    struct sections *final = ARENA_NEW(r->run->arena, struct sections);
    struct instance *instance = ARENA_NEW(r->run->arena, struct instance);
    merge_layers(scope, component, &bases, strategy, final);
    const struct value *extras[] = { scope->extra, bases.extra, component->extra };
    instance->extra = value_unset(r, value_merge_all(r->merger, extras, 3, strategy));
    if (component->is_abstract && str_eq(scope->type, STR("terraform"))) {
        drop_spacelift_switch(r, final);
    }
    unset_sections(scope, false, final);
    fill(scope, component, &bases, final, instance);
    if (instance_backend(scope, instance, &component->own, final) != 0 ||
            (scope->manifest->reaches_marks &&
                    (values_check(r, final) != 0 || value_check(r, instance->extra) != 0))) {
        return NULL;
    }
    unset_sections(scope, true, final);
    share(final, instance);
    instance->others = other_sections(r, final);
    needs_check(r, instance);
    instance_name(r, scope->manifest, instance);
    if (instance_workspace(r, scope->manifest, instance) != 0) {
        return NULL;
    }
    instance_stem(r, instance);
    return instance;
}
