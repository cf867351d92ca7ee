/* SPDX-License-Identifier: Apache-2.0 */
/* The option tables: what each command takes, but for plugins and the global ones. */
#include "table.h"

static const char *const choices_type[] = { "real", "abstract", "all", NULL };

static const char *const choices_mode[] = { "warn", "strict", "silent", NULL };

static const char *const choices_failure[] = { "fail-fast", "keep-going", NULL };

static const struct option option_stack = { .name = "stack",
    .letter = 's',
    .kind = OPTION_TEXT,
    .flags = OPTION_ATMOS | OPTION_REPOSITORY,
    .value = "<stack>",
    .completion = COMPLETE_STACK,
    .help = "name of the stack" };

static const struct option option_query = { .name = "query",
    .kind = OPTION_TEXT,
    .value = "<path>",
    .help = "print only this part, for example .vars.tags or .vars | keys" };

static const struct option option_file = { .name = "file",
    .kind = OPTION_TEXT,
    .value = "<file>",
    .completion = COMPLETE_FILE,
    .help = "write to this file instead of stdout" };

static const struct option option_process_templates = { .name = "process-templates",
    .kind = OPTION_FLAG,
    .standard = "true",
    .help = "evaluate templates in values; =false keeps their text" };

static const struct option option_process_functions = { .name = "process-functions",
    .kind = OPTION_FLAG,
    .standard = "true",
    .help = "evaluate YAML functions; =false keeps their text" };

static const struct option option_skip = { .name = "skip",
    .kind = OPTION_LIST,
    .value = "<function>",
    .help = "keep the text of this YAML function, for example terraform.output" };

/* What is evaluated, and what stays text. */
#define TEXT_OPTIONS &option_process_templates, &option_process_functions, &option_skip

static const struct option option_provenance = { .name = "provenance",
    .kind = OPTION_FLAG,
    .help = "say in comments of YAML where each value is written" };

static const struct option option_error_mode = { .name = "error-mode",
    .kind = OPTION_TEXT,
    .value = "<mode>",
    .choices = choices_mode,
    .help = "what to do when a YAML function fails; none is evaluated so far" };

static const struct option option_use_mocks = { .name = "use-mocks",
    .kind = OPTION_FLAG,
    .help = "let functions read outputs from the section mocks; none is evaluated so far" };

static const char *const no_identity[] = { "false", "0", "no", "off", NULL };

static const struct option option_identity = { .name = "identity",
    .letter = 'i',
    .kind = OPTION_TEXT,
    .value = "<name>",
    .help = "authenticate as this identity first; =false: as none",
    .declined = no_identity,
    .unsupported = "the auth section is not acted on by this version; =false says that none is "
                   "wanted" };

const struct option *const no_options[] = { NULL };

static const struct option option_components = { .name = "components",
    .kind = OPTION_LIST,
    .value = "<names>",
    .completion = COMPLETE_COMPONENT,
    .help = "only these components" };

static const struct option option_component_types = { .name = "component-types",
    .kind = OPTION_LIST,
    .value = "<types>",
    .help = "only components of these types, for example terraform" };

static const struct option option_sections = { .name = "sections",
    .kind = OPTION_LIST,
    .value = "<names>",
    .help = "only these sections, for example vars,settings" };

static const struct option option_empty_stacks = { .name = "include-empty-stacks",
    .kind = OPTION_FLAG,
    .help = "show stacks without components too" };

const struct option *const options_describe_component[] = { &option_stack, &option_query,
    &option_file, TEXT_OPTIONS, &option_provenance, &option_error_mode, &option_use_mocks,
    &option_identity, NULL };

const struct option *const options_describe_stacks[] = { &option_stack, &option_components,
    &option_component_types, &option_sections, &option_empty_stacks, &option_query,
    &option_file, TEXT_OPTIONS, &option_error_mode, &option_identity, NULL };

static const struct option option_origin = {
    .name = "origin", .kind = OPTION_FLAG, .help = "show the place each value came from"
};

const struct option *const options_describe_config[] = { &option_query, &option_file, NULL };

const struct option *const options_config_show[] = { &option_origin, NULL };
static const struct option option_base = { .name = "base",
    .kind = OPTION_TEXT,
    .value = "<revision>",
    .help = "compare with this git reference or commit; default: refs/remotes/origin/HEAD" };

static const struct option option_ref = {
    .name = "ref", .kind = OPTION_TEXT, .value = "<reference>", .help = "old name of --base"
};

static const struct option option_sha = {
    .name = "sha", .kind = OPTION_TEXT, .value = "<commit>", .help = "old name of --base"
};

