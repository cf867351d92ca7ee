/* SPDX-License-Identifier: Apache-2.0 */
/* The command table. */
#include "cmd.h"
#include "command_rows.h"
#include "table.h"

static const char *const formats_describe[] = { "yaml", "json", NULL };
static const char *const formats_affected[] = { "json", "yaml", "matrix", NULL };
#define ROW_FORMATS "table", "json", "yaml", "csv", "tsv"
static const char *const formats_list[] = { ROW_FORMATS, NULL };
static const char *const formats_dependencies[] = { "tree", ROW_FORMATS, NULL };
static const char *const formats_instances[] = { ROW_FORMATS, "tree", "matrix", NULL };
static const char *const formats_matrix[] = { ROW_FORMATS, "matrix", NULL };
static const char *const formats_report[] = { "full", "concise", "json", NULL };
static const char *const formats_info[] = { "yaml", "json", NULL };
static const char *const formats_permissions[] = { "json", "terraform", NULL };
static const char *const formats_manifest[] = { "json", "yaml", NULL };
static const char *const formats_generated[] = { "json", NULL };
static const char *const formats_doctor[] = { "table", "json", NULL };
static const char *const formats_conform[] = { "table", "json", "junit", NULL };
static const char *const formats_text[] = { "text", "json", NULL };
static const char *const formats_help[] = { "text", "json", "markdown", NULL };

const char *const command_groups[] = { "Look", "Validate and check", "Plugins", "Terraform",
    "About", NULL };

