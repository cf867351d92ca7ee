/* SPDX-License-Identifier: Apache-2.0 */
/* Reading dependencies, matching them with instances, and the list of those who need one (spec 7.2). */
#include <stdlib.h>

#include "stack_internal.h"

/* The variables that make up the context of the old form. */
static const char *const context_names[] = { "namespace", "tenant", "environment", "stage" };

enum {
    CONTEXT_COUNT = sizeof(context_names) / sizeof(context_names[0])
};

VEC_TYPE(dependencies, struct dependency);

static struct str text_at(const struct value *map, const char *key)
{
    return value_text(value_get_str(map, str_from(key)));
}

static void add_path(struct run *run, struct dependencies *list, struct str file,
        struct str folder, bool is_legacy, struct mark mark)
{
    struct dependency one = {
        .file = file, .folder = folder, .is_legacy = is_legacy, .mark = mark
    };
    if (file.len || folder.len) {
        VEC_PUSH(run->arena, list, one);
    }
}

/* dependencies.files and dependencies.folders: lists of paths. */
static void read_paths(struct run *run, const struct value *section, const char *key,
        bool is_file, struct dependencies *list)
{
    const struct value *paths = value_get_str(section, str_from(key));
    for (size_t i = 0; i < value_count(paths) && value_is(paths, VALUE_LIST); i++) {
        const struct value *item = value_at(paths, i);
        struct str path = value_string(item);
        add_path(run, list, is_file ? path : STR_EMPTY, is_file ? STR_EMPTY : path, false,
                item->mark);
    }
}

static void read_new(
        struct run *run, const struct value *section, struct dependencies *list, bool *has_any)
{
    const struct value *components = value_get_str(section, STR("components"));
    for (size_t i = 0; i < value_count(components) && value_is(components, VALUE_LIST); i++) {
        const struct value *item = value_at(components, i);
        struct str kind = text_at(item, "kind");
        struct str path = text_at(item, "path");
        if (str_eq_cstr(kind, "file") || str_eq_cstr(kind, "folder")) {
            bool is_file = str_eq_cstr(kind, "file");
            add_path(run, list, is_file ? path : STR_EMPTY, is_file ? STR_EMPTY : path, false,
                    item->mark);
            continue;
        }
        struct dependency one = { .component = text_at(item, "component"),
            .type = kind,
            .stack = text_at(item, "stack"),
            .mark = item->mark };
        if (one.component.len == 0) {
            one.component = text_at(item, "name");
        }
        if (one.component.len) {
            *has_any = true;
            VEC_PUSH(run->arena, list, one);
        }
    }
    read_paths(run, section, "files", true, list);
    read_paths(run, section, "folders", false, list);
}

/* One entry of settings.depends_on, which is a map by number or a list. */
static void read_legacy(struct run *run, const struct value *item, bool with_component,
        struct dependencies *list)
{
    if (!value_is(item, VALUE_MAP)) {
        return;
    }
    struct dependency one = { .component = text_at(item, "component"),
        .stack = text_at(item, "stack"),
        .is_legacy = true,
        .mark = item->mark };
    for (size_t i = 0; i < CONTEXT_COUNT; i++) {
        one.context[i] = text_at(item, context_names[i]);
    }
    if (one.component.len && with_component) {
        VEC_PUSH(run->arena, list, one);
    }
    add_path(run, list, text_at(item, "file"), STR_EMPTY, true, item->mark);
    add_path(run, list, STR_EMPTY, text_at(item, "folder"), true, item->mark);
}

const struct dependency *instance_dependencies(struct run *run, const struct instance *instance,
        enum dependency_rule rule, size_t *ret_count)
{
    struct dependencies list = { 0 };
    bool has_new = false;
    const struct value *section = instance->sections[SECTION_DEPENDENCIES];
    read_new(run, section, &list, &has_new);
    has_new = has_new ||
              (rule == DEPENDENCY_WRITTEN && value_get_str(section, STR("components")));
    const struct value *legacy = value_get_str(instance->settings, STR("depends_on"));
    bool is_map = value_is(legacy, VALUE_MAP);
    for (size_t i = 0; i < value_count(legacy); i++) {
        read_legacy(run, is_map ? legacy->as.map.entries[i].value : value_at(legacy, i),
                !has_new, &list);
    }
    *ret_count = list.count;
    return list.items;
}

