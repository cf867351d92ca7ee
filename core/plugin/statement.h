/* SPDX-License-Identifier: Apache-2.0 */
/* What a signer says about a plugin file, and where it stands: at the file's end, or beside it. */
#ifndef TFATMOS_PLUGIN_STATEMENT_H
#define TFATMOS_PLUGIN_STATEMENT_H

#include "record.h"

#define STATEMENT_HEADING   "tf-atmos plugin statement 1"
#define STATEMENT_EXTENSION ".sig" /* of the file beside x.so: x.so.sig */

enum {
    STATEMENT_MAX_BYTES = 4096,
    /* "tf-atmos-statement:00000200\n", the last bytes of a file that carries its statement. The number
     * is the statement's length in hexadecimal digits; it stands right before. */
    TRAILER_FOOTER_BYTES = 28
};

struct statement {
    struct record record;
    struct str key_id, id, version, abi; /* abi: "1.0" */
    uint64_t size_bytes; /* of the content: the file without a trailer */
    struct str sha256; /* of the content */
    int64_t issued_s;
    int64_t expires_s; /* INT64_MAX: never */
};

/* 0, or ERR_PARSE with *ret_reason completing "the signature ...". Views `text`. */
int statement_read(struct arena *arena, struct str text, struct statement *ret_statement,
        struct str *ret_reason);
/* The signed text of a statement; `record` is not looked at. */
struct str statement_write(struct arena *arena, const struct statement *statement,
        const struct crypto_library *crypto, const struct private_key *key);

/*
 * Looks at the last TRAILER_FOOTER_BYTES of a file of `size_bytes`. False: it has no trailer. True:
 * *ret_length is the statement's, 0 when the footer says one that cannot be.
 */
bool trailer_find(struct str footer, uint64_t size_bytes, size_t *ret_length);
/* The footer for a statement of that length. */
struct str trailer_footer(struct arena *arena, size_t length);

/* The id a key is known by: the first 16 digits of the SHA-256 of its bytes. */
struct str public_key_id(struct arena *arena, const struct public_key *key);

#endif
