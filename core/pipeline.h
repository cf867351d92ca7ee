/* SPDX-License-Identifier: Apache-2.0 */
/* The way of the data, one function per family of commands. */
#ifndef TFATMOS_PIPELINE_H
#define TFATMOS_PIPELINE_H

#include <signal.h>

#include "plugin/plugin.h"
#include "stack/stack.h"
#include "terraform/terraform.h"

/*
 * Everything a command does between reading its options and printing its result. A run whose folder
 * is set goes in; values come out, findings stay in run->diags; nothing is printed here. Results live
 * in the run's arena. Return codes are those of the step that failed, after one diagnostic.
 */

/* Repository -> configuration. Read once; later calls only check what `need_stacks` demands. */
int pipeline_configure(struct run *run, const struct config_options *options, bool need_stacks);

/*
 * Configuration -> every stack and instance. What could be resolved is set even on failure.
 * `is_checked`: what is only a warning for a command on one instance is an error (stack/stack.h).
 */
int pipeline_resolve(struct run *run, const struct config_options *options, bool is_checked,
        struct stacks **ret_stacks);

/* ---- describe ---- */

/* What `describe component` was asked for. */
struct describe_component {
    struct str component; /* name, or a path to its folder */
    struct str stack; /* name or manifest key */
    bool is_full; /* every section, whatever describe.component.filter says */
    bool without_facts; /* nobody will look at what the component folder declares */
    const struct instance **ret_instance; /* which one it is; may be NULL */
};

int pipeline_describe_component(struct run *run, const struct config_options *options,
        const struct describe_component *request, const struct value **ret_value);

/* Everything, to be described through the filter; a warning for each word of it that means nothing. */
int pipeline_filter_stacks(struct run *run, const struct config_options *options,
        const struct stacks_filter *filter, struct stacks **ret_stacks);

/* What differs from another state of the repository; *ret_stacks are those of the work tree. */
int pipeline_affected(struct run *run, const struct config_options *options,
        const struct affected_request *request, struct stacks **ret_stacks,
        struct affected_list *ret_list);

/* Which instances a command is about; empty texts choose all. */
struct selection {
    struct str component;
    struct str stack;
    struct str type; /* of the component; empty: the order of spec 4.6 */
};

/* The list of those who need an instance. */
int pipeline_describe_dependents(struct run *run, const struct config_options *options,
        const struct selection *selection, const struct value **ret_value);

/* The locals of a stack's manifest, or with a component those it sees (stack/stack.h). */
int pipeline_describe_locals(struct run *run, const struct config_options *options,
        const struct selection *selection, const struct value **ret_value);

/* ---- list ---- */

enum type_filter {
    TYPE_REAL,
    TYPE_ABSTRACT,
    TYPE_ALL
};

enum choice_filter {
    CHOICE_ANY,
    CHOICE_YES,
    CHOICE_NO
};

/* Which instances a list shows; empty texts, zero and CHOICE_ANY filter nothing. */
struct instance_filter {
    struct str stack; /* glob over stack names, or a manifest key */
    struct str component; /* exact name */
    enum type_filter type;
    enum choice_filter enabled;
    enum choice_filter locked;
    const struct str *tags; /* of metadata.tags: any of them */
    size_t tag_count;
    const struct str *labels; /* of metadata.labels, "name=value": all of them */
    size_t label_count;
};

bool instance_passes(const struct instance *instance, const struct instance_filter *filter);

/* ERR_NOT_FOUND after a finding when no stack has a component of this name. */
int pipeline_expect_component(
        struct run *run, const struct stacks *stacks, struct str component);

/* {stack: section} for the component of the filter, by stack; NULL: all of the component. */
int pipeline_list_section(struct run *run, const struct config_options *options,
        const struct instance_filter *filter, const char *section,
        const struct value **ret_by_stack);

/* Configuration -> workflow files (stack/workflows.h). */
int pipeline_workflows(
        struct run *run, const struct config_options *options, const struct value **ret_files);

/* Configuration -> vendor manifests (stack/vendor.h). What could be read is set even on failure. */
int pipeline_vendor(
        struct run *run, const struct config_options *options, const struct value **ret_rows);

