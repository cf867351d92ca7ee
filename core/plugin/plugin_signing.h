/* SPDX-License-Identifier: Apache-2.0 */
/* Keys, signatures and candidates: what `plugin keygen|sign|verify|trust` are made of. */
#ifndef TFATMOS_PLUGIN_PLUGIN_SIGNING_H
#define TFATMOS_PLUGIN_PLUGIN_SIGNING_H

#include "run.h"

struct plugin;
struct plugin_options;
struct plugins;

/*
 * Makes an Ed25519 key: `path` (PKCS #8 in PEM, mode 0600, encrypted when the passphrase is not empty)
 * and `path`.pub. Neither may exist. One diagnostic and ERR_CONFLICT, ERR_IO, ERR_UNAVAILABLE.
 */
int key_generate(struct run *run, const struct plugin_options *options, struct str path,
        struct str comment, struct str passphrase, struct str *ret_key_id);

struct sign_request {
    struct str file; /* a plugin, or a revocation list */
    struct str key; /* private key file */
    struct str passphrase;
    bool is_detached; /* write file.sig instead of a trailer */
    int64_t expires_s; /* INT64_MAX: never */
};

struct sign_result {
    struct str written; /* path */
    struct str id, version; /* of a plugin; empty for a list */
    struct str key_id;
};

/*
 * Signs a plugin file or a revocation list, written by rename. A signature that is there is replaced.
 * One diagnostic and ERR_INVALID (cannot be signed), ERR_DENIED (private key), ERR_IO, ERR_UNAVAILABLE.
 */
int plugin_sign(struct run *run, const struct plugin_options *options,
        const struct sign_request *request, struct sign_result *ret_result);

struct trust_request {
    struct str file; /* a public key, or a revocation list */
    const struct str *allowed; /* id prefixes the key may sign */
    size_t allowed_count;
    bool is_root;
    int64_t from_s, until_s; /* INT64_MIN, INT64_MAX: no limit */
};

/* Puts a key or a list into the user's store. ERR_* with one diagnostic; the path that was written. */
int trust_add(struct run *run, const struct plugin_options *options,
        const struct trust_request *request, struct str *ret_written);
/* Takes a key out of the user's store: ERR_NOT_FOUND, ERR_DENIED (it is the system's), ERR_IO. */
int trust_remove(struct run *run, const struct plugin_options *options, struct str key_id,
        struct str *ret_removed);
/* {keys: [...], revocations: [...], policies: [...]} of all stores in force. */
const struct value *trust_list_value(struct run *run, const struct plugins *plugins);

/*
 * Judges any file as a candidate: by everything that holds for plugins but folders and lock file. The
 * plugin's state is ready when it is signed by a trusted key, not revoked and allowed; else `refusal`
 * says why not. available: sound, but unsigned or signed by a key nobody trusts. `signer` and `digest`
 * say who signed exactly which bytes: copy first, judge the copy, then rename it into its place.
 * ERR_INVALID with a diagnostic only when there is no such file.
 */
int plugin_candidate(
        struct run *run, struct plugins *plugins, struct str path, struct plugin **ret_plugin);
/* 0 for a ready candidate; else one diagnostic with the code of its refusal, and ERR_DENIED. */
int plugin_candidate_say(struct run *run, const struct plugin *plugin);
/* What `plugin verify` prints. */
const struct value *plugin_candidate_value(struct run *run, const struct plugin *plugin);

#endif
