/* SPDX-License-Identifier: Apache-2.0 */
/* Text of lists and maps that were written before: what many instances share is spelled once. */
#ifndef TFATMOS_VALUE_JSON_CACHE_H
#define TFATMOS_VALUE_JSON_CACHE_H

#include "value.h"

/* A node at a depth of indentation that was written. Most are written once: kept small. */
struct json_seen {
    const struct value *value; /* NULL: free slot */
    uint32_t depth;
    uint32_t kept; /* one more than the position of its text; 0 until it was written again */
};

/* Where a repeated node stands in the text that is being kept. */
struct json_span {
    const struct value *value;
    size_t depth;
    size_t start;
    size_t len;
};

struct json_cache {
    struct arena *arena; /* of the texts; NULL until the first node */
    struct arena *slot_arena; /* of the slots alone, freed when they grow */
    struct json_seen *slots; /* open addressing */
    size_t slot_count; /* a power of two, or 0 */
    size_t count;
    size_t kept_bytes;
    VEC(struct str) kept;
    VEC(struct json_span) spans; /* of the outermost repeated node being written */
    bool is_keeping;
};

enum json_sight {
    JSON_NEW, /* or the cache is full */
    JSON_SEEN, /* written before, its text not kept */
    JSON_KEPT /* *ret_text is its text */
};

/* What is known of a node, which counts as written from now on. */
enum json_sight json_cache_look(struct json_cache *cache, const struct value *value,
        size_t depth, struct str *ret_text);
/* Notes a repeated node written inside the outermost one. */
void json_cache_note(struct json_cache *cache, struct json_span span);
/* Keeps the text of the outermost repeated node, which began at `start`, for all noted nodes. */
void json_cache_keep(struct json_cache *cache, struct str text, size_t start);
void json_cache_clear(struct json_cache *cache);

#endif