/* ---- plugins: validate, generate, check ---- */

/* Component and stack are named. */
bool selection_is_one(const struct selection *selection);
/* The selection with a path to a component folder as what it means: the name below the base folder of
 * a component type, and that type unless one was asked for. Other text stays. */
struct selection pipeline_read_selection(struct run *run, const struct selection *selection);
/* The one instance it means, as stacks_select. */
int pipeline_select_one(struct run *run, const struct stacks *stacks,
        const struct selection *selection, const struct instance **ret_instance);

/* pipeline_resolve for what is selected: only what the instance needs, when component and stack are
 * named (stacks_load_component); NULL selects everything. */
int pipeline_resolve_selected(struct run *run, const struct config_options *options,
        bool is_checked, const struct selection *selection, struct stacks **ret_stacks);

/* The repository with the plugins that handle its instances. */
struct estate {
    struct run *run;
    struct stacks *stacks;
    struct plugins *plugins;
    bool is_partial; /* `stacks` holds what one instance needs */
    struct stacks *all; /* everything, once a plugin has asked for another instance */
    int all_code; /* of resolving that; findings were added */
};

/* Repository -> what is selected, plugin folders -> plugins. What was found is set even on failure. */
int pipeline_open(struct run *run, const struct config_options *options, bool is_checked,
        const struct selection *selection, struct estate *ret_estate);
/* What plugins may see of the estate. */
struct plugin_world estate_world(struct estate *estate);

/* Plugin folders -> plugins, with those of the repository when there is a configuration. */
int pipeline_discover(
        struct run *run, const struct config_options *options, struct plugins **ret_plugins);

/*
 * The AWS actions that plugins which run may call: of all, of the one with this id, or of those that
 * handle an instance of the stack. Nothing is loaded. ERR_* with a diagnostic.
 */
int pipeline_permissions(struct run *run, const struct config_options *options,
        struct str stack, struct str id, struct str_list *ret_actions);

/* ---- plugins: install, update, remove ---- */

/* Told of each plugin that was installed, or would be. */
struct install_listener {
    void (*told)(void *context, const struct install_result *result);
    void *context;
};

/*
 * Installs what an address names: a file, a folder with plugins, an https:// address or an oci://
 * reference. One diagnostic for each plugin that was not; the code of the first.
 */
int pipeline_plugin_install(struct run *run, const struct config_options *options,
        struct str address, const struct install_request *request,
        const struct install_listener *listener);

/* The same from the recorded sources, of one plugin or (empty id) of all that have one. */
int pipeline_plugin_update(struct run *run, const struct config_options *options, struct str id,
        const struct install_request *request, const struct install_listener *listener);

int pipeline_plugin_remove(struct run *run, const struct config_options *options, struct str id,
        bool is_dry_run, struct install_result *ret_result);

/* What a command over many instances went through. */
struct coverage {
    size_t stacks;
    size_t instances;
    size_t bindings; /* (plugin, instance) pairs that were looked at */
    bool is_nothing_meant; /* no stacks to look at, or the selection names none of them */
    struct plugin_tally checks;
};

/* Structure of the whole repository, then (unless `only_structure`) every plugin on what it
 * handles. The findings are sorted by place. ERR_* when there was an error among them. */
int pipeline_validate(struct run *run, const struct config_options *options,
        const struct selection *selection, bool only_structure, struct coverage *ret_coverage);

/* Who waits for checks: what is told meanwhile, and how they are stopped. Members may be NULL. */
struct patience {
    void (*begin)(void *context, const struct plugin_binding *binding); /* is checked now */
    void *context;
    const volatile sig_atomic_t *cancel; /* non-zero: stop */
};

struct instance_list {
    const struct instance *const *items;
    size_t count;
};

/* Checks instances of an open estate, whose plugins are shut down then. */
int pipeline_check_instances(struct run *run, struct estate *estate,
        const struct instance_list *instances, const struct patience *patience,
        struct coverage *coverage);

/* The accounts against the intents. */
int pipeline_check(struct run *run, const struct config_options *options,
        const struct selection *selection, const struct patience *patience,
        struct coverage *ret_coverage);

