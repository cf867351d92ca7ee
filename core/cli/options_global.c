/* SPDX-License-Identifier: Apache-2.0 */
/* The global options. */
#include "table.h"

static const char *const choices_color[] = { "auto", "always", "never", NULL };

static const char *const choices_level[] = { "Trace", "Debug", "Info", "Warning", "Error",
    "Off", "trace", "debug", "info", "warning", "error", "off", NULL };

static const char *const choices_isolate[] = { "third-party", "all", NULL };

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
    static const struct option option_##id = { .name = (flag),                                 \
        .kind = OPTION_TEXT,                                                                   \
        .flags = OPTION_HIDDEN,                                                                \
        .value = "<text>",                                                                     \
        .help = "use this for " key }
#define SETTING_FLAG(id, flag, key)                                                            \
    static const struct option option_##id = {                                                 \
        .name = (flag), .kind = OPTION_FLAG, .flags = OPTION_HIDDEN, .help = "switch on " key  \
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
    .flags = OPTION_ATMOS | OPTION_REPOSITORY,
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