const struct command commands[] = {
    {
            .path = "list stacks",
            .group = "Look",
            .summary = "list the stacks",
            .description = "Names of all stacks, sorted. In a pipe one name per line.",
            .examples = examples_list_stacks,
            .options = options_list_stacks,
            .formats = formats_instances,
            .needs = NEED_CONFIG | NEED_STACKS,
            .flags = COMMAND_NAMES,
            .function = cmd_list_stacks,
    },
    {
            .path = "list components",
            .group = "Look",
            .summary = "list the components and how many stacks have them",
            .description = "Abstract components are left out unless --type says otherwise.",
            .examples = examples_list_components,
            .options = options_list_components,
            .formats = formats_list,
            .needs = NEED_CONFIG | NEED_STACKS,
            .function = cmd_list_components,
    },
    {
            .path = "list instances",
            .group = "Look",
            .summary = "list every component of every stack",
            .description = "An instance is one component in one stack.",
            .examples = examples_list_instances,
            .options = options_list_instances,
            .formats = formats_instances,
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
                           "sees all.\n\n"
                           "Comments in YAML say where each value is written, unless\n"
                           "--provenance=false or describe.provenance: false says otherwise.",
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
            .path = "describe config",
            .group = "Look",
            .summary = "show the configuration as it holds",
            .description = "Files, profiles, variables and flags merged, with the defaults "
                           "that always hold and the absolute paths.",
            .examples = examples_describe_config,
            .options = options_describe_config,
            .formats = formats_manifest,
            .needs = NEED_CONFIG,
            .function = cmd_describe_config,
    },
    {
            .path = "config show",
            .group = "Look",
            .summary = "list every setting, and where it came from",
            .description = "With --origin each value has the file, line and column, the "
                           "variable or the flag it came from, or \"default\".",
            .examples = examples_config_show,
            .options = options_config_show,
            .formats = formats_list,
            .needs = NEED_CONFIG,
            .function = cmd_config_show,
    },
    {
            .path = "describe affected",
            .group = "Look",
            .summary = "show what differs from another commit",
            .description =
                    "Resolves the work tree and the base with the configuration of the work\n"
                    "tree, and lists every component of every stack that differs, with the\n"
                    "reasons: its sections, the files of its folder, local modules, files it\n"
                    "depends on. Changes that are not committed count; ignored files do "
                    "not.\n\n"
                    "The matrix format is for jobs of GitHub Actions; what was deleted is not "
                    "in it.",
            .examples = examples_describe_affected,
            .options = options_describe_affected,
            .formats = formats_affected,
            .needs = NEED_CONFIG | NEED_STACKS,
            .exits = EXITS_UNAVAILABLE,
            .function = cmd_describe_affected,
    },
    {
            .path = "list affected",
            .group = "Look",
            .summary = "list what differs from another commit",
            .description = "The reasons are explained at `describe affected`.",
            .examples = examples_list_affected,
            .options = options_list_affected,
            .formats = formats_matrix,
            .needs = NEED_CONFIG | NEED_STACKS,
            .exits = EXITS_UNAVAILABLE,
            .function = cmd_list_affected,
    },
    {
            .path = "describe dependents",
            .group = "Look",
            .summary = "show what needs a component of a stack",
            .arguments = "<component>",
            .description =
                    "Follows dependencies.components and settings.depends_on of every enabled "
                    "component, one step far.",
            .examples = examples_describe_dependents,
            .options = options_describe_dependents,
            .formats = formats_manifest,
            .min_args = 1,
            .max_args = 1,
            .needs = NEED_CONFIG | NEED_STACKS,
            .completion = COMPLETE_COMPONENT,
            .function = cmd_describe_dependents,
    },
    {
            .path = "describe locals",
            .group = "Look",
            .summary = "show the locals of a stack's manifest",
            .arguments = "[component]",
            .description =
                    "Locals concern the file they stand in: what imported files have is not "
                    "shown.\nWith a component these are the locals of the file, of the section "
                    "of "
                    "its type,\nof its bases and its own, merged.",
            .examples = examples_describe_locals,
            .options = options_describe_locals,
            .formats = formats_describe,
            .max_args = 1,
            .needs = NEED_CONFIG | NEED_STACKS,
            .completion = COMPLETE_COMPONENT,
            .function = cmd_describe_locals,
    },
    {
            .path = "describe workflows",
            .group = "Look",
            .summary = "show the workflows and their steps",
            .description = "Reads every YAML file below workflows.base_path; runs nothing.",
            .examples = examples_describe_workflows,
            .options = options_describe_workflows,
            .formats = formats_describe,
            .needs = NEED_CONFIG,
            .exits = EXITS_DATA,
            .function = cmd_describe_workflows,
    },
    LIST("vars", "list the variables of a component in each stack", LIST_VALUES_TEXT,
            "<component>", 2, options_list_values, formats_list, vars),
    LIST("values", "list variables, or a query's answer, in each stack",
            "Without --query the same as list vars. A query is asked of the whole component "
            "in\n"
            "each stack: .vars.region, .settings. An answer that is no map stands at `value`.",
            "<component>", 2, options_list_values, formats_list, values),
    LIST("settings", "list the settings of a component in each stack",
            LIST_VALUES_TEXT " Without a component\nit is all of `describe stacks`.",
            "[component]", 1, options_list_values, formats_list, settings),
    LIST("metadata", "list type, state and bases of every component",
            "One row for each component of each stack.", "[component]", 1, options_list_rows,
            formats_list, metadata),
    LIST("dependencies", "show what every component needs, and what needs it",
            "A tree of all that can be reached. JSON and YAML have the next ones only, at\n"
            "depends_on and required_by; rows of the other formats are what components say,\n"
            "files and folders included.",
            "[component]", 1, options_list_dependencies, formats_dependencies, dependencies),
    LIST("sources", "list where components come from",
            "Components with a section `source`, with its address and version.", "[component]",
            1, options_list_rows, formats_list, sources),
    {
            .path = "list workflows",
            .group = "Look",
            .summary = "list the workflows",
            .description = "Every workflow of every file below workflows.base_path.",
            .examples = examples_list_workflows,
            .options = options_list_workflows,
            .formats = formats_list,
            .needs = NEED_CONFIG,
            .exits = EXITS_DATA,
            .function = cmd_list_workflows,
    },
    {
            .path = "list vendor",
            .group = "Look",
            .summary = "list what is copied into the repository",
            .description =
                    "The sources of vendor manifests (vendor.base_path, else vendor.yaml), of "
                    "those they import, and of component.yaml files. Nothing is fetched.",
            .examples = examples_list_vendor,
            .options = options_list_vendor,
            .formats = formats_list,
            .needs = NEED_CONFIG,
            .exits = EXITS_DATA,
            .function = cmd_list_vendor,
    },
    {
            .path = "list plugins",
            .group = "Look",
            .summary = "list the plugins",
            .examples = examples_list_plugins,
            .options = options_plugin,
            .formats = formats_list,
            .needs = NEED_PLUGINS,
            .function = cmd_plugin_list,
    },
    {
            .path = "validate",
            .group = "Validate and check",
            .summary = "validate all stacks, and intents by their plugins",
            .description =
                    "Reads every manifest, resolves every instance, and lets every plugin "
                    "judge the settings it handles. Nothing is written, no account is "
                    "asked. Exit code 1 when there is an error, with --strict also for a "
                    "warning.",
            .examples = examples_validate,
            .options = options_stack_plugins,
            .formats = formats_report,
            .needs = NEED_CONFIG | NEED_STACKS | NEED_PLUGINS,
            .exits = EXITS_FINDINGS,
            .function = cmd_validate,
    },
    {
            .path = "validate stacks",
            .group = "Validate and check",
            .summary = "validate the structure of all stacks",
            .description =
                    "Reads every YAML file below the stacks folder, imported or not, except "
                    "excluded and template files.",
            .examples = examples_validate_stacks,
            .options = no_options,
            .formats = formats_report,
            .needs = NEED_CONFIG | NEED_STACKS,
            .exits = EXITS_FINDINGS,
            .function = cmd_validate_stacks,
    },
    {
            .path = "validate component",
            .group = "Validate and check",
            .summary = "validate one instance by its plugins",
            .arguments = "<component>",
            .examples = examples_validate_component,
            .options = options_stack_plugins,
            .formats = formats_report,
            .min_args = 1,
            .max_args = 1,
            .needs = NEED_CONFIG | NEED_STACKS | NEED_PLUGINS,
            .completion = COMPLETE_COMPONENT,
            .exits = EXITS_FINDINGS,
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
                    "failed, 75 when some are still pending. Where none could be decided the "
                    "code\n"
                    "says why: 69 for an endpoint, 77 for credentials. With --strict any "
                    "unknown\n"
                    "counts as undecided.",
            .examples = examples_check,
            .options = options_stack_plugins,
            .formats = formats_report,
            .max_args = 1,
            .needs = NEED_CONFIG | NEED_STACKS | NEED_PLUGINS | NEED_AWS,
            .completion = COMPLETE_COMPONENT,
            .function = cmd_check,
    },
    PLUGIN("list", "list plugins, where they are, why one is not used", NULL,
            "Reads the metadata in the files; no code of any plugin runs.", options_plugin,
            formats_list, 0, 0, 0, 0, 0, list),
    PLUGIN("info", "show all about one plugin", "<plugin>", NULL, options_plugin, formats_info,
            1, 1, 0, 0, 0, info),
    PLUGIN("enable", "trust a plugin: pin its digest in the repository", "<plugin>",
            "Writes id, version and SHA-256 to tf-atmos.lock.json. The file then runs, in a "
            "process of its own, until its bytes change.",
            options_plugin, NULL, 1, 1, NEED_CONFIG, COMMAND_MUTATES, 0, enable),
    INSTALL_COMMANDS,
    PLUGIN("disable", "switch a plugin off", "<plugin>", NULL, options_plugin, NULL, 1, 1,
            NEED_CONFIG, COMMAND_MUTATES, 0, disable),
    PLUGIN("reset", "take plugins out of quarantine", "[plugin]",
            "A plugin that crashed or did not return in time is not asked again, until its "
            "file "
            "or tf-atmos changes or this command is given. Without an argument all plugins "
            "are.",
            no_options, NULL, 0, 1, 0, COMMAND_MUTATES, 0, reset),
    {
            .path = "plugin new",
            .group = "Plugins",
            .summary = "start a plugin: a folder that builds and tests itself",
            .arguments = "<id>",
            .description =
                    "Manifest, schema, one validation, one variable, one check, tests and a "
                    "CI file.",
            .examples = examples_plugin_new,
            .options = options_plugin_new,
            .min_args = 1,
            .max_args = 1,
            .flags = COMMAND_MUTATES,
            .exits = EXITS_UNAVAILABLE,
            .function = cmd_plugin_new,
    },
    PLUGIN("manifest", "print the metadata inside a plugin", "<plugin or file>",
            "An argument with a slash is a file, found by nobody else or not.", options_plugin,
            formats_manifest, 1, 1, 0, 0, 0, manifest),
    PLUGIN("permissions", "print an IAM policy with what the checks read", "[plugin]",
            "Exactly the actions that plugins which run have declared; no plugin code runs. "
            "One\n"
            "document, or a list of them when IAM's limit of 6,144 characters asks for more.",
            options_permissions, formats_permissions, 0, 1, 0, 0, 0, permissions),
    TRUST_COMMANDS,
    PLUGIN("conform", "test a plugin against every rule of the contract", "<plugin or file>",
            "Runs the code of the plugin, enabled or not, in processes of its own: only for "
            "plugins you write or trust. Every failure names a rule of docs/plugin-rules.md. "
            "Exit code 1 when a test failed.",
            options_conform, formats_conform, 1, 1, 0, 0, EXITS_FINDINGS, conform),
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
            .exits = EXITS_FINDINGS,
            .function = cmd_component_add,
    },
    TERRAFORM(
            "plan", "show what terraform would change", options_terraform, 0, 0, examples_plan),
    TERRAFORM("apply", "apply one instance, then check the account", options_apply, 0, NEED_AWS,
            examples_apply),
    TERRAFORM("deploy", "the same without asking", options_apply, 0, NEED_AWS, examples_deploy),
    TERRAFORM("destroy", "destroy what one instance manages", options_terraform, 0, 0,
            examples_destroy),
    TERRAFORM("init", "prepare the component folder", options_terraform, 0, 0, examples_init),
    TERRAFORM("output", "print outputs", options_terraform, 0, 0, examples_output),
    TERRAFORM("show", "print the state or a plan", options_terraform, 0, 0, examples_show),
    TERRAFORM("validate", "let terraform validate the component", options_terraform, 0, 0,
            examples_tf_validate),
    {
            .path = "terraform generate varfile",
            .group = "Terraform",
            .summary = "write the variables of one instance",
            .arguments = "<component>",
            .description = "The variables of the stack over those that plugins generate.",
            .examples = examples_varfile,
            .options = options_generate_varfile,
            .min_args = 1,
            .max_args = 1,
            .needs = NEED_CONFIG | NEED_STACKS | NEED_PLUGINS,
            .flags = COMMAND_MUTATES,
            .completion = COMPLETE_COMPONENT,
            .exits = EXITS_FINDINGS,
            .function = cmd_terraform_generate_varfile,
    },
    {
            .path = "terraform generate backend",
            .group = "Terraform",
            .summary = "write backend.tf.json of one instance",
            .arguments = "<component>",
            .examples = examples_backend,
            .options = options_generate_backend,
            .min_args = 1,
            .max_args = 1,
            .needs = NEED_CONFIG | NEED_STACKS,
            .flags = COMMAND_MUTATES,
            .completion = COMPLETE_COMPONENT,
            .function = cmd_terraform_generate_backend,
    },
    {
            .path = "terraform generate varfiles",
            .group = "Terraform",
            .summary = "write the variables of many instances",
            .description =
                    "All terraform components but abstract ones, or those named. Nothing is "
                    "written when two that differ share a file. Tokens of --file-template: "
                    "{namespace}, {tenant}, {environment}, {region}, {stage} from the "
                    "variables, {component}, {base-component} and {component-path}.",
            .examples = examples_varfiles,
            .options = options_generate_varfiles,
            .formats = formats_generated,
            .needs = NEED_CONFIG | NEED_STACKS | NEED_PLUGINS,
            .flags = COMMAND_MUTATES,
            .exits = EXITS_FINDINGS,
            .function = cmd_terraform_generate_varfiles,
    },
    {
            .path = "terraform generate backends",
            .group = "Terraform",
            .summary = "write backend.tf.json of many instances",
            .description =
                    "All terraform components that have a backend, or those named. Nothing "
                    "is written when two that differ share a file.",
            .examples = examples_backends,
            .options = options_generate_backends,
            .formats = formats_generated,
            .needs = NEED_CONFIG | NEED_STACKS,
            .flags = COMMAND_MUTATES,
            .function = cmd_terraform_generate_backends,
    },
    {
            .path = "terraform generate files",
            .group = "Terraform",
            .summary = "write the files of the section generate",
            .arguments = "[component]",
            .description =
                    "Each key of the section is a file in the component folder, each value "
                    "its\n"
                    "text or a map. Maps are written as HCL (.tf, .tofu, .hcl), as arguments\n"
                    "(.tfvars, .tfbackend), as YAML (.yaml, .yml), else as JSON. In HCL a map\n"
                    "is a block, with labels where Terraform has them (resource, variable "
                    "...);\n"
                    "in locals, module, required_providers, default and value it is a value.\n"
                    "Every text is a template over vars, settings, env, backend, providers,\n"
                    "metadata, atmos_component, atmos_stack, component, workspace and the "
                    "like.\n"
                    "Texts in maps are never expressions: \"${\" is escaped. Write the file "
                    "as\n"
                    "text for those, or as .tf.json, where Terraform knows block from "
                    "value.\n\n"
                    "Of many instances abstract ones are left out, and nothing is written "
                    "when\n"
                    "two would give one file different contents. --stacks takes patterns.",
            .examples = examples_generate_files,
            .options = options_generate_files,
            .max_args = 1,
            .needs = NEED_CONFIG | NEED_STACKS,
            .flags = COMMAND_MUTATES,
            .completion = COMPLETE_COMPONENT,
            .function = cmd_terraform_generate_files,
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
            .description =
                    "Nothing is written and no network is used. Exit code 1 when something "
                    "failed. Secrets are never shown, only where they would come from.",
            .examples = examples_doctor,
            .options = no_options,
            .formats = formats_doctor,
            .exits = EXITS_FINDINGS,
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
            .formats = formats_text,
            .max_args = 1,
            .completion = COMPLETE_DIAGNOSTIC,
            .function = cmd_explain,
    },
    {
            .path = "version",
            .group = "About",
            .summary = "print version, plugin interface and libraries",
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
