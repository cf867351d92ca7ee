/* SPDX-License-Identifier: Apache-2.0 */
/* Typed growing arrays on an arena. */
#ifndef TFATMOS_BASE_VEC_H
#define TFATMOS_BASE_VEC_H

#include "arena.h"

/*
 * VEC(struct thing) things = {0};  VEC_PUSH(arena, &things, thing);  things.items[i]; things.count
 * The array lives in the arena; growing doubles it and leaves the old copy behind, so a vector that
 * grows for long belongs in a scratch arena. Pointers into `items` are invalid after a push.
 */
#define VEC(type)                                                                              \
    struct {                                                                                   \
        type *items;                                                                           \
        size_t count;                                                                          \
        size_t cap;                                                                            \
    }

/* A named vector type, for vectors that are passed to functions: VEC_TYPE(names, struct str); */
#define VEC_TYPE(name, type)                                                                   \
    struct name {                                                                              \
        type *items;                                                                           \
        size_t count;                                                                          \
        size_t cap;                                                                            \
    }

#define VEC_PUSH(arena, vec, ...)                                                              \
    do {                                                                                       \
        if ((vec)->count == (vec)->cap) {                                                      \
            (vec)->items =                                                                     \
                    vec_grow((arena), (vec)->items, &(vec)->cap, sizeof(*(vec)->items));       \
        }                                                                                      \
        (vec)->items[(vec)->count++] = (__VA_ARGS__);                                          \
    } while (0)

/* Doubles the capacity (at least 8) and copies the old items; used by VEC_PUSH. */
void *vec_grow(struct arena *arena, const void *items, size_t *cap, size_t item_size);

#endif
