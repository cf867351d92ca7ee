/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The hash of texts in tables in memory. It depends on a seed that is another one in each process, so
 * that nobody can write keys that fall together. No result may depend on it: tables keep their order.
 */
#ifndef TFATMOS_BASE_STR_HASH_H
#define TFATMOS_BASE_STR_HASH_H

#include "str.h"

struct hash_seed {
    uint64_t first;
    uint64_t second;
};

/* The same in every call; from what the kernel gave the process, without a system call. */
struct hash_seed hash_seed_of_process(void);

/* All bits are of use, the low ones too. */
uint64_t str_hash(struct str s, const struct hash_seed *seed);

#endif
