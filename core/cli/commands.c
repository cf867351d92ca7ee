/* SPDX-License-Identifier: Apache-2.0 */
/* The command table and the option tables. */
#include "cmd.h"

/* ---- values ---- */

static const char *const formats_describe[] = { "yaml", "json", NULL };
static const char *const formats_list[] = { "table", "json", "yaml", "csv", "tsv", NULL };
static const char *const formats_report[] = { "full", "concise", "json", NULL };
static const char *const formats_info[] = { "yaml", "json", NULL };
static const char *const formats_manifest[] = { "json", "yaml", NULL };
static const char *const formats_text[] = { "text", "json", NULL };
static const char *const formats_help[] = { "text", "json", "markdown", NULL };
static const char *const choices_color[] = { "auto", "always", "never", NULL };
static const char *const choices_type[] = { "real", "abstract", "all", NULL };
static const char *const choices_level[] = { "Trace", "Debug", "Info", "Warning", "Error",
    "Off", "trace", "debug", "info", "warning", "error", "off", NULL };
static const char *const choices_mode[] = { "warn", "strict", "silent", NULL };

/* ---- global options ---- */

static const struct option option_help = {
    .name = "help", .letter = 'h', .kind = OPTION_FLAG, .help = "print help and exit"
};
static const struct option option_version = {
    .name = "version", .letter = 'V', .kind = OPTION_FLAG, .help = "print the version and exit"
};
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
    .help = "overlay this configuration profile",
    .unsupported = "configuration profiles are not read by this version" };
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
static const struct option option_yes = { .name = "yes",
    .letter = 'y',
    .kind = OPTION_FLAG,
    .help = "answer yes to yes-or-no questions" };
static const struct option option_dry_run = { .name = "dry-run",
    .kind = OPTION_FLAG,
    .flags = OPTION_ATMOS,
    .help = "say what would be written or run, and do nothing" };
static const struct option option_strict = {
    .name = "strict", .kind = OPTION_FLAG, .help = "count warnings as failures"
};
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
    &option_terraform_dir, &option_terraform_command, &option_profile, &option_color,
    &option_no_color, &option_no_input, &option_no_progress, &option_yes, &option_dry_run,
    &option_strict, &option_quiet, &option_verbose, &option_logs_level, &option_logs_file,
    NULL };

/* ---- options several commands share ---- */

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

static const struct option *const no_options[] = { NULL };

/* ---- describe ---- */

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

static const struct option *const options_describe_component[] = { &option_stack, &option_query,
    &option_file, &option_process_templates, &option_process_functions, &option_skip,
    &option_provenance, &option_error_mode, &option_use_mocks, &option_identity, NULL };
static const struct option *const options_describe_stacks[] = { &option_stack,
    &option_components, &option_component_types, &option_sections, &option_empty_stacks,
    &option_query, &option_file, &option_process_templates, &option_process_functions,
    &option_skip, &option_error_mode, &option_identity, NULL };

static const struct example examples_describe_component[] = {
    { "describe component guardduty -s security-ew1", "everything known about one instance" },
    { "describe component baseline -s payments-ew1 --json --query .vars",
            "its variables, as JSON" },
    { NULL, NULL },
};
static const struct example examples_describe_stacks[] = {
    { "describe stacks --sections vars", "the variables of every instance" },
    { "describe stacks -s security-ew1 --components guardduty --format json",
            "one component of one stack" },
    { NULL, NULL },
};

/* ---- list ---- */

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
    .help = "choose the columns",
    .unsupported = "columns are templates, which this version does not evaluate" };

static const struct option *const options_list_stacks[] = { &option_component, &option_columns,
    NULL };
static const struct option *const options_list_instances[] = { &option_stack, &option_type,
    &option_enabled, &option_locked, &option_tags, &option_labels, &option_columns, NULL };

static const struct example examples_list_stacks[] = {
    { "list stacks", "one name per line" },
    { "list stacks --component guardduty", "the stacks that have a component" },
    { NULL, NULL },
};
static const struct example examples_list_components[] = {
    { "list components", "each component, its type, and in how many stacks it is" },
    { "list components -s 'security-*' --format json", "those of some stacks, as JSON" },
    { NULL, NULL },
};
static const struct example examples_list_instances[] = {
    { "list instances --format csv", "every component of every stack, for a spreadsheet" },
    { NULL, NULL },
};

