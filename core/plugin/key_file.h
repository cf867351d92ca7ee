/* SPDX-License-Identifier: Apache-2.0 */
/* A public key as a file: who signs, and, in a trust store, for which ids and how long. */
#ifndef TFATMOS_PLUGIN_KEY_FILE_H
#define TFATMOS_PLUGIN_KEY_FILE_H

#include "plugin_identity.h"
#include "record.h"

#define KEY_HEADING   "tf-atmos public key 1"
#define KEY_EXTENSION ".pub"

enum {
    KEY_FILE_MAX_BYTES = 16384
};

/*
 * `plugin keygen` writes key, public and comment. What a key may do is decided by whoever trusts it:
 * `plugin trust add` adds the rest.
 */
struct trusted_key {
    struct public_key key;
    struct str key_id;
    struct str comment; /* may be empty */
    struct str_list allowed; /* id prefixes, or "*" */
    bool is_root; /* may sign revocation lists */
    int64_t from_s; /* INT64_MIN: no beginning */
    int64_t until_s; /* INT64_MAX: no end */
    struct str path; /* of the file, as found */
    const char *store; /* "system", "user" or "repository" */
};

/* 0, or ERR_PARSE with *ret_reason completing "the key file ...". */
int key_file_read(struct arena *arena, struct str text, struct trusted_key *ret_key,
        struct str *ret_reason);
struct str key_file_write(struct arena *arena, const struct trusted_key *key);

/* "com.example" covers itself and every id that goes on with a dot; "*" covers all. */
bool key_covers(const struct trusted_key *key, struct str id);
bool is_key_scope(struct str text);

#endif
