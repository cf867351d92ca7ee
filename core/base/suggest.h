/* SPDX-License-Identifier: Apache-2.0 */
/* "Did you mean": the nearest names by edit distance. */
#ifndef TFATMOS_BASE_SUGGEST_H
#define TFATMOS_BASE_SUGGEST_H

#include "arena.h"

/* Damerau-Levenshtein distance over bytes (adjacent transpositions cost 1), capped at `limit` + 1. */
size_t edit_distance(struct str a, struct str b, size_t limit);

/*
 * At most three of `names`, nearest first, whose distance to `word` is at most
 * max(1, length of word / 3); ties in the order given. Returns how many were written.
 */
size_t suggest(
        struct str word, const struct str *names, size_t count, struct str ret_nearest[3]);

/* `did you mean "a", "b" or "c"?`, or the empty text when nothing is near. */
struct str suggest_hint(
        struct arena *arena, struct str word, const struct str *names, size_t count);

#endif