static const struct option option_repo_path = { .name = "repo-path",
    .kind = OPTION_TEXT,
    .value = "<folder>",
    .completion = COMPLETE_FOLDER,
    .help = "compare with the repository in this folder" };

static const struct option option_clone_target_ref = { .name = "clone-target-ref",
    .kind = OPTION_FLAG,
    .help = "clone the base first",
    .unsupported = "the base is read from this clone; fetch it, or name a clone with "
                   "--repo-path" };

static const struct option option_exclude_locked = { .name = "exclude-locked",
    .kind = OPTION_FLAG,
    .help = "leave out components with metadata.locked" };

static const struct option option_include_dependents = { .name = "include-dependents",
    .kind = OPTION_FLAG,
    .help = "show what depends on each affected component, and on that" };

static const struct option option_include_settings = { .name = "include-settings",
    .kind = OPTION_FLAG,
    .help = "show the settings of each affected component" };

static const struct option option_include_spacelift = {
    .name = "include-spacelift-admin-stacks",
    .kind = OPTION_FLAG,
    .help = "add what settings.spacelift.admin_stack_selector of affected components means"
};

static const struct option option_upload = { .name = "upload",
    .kind = OPTION_FLAG,
    .help = "send the list to Atmos Pro",
    .unsupported = "nothing is sent anywhere" };

static const struct option option_output_file = { .name = "output-file",
    .kind = OPTION_TEXT,
    .value = "<file>",
    .completion = COMPLETE_FILE,
    .help = "add matrix= and affected_count= to this file, as jobs of GitHub read it" };

static const struct option option_ssh_key = { .name = "ssh-key",
    .kind = OPTION_TEXT,
    .value = "<file>",
    .completion = COMPLETE_FILE,
    .help = "key to clone the base with",
    .unsupported = "nothing is cloned; git uses the keys it is configured with" };

static const struct option option_ssh_key_password = { .name = "ssh-key-password",
    .kind = OPTION_TEXT,
    .flags = OPTION_HIDDEN,
    .value = "<text>",
    .help = "password of that key",
    .unsupported = "nothing is cloned, and passwords do not belong on a command line" };

const struct option *const options_describe_affected[] = { &option_base, &option_repo_path,
    &option_stack, &option_exclude_locked, &option_include_dependents, &option_include_settings,
    &option_query, &option_file, &option_output_file, &option_ref, &option_sha,
    &option_clone_target_ref, &option_ssh_key, &option_ssh_key_password,
    &option_include_spacelift, &option_upload, TEXT_OPTIONS, &option_error_mode,
    &option_identity, NULL };

static const struct option option_component = { .name = "component",
    .letter = 'c',
    .kind = OPTION_TEXT,
    .value = "<name>",
    .completion = COMPLETE_COMPONENT,
    .help = "only stacks that have this component" };

static const struct option option_type = { .name = "type",
    .kind = OPTION_TEXT,
    .value = "<type>",
    .choices = choices_type,
    .standard = "real",
    .help = "which components to list" };

static const struct option option_enabled = { .name = "enabled",
    .kind = OPTION_FLAG,
    .help = "only enabled ones; =false: only disabled ones" };

static const struct option option_locked = { .name = "locked",
    .kind = OPTION_FLAG,
    .help = "only locked ones; =false: only unlocked ones" };

static const struct option option_tags = { .name = "tags",
    .kind = OPTION_LIST,
    .value = "<tags>",
    .help = "only those with one of these in metadata.tags" };

static const struct option option_labels = { .name = "labels",
    .kind = OPTION_LIST,
    .value = "<name=value>",
    .help = "only those with all of these in metadata.labels" };

static const struct option option_columns = { .name = "columns",
    .kind = OPTION_LIST,
    .flags = OPTION_WHOLE,
    .value = "<name=template>",
    .help = "choose the columns, for example Region={{ .vars.region }}" };

static const struct option option_filter = { .name = "filter",
    .kind = OPTION_TEXT,
    .value = "<query>",
    .help = "only rows for which this is true, for example '.type == \"terraform\"'" };

static const struct option option_sort = { .name = "sort",
    .kind = OPTION_TEXT,
    .value = "<columns>",
    .help = "order by these columns, for example Stack:desc,Component" };

static const struct option option_abstract = {
    .name = "abstract", .kind = OPTION_FLAG, .help = "abstract components too"
};

static const struct option option_delimiter = { .name = "delimiter",
    .kind = OPTION_TEXT,
    .value = "<text>",
    .help = "between the columns of csv and tsv; cells are quoted as in csv" };

