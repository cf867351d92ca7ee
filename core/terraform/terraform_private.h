/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of terraform/ share. */
#ifndef TFATMOS_TERRAFORM_PRIVATE_H
#define TFATMOS_TERRAFORM_PRIVATE_H

#include "terraform.h"

/* Names shown in messages. */
struct str terraform_folder_shown(struct run *run, const struct instance *instance);

/* ---- generate.c ---- */

/* Creates the component folder when it is missing and there are files for it: a component may consist of
 * generated files alone. ERR_IO with a diagnostic. */
int terraform_generated_folder(
        struct run *run, const struct instance *instance, size_t file_count);

/* ---- generate_template.c ---- */

/* Filling in the templates of one instance's files. */
struct generate_filling {
    struct run *run;
    const struct instance *instance;
    const struct value *data; /* made with the first template */
    bool has_templates; /* one was filled in */
    struct mark mark; /* of the last failure, and what goes on after the name of the file */
    struct str what;
    struct str hint;
};

/* The value with every text in it filled in. The code of template/template.h on failure. */
int generate_fill(
        struct generate_filling *filling, const struct value *value, const struct value **ret);

/* ---- environment.c ---- */

/*
 * The whole environment of a child, ending with NULL: ours without what must not leak, the instance's
 * `env`, what spec 7.8 adds, and sensitive variables as TF_VAR_<name>.
 */
const char *const *terraform_environment(
        struct run *run, const struct terraform_request *request);
/* Warns of inherited variables that change what terraform does. */
void terraform_warn_inherited(struct run *run, const struct instance *instance);
/* TF_DATA_DIR of the instance, relative to its folder unless the user set another. */
struct str terraform_data_folder(struct run *run, const struct instance *instance);

/* ---- args.c ---- */

VEC_TYPE(words, struct str);

/* The arguments of the command itself, without the program; 0 words: nothing to run. */
int terraform_command_args(
        struct run *run, const struct terraform_request *request, struct words *ret_args);
/* The arguments of the init that comes before a command. */
struct words terraform_init_args(struct run *run, const struct terraform_request *request);
struct str terraform_planfile_name(struct run *run, const struct instance *instance);
bool is_subcommand(const struct terraform_request *request, const char *word);

/* ---- init.c ---- */

/* A digest of everything the outcome of `init` depends on, as it is now. */
struct str terraform_init_stamp(struct run *run, const struct instance *instance,
        struct str program, const struct words *init_args);
/* True when an init that succeeded left this stamp, so that another one has nothing to do. */
bool terraform_init_has_run(struct run *run, const struct instance *instance, struct str stamp);
/* Leaves the stamp after a success. */
void terraform_init_done(struct run *run, const struct instance *instance, struct str stamp);

/* ---- child.c ---- */

/* How one terraform process ended. */
struct child_end {
    bool is_signaled;
    int code; /* exit code, or the signal's number */
    int interrupts; /* how often the user asked to stop */
    int signal; /* the last signal the user sent us, 0: none */
};

/*
 * Runs one process in the folder of the instance. Its output goes to files that are followed, so that
 * it never dies of a reader that went away; each interrupt we get is passed on once. ERR_NOT_FOUND,
 * ERR_IO with a diagnostic.
 */
int child_run(struct run *run, const struct terraform_request *request, struct str program,
        const struct words *args, const char *const *env, struct child_end *ret_end);

#endif