/* Each field that is given is the provider's; each that is not is the same on both sides. */
static bool is_context(const struct dependency *dependency, const struct instance *instance,
        const struct instance *provider)
{
    for (size_t i = 0; i < CONTEXT_COUNT; i++) {
        struct str wanted = dependency->context[i];
        struct str own = text_at(instance->vars, context_names[i]);
        if (!str_eq(wanted.len ? wanted : own, text_at(provider->vars, context_names[i]))) {
            return false;
        }
    }
    return true;
}

bool dependency_means(const struct dependency *dependency, const struct instance *instance,
        const struct instance *provider)
{
    if (dependency->component.len == 0 || !str_eq(dependency->component, provider->name) ||
            (dependency->type.len && !str_eq(dependency->type, provider->type))) {
        return false;
    }
    if (dependency->stack.len) {
        return str_eq(dependency->stack, provider->stack);
    }
    for (size_t i = 0; i < CONTEXT_COUNT; i++) {
        if (dependency->context[i].len) {
            return is_context(dependency, instance, provider);
        }
    }
    return str_eq(instance->stack, provider->stack);
}

struct str dependency_stack(
        struct run *run, const struct dependency *dependency, const struct instance *instance)
{
    struct str given[CONTEXT_COUNT];
    size_t count = 0;
    if (dependency->component.len == 0 || dependency->stack.len) {
        return dependency->stack;
    }
    for (size_t i = 0; i < CONTEXT_COUNT; i++) {
        if (dependency->context[i].len) {
            given[count++] = arena_printf(
                    run->arena, "%s=%.*s", context_names[i], STR_ARG(dependency->context[i]));
        }
    }
    return count ? arena_join(run->arena, given, count, STR(" ")) : instance->stack;
}

struct str instance_slug(struct arena *arena, const struct instance *instance)
{
    return without_slashes(arena, arena_printf(arena, "%.*s-%.*s", STR_ARG(instance->stack),
                                          STR_ARG(instance->name)));
}

struct str instance_written_path(struct run *run, const struct instance *instance)
{
    struct str written;
    (void)config_component_folder(run, instance->type, &written);
    struct str prefix = text_at(instance->metadata, "component_folder_prefix");
    return path_join(run->arena, path_join(run->arena, written, prefix), instance->component);
}

struct slugged {
    struct str slug;
    const struct instance *instance;
};

static int cmp_slugged(const void *left, const void *right)
{
    const struct slugged *a = left;
    const struct slugged *b = right;
    int order = str_cmp(a->slug, b->slug);
    return order ? order : str_cmp(a->instance->type, b->instance->type);
}

/* One statement of need. */
struct needer {
    const struct dependency *dependency;
    const struct instance *instance;
};

VEC_TYPE(needer_list, struct needer);

struct needers {
    struct map by_component; /* name of what is needed: struct needer_list * */
};

static void add_needer(struct run *run, struct needers *needers, struct needer needer)
{
    struct str component = needer.dependency->component;
    struct needer_list *list = map_get(&needers->by_component, component);
    if (!list) {
        list = ARENA_NEW(run->arena, struct needer_list);
        map_put(run->arena, &needers->by_component, component, list);
    }
    VEC_PUSH(run->arena, list, needer);
}

const struct needers *needers_new(
        struct run *run, const struct stacks *stacks, enum dependency_rule rule)
{
    struct needers *needers = ARENA_NEW(run->arena, struct needers);
    for (size_t i = 0; i < stacks->instance_count; i++) {
        const struct instance *one = stacks->instances[i];
        size_t count = 0;
        bool is_meant =
                component_type_is_known(one->type) && !one->is_abstract && one->is_enabled;
        const struct dependency *list =
                is_meant ? instance_dependencies(run, one, rule, &count) : NULL;
        for (size_t k = 0; k < count; k++) {
            if (list[k].component.len) {
                add_needer(run, needers, (struct needer){ &list[k], one });
            }
        }
    }
    return needers;
}

