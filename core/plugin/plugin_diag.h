/* SPDX-License-Identifier: Apache-2.0 */
/* Every diagnostic the host itself says about plugins. */
#ifndef TFATMOS_PLUGIN_PLUGIN_DIAG_H
#define TFATMOS_PLUGIN_PLUGIN_DIAG_H

#include "base/base.h"

/* X(name, id, severity, exit code, title, cause, fix) */
#define PLUGIN_DIAGS(X)                                                                        \
    X(PLUGIN_FOLDER_UNREADABLE, "plugin/folder-unreadable", DIAG_WARNING, EXIT_OK,             \
            "a plugin folder cannot be read",                                                  \
            "A folder named by atmos.yaml or TF_ATMOS_PLUGIN_PATH does not exist, is not a "   \
            "folder, or may not be read.",                                                     \
            "Create the folder, correct the path, or remove it from the setting.")             \
    X(PLUGIN_LOCK_INVALID, "plugin/lock-invalid", DIAG_ERROR, EXIT_DATA,                       \
            "the plugin lock file cannot be used",                                             \
            "tf-atmos.lock.json is not what `plugin enable` writes.",                          \
            "Restore the file from version control, or remove it and enable the plugins "      \
            "again.")                                                                          \
    X(PLUGIN_LOCK_UNREADABLE, "plugin/lock-unreadable", DIAG_ERROR, EXIT_IO,                   \
            "the plugin lock file cannot be read",                                             \
            "tf-atmos.lock.json exists, but the system refused to read it.",                   \
            "Correct the permissions of the file.")                                            \
    X(PLUGIN_LOCK_UNWRITABLE, "plugin/lock-unwritable", DIAG_ERROR, EXIT_IO,                   \
            "the plugin lock file cannot be written",                                          \
            "The system refused to write tf-atmos.lock.json; the old content is untouched.",   \
            "Make the repository folder writable, or free space on its disk.")                 \
    X(PLUGIN_NO_REPOSITORY, "plugin/no-repository", DIAG_ERROR, EXIT_CONFIG,                   \
            "there is no repository to enable plugins in",                                     \
            "Enabling writes tf-atmos.lock.json beside atmos.yaml, and there is none.",        \
            "Run the command in a repository with atmos.yaml, or name one with --base-path.")  \
    X(PLUGIN_NOT_FOUND, "plugin/not-found", DIAG_ERROR, EXIT_UNAVAILABLE,                      \
            "there is no such plugin", "No file in the plugin folders has this id.",           \
            "See `tf-atmos plugin list` for the ids and folders.")                             \
    X(PLUGIN_NOT_USABLE, "plugin/not-usable", DIAG_ERROR, EXIT_UNAVAILABLE,                    \
            "the plugin cannot be used",                                                       \
            "Its file is refused, made for another version, shadowed or disabled.",            \
            "Do what `tf-atmos plugin list` says about it.")                                   \
    X(PLUGIN_FILE_INVALID, "plugin/file-invalid", DIAG_ERROR, EXIT_DATA,                       \
            "the file is not a plugin", "The file has no readable plugin metadata.",           \
            "Build it with tfa_add_plugin() of the SDK.")                                      \
    X(PLUGIN_DIGEST_DIFFERS, "plugin/digest-differs", DIAG_ERROR, EXIT_PERMISSION,             \
            "the bytes of a plugin are not those that were enabled",                           \
            "The file changed after `plugin enable` wrote its SHA-256 to "                     \
            "tf-atmos.lock.json.",                                                             \
            "If the change is wanted, enable the plugin again; otherwise restore the file.")   \
    X(PLUGIN_NOT_ENABLED, "plugin/not-enabled", DIAG_WARNING, EXIT_OK,                         \
            "settings of a plugin that is not used",                                           \
            "An instance has settings for a plugin that was found but may not run.",           \
            "Enable the plugin, or remove the settings.")                                      \
    X(PLUGIN_NEEDED, "plugin/needed", DIAG_ERROR, EXIT_UNAVAILABLE,                            \
            "a plugin this repository relies on cannot be used",                               \
            "The plugin is enabled here (or comes with tf-atmos) and an instance wants it, "   \
            "but its file is missing, changed or refused. Going on would leave out its "       \
            "checks and variables.",                                                           \
            "Do what the hint says, or disable the plugin on purpose.")                        \
    X(PLUGIN_INTENT_INVALID, "plugin/intent-invalid", DIAG_ERROR, EXIT_FINDINGS,               \
            "settings of a plugin have a wrong type",                                          \
            "settings.<plugin> must be a map, true (defaults) or false (off).",                \
            "Write a map of the plugin's settings, true or false.")                            \
    X(PLUGIN_INTENT_SCHEMA, "plugin/intent-schema", DIAG_ERROR, EXIT_FINDINGS,                 \
            "settings of a plugin violate its schema",                                         \
            "A key is unknown, missing, or its value is not of the form the plugin takes.",    \
            "Correct the value; `tf-atmos plugin manifest <id>` prints the schema.")           \
    X(PLUGIN_SCHEMA_BROKEN, "plugin/schema-broken", DIAG_ERROR, EXIT_UNAVAILABLE,              \
            "the schema inside a plugin cannot be used",                                       \
            "The schema note of the plugin is not a JSON Schema this version understands.",    \
            "Report it to the author of the plugin.")                                          \
    X(PLUGIN_LOAD_REFUSED, "plugin/load-refused", DIAG_ERROR, EXIT_PERMISSION,                 \
            "the plugin was not loaded",                                                       \
            "Right before loading, the file no longer met the rules for plugins.",             \
            "See `tf-atmos plugin list`; restore the file or its permissions.")                \
    X(PLUGIN_LOAD_FAILED, "plugin/load-failed", DIAG_ERROR, EXIT_UNAVAILABLE,                  \
            "the plugin could not be loaded",                                                  \
            "The dynamic loader refused the file, for example because a library it needs is "  \
            "missing.",                                                                        \
            "Install what the message names, or rebuild the plugin for this machine.")         \
    X(PLUGIN_UNLIKE_NOTE, "plugin/unlike-note", DIAG_ERROR, EXIT_UNAVAILABLE,                  \
            "the plugin is not what its metadata says",                                        \
            "The descriptor inside the code and the note in the file differ.",                 \
            "Rebuild the plugin with tfa_add_plugin(), which makes both from one manifest.")   \
    X(PLUGIN_START_FAILED, "plugin/start-failed", DIAG_ERROR, EXIT_UNAVAILABLE,                \
            "the plugin did not start", "Its init function returned an error.",                \
            "Report it to the author of the plugin.")                                          \
    X(PLUGIN_WORKER_MISSING, "plugin/worker-missing", DIAG_ERROR, EXIT_UNAVAILABLE,            \
            "the worker process cannot be started",                                            \
            "Plugins that did not come with tf-atmos run in the program tf-atmos-worker, "     \
            "which is missing beside tf-atmos, or the system refused a new process.",          \
            "Install tf-atmos whole; `tf-atmos doctor` says what the system offers.")          \
    X(PLUGIN_RESET_FAILED, "plugin/reset-failed", DIAG_ERROR, EXIT_IO,                         \
            "a plugin cannot be taken out of quarantine",                                      \
            "The system refused to remove a record in the user's state folder.",               \
            "Make the folder writable, or remove the file.")                                   \
    X(PLUGIN_CALLBACK_FAILED, "plugin/callback-failed", DIAG_ERROR, EXIT_UNAVAILABLE,          \
            "a plugin did not finish its work",                                                \
            "A function of the plugin returned an error instead of findings.",                 \
            "Run again with --verbose and report it to the author of the plugin.")             \
    X(PLUGIN_ENDED, "plugin/ended", DIAG_ERROR, EXIT_UNAVAILABLE,                              \
            "a plugin ended in the middle of its work",                                        \
            "The process a plugin runs in crashed, was ended by its limits, did not return "   \
            "in time or said what cannot be read. Other plugins were not touched by it.",      \
            "Run again with --verbose and report it to the author of the plugin.")             \
    X(PLUGIN_RESULT_INVALID, "plugin/result-invalid", DIAG_ERROR, EXIT_UNAVAILABLE,            \
            "the result of a plugin cannot be used",                                           \
            "The plugin broke a rule of its contract while building the result.",              \
            "Report it to the author of the plugin.")                                          \
    X(PLUGIN_MISUSE, "plugin/misuse", DIAG_WARNING, EXIT_OK,                                   \
            "a plugin broke a rule of its contract",                                           \
            "The plugin used a service in a wrong phase, a stale handle, an undeclared code "  \
            "or the like; the host carried on without it.",                                    \
            "Report it to the author of the plugin.")                                          \
    X(PLUGIN_POLICY, "plugin/policy", DIAG_ERROR, EXIT_PERMISSION,                             \
            "a plugin asked AWS for something it may not ask",                                 \
            "The action is not declared in the plugin's manifest, or does not only read. "     \
            "Nothing was sent.",                                                               \
            "Report it to the author of the plugin.")                                          \
    X(PLUGIN_FINDINGS_CAPPED, "plugin/findings-capped", DIAG_WARNING, EXIT_OK,                 \
            "a plugin reported more findings than are shown",                                  \
            "At most 1,000 findings of one callback are kept.",                                \
            "Correct the findings shown and run again.")                                       \
    X(PLUGIN_VAR_OVERRIDES, "plugin/var-overrides", DIAG_INFO, EXIT_OK,                        \
            "an explicit variable overrides the intent",                                       \
            "vars of the instance set a variable that the plugin generates with another "      \
            "value; the explicit one wins.",                                                   \
            "Remove the variable to follow the intent, or keep it if it is meant.")            \
    X(PLUGIN_VARS_CONFLICT, "plugin/vars-conflict", DIAG_WARNING, EXIT_OK,                     \
            "two plugins generate the same variable",                                          \
            "Both handle the instance and want different values; the first one wins.",         \
            "Set the variable explicitly, or keep one of the plugins.")                        \
    X(PLUGIN_BAD_ID, "plugin/bad-id", DIAG_ERROR, EXIT_USAGE,                                  \
            "this cannot be the id of a plugin",                                               \
            "an id is lower-case words joined by hyphens and dots, at most 64 characters; "    \
            "the last word starts with a letter",                                              \
            "use a name of your own domain, such as com.example.tag-audit")                    \
    X(PLUGIN_NEW_EXISTS, "plugin/new-exists", DIAG_ERROR, EXIT_USAGE,                          \
            "the folder for a new plugin is there already",                                    \
            "nothing that exists is written over",                                             \
            "name another folder with --folder, or remove this one")                           \
    X(PLUGIN_NEW_IO, "plugin/new-io", DIAG_ERROR, EXIT_IO,                                     \
            "the folder of a new plugin could not be written",                                 \
            "the disk is full or the parent folder is read-only; nothing was left behind",     \
            "free space or name another folder with --folder")                                 \
    X(PLUGIN_NO_SDK, "plugin/no-sdk", DIAG_ERROR, EXIT_UNAVAILABLE,                            \
            "the SDK is not installed beside this program",                                    \
            "templates and crates lie in share/tf-atmos of the prefix the program is in",      \
            "install the program together with its SDK: `cmake --install <build>` does both")  \
    X(PLUGIN_CHECK_NO_RESULT, "plugin/check-no-result", DIAG_WARNING, EXIT_OK,                 \
            "a check gave no result",                                                          \
            "The check of a plugin ended early or reported nothing, so its outcome is not "    \
            "known.",                                                                          \
            "Run `check` again; if it stays so, report it to the author of the plugin.")

enum plugin_diag {
    PLUGIN_DIAGS(DIAG_KIND_ENUM) PLUGIN_DIAG__COUNT
};
extern const struct diag_kind plugin_diags[PLUGIN_DIAG__COUNT];

#endif
