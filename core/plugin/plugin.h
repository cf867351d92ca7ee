/* SPDX-License-Identifier: Apache-2.0 */
/* The public face of plugin/: finding plugins, trusting them, and asking them about instances. */
#ifndef TFATMOS_PLUGIN_PLUGIN_H
#define TFATMOS_PLUGIN_PLUGIN_H

#include "permissions.h"
#include "plugin_aws.h"
#include "plugin_diag.h"
#include "plugin_identity.h"
#include "plugin_install.h"
#include "plugin_new.h"
#include "plugin_sandbox.h"
#include "plugin_signing.h"
#include "run.h"
#include "stack/stack.h"
#include "trust_diag.h"

/*
 * The way of a plugin: discover (folders are read, static metadata is judged, no code of any plugin
 * runs) -> bind (which plugins handle an instance) -> load on first use -> validate, generate, check.
 * Everything lives in the run's arena; loaded plugins stay until the process ends. One thread.
 */
struct plugins;
struct plugin_runtime;

/* Where a plugin was found, in the order of search: the earlier one wins over the same id. */
enum plugin_origin {
    PLUGIN_BUNDLED, /* came with the program */
    PLUGIN_ENVIRONMENT, /* $TF_ATMOS_PLUGIN_PATH */
    PLUGIN_CONFIGURED, /* plugins.paths in atmos.yaml */
    PLUGIN_REPOSITORY, /* plugins.d of the repository */
    PLUGIN_USER, /* the user's data folder */
    PLUGIN_ORIGIN__COUNT
};

enum plugin_state {
    PLUGIN_READY, /* handles instances */
    PLUGIN_AVAILABLE, /* sound, but nobody has enabled it: no code of it runs */
    PLUGIN_DISABLED, /* switched off by id or glob */
    PLUGIN_QUARANTINED, /* ended in the middle of its work; not asked again until it changes */
    PLUGIN_SHADOWED, /* an earlier folder has the same id, or an earlier plugin the same kind */
    PLUGIN_INCOMPATIBLE, /* made for another version of the program or another machine */
    PLUGIN_REFUSED, /* not a plugin, or not safe to load */
    PLUGIN_UNSIGNED, /* a policy wants a signature, and it has none */
    PLUGIN_EXPIRED, /* its signature, or the key that made it, is past its end */
    PLUGIN_REVOKED, /* a revocation list names it, its version or its key */
    PLUGIN_STATE__COUNT
};

/* One file (or folder, FIFO, ...) found in a plugin folder. */
struct plugin {
    struct str name; /* of the file */
    struct str path; /* absolute */
    enum plugin_origin origin;
    enum plugin_state state;
    struct str reason; /* why it is in that state, one sentence without full stop */
    struct str next; /* one command or action to do about it; empty when nothing is to do */
    const struct plugin_identity *identity; /* NULL when it has none that can be read */
    uint64_t size_bytes;
    struct str digest; /* 64 hexadecimal digits; empty until something needed it */
    bool is_pinned; /* the lock file names it */
    const struct diag_kind *refusal; /* the code of the reason, when it may not run; or NULL */
    struct str signer; /* id of the trusted key whose signature holds; else empty */
    struct str signer_name; /* what its key file says of it; may be empty */
    struct str claimed_signer; /* key id in the signature, whether it holds or not */
    int64_t signed_s, signature_ends_s; /* as the signature says; INT64_MAX: no end */
    bool is_signed_here; /* the key it names is trusted here, whatever became of it */
    bool is_sandboxed; /* it runs in a process of its own, without rights */
    bool is_candidate; /* judged as a file that nobody has enabled yet */
    struct plugin_runtime *runtime; /* private: notes not yet read, loaded code */
};

/* Texts for people and JSON: "bundled", "ready", ... */
const char *plugin_origin_name(enum plugin_origin origin);
const char *plugin_state_name(enum plugin_state state);
/* "process" or "worker". */
const char *plugin_host_name(const struct plugin *plugin);

enum {
    PLUGIN_SYSTEM_FOLDERS = 2
};

