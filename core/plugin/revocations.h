/* SPDX-License-Identifier: Apache-2.0 */
/* The list of what is no longer trusted, signed by an organization's root key. */
#ifndef TFATMOS_PLUGIN_REVOCATIONS_H
#define TFATMOS_PLUGIN_REVOCATIONS_H

#include "record.h"

#define REVOCATIONS_HEADING "tf-atmos plugin revocations 1"
#define REVOCATIONS_NAME    "revocations"

enum {
    REVOCATIONS_MAX_BYTES = 1 << 20
};

/*
 *   tf-atmos plugin revocations 1
 *   key: <id of the root key>
 *   serial: 7
 *   issued: 2026-03-01T00:00:00Z
 *   expires: 2026-09-01T00:00:00Z
 *   revoke-key: <id>                              any number of each, in this order
 *   revoke-sha256: <digest>
 *   revoke-id: com.example.audit 1.0.0 1.4.2      from and to, both included
 *   minimum: com.example.audit 1.5.0
 *   signature: ...
 *
 * The serial rises with each list of a root key; a lower one than seen before is refused.
 */
struct revocations {
    struct record record;
    struct str key_id;
    uint64_t serial;
    int64_t issued_s, expires_s;
};

/* 0, or ERR_PARSE with *ret_reason completing "the revocation list ...". */
int revocations_read(struct arena *arena, struct str text, struct revocations *ret_list,
        struct str *ret_reason);
/*
 * Signs a list: `text` is one with or without the lines `key` and `signature`, which are replaced.
 * ERR_PARSE with the reason.
 */
int revocations_sign(struct arena *arena, struct str text, const struct crypto_library *crypto,
        const struct private_key *key, struct str *ret_text, struct str *ret_reason);

bool revokes_key(const struct revocations *list, struct str key_id);
bool revokes_digest(const struct revocations *list, struct str sha256);
bool revokes_version(const struct revocations *list, struct str id, struct str version);
/* True with the wanted version when the list demands a later one of this id. */
bool demands_later(const struct revocations *list, struct str id, struct str version,
        struct str *ret_minimum);

#endif
