/* SPDX-License-Identifier: Apache-2.0 */
/*
 * READ THIS FIRST. The way of the data, one short function per family of commands:
 *
 *   atmos.yaml -> config -> manifests -> stacks -> instances -> describe, list
 *                                                            -> plugins: validate -> findings
 *                                                            -> plugins: generate -> terraform
 *                                                            -> plugins: check    -> findings
 *
 * Commands (cli/cmd_*.c) fill in a request from their options, call one function from here, and print
 * what it gives. Each step below is one call into the folder that does the work.
 */
#include "pipeline.h"

int pipeline_configure(struct run *run, const struct config_options *options, bool need_stacks)
{
    return run->config ? 0 : config_load(run, options, need_stacks);
}

int pipeline_resolve(
        struct run *run, const struct config_options *options, struct stacks **ret_stacks)
{
    int r = pipeline_configure(run, options, true);
    return r ? r : stacks_load(run, ret_stacks);
}

/* ---- describe ---- */

/* A path to a component folder as the name below the component base path; other text as it is. */
static struct str component_name(struct run *run, struct str component)
{
    struct str base = run->config->terraform_base;
    bool is_path = str_eq_cstr(component, ".") || str_starts_with(component, STR("./")) ||
                   str_starts_with(component, STR("../")) || path_is_absolute(component) ||
                   (base.len > 0 && str_starts_with(component, base) &&
                           str_starts_with(str_from_index(component, base.len), STR("/")));
    if (!is_path) {
        return component;
    }
    struct str folder = str_starts_with(component, base) && base.len > 0
                                ? run->config->base_path
                                : run->folder;
    struct str path = path_join(run->arena, folder, component);
    return path_is_below(run->config->terraform_folder, path)
                   ? path_relative(run->arena, run->config->terraform_folder, path)
                   : component;
}

int pipeline_describe_component(struct run *run, const struct config_options *options,
        const struct describe_component *request, const struct value **ret_value)
{
    struct stacks *stacks = NULL;
    int r = pipeline_resolve(run, options, &stacks);
    if (r) {
        return r;
    }
    const struct instance *instance;
    r = stacks_select(
            run, stacks, component_name(run, request->component), request->stack, &instance);
    if (r) {
        return r;
    }
    bool is_full = request->is_full ||
                   str_eq_cstr(config_text(run->config, "describe.component.filter"), "full");
    *ret_value = instance_describe(run, instance, is_full);
    return 0;
}

static bool is_among(struct str text, const struct str *list, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (str_eq(text, list[i])) {
            return true;
        }
    }
    return count == 0;
}

static bool is_described(const struct instance *instance, const struct describe_stacks *request)
{
    bool is_stack = request->stack.len == 0 || str_eq(instance->stack, request->stack) ||
                    str_eq(instance->manifest, request->stack);
    bool is_component =
            is_among(instance->name, request->components, request->component_count) ||
            is_among(instance->component, request->components, request->component_count);
    return is_stack && is_component &&
           is_among(instance->type, request->types, request->type_count);
}

/* The asked sections of the map `describe stacks` shows for one instance. */
static const struct value *described_sections(
        struct run *run, const struct instance *instance, const struct describe_stacks *request)
{
    const struct value *all = instance_describe_in_stacks(run, instance);
    if (request->section_count == 0) {
        return all;
    }
    struct value_builder some;
    value_builder_init(&some, run->arena, MARK_NONE);
    for (size_t i = 0; i < value_count(all); i++) {
        const struct value_entry *entry = &all->as.map.entries[i];
        if (is_among(entry->key->text, request->sections, request->section_count)) {
            value_builder_add(&some, entry->key, entry->value, entry->mark);
        }
    }
    return value_builder_map(&some);
}

