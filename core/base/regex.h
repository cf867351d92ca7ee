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

#endif