/* What discovery looks at. Empty texts mean what the run says: see each. */
struct plugin_options {
    struct str
            bundled_folder; /* <folder of the program>/plugins, else ../<libdir>/tf-atmos/plugins */
    struct str repository; /* base path of the configuration; "" with no configuration: none */
    bool is_privileged; /* the process gained rights by being executed (AT_SECURE): set by
                         * plugin_options_default; the environment then names no folder */
    /* Folders with policy.json, keys/ and revocations. The system's: /etc/tf-atmos, and etc/tf-atmos
     * beside the folder of the program (/opt/x/etc for /opt/x/bin). No variable names them: what they
     * forbid must not depend on who runs the program. */
    struct str system_folders[PLUGIN_SYSTEM_FOLDERS];
    struct str user_folder; /* $XDG_CONFIG_HOME/tf-atmos */
    struct str state_folder; /* $XDG_STATE_HOME/tf-atmos: serials of revocation lists */
};

void plugin_options_default(struct run *run, struct plugin_options *ret_options);

/*
 * Reads the folders and the lock file and judges every file in them. Files that are no usable plugins
 * are not errors; wrong settings and an unreadable lock file are: one diagnostic and ERR_PARSE,
 * ERR_INVALID, ERR_LIMIT or ERR_IO.
 */
int plugins_discover(
        struct run *run, const struct plugin_options *options, struct plugins **ret_plugins);

/* All files in order of search, each folder in byte order. */
size_t plugins_count(const struct plugins *plugins);
struct plugin *plugins_at(const struct plugins *plugins, size_t index);
/* The winner among those with this id, whatever its state; NULL when there is none. */
struct plugin *plugins_find(const struct plugins *plugins, struct str id);
/* The same, with a diagnostic and the nearest ids when there is none: ERR_NOT_FOUND. */
int plugins_select(struct run *run, const struct plugins *plugins, struct str id,
        struct plugin **ret_plugin);
/* The path of the lock file, for messages; empty without a repository. */
struct str plugins_lock_path(const struct plugins *plugins);

/* ---- switching on and off: tf-atmos.lock.json ---- */

/*
 * Enabling pins id, version and SHA-256 of the file in the lock file; for a bundled plugin it takes
 * the id off the file's "disabled" list. Disabling removes the pin and, for a bundled plugin, adds
 * the id to that list. `*ret_changed` is false when it already was so. One diagnostic and
 * ERR_NOT_FOUND, ERR_DENIED (the file is refused or incompatible, or atmos.yaml disables it),
 * ERR_INVALID (no repository), ERR_IO. The plugin's row is up to date afterwards.
 */
int plugin_enable(
        struct run *run, struct plugins *plugins, struct plugin *plugin, bool *ret_changed);
int plugin_disable(
        struct run *run, struct plugins *plugins, struct plugin *plugin, bool *ret_changed);

/*
 * Takes plugins out of quarantine, one id or, when it is empty, all. `*ret_count` is the number of
 * records that were there. ERR_NOT_FOUND (no such plugin and no such record), ERR_IO.
 */
int plugins_reset(struct run *run, struct plugins *plugins, struct str id, size_t *ret_count);

/* ---- what commands print ---- */

/* List of maps: id, version, state, origin, path, kinds, reason, next, ...; the rows of `plugin list`. */
const struct value *plugins_list_value(struct run *run, const struct plugins *plugins);
/* One plugin in full: identity, digest, needed libraries, permissions, checks, codes. */
const struct value *plugin_info_value(struct run *run, struct plugin *plugin);
/* The static metadata as a map {identity, schema, catalogue}. ERR_* with a diagnostic. */
int plugin_manifest_value(
        struct run *run, struct plugin *plugin, const struct value **ret_manifest);
/* The same for any file, found or not ("./build/x.so"). */
int plugin_manifest_of_file(
        struct run *run, struct str path, const struct value **ret_manifest);

/* A finding code of some plugin, for `explain`. */
struct plugin_code {
    struct str code, severity, title, cause, fix, doc_url;
    const struct plugin *plugin;
};

/* By exact code ("GD031"), from the notes alone; false when no plugin declares it. */
bool plugins_find_code(struct run *run, const struct plugins *plugins, struct str code,
        struct plugin_code *ret_code);
/* All codes in byte order, for suggestions and docs. */
const struct plugin_code *plugins_codes(
        struct run *run, const struct plugins *plugins, size_t *ret_count);

/* ---- asking ---- */