/* {<type>: {<name>: {...}}} of one stack, NULL when nothing of it is shown. */
static const struct value *describe_stack(
        struct run *run, const struct stack *stack, const struct describe_stacks *request)
{
    struct value_builder types;
    value_builder_init(&types, run->arena, MARK_NONE);
    size_t shown = 0;
    for (size_t i = 0; i < stack->instance_count;) {
        struct str type = stack->instances[i]->type;
        struct value_builder components;
        value_builder_init(&components, run->arena, MARK_NONE);
        size_t before = shown;
        for (; i < stack->instance_count && str_eq(stack->instances[i]->type, type); i++) {
            const struct instance *instance = stack->instances[i];
            if (is_described(instance, request)) {
                value_builder_add(&components, key_of(run->keys, instance->name),
                        described_sections(run, instance, request), instance->mark);
                shown++;
            }
        }
        if (shown > before) {
            value_builder_add(
                    &types, key_of(run->keys, type), value_builder_map(&components), MARK_NONE);
        }
    }
    return shown > 0 ? value_builder_map(&types) : NULL;
}

int pipeline_describe_stacks(struct run *run, const struct config_options *options,
        const struct describe_stacks *request, const struct value **ret_value)
{
    struct stacks *stacks = NULL;
    int r = pipeline_resolve(run, options, &stacks);
    if (r) {
        return r;
    }
    struct value_builder top;
    value_builder_init(&top, run->arena, MARK_NONE);
    for (size_t i = 0; i < stacks->count; i++) {
        const struct stack *stack = &stacks->items[i];
        const struct value *types = describe_stack(run, stack, request);
        bool is_asked = request->stack.len == 0 || str_eq(stack->name, request->stack);
        if (!types && !(request->want_empty_stacks && is_asked)) {
            continue;
        }
        struct value_builder body;
        value_builder_init(&body, run->arena, MARK_NONE);
        if (types) {
            value_builder_add(&body, key_of(run->keys, STR("components")), types, MARK_NONE);
        }
        value_builder_add(
                &top, key_of(run->keys, stack->name), value_builder_map(&body), MARK_NONE);
    }
    *ret_value = value_builder_map(&top);
    return 0;
}

/* ---- list ---- */

static bool agrees(enum choice_filter choice, bool truth)
{
    return choice == CHOICE_ANY || (choice == CHOICE_YES) == truth;
}

static bool has_any_tag(const struct instance *instance, const struct instance_filter *filter)
{
    const struct value *tags = value_get_path(instance->metadata, "tags");
    for (size_t i = 0; i < value_count(tags) && value_is(tags, VALUE_LIST); i++) {
        if (is_among(value_text(value_at(tags, i)), filter->tags, filter->tag_count)) {
            return true;
        }
    }
    return filter->tag_count == 0;
}

static bool has_all_labels(
        const struct instance *instance, const struct instance_filter *filter)
{
    const struct value *labels = value_get_path(instance->metadata, "labels");
    for (size_t i = 0; i < filter->label_count; i++) {
        struct str wanted = filter->labels[i];
        ptrdiff_t equals = str_find(wanted, '=');
        struct str name = str_sub(wanted, 0, equals < 0 ? wanted.len : (size_t)equals);
        const struct value *label = value_get_str(labels, name);
        struct str text = equals < 0 ? STR_EMPTY : str_from_index(wanted, (size_t)equals + 1);
        if (!label || (equals >= 0 && !str_eq(value_text(label), text))) {
            return false;
        }
    }
    return true;
}

bool instance_passes(const struct instance *instance, const struct instance_filter *filter)
{
    bool is_stack = filter->stack.len == 0 || glob_match(filter->stack, instance->stack) ||
                    str_eq(filter->stack, instance->stack) ||
                    str_eq(filter->stack, instance->manifest);
    bool is_type = filter->type == TYPE_ALL ||
                   instance->is_abstract == (filter->type == TYPE_ABSTRACT);
    return is_stack && is_type &&
           (filter->component.len == 0 || str_eq(filter->component, instance->name)) &&
           agrees(filter->enabled, instance->is_enabled) &&
           agrees(filter->locked, instance->is_locked) && has_any_tag(instance, filter) &&
           has_all_labels(instance, filter);
}