/* ---- plugins ---- */

static const struct option *const options_stack[] = { &option_stack, NULL };
static const struct option option_force = {
    .name = "force", .kind = OPTION_FLAG, .help = "overwrite files that were edited"
};
static const struct option *const options_component_add[] = { &option_force, NULL };

static const struct example examples_validate[] = {
    { "validate", "everything: structure, then every plugin on what it handles" },
    { "validate -s security-ew1 --format json", "one stack, for programs" },
    { NULL, NULL },
};
static const struct example examples_validate_stacks[] = {
    { "validate stacks", "imports, inheritance, sections, names" },
    { NULL, NULL },
};
static const struct example examples_validate_component[] = {
    { "validate component guardduty -s security-ew1", "one instance" },
    { NULL, NULL },
};
static const struct example examples_check[] = {
    { "check guardduty -s security-ew1", "one instance" },
    { "check --format json", "every instance that a plugin handles, for programs" },
    { NULL, NULL },
};
static const struct example examples_plugin_list[] = {
    { "plugin list", "every file in the plugin folders, and why one is not used" },
    { "plugin list --format json", "the same for programs" },
    { NULL, NULL },
};
static const struct example examples_list_plugins[] = {
    { "list plugins", "the same as plugin list" },
    { NULL, NULL },
};
static const struct example examples_plugin_info[] = {
    { "plugin info guardduty", "what it handles, checks and may ask AWS" },
    { NULL, NULL },
};
static const struct example examples_plugin_manifest[] = {
    { "plugin manifest guardduty", "the metadata inside the file, with the schema" },
    { NULL, NULL },
};
static const struct example examples_plugin_enable[] = {
    { "plugin enable guardduty", "trust this plugin, as it is now" },
    { NULL, NULL },
};
static const struct example examples_plugin_disable[] = {
    { "plugin disable guardduty --dry-run", "what would change" },
    { NULL, NULL },
};
static const struct example examples_component_add[] = {
    { "component add guardduty", "copy the module to components/terraform/guardduty" },
    { "component add guardduty --dry-run", "only say what would be written" },
    { NULL, NULL },
};

/* ---- terraform ---- */

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

static const struct option *const options_terraform[] = { &option_stack, &option_skip_init,
    &option_process_templates, &option_process_functions, &option_skip, &option_identity,
    &option_all, &option_affected, &option_components_bulk, &option_concurrency, NULL };
static const struct option *const options_apply[] = { &option_stack, &option_skip_init,
    &option_skip_checks, &option_from_plan, &option_planfile, &option_process_templates,
    &option_process_functions, &option_skip, &option_identity, &option_all, &option_affected,
    &option_components_bulk, &option_concurrency, NULL };
static const struct option option_file_generated = { .name = "file",
    .letter = 'f',
    .kind = OPTION_TEXT,
    .value = "<file>",
    .completion = COMPLETE_FILE,
    .help = "write to this file instead; - is stdout" };
static const struct option *const options_generate[] = { &option_stack, &option_file_generated,
    &option_process_templates, &option_process_functions, &option_skip, NULL };

static const struct example examples_plan[] = {
    { "terraform plan baseline -s payments-ew1", "what would change" },
    { "terraform plan baseline -s payments-ew1 -- -detailed-exitcode",
            "the same, exit code 2 for changes" },
    { NULL, NULL },
};
static const struct example examples_apply[] = {
    { "terraform apply baseline -s payments-ew1 -auto-approve",
            "apply, then check the account" },
    { NULL, NULL },
};
static const struct example examples_deploy[] = {
    { "terraform deploy baseline -s payments-ew1", "apply without asking" },
    { NULL, NULL },
};
static const struct example examples_destroy[] = {
    { "terraform destroy baseline -s payments-ew1 -auto-approve", "destroy what was applied" },
    { NULL, NULL },
};
static const struct example examples_init[] = {
    { "terraform init baseline -s payments-ew1", "prepare the component folder" },
    { NULL, NULL },
};
static const struct example examples_output[] = {
    { "terraform output baseline -s payments-ew1 -- -json", "outputs, as JSON" },
    { NULL, NULL },
};
static const struct example examples_show[] = {
    { "terraform show baseline -s payments-ew1", "the state of one instance" },
    { NULL, NULL },
};
static const struct example examples_tf_validate[] = {
    { "terraform validate baseline -s payments-ew1", "what terraform thinks of the component" },
    { NULL, NULL },
};
static const struct example examples_varfile[] = {
    { "terraform generate varfile guardduty -s security-ew1", "write the var file" },
    { "terraform generate varfile baseline -s payments-ew1 -f -", "print it" },
    { NULL, NULL },
};
static const struct example examples_backend[] = {
    { "terraform generate backend baseline -s payments-ew1 --dry-run",
            "print backend.tf.json" },
    { NULL, NULL },
};

