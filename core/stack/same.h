/* SPDX-License-Identifier: Apache-2.0 */
/* Equality of many trees that share nodes. Private to stack/. */
#ifndef TFATMOS_STACK_SAME_H
#define TFATMOS_STACK_SAME_H

#include "value/value.h"

/* Remembers pairs of nodes already compared. Starts as zero but for the arena. */
struct sameness {
    struct arena *arena;
    struct same_pair *slots;
    size_t slot_count; /* a power of two, or 0 */
    size_t count;
};

/* As value_equal, for trees of one key table: each pair of maps or lists is compared once. */
bool sameness_ask(struct sameness *sameness, const struct value *a, const struct value *b);

#endif
