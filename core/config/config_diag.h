/* SPDX-License-Identifier: Apache-2.0 */
/* What config/ can say to the user. */
#ifndef TFATMOS_CONFIG_CONFIG_DIAG_H
#define TFATMOS_CONFIG_CONFIG_DIAG_H

#include "base/base.h"

#define CONFIG_DIAGS(X)                                                                        \
    X(CONFIG_NOT_FOUND, "config/not-found", DIAG_ERROR, EXIT_CONFIG, "no configuration found", \
            "there is no atmos.yaml in the working folder, in a folder above it, in the home " \
            "folder or where --config, --config-path or ATMOS_CLI_CONFIG_PATH point",          \
            "run the command inside the repository, or name the file with --config")           \
    X(CONFIG_UNREADABLE, "config/unreadable", DIAG_ERROR, EXIT_IO,                             \
            "a configuration file cannot be read",                                             \
            "the file exists, but is not a regular file, is too large, or the system refuses " \
            "to open it",                                                                      \
            "make it a regular file that you may read")                                        \
    X(CONFIG_NOT_A_MAP, "config/not-a-map", DIAG_ERROR, EXIT_CONFIG,                           \
            "the configuration is not a map",                                                  \
            "the top of atmos.yaml and its sections hold keys and values",                     \
            "write `key: value` lines there")                                                  \
    X(CONFIG_UNKNOWN_KEY, "config/unknown-key", DIAG_WARNING, EXIT_CONFIG,                     \
            "a key of the configuration is unknown",                                           \
            "no setting has this name; it has no effect",                                      \
            "correct the name or remove the key")                                              \
    X(CONFIG_BAD_VALUE, "config/bad-value", DIAG_ERROR, EXIT_CONFIG,                           \
            "a setting has a value that it cannot have",                                       \
            "settings are text, true or false, numbers or lists, as the reference says",       \
            "write a value of the kind that is asked for")                                     \
    X(CONFIG_BAD_OVERRIDE, "config/bad-override", DIAG_ERROR, EXIT_CONFIG,                     \
            "an environment variable or flag has a value that it cannot have",                 \
            "variables named ATMOS_... and flags override settings and must hold what the "    \
            "setting holds",                                                                   \
            "correct the variable or unset it")                                                \
    X(CONFIG_INCOMPLETE, "config/incomplete", DIAG_ERROR, EXIT_CONFIG,                         \
            "a setting that stacks need is missing",                                           \
            "with a configuration file, stacks.base_path and stacks.included_paths have no "   \
            "default",                                                                         \
            "add the setting to atmos.yaml")                                                   \
    X(CONFIG_FOLDER_MISSING, "config/folder-missing", DIAG_ERROR, EXIT_CONFIG,                 \
            "a folder named by the configuration does not exist",                              \
            "base_path or stacks.base_path points to a place where there is no folder",        \
            "correct the path; relative ones start at base_path")                              \
    X(CONFIG_UNSUPPORTED, "config/unsupported", DIAG_ERROR, EXIT_CONFIG,                       \
            "a feature of the configuration is not supported yet",                             \
            "this version would have to ignore it, and then give other values than you mean",  \
            "remove it, or write the settings directly into atmos.yaml")                       \
    X(CONFIG_IGNORED, "config/ignored", DIAG_WARNING, EXIT_CONFIG,                             \
            "a setting is not acted on",                                                       \
            "the setting is known, but has no effect in this version",                         \
            "nothing needs to be done")

enum config_diag {
    CONFIG_DIAGS(DIAG_KIND_ENUM) CONFIG_DIAG__COUNT
};
extern const struct diag_kind config_diags[CONFIG_DIAG__COUNT];

#endif
