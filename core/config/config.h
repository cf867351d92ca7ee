/* SPDX-License-Identifier: Apache-2.0 */
/* atmos.yaml, environment and flags become one value tree and the paths derived from it. */
#ifndef TFATMOS_CONFIG_CONFIG_H
#define TFATMOS_CONFIG_CONFIG_H

#include "config_diag.h"
#include "run.h"

/* What the command line says about the configuration; empty texts mean "not given". */
struct config_options {
    struct str base_path; /* --base-path */
    const struct str *files; /* --config, repeatable */
    size_t file_count;
    const struct str *folders; /* --config-path, repeatable */
    size_t folder_count;
    /* Other flags that set a key, as pairs of dotted key and text ("stacks.base_path", "x"). */
    const struct str (*settings)[2];
    size_t setting_count;
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
    bool is_found; /* false: no configuration file anywhere, spec 1.4 defaults used */
    struct str file; /* the configuration file with the highest priority, or empty */
};

/*
 * Finds, reads and merges the configuration (spec 1) and sets run->config. One diagnostic and a
 * negative code when it cannot: ERR_NOT_FOUND, ERR_PARSE, ERR_INVALID, ERR_IO. `need_stacks` demands
 * a stacks folder and include patterns, as stack commands do.
 */
int config_load(struct run *run, const struct config_options *options, bool need_stacks);

/* A value by dotted path, NULL when not set ("components.terraform.init_run_reconfigure"). */
const struct value *config_get(const struct config *config, const char *dotted);
bool config_bool(const struct config *config, const char *dotted, bool otherwise);
struct str config_text(const struct config *config, const char *dotted);

/* One row of the key table: what a configuration key is called everywhere. */
struct config_key {
    const char *name; /* dotted, lower case */
    const char *environment; /* variable that overrides it, or NULL */
    const char *kind; /* "text", "bool", "list", "number", "map" */
    const char *standard; /* default as text, or NULL */
    const char *summary;
};
extern const struct config_key config_keys[];
extern const size_t config_key_count;

#endif
