/* SPDX-License-Identifier: Apache-2.0 */
/* What terraform/ can say. */
#ifndef TFATMOS_TERRAFORM_TERRAFORM_DIAG_H
#define TFATMOS_TERRAFORM_TERRAFORM_DIAG_H

#include "base/base.h"

#define TERRAFORM_DIAGS(X)                                                                     \
    X(TERRAFORM_NOT_FOUND, "terraform/not-found", DIAG_ERROR, EXIT_UNAVAILABLE,                \
            "terraform is not installed",                                                      \
            "neither the configured command nor terraform or tofu is in PATH",                 \
            "install terraform or tofu, or set components.terraform.command in atmos.yaml")    \
    X(TERRAFORM_CYCLE, "terraform/cycle", DIAG_ERROR, EXIT_DATA,                               \
            "components need each other in a circle",                                          \
            "following dependencies.components and settings.depends_on leads back to where "   \
            "it began, so that none can be first",                                             \
            "remove one of the dependencies of the chain that is shown")                       \
    X(TERRAFORM_LEFT_OUT, "terraform/left-out", DIAG_WARNING, EXIT_OK,                         \
            "an instance was not run because another one failed",                              \
            "without --failure-mode keep-going the first failure ends the run; with it, what " \
            "needs the failed one is left out",                                                \
            "correct what failed and run the command again")                                   \
    X(TERRAFORM_NOTHING, "terraform/nothing", DIAG_WARNING, EXIT_OK,                           \
            "nothing was chosen to be run",                                                    \
            "abstract and disabled components are never run, and nothing else fits the "       \
            "options",                                                                         \
            "see what there is with `tf-atmos list instances`")                                \
    X(TERRAFORM_FAILED, "terraform/failed", DIAG_ERROR, EXIT_FINDINGS, "terraform failed",     \
            "terraform ended with an exit code that says it did not succeed",                  \
            "read terraform's own message above; the exit code is passed on unchanged")        \
    X(TERRAFORM_KILLED, "terraform/killed", DIAG_ERROR, EXIT_FINDINGS,                         \
            "terraform was ended by a signal",                                                 \
            "the system or somebody else ended the process; the state may be locked or "       \
            "behind",                                                                          \
            "check the state lock and run plan before the next apply")                         \
    X(TERRAFORM_INTERRUPTED, "terraform/interrupted", DIAG_ERROR, 130, "interrupted",          \
            "the user asked to stop; terraform was told once per interrupt",                   \
            "run plan to see what was done")                                                   \
    X(TERRAFORM_ABSTRACT, "terraform/abstract", DIAG_ERROR, EXIT_FINDINGS,                     \
            "the component is abstract",                                                       \
            "metadata.type is abstract: the component exists to be inherited from",            \
            "run the command on a component that inherits from it")                            \
    X(TERRAFORM_LOCKED, "terraform/locked", DIAG_ERROR, EXIT_FINDINGS,                         \
            "the component is locked",                                                         \
            "metadata.locked is true, which refuses commands that change anything",            \
            "remove metadata.locked, or use plan")                                             \
    X(TERRAFORM_DISABLED, "terraform/disabled", DIAG_INFO, EXIT_OK,                            \
            "the component is disabled",                                                       \
            "metadata.enabled is false: nothing is run and nothing is written",                \
            "set metadata.enabled to true")                                                    \
    X(TERRAFORM_NO_FOLDER, "terraform/no-folder", DIAG_ERROR, EXIT_CONFIG,                     \
            "the component folder does not exist",                                             \
            "the folder comes from components.terraform.base_path and metadata.component",     \
            "create the folder, or correct metadata.component")                                \
    X(TERRAFORM_NO_BACKEND, "terraform/no-backend", DIAG_ERROR, EXIT_CONFIG,                   \
            "the instance has no backend type",                                                \
            "backend_type is empty at every level, so no backend file can be written",         \
            "set backend_type and backend, or "                                                \
            "components.terraform.auto_generate_backend_file: false")                          \
    X(TERRAFORM_NOT_WRITTEN, "terraform/not-written", DIAG_ERROR, EXIT_IO,                     \
            "a derived file could not be written",                                             \
            "the file is written under another name and renamed; one of the steps failed",     \
            "check permissions and free space; the old file, if any, is unchanged")            \
    X(TERRAFORM_NO_PLAN, "terraform/no-plan", DIAG_ERROR, EXIT_USAGE,                          \
            "there is no plan to apply",                                                       \
            "--from-plan and --planfile apply a saved plan, and the file does not exist",      \
            "run plan first, or leave the option out")                                         \
    X(TERRAFORM_VARIABLE, "terraform/inherited-variable", DIAG_WARNING, EXIT_OK,               \
            "an inherited variable changes what terraform does",                               \
            "TF_VAR_*, TF_CLI_ARGS* and TF_WORKSPACE reach terraform beside the resolved "     \
            "values",                                                                          \
            "unset the variable, or write the value into the stack")                           \
    X(TERRAFORM_UNSUPPORTED, "terraform/unsupported-section", DIAG_ERROR, EXIT_CONFIG,         \
            "a section is not supported yet",                                                  \
            "this version cannot act on the section, and ignoring it would change the result", \
            "remove the section")                                                              \
    X(TERRAFORM_GENERATE_CONTENT, "terraform/generate-content", DIAG_ERROR, EXIT_CONFIG,       \
            "a file of generate has no usable content",                                        \
            "each key of generate is a file with a text, or a map that is written as HCL, "    \
            "YAML "                                                                            \
            "or JSON by the extension of the file",                                            \
            "correct the entry of the section generate")                                       \
    X(TERRAFORM_GENERATE_ESCAPES, "terraform/generate-escapes", DIAG_ERROR, EXIT_CONFIG,       \
            "a file of generate lies outside of its component",                                \
            "files are generated into the component folder only, wherever links lead",         \
            "use a path relative to the component folder, without \"..\"")                     \
    X(TERRAFORM_FILE_TEMPLATE, "terraform/file-template", DIAG_ERROR, EXIT_USAGE,              \
            "a file template cannot be filled in",                                             \
            "it holds a token that is not known, or whose value is no part of a path",         \
            "use the tokens the message lists")                                                \
    X(TERRAFORM_FILE_TWICE, "terraform/file-twice", DIAG_ERROR, EXIT_CONFIG,                   \
            "two instances would write different contents to one file",                        \
            "instances of several stacks share a component folder; the last one would win",    \
            "name stacks with --stacks, or places with --file-template")                       \
    X(TERRAFORM_CHILD, "terraform/child", DIAG_ERROR, EXIT_IO,                                 \
            "terraform could not be started",                                                  \
            "the system refused to start the process or to give it its output files",          \
            "check limits and free space in the temporary folder")                             \
    X(TERRAFORM_MODULE_EDITED, "terraform/module-edited", DIAG_ERROR, EXIT_FINDINGS,           \
            "a copied module was edited",                                                      \
            "files of the component differ from what was copied there, and would be lost",     \
            "keep them, or replace them with --force")                                         \
    X(TERRAFORM_MODULE_MISSING, "terraform/module-missing", DIAG_ERROR, EXIT_UNAVAILABLE,      \
            "a plugin brings no Terraform module",                                             \
            "only bundled plugins come with a root module, and not all of them",               \
            "write the component yourself; the plugin's page names its variables")             \
    X(TERRAFORM_MODULE_UNREADABLE, "terraform/module-unreadable", DIAG_ERROR, EXIT_IO,         \
            "a module cannot be read",                                                         \
            "a file of the module, or of the copy that is there, cannot be read",              \
            "check owner and mode of the file named")

enum terraform_diag {
    TERRAFORM_DIAGS(DIAG_KIND_ENUM) TERRAFORM_DIAG__COUNT
};
extern const struct diag_kind terraform_diags[TERRAFORM_DIAG__COUNT];

#endif
