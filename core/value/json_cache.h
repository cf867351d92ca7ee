/* SPDX-License-Identifier: Apache-2.0 */
/* Text of lists and maps that were written before: what many instances share is spelled once. */
#ifndef TFATMOS_VALUE_JSON_CACHE_H
#define TFATMOS_VALUE_JSON_CACHE_H

#include "value.h"

/* A node at a depth of indentation. `text` is NULL until it was written a second time. */
struct json_memo {
    const struct value *value; /* NULL: free slot */
    const char *text;
    size_t len;
    uint32_t depth;
    bool is_seen;
};

/* Where a repeated node stands in the text that is being kept. */
struct json_span {
    const struct value *value;
    size_t depth;
    size_t start;
    size_t len;
};

struct json_cache {
    struct arena *arena; /* NULL until something is kept */
    struct json_memo *memos; /* open addressing */
    size_t slot_count; /* a power of two, or 0 */
    size_t count;
    size_t kept_bytes;
    VEC(struct json_span) spans; /* of the outermost repeated node being written */
    bool is_keeping;
};

/* The memo of a node, made when it is new; NULL once the cache is full. */
struct json_memo *json_cache_find(
        struct json_cache *cache, const struct value *value, size_t depth);
/* Notes a repeated node written inside the outermost one. */
void json_cache_note(struct json_cache *cache, struct json_span span);
/* Keeps the text of the outermost repeated node, which began at `start`, for all noted nodes. */
void json_cache_keep(struct json_cache *cache, struct str text, size_t start);
void json_cache_clear(struct json_cache *cache);

#endif
