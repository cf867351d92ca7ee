/* SPDX-License-Identifier: Apache-2.0 */
/* AWS Signature Version 4: in the Authorization header, or in the query of a presigned URL. */
#ifndef TFATMOS_AWS_SIGV4_H
#define TFATMOS_AWS_SIGV4_H

#include "library.h"
#include "secret.h"
#include "stamp.h"
#include "uri.h"

struct header {
    struct str name;
    struct str value;
};

/* A request as it will be sent, byte for byte; every header given here is signed. */
struct sigv4_request {
    struct str method;
    struct str path; /* of the request line, up to `?` */
    struct str query; /* after `?`; may be empty */
    const struct header *headers; /* must contain Host */
    size_t header_count;
    struct str body;
};

enum {
    SIGV4_QUERY =
            1u
            << 0, /* presign: the signature goes into the query. The body is part of it, which
                            * S3 does not want; nothing presigns for S3 yet. */
    SIGV4_KEEP_SEGMENTS = 1u << 1, /* path: as URI_KEEP_SEGMENTS */
    SIGV4_ENCODED_ONCE = 1u << 2, /* path: as URI_ENCODED_ONCE */
    SIGV4_SIGN_BODY = 1u << 3, /* header form: send and sign x-amz-content-sha256 */
    SIGV4_TOKEN_AFTER = 1u << 4, /* the session token is sent but not signed */
    /* What S3 wants. */
    SIGV4_S3 = SIGV4_KEEP_SEGMENTS | SIGV4_ENCODED_ONCE | SIGV4_SIGN_BODY
};

/* For whom, where and when. */
struct sigv4_scope {
    const struct credentials *credentials;
    struct str region;
    struct str service; /* signing name */
    int64_t time_s; /* Unix time */
    int64_t expires_s; /* query form only; at most 7 days */
    unsigned flags; /* SIGV4_... */
};

/*
 * What to add to the request. Header form: X-Amz-Date `stamp`, Authorization `authorization`, the token
 * of the credentials as X-Amz-Security-Token when there is one, and x-amz-content-sha256 `body_hash`
 * with SIGV4_SIGN_BODY. Query form: `query` replaces the request's; it holds the session token.
 */
struct sigv4_signature {
    struct stamp stamp;
    char hex[65];
    char body_hash[65];
    struct str authorization; /* header form */
    struct str query; /* query form */
};

/* The steps in between, for tests; they may hold the session token. */
struct sigv4_steps {
    struct str canonical;
    struct str string_to_sign;
};

/* Signing keys already derived, one per key id, date, region and service; wiped by sigv4_clear. */
struct sigv4_key {
    char name[192]; /* "keyid/date/region/service", empty: free */
    unsigned char bytes[32];
};

enum {
    SIGV4_KEYS = 32
};

struct sigv4 {
    const struct crypto_library *crypto;
    size_t next; /* slot to be overwritten next */
    size_t derived; /* how often a key was derived */
    struct sigv4_key keys[SIGV4_KEYS];
};

void sigv4_init(struct sigv4 *signer, const struct crypto_library *crypto);
void sigv4_clear(struct sigv4 *signer);

/*
 * Signs. Texts of the signature live in `arena`; `ret_steps` may be NULL. ERR_UNAVAILABLE when
 * libcrypto refuses HMAC or SHA-256 (a FIPS set-up gone wrong).
 */
int sigv4_sign(struct sigv4 *signer, struct arena *arena, const struct sigv4_request *request,
        const struct sigv4_scope *scope, struct sigv4_signature *ret_signature,
        struct sigv4_steps *ret_steps);

#endif