static const struct option option_max_columns = { .name = "max-columns",
    .kind = OPTION_TEXT,
    .value = "<number>",
    .standard = "0",
    .help = "show only so many columns; 0: all" };

static const struct option option_tree_provenance = { .name = "provenance",
    .kind = OPTION_FLAG,
    .help = "show what each manifest imports; needs --format tree" };

static const char *const choices_direction[] = { "both", "forward", "reverse", NULL };

static const struct option option_direction = { .name = "direction",
    .letter = 'd',
    .kind = OPTION_TEXT,
    .value = "<way>",
    .choices = choices_direction,
    .standard = "both",
    .help = "what is needed (forward), what needs it (reverse), or both" };

static const struct option option_workflow_file = { .name = "file",
    .kind = OPTION_TEXT,
    .value = "<file>",
    .help = "only workflows of this file" };

static const struct option option_vendor_tags = { .name = "tags",
    .kind = OPTION_LIST,
    .value = "<tags>",
    .help = "only sources with one of these tags" };

/* As in the reference, where --type has a default that always wins. */
static const struct option option_abstract_components = { .name = "abstract",
    .kind = OPTION_FLAG,
    .help = "taken as in other lists; which components are listed is said by --type" };

static const char *const choices_output[] = { "list", "map", "all", NULL };

static const struct option option_output = { .name = "output",
    .letter = 'o',
    .kind = OPTION_TEXT,
    .value = "<form>",
    .choices = choices_output,
    .standard = "list",
    .help = "how much to show: names as a list or a map, or all" };

#define ROW_OPTIONS                                                                            \
    &option_columns, &option_filter, &option_sort, &option_delimiter, &option_max_columns

#define INSTANCE_OPTIONS                                                                       \
    &option_stack, &option_type, &option_enabled, &option_locked, &option_tags, &option_labels

#define VALUE_OPTIONS TEXT_OPTIONS, &option_error_mode, &option_identity

const struct option *const options_list_affected[] = { &option_base, &option_repo_path,
    &option_stack, &option_tags, &option_labels, &option_exclude_locked,
    &option_include_dependents, ROW_OPTIONS, &option_output_file, &option_ref, &option_sha,
    &option_clone_target_ref, &option_ssh_key, &option_ssh_key_password, VALUE_OPTIONS, NULL };

const struct option *const options_list_stacks[] = { &option_component, ROW_OPTIONS,
    &option_tree_provenance, &option_output_file, NULL };

const struct option *const options_list_instances[] = { INSTANCE_OPTIONS, ROW_OPTIONS,
    &option_tree_provenance, &option_output_file, &option_upload, VALUE_OPTIONS, NULL };

const struct option *const options_list_rows[] = { INSTANCE_OPTIONS, ROW_OPTIONS, VALUE_OPTIONS,
    NULL };

const struct option *const options_list_dependencies[] = { INSTANCE_OPTIONS, ROW_OPTIONS,
    &option_direction, VALUE_OPTIONS, NULL };

const struct option *const options_list_vendor[] = { &option_vendor_tags, ROW_OPTIONS, NULL };

const struct option *const options_list_components[] = { INSTANCE_OPTIONS, ROW_OPTIONS,
    &option_abstract_components, VALUE_OPTIONS, NULL };

const struct option *const options_list_values[] = { &option_stack, &option_abstract,
    &option_query, &option_file, &option_delimiter, &option_max_columns, VALUE_OPTIONS, NULL };

const struct option *const options_list_workflows[] = { &option_workflow_file, ROW_OPTIONS,
    NULL };

const struct option *const options_describe_dependents[] = { &option_stack, &option_query,
    &option_file, TEXT_OPTIONS, &option_error_mode, &option_identity, NULL };

const struct option *const options_describe_locals[] = { &option_stack, &option_query,
    &option_file, NULL };

const struct option *const options_describe_workflows[] = { &option_output, &option_query,
    &option_file, NULL };

const struct option *const options_stack_plugins[] = { &option_stack, &option_locked_plugins,
    &option_plugin_timeout, NULL };

const struct option *const options_permissions[] = { &option_stack, &option_locked_plugins,
    NULL };

static const struct option option_force = { .name = "force",
    .kind = OPTION_FLAG,
    .flags = OPTION_TYPED,
    .help = "overwrite files that were edited" };

const struct option *const options_component_add[] = { &option_force, NULL };

static const struct option option_skip_init = { .name = "skip-init",
    .kind = OPTION_FLAG,
    .flags = OPTION_ATMOS | OPTION_REPOSITORY,
    .help = "do not run init first" };

static const struct option option_skip_checks = {
    .name = "skip-checks", .kind = OPTION_FLAG, .help = "do not check the account after apply"
};

