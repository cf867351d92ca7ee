/* SPDX-License-Identifier: Apache-2.0 */
/* What merging two trees and merging many share. */
#ifndef TFATMOS_VALUE_MERGER_H
#define TFATMOS_VALUE_MERGER_H

#include "node.h"

/* One merge done. */
struct memo {
    const struct value *earlier;
    const struct value *later;
    const struct value *result; /* NULL: free slot */
    enum list_strategy strategy;
};

struct merger {
    struct arena *arena;
    struct memo *memos; /* open addressing */
    size_t memo_slots; /* a power of two */
    size_t merged; /* also the number of memos */
    size_t remembered;
    struct map many; /* merges of many trees at once, by their pointers (merge_all.c) */
    bool joins_marked;
};

#endif
