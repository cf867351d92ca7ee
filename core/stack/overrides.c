/* SPDX-License-Identifier: Apache-2.0 */
/* `overrides` of a file: who gets them, and in which order (spec 3.6). */
#include "stack_internal.h"

static const char *const types[OVERRIDE__COUNT] = {
    [OVERRIDE_TERRAFORM] = "terraform",
    [OVERRIDE_HELMFILE] = "helmfile",
};

static struct str key_text(const struct value_entry *entry)
{
    return entry->key->text;
}

/* `overrides` of a map: a map, or absent. Unknown keys in it would have no effect. */
static int read_one(struct resolver *r, const struct value *level, const char *where,
        const struct value **ret_overrides)
{
    const struct value_entry *entry =
            value_entry_get(level, r->words.section[SECTION_OVERRIDES]);
    *ret_overrides = NULL;
    if (!entry) {
        return 0;
    }
    if (!value_is(entry->value, VALUE_MAP)) {
        resolver_say(r, STACK_BAD_SECTION, entry->mark,
                "\"overrides\"%s must be a map, but is %s", where, form_name(entry->value));
        return ERR_INVALID;
    }
    for (size_t i = 0; i < value_count(entry->value); i++) {
        const struct value_entry *item = &entry->value->as.map.entries[i];
        struct str names[SECTION__COUNT];
        size_t count = 0;
        bool is_known = false;
        for (size_t s = 0; s < SECTION__COUNT; s++) {
            if (section_rules[s].flags & LAYER_OVERRIDES) {
                names[count++] = str_from(section_rules[s].name);
                is_known = is_known || r->words.section[s] == item->key;
            }
        }
        if (!is_known) {
            struct diag *diag = resolver_say_lenient(r, STACK_UNKNOWN_KEY, item->mark,
                    "\"%.*s\" has no effect in \"overrides\"", STR_ARG(key_text(item)));
            diag->span = (uint32_t)str_count_code_points(key_text(item));
            diag->hint = suggest_hint(r->run->arena, key_text(item), names, count);
        }
    }
    *ret_overrides = entry->value;
    return 0;
}

/* A component's own `overrides`, which newer schemas of the reference refuse. */
static void say_own(struct resolver *r, const struct value_entry *item)
{
    const struct value_entry *own =
            value_entry_get(item->value, r->words.section[SECTION_OVERRIDES]);
    if (own && !value_is_empty(own->value)) {
        resolver_say_lenient(r, STACK_OUTDATED, own->mark,
                "\"overrides\" of component \"%.*s\": newer versions of Atmos have it only for "
                "whole files and component types",
                STR_ARG(key_text(item)));
    }
}

int overrides_read(struct resolver *r, struct manifest_file *file)
{
    const struct value *root = NULL;
    int err = read_one(r, file->own, " at the top of a manifest", &root);
    const struct value *components = value_get(file->own, r->words.components);
    for (size_t i = 0; i < OVERRIDE__COUNT; i++) {
        const struct value *map = value_get_str(components, str_from(types[i]));
        for (size_t n = 0; value_is(map, VALUE_MAP) && n < value_count(map); n++) {
            say_own(r, &map->as.map.entries[n]);
        }
        const struct value *typed = NULL;
        int one = read_one(r, value_get_str(file->own, str_from(types[i])),
                " of a component type", &typed);
        err = err ? err : one;
        file->overrides[i] = value_merge(r->file_merger, root, typed, r->config->list_strategy);
    }
    return err;
}

void overrides_gather(
        struct resolver *r, struct overrides *gathered, const struct overrides *given)
{
    enum list_strategy strategy = r->config->list_strategy;
    for (size_t i = 0; i < OVERRIDE__COUNT; i++) {
        const struct value *below = gathered->below[i];
        below = value_merge(r->file_merger, below, given->below[i], strategy);
        gathered->below[i] = value_merge(r->file_merger, below, given->above[i], strategy);
    }
}

/* One component with its overrides; a component that is no map is left for whoever reports it. */
static const struct value *with_overrides(
        struct resolver *r, const struct value *component, const struct value *overrides)
{
    if (!value_is(component, VALUE_MAP)) {
        return component;
    }
    return value_with(r->run->arena, component, r->words.section[SECTION_OVERRIDES], overrides);
}

const struct value *overrides_apply(
        struct resolver *r, const struct value *own, const struct overrides *scope)
{
    struct arena *arena = r->run->arena;
    const struct value *components = value_get(own, r->words.components);
    for (size_t i = 0; i < OVERRIDE__COUNT; i++) {
        const struct value *final = value_merge(
                r->file_merger, scope->below[i], scope->above[i], r->config->list_strategy);
        const struct value_entry *entry = value_entry_get_str(components, str_from(types[i]));
        if (value_is_empty(final) || !final || !entry || !value_is(entry->value, VALUE_MAP)) {
            continue;
        }
        struct value_builder builder;
        value_builder_init(&builder, arena, entry->value->mark);
        for (size_t n = 0; n < value_count(entry->value); n++) {
            const struct value_entry *item = &entry->value->as.map.entries[n];
            value_builder_add(
                    &builder, item->key, with_overrides(r, item->value, final), item->mark);
        }
        components = value_with(arena, components, entry->key, value_builder_map(&builder));
        own = value_with(arena, own, r->words.components, components);
    }
    return own;
}
