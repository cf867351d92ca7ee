/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of config/ share among themselves. */
#ifndef TFATMOS_CONFIG_CONFIG_INTERNAL_H
#define TFATMOS_CONFIG_CONFIG_INTERNAL_H

#include "config.h"

/* A configuration file to read, in order of priority, lowest first. */
struct config_place {
    struct str path; /* absolute */
};

struct config_places {
    struct config_place *items;
    size_t count;
    size_t cap;
    struct str git_root; /* empty without git or when git is not to be looked at */
    bool has_local; /* the working folder has a configuration of its own */
};

/* discover.c: which files exist (spec 1.1). ERR_NOT_FOUND when a file that was asked for is not there. */
int config_discover(struct run *run, const struct config_options *options,
        struct config_places *ret_places);
/* The nearest folder upwards that holds `.git`, or empty. */
struct str git_root_of(struct run *run, struct str folder);

/* config_file.c: reads one file, folds its keys to lower case, says what is not supported. */
int config_file_read(struct run *run, struct str path, const struct value **ret_root);

/* config_check.c: unknown keys and values of the wrong kind. ERR_INVALID after an error. */
int config_check(struct run *run, const struct value *root);
/* Settings that are one of a few words, in the merged configuration. ERR_INVALID. */
int config_check_choices(struct run *run, const struct value *root);

/* override.c: environment variables, then flags, into the tree. ERR_INVALID. */
int config_override(
        struct run *run, const struct config_options *options, const struct value **root);
/* A variable as the process has it, else as `env:` of the configuration sets it (ATMOS_* only). */
const char *config_variable(const struct run *run, const struct value *root, const char *name);
/* A copy of the tree with one dotted key set. */
const struct value *config_set(struct run *run, const struct value *root, struct str dotted,
        const struct value *value);

/* base_path.c: fills the paths of `config` (spec 1.6). `is_from_outside`: the value of base_path
 * comes from the environment or a flag. */
void config_resolve_paths(struct run *run, struct config *config,
        const struct config_places *places, bool is_from_outside);

#endif
