/* SPDX-License-Identifier: Apache-2.0 */
/* The option tables: every option of every command. */
#include "table.h"

static const char *const choices_color[] = { "auto", "always", "never", NULL };

static const char *const choices_type[] = { "real", "abstract", "all", NULL };

static const char *const choices_level[] = { "Trace", "Debug", "Info", "Warning", "Error",
    "Off", "trace", "debug", "info", "warning", "error", "off", NULL };

static const char *const choices_isolate[] = { "third-party", "all", NULL };
static const char *const choices_mode[] = { "warn", "strict", "silent", NULL };

static const struct option option_help = { .name = "help",
    .letter = 'h',
    .kind = OPTION_FLAG,
    .flags = OPTION_TYPED,
    .help = "print help and exit" };

static const struct option option_version = { .name = "version",
    .letter = 'V',
    .kind = OPTION_FLAG,
    .flags = OPTION_TYPED,
    .help = "print the version and exit" };

static const struct option option_chdir = { .name = "chdir",
    .letter = 'C',
    .kind = OPTION_TEXT,
    .flags = OPTION_ATMOS,
    .value = "<folder>",
    .completion = COMPLETE_FOLDER,
    .help = "change to this folder first" };

static const struct option option_base_path = { .name = "base-path",
    .kind = OPTION_TEXT,
    .flags = OPTION_CONFIG,
    .value = "<folder>",
    .completion = COMPLETE_FOLDER,
    .help = "folder that stacks and components are relative to" };

static const struct option option_config = { .name = "config",
    .kind = OPTION_LIST,
    .flags = OPTION_CONFIG,
    .value = "<file>",
    .completion = COMPLETE_FILE,
    .help = "read this configuration file instead of searching" };

static const struct option option_config_path = { .name = "config-path",
    .kind = OPTION_LIST,
    .flags = OPTION_CONFIG,
    .value = "<folder>",
    .completion = COMPLETE_FOLDER,
    .help = "read atmos.yaml of this folder instead of searching" };

static const struct option option_stacks_dir = { .name = "stacks-dir",
    .kind = OPTION_TEXT,
    .value = "<folder>",
    .completion = COMPLETE_FOLDER,
    .help = "use this for stacks.base_path" };

static const struct option option_terraform_dir = { .name = "terraform-dir",
    .kind = OPTION_TEXT,
    .value = "<folder>",
    .completion = COMPLETE_FOLDER,
    .help = "use this for components.terraform.base_path" };

static const struct option option_terraform_command = { .name = "terraform-command",
    .kind = OPTION_TEXT,
    .value = "<program>",
    .completion = COMPLETE_FILE,
    .help = "use this for components.terraform.command" };

static const struct option option_profile = { .name = "profile",
    .kind = OPTION_LIST,
    .flags = OPTION_CONFIG,
    .value = "<name>",
    .help = "lay this configuration profile over the rest" };

static const struct option option_edition = { .name = "edition",
    .kind = OPTION_TEXT,
    .flags = OPTION_CONFIG,
    .value = "<date>",
    .help = "use the defaults of this date, for example 2025-11-01" };

static const struct option option_workflows_dir = { .name = "workflows-dir",
    .kind = OPTION_TEXT,
    .value = "<folder>",
    .completion = COMPLETE_FOLDER,
    .help = "use this for workflows.base_path" };

static const struct option option_list_strategy = { .name = "settings-list-merge-strategy",
    .kind = OPTION_TEXT,
    .flags = OPTION_CONFIG,
    .value = "<strategy>",
    .help = "use this for settings.list_merge_strategy: replace, append or merge" };

/* Settings that are rarely given as flags: known everywhere, shown in no help. */
#define SETTING(id, flag, key)                                                                 \
    static const struct option option_##id = { .name = flag,                                   \
        .kind = OPTION_TEXT,                                                                   \
        .flags = OPTION_HIDDEN,                                                                \
        .value = "<text>",                                                                     \
        .help = "use this for " key }
#define SETTING_FLAG(id, flag, key)                                                            \
    static const struct option option_##id = {                                                 \
        .name = flag, .kind = OPTION_FLAG, .flags = OPTION_HIDDEN, .help = "switch on " key    \
    }
SETTING(helmfile_dir, "helmfile-dir", "components.helmfile.base_path");
SETTING(helmfile_command, "helmfile-command", "components.helmfile.command");
SETTING(packer_dir, "packer-dir", "components.packer.base_path");
SETTING(packer_command, "packer-command", "components.packer.command");
SETTING(jsonschema_dir, "schemas-jsonschema-dir", "schemas.jsonschema.base_path");
SETTING(opa_dir, "schemas-opa-dir", "schemas.opa.base_path");
SETTING(cue_dir, "schemas-cue-dir", "schemas.cue.base_path");
SETTING(manifest_schema, "schemas-atmos-manifest", "schemas.atmos.manifest");
SETTING(user_agent, "append-user-agent", "components.terraform.append_user_agent");
SETTING_FLAG(deploy_run_init, "deploy-run-init", "components.terraform.deploy_run_init");
SETTING_FLAG(reconfigure, "init-run-reconfigure", "components.terraform.init_run_reconfigure");
SETTING_FLAG(backend_file, "auto-generate-backend-file",
        "components.terraform.auto_generate_backend_file");