#define TERRAFORM_TEXT                                                                         \
    "Writes the var file and the backend file, runs init when something changed, selects\n"    \
    "the workspace and runs terraform in the component folder. Options this command does\n"    \
    "not know, and everything behind --, go to terraform as they are. The exit code is\n"      \
    "terraform's."

/* A subcommand with help of its own. */
#define TERRAFORM(word, what, rows, extra, shown)                                              \
    {                                                                                          \
        .path = "terraform " word,                                                             \
        .group = "Terraform",                                                                  \
        .summary = (what),                                                                     \
        .arguments = "<component>",                                                            \
        .description = TERRAFORM_TEXT,                                                         \
        .examples = (shown),                                                                   \
        .options = (rows),                                                                     \
        .min_args = 1,                                                                         \
        .max_args = 1,                                                                         \
        .needs = NEED_CONFIG | NEED_STACKS | NEED_PLUGINS | NEED_TERRAFORM,                    \
        .flags = COMMAND_PASSES | COMMAND_MUTATES | (extra),                                   \
        .completion = COMPLETE_COMPONENT,                                                      \
        .function = cmd_terraform,                                                             \
    }
/* One that terraform explains better. */
#define TERRAFORM_PLAIN(word)                                                                  \
    TERRAFORM(word, "pass " word " to terraform", options_terraform, COMMAND_HIDDEN, NULL)

/* ---- about the program ---- */

static const struct option option_list_ids = {
    .name = "list", .kind = OPTION_FLAG, .help = "list every id instead"
};
static const struct option *const options_explain[] = { &option_list_ids, NULL };
static const char *const formats_explain[] = { "text", "json", NULL };

static const char *const formats_doctor[] = { "table", "json", NULL };
static const struct example examples_doctor[] = {
    { "doctor", "what is here, what is missing, which rule decided" },
    { "doctor --format json", "the same for programs" },
    { NULL, NULL },
};
static const struct example examples_version[] = {
    { "version", "version, plugin interface and libraries" },
    { "version --format json", "the same for programs" },
    { NULL, NULL },
};
static const struct example examples_help[] = {
    { "help", "all commands" },
    { "help describe component", "one command" },
    { "help exit-codes", "a topic" },
    { "help --format json", "the whole command table" },
    { NULL, NULL },
};
static const struct example examples_completion[] = {
    { "completion bash", "print the script; load it with: source <(tf-atmos completion bash)" },
    { NULL, NULL },
};
static const struct example examples_explain[] = {
    { "explain stack/import-not-found", "what a diagnostic means and what to do about it" },
    { "explain --list", "every id" },
    { NULL, NULL },
};

const char *const command_groups[] = { "Look", "Validate and check", "Plugins", "Terraform",
    "About", NULL };

