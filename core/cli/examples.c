/* SPDX-License-Identifier: Apache-2.0 */
/* The examples of the command table; a test runs every one of them on examples/quickstart. */
#include "table.h"

const struct example examples_describe_component[] = {
    { "describe component guardduty -s security-ew1", "everything known about one instance" },
    { "describe component baseline -s payments-ew1 --json --query .vars",
            "its variables, as JSON" },
    { NULL, NULL },
};

const struct example examples_describe_stacks[] = {
    { "describe stacks --sections vars", "the variables of every instance" },
    { "describe stacks -s security-ew1 --components guardduty --format json",
            "one component of one stack" },
    { NULL, NULL },
};

const struct example examples_describe_config[] = {
    { "describe config", "everything that holds, as one tree" },
    { "describe config --format json --query .stacks.included_paths", "one setting, as JSON" },
    { NULL, NULL },
};

const struct example examples_config_show[] = {
    { "config show --origin", "every setting, its value, and where that came from" },
    { "config show --origin --format json", "the same for programs" },
    { NULL, NULL },
};

const struct example examples_describe_affected[] = {
    { "describe affected --repo-path . --format json", "compare with another checkout" },
    { NULL, NULL },
};

const struct example examples_list_affected[] = {
    { "list affected --repo-path .", "the same as a table" },
    { NULL, NULL },
};

const struct example examples_list_stacks[] = {
    { "list stacks", "one name per line" },
    { "list stacks --component guardduty", "the stacks that have a component" },
    { NULL, NULL },
};

const struct example examples_list_components[] = {
    { "list components", "each component, its type, and in how many stacks it is" },
    { "list components -s 'security-*' --format json", "those of some stacks, as JSON" },
    { NULL, NULL },
};

const struct example examples_list_instances[] = {
    { "list instances --format csv", "every component of every stack, for a spreadsheet" },
    { NULL, NULL },
};

const struct example examples_list_metadata[] = {
    { "list metadata --sort Component,Stack:desc",
            "which components are enabled, locked, based" },
    { NULL, NULL },
};

const struct example examples_list_dependencies[] = {
    { "list dependencies", "what every component needs, and what needs it, as a tree" },
    { "list dependencies guardduty --format json", "what one component needs, for programs" },
    { NULL, NULL },
};

const struct example examples_list_sources[] = {
    { "list sources", "where components come from" },
    { NULL, NULL },
};

const struct example examples_list_vars[] = {
    { "list vars baseline", "a line for each variable, a column for each stack" },
    { "list vars baseline -s 'security-*' --format json", "those of some stacks, as JSON" },
    { NULL, NULL },
};

const struct example examples_list_values[] = {
    { "list values baseline --format csv", "the same, for a spreadsheet" },
    { "list values baseline --query .settings", "another part of the component" },
    { NULL, NULL },
};

const struct example examples_list_settings[] = {
    { "list settings guardduty --format yaml", "the settings of one component in each stack" },
    { NULL, NULL },
};

const struct example examples_list_vendor[] = {
    { "list vendor", "what is copied from where, and to which folder" },
    { NULL, NULL },
};

const struct example examples_list_workflows[] = {
    { "list workflows", "every workflow of every file" },
    { NULL, NULL },
};

const struct example examples_describe_dependents[] = {
    { "describe dependents baseline -s payments-ew1", "what needs a component of a stack" },
    { "describe dependents baseline -s payments-ew1 --query length", "how many" },
    { NULL, NULL },
};

const struct example examples_describe_locals[] = {
    { "describe locals -s payments-ew1", "the locals of a stack's own manifest" },
    { "describe locals baseline -s payments-ew1 --format json", "those a component sees" },
    { NULL, NULL },
};

const struct example examples_describe_workflows[] = {
    { "describe workflows", "every workflow and its file" },
    { "describe workflows --output all --format json", "all steps, for programs" },
    { NULL, NULL },
};

const struct example examples_validate[] = {
    { "validate", "everything: structure, then every plugin on what it handles" },
    { "validate -s security-ew1 --format json", "one stack, for programs" },
    { NULL, NULL },
};

