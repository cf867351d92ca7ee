/* SPDX-License-Identifier: Apache-2.0 */
/* Growing arrays on an arena. */
#include "vec.h"

#include <string.h>

#include "err.h"

void *vec_grow(struct arena *arena, const void *items, size_t *cap, size_t item_size)
{
    size_t old_cap = *cap;
    size_t new_cap = old_cap ? old_cap * 2 : 8;
    void *grown = arena_alloc_array(arena, new_cap, item_size);
    if (old_cap) {
        memcpy(grown, items, old_cap * item_size);
    }
    *cap = new_cap;
    return grown;
}
