/* SPDX-License-Identifier: Apache-2.0 */
/* The hash of texts: products of 64-bit words whose halves are laid over each other. */
#include "str_hash.h"

#include <string.h>
#include <sys/auxv.h>

#include "err.h"

enum {
    WORD = sizeof(uint64_t),
    BLOCK = 2 * WORD
};

__extension__ typedef unsigned __int128 product;

static uint64_t fold(uint64_t a, uint64_t b)
{
    product whole = (product)a * b;
    return (uint64_t)whole ^ (uint64_t)(whole >> 64);
}

static uint64_t word_at(const char *at)
{
    uint64_t word;
    memcpy(&word, at, sizeof(word));
    return word;
}

static uint64_t half_at(const char *at)
{
    uint32_t half;
    memcpy(&half, at, sizeof(half));
    return half;
}

struct hash_seed hash_seed_of_process(void)
{
    const char *random = (const char *)getauxval(AT_RANDOM);
    ENSURE(random);
    uint64_t a = word_at(random);
    uint64_t b = word_at(random + WORD);
    /* The C library guards stacks with the same bytes: they do not leave here as they are. */
    return (struct hash_seed){
        fold(a ^ 0xa0c5f1d2938b7e47u, b ^ 0x5be6d8133fa94c61u),
        fold(a ^ 0x37d1e94ab65c8f0bu, b ^ 0xc94f72a80d1be635u),
    };
}

/*
 * Both factors of each product hold a secret of their own: with one that is known, keys could be made
 * whose other factor is zero, or whose factors change places.
 */
uint64_t str_hash(struct str s, const struct hash_seed *seed)
{
    const char *at = s.ptr;
    size_t left = s.len;
    uint64_t state = seed->first;
    for (; left > BLOCK; at += BLOCK, left -= BLOCK) {
        state = fold(word_at(at) ^ state, word_at(at + WORD) ^ seed->second);
    }
    /* What is left is covered by its two ends, which overlap. */
    uint64_t head = 0;
    uint64_t tail = 0;
    if (left >= WORD) {
        head = word_at(at);
        tail = word_at(at + left - WORD);
    } else if (left >= WORD / 2) {
        head = half_at(at);
        tail = half_at(at + left - WORD / 2);
    } else if (left > 0) {
        head = (uint64_t)(unsigned char)at[0] << 16 |
               (uint64_t)(unsigned char)at[left / 2] << 8 | (unsigned char)at[left - 1];
    }
    state = fold(head ^ state, tail ^ seed->second);
    return fold(state ^ s.len, seed->second ^ 0x8c1f6b3ad2e95047u);
}
