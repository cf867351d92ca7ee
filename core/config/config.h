/* SPDX-License-Identifier: Apache-2.0 */
/* atmos.yaml, environment and flags become one value tree and the paths derived from it. */
#ifndef TFATMOS_CONFIG_CONFIG_H
#define TFATMOS_CONFIG_CONFIG_H

#include "config_diag.h"
#include "run.h"

/* What the command line says about the configuration; empty texts mean "not given". */
/* What is not evaluated but kept as the text it is written as. */
struct config_kept {
    bool templates; /* --process-templates=false */
    bool functions; /* --process-functions=false */
    const struct str *names; /* --skip: YAML functions, without "!" */
    size_t name_count;
};

struct config_options {
    struct config_kept kept;
    struct str base_path; /* --base-path */
    const struct str *files; /* --config, repeatable */
    size_t file_count;
    const struct str *folders; /* --config-path, repeatable */
    size_t folder_count;
    const struct str *profiles; /* --profile, repeatable */
    size_t profile_count;
    /* Other flags that set a key. */
    const struct config_setting *settings;
    size_t setting_count;
};

struct config_setting {
    struct str key; /* dotted, of the key table */
    struct str text;
    struct str flag; /* "--stacks-dir" */
};

/* The version of Atmos whose behavior this program has: what version.constraint is held against. */
#define CONFIG_ATMOS_VERSION "1.226.0"

/* Where a value of the configuration came from. */
enum config_origin_kind {
    CONFIG_FROM_FILE,
    CONFIG_FROM_VARIABLE,
    CONFIG_FROM_FLAG,
    CONFIG_FROM_DEFAULT
};

struct config_origin {
    enum config_origin_kind kind;
    struct str name; /* "atmos.yaml:3:9", "ATMOS_BASE_PATH", "--base-path", "default" */
};

/* Everything the rest needs to know. All paths absolute and clean. */
struct config {
    const struct value
            *root; /* the merged configuration, keys folded to lower case, marks kept */
    struct str base_path; /* the repository folder everything is relative to */
    struct str repository; /* git top folder, or base_path without git */
    struct str stacks_folder;
    struct str terraform_folder; /* components.terraform.base_path */
    struct str terraform_base; /* the same as written, e.g. "components/terraform" */
    struct str terraform_command; /* "terraform" unless set */
    const struct str *included; /* stacks.included_paths, as written */
    size_t included_count;
    const struct str *excluded;
    size_t excluded_count;
    struct str name_pattern; /* empty when not set */
    struct str name_template;
    enum list_strategy list_strategy;
    bool workspaces_enabled; /* components.terraform.workspaces_enabled, true unless false */
    bool templates_enabled; /* templates.settings.enabled */
    bool inherits_metadata; /* stacks.inherit.metadata, true unless false */
    bool inherits_source; /* stacks.inherit.source, true unless false */
    bool is_found; /* false: no configuration file anywhere, spec 1.4 defaults used */
    struct config_kept kept; /* as the options had it */
    struct str file; /* the configuration file with the highest priority, or empty */
    struct map origins; /* dotted key to struct config_origin, of what stands in no file */
};

/*
 * Finds, reads and merges the configuration (spec 1) and sets run->config. Every problem is said; a
 * negative code when there is an error: ERR_NOT_FOUND, ERR_PARSE, ERR_INVALID, ERR_IO,
 * ERR_UNSUPPORTED. `need_stacks` demands a stacks folder and include patterns, as stack commands do.
 */
int config_load(struct run *run, const struct config_options *options, bool need_stacks);

/* That there is no stacks folder. */
void config_say_no_folder(
        struct run *run, const struct config *config, enum diag_severity severity);
/* The demands of `need_stacks` on a configuration that was loaded without. */
int config_require_stacks(struct run *run);
/* True when there is neither a configuration file nor the stacks folder it would have by default. */
bool config_is_nowhere(const struct config *config);
void config_say_not_found(struct run *run, enum diag_severity severity);

/* A value by dotted path, NULL when not set ("components.terraform.init_run_reconfigure"). */
const struct value *config_get(const struct config *config, const char *dotted);
/* Whether a file, a variable or a flag sets it, rather than a default. */
bool config_is_chosen(const struct config *config, const char *dotted);
/* Booleans written as text ("true", "1") count. */
bool config_bool(const struct config *config, const char *dotted, bool otherwise);
/* The text of a scalar; when it is not set, the default of the key table, else empty. */
struct str config_text(const struct config *config, const char *dotted);
/* Whether the text of this YAML function ("exec") is kept. */
bool config_keeps_function(const struct config *config, struct str name);
/* The texts of a list (or of one scalar with commas); NULL and 0 when not set. */
const struct str *config_list(struct arena *arena, const struct config *config,
        const char *dotted, size_t *ret_count);
/* Absolute base folder of a component type ("helmfile"), and the same as written. */
struct str config_component_folder(struct run *run, struct str type, struct str *ret_written);

/*
 * The configuration as `describe config` prints it: what is set, the defaults that always hold, and
 * the absolute paths.
 */
const struct value *config_effective(struct run *run, const struct config *config);

/* One value and its origin, for `config show`. */
struct config_row {
    struct str key; /* dotted; items of a list of maps as [0] */
    struct str text; /* scalars as they are, the rest as JSON */
    struct config_origin origin;
};

/* Every value that holds, defaults included, in byte order of the keys. */
const struct config_row *config_rows(
        struct run *run, const struct config *config, size_t *ret_count);

/* Registers a file in run->sources under the path users are shown: relative to the working folder
 * when it lies in the repository or below the working folder, else absolute. */
uint32_t config_add_source(struct run *run, struct str path);

enum config_kind {
    CONFIG_TEXT,
    CONFIG_BOOL,
    CONFIG_NUMBER,
    CONFIG_LIST, /* of texts */
    CONFIG_MAP, /* of anything: keys below are not checked, except those with a row of their own */
    CONFIG_ANY
};

/* One row of the key table: what a configuration key is called everywhere. */
struct config_key {
    const char *name; /* dotted, lower case */
    const char *environment; /* variable that overrides it, or NULL */
    enum config_kind kind;
    const char *standard; /* default as text, or NULL */
    const char *summary;
};

/* In byte order of name. */
extern const struct config_key config_keys[];
extern const size_t config_key_count;

const struct config_key *config_key_find(struct str name);
/* "text", "true or false", ... as error messages and the reference name it. */
const char *config_kind_name(enum config_kind kind);
/* 1 t T true True TRUE and their counterparts; false for anything else. */
bool config_bool_from(struct str text, bool *ret_truth);

#endif