const struct example examples_validate_stacks[] = {
    { "validate stacks", "imports, inheritance, sections, names" },
    { NULL, NULL },
};

const struct example examples_validate_component[] = {
    { "validate component guardduty -s security-ew1", "one instance" },
    { NULL, NULL },
};

const struct example examples_check[] = {
    { "check guardduty -s security-ew1", "one instance" },
    { "check --format json", "every instance that a plugin handles, for programs" },
    { NULL, NULL },
};

const struct example examples_plugin_list[] = {
    { "plugin list", "every file in the plugin folders, and why one is not used" },
    { "plugin list --format json", "the same for programs" },
    { NULL, NULL },
};

const struct example examples_list_plugins[] = {
    { "list plugins", "the same as plugin list" },
    { NULL, NULL },
};

const struct example examples_plugin_info[] = {
    { "plugin info guardduty", "what it handles, checks and may ask AWS" },
    { NULL, NULL },
};

const struct example examples_plugin_new[] = {
    { "plugin new com.example.tag-audit", "a plugin in C in the folder tag-audit" },
    { "plugin new com.example.name-rules --lang rust", "one in Rust" },
    { NULL, NULL },
};

const struct example examples_plugin_manifest[] = {
    { "plugin manifest guardduty", "the metadata inside the file, with the schema" },
    { NULL, NULL },
};

const struct example examples_plugin_conform[] = {
    { "plugin conform ./build/plugins/audit.so", "every rule of the plugin contract" },
    { "plugin conform audit.so -k aws --intent full.yaml",
            "some tests, from an intent of yours" },
    { "plugin conform audit.so --format junit", "for CI" },
    { NULL, NULL },
};

const struct example examples_plugin_enable[] = {
    { "plugin enable guardduty", "trust this plugin, as it is now" },
    { NULL, NULL },
};

const struct example examples_plugin_disable[] = {
    { "plugin disable guardduty --dry-run", "what would change" },
    { NULL, NULL },
};

const struct example examples_plugin_install[] = {
    { "plugin install ./audit.so", "verify, place in plugins.d, pin" },
    { "plugin install https://example.com/audit-1.4.0.so",
            "with audit-1.4.0.so.sig beside it" },
    { "plugin install oci://registry.example.com/plugins/audit:1.4.0", "from a registry" },
    { NULL, NULL },
};

const struct example examples_plugin_update[] = {
    { "plugin update", "all that were installed from somewhere" },
    { "plugin update com.example.audit --dry-run", "is there a later version" },
    { NULL, NULL },
};

const struct example examples_plugin_remove[] = {
    { "plugin remove com.example.audit", "file, signature and pin" },
    { NULL, NULL },
};

const struct example examples_plugin_keygen[] = {
    { "plugin keygen release --comment \"Example Inc.\"", "writes release and release.pub" },
    { NULL, NULL },
};

const struct example examples_plugin_sign[] = {
    { "plugin sign audit.so --key keys/release", "the signature goes to the end of the file" },
    { "plugin sign other.so --key keys/release --detached", "it goes to other.so.sig" },
    { "plugin sign revocations --key keys/root", "a revocation list is signed in place" },
    { NULL, NULL },
};

const struct example examples_plugin_verify[] = {
    { "plugin verify ./audit.so", "who signed it, and would it run here" },
    { NULL, NULL },
};

const struct example examples_trust_add[] = {
    { "plugin trust add keys/release.pub --allow com.example",
            "plugins com.example.* signed by this key may run" },
    { "plugin trust add keys/root.pub --root", "the key may sign revocation lists" },
    { "plugin trust add revocations", "takes a newer revocation list" },
    { NULL, NULL },
};

const struct example examples_trust_remove[] = {
    { "plugin trust remove 3b6a27bcceb6a42d", "by the id that plugin trust list shows" },
    { NULL, NULL },
};

const struct example examples_trust_list[] = {
    { "plugin trust list", "keys, revocation lists and policies in force" },
    { NULL, NULL },
};

