/* SPDX-License-Identifier: Apache-2.0 */
/* The pieces the command table is put together from. Private to cli/. */
#ifndef TFATMOS_CLI_TABLE_H
#define TFATMOS_CLI_TABLE_H

#include "command.h"

/* Options of one command, or of several that have the same (options.c); end with NULL. */
extern const struct option option_locked_plugins;
extern const struct option option_plugin_timeout;
extern const struct option *const no_options[];
extern const struct option *const options_plugin[];
extern const struct option *const options_stack_plugins[];
extern const struct option *const options_permissions[];
extern const struct option *const options_describe_component[];
extern const struct option *const options_describe_stacks[];
extern const struct option *const options_describe_config[];
extern const struct option *const options_config_show[];
extern const struct option *const options_describe_affected[];
extern const struct option *const options_list_affected[];
extern const struct option *const options_list_stacks[];
extern const struct option *const options_list_components[];
extern const struct option *const options_list_instances[];
extern const struct option *const options_list_rows[];
extern const struct option *const options_list_dependencies[];
extern const struct option *const options_list_vendor[];
extern const struct option *const options_list_values[];
extern const struct option *const options_list_workflows[];
extern const struct option *const options_describe_dependents[];
extern const struct option *const options_describe_locals[];
extern const struct option *const options_describe_workflows[];
extern const struct option *const options_component_add[];
extern const struct option *const options_plugin_install[];
extern const struct option *const options_plugin_update[];
extern const struct option *const options_plugin_keygen[];
extern const struct option *const options_plugin_sign[];
extern const struct option *const options_trust_add[];
extern const struct option *const options_plugin_new[];
extern const struct option *const options_terraform[];
extern const struct option *const options_apply[];
extern const struct option *const options_generate_varfile[];
extern const struct option *const options_generate_backend[];
extern const struct option *const options_generate_varfiles[];
extern const struct option *const options_generate_backends[];
extern const struct option *const options_generate_files[];
extern const struct option *const options_explain[];
extern const struct option *const options_conform[];

/* Examples (examples.c); end with line == NULL. */
extern const struct example examples_describe_component[];
extern const struct example examples_describe_stacks[];
extern const struct example examples_describe_config[];
extern const struct example examples_config_show[];
extern const struct example examples_describe_affected[];
extern const struct example examples_list_affected[];
extern const struct example examples_list_stacks[];
extern const struct example examples_list_components[];
extern const struct example examples_list_instances[];
extern const struct example examples_describe_dependents[];
extern const struct example examples_describe_locals[];
extern const struct example examples_describe_workflows[];
extern const struct example examples_list_vars[];
extern const struct example examples_list_values[];
extern const struct example examples_list_settings[];
extern const struct example examples_list_metadata[];
extern const struct example examples_list_dependencies[];
extern const struct example examples_list_sources[];
extern const struct example examples_list_workflows[];
extern const struct example examples_list_vendor[];
extern const struct example examples_validate[];
extern const struct example examples_validate_stacks[];
extern const struct example examples_validate_component[];
extern const struct example examples_check[];
extern const struct example examples_plugin_new[];
extern const struct example examples_plugin_list[];
extern const struct example examples_list_plugins[];
extern const struct example examples_plugin_info[];
extern const struct example examples_plugin_manifest[];
extern const struct example examples_plugin_enable[];
extern const struct example examples_plugin_conform[];
extern const struct example examples_plugin_disable[];
extern const struct example examples_plugin_install[];
extern const struct example examples_plugin_update[];
extern const struct example examples_plugin_remove[];
extern const struct example examples_plugin_keygen[];
extern const struct example examples_plugin_sign[];
extern const struct example examples_plugin_verify[];
extern const struct example examples_trust_add[];
extern const struct example examples_trust_remove[];
extern const struct example examples_trust_list[];
extern const struct example examples_plugin_permissions[];
extern const struct example examples_plugin_reset[];
extern const struct example examples_component_add[];
extern const struct example examples_plan[];
extern const struct example examples_apply[];
extern const struct example examples_deploy[];
extern const struct example examples_destroy[];
extern const struct example examples_init[];
extern const struct example examples_output[];
extern const struct example examples_show[];
extern const struct example examples_tf_validate[];
extern const struct example examples_varfile[];
extern const struct example examples_backend[];
extern const struct example examples_varfiles[];
extern const struct example examples_backends[];
extern const struct example examples_generate_files[];
extern const struct example examples_doctor[];
extern const struct example examples_version[];
extern const struct example examples_help[];
extern const struct example examples_completion[];
extern const struct example examples_explain[];

#endif