/* ---- terraform ---- */

/* One derived file of one instance: its path and text, and, unless `is_dry_run`, the file itself. */
struct generate_request {
    struct selection instance;
    enum terraform_file file;
    struct str path; /* empty: its own place */
    bool is_dry_run;
};

int pipeline_generate(struct run *run, const struct config_options *options,
        const struct generate_request *request, struct str *ret_path, struct str *ret_text);

/* The same file of many instances. */
struct generate_many {
    enum terraform_file file; /* variables or backend */
    const struct str *components; /* names; none: all */
    size_t component_count;
    const struct str *stacks; /* names or manifests; none: all */
    size_t stack_count;
    struct str
            file_template; /* "{stage}/{component}.json", from the working folder; empty: own places */
    bool is_dry_run;
    void (*wrote)(void *context, struct str path); /* told of each file; may be NULL */
    void *context;
};

/* Abstract instances and, unless components are named, those without a backend are left out. Nothing is
 * written when something is wrong with any, or when two that differ share a file (ERR_CONFLICT). */
int pipeline_generate_many(struct run *run, const struct config_options *options,
        const struct generate_many *request);

/* The files of the section `generate`, of one instance or of many. */
struct generate_files {
    struct selection instance; /* without a component: many */
    const struct str *components; /* of many: names; none: all */
    size_t component_count;
    const struct str
            *stacks; /* of many: names, manifests, their last parts, or patterns; none: all */
    size_t stack_count;
    bool is_clean; /* remove them instead of writing them */
    bool is_dry_run;
    void (*done)(void *context, struct str path); /* told of each file */
    void *context;
};

/* Nothing is written or removed when something is wrong with any, or when two instances give one file
 * different contents (ERR_CONFLICT). Of many, abstract ones are left out. */
int pipeline_generate_files(struct run *run, const struct config_options *options,
        const struct generate_files *request);

/*
 * resolve -> validate -> generate -> terraform -> check (after apply and deploy, unless
 * `skip_checks`). `request` is filled in but for instance and vars. A finding of severity error in
 * the first three steps stops before anything is written.
 */
struct terraform_job {
    struct selection instance;
    struct terraform_request request;
    bool skip_checks;
    struct patience patience; /* with the checks */
};

/* `*ret_has_run`: terraform was run, and *ret_exit_code is its own; the result is of the checks. */
int pipeline_terraform(struct run *run, const struct config_options *options,
        struct terraform_job *job, bool *ret_has_run, int *ret_exit_code,
        struct coverage *ret_coverage);

/* Whether the account is looked at when terraform has succeeded. */
bool terraform_job_wants_checks(const struct terraform_job *job);

/* The same subcommand on many instances, one after the other. */
struct terraform_many {
    struct terraform_job job; /* its instance is not looked at */
    struct instance_filter filter; /* stack, tags and labels; real and enabled ones are run */
    const struct str *components; /* names; none: all */
    size_t component_count;
    /* Whether an instance that all else chooses is meant; NULL: it is. A negative code, after a
     * finding, ends the command. */
    int (*is_meant)(void *context, const struct instance *instance, bool *ret_is_meant);
    void *context;
    const struct affected_request *affected; /* only what differs from there; NULL: all */
    bool keeps_going; /* after a failure: all but those that need what failed */
};

/*
 * resolve -> choose -> order -> generate, all before the first is run; then terraform one by one, an
 * instance behind all it needs, before them to destroy. *ret_exit_code is that of the first
 * failure, or of a plan with changes. What was applied is checked at the end. ERR_INVALID for a
 * circle of needs, ERR_NOT_FOUND for names that nothing answers to.
 */
int pipeline_terraform_many(struct run *run, const struct config_options *options,
        const struct terraform_many *request, int *ret_exit_code,
        struct coverage *ret_coverage);

/* Plugin folder -> root module of a kind -> components of the repository. */
struct component_add {
    struct str kind;
    bool is_forced; /* overwrite edited files */
    bool is_dry_run;
};

int pipeline_component_add(struct run *run, const struct config_options *options,
        const struct component_add *request, struct str *ret_target,
        const struct module_change **ret_changes, size_t *ret_count);

#endif
