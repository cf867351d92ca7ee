/* SPDX-License-Identifier: Apache-2.0 */
/* Keys that are trusted, what was revoked, and the policies in force: read from files nobody else can write. */
#ifndef TFATMOS_PLUGIN_TRUST_STORE_H
#define TFATMOS_PLUGIN_TRUST_STORE_H

#include "key_file.h"
#include "plugin.h"
#include "policy.h"
#include "revocations.h"
#include "trust.h"
#include "trust_diag.h"

/*
 * A system folder has policy.json, keys/<x>.pub and revocations; the user's folder keys/ and revocations;
 * a repository tf-atmos.keys/<x>.pub, which count only when a policy of the system says so. Policies are
 * read with the set of plugins, the rest (and libcrypto) when the first signature is met.
 */
struct trust_store {
    struct plugin_options options;
    struct policy *policies;
    size_t policy_count;
    bool is_locked; /* --locked, or a policy's */

    bool is_read;
    bool has_crypto;
    struct crypto_library crypto;
    struct str crypto_reason; /* why there is none */
    VEC(struct trusted_key) keys;
    VEC(struct revocations) lists;
    /* Set when a list cannot be used: nothing from elsewhere may run then. */
    const struct diag_kind *fault;
    struct objection fault_objection;
};

#define REPOSITORY_KEYS "tf-atmos.keys"

/* Reads the policies. One diagnostic and ERR_* when one cannot be used. */
int trust_store_open(
        struct run *run, const struct plugin_options *options, struct trust_store **ret_store);
/* Reads keys and lists, once; adds warnings for key files that are not used. */
void trust_store_read(struct run *run, struct trust_store *store);
/* Opens libcrypto when it is not open; false with store->crypto_reason when it cannot be. */
bool trust_store_has_crypto(struct run *run, struct trust_store *store);
/* The same with a diagnostic: ERR_UNAVAILABLE. */
int trust_store_need_crypto(struct run *run, struct trust_store *store);

/* NULL when no trusted key has this id. Borrowed until the store is read anew. */
const struct trusted_key *trust_store_find(const struct trust_store *store, struct str key_id);

/*
 * Judges the text of a list by keys, serials seen, and dates. The list, or a code of trust_diags with
 * *ret_objection. An expired list is one, with a warning, unless the run is strict.
 */
const struct diag_kind *trust_store_judge_list(struct run *run, struct trust_store *store,
        struct str text, struct revocations *ret_list, struct objection *ret_objection);

/* "<user folder>/keys"; empty without one. */
struct str trust_store_user_keys(struct run *run, const struct trust_store *store);

#endif
