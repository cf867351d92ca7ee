/* SPDX-License-Identifier: Apache-2.0 */
/* Finding the keys to sign with. */
#ifndef TFATMOS_AWS_CREDENTIALS_H
#define TFATMOS_AWS_CREDENTIALS_H

#include "profile.h"
#include "secret.h"

/*
 * The keys of `profile`. Empty: those of the environment (AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY,
 * AWS_SESSION_TOKEN), else of the profile AWS_PROFILE names, else of `default`. A named profile never
 * falls back on the environment. What this version cannot do is a fault that names the construct and
 * its place, never skipped. Give the keys back with credentials_free. ERR_DENIED with a fault.
 */
int credentials_find(struct run *run, const struct profiles *profiles, struct str profile,
        struct credentials **ret_credentials, const struct aws_fault **ret_fault);

/* The profile whose other settings count: `profile`, else AWS_PROFILE, else "default". */
struct str profile_in_use(const struct run *run, struct str profile);

#endif
