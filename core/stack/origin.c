/* SPDX-License-Identifier: Apache-2.0 */
/* Where the values of an instance come from: `sources`, `deps`, `deps_all` (spec 4.6). */
#include <stdlib.h>

#include "stack_internal.h"

struct tracing {
    struct run *run;
    const struct instance *instance;
    struct map deps; /* manifests of winning values */
    struct map deps_all;
};

static const struct key *word(const struct tracing *t, const char *text)
{
    return key_of(t->run->keys, str_from(text));
}

/* The section of one level of one file; a backend is looked up below its type. */
static const struct value *section_at(
        const struct tracing *t, const struct value *level, enum section section)
{
    const struct value *map = value_get_str(level, str_from(section_rules[section].name));
    return section == SECTION_BACKEND
                   ? value_get_str(map, value_string(t->instance->backend_type))
                   : map;
}

struct level {
    struct str component; /* empty: not below components */
    bool is_root;
};

static const struct value *level_of(
        const struct tracing *t, const struct manifest *manifest, const struct level *level)
{
    if (level->is_root) {
        return manifest->own;
    }
    if (level->component.len == 0) {
        return value_get_str(manifest->own, t->instance->type);
    }
    const struct value *components = value_get_str(manifest->own, STR("components"));
    return value_get_str(value_get_str(components, t->instance->type), level->component);
}

static struct str section_name(
        const struct tracing *t, const struct level *level, enum section section)
{
    struct str type = t->instance->type;
    const char *name = section_rules[section].name;
    struct arena *arena = t->run->arena;
    struct str text = str_from(name);
    if (!level->is_root) {
        text = arena_printf(arena, "%s%.*s.%s", level->component.len ? "components." : "",
                STR_ARG(type), name);
    }
    if (section == SECTION_BACKEND) {
        text = arena_printf(arena, "%.*s.%.*s", STR_ARG(text),
                STR_ARG(value_string(t->instance->backend_type)));
    }
    return text;
}

static const struct value *text_value(const struct tracing *t, struct str text)
{
    return value_string_new(t->run->arena, text, MARK_NONE);
}

static const struct value *dependency(const struct tracing *t, const struct manifest *manifest,
        const struct level *level, enum section section, const struct value *value)
{
    struct value_builder builder;
    bool is_inline = manifest == t->instance->origin;
    value_builder_init(&builder, t->run->arena, value->mark);
    value_builder_add(&builder, word(t, "dependency_type"),
            text_value(t, is_inline ? STR("inline") : STR("import")), MARK_NONE);
    value_builder_add(&builder, word(t, "stack_file"), text_value(t, manifest->key), MARK_NONE);
    value_builder_add(&builder, word(t, "stack_file_section"),
            text_value(t, section_name(t, level, section)), MARK_NONE);
    value_builder_add(&builder, word(t, "variable_value"), value, MARK_NONE);
    return value_builder_map(&builder);
}

/* All places that write one key, highest priority first. */
static const struct value *dependencies(
        struct tracing *t, enum section section, const struct key *key)
{
    struct arena *arena = t->run->arena;
    const struct manifest *origin = t->instance->origin;
    VEC(struct level) levels = { 0 };
    VEC(const struct value *) found = { 0 };
    VEC_PUSH(arena, &levels, (struct level){ t->instance->name, false });
    for (size_t i = 0; i < value_count(t->instance->inheritance); i++) {
        struct str base = value_text(value_at(t->instance->inheritance, i));
        VEC_PUSH(arena, &levels, (struct level){ base, false });
    }
    VEC_PUSH(arena, &levels, (struct level){ STR_EMPTY, false });
    if (section_rules[section].flags & LAYER_ROOT) {
        VEC_PUSH(arena, &levels, (struct level){ STR_EMPTY, true });
    }
    for (size_t i = 0; i < levels.count; i++) {
        for (size_t m = 0; m <= origin->closure_count; m++) {
            const struct manifest *manifest = m ? origin->closure[m - 1] : origin;
            const struct value *map =
                    section_at(t, level_of(t, manifest, &levels.items[i]), section);
            const struct value *value = value_get(map, key);
            if (!value) {
                continue;
            }
            map_put(arena, &t->deps_all, manifest->key, t);
            if (found.count == 0) {
                map_put(arena, &t->deps, manifest->key, t);
            }
            VEC_PUSH(arena, &found, dependency(t, manifest, &levels.items[i], section, value));
        }
    }
    return value_list_new(arena, found.items, found.count, MARK_NONE);
}

static const struct value *section_sources(struct tracing *t, enum section section)
{
    struct arena *arena = t->run->arena;
    const struct value *final = t->instance->sections[section];
    struct value_builder all;
    value_builder_init(&all, arena, MARK_NONE);
    for (size_t i = 0; i < value_count(final); i++) {
        const struct value_entry *entry = &final->as.map.entries[i];
        if (section == SECTION_ENV && value_is(entry->value, VALUE_NULL)) {
            continue;
        }
        struct value_builder one;
        value_builder_init(&one, arena, MARK_NONE);
        value_builder_add(&one, word(t, "final_value"), entry->value, MARK_NONE);
        value_builder_add(&one, word(t, "name"), text_value(t, entry->key->text), MARK_NONE);
        value_builder_add(&one, word(t, "stack_dependencies"),
                dependencies(t, section, entry->key), MARK_NONE);
        value_builder_add(&all, entry->key, value_builder_map(&one), MARK_NONE);
    }
    return value_builder_map(&all);
}

static int cmp_texts(const void *left, const void *right)
{
    return str_cmp(*(const struct str *)left, *(const struct str *)right);
}

static const struct value *name_list(const struct tracing *t, struct map *names)
{
    struct arena *arena = t->run->arena;
    map_put(arena, names, t->instance->manifest, names);
    struct str *texts = ARENA_ARRAY(arena, struct str, names->count);
    const struct value **items = ARENA_ARRAY(arena, const struct value *, names->count);
    for (size_t i = 0; i < names->count; i++) {
        texts[i] = names->entries[i].key;
    }
    qsort(texts, names->count, sizeof(*texts), cmp_texts);
    for (size_t i = 0; i < names->count; i++) {
        items[i] = text_value(t, texts[i]);
    }
    return value_list_new(arena, items, names->count, MARK_NONE);
}

void instance_origins(struct run *run, const struct instance *instance,
        const struct value **ret_sources, const struct value **ret_deps,
        const struct value **ret_deps_all)
{
    static const enum section traced[] = { SECTION_BACKEND, SECTION_ENV, SECTION_SETTINGS,
        SECTION_VARS };
    struct tracing t = { .run = run, .instance = instance };
    struct value_builder builder;
    value_builder_init(&builder, run->arena, MARK_NONE);
    for (size_t i = 0; i < sizeof(traced) / sizeof(traced[0]); i++) {
        value_builder_add(&builder, word(&t, section_rules[traced[i]].name),
                section_sources(&t, traced[i]), MARK_NONE);
    }
    *ret_sources = value_builder_map(&builder);
    *ret_deps = name_list(&t, &t.deps);
    *ret_deps_all = name_list(&t, &t.deps_all);
}
