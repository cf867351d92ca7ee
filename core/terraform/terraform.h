/* SPDX-License-Identifier: Apache-2.0 */
/* Derived files of an instance, and running terraform or tofu on it. */
#ifndef TFATMOS_TERRAFORM_TERRAFORM_H
#define TFATMOS_TERRAFORM_TERRAFORM_H

#include "stack/stack.h"
#include "terraform_diag.h"

/* Which derived file; each lies in the component folder (spec 4.4). */
enum terraform_file {
    TERRAFORM_VARFILE, /* <stem>.terraform.tfvars.json */
    TERRAFORM_BACKEND, /* backend.tf.json */
    TERRAFORM_PROVIDERS, /* providers_override.tf.json */
    TERRAFORM_OVERRIDE /* terraform_override.tf.json: required versions and providers */
};

/* Where the file goes: an absolute path. */
struct str terraform_file_path(
        struct run *run, const struct instance *instance, enum terraform_file file);
/*
 * The file's text: two-space JSON, sorted keys, HTML-escaped, ends with an end of line. `vars` are
 * the final variables (the user's over the plugins'); values that are or hold something sensitive
 * are left out. Empty when the instance needs no such file. ERR_INVALID with a diagnostic when the
 * backend cannot be written (no backend type).
 */
int terraform_file_text(struct run *run, const struct instance *instance,
        const struct value *vars, enum terraform_file file, struct str *ret_text);
/*
 * Writes the file atomically with mode 0600, to `path` or, when that is empty, to its own place.
 * Writes nothing when the same content is there already. ERR_IO with a diagnostic.
 */
int terraform_file_write(struct run *run, const struct instance *instance,
        const struct value *vars, enum terraform_file file, struct str path);

/* One file of the section `generate`. */
struct terraform_generated {
    struct str path; /* absolute, in the component folder */
    struct str text;
    bool is_sensitive; /* holds something that others must not read */
    bool is_present; /* of terraform_generated_places: there is such a file */
    const struct value_entry *entry; /* where it is written */
};

/*
 * The files of the section `generate`: text as it is, maps by extension: .tf .tofu .hcl as blocks, .tfvars
 * .tfbackend as arguments, .yaml .yml, and JSON for all others. Every text is a template over what is
 * known of the instance. Nothing is written. Every problem is said with its place: templates that cannot be
 * filled in (ERR_PARSE, ERR_INVALID, ERR_LIMIT, ERR_UNSUPPORTED), places out of the component folder
 * (ERR_DENIED), contents that are no file (ERR_INVALID, ERR_CONFLICT, ERR_LIMIT).
 */
int terraform_generated_files(struct run *run, const struct instance *instance,
        const struct terraform_generated **ret_files, size_t *ret_count);
/* The same without texts, so that what they hold does not matter: ERR_DENIED, ERR_CONFLICT. */
int terraform_generated_places(struct run *run, const struct instance *instance,
        const struct terraform_generated **ret_files, size_t *ret_count);
/* Removes those that are present; folders stay. ERR_DENIED as below, ERR_IO. */
int terraform_generated_remove(struct run *run, const struct instance *instance,
        const struct terraform_generated *files, size_t count);
/*
 * Writes them, each atomically, with the folders they need, that of the component included; what is there already is not touched. Mode
 * 0644, as sources have it, or 0600 for what is sensitive. ERR_DENIED when a symbolic link leads out
 * of the component folder, ERR_IO.
 */
int terraform_generated_write(struct run *run, const struct instance *instance,
        const struct terraform_generated *files, size_t count);

/* Where output of a child goes: stream 1 or 2, in pieces of any size. */
typedef void terraform_output_fn(void *context, int stream, struct str bytes);

/* What to run on one instance. */
struct terraform_request {
    const struct instance *instance;
    const struct value *vars; /* final variables */
    const struct str *subcommand; /* words: "plan"; "state", "list" */
    size_t subcommand_count;
    const struct str *args; /* passed to terraform as they are */
    size_t arg_count;
    struct str planfile; /* --planfile; empty: none named */
    bool from_plan; /* --from-plan: apply the instance's own plan file */
    bool skip_init; /* --skip-init */
    bool is_dry_run; /* only say what would be done */
    bool is_plain; /* no colors: where the output goes cannot show them */
    bool has_terminal; /* stdin and stdout are a terminal: the child may ask */
    terraform_output_fn *output; /* the child's output */
    void (*say)(void *context, struct str line); /* what we are doing, for stderr */
    void *context;
};

/*
 * The pipeline of spec 7.8 for one instance: refuse, write files, init when needed, select the
 * workspace, run, clean up. Sets *ret_exit_code to the exit code of the command: terraform's own
 * code unchanged when it ran to its end, 128 + n after an interrupt. Returns a negative code with a
 * diagnostic when terraform was not run or something around it failed.
 */
int terraform_run(struct run *run, const struct terraform_request *request, int *ret_exit_code);

/* True for subcommands that change state or resources: locked and abstract instances refuse them. */
bool terraform_is_mutating(struct str subcommand);
/* How many words the subcommand at the start of `words` has: 2 for "state list", else 1. */
size_t terraform_subcommand_words(const struct str *words, size_t count);

/* The program that will be run: `components.terraform.command`, or the instance's own. When only the
 * other of terraform and tofu is installed and nothing was configured, that one. False: none. */
bool terraform_find_program(
        struct run *run, const struct instance *instance, struct str *ret_path);

/* ---- root modules that come with plugins ---- */

enum module_change_kind {
    MODULE_SAME,
    MODULE_ADDED,
    MODULE_CHANGED,
    MODULE_REMOVED /* of an earlier version */
};

struct module_change {
    struct str path; /* within the module */
    enum module_change_kind kind;
    bool is_edited; /* what is there is not what was copied there */
};

struct module_request {
    struct str source; /* folder of the module */
    struct str target; /* absolute: where the copy goes */
    struct str shown; /* the same for messages */
    struct str plugin; /* for the stamp */
    struct str version;
    bool is_forced; /* overwrite edited files */
    bool is_dry_run;
};

/*
 * Copies a root module and stamps the copy with plugin, version and the digests of its files, by
 * which edits are seen later. Edited files are refused (ERR_CONFLICT, nothing written) unless forced.
 * A new folder appears whole or not at all. ERR_IO.
 */
int terraform_module_add(struct run *run, const struct module_request *request,
        const struct module_change **ret_changes, size_t *ret_count);

#endif
