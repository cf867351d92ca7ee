/* SPDX-License-Identifier: Apache-2.0 */
/* The functions behind the command table, and what they share. Private to cli/. */
#ifndef TFATMOS_CLI_CMD_H
#define TFATMOS_CLI_CMD_H

#include "cli_diag.h"
#include "command.h"
#include "pipeline.h"

command_fn cmd_describe_component;
command_fn cmd_describe_stacks;
command_fn cmd_describe_config;
command_fn cmd_config_show;
command_fn cmd_describe_affected;
command_fn cmd_list_affected;
command_fn cmd_list_stacks;
command_fn cmd_list_components;
command_fn cmd_list_instances;
command_fn cmd_list_metadata;
command_fn cmd_list_dependencies;
command_fn cmd_list_sources;
command_fn cmd_list_vars;
command_fn cmd_list_values;
command_fn cmd_list_settings;
command_fn cmd_list_workflows;
command_fn cmd_list_vendor;
command_fn cmd_describe_dependents;
command_fn cmd_describe_locals;
command_fn cmd_describe_workflows;
command_fn cmd_terraform;
command_fn cmd_terraform_generate_varfile;
command_fn cmd_terraform_generate_backend;
command_fn cmd_terraform_generate_varfiles;
command_fn cmd_terraform_generate_backends;
command_fn cmd_terraform_generate_files;
command_fn cmd_validate;
command_fn cmd_validate_stacks;
command_fn cmd_validate_component;
command_fn cmd_check;
command_fn cmd_plugin_new;
command_fn cmd_plugin_list;
command_fn cmd_plugin_info;
command_fn cmd_plugin_manifest;
command_fn cmd_plugin_enable;
command_fn cmd_plugin_disable;
command_fn cmd_plugin_install;
command_fn cmd_plugin_update;
command_fn cmd_plugin_remove;
command_fn cmd_plugin_keygen;
command_fn cmd_plugin_sign;
command_fn cmd_plugin_verify;
command_fn cmd_plugin_trust_add;
command_fn cmd_plugin_trust_remove;
command_fn cmd_plugin_trust_list;
command_fn cmd_plugin_permissions;
command_fn cmd_plugin_reset;
command_fn cmd_plugin_conform;
command_fn cmd_component_add;
command_fn cmd_doctor;
command_fn cmd_version;
command_fn cmd_help;
command_fn cmd_completion;
command_fn cmd_complete;
command_fn cmd_explain;

/* What the global options say about the configuration. */
struct config_options invocation_config_options(const struct invocation *invocation);

/* --stack, or one diagnostic and ERR_INVALID when it was not given. */
int require_stack(struct invocation *invocation, struct str *ret_stack);

/* True when a question would reach somebody: stdin and stderr are terminals, no CI, no --no-input. */
bool can_ask(const struct invocation *invocation);

/*
 * Prints a value in --format yaml or json after --query, to stdout or to --file. With a query a text
 * is printed as the reference does: without quotes in YAML, as a string in JSON.
 */
int print_value(struct invocation *invocation, const struct value *value);

/* --format matrix: on stdout, or added to the --output-file of a CI job. ERR_IO after a finding. */
int print_matrix(struct invocation *invocation, const struct value *matrix);

/* print_value for the map of `describe stacks`; as JSON it is written stack by stack. */
int print_stacks(struct invocation *invocation, const struct config_options *config,
        const struct stacks_filter *filter);

/* The answer of a query to a value. ERR_PARSE after a finding. */
int query_value(struct run *run, const struct value *value, struct str query,
        const struct value **ret_value);
/* print_noted without --query, which has been asked. */
int print_answer(struct invocation *invocation, const struct value *value, struct str head,
        const struct yaml_notes *notes);

/* Prints a value in --format yaml or json with its keys in the order they have. */
void print_ordered(struct invocation *invocation, const struct value *value);
/* The same with text before YAML, and a comment at the end of its lines. */
int print_noted(struct invocation *invocation, const struct value *value, struct str head,
        const struct yaml_notes *notes);

/* A path as messages show it: relative to the working folder when it lies below, else as it is. */
struct str path_shown(struct run *run, struct str path);

/* Says on stderr what is being checked, unless nobody wants to know; Ctrl-C stops. */
struct patience be_patient(struct invocation *invocation);

/* What `check`, and `terraform apply` after it has checked, exit with. */
int check_exit_code(
        const struct invocation *invocation, int result, const struct coverage *coverage);

/* The diagnostics of the core one after the other, NULL behind the last. */
const struct diag_kind *diagnostic_at(size_t index);

/* Writes a list in the invocation's format. */
int print_table(struct invocation *invocation, const struct table *table);

#endif
