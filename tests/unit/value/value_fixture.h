/* SPDX-License-Identifier: Apache-2.0 */
/* What tests of values start from: an arena, keys, diagnostics, a merger. */
#ifndef TFATMOS_TESTS_VALUE_FIXTURE_H
#define TFATMOS_TESTS_VALUE_FIXTURE_H

#include "../check.h"
#include "value/value.h"

struct fixture {
    struct arena *arena;
    struct keys *keys;
    struct diags diags;
    struct merger *merger;
};

static inline int set_up(void **state)
{
    struct arena *arena = arena_new();
    struct fixture *fixture = ARENA_NEW(arena, struct fixture);
    fixture->arena = arena;
    fixture->keys = keys_new(arena);
    fixture->merger = merger_new(arena);
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

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

/* The value of a text that is known to be YAML. */
static inline const struct value *from_yaml(struct fixture *fixture, struct str text)
{
    const struct value *value = NULL;
    struct yaml_input input = {
        .arena = fixture->arena, .keys = fixture->keys, .diags = &fixture->diags, .text = text
    };
    if (yaml_read(&input, &value) != 0) {
        fail_msg("%.*s: %s", STR_ARG(text), fixture->diags.list.items[0].message.ptr);
    }
    return value;
}

#endif
