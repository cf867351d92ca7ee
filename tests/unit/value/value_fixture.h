/* SPDX-License-Identifier: Apache-2.0 */
/* What tests of values start from: an arena, keys, diagnostics. */
#ifndef TFATMOS_TESTS_VALUE_FIXTURE_H
#define TFATMOS_TESTS_VALUE_FIXTURE_H

#include "../check.h"
#include "value/value.h"

struct fixture {
    struct arena *arena;
    struct keys *keys;
    struct diags diags;
};

static inline int set_up(void **state)
{
    struct arena *arena = arena_new();
    struct fixture *fixture = ARENA_NEW(arena, struct fixture);
    fixture->arena = arena;
    fixture->keys = keys_new(arena);
    diags_init(&fixture->diags, arena);
    *state = fixture;
    return 0;
}

static inline int tear_down(void **state)
{
    struct fixture *fixture = *state;
    arena_free(fixture->arena);
    return 0;
}

#endif