SETTING_FLAG(pass_vars, "init-pass-vars", "components.terraform.init.pass_vars");
SETTING_FLAG(skip_planfile, "skip-planfile", "components.terraform.plan.skip_planfile");

static const struct option option_color = { .name = "color",
    .kind = OPTION_TEXT,
    .value = "<when>",
    .choices = choices_color,
    .standard = "auto",
    .help = "when to use color" };

static const struct option option_no_color = { .name = "no-color",
    .kind = OPTION_FLAG,
    .flags = OPTION_HIDDEN,
    .help = "the same as --color never" };

static const struct option option_no_input = { .name = "no-input",
    .kind = OPTION_FLAG,
    .help = "never ask; fail and name the option that answers" };

static const struct option option_no_progress = {
    .name = "no-progress", .kind = OPTION_FLAG, .help = "do not report progress on stderr"
};

static const struct option option_dry_run = { .name = "dry-run",
    .kind = OPTION_FLAG,
    .flags = OPTION_ATMOS,
    .help = "say what would be written or run, and do nothing" };

static const struct option option_strict = {
    .name = "strict", .kind = OPTION_FLAG, .help = "count warnings as failures"
};

static const struct option option_isolate = { .name = "isolate",
    .kind = OPTION_TEXT,
    .value = "<which>",
    .choices = choices_isolate,
    .help = "plugins that run in a process of their own: third-party or all" };

static const struct option option_lenient = { .name = "lenient",
    .kind = OPTION_FLAG,
    .help = "accept with a warning what older versions of Atmos accept" };

static const struct option option_quiet = { .name = "quiet",
    .letter = 'q',
    .kind = OPTION_FLAG,
    .help = "print less: only names in lists, no summaries" };

static const struct option option_verbose = { .name = "verbose",
    .letter = 'v',
    .kind = OPTION_COUNT,
    .help = "log what is done; -vv and -vvv log more" };

static const struct option option_logs_level = { .name = "logs-level",
    .kind = OPTION_TEXT,
    .value = "<level>",
    .choices = choices_level,
    .help = "what to log: Trace, Debug, Info, Warning, Error or Off" };

static const struct option option_logs_file = { .name = "logs-file",
    .kind = OPTION_TEXT,
    .flags = OPTION_ATMOS,
    .value = "<file>",
    .completion = COMPLETE_FILE,
    .help = "add log lines to this file instead of stderr" };

const struct option *const global_options[] = { &option_help, &option_version, &option_chdir,
    &option_base_path, &option_config, &option_config_path, &option_stacks_dir,
    &option_terraform_dir, &option_terraform_command, &option_profile, &option_edition,
    &option_workflows_dir, &option_list_strategy, &option_helmfile_dir,
    &option_helmfile_command, &option_packer_dir, &option_packer_command,
    &option_jsonschema_dir, &option_opa_dir, &option_cue_dir, &option_manifest_schema,
    &option_user_agent, &option_deploy_run_init, &option_reconfigure, &option_backend_file,
    &option_pass_vars, &option_skip_planfile, &option_color, &option_no_color, &option_no_input,
    &option_no_progress, &option_dry_run, &option_strict, &option_isolate, &option_lenient,
    &option_quiet, &option_verbose, &option_logs_level, &option_logs_file, NULL };

static const struct option option_stack = { .name = "stack",
    .letter = 's',
    .kind = OPTION_TEXT,
    .flags = OPTION_ATMOS,
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
    .help = "evaluate templates in values" };

static const struct option option_process_functions = { .name = "process-functions",
    .kind = OPTION_FLAG,
    .standard = "true",
    .help = "evaluate YAML functions" };

static const struct option option_skip = { .name = "skip",
    .kind = OPTION_LIST,
    .value = "<function>",
    .help = "do not evaluate this YAML function",
    .unsupported = "YAML functions are not evaluated by this version" };

static const struct option option_provenance = { .name = "provenance",
    .kind = OPTION_FLAG,
    .help = "show where each value comes from; only =false is accepted" };

static const struct option option_error_mode = { .name = "error-mode",
    .kind = OPTION_TEXT,
    .value = "<mode>",
    .choices = choices_mode,
    .help = "what to do about values that cannot be evaluated",
    .unsupported = "every value that cannot be evaluated is an error" };

static const struct option option_use_mocks = { .name = "use-mocks",
    .kind = OPTION_FLAG,
    .help = "use mock outputs",
    .unsupported = "mock outputs are not read by this version" };

static const struct option option_identity = { .name = "identity",
    .letter = 'i',
    .kind = OPTION_TEXT,
    .value = "<name>",
    .help = "authenticate as this identity first",
    .unsupported = "the auth section is not acted on by this version" };

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
    &option_file, &option_process_templates, &option_process_functions, &option_skip,
    &option_provenance, &option_error_mode, &option_use_mocks, &option_identity, NULL };

