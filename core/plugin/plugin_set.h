/* SPDX-License-Identifier: Apache-2.0 */
/* Private: what the files of plugin/ know about a set of plugins and about one plugin. */
#ifndef TFATMOS_PLUGIN_PLUGIN_SET_H
#define TFATMOS_PLUGIN_PLUGIN_SET_H

#include <tf-atmos/check.h>
#include <tf-atmos/component.h>
#include <tf-atmos/plugin.h>

#include "elf_note.h"
#include "plugin.h"
#include "plugin_lock.h"
#include "quarantine.h"
#include "trust.h"

struct catalogue;
struct worker_link;
struct worker_proxy;
struct host_call;
struct schema;
struct trust_store;

/* Which plugins run in a process of their own. */
struct isolation {
    bool want_all; /* bundled ones too */
    /* Starts the process for the bytes behind a descriptor, lent for the call: 0, or a code with a
     * diagnostic. */
    int (*open)(
            struct run *run, struct plugin *plugin, int image_fd, struct worker_link *ret_link);
};

/* As the configuration says, with real processes. */
void isolation_init(struct run *run, struct isolation *isolation);

struct plugins {
    VEC(struct plugin *) list;
    struct plugin_lock lock;
    struct trust_store *trust;
    struct quarantine quarantine;
    const struct str *disabled; /* patterns of atmos.yaml */
    size_t disabled_count;
    struct plugin_world world;
    struct isolation isolation;
    struct merger *merger;
    uint32_t generation; /* of the last callback; handles carry it */
    const struct value *no_value; /* an empty map */
    struct map bindings; /* struct bound by the bytes of the instance's address */
};

/* What was already asked about one binding. */
struct binding_state {
    bool is_validated;
    int validate_code;
    bool is_generated;
    int generate_code;
    const struct value *vars;
};

/* The statement found at the end of the file, or beside it; not yet judged. */
struct plugin_signature {
    bool is_there;
    struct str text; /* empty: cut off, or not to be read */
    struct objection objection; /* why the file beside it is not read */
    uint64_t content_bytes; /* of the file without the statement */
    struct str content_digest; /* known with plugin->digest */
};

enum load_state {
    LOAD_NOT_TRIED,
    LOAD_DONE,
    LOAD_FAILED
};

struct plugin_runtime {
    /* From the static step; `judged` says what the file itself deserves, before pins and shadows. */
    enum plugin_state judged; /* PLUGIN_READY: nothing is wrong with it */
    struct objection objection;
    struct elf_facts facts;
    struct lock_pin pin; /* all zero without one */
    struct plugin_signature signature;
    bool is_policy_said;

    const struct catalogue *catalogue; /* NULL until read */
    const struct schema *schema; /* NULL until read, or without one */
    bool is_schema_read;
    int schema_code;

    enum load_state load_state;
    int load_code;
    const struct tfa_plugin *descriptor;
    void *self;
    bool is_started;
    const struct tfa_component_v1 *component; /* NULL: not offered */
    const struct tfa_check_v1 *check;
    struct tfa_host host; /* as handed to init */
    struct worker_proxy *proxy; /* NULL: it runs in this process */
    struct host_call *call; /* the one call object of this plugin */
};

/* The file name of a loaded or found plugin as shown to people. */
struct str plugin_shown(struct run *run, const struct plugin *plugin);
/* Reads one note of the file again, by its path; one diagnostic and a code when that fails. */
int plugin_read_note(struct run *run, const struct plugin *plugin, struct elf_range range,
        struct str *ret_content);
/* Fills plugin->digest and the content digest. ERR_IO without a diagnostic. */
int plugin_hash(struct run *run, struct plugin *plugin);

/* Folders of this name beside plugins hold a file that is being installed; nothing in them is one yet. */
#define STAGING_PREFIX ".tf-atmos-"

/* The schema half of plugin_validate: 0, ERR_INVALID after findings, or another code. */
int intent_check(struct run *run, struct plugin *plugin, const struct plugin_binding *binding);

/* Gives every plugin its state, reason and next from what is known of its file, the lock and the
 * configuration. */
void plugins_judge(struct run *run, struct plugins *plugins);

/* Writes the lock file and takes it over, unless it may not change; on failure the set stays as it was.
 * A code with a diagnostic. */
int plugins_commit(struct run *run, struct plugins *plugins, const struct plugin_lock *lock);

/* Whether it runs in a process of its own. */
bool plugin_is_isolated(const struct plugins *plugins, const struct plugin *plugin);

/* Entries of the maps that commands print. Texts are made fit for people. */
void row_put_shown(
        struct run *run, struct value_builder *row, const char *key, struct str text);

/* $`variable`/tf-atmos, else the same below the home folder; empty without either. */
struct str own_folder(struct run *run, const char *variable, struct str below_home);

/* The group whose right to write is no objection to a plugin of this origin. */
gid_t spared_group(enum plugin_origin origin);

/* The static step for one file, by any path; always a plugin, perhaps a refused one. */
struct plugin *plugin_examine(struct run *run, const struct trusted_folder *folder,
        struct str name, enum plugin_origin origin);
/* The same for a file by its path, relative to the working folder, found by discovery or not. One
 * diagnostic and ERR_INVALID when its folder cannot be looked into. */
int plugin_examine_path(struct run *run, struct str path, struct plugin **ret_plugin);

#endif
