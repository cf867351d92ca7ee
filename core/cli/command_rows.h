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
    "terraform's; when apply or deploy succeeded, that of the checks which follow."

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
    "YAML are a map from stack to values; --query looks into that."

#endif
