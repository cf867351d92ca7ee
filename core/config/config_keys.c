/* SPDX-License-Identifier: Apache-2.0 */
/* The table of configuration keys: names, environment variables, kinds, defaults. */
#include <string.h>

#include "config.h"

#define TYPE_ENV(type, key) "ATMOS_COMPONENTS_" type "_" key

/* clang-format off */
const struct config_key config_keys[] = {
    {"ai", NULL, CONFIG_MAP, NULL, "settings of assistants"},
    {"aliases", NULL, CONFIG_MAP, NULL, "other names of commands"},
    {"auth", NULL, CONFIG_MAP, NULL, "identities and providers for signing in"},
    {"base_path", "ATMOS_BASE_PATH", CONFIG_TEXT, NULL, "folder that all other paths start from"},
    {"ci", NULL, CONFIG_MAP, NULL, "settings for delivery systems"},
    {"cli", NULL, CONFIG_MAP, NULL, "settings of the command line"},
    {"cli_config_path", NULL, CONFIG_TEXT, NULL, "folder of the configuration"},
    {"commands", NULL, CONFIG_ANY, NULL, "commands of your own"},
    {"components", NULL, CONFIG_MAP, NULL, "where components are and how they run"},
    {"components.ansible", NULL, CONFIG_MAP, NULL, "playbooks"},
    {"components.ansible.base_path", TYPE_ENV("ANSIBLE", "BASE_PATH"), CONFIG_TEXT, NULL, "folder of playbook components"},
    {"components.ansible.command", TYPE_ENV("ANSIBLE", "COMMAND"), CONFIG_TEXT, NULL, "program to run"},
    {"components.helm", NULL, CONFIG_MAP, NULL, "charts"},
    {"components.helm.base_path", TYPE_ENV("HELM", "BASE_PATH"), CONFIG_TEXT, NULL, "folder of chart components"},
    {"components.helm.command", TYPE_ENV("HELM", "COMMAND"), CONFIG_TEXT, NULL, "program to run"},
    {"components.helmfile", NULL, CONFIG_MAP, NULL, "helmfiles"},
    {"components.helmfile.base_path", TYPE_ENV("HELMFILE", "BASE_PATH"), CONFIG_TEXT, NULL, "folder of helmfile components"},
    {"components.helmfile.cluster_name_pattern", TYPE_ENV("HELMFILE", "CLUSTER_NAME_PATTERN"), CONFIG_TEXT, NULL, "name of the cluster, from variables"},
    {"components.helmfile.command", TYPE_ENV("HELMFILE", "COMMAND"), CONFIG_TEXT, NULL, "program to run"},
    {"components.helmfile.helm_aws_profile_pattern", TYPE_ENV("HELMFILE", "HELM_AWS_PROFILE_PATTERN"), CONFIG_TEXT, NULL, "AWS profile, from variables"},
    {"components.helmfile.kubeconfig_path", TYPE_ENV("HELMFILE", "KUBECONFIG_PATH"), CONFIG_TEXT, NULL, "folder of the kubeconfig files"},
    {"components.helmfile.use_eks", TYPE_ENV("HELMFILE", "USE_EKS"), CONFIG_BOOL, "false", "fetch a kubeconfig from EKS first"},
    {"components.kubernetes", NULL, CONFIG_MAP, NULL, "manifests for clusters"},
    {"components.kubernetes.base_path", TYPE_ENV("KUBERNETES", "BASE_PATH"), CONFIG_TEXT, NULL, "folder of their components"},
    {"components.kubernetes.command", TYPE_ENV("KUBERNETES", "COMMAND"), CONFIG_TEXT, NULL, "program to run"},
    {"components.list.columns", NULL, CONFIG_ANY, NULL, "columns of list components and list instances: a list of maps with name and value"},
    {"components.list.format", NULL, CONFIG_TEXT, NULL, "their form, as with --format"},
    {"components.packer", NULL, CONFIG_MAP, NULL, "machine images"},
    {"components.packer.base_path", TYPE_ENV("PACKER", "BASE_PATH"), CONFIG_TEXT, NULL, "folder of packer components"},
    {"components.packer.command", TYPE_ENV("PACKER", "COMMAND"), CONFIG_TEXT, NULL, "program to run"},
    {"components.terraform.append_user_agent", TYPE_ENV("TERRAFORM", "APPEND_USER_AGENT"), CONFIG_TEXT, NULL, "text for TF_APPEND_USER_AGENT"},
    {"components.terraform.apply_auto_approve", TYPE_ENV("TERRAFORM", "APPLY_AUTO_APPROVE"), CONFIG_BOOL, "false", "apply without asking"},
    {"components.terraform.auto_generate_backend_file", TYPE_ENV("TERRAFORM", "AUTO_GENERATE_BACKEND_FILE"), CONFIG_BOOL, "false", "write backend.tf.json before each command"},
    {"components.terraform.auto_generate_files", TYPE_ENV("TERRAFORM", "AUTO_GENERATE_FILES"), CONFIG_BOOL, "false", "write the files of `generate` before each command"},
    {"components.terraform.auto_provision_workdir_for_outputs", NULL, CONFIG_BOOL, "false", "prepare folders when outputs are read"},
    {"components.terraform.base_path", TYPE_ENV("TERRAFORM", "BASE_PATH"), CONFIG_TEXT, NULL, "folder of terraform components"},
    {"components.terraform.clean", NULL, CONFIG_MAP, NULL, "what `terraform clean` removes"},
    {"components.terraform.command", TYPE_ENV("TERRAFORM", "COMMAND"), CONFIG_TEXT, "terraform", "program to run: terraform, tofu or a path"},
    {"components.terraform.deploy_run_init", TYPE_ENV("TERRAFORM", "DEPLOY_RUN_INIT"), CONFIG_BOOL, "false", "run init before deploy"},
    {"components.terraform.init", NULL, CONFIG_MAP, NULL, "how init is run"},
    {"components.terraform.init.pass_vars", TYPE_ENV("TERRAFORM", "INIT_PASS_VARS"), CONFIG_BOOL, "false", "give the var file to init"},
    {"components.terraform.init_run_reconfigure", TYPE_ENV("TERRAFORM", "INIT_RUN_RECONFIGURE"), CONFIG_BOOL, "false", "run init with -reconfigure"},
    {"components.terraform.plan", NULL, CONFIG_MAP, NULL, "how plan is run"},
    {"components.terraform.plan.skip_planfile", TYPE_ENV("TERRAFORM", "PLAN_SKIP_PLANFILE"), CONFIG_BOOL, "false", "plan without writing a plan file"},
    {"components.terraform.plugin_cache", TYPE_ENV("TERRAFORM", "PLUGIN_CACHE"), CONFIG_BOOL, "true", "share downloaded providers"},
    {"components.terraform.plugin_cache_dir", TYPE_ENV("TERRAFORM", "PLUGIN_CACHE_DIR"), CONFIG_TEXT, NULL, "where shared providers are kept"},
    {"components.terraform.shell", NULL, CONFIG_MAP, NULL, "the shell of `terraform shell`"},
    {"components.terraform.shell.prompt", TYPE_ENV("TERRAFORM", "SHELL_PROMPT"), CONFIG_TEXT, NULL, "its prompt"},
    {"components.terraform.workspace", NULL, CONFIG_MAP, NULL, "how workspaces are named"},
    {"components.terraform.workspace.prefix_separator", TYPE_ENV("TERRAFORM", "WORKSPACE_PREFIX_SEPARATOR"), CONFIG_TEXT, "-", "what replaces / in state prefixes"},
    {"components.terraform.workspaces_enabled", TYPE_ENV("TERRAFORM", "WORKSPACES_ENABLED"), CONFIG_BOOL, "true", "use workspaces"},
    {"default", NULL, CONFIG_ANY, NULL, "marks the built-in configuration"},
    {"describe", NULL, CONFIG_MAP, NULL, "how describe commands print"},
    {"describe.affected", NULL, CONFIG_MAP, NULL, "describe affected"},
    {"describe.affected.sections", NULL, CONFIG_LIST, NULL, "sections that count as changed"},
    {"describe.component", NULL, CONFIG_MAP, NULL, "describe component"},
    {"describe.component.filter", "ATMOS_DESCRIBE_COMPONENT_FILTER", CONFIG_TEXT, "schema", "full, or schema: only what authors write"},
    {"describe.error_mode", "ATMOS_DESCRIBE_ERROR_MODE", CONFIG_TEXT, "warn", "warn, strict or silent about values that cannot be computed"},
    {"describe.provenance", "ATMOS_DESCRIBE_PROVENANCE", CONFIG_BOOL, "true", "comments saying where values come from"},
    {"describe.settings", NULL, CONFIG_MAP, NULL, "describe stacks"},
    {"describe.settings.include_empty", NULL, CONFIG_BOOL, "true", "print sections that are empty"},
    {"devcontainer", NULL, CONFIG_MAP, NULL, "development containers"},
    {"docs", NULL, CONFIG_MAP, NULL, "documentation of components"},
    {"edition", "ATMOS_EDITION", CONFIG_TEXT, NULL, "date whose defaults are wanted"},
    {"env", NULL, CONFIG_MAP, NULL, "variables for every component"},
    {"errors", NULL, CONFIG_MAP, NULL, "how errors are reported"},
    {"experimental", NULL, CONFIG_ANY, NULL, "features that may change"},
    {"git", NULL, CONFIG_MAP, NULL, "settings of git"},
    {"hooks", NULL, CONFIG_ANY, NULL, "commands run around others"},
    {"import", NULL, CONFIG_LIST, NULL, "other configuration files"},
    {"initialized", NULL, CONFIG_ANY, NULL, "set by the reference"},
    {"integrations", NULL, CONFIG_MAP, NULL, "other systems"},
    {"list", NULL, CONFIG_MAP, NULL, "how list commands print"},
    {"list.error_mode", NULL, CONFIG_TEXT, "warn", "warn, strict or silent about values that cannot be computed"},
    {"logs", NULL, CONFIG_MAP, NULL, "the developer log"},
    {"logs.file", "ATMOS_LOGS_FILE", CONFIG_TEXT, "/dev/stderr", "where it goes"},
    {"logs.level", "ATMOS_LOGS_LEVEL", CONFIG_TEXT, "Warning", "Trace, Debug, Info, Warning, Error or Off"},
    {"mcp", NULL, CONFIG_MAP, NULL, "the model context server"},
    {"metadata", NULL, CONFIG_MAP, NULL, "facts about the repository"},
    {"plugins.callback_seconds", NULL, CONFIG_NUMBER, "10", "how long a plugin may take to start, validate, generate or list its checks, whatever it asks for: 1 to 3600"},
    {"plugins.check_seconds", NULL, CONFIG_NUMBER, "60", "how long a plugin may take for one check, whatever it asks for: 1 to 3600"},
    {"plugins.disabled", "TF_ATMOS_PLUGINS_DISABLED", CONFIG_LIST, NULL, "ids or patterns of plugins that never run"},
    {"plugins.isolate", NULL, CONFIG_TEXT, "third-party", "plugins that run in a process of their own: third-party or all"},
    {"plugins.locked", "TF_ATMOS_PLUGINS_LOCKED", CONFIG_BOOL, "false", "run exactly the plugins that tf-atmos.lock.json pins"},
    {"plugins.paths", NULL, CONFIG_LIST, NULL, "folders with plugins, relative to base_path"},
    {"plugins.policy", NULL, CONFIG_MAP, NULL, "what plugins from elsewhere must meet; see docs/plugin.md"},
    {"profiler", NULL, CONFIG_MAP, NULL, "performance profiles"},
    {"profiles", NULL, CONFIG_MAP, NULL, "overlays chosen by name"},
    {"profiles.base_path", NULL, CONFIG_TEXT, NULL, "folder of the profiles"},
    {"profiles.default", NULL, CONFIG_LIST, NULL, "profiles used when none is named"},
    {"provision", NULL, CONFIG_MAP, NULL, "provisioning"},
    {"schemas", NULL, CONFIG_MAP, NULL, "schemas to validate with"},
    {"schemas.atmos", NULL, CONFIG_MAP, NULL, "the schema of stack manifests"},
    {"schemas.atmos.manifest", "ATMOS_SCHEMAS_ATMOS_MANIFEST", CONFIG_TEXT, NULL, "its file"},
    {"schemas.cue", NULL, CONFIG_MAP, NULL, "CUE"},
    {"schemas.cue.base_path", "ATMOS_SCHEMAS_CUE_BASE_PATH", CONFIG_TEXT, NULL, "its folder"},
    {"schemas.jsonschema", NULL, CONFIG_MAP, NULL, "JSON Schema"},
    {"schemas.jsonschema.base_path", "ATMOS_SCHEMAS_JSONSCHEMA_BASE_PATH", CONFIG_TEXT, NULL, "its folder"},
    {"schemas.opa", NULL, CONFIG_MAP, NULL, "Open Policy Agent"},
    {"schemas.opa.base_path", "ATMOS_SCHEMAS_OPA_BASE_PATH", CONFIG_TEXT, NULL, "its folder"},
    {"secrets", NULL, CONFIG_MAP, NULL, "secret stores"},
    {"settings", NULL, CONFIG_MAP, NULL, "general settings"},
    {"settings.list_merge_strategy", "ATMOS_SETTINGS_LIST_MERGE_STRATEGY", CONFIG_TEXT, "replace", "replace, append or merge lists"},
    {"settings.yaml", NULL, CONFIG_MAP, NULL, "how YAML is read"},
    {"settings.yaml.key_delimiter", NULL, CONFIG_TEXT, NULL, "text that splits unquoted keys into nested maps"},
    {"stacks.base_path", "ATMOS_STACKS_BASE_PATH", CONFIG_TEXT, NULL, "folder of the stack manifests"},
    {"stacks.excluded_paths", "ATMOS_STACKS_EXCLUDED_PATHS", CONFIG_LIST, NULL, "patterns of files that are no stacks"},
    {"stacks.included_paths", "ATMOS_STACKS_INCLUDED_PATHS", CONFIG_LIST, NULL, "patterns of files that are stacks"},
    {"stacks.inherit", NULL, CONFIG_MAP, NULL, "what passes from base components"},
    {"stacks.inherit.metadata", NULL, CONFIG_BOOL, "true", "metadata passes from bases"},
    {"stacks.inherit.source", NULL, CONFIG_BOOL, "true", "source passes from bases"},
    {"stacks.lenient", "TF_ATMOS_LENIENT", CONFIG_BOOL, "false", "accept with a warning what older versions of Atmos accept"},
    {"stacks.list.columns", NULL, CONFIG_ANY, NULL, "columns of list stacks: a list of maps with name and value"},
    {"stacks.list.format", NULL, CONFIG_TEXT, NULL, "form of list stacks, as with --format"},
    {"stacks.name_pattern", "ATMOS_STACKS_NAME_PATTERN", CONFIG_TEXT, NULL, "stack name from variables, such as {tenant}-{stage}"},
    {"stacks.name_template", "ATMOS_STACKS_NAME_TEMPLATE", CONFIG_TEXT, NULL, "stack name as a template"},
    {"stores", NULL, CONFIG_MAP, NULL, "stores of values"},
    {"telemetry", NULL, CONFIG_MAP, NULL, "telemetry of the reference; never used here"},
    {"templates", NULL, CONFIG_MAP, NULL, "templates in values"},
    {"templates.settings", NULL, CONFIG_MAP, NULL, "how they are evaluated"},
    {"templates.settings.delimiters", NULL, CONFIG_LIST, NULL, "the two delimiters"},
    {"templates.settings.enabled", "ATMOS_TEMPLATES_SETTINGS_ENABLED", CONFIG_BOOL, "false", "evaluate templates in values"},
    {"templates.settings.evaluations", NULL, CONFIG_NUMBER, NULL, "how often"},
    {"toolchain", NULL, CONFIG_MAP, NULL, "tool installer"},
    {"validate", NULL, CONFIG_MAP, NULL, "validation"},
    {"vendor", NULL, CONFIG_MAP, NULL, "copies of other people's components"},
    {"vendor.base_path", "ATMOS_VENDOR_BASE_PATH", CONFIG_TEXT, NULL, "file or folder of vendor manifests"},
    {"vendor.list.columns", NULL, CONFIG_ANY, NULL, "columns of list vendor: a list of maps with name and value"},
    {"vendor.list.format", NULL, CONFIG_TEXT, NULL, "form of list vendor, as with --format"},
    {"version", NULL, CONFIG_MAP, NULL, "which versions may run"},
    {"version.constraint.enforcement", "ATMOS_VERSION_ENFORCEMENT", CONFIG_TEXT, "fatal", "fatal, warn or silent when it does not hold"},
    {"version.constraint.message", NULL, CONFIG_TEXT, NULL, "said when it does not hold"},
    {"version.constraint.require", NULL, CONFIG_TEXT, NULL, "versions of Atmos that are wanted, such as >= 1.100, < 2"},
    {"workflows", NULL, CONFIG_MAP, NULL, "sequences of commands"},
    {"workflows.base_path", "ATMOS_WORKFLOWS_BASE_PATH", CONFIG_TEXT, NULL, "folder of workflow files"},
    {"workflows.list.columns", NULL, CONFIG_ANY, NULL, "columns of list workflows: a list of maps with name and value"},
    {"workflows.list.format", NULL, CONFIG_TEXT, NULL, "form of list workflows, as with --format"},
};
/* clang-format on */

