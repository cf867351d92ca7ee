/* SPDX-License-Identifier: Apache-2.0 */
/* Regular expressions in linear time. */
#ifndef TFATMOS_BASE_REGEX_H
#define TFATMOS_BASE_REGEX_H

#include "arena.h"

/*
 * The language is that of ECMA-262 in Unicode mode without what would need backtracking: look-around
 * and back references. Property escapes (\p{...}) are not there either. Texts are UTF-8 and matched by
 * code points. The time of a search is bounded by the product of the two lengths, whatever the
 * pattern, so patterns may come from outside.
 */
struct regex;

struct regex_error {
    const char *message; /* static */
    size_t offset; /* bytes into the pattern */
};

/* ERR_PARSE when the pattern is wrong, ERR_UNSUPPORTED when it uses what is not there, ERR_LIMIT when
 * it is too large. The regex lives in the arena and never changes; threads may share it. */
int regex_compile(struct arena *arena, struct str pattern, const struct regex **ret_regex,
        struct regex_error *ret_error);

/* True when the pattern matches somewhere in the text; ^ and $ are its very ends. */
bool regex_search(const struct regex *regex, struct str text);

/* ---- where ---- */

/* The same for patterns of which is asked where they match; at most 31 groups, else ERR_LIMIT. */
int regex_compile_groups(struct arena *arena, struct str pattern,
        const struct regex **ret_regex, struct regex_error *ret_error);

/* Bytes of a text; both SIZE_MAX for a group that took no part. */
struct regex_span {
    size_t from;
    size_t to;
};

/* The number of groups with the whole match as the first. */
size_t regex_group_count(const struct regex *regex);
/*
 * The leftmost match at `from` or behind it, and of those that begin there the one a search with backtracking
 * would find. Sets one span per group. *ret_end, set in any case, is how far it had to look.
 */
bool regex_find(const struct regex *regex, struct str text, size_t from,
        struct regex_span *ret_spans, size_t *ret_end);

#endif