const struct example examples_plugin_permissions[] = {
    { "plugin permissions", "an IAM policy for the checks of all plugins that run" },
    { "plugin permissions --stack security-ew1", "for the plugins that this stack uses" },
    { "plugin permissions --format terraform", "as aws_iam_policy resources" },
    { NULL, NULL },
};

const struct example examples_plugin_reset[] = {
    { "plugin reset guardduty", "ask this plugin again" },
    { "plugin reset", "ask all plugins again" },
    { NULL, NULL },
};

const struct example examples_component_add[] = {
    { "component add guardduty", "copy the module to components/terraform/guardduty" },
    { "component add guardduty --dry-run", "only say what would be written" },
    { NULL, NULL },
};

const struct example examples_plan[] = {
    { "terraform plan baseline -s payments-ew1", "what would change" },
    { "terraform plan baseline -s payments-ew1 -- -detailed-exitcode",
            "the same, exit code 2 for changes" },
    { NULL, NULL },
};

const struct example examples_apply[] = {
    { "terraform apply baseline -s payments-ew1 -auto-approve",
            "apply, then check the account" },
    { NULL, NULL },
};

const struct example examples_deploy[] = {
    { "terraform deploy baseline -s payments-ew1", "apply without asking" },
    { NULL, NULL },
};

const struct example examples_destroy[] = {
    { "terraform destroy baseline -s payments-ew1 -auto-approve", "destroy what was applied" },
    { NULL, NULL },
};

const struct example examples_init[] = {
    { "terraform init baseline -s payments-ew1", "prepare the component folder" },
    { NULL, NULL },
};

const struct example examples_output[] = {
    { "terraform output baseline -s payments-ew1 -- -json", "outputs, as JSON" },
    { NULL, NULL },
};

const struct example examples_show[] = {
    { "terraform show baseline -s payments-ew1", "the state of one instance" },
    { NULL, NULL },
};

const struct example examples_tf_validate[] = {
    { "terraform validate baseline -s payments-ew1", "what terraform thinks of the component" },
    { NULL, NULL },
};

const struct example examples_varfile[] = {
    { "terraform generate varfile guardduty -s security-ew1", "write the var file" },
    { "terraform generate varfile baseline -s payments-ew1 -f -", "print it" },
    { NULL, NULL },
};

const struct example examples_varfiles[] = {
    { "terraform generate varfiles --stacks payments-ew1 --dry-run",
            "where the variables of a stack would go" },
    { NULL, NULL },
};

const struct example examples_backends[] = {
    { "terraform generate backends --stacks payments-ew1 --dry-run",
            "the backends of a stack" },
    { NULL, NULL },
};

const struct example examples_generate_files[] = {
    { "terraform generate files baseline -s payments-ew1 --dry-run", "what would be written" },
    { "terraform generate files --all --clean --dry-run", "what would be removed" },
    { NULL, NULL },
};

const struct example examples_backend[] = {
    { "terraform generate backend baseline -s payments-ew1 --dry-run",
            "print backend.tf.json" },
    { NULL, NULL },
};

const struct example examples_doctor[] = {
    { "doctor", "what is here, what is missing, which rule decided" },
    { "doctor --format json", "the same for programs" },
    { NULL, NULL },
};

const struct example examples_version[] = {
    { "version", "version, plugin interface and libraries" },
    { "version --format json", "the same for programs" },
    { NULL, NULL },
};

const struct example examples_help[] = {
    { "help", "all commands" },
    { "help describe component", "one command" },
    { "help exit-codes", "a topic" },
    { "help --format json", "the whole command table" },
    { NULL, NULL },
};

const struct example examples_completion[] = {
    { "completion bash", "print the script; load it with: source <(tf-atmos completion bash)" },
    { NULL, NULL },
};

const struct example examples_explain[] = {
    { "explain stack/import-not-found", "what a diagnostic means and what to do about it" },
    { "explain --list", "every id" },
    { NULL, NULL },
};