/* As the reference: a stack named in the old form does not lift what the context asks. */
static bool needs(const struct needer *needer, const struct instance *provider)
{
    const struct instance *one = needer->instance;
    bool is_itself = str_eq(one->stack, provider->stack) && str_eq(one->name, provider->name) &&
                     str_eq(one->type, provider->type);
    return !is_itself && dependency_means(needer->dependency, one, provider) &&
           (!needer->dependency->is_legacy || is_context(needer->dependency, one, provider));
}

const struct instance *const *needers_find(struct run *run, const struct needers *needers,
        const struct instance *provider, size_t *ret_count)
{
    VEC(struct slugged) found = { 0 };
    const struct needer_list *list = map_get(&needers->by_component, provider->name);
    for (size_t i = 0; list && i < list->count; i++) {
        const struct instance *one = list->items[i].instance;
        /* What an instance says stands together, so one that says it twice is the last found. */
        bool is_known = found.count && found.items[found.count - 1].instance == one;
        if (!is_known && needs(&list->items[i], provider)) {
            VEC_PUSH(run->arena, &found,
                    (struct slugged){ instance_slug(run->arena, one), one });
        }
    }
    if (found.count) {
        qsort(found.items, found.count, sizeof(*found.items), cmp_slugged);
    }
    const struct instance **instances =
            ARENA_ARRAY(run->arena, const struct instance *, found.count);
    for (size_t i = 0; i < found.count; i++) {
        instances[i] = found.items[i].instance;
    }
    *ret_count = found.count;
    return instances;
}

const struct instance *const *instance_dependents(struct run *run, const struct stacks *stacks,
        const struct instance *provider, size_t *ret_count)
{
    return needers_find(run, needers_new(run, stacks, DEPENDENCY_LISTED), provider, ret_count);
}

/* Programs look for the three keys, so they are there even without content. */
static void add_extras(
        struct run *run, struct value_builder *map, const struct dependent_extras *extras)
{
    const struct value *none = value_null(run->arena, MARK_NONE);
    bool has_settings = extras->settings && !value_is_empty(extras->settings);
    value_builder_add(map, key_of(run->keys, STR("dependents")),
            extras->dependents ? extras->dependents : none, MARK_NONE);
    value_builder_add(map, key_of(run->keys, STR("included_in_dependents")),
            value_bool_new(run->arena, extras->is_included, MARK_NONE), MARK_NONE);
    value_builder_add(map, key_of(run->keys, STR("settings")),
            has_settings ? extras->settings : none, MARK_NONE);
}

const struct value *dependent_describe(
        struct run *run, const struct instance *instance, const struct dependent_extras *extras)
{
    struct value_builder map;
    value_builder_init(&map, run->arena, instance->mark);
    row_put_text(run, &map, "component", instance->name);
    row_put_text(run, &map, "component_type", instance->type);
    row_put_text(run, &map, "component_path", instance_written_path(run, instance));
    for (size_t i = 0; i < CONTEXT_COUNT; i++) {
        struct str text = text_at(instance->vars, context_names[i]);
        if (text.len) {
            row_put_text(run, &map, context_names[i], text);
        }
    }
    row_put_text(run, &map, "stack", instance->stack);
    row_put_text(run, &map, "stack_slug", instance_slug(run->arena, instance));
    struct str spacelift = spacelift_stack(run->arena, instance);
    struct str atlantis = atlantis_project(run, instance);
    if (spacelift.len) {
        row_put_text(run, &map, "spacelift_stack", spacelift);
    }
    if (atlantis.len) {
        row_put_text(run, &map, "atlantis_project", atlantis);
    }
    add_extras(run, &map, extras);
    return value_builder_map(&map);
}

const struct value *dependents_describe(
        struct run *run, const struct stacks *stacks, const struct instance *provider)
{
    size_t count;
    const struct instance *const *dependents =
            instance_dependents(run, stacks, provider, &count);
    const struct value **items = ARENA_ARRAY(run->arena, const struct value *, count);
    for (size_t i = 0; i < count; i++) {
        items[i] = dependent_describe(run, dependents[i], &(struct dependent_extras){ 0 });
    }
    return value_list_new(run->arena, items, count, MARK_NONE);
}
