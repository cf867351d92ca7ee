/* SPDX-License-Identifier: Apache-2.0 */
/* SHA-256 (FIPS 180-4), for digests that are shown or stored without needing libcrypto. */
#ifndef TFATMOS_BASE_HASH_H
#define TFATMOS_BASE_HASH_H

#include "arena.h"

struct sha256 {
    uint32_t state[8];
    uint64_t length_bytes;
    unsigned char block[64];
    size_t block_used;
};

struct sha256_digest {
    unsigned char bytes[32];
};

void sha256_init(struct sha256 *hash);
void sha256_add(struct sha256 *hash, const void *bytes, size_t size_bytes);
struct sha256_digest sha256_finish(struct sha256 *hash);
struct sha256_digest sha256_of(struct str content);
/* 64 lower-case hexadecimal digits. */
struct str sha256_hex(struct arena *arena, struct sha256_digest digest);

#endif
