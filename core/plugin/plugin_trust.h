/* SPDX-License-Identifier: Apache-2.0 */
/* Who says a plugin file may run: its signature, the lock file, revocations, policies. */
#ifndef TFATMOS_PLUGIN_PLUGIN_TRUST_H
#define TFATMOS_PLUGIN_PLUGIN_TRUST_H

#include "plugin_set.h"
#include "statement.h"
#include "trust_store.h"

/*
 * Looks for a statement at the end of the open file, then beside it, and fills the runtime's part about
 * it. Nothing is judged here: two small reads.
 */
void signature_find(
        struct run *run, const struct trusted_folder *folder, struct plugin *plugin, int fd);

enum signature_kind {
    SIGNATURE_NONE,
    SIGNATURE_UNKNOWN_KEY, /* there is one, by a key nobody trusts here: it says nothing */
    SIGNATURE_GOOD,
    SIGNATURE_BAD
};

struct signature_verdict {
    enum signature_kind kind;
    struct statement statement; /* but for SIGNATURE_NONE and a text that cannot be read */
    const struct trusted_key *key; /* who signed, when a trusted key is named */
    const struct diag_kind *code; /* for SIGNATURE_BAD and SIGNATURE_UNKNOWN_KEY */
    enum plugin_state state; /* for SIGNATURE_BAD */
    struct objection objection;
};

/* Reads the trust store when there is a signature. The plugin's digests must be known. */
void signature_judge(struct run *run, struct trust_store *store, const struct plugin *plugin,
        struct signature_verdict *ret_verdict);

/*
 * Gives a sound plugin from elsewhere its state. A candidate is judged without the lock file: as a file
 * that nobody has enabled yet.
 */
void trust_judge(
        struct run *run, struct plugins *plugins, struct plugin *plugin, bool is_candidate);

/* With a locked set: one diagnostic for each plugin that is not as locked, and ERR_DENIED. */
int trust_check_lock(struct run *run, struct plugins *plugins);

#endif
