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
    X(CONFIG_IMPORT_NOT_FOUND, "config/import-not-found", DIAG_WARNING, EXIT_CONFIG,           \
            "an imported configuration file is not there",                                     \
            "an entry of `import` matches no file, neither from base_path nor beside the "     \
            "main or the importing file; it is skipped, as Atmos does",                        \
            "correct the path or remove the import")                                           \
    X(CONFIG_IMPORT_CYCLE, "config/import-cycle", DIAG_WARNING, EXIT_CONFIG,                   \
            "configuration files import each other",                                           \
            "a file is imported while it is being read itself; this import is skipped",        \
            "remove one of the imports")                                                       \
    X(CONFIG_IMPORT_LIMIT, "config/import-limit", DIAG_ERROR, EXIT_CONFIG,                     \
            "the configuration imports too much",                                              \
            "imports may nest ten levels deep, and all in all read ten thousand files",        \
            "import fewer files, or from fewer levels")                                        \
    X(CONFIG_PROFILE_NOT_FOUND, "config/profile-not-found", DIAG_ERROR, EXIT_CONFIG,           \
            "there is no such profile",                                                        \
            "a profile is a folder in profiles.base_path, .atmos/profiles or profiles beside " \
            "atmos.yaml, or in atmos/profiles of the user's settings",                         \
            "correct the name in --profile, ATMOS_PROFILE or profiles.default")                \
    X(CONFIG_FUNCTION, "config/function", DIAG_ERROR, EXIT_CONFIG,                             \
            "a YAML function in the configuration has no result",                              \
            "its arguments are wrong, or what it asks for is not there",                       \
            "correct the arguments, or give the function a default")                           \
    X(CONFIG_VERSION, "config/version", DIAG_ERROR, EXIT_CONFIG,                               \
            "the configuration wants another version",                                         \
            "version.constraint.require does not hold for the version of Atmos that this "     \
            "program behaves like; enforcement says whether that is fatal, a warning or "      \
            "nothing",                                                                         \
            "change version.constraint.require, or set version.constraint.enforcement to "     \
            "warn or silent (also ATMOS_VERSION_ENFORCEMENT)")                                 \
    X(CONFIG_IGNORED, "config/ignored", DIAG_WARNING, EXIT_CONFIG,                             \
            "a part of the configuration is not read",                                         \
            "drop-in folders are read together with the atmos.yaml beside them, and a log "    \
            "file of the configuration lies in the repository",                                \
            "add an atmos.yaml there, even an empty one, or remove the folder; name the log "  \
            "file with --logs-file")

enum config_diag {
    CONFIG_DIAGS(DIAG_KIND_ENUM) CONFIG_DIAG__COUNT
};
extern const struct diag_kind config_diags[CONFIG_DIAG__COUNT];

#endif