const struct option *const options_describe_stacks[] = { &option_stack, &option_components,
    &option_component_types, &option_sections, &option_empty_stacks, &option_query,
    &option_file, &option_process_templates, &option_process_functions, &option_skip,
    &option_error_mode, &option_identity, NULL };

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
    .help = "add the admin stacks of affected ones",
    .unsupported = "Spacelift admin stacks are not looked for by this version"
};

static const struct option option_upload = { .name = "upload",
    .kind = OPTION_FLAG,
    .help = "send the list to Atmos Pro",
    .unsupported = "nothing is sent anywhere" };

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
    &option_query, &option_file, &option_ref, &option_sha, &option_clone_target_ref,
    &option_ssh_key, &option_ssh_key_password, &option_include_spacelift, &option_upload,
    &option_process_templates, &option_process_functions, &option_skip, &option_error_mode,
    &option_identity, NULL };

static const struct option option_component = { .name = "component",
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
    .help = "in a tree: what is needed (forward), what needs it (reverse), or both" };

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

#define VALUE_OPTIONS                                                                          \
    &option_process_templates, &option_process_functions, &option_skip, &option_error_mode,    \
            &option_identity

const struct option *const options_list_affected[] = { &option_base, &option_repo_path,
    &option_stack, &option_exclude_locked, &option_include_dependents, ROW_OPTIONS, &option_ref,
    &option_sha, &option_clone_target_ref, &option_ssh_key, &option_ssh_key_password,
    VALUE_OPTIONS, NULL };

const struct option *const options_list_stacks[] = { &option_component, ROW_OPTIONS,
    &option_tree_provenance, NULL };

const struct option *const options_list_instances[] = { INSTANCE_OPTIONS, ROW_OPTIONS,
    &option_tree_provenance, &option_upload, VALUE_OPTIONS, NULL };

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
    &option_file, &option_process_templates, &option_process_functions, &option_skip,
    &option_error_mode, &option_identity, NULL };

const struct option *const options_describe_workflows[] = { &option_output, &option_query,
    &option_file, NULL };

const struct option *const options_stack[] = { &option_stack, NULL };

const struct option *const options_stack_plugins[] = { &option_stack, &option_locked_plugins,
    NULL };

static const struct option option_force = { .name = "force",
    .kind = OPTION_FLAG,
    .flags = OPTION_TYPED,
    .help = "overwrite files that were edited" };

const struct option *const options_component_add[] = { &option_force, NULL };

static const struct option option_skip_init = { .name = "skip-init",
    .kind = OPTION_FLAG,
    .flags = OPTION_ATMOS,
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

/* Commands over many instances; given to terraform they would only confuse. */
#define ONE_INSTANCE "this version runs terraform on one instance at a time"
static const struct option option_all = { .name = "all",
    .kind = OPTION_FLAG,
    .help = "run on all instances",
    .unsupported = ONE_INSTANCE };

static const struct option option_affected = { .name = "affected",
    .kind = OPTION_FLAG,
    .help = "run on what changed",
    .unsupported = ONE_INSTANCE };

static const struct option option_components_bulk = { .name = "components",
    .kind = OPTION_LIST,
    .value = "<names>",
    .help = "run on these components",
    .unsupported = ONE_INSTANCE };

static const struct option option_concurrency = { .name = "max-concurrency",
    .kind = OPTION_TEXT,
    .value = "<number>",
    .help = "how many at a time",
    .unsupported = ONE_INSTANCE };

const struct option *const options_terraform[] = { &option_stack, &option_locked_plugins,
    &option_skip_init, &option_process_templates, &option_process_functions, &option_skip,
    &option_identity, &option_all, &option_affected, &option_components_bulk,
    &option_concurrency, NULL };

const struct option *const options_apply[] = { &option_stack, &option_locked_plugins,
    &option_skip_init, &option_skip_checks, &option_from_plan, &option_planfile,
    &option_process_templates, &option_process_functions, &option_skip, &option_identity,
    &option_all, &option_affected, &option_components_bulk, &option_concurrency, NULL };

static const struct option option_file_generated = { .name = "file",
    .letter = 'f',
    .kind = OPTION_TEXT,
    .value = "<file>",
    .completion = COMPLETE_FILE,
    .help = "write to this file instead; - is stdout" };

const struct option *const options_generate[] = { &option_stack, &option_locked_plugins,
    &option_file_generated, &option_process_templates, &option_process_functions, &option_skip,
    NULL };

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

const struct option *const options_generate_many[] = { &option_locked_plugins,
    &option_components, &option_stacks, &option_file_template, NULL };

static const struct option option_list_ids = {
    .name = "list", .kind = OPTION_FLAG, .flags = OPTION_TYPED, .help = "list every id instead"
};

const struct option *const options_explain[] = { &option_list_ids, NULL };
