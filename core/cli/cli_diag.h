/* SPDX-License-Identifier: Apache-2.0 */
/* What cli/ can say: mistakes on the command line. */
#ifndef TFATMOS_CLI_CLI_DIAG_H
#define TFATMOS_CLI_CLI_DIAG_H

#include "base/base.h"

#define CLI_DIAGS(X)                                                                           \
    X(CLI_UNKNOWN_COMMAND, "cli/unknown-command", DIAG_ERROR, EXIT_USAGE,                      \
            "there is no such command",                                                        \
            "the words after the program's name are not a command of this version",            \
            "see `tf-atmos help` for all commands")                                            \
    X(CLI_MISSING_COMMAND, "cli/missing-command", DIAG_ERROR, EXIT_USAGE,                      \
            "a command is incomplete",                                                         \
            "the words name a group of commands and not one of them",                          \
            "add one of the commands that the message lists")                                  \
    X(CLI_BAD_ALIAS, "cli/bad-alias", DIAG_ERROR, EXIT_CONFIG,                                 \
            "an alias of the configuration is no command line",                                \
            "its words are read as a shell reads them, and a quote is not closed",             \
            "close the quote, or write a backslash before it")                                 \
    X(CLI_UNKNOWN_OPTION, "cli/unknown-option", DIAG_ERROR, EXIT_USAGE,                        \
            "the command has no such option",                                                  \
            "the option is misspelled or belongs to another command",                          \
            "see the command's --help; write arguments that begin with a dash after --")       \
    X(CLI_OPTION_VALUE, "cli/option-value", DIAG_ERROR, EXIT_USAGE,                            \
            "an option has no value, or one it does not need",                                 \
            "options that take a value need one after them or after =; flags take none",       \
            "see the command's --help for the form of the option")                             \
    X(CLI_BAD_VALUE, "cli/bad-value", DIAG_ERROR, EXIT_USAGE,                                  \
            "the value of an option is not allowed",                                           \
            "the option takes one of a few values, a number or true and false",                \
            "use one of the values that the message lists")                                    \
    X(CLI_ARGUMENTS, "cli/arguments", DIAG_ERROR, EXIT_USAGE, "too few or too many arguments", \
            "the usage line of the command says which arguments it takes",                     \
            "see the command's --help")                                                        \
    X(CLI_MISSING_OPTION, "cli/missing-option", DIAG_ERROR, EXIT_USAGE,                        \
            "an option is needed here", "the command cannot do its work without this option",  \
            "add the option that the message names")                                           \
    X(CLI_UNSUPPORTED, "cli/unsupported", DIAG_ERROR, EXIT_USAGE,                              \
            "an option is known but not supported yet",                                        \
            "Atmos has the option and this version does not; ignoring it would give a "        \
            "different result",                                                                \
            "leave the option out")                                                            \
    X(CLI_OLD_OPTION, "cli/old-option", DIAG_WARNING, EXIT_OK, "an option has a newer name",   \
            "the old name still works; a later version may drop it",                           \
            "use the name that the message gives")                                             \
    X(CLI_UNKNOWN_VARIABLE, "cli/unknown-variable", DIAG_WARNING, EXIT_OK,                     \
            "an environment variable with our prefix is unknown",                              \
            "variables that begin with TF_ATMOS_ set options; this one sets none",             \
            "correct the name or unset it; see `tf-atmos help environment`")                   \
    X(CLI_FOLDER, "cli/folder", DIAG_ERROR, EXIT_USAGE, "a folder cannot be entered",          \
            "--chdir names something that is not a folder or must not be entered",             \
            "name a folder that exists")                                                       \
    X(CLI_NO_RUNNER, "cli/no-conform", DIAG_ERROR, EXIT_UNAVAILABLE,                           \
            "the conformance tests are not installed",                                         \
            "`plugin conform` starts the program tf-atmos-conform, which lies neither beside " \
            "tf-atmos nor in its libexec folder",                                              \
            "install tf-atmos whole, or build the target tf-atmos-conform")                    \
    X(CLI_OUTPUT, "cli/output", DIAG_ERROR, EXIT_IO, "output could not be written",            \
            "the disk is full, the file is read-only or standard output is closed",            \
            "free space or write elsewhere and run the command again")                         \
    X(CLI_QUERY, "cli/query", DIAG_ERROR, EXIT_USAGE, "the query cannot be used",              \
            "--query takes paths such as .vars.tags, .vars.azs[0:2], .settings[\"a b\"], [], " \
            "[.a, .b], {name: .a}, comparisons, //, and the functions keys, length, select, "  \
            "map, has and not",                                                                \
            "correct the query, or use --format json with a JSON processor")                   \
    X(CLI_LISTING, "cli/listing", DIAG_ERROR, EXIT_USAGE,                                      \
            "columns, filter or order of a list cannot be used",                               \
            "columns are Name={{ .field }}, a filter is a query, an order is Name or "         \
            "Name:desc",                                                                       \
            "correct the option; see the command's --help")                                    \
    X(CLI_UNKNOWN_DIAGNOSTIC, "cli/unknown-diagnostic", DIAG_ERROR, EXIT_USAGE,                \
            "there is no diagnostic of this name",                                             \
            "neither this version nor a plugin it can see has a diagnostic of this id",        \
            "see `tf-atmos explain --list` for all ids")                                       \
    X(CLI_UNKNOWN_TOPIC, "cli/unknown-topic", DIAG_ERROR, EXIT_USAGE,                          \
            "there is no help on this", "the words are neither a command nor a help topic",    \
            "see `tf-atmos help`")

enum cli_diag {
    CLI_DIAGS(DIAG_KIND_ENUM) CLI_DIAG__COUNT
};
extern const struct diag_kind cli_diags[CLI_DIAG__COUNT];

#endif