const struct command commands[] = {
    {
            .path = "list stacks",
            .group = "Look",
            .summary = "list the stacks",
            .arguments = "",
            .description = "Names of all stacks, sorted. In a pipe one name per line.",
            .examples = examples_list_stacks,
            .options = options_list_stacks,
            .formats = formats_list,
            .needs = NEED_CONFIG | NEED_STACKS,
            .function = cmd_list_stacks,
    },
    {
            .path = "list components",
            .group = "Look",
            .summary = "list the components and how many stacks have them",
            .arguments = "",
            .description = "Abstract components are left out unless --type says otherwise.",
            .examples = examples_list_components,
            .options = options_list_instances,
            .formats = formats_list,
            .needs = NEED_CONFIG | NEED_STACKS,
            .function = cmd_list_components,
    },
    {
            .path = "list instances",
            .group = "Look",
            .summary = "list every component of every stack",
            .arguments = "",
            .description = "An instance is one component in one stack.",
            .examples = examples_list_instances,
            .options = options_list_instances,
            .formats = formats_list,
            .needs = NEED_CONFIG | NEED_STACKS,
            .function = cmd_list_instances,
    },
    {
            .path = "describe component",
            .group = "Look",
            .summary = "show one component of one stack, fully resolved",
            .arguments = "<component>",
            .description = "Prints the sections after imports, inheritance and merging.\n\n"
                           "By default only the sections an author writes are shown; set\n"
                           "describe.component.filter to full in atmos.yaml (or\n"
                           "ATMOS_DESCRIBE_COMPONENT_FILTER=full) to see all. A query always "
                           "sees all.",
            .examples = examples_describe_component,
            .options = options_describe_component,
            .formats = formats_describe,
            .min_args = 1,
            .max_args = 1,
            .needs = NEED_CONFIG | NEED_STACKS,
            .completion = COMPLETE_COMPONENT,
            .function = cmd_describe_component,
    },
    {
            .path = "describe stacks",
            .group = "Look",
            .summary = "show all stacks with their components, fully resolved",
            .arguments = "",
            .description =
                    "A map from stack to type to component. Stacks without components are "
                    "left out.",
            .examples = examples_describe_stacks,
            .options = options_describe_stacks,
            .formats = formats_describe,
            .needs = NEED_CONFIG | NEED_STACKS,
            .function = cmd_describe_stacks,
    },
    {
            .path = "list plugins",
            .group = "Look",
            .summary = "list the plugins",
            .arguments = "",
            .examples = examples_list_plugins,
            .options = no_options,
            .formats = formats_list,
            .needs = NEED_PLUGINS,
            .function = cmd_plugin_list,
    },
    {
            .path = "validate",
            .group = "Validate and check",
            .summary = "validate all stacks, and intents by their plugins",
            .arguments = "",
            .description =
                    "Reads every manifest, resolves every instance, and lets every plugin "
                    "judge the settings it handles. Nothing is written, no account is "
                    "asked. Exit code 1 when there is an error, with --strict also for a "
                    "warning.",
            .examples = examples_validate,
            .options = options_stack,
            .formats = formats_report,
            .needs = NEED_CONFIG | NEED_STACKS | NEED_PLUGINS,
            .function = cmd_validate,
    },
    {
            .path = "validate stacks",
            .group = "Validate and check",
            .summary = "validate the structure of all stacks",
            .arguments = "",
            .examples = examples_validate_stacks,
            .options = no_options,
            .formats = formats_report,
            .needs = NEED_CONFIG | NEED_STACKS,
            .function = cmd_validate_stacks,
    },
    {
            .path = "validate component",
            .group = "Validate and check",
            .summary = "validate one instance by its plugins",
            .arguments = "<component>",
            .examples = examples_validate_component,
            .options = options_stack,
            .formats = formats_report,
            .min_args = 1,
            .max_args = 1,
            .needs = NEED_CONFIG | NEED_STACKS | NEED_PLUGINS,
            .completion = COMPLETE_COMPONENT,
            .function = cmd_validate_component,
    },
    {
            .path = "check",
            .group = "Validate and check",
            .summary = "check accounts against the intent",
            .arguments = "[component]",
            .description =
                    "Asks AWS, with reading calls only, whether the account is as the "
                    "settings\n"
                    "say. A check passes, fails, is pending, is skipped, or is unknown when "
                    "AWS\n"
                    "gave no answer that decides it.\n\n"
                    "Exit code 0 when nothing failed and at least one check passed, 1 when "
                    "one\n"
                    "failed or none could be decided, 75 when some are still pending. With\n"
                    "--strict any unknown is 1.",
            .examples = examples_check,
            .options = options_stack,
            .formats = formats_report,
            .max_args = 1,
            .needs = NEED_CONFIG | NEED_STACKS | NEED_PLUGINS | NEED_AWS,
            .completion = COMPLETE_COMPONENT,
            .function = cmd_check,
    },
    {
            .path = "plugin list",
            .group = "Plugins",
            .summary = "list plugins, where they are, why one is not used",
            .arguments = "",
            .description = "Reads the metadata in the files; no code of any plugin runs.",
            .examples = examples_plugin_list,
            .options = no_options,
            .formats = formats_list,
            .needs = NEED_PLUGINS,
            .function = cmd_plugin_list,
    },
    {
            .path = "plugin info",
            .group = "Plugins",
            .summary = "show all about one plugin",
            .arguments = "<plugin>",
            .examples = examples_plugin_info,
            .options = no_options,
            .formats = formats_info,
            .min_args = 1,
            .max_args = 1,
            .needs = NEED_PLUGINS,
            .completion = COMPLETE_PLUGIN,
            .function = cmd_plugin_info,
    },
    {
            .path = "plugin enable",
            .group = "Plugins",
            .summary = "trust a plugin: pin its digest in the repository",
            .arguments = "<plugin>",
            .description =
                    "Writes id, version and SHA-256 to tf-atmos.lock.json. The file then "
                    "runs inside this program until its bytes change.",
            .examples = examples_plugin_enable,
            .options = no_options,
            .min_args = 1,
            .max_args = 1,
            .needs = NEED_PLUGINS | NEED_CONFIG,
            .flags = COMMAND_MUTATES,
            .completion = COMPLETE_PLUGIN,
            .function = cmd_plugin_enable,
    },
    {
            .path = "plugin disable",
            .group = "Plugins",
            .summary = "switch a plugin off",
            .arguments = "<plugin>",
            .examples = examples_plugin_disable,
            .options = no_options,
            .min_args = 1,
            .max_args = 1,
            .needs = NEED_PLUGINS | NEED_CONFIG,
            .flags = COMMAND_MUTATES,
            .completion = COMPLETE_PLUGIN,
            .function = cmd_plugin_disable,
    },
    {
            .path = "plugin manifest",
            .group = "Plugins",
            .summary = "print the metadata inside a plugin",
            .arguments = "<plugin or file>",
            .description = "An argument with a slash is a file, found by nobody else or not.",
            .examples = examples_plugin_manifest,
            .options = no_options,
            .formats = formats_manifest,
            .min_args = 1,
            .max_args = 1,
            .needs = NEED_PLUGINS,
            .completion = COMPLETE_PLUGIN,
            .function = cmd_plugin_manifest,
    },
    {
            .path = "component add",
            .group = "Plugins",
            .summary = "copy a plugin's Terraform module to the repository",
            .arguments = "<kind>",
            .description =
                    "The module goes to the component folder of that name, with a stamp "
                    "of its version and of the digests of its files. A later run updates "
                    "the copy; files edited since are refused without --force.",
            .examples = examples_component_add,
            .options = options_component_add,
            .min_args = 1,
            .max_args = 1,
            .needs = NEED_PLUGINS | NEED_CONFIG,
            .flags = COMMAND_MUTATES,
            .completion = COMPLETE_PLUGIN,
            .function = cmd_component_add,
    },
    TERRAFORM("plan", "show what terraform would change", options_terraform, 0, examples_plan),
    TERRAFORM("apply", "apply one instance, then check the account", options_apply, 0,
            examples_apply),
    TERRAFORM("deploy", "the same without asking", options_apply, 0, examples_deploy),
    TERRAFORM("destroy", "destroy what one instance manages", options_terraform, 0,
            examples_destroy),
    TERRAFORM("init", "prepare the component folder", options_terraform, 0, examples_init),
    TERRAFORM("output", "print outputs", options_terraform, 0, examples_output),
    TERRAFORM("show", "print the state or a plan", options_terraform, 0, examples_show),
    TERRAFORM("validate", "let terraform validate the component", options_terraform, 0,
            examples_tf_validate),
    {
            .path = "terraform generate varfile",
            .group = "Terraform",
            .summary = "write the variables of one instance",
            .arguments = "<component>",
            .description = "The variables of the stack over those that plugins generate.",
            .examples = examples_varfile,
            .options = options_generate,
            .min_args = 1,
            .max_args = 1,
            .needs = NEED_CONFIG | NEED_STACKS | NEED_PLUGINS,
            .flags = COMMAND_MUTATES,
            .completion = COMPLETE_COMPONENT,
            .function = cmd_terraform_generate_varfile,
    },
    {
            .path = "terraform generate backend",
            .group = "Terraform",
            .summary = "write backend.tf.json of one instance",
            .arguments = "<component>",
            .examples = examples_backend,
            .options = options_generate,
            .min_args = 1,
            .max_args = 1,
            .needs = NEED_CONFIG | NEED_STACKS,
            .flags = COMMAND_MUTATES,
            .completion = COMPLETE_COMPONENT,
            .function = cmd_terraform_generate_backend,
    },
    TERRAFORM_PLAIN("console"),
    TERRAFORM_PLAIN("force-unlock"),
    TERRAFORM_PLAIN("get"),
    TERRAFORM_PLAIN("graph"),
    TERRAFORM_PLAIN("import"),
    TERRAFORM_PLAIN("providers"),
    TERRAFORM_PLAIN("providers lock"),
    TERRAFORM_PLAIN("providers mirror"),
    TERRAFORM_PLAIN("providers schema"),
    TERRAFORM_PLAIN("refresh"),
    TERRAFORM_PLAIN("state list"),
    TERRAFORM_PLAIN("state mv"),
    TERRAFORM_PLAIN("state pull"),
    TERRAFORM_PLAIN("state push"),
    TERRAFORM_PLAIN("state replace-provider"),
    TERRAFORM_PLAIN("state rm"),
    TERRAFORM_PLAIN("state show"),
    TERRAFORM_PLAIN("taint"),
    TERRAFORM_PLAIN("test"),
    TERRAFORM_PLAIN("untaint"),
    TERRAFORM_PLAIN("workspace"),
    TERRAFORM_PLAIN("workspace delete"),
    TERRAFORM_PLAIN("workspace list"),
    TERRAFORM_PLAIN("workspace new"),
    TERRAFORM_PLAIN("workspace select"),
    TERRAFORM_PLAIN("workspace show"),
    {
            .path = "doctor",
            .group = "About",
            .summary = "examine the installation, repository and environment",
            .arguments = "",
            .description =
                    "Nothing is written and no network is used. Exit code 1 when something "
                    "failed. Secrets are never shown, only where they would come from.",
            .examples = examples_doctor,
            .options = no_options,
            .formats = formats_doctor,
            .function = cmd_doctor,
    },
    {
            .path = "explain",
            .group = "About",
            .summary = "explain a diagnostic by its id",
            .arguments = "[id]",
            .description = "Every message that stops you carries an id in brackets, such as\n"
                           "error[stack/import-not-found].",
            .examples = examples_explain,
            .options = options_explain,
            .formats = formats_explain,
            .max_args = 1,
            .completion = COMPLETE_DIAGNOSTIC,
            .function = cmd_explain,
    },
    {
            .path = "version",
            .group = "About",
            .summary = "print version, plugin interface and libraries",
            .arguments = "",
            .examples = examples_version,
            .options = no_options,
            .formats = formats_text,
            .function = cmd_version,
    },
    {
            .path = "completion",
            .group = "About",
            .summary = "print the completion script of a shell",
            .arguments = "{bash|zsh|fish}",
            .description =
                    "Source the script in the shell's startup file. Names of stacks and\n"
                    "components are asked of tf-atmos while you type.",
            .examples = examples_completion,
            .options = no_options,
            .min_args = 1,
            .max_args = 1,
            .function = cmd_completion,
    },
    {
            .path = "help",
            .group = "About",
            .summary = "print help on a command or a topic",
            .arguments = "[command or topic]",
            .examples = examples_help,
            .options = no_options,
            .formats = formats_help,
            .max_args = 8,
            .completion = COMPLETE_TOPIC,
            .function = cmd_help,
    },
    {
            .path = "__complete",
            .group = "About",
            .summary = "print completions of a command line",
            .arguments = "[words]",
            .examples = NULL,
            .options = no_options,
            .max_args = 64,
            .flags = COMMAND_HIDDEN | COMMAND_PASSES,
            .function = cmd_complete,
    },
};

const size_t command_count = sizeof(commands) / sizeof(commands[0]);