const size_t config_key_count = sizeof(config_keys) / sizeof(config_keys[0]);

const struct config_key *config_key_find(struct str name)
{
    size_t from = 0;
    size_t to = config_key_count;
    while (from < to) {
        size_t middle = from + (to - from) / 2;
        int order = str_cmp(name, str_from(config_keys[middle].name));
        if (order == 0) {
            return &config_keys[middle];
        }
        if (order < 0) {
            to = middle;
        } else {
            from = middle + 1;
        }
    }
    return NULL;
}

const char *config_kind_name(enum config_kind kind)
{
    switch (kind) {
    case CONFIG_TEXT:
        return "text";
    case CONFIG_BOOL:
        return "true or false";
    case CONFIG_NUMBER:
        return "a number";
    case CONFIG_LIST:
        return "a list of texts";
    case CONFIG_MAP:
        return "a map";
    case CONFIG_ANY:
        return "any value";
    }
    BUG("unknown kind of configuration key");
}

bool config_bool_from(struct str text, bool *ret_truth)
{
    static const char *const yes[] = { "1", "t", "T", "true", "True", "TRUE" };
    static const char *const no[] = { "0", "f", "F", "false", "False", "FALSE" };
    for (size_t i = 0; i < sizeof(yes) / sizeof(yes[0]); i++) {
        if (str_eq_cstr(text, yes[i]) || str_eq_cstr(text, no[i])) {
            *ret_truth = str_eq_cstr(text, yes[i]);
            return true;
        }
    }
    return false;
}
