/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of config/ share among themselves. */
#ifndef TFATMOS_CONFIG_CONFIG_INTERNAL_H
#define TFATMOS_CONFIG_CONFIG_INTERNAL_H

#include "config.h"

/* A configuration file to read, in order of priority, lowest first. */
struct config_place {
    struct str path; /* absolute */
    bool is_alone; /* neither its imports nor the drop-ins beside it are read */
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
int config_check_choices(struct run *run, const struct config *config);

/* config_function.c: the tags that mean something here, the last NULL. */
extern const char *const config_functions[];
/* The tree with the results of its functions; !unset stays until config_drop_unset. */
int config_evaluate(struct run *run, const struct value *value, const struct value **ret_value);
const struct value *config_drop_unset(struct run *run, const struct value *value);

VEC_TYPE(config_paths, struct str);

/* config_files.c: the YAML files below a folder, by depth, then by path; none without the folder.
 * ERR_LIMIT. */
int config_files_below(struct run *run, struct str folder, struct config_paths *ret_paths);
/* The files an import means: a file, a folder, a pattern, each without its extension too.
 * ERR_INVALID for a bad pattern, ERR_LIMIT. */
int config_files_matching(
        struct run *run, struct str folder, struct str name, struct config_paths *ret_paths);

/* What reading many files shares. */
struct config_layers {
    struct run *run;
    struct merger *merger;
    const struct config_places *places;
    struct str base; /* where imports are looked for: first what base_path means, */
    struct str top; /* then beside the main file, then beside the importing file */
    struct str open[16]; /* files being read, outermost first */
    size_t open_count;
    size_t reads; /* of files, in all */
};

/* config_layers.c: `later` over `earlier`, commands by name. */
const struct value *config_layer(
        struct config_layers *layers, const struct value *earlier, const struct value *later);
/* Reads one place with its drop-ins and imports, and lays it over *root. */
int config_layers_read(struct config_layers *layers, const struct config_place *place,
        const struct value **root);
/* Reads files with their imports and lays them over *root. */
int config_layers_add(struct config_layers *layers, const struct config_paths *paths,
        size_t depth, const struct value **root);

/* config_commands.c: lists of commands by name, `later` winning; names of several words nested. */
const struct value *config_commands_merge(
        struct run *run, const struct value *earlier, const struct value *later);
const struct value *config_commands_expand(struct run *run, const struct value *root);

/* profile.c: lays the chosen profiles over *root. ERR_NOT_FOUND. */
int config_profiles(struct config_layers *layers, const struct config_options *options,
        const struct value **root);

/* edition.c: the defaults of an older edition, where nothing is set. ERR_INVALID. */
int config_edition(struct run *run, struct config *config);

/* version.c: does the version satisfy ">= 1, < 2"? False when one of them cannot be read. */
bool config_version_holds(struct str constraint, struct str running, bool *ret_truth);
/* Holds version.constraint against CONFIG_ATMOS_VERSION. ERR_INVALID. */
int config_version_check(struct run *run, const struct config *config);

/* origin.c: remembers where a value came from that stands in no file. */
void config_note_origin(struct run *run, struct config *config, struct str dotted,
        enum config_origin_kind kind, struct str name);
/* NULL when it was not noted. */
const struct config_origin *config_noted_origin(const struct config *config, struct str dotted);

/* override.c: environment variables, then flags, into the tree. ERR_INVALID. */
int config_override(
        struct run *run, const struct config_options *options, struct config *config);
/* A variable as the process has it, else as `env:` of the configuration sets it (ATMOS_* only). */
const char *config_variable(const struct run *run, const struct value *root, const char *name);
/* A copy of the tree with one dotted key set. */
const struct value *config_set(struct run *run, const struct value *root, struct str dotted,
        const struct value *value);

/* base_path.c: the folder a base_path written in a file of `file_folder` means. */
struct str config_base_folder(struct run *run, struct str written, struct str file_folder,
        const struct config_places *places, bool is_from_outside);

/* Fills the paths of `config` (spec 1.6). `is_from_outside`: the value of base_path
 * comes from the environment or a flag. */
void config_resolve_paths(struct run *run, struct config *config,
        const struct config_places *places, bool is_from_outside);

#endif
