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

int pipeline_resolve(struct run *run, const struct config_options *options, bool is_checked,
        struct stacks **ret_stacks)
{
    int r = pipeline_configure(run, options, true);
    if (r) {
        return r;
    }
    return is_checked ? stacks_load_checked(run, ret_stacks) : stacks_load(run, ret_stacks);
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
    int r = pipeline_resolve(run, options, false, &stacks);
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

int pipeline_describe_stacks(struct run *run, const struct config_options *options,
        const struct stacks_filter *filter, const struct value **ret_value)
{
    struct stacks *stacks = NULL;
    int r = pipeline_resolve(run, options, true, &stacks);
    if (r == 0) {
        *ret_value = stacks_describe(run, stacks, filter);
    }
    return r;
}

/* ---- list ---- */

static bool is_among(struct str text, const struct str *list, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (str_eq(text, list[i])) {
            return true;
        }
    }
    return false;
}

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

/* ---- terraform ---- */

/* resolve -> select -> generate: the instance and the variables terraform gets. */
static int prepare(struct run *run, const struct config_options *options,
        const struct selection *selection, const struct instance **ret_instance,
        const struct value **ret_vars)
{
    struct stacks *stacks = NULL;
    int r = pipeline_resolve(run, options, false, &stacks);
    if (r == 0) {
        r = stacks_select(run, stacks, component_name(run, selection->component),
                selection->stack, ret_instance);
    }
    if (r == 0) {
        *ret_vars = (*ret_instance)->vars;
    }
    return r;
}

int pipeline_generate(struct run *run, const struct config_options *options,
        const struct generate_request *request, struct str *ret_path, struct str *ret_text)
{
    const struct instance *instance = NULL;
    const struct value *vars = NULL;
    struct str text;
    int r = prepare(run, options, &request->instance, &instance, &vars);
    if (r == 0) {
        r = terraform_file_text(run, instance, vars, request->file, &text);
    }
    if (r == 0 && !request->is_dry_run) {
        r = terraform_file_write(run, instance, vars, request->file, request->path);
    }
    if (r == 0) {
        *ret_text = text;
        *ret_path = request->path.len > 0 ? request->path
                                          : terraform_file_path(run, instance, request->file);
    }
    return r;
}

int pipeline_terraform(struct run *run, const struct config_options *options,
        struct terraform_job *job, int *ret_exit_code)
{
    int r = prepare(run, options, &job->instance, &job->request.instance, &job->request.vars);
    return r ? r : terraform_run(run, &job->request, ret_exit_code);
}
