/* SPDX-License-Identifier: Apache-2.0 */
/* Rows of the command table that differ in a few words only; for commands.c alone. */
#ifndef TFATMOS_CLI_COMMAND_ROWS_H
#define TFATMOS_CLI_COMMAND_ROWS_H

#include "cmd.h"
#include "table.h"

#define TERRAFORM_TEXT                                                                         \
    "Writes the var file and the backend file, runs init when something changed, selects\n"    \
    "the workspace and runs terraform in the component folder. Options this command does\n"    \
    "not know, and everything behind --, go to terraform as they are. The exit code is\n"      \
    "terraform's; when apply or deploy succeeded, that of the checks which follow.\n\n"        \
    "With --all, --affected, --components, --query, --tags or --labels it is run on many\n"    \
    "instances, one after the other, each behind those it needs and to destroy before them.\n" \
    "The first failure ends the run unless --failure-mode says otherwise."

/* A subcommand with help of its own. */
#define TERRAFORM(word, what, rows, extra, more, shown)                                        \
    {                                                                                          \
        .path = "terraform " word,                                                             \
        .group = "Terraform",                                                                  \
        .summary = (what),                                                                     \
        .arguments = "[component]",                                                            \
        .description = TERRAFORM_TEXT,                                                         \
        .examples = (shown),                                                                   \
        .options = (rows),                                                                     \
        .max_args = 1,                                                                         \
        .needs = NEED_CONFIG | NEED_STACKS | NEED_PLUGINS | NEED_TERRAFORM | (more),           \
        .flags = COMMAND_PASSES | COMMAND_MUTATES | (extra),                                   \
        .completion = COMPLETE_COMPONENT,                                                      \
        .function = cmd_terraform,                                                             \
    }
/* One that terraform explains better. */
#define TERRAFORM_PLAIN(word)                                                                  \
    TERRAFORM(word, "pass " word " to terraform", options_terraform, COMMAND_HIDDEN, 0, NULL)

/* A command about plugins that are found. */
#define PLUGIN(word, what, argument, text, rows, form, least, most, extra, kinds, ends, call)  \
    {                                                                                          \
        .path = "plugin " word,                                                                \
        .group = "Plugins",                                                                    \
        .summary = (what),                                                                     \
        .arguments = (argument),                                                               \
        .description = (text),                                                                 \
        .examples = examples_plugin_##call,                                                    \
        .options = (rows),                                                                     \
        .formats = (form),                                                                     \
        .min_args = (least),                                                                   \
        .max_args = (most),                                                                    \
        .needs = NEED_PLUGINS | (extra),                                                       \
        .exits = (ends),                                                                       \
        .flags = (kinds),                                                                      \
        .completion = COMPLETE_PLUGIN,                                                         \
        .function = cmd_plugin_##call,                                                         \
    }

/* Plugins that come and go. */
#define INSTALL_COMMANDS                                                                       \
    PLUGIN("install", "verify a plugin and place it", "<file, folder or address>",             \
            "Copies the file, judges the copy, and renames it to plugins.d as <id>.so. A\n"    \
            "plugin signed by a trusted key, or with the digest of --sha256, is pinned in\n"   \
            "tf-atmos.lock.json with its source; any other is not installed.\n\n"              \
            "An address is https://host/path/x.so, oci://host/name:tag or\n"                   \
            "oci://host/name@sha256:<digest>. AWS_CA_BUNDLE names the certificates of a\n"     \
            "private server.",                                                                 \
            options_plugin_install, NULL, 1, 1, 0, COMMAND_MUTATES, 0, install),               \
            PLUGIN("update", "replace plugins by later versions", "[plugin]",                  \
                    "Asks the source that `plugin install` recorded, by the same rules: the\n" \
                    "signer must be the one before. Without an argument all plugins with a\n"  \
                    "source are asked. A pinned file that is missing is fetched again.",       \
                    options_plugin_update, NULL, 0, 1, NEED_CONFIG, COMMAND_MUTATES, 0,        \
                    update),                                                                   \
            PLUGIN("remove", "remove a plugin: file, signature and pin", "<plugin>",           \
                    "Only from plugins.d of the repository and from your own folder.",         \
                    options_plugin, NULL, 1, 1, 0, COMMAND_MUTATES, 0, remove)