static const struct option option_from_plan = { .name = "from-plan",
    .kind = OPTION_FLAG,
    .help = "apply the plan that `terraform plan` saved" };

static const struct option option_planfile = { .name = "planfile",
    .kind = OPTION_TEXT,
    .value = "<file>",
    .completion = COMPLETE_FILE,
    .help = "apply this saved plan" };

static const struct option option_all = { .name = "all",
    .kind = OPTION_FLAG,
    .help = "run on all instances, of the stack if one is given" };

static const struct option option_affected = { .name = "affected",
    .kind = OPTION_FLAG,
    .help = "run on what differs from --base or --repo-path" };

static const struct option option_components_bulk = { .name = "components",
    .kind = OPTION_LIST,
    .value = "<names>",
    .completion = COMPLETE_COMPONENT,
    .help = "run on these components" };

static const struct option option_query_bulk = { .name = "query",
    .kind = OPTION_TEXT,
    .value = "<query>",
    .help = "run on those for which this is true, for example '.vars.tier == 1'" };

static const struct option option_failure_mode = { .name = "failure-mode",
    .kind = OPTION_TEXT,
    .value = "<mode>",
    .choices = choices_failure,
    .standard = "fail-fast",
    .help = "of many instances: stop at the first failure, or only leave out what needs it" };

static const struct option option_concurrency = { .name = "max-concurrency",
    .kind = OPTION_TEXT,
    .value = "<number>",
    .help = "how many at a time; this version knows only 1" };

static const struct option option_include_dependencies = { .name = "include-dependencies",
    .kind = OPTION_FLAG,
    .help = "run on what the chosen ones need, too",
    .unsupported = "name them with --components" };

/* Which instances a subcommand is run on, when that is not one. */
#define OPTIONS_MANY                                                                           \
    &option_all, &option_affected, &option_components_bulk, &option_query_bulk, &option_tags,  \
            &option_labels, &option_failure_mode, &option_concurrency, &option_base,           \
            &option_repo_path, &option_include_dependencies

const struct option *const options_terraform[] = { &option_stack, &option_locked_plugins,
    &option_plugin_timeout, &option_skip_init, TEXT_OPTIONS, &option_identity, OPTIONS_MANY,
    NULL };

const struct option *const options_apply[] = { &option_stack, &option_locked_plugins,
    &option_plugin_timeout, &option_skip_init, &option_skip_checks, &option_from_plan,
    &option_planfile, TEXT_OPTIONS, &option_identity, OPTIONS_MANY, NULL };

static const struct option option_file_generated = { .name = "file",
    .letter = 'f',
    .kind = OPTION_TEXT,
    .value = "<file>",
    .completion = COMPLETE_FILE,
    .help = "write to this file instead; - is stdout" };

const struct option *const options_generate_varfile[] = { &option_stack, &option_locked_plugins,
    &option_plugin_timeout, &option_file_generated, TEXT_OPTIONS, NULL };

/* Plugins make variables, no backends. */
const struct option *const options_generate_backend[] = { &option_stack, &option_file_generated,
    TEXT_OPTIONS, NULL };

static const struct option option_stacks = { .name = "stacks",
    .kind = OPTION_LIST,
    .value = "<names>",
    .completion = COMPLETE_STACK,
    .help = "only these stacks" };

static const struct option option_file_template = {
    .name = "file-template",
    .kind = OPTION_TEXT,
    .value = "<template>",
    .help = "write to this path, with tokens such as {stage}, {component} and {component-path}"
};

const struct option *const options_generate_varfiles[] = { &option_locked_plugins,
    &option_plugin_timeout, &option_components, &option_stacks, &option_file_template,
    TEXT_OPTIONS, NULL };

const struct option *const options_generate_backends[] = { &option_components, &option_stacks,
    &option_file_template, TEXT_OPTIONS, NULL };

static const struct option option_all_files = { .name = "all",
    .kind = OPTION_FLAG,
    .help = "of all instances; --components and --stacks choose among them" };

static const struct option option_clean = { .name = "clean",
    .kind = OPTION_FLAG,
    .flags = OPTION_TYPED,
    .help = "remove the files instead of writing them" };

const struct option *const options_generate_files[] = { &option_stack, &option_all_files,
    &option_components, &option_stacks, &option_clean, TEXT_OPTIONS, NULL };

static const struct option option_list_ids = {
    .name = "list", .kind = OPTION_FLAG, .flags = OPTION_TYPED, .help = "list every id instead"
};

const struct option *const options_explain[] = { &option_list_ids, NULL };
