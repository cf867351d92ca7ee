/* SPDX-License-Identifier: Apache-2.0 */
/* Who we are to a registry: Docker's config.json, and the helper programs that it names. */
#ifndef TFATMOS_FETCH_LOGIN_H
#define TFATMOS_FETCH_LOGIN_H

#include "registry.h"

enum {
    LOGIN_MAX_BYTES = 64 << 10 /* of what a helper answers, and of what is made of it */
};

/*
 * Appends "Basic ..." for the registry to `basic`, which the caller wipes; nothing when nobody knows a
 * login. ERR_UNAVAILABLE with a diagnostic when a helper that is named cannot be asked.
 */
int registry_login(struct registry *registry, struct buf *basic);

/* What a helper knows: views into its answer. */
struct helper_login {
    struct str username, secret;
};

/*
 * Runs docker-credential-<name> get with the host on its input. `answer` is empty, of LOGIN_MAX_BYTES,
 * and wiped by the caller. 0, ERR_NOT_FOUND (it knows no login), ERR_UNAVAILABLE (why, as the end of a
 * sentence about it).
 */
int helper_ask(struct run *run, struct str name, struct str host, struct buf *answer,
        struct helper_login *ret_login, struct str *ret_why);

/*
 * Reads {"Username": "...", "Secret": "..."} where it stands, so that no copy of a secret is made;
 * other members with plain values are passed over. False when it is something else.
 */
bool helper_read(struct buf *answer, struct helper_login *ret_login);

#endif
