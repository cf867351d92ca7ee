/* SPDX-License-Identifier: Apache-2.0 */
/* Percent-encoding, and the canonical forms of path and query that signatures are made of. */
#ifndef TFATMOS_AWS_URI_H
#define TFATMOS_AWS_URI_H

#include "base/base.h"

/* Everything but A-Z a-z 0-9 - _ . ~ (and / when kept) becomes %XX with upper-case digits. */
void uri_encode(struct buf *out, struct str text, bool keep_slash);
/* %XX becomes the byte; a malformed escape and `+` stay as they are. */
void uri_decode(struct buf *out, struct str text);

enum {
    URI_KEEP_SEGMENTS = 1u << 0, /* do not remove ".", ".." and empty segments (S3) */
    URI_ENCODED_ONCE =
            1u << 1 /* the path on the wire is the canonical one (S3); all others encode
                                * it a second time */
};

/* Canonical form of the path as it stands in the request line; empty counts as "/". */
void uri_canonical_path(struct buf *out, struct str path, unsigned flags);

/* One query parameter, encoded strictly. */
struct uri_pair {
    struct str name;
    struct str value;
};

/*
 * The parameters of a query as it stands in the request line (without `?`), decoded, strictly encoded,
 * behind those already in `pairs`; empty pieces are dropped, `a` counts as `a=`.
 */
struct uri_pairs {
    VEC(struct uri_pair) list;
};

void uri_pairs_read(struct arena *arena, struct uri_pairs *pairs, struct str query);
/* Adds one parameter, encoding both parts. */
void uri_pairs_add(
        struct arena *arena, struct uri_pairs *pairs, struct str name, struct str value);
/* Sorts by name, then value, bytewise. */
void uri_pairs_sort(struct uri_pairs *pairs);
/* name=value&... in the present order. */
void uri_pairs_write(struct buf *out, const struct uri_pairs *pairs);

#endif
