/* SPDX-License-Identifier: Apache-2.0 */
/* What stack/ can say to the user. */
#ifndef TFATMOS_STACK_STACK_DIAG_H
#define TFATMOS_STACK_STACK_DIAG_H

#include "base/base.h"

#define STACK_DIAGS(X)                                                                         \
    X(STACK_NO_MANIFESTS, "stack/no-manifests", DIAG_ERROR, EXIT_CONFIG,                       \
            "no stack manifest is selected",                                                   \
            "no file below the stacks folder matches stacks.included_paths, or "               \
            "stacks.excluded_paths takes all of them away",                                    \
            "correct the patterns; they start at stacks.base_path")                            \
    X(STACK_BAD_PATTERN, "stack/bad-pattern", DIAG_ERROR, EXIT_CONFIG,                         \
            "a pattern of paths is malformed",                                                 \
            "a bracket or brace is not closed, or the pattern ends in a backslash",            \
            "correct the pattern; a backslash before a special character takes it literally")  \
    X(STACK_SAME_KEY, "stack/same-key", DIAG_WARNING, EXIT_DATA,                               \
            "two selected files make the same manifest",                                       \
            "a manifest is named by its path without extension, and both .yaml and .yml "      \
            "exist",                                                                           \
            "remove one of the two files or exclude it")                                       \
    X(STACK_UNREADABLE, "stack/unreadable", DIAG_ERROR, EXIT_IO, "a manifest cannot be read",  \
            "the file is not a regular file, is too large, or the system refuses to open it",  \
            "make it a regular file that you may read, or exclude it")                         \
    X(STACK_NOT_A_MAP, "stack/not-a-map", DIAG_ERROR, EXIT_DATA, "a manifest is not a map",    \
            "the top of a manifest holds sections such as vars, import and components",        \
            "write `section:` lines at the top; other YAML files belong outside the patterns") \
    X(STACK_BAD_IMPORT, "stack/bad-import", DIAG_ERROR, EXIT_DATA, "an import is malformed",   \
            "import is a list; each item is a path below the stacks folder, or a map with a "  \
            "path",                                                                            \
            "write `import: [catalog/vpc]`")                                                   \
    X(STACK_IMPORT_NOT_FOUND, "stack/import-not-found", DIAG_ERROR, EXIT_DATA,                 \
            "an import does not exist",                                                        \
            "there is no such file; paths start at the stacks folder, or at the importing "    \
            "file "                                                                            \
            "when they begin with ./ or ../, and a last word with a dot gets no extension",    \
            "correct the path, or add skip_if_missing: true when the file is optional")        \
    X(STACK_IMPORT_CYCLE, "stack/import-cycle", DIAG_ERROR, EXIT_DATA,                         \
            "manifests import each other in a circle",                                         \
            "following the imports leads back to a manifest that is still being read",         \
            "remove one of the imports of the chain that is shown")                            \
    X(STACK_IMPORT_ESCAPES, "stack/import-escapes", DIAG_WARNING, EXIT_DATA,                   \
            "an import leaves the repository",                                                 \
            "the path leads above the top folder of the repository, so that the result "       \
            "depends on the machine; with --strict this is an error",                          \
            "move the file into the repository")                                               \
    X(STACK_IMPORT_IGNORED, "stack/import-ignored", DIAG_WARNING, EXIT_DATA,                   \
            "an import is skipped",                                                            \
            "its path has template delimiters, templates are switched off, and no file has "   \
            "this name",                                                                       \
            "set templates.settings.enabled, or write the path without delimiters")            \
    X(STACK_BAD_SECTION, "stack/bad-section", DIAG_ERROR, EXIT_DATA,                           \
            "a section has a value that it cannot have",                                       \
            "sections such as vars, settings and env are maps; one left empty is null",        \
            "write key: value lines below it, or {} for an empty section")                     \
    X(STACK_BAD_COMPONENT, "stack/bad-component", DIAG_ERROR, EXIT_DATA,                       \
            "a component is not a map",                                                        \
            "a component holds sections such as vars; one left empty is null",                 \
            "write sections below it, or {} for a component without any")                      \
    X(STACK_FORBIDDEN_METADATA, "stack/forbidden-metadata", DIAG_ERROR, EXIT_DATA,             \
            "a key may not stand in the metadata of a whole manifest",                         \
            "at the top of a manifest, metadata may hold labels, tags, custom, enabled, "      \
            "locked "                                                                          \
            "and terraform_workspace_pattern",                                                 \
            "move the key into the metadata of the components it is meant for, or below "      \
            "custom")                                                                          \
    X(STACK_UNKNOWN_KEY, "stack/unknown-key", DIAG_WARNING, EXIT_DATA,                         \
            "a key of a manifest has no effect",                                               \
            "manifests, component types, components and items of import have a fixed set of "  \
            "keys; others are dropped, except those at the top that hold anchors in use",      \
            "correct the name, move the value below settings or vars, or begin the name with " \
            "x-")                                                                              \
    X(STACK_UNKNOWN_BASE, "stack/unknown-base", DIAG_ERROR, EXIT_DATA,                         \
            "a base component does not exist",                                                 \
            "metadata.inherits names a component that neither the manifest nor its imports "   \
            "have",                                                                            \
            "correct the name, or import the manifest that defines the base")                  \
    X(STACK_CIRCULAR_INHERITANCE, "stack/circular-inheritance", DIAG_ERROR, EXIT_DATA,         \
            "components inherit from each other in a circle",                                  \
            "following the bases leads back to a component that is still being built",         \
            "remove one of the bases of the chain that is shown")                              \
    X(STACK_REPEATED_BASE, "stack/repeated-base", DIAG_WARNING, EXIT_DATA,                     \
            "a base is listed twice",                                                          \
            "it is merged again at its second place and may undo what stands between",         \
            "keep one of the two")                                                             \
    X(STACK_BAD_DEPENDENCY, "stack/bad-dependency", DIAG_WARNING, EXIT_DATA,                   \
            "what a component needs cannot be read",                                           \
            "settings.depends_on and dependencies.components hold maps, each of which names "  \
            "a component, a file or a folder; anything else is left out",                      \
            "write {component: name}, and stack: name where it is in another stack")           \
    X(STACK_OWN_BASE, "stack/own-base", DIAG_WARNING, EXIT_DATA,                               \
            "a component names itself as its base",                                            \
            "a component has its own sections anyway, so this changes nothing",                \
            "name the component that was meant, or remove the entry")                          \
    X(STACK_LIMIT, "stack/limit", DIAG_ERROR, EXIT_DATA, "the configuration is too large",     \
            "a bound against endless work was reached", "simplify what the message names")     \
    X(STACK_BACKEND_MISMATCH, "stack/backend-mismatch", DIAG_ERROR, EXIT_DATA,                 \
            "there is no configuration for the chosen backend",                                \
            "backend_type names a kind of backend that the backend section does not have",     \
            "add the backend of that kind, or correct backend_type")                           \
    X(STACK_DUPLICATE, "stack/duplicate-component", DIAG_ERROR, EXIT_DATA,                     \
            "an instance is defined twice",                                                    \
            "two manifests make the same stack and both have this component, with different "  \
            "values",                                                                          \
            "remove one of the two, or give the stacks different names")                       \
    X(STACK_NAME_INCOMPLETE, "stack/name-incomplete", DIAG_ERROR, EXIT_DATA,                   \
            "a stack cannot be named",                                                         \
            "stacks.name_pattern or stacks.name_template uses a value that the component "     \
            "does "                                                                            \
            "not have as text, or the template cannot be evaluated for it",                    \
            "set the variable in the manifest or one of its imports")                          \
    X(STACK_BAD_TEMPLATE, "stack/bad-template", DIAG_ERROR, EXIT_DATA,                         \
            "a template that names something cannot be read",                                  \
            "stacks.name_template and metadata.terraform_workspace_template are templates in " \
            "the language of Go; this one has a mistake at the place shown",                   \
            "correct the template")                                                            \
    X(STACK_NAME_DROPPED, "stack/name-dropped", DIAG_WARNING, EXIT_CONFIG,                     \
            "a part of the name pattern has no effect",                                        \
            "only {namespace}, {tenant}, {environment} and {stage} between hyphens count",     \
            "use stacks.name_template for names with other parts")                             \
    X(STACK_BAD_WORKSPACE, "stack/bad-workspace", DIAG_ERROR, EXIT_DATA,                       \
            "a workspace cannot be named",                                                     \
            "metadata.terraform_workspace_template uses a value that the component does not "  \
            "have as text, or it cannot be evaluated",                                         \
            "set the variable in the manifest or one of its imports")                          \
    X(STACK_OUTDATED, "stack/outdated", DIAG_WARNING, EXIT_DATA,                               \
            "a manifest is written for an older version of Atmos",                             \
            "newer versions refuse what the message names; older ones accepted it",            \
            "correct the manifest, or accept it with --lenient or stacks.lenient: true")       \
    X(STACK_UNKNOWN_STACK, "stack/unknown-stack", DIAG_ERROR, EXIT_USAGE,                      \
            "there is no such stack", "no selected manifest makes a stack of this name",       \
            "see `tf-atmos list stacks`")                                                      \
    X(STACK_NO_MATCH, "stack/no-match", DIAG_WARNING, EXIT_USAGE, "a filter matches nothing",  \
            "nothing has the name, or answers to the pattern, that an option asks for; as in " \
            "Atmos the result is empty",                                                       \
            "correct the name; see `tf-atmos list stacks` and `tf-atmos list components`")     \
    X(STACK_NOT_ITS_NAME, "stack/not-its-name", DIAG_ERROR, EXIT_USAGE,                        \
            "a stack is not called like that",                                                 \
            "the file, or the naming rule, has this name, but the stack is called otherwise",  \
            "use the name that is shown")                                                      \
    X(STACK_UNKNOWN_COMPONENT, "stack/unknown-component", DIAG_ERROR, EXIT_USAGE,              \
            "the stack has no such component",                                                 \
            "neither the manifest of the stack nor its imports define the component",          \
            "see `tf-atmos list components -s <stack>`; check the imports of the manifest")    \
    X(STACK_NO_WORKFLOW_FOLDER, "stack/no-workflow-folder", DIAG_ERROR, EXIT_CONFIG,           \
            "there is no folder of workflows",                                                 \
            "workflows.base_path is not set, or names no folder below base_path",              \
            "set workflows.base_path to the folder of the workflow files")                     \
    X(STACK_NO_WORKFLOWS, "stack/no-workflows", DIAG_WARNING, EXIT_DATA,                       \
            "a file has no workflows",                                                         \
            "every YAML file of the folder of workflows has a map called workflows",           \
            "move the file elsewhere, or add workflows")                                       \
    X(STACK_BAD_WORKFLOW, "stack/bad-workflow", DIAG_ERROR, EXIT_DATA,                         \
            "a workflow is malformed",                                                         \
            "a workflow is a map with a list of steps, and each step is a map",                \
            "write `steps:` with `- command: ...` lines below it")                             \
    X(STACK_REPLACED, "stack/replaced", DIAG_HINT, EXIT_DATA,                                  \
            "a section of an imported file counts for nothing",                                \
            "a file with locals hands its own vars, settings and env to all it imports, "      \
            "where each takes the place of the section of that name",                          \
            "move the locals into a file without that section, or the values into the "        \
            "importing file")                                                                  \
    X(STACK_NO_LOCALS, "stack/no-locals", DIAG_ERROR, EXIT_USAGE, "a stack has no locals",     \
            "locals concern the file they stand in; those of imported files are not shown",    \
            "name a stack whose own manifest has a section locals")                            \
    X(STACK_OTHER_LOCALS, "stack/other-locals", DIAG_WARNING, EXIT_USAGE,                      \
            "several manifests with locals make one stack",                                    \
            "locals concern one file, and the stack is made of several; the first is shown",   \
            "name the manifest instead of the stack")                                          \
    X(STACK_NO_VENDOR, "stack/no-vendor-manifest", DIAG_ERROR, EXIT_CONFIG,                    \
            "a vendor manifest does not exist",                                                \
            "vendor.base_path or an import of a vendor manifest names no file or folder",      \
            "correct the path; it starts at the base path of the repository")                  \
    X(STACK_BAD_VENDOR, "stack/bad-vendor-manifest", DIAG_ERROR, EXIT_DATA,                    \
            "a vendor manifest is malformed",                                                  \
            "its kind is another one, or its sources are not a list of maps with targets",     \
            "write `kind: AtmosVendorConfig` and `spec: {sources: [...]}`")                    \
    X(STACK_UNSUPPORTED, "stack/unsupported", DIAG_ERROR, EXIT_DATA,                           \
            "a feature of stack manifests is not supported yet",                               \
            "this version would have to ignore it, and then give other values than you mean",  \
            "write the value without the feature, or wait for a version that has it")          \
    X(STACK_GIT, "stack/git", DIAG_ERROR, EXIT_UNAVAILABLE, "git could not do its part",       \
            "comparing with a commit runs git, which is missing, failed, or finds no "         \
            "repository",                                                                      \
            "install git and run in a work tree, or compare folders with --repo-path")         \
    X(STACK_UNKNOWN_REVISION, "stack/unknown-revision", DIAG_ERROR, EXIT_USAGE,                \
            "there is nothing to compare with",                                                \
            "the reference, commit or folder does not exist in this clone",                    \
            "name another one with --base or --repo-path, or fetch it first")                  \
    X(STACK_BROKEN_BASE, "stack/broken-base", DIAG_ERROR, EXIT_DATA,                           \
            "the stacks of the base cannot be resolved",                                       \
            "there are errors in its manifests, so that nobody knows what they meant",         \
            "compare with a commit whose manifests are valid")                                 \
    X(STACK_SCRATCH, "stack/scratch", DIAG_ERROR, EXIT_IO,                                     \
            "there is no room for a scratch folder",                                           \
            "the files of a commit are laid out in TMPDIR, or /tmp, while they are compared",  \
            "make the folder writable, or point TMPDIR to another one")                        \
    X(STACK_ADMIN_DISABLED, "stack/admin-stack-disabled", DIAG_ERROR, EXIT_DATA,               \
            "a Spacelift admin stack has no workspace",                                        \
            "settings.spacelift.admin_stack_selector points to a component that Spacelift "    \
            "does not run",                                                                    \
            "enable its workspace, or point the selector to another component")                \
    X(STACK_DEPENDENCY_CYCLE, "stack/dependency-cycle", DIAG_WARNING, EXIT_DATA,               \
            "components need each other in a circle",                                          \
            "following dependencies.components and settings.depends_on leads back to where "   \
            "it began; the list of dependents ends there",                                     \
            "remove one of the dependencies")                                                  \
    X(STACK_MANY_DEPENDENTS, "stack/many-dependents", DIAG_ERROR, EXIT_DATA,                   \
            "there are too many dependents to show",                                           \
            "each dependent is shown below everything it needs, so that a dense network of "   \
            "dependencies grows without measure",                                              \
            "leave out --include-dependents, or name one stack with --stack")

enum stack_diag {
    STACK_DIAGS(DIAG_KIND_ENUM) STACK_DIAG__COUNT
};
extern const struct diag_kind stack_diags[STACK_DIAG__COUNT];

#endif
