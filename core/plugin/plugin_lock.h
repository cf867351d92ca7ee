/* SPDX-License-Identifier: Apache-2.0 */
/* The lock file tf-atmos.lock.json: which plugins a repository runs, down to the byte. */
#ifndef TFATMOS_PLUGIN_PLUGIN_LOCK_H
#define TFATMOS_PLUGIN_PLUGIN_LOCK_H

#include "plugin_identity.h"
#include "run.h"

#define LOCK_FILE_NAME "tf-atmos.lock.json"

/*
 *   {
 *     "disabled": ["guardduty"],
 *     "plugins": {
 *       "com.example.audit": {"components": [], "kinds": ["audit"], "sha256": "...", "version": "1.2.3"}
 *     },
 *     "version": 1
 *   }
 *
 * It lies beside atmos.yaml and belongs under version control. A pin names no path: the same bytes are
 * good in any folder; "source" is only where `plugin update` looks for a later version. "disabled" holds ids (or globs) of bundled plugins that are off in this
 * repository; plugins.disabled of atmos.yaml does the same for all plugins and cannot be undone by a
 * command. Keys that this version does not know are kept when the file is written again.
 */
struct plugin_lock {
    struct str path; /* absolute; empty: no repository */
    const struct value *root; /* never NULL */
};

struct lock_pin {
    struct str version;
    struct str sha256;
    struct str signer; /* key id; empty: it was not signed by a trusted key */
    struct str
            source; /* where `plugin install` got it: an address, or a path below the repository;
                        * empty: not known */
    /* What it handles, known even when its file is missing or another one lies in its place. */
    struct str_list kinds;
    struct str_list components;
};

/* A missing file is an empty lock. One diagnostic and ERR_PARSE, ERR_INVALID, ERR_LIMIT or ERR_IO. */
int lock_read(struct run *run, struct str repository, struct plugin_lock *ret_lock);
/* The same for a text; `file` is its sources id. Sets lock->root only. */
int lock_parse(struct run *run, struct str content, uint32_t file, struct plugin_lock *lock);
/* The lists of the pin are filled when an arena is given. */
bool lock_find(struct arena *arena, const struct plugin_lock *lock, struct str id,
        struct lock_pin *ret_pin);
/* The pinned ids, in the order of the file. */
struct str_list lock_ids(struct arena *arena, const struct plugin_lock *lock);
bool lock_disables(const struct plugin_lock *lock, struct str id);

/* Change the lock in memory; lock_write makes it last. Removing what is not there changes nothing. */
void lock_set_pin(
        struct run *run, struct plugin_lock *lock, struct str id, struct lock_pin pin);
void lock_remove_pin(struct run *run, struct plugin_lock *lock, struct str id);
void lock_set_disabled(
        struct run *run, struct plugin_lock *lock, struct str id, bool is_disabled);

/* Writes atomically; the same content gives the same bytes. ERR_IO or ERR_INVALID with a diagnostic. */
int lock_write(struct run *run, const struct plugin_lock *lock);

#endif