/* A list of instances, or of what is in them. */
#define LIST(word, what, text, argument, count, rows, form, call)                              \
    {                                                                                          \
        .path = "list " word,                                                                  \
        .group = "Look",                                                                       \
        .summary = (what),                                                                     \
        .arguments = (argument),                                                               \
        .description = (text),                                                                 \
        .examples = examples_list_##call,                                                      \
        .options = (rows),                                                                     \
        .formats = (form),                                                                     \
        .min_args = (count) > 1 ? 1 : 0,                                                       \
        .max_args = (count) > 0 ? 1 : 0,                                                       \
        .needs = NEED_CONFIG | NEED_STACKS,                                                    \
        .completion = (count) > 0 ? COMPLETE_COMPONENT : COMPLETE_NOTHING,                     \
        .function = cmd_list_##call,                                                           \
    }
#define LIST_VALUES_TEXT                                                                       \
    "A line for each key and a column for each stack that has the component. JSON and\n"       \
    "YAML are a map from stack to values. --query is asked of them in each stack; an answer\n" \
    "that is no map stands at `value`."

/* A command about keys and signatures. */
#define PLUGIN_COMMAND(                                                                        \
        words, run_it, takes, count, extra, wants, ends, rows, shapes, shown, what, text)      \
    {                                                                                          \
        .path = (words),                                                                       \
        .group = "Plugins",                                                                    \
        .summary = (what),                                                                     \
        .arguments = (takes),                                                                  \
        .description = (text),                                                                 \
        .examples = (shown),                                                                   \
        .options = (rows),                                                                     \
        .formats = (shapes),                                                                   \
        .min_args = (count),                                                                   \
        .max_args = (count),                                                                   \
        .needs = (wants),                                                                      \
        .exits = (ends),                                                                       \
        .flags = (extra),                                                                      \
        .completion = (count) > 0 ? COMPLETE_FILE : COMPLETE_NOTHING,                          \
        .function = (run_it),                                                                  \
    }

/* All of them. */
#define TRUST_COMMANDS                                                                         \
    PLUGIN_COMMAND("plugin verify", cmd_plugin_verify, "<file>", 1, 0, NEED_PLUGINS, 0,        \
            options_plugin, formats_info, examples_plugin_verify,                              \
            "say who signed a plugin file, and whether it would run",                          \
            "Judges signature, revocations and policies as for a plugin that nobody has\n"     \
            "enabled. Exits 77 with the code of the reason when it would not run."),           \
            PLUGIN_COMMAND("plugin sign", cmd_plugin_sign, "<file>", 1, COMMAND_MUTATES, 0,    \
                    EXITS_DATA | EXITS_UNAVAILABLE, options_plugin_sign, NULL,                 \
                    examples_plugin_sign, "sign a plugin file, or a revocation list",          \
                    "Appends a signed statement about id, version, interface, length and "     \
                    "SHA-256.\n"                                                               \
                    "An encrypted key is opened with TF_ATMOS_KEY_PASSPHRASE."),               \
            PLUGIN_COMMAND("plugin keygen", cmd_plugin_keygen, "<file>", 1, COMMAND_MUTATES,   \
                    0, EXITS_UNAVAILABLE, options_plugin_keygen, NULL, examples_plugin_keygen, \
                    "make a key to sign plugins with",                                         \
                    "Writes a private Ed25519 key that only you can read, encrypted when\n"    \
                    "TF_ATMOS_KEY_PASSPHRASE is set, and the public key beside it. "           \
                    "Overwrites "                                                              \
                    "nothing."),                                                               \
            PLUGIN_COMMAND("plugin trust add", cmd_plugin_trust_add, "<file>", 1,              \
                    COMMAND_MUTATES, 0, EXITS_DATA | EXITS_UNAVAILABLE | EXITS_PERMISSION,     \
                    options_trust_add, NULL, examples_trust_add,                               \
                    "trust a public key, or take a revocation list",                           \
                    "Plugins signed with a trusted key run when their id is allowed to it. "   \
                    "The key "                                                                 \
                    "goes\n"                                                                   \
                    "to the user's store; a system's keys lie in /etc/tf-atmos/keys."),        \
            PLUGIN_COMMAND("plugin trust remove", cmd_plugin_trust_remove, "<key id>", 1,      \
                    COMMAND_MUTATES, 0, EXITS_DATA | EXITS_PERMISSION, no_options, NULL,       \
                    examples_trust_remove, "trust a key no longer", NULL),                     \
            PLUGIN_COMMAND("plugin trust list", cmd_plugin_trust_list, NULL, 0, 0,             \
                    NEED_PLUGINS, 0, options_plugin, formats_info, examples_trust_list,        \
                    "show trusted keys, revocation lists and policies", NULL)

#endif