/* That a plugin handles an instance. */
struct plugin_binding {
    struct plugin *plugin;
    struct str kind; /* of the plugin's kinds the one meant; the key under settings */
    const struct instance *instance;
    const struct value
            *intent; /* map under settings.<kind>; empty for `true` or by component */
    struct mark mark; /* of that key; of the component when bound by component */
    bool by_component;
    struct binding_state *state; /* private: what was already asked */
};

/*
 * The bindings of an instance in byte order of kind. Abstract and disabled instances have none.
 * A settings.<kind> of a wrong type is an error, one of a plugin that is there but not usable a
 * warning, or an error when the repository relies on the plugin (it is bundled, or enabled here): each
 * once, in the run's diagnostics. ERR_INVALID, ERR_UNAVAILABLE after errors; the other bindings are
 * still returned.
 */
int plugins_bind(struct run *run, struct plugins *plugins, const struct instance *instance,
        const struct plugin_binding **ret_bindings, size_t *ret_count);

/* What plugins may see of the rest of the repository and of AWS; all of it may be zero. */
struct plugin_world {
    const struct stacks *stacks; /* for tfa.lookup/1 */
    /* The same at the price of resolving them, asked when `stacks` is NULL; NULL: unsupported. */
    const struct stacks *(*find_stacks)(void *context);
    void *context;
    const struct plugin_aws_service *aws; /* for tfa.aws/1; NULL: checks get "no answer" */
    const struct value
            *targets; /* list of maps {alias, account_id, region, partition, ...} beside
                                  * "self", for checks; NULL: none */
    /* What the user says; 0: what the plugin asks for, else 10 s and 60 s. */
    int64_t callback_ms; /* time for loading, init, and one validate, generate or list */
    int64_t check_ms; /* time for one check item */
    int64_t settle_ms; /* how long pending checks are asked again; 0: once only */
    const volatile int *cancel; /* non-zero: stop; NULL: never */
};

/* Lent from now on; NULL takes it back. */
void plugins_set_world(struct plugins *plugins, const struct plugin_world *world);

/*
 * Loads a ready plugin and starts it; later calls give the first result again. Its file is checked
 * anew and its bytes are compared with the pin before they are mapped. One diagnostic at the first
 * failure: ERR_DENIED, ERR_INVALID (descriptor unlike the note, ...), ERR_UNAVAILABLE, ERR_IO.
 */
int plugin_load(struct run *run, struct plugins *plugins, struct plugin *plugin);

/*
 * Judges the intent: first by the plugin's schema, then, if that holds, by the plugin. Findings go to
 * the run's diagnostics. ERR_INVALID when there was an error among them; other codes when the
 * validation did not take place (one diagnostic). Asking again gives the same code and says nothing.
 */
int plugin_validate(
        struct run *run, struct plugins *plugins, const struct plugin_binding *binding);

/*
 * The variables the plugin wants, alone: a map, perhaps empty, without what the user wrote. To be
 * called only after plugin_validate found no error. ERR_* with a diagnostic.
 */
int plugin_generate(struct run *run, struct plugins *plugins,
        const struct plugin_binding *binding, const struct value **ret_vars);

/*
 * Validates and generates for all bindings of one instance and gives the variables Terraform gets:
 * generated ones deep-merged under instance->vars. An explicit variable that says something else than
 * the intent is reported (info). Without bindings the result is instance->vars itself.
 */
int plugins_resolve_vars(struct run *run, struct plugins *plugins,
        const struct instance *instance, const struct value **ret_vars);

/* Counts of check results. */
struct plugin_tally {
    size_t pass, fail, pending, skipped, unknown;
};

/*
 * Compares the account with the intent. Every result is a diagnostic with its `check` set; a failed
 * check is an error by its code's severity, unknown and pending are warnings. Adds to *tally.
 * Negative only when checks could not be listed, the plugin ended in the middle of its work, or the user
 * cancelled (one diagnostic each).
 * A plugin that offers no checks adds nothing.
 */
int plugin_check(struct run *run, struct plugins *plugins, const struct plugin_binding *binding,
        struct plugin_tally *tally);

/* Ends all loaded plugins (their shutdown); nothing is unmapped. Calling it twice is fine, as
 * is NULL. ERR_UNAVAILABLE with a diagnostic each when workers did not end in order. */
int plugins_shutdown(struct plugins *plugins);

#endif
