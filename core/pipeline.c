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

#include "aws_bridge.h"

int pipeline_configure(struct run *run, const struct config_options *options, bool need_stacks)
{
    if (run->config) {
        return need_stacks ? config_require_stacks(run) : 0;
    }
    return config_load(run, options, need_stacks);
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

int pipeline_describe_component(struct run *run, const struct config_options *options,
        const struct describe_component *request, const struct value **ret_value)
{
    struct stacks *stacks = NULL;
    const struct instance *instance;
    int r = pipeline_configure(run, options, true);
    if (r) {
        return r;
    }
    struct selection selection = { request->component, request->stack, STR_EMPTY };
    r = pipeline_resolve_selected(run, options, false, &selection, &stacks);
    r = r ? r : pipeline_select_one(run, stacks, &selection, &instance);
    if (r) {
        return r;
    }
    bool is_full = request->is_full ||
                   str_eq_cstr(config_text(run->config, "describe.component.filter"), "full");
    if (request->ret_instance) {
        *request->ret_instance = instance;
    }
    enum describe_extent extent = !is_full                 ? DESCRIBE_SCHEMA
                                  : request->without_facts ? DESCRIBE_FULL
                                                           : DESCRIBE_FACTS;
    return instance_describe(run, instance, extent, ret_value);
}

int pipeline_filter_stacks(struct run *run, const struct config_options *options,
        const struct stacks_filter *filter, struct stacks **ret_stacks)
{
    int r = pipeline_resolve(run, options, true, ret_stacks);
    if (r == 0) {
        stacks_check_filter(run, *ret_stacks, filter->stack, STR_EMPTY);
        for (size_t i = 0; i < filter->component_count; i++) {
            stacks_check_filter(run, *ret_stacks, STR_EMPTY, filter->components[i]);
        }
    }
    return r;
}

int pipeline_affected(struct run *run, const struct config_options *options,
        const struct affected_request *request, struct stacks **ret_stacks,
        struct affected_list *ret_list)
{
    int r = pipeline_resolve(run, options, true, ret_stacks);
    return r ? r : stacks_affected(run, *ret_stacks, request, ret_list);
}

int pipeline_describe_dependents(struct run *run, const struct config_options *options,
        const struct selection *selection, const struct value **ret_value)
{
    struct stacks *stacks = NULL;
    const struct instance *instance = NULL;
    int r = pipeline_resolve(run, options, true, &stacks);
    r = r ? r : pipeline_select_one(run, stacks, selection, &instance);
    if (r == 0) {
        *ret_value = dependents_describe(run, stacks, instance);
    }
    return r;
}

int pipeline_describe_locals(struct run *run, const struct config_options *options,
        const struct selection *selection, const struct value **ret_value)
{
    struct stacks *stacks = NULL;
    const struct instance *instance = NULL;
    int r = pipeline_resolve(run, options, false, &stacks);
    if (r || selection->component.len == 0) {
        return r ? r : stack_locals(run, stacks, selection->stack, ret_value);
    }
    r = pipeline_select_one(run, stacks, selection, &instance);
    return r ? r : instance_locals(run, instance, ret_value);
}

/* ---- list ---- */

/* Nothing has the component, or no stack the name: said here because stacks_select needs both. */
static int no_match(
        struct run *run, const struct stacks *stacks, const struct selection *selection)
{
    struct str word = selection->component;
    struct map seen = { 0 };
    VEC(struct str) names = { 0 };
    if (word.len == 0) {
        return stacks_say_unknown(run, stacks, selection->stack);
    }
    for (size_t i = 0; i < stacks->instance_count; i++) {
        struct str name = stacks->instances[i]->name;
        if (!map_has(&seen, name)) {
            map_put(run->arena, &seen, name, run);
            VEC_PUSH(run->arena, &names, name);
        }
    }
    struct diag *diag = diag_add(&run->diags, &stack_diags[STACK_UNKNOWN_COMPONENT], MARK_NONE,
            "no stack has a component \"%.*s\"", STR_ARG(word));
    diag->hint = suggest_hint(run->arena, word, names.items, names.count);
    return ERR_NOT_FOUND;
}

int pipeline_expect_component(
        struct run *run, const struct stacks *stacks, struct str component)
{
    for (size_t i = 0; i < stacks->instance_count; i++) {
        if (str_eq(stacks->instances[i]->name, component)) {
            return 0;
        }
    }
    return no_match(run, stacks, &(struct selection){ .component = component });
}

int pipeline_list_section(struct run *run, const struct config_options *options,
        const struct instance_filter *filter, const char *section,
        const struct value **ret_by_stack)
{
    struct stacks *stacks = NULL;
    int r = pipeline_resolve(run, options, false, &stacks);
    r = r ? r : pipeline_expect_component(run, stacks, filter->component);
    if (r == 0) {
        stacks_check_filter(run, stacks, filter->stack, STR_EMPTY);
    }
    if (r) {
        return r;
    }
    struct value_builder by_stack;
    value_builder_init(&by_stack, run->arena, MARK_NONE);
    for (size_t i = 0; i < stacks->instance_count; i++) {
        const struct instance *one = stacks->instances[i];
        if (instance_passes(one, filter) && component_type_is_known(one->type)) {
            value_builder_set(&by_stack, key_of(run->keys, one->stack),
                    section ? instance_section(one, section)
                            : instance_describe_in_stacks(run, one),
                    one->mark);
        }
    }
    *ret_by_stack = value_builder_map(&by_stack);
    return 0;
}

int pipeline_workflows(
        struct run *run, const struct config_options *options, const struct value **ret_files)
{
    int r = pipeline_configure(run, options, false);
    return r ? r : workflows_load(run, ret_files);
}

int pipeline_vendor(
        struct run *run, const struct config_options *options, const struct value **ret_rows)
{
    int r = pipeline_configure(run, options, false);
    return r ? r : vendor_rows(run, ret_rows);
}

/* ---- plugins ---- */

int pipeline_discover(
        struct run *run, const struct config_options *options, struct plugins **ret_plugins)
{
    int r = pipeline_configure(run, options, false);
    struct plugin_options where;
    plugin_options_default(run, &where);
    return r ? r : plugins_discover(run, &where, ret_plugins);
}

/*
 * The instances of a selection: the one meant when component and stack are named, else all that
 * match what is named. A name that fits nothing is an error.
 */
static int select_instances(struct run *run, const struct estate *estate,
        const struct selection *selection, const struct instance *const **ret_items,
        size_t *ret_count)
{
    VEC(const struct instance *) found = { 0 };
    const struct stacks *stacks = estate->stacks;
    if (selection_is_one(selection)) {
        const struct instance *one;
        int r = pipeline_select_one(run, stacks, selection, &one);
        if (r) {
            return r;
        }
        VEC_PUSH(run->arena, &found, one);
    } else {
        struct instance_filter filter = { .stack = selection->stack,
            .component = pipeline_read_selection(run, selection).component,
            .type = TYPE_ALL };
        for (size_t i = 0; i < stacks->instance_count; i++) {
            if (instance_passes(stacks->instances[i], &filter)) {
                VEC_PUSH(run->arena, &found, stacks->instances[i]);
            }
        }
        bool is_named = selection->component.len > 0 || selection->stack.len > 0;
        if (is_named && found.count == 0) {
            return no_match(run, stacks, selection);
        }
    }
    *ret_items = found.items;
    *ret_count = found.count;
    return 0;
}

/* The ready plugins that handle an instance of the stack. */
static int select_used(struct run *run, const struct config_options *options, struct str stack,
        struct estate *estate, struct map *ret_used)
{
    const struct instance *const *instances = NULL;
    size_t count = 0;
    int r = pipeline_open(run, options, false, NULL, estate);
    r = r ? r
          : select_instances(
                    run, estate, &(struct selection){ .stack = stack }, &instances, &count);
    for (size_t i = 0; r == 0 && i < count; i++) {
        const struct plugin_binding *bindings = NULL;
        size_t bound = 0;
        r = plugins_bind(run, estate->plugins, instances[i], &bindings, &bound);
        for (size_t k = 0; k < bound; k++) {
            struct plugin *plugin = bindings[k].plugin;
            (void)map_put(run->arena, ret_used, plugin->identity->id, plugin);
        }
    }
    return r;
}

int pipeline_permissions(struct run *run, const struct config_options *options,
        struct str stack, struct str id, struct str_list *ret_actions)
{
    struct estate estate = { 0 };
    struct map used = { 0 };
    struct plugin *named = NULL;
    VEC(const struct plugin *) chosen = { 0 };
    int r = stack.len > 0 ? select_used(run, options, stack, &estate, &used)
                          : pipeline_discover(run, options, &estate.plugins);
    if (r == 0 && id.len > 0) {
        r = plugins_select(run, estate.plugins, id, &named);
    }
    for (size_t i = 0; r == 0 && i < plugins_count(estate.plugins); i++) {
        const struct plugin *plugin = plugins_at(estate.plugins, i);
        if (plugin->state == PLUGIN_READY && (!named || plugin == named) &&
                (stack.len == 0 || map_get(&used, plugin->identity->id))) {
            VEC_PUSH(run->arena, &chosen, plugin);
        }
    }
    if (r == 0) {
        *ret_actions = permissions_of(run, chosen.items, chosen.count);
    }
    return r;
}

/* Who is asked, and on whose behalf. */
struct asking {
    struct estate *estate;
    const struct patience *patience; /* NULL: nobody waits */
};

/* What to do with each (plugin, instance) pair of a selection. */
typedef int binding_fn(struct run *run, const struct asking *asking,
        const struct plugin_binding *binding, struct coverage *coverage);

static int each_binding(struct run *run, const struct asking *asking,
        const struct instance *instance, binding_fn *visit, struct coverage *coverage)
{
    const struct plugin_binding *bindings = NULL;
    size_t count = 0;
    int result = plugins_bind(run, asking->estate->plugins, instance, &bindings, &count);
    coverage->instances++;
    for (size_t i = 0; i < count; i++) {
        coverage->bindings++;
        int r = visit(run, asking, &bindings[i], coverage);
        if (r == ERR_CANCELLED) {
            return r;
        }
        result = result ? result : r;
    }
    return result;
}

static int each_instance(struct run *run, const struct asking *asking,
        const struct instance *const *instances, size_t count, binding_fn *visit,
        struct coverage *coverage)
{
    int result = 0;
    for (size_t i = 0; result != ERR_CANCELLED && i < count; i++) {
        int r = each_binding(run, asking, instances[i], visit, coverage);
        result = result && r != ERR_CANCELLED ? result : r;
    }
    return result;
}

static int each_selected(struct run *run, const struct asking *asking,
        const struct selection *selection, binding_fn *visit, struct coverage *coverage)
{
    const struct instance *const *instances = NULL;
    size_t count = 0;
    int result = select_instances(run, asking->estate, selection, &instances, &count);
    coverage->is_nothing_meant = result != 0;
    return result ? result : each_instance(run, asking, instances, count, visit, coverage);
}

static int validate_binding(struct run *run, const struct asking *asking,
        const struct plugin_binding *binding, struct coverage *coverage)
{
    (void)coverage;
    return plugin_validate(run, asking->estate->plugins, binding);
}

/* Every manifest there is. A repository that has no stacks folder yet has no mistakes in it: a warning. */
static int resolve_every(
        struct run *run, const struct config_options *options, struct stacks **ret_stacks)
{
    int r = pipeline_configure(run, options, false);
    bool has_base = r == 0 && config_text(run->config, "stacks.base_path").len > 0;
    if (has_base && !config_is_nowhere(run->config) &&
            !file_is_folder(run->config->stacks_folder)) {
        config_say_no_folder(run, run->config, DIAG_WARNING);
        return 0;
    }
    r = r ? r : config_require_stacks(run);
    return r ? r : stacks_load_every(run, ret_stacks);
}

int pipeline_validate(struct run *run, const struct config_options *options,
        const struct selection *selection, bool only_structure, struct coverage *ret_coverage)
{
    struct estate estate = { 0 };
    struct coverage coverage = { 0 };
    int result = only_structure ? resolve_every(run, options, &estate.stacks)
                                : pipeline_open(run, options, true, selection, &estate);
    coverage.is_nothing_meant = result != 0 && !estate.stacks;
    if (estate.stacks) {
        coverage.stacks = estate.stacks->count;
        coverage.instances = only_structure ? estate.stacks->instance_count : 0;
    }
    if (estate.plugins) {
        struct plugin_world world = estate_world(&estate);
        plugins_set_world(estate.plugins, &world);
        int r = each_selected(run, &(struct asking){ .estate = &estate }, selection,
                validate_binding, &coverage);
        result = result ? result : r;
        result = result ? result : estate.all_code;
        r = plugins_shutdown(estate.plugins);
        result = result ? result : r;
    }
    diags_sort(&run->diags, run->sources);
    *ret_coverage = coverage;
    return result;
}

/* An intent that is wrong says nothing about the account: it is reported instead of checked. */
static int check_binding(struct run *run, const struct asking *asking,
        const struct plugin_binding *binding, struct coverage *coverage)
{
    struct plugins *plugins = asking->estate->plugins;
    int r = plugin_validate(run, plugins, binding);
    if (r == 0 && asking->patience->begin) {
        asking->patience->begin(asking->patience->context, binding);
    }
    return r ? r : plugin_check(run, plugins, binding, &coverage->checks);
}

/* Lends the plugins the way to AWS while the instances are checked. */
int pipeline_check_instances(struct run *run, struct estate *estate,
        const struct instance_list *instances, const struct patience *patience,
        struct coverage *coverage)
{
    struct aws_bridge bridge;
    aws_bridge_init(&bridge, run, &(struct aws_options){ .cancel = patience->cancel });
    struct plugin_aws_service aws = aws_bridge_service(&bridge);
    struct plugin_world world = estate_world(estate);
    world.aws = &aws;
    world.cancel = patience->cancel;
    struct asking asking = { estate, patience };
    plugins_set_world(estate->plugins, &world);
    int r = each_instance(
            run, &asking, instances->items, instances->count, check_binding, coverage);
    int ends = plugins_shutdown(estate->plugins);
    r = r ? r : ends;
    plugins_set_world(estate->plugins, NULL);
    if (coverage->checks.unknown > 0 && coverage->checks.pass + coverage->checks.fail == 0) {
        aws_bridge_report(&bridge);
    }
    aws_bridge_clear(&bridge);
    return r ? r : estate->all_code;
}

static int check_selection(struct run *run, struct estate *estate,
        const struct selection *selection, const struct patience *patience,
        struct coverage *coverage)
{
    const struct instance *const *items = NULL;
    struct instance_list instances = { 0 };
    int r = select_instances(run, estate, selection, &items, &instances.count);
    coverage->is_nothing_meant = r != 0;
    instances.items = items;
    if (r) {
        (void)plugins_shutdown(estate->plugins);
        return r;
    }
    return pipeline_check_instances(run, estate, &instances, patience, coverage);
}

int pipeline_check(struct run *run, const struct config_options *options,
        const struct selection *selection, const struct patience *patience,
        struct coverage *ret_coverage)
{
    struct estate estate = { 0 };
    *ret_coverage = (struct coverage){ 0 };
    int r = pipeline_open(run, options, false, selection, &estate);
    return r ? r : check_selection(run, &estate, selection, patience, ret_coverage);
}

/* ---- terraform ---- */

/* resolve -> validate -> generate: the instance and the variables terraform gets. */
static int prepare(struct run *run, const struct config_options *options,
        const struct selection *selection, struct estate *estate,
        const struct instance **ret_instance, const struct value **ret_vars)
{
    int r = pipeline_open(run, options, false, selection, estate);
    if (r == 0) {
        r = pipeline_select_one(run, estate->stacks, selection, ret_instance);
    }
    if (r == 0) {
        struct plugin_world world = estate_world(estate);
        plugins_set_world(estate->plugins, &world);
        r = plugins_resolve_vars(run, estate->plugins, *ret_instance, ret_vars);
        r = r ? r : estate->all_code;
    }
    return r;
}

/* Where no variable is written, plugins have nothing to say. */
static int prepare_without_plugins(struct run *run, const struct config_options *options,
        const struct selection *selection, const struct instance **ret_instance)
{
    struct stacks *stacks = NULL;
    int r = pipeline_resolve_selected(run, options, false, selection, &stacks);
    return r ? r : pipeline_select_one(run, stacks, selection, ret_instance);
}

int pipeline_generate(struct run *run, const struct config_options *options,
        const struct generate_request *request, struct str *ret_path, struct str *ret_text)
{
    struct estate estate = { 0 };
    const struct instance *instance = NULL;
    const struct value *vars = NULL;
    struct str text;
    int r = request->file == TERRAFORM_VARFILE
                    ? prepare(run, options, &request->instance, &estate, &instance, &vars)
                    : prepare_without_plugins(run, options, &request->instance, &instance);
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
    (void)plugins_shutdown(estate.plugins);
    return r;
}

/* The account is looked at when terraform has just changed it. */
bool terraform_job_wants_checks(const struct terraform_job *job)
{
    struct str subcommand = job->request.subcommand[0];
    bool has_applied = str_eq_cstr(subcommand, "apply") || str_eq_cstr(subcommand, "deploy");
    return has_applied && !job->skip_checks && !job->request.is_dry_run;
}

int pipeline_terraform(struct run *run, const struct config_options *options,
        struct terraform_job *job, bool *ret_has_run, int *ret_exit_code,
        struct coverage *ret_coverage)
{
    struct estate estate = { 0 };
    *ret_coverage = (struct coverage){ 0 };
    *ret_has_run = false;
    int r = prepare(
            run, options, &job->instance, &estate, &job->request.instance, &job->request.vars);
    if (r == 0) {
        r = terraform_run(run, &job->request, ret_exit_code);
        *ret_has_run = r == 0;
    }
    if (r == 0 && *ret_exit_code == 0 && terraform_job_wants_checks(job)) {
        r = check_selection(run, &estate, &job->instance, &job->patience, ret_coverage);
    }
    (void)plugins_shutdown(estate.plugins);
    return r;
}

/* The plugin that handles a kind, ready or not: its module is only files. */
static int select_kind(struct run *run, const struct plugins *plugins, struct str kind,
        const struct plugin **ret_plugin)
{
    for (size_t i = 0; i < plugins_count(plugins); i++) {
        const struct plugin *plugin = plugins_at(plugins, i);
        if (plugin->identity && str_list_has(&plugin->identity->kinds, kind) &&
                plugin->state != PLUGIN_SHADOWED && plugin->state != PLUGIN_REFUSED) {
            *ret_plugin = plugin;
            return 0;
        }
    }
    struct plugin *found;
    int r = plugins_select(run, plugins, kind, &found);
    *ret_plugin = r ? NULL : found;
    return r;
}

int pipeline_component_add(struct run *run, const struct config_options *options,
        const struct component_add *request, struct str *ret_target,
        const struct module_change **ret_changes, size_t *ret_count)
{
    struct plugins *plugins = NULL;
    const struct plugin *plugin = NULL;
    int r = pipeline_configure(run, options, false);
    r = r ? r : pipeline_discover(run, options, &plugins);
    r = r ? r : select_kind(run, plugins, request->kind, &plugin);
    if (r) {
        return r;
    }
    /* Beside the folder of the plugins, in the build as well as installed. */
    struct str source = path_join(run->arena, path_folder(plugin->path),
            arena_printf(run->arena, "../modules/%.*s", STR_ARG(request->kind)));
    if (plugin->origin != PLUGIN_BUNDLED || !file_is_folder(source)) {
        diag_add(&run->diags, &terraform_diags[TERRAFORM_MODULE_MISSING], MARK_NONE,
                "the plugin \"%.*s\" brings no Terraform module",
                STR_ARG(plugin->identity->id));
        return ERR_NOT_FOUND;
    }
    struct str target = path_join(run->arena, run->config->terraform_folder, request->kind);
    struct module_request module = { .source = source,
        .target = target,
        .shown = path_relative(run->arena, run->config->base_path, target),
        .plugin = plugin->identity->id,
        .version = plugin->identity->version,
        .is_forced = request->is_forced,
        .is_dry_run = request->is_dry_run };
    *ret_target = target;
    return terraform_module_add(run, &module, ret_changes, ret_count);
}
