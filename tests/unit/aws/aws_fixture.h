/* SPDX-License-Identifier: Apache-2.0 */
/* A run with an environment of its own and a folder to put files into. */
#ifndef TFATMOS_TESTS_AWS_FIXTURE_H
#define TFATMOS_TESTS_AWS_FIXTURE_H

#include <stdio.h>
#include <string.h>

#include "aws/aws.h"
#include "aws/transport.h"
#include "check.h"

struct fixture {
    struct run run;
    struct str home;
};

/* `variables` are "NAME=value" texts, NULL at the end; HOME is the folder unless given. */
static inline void fixture_start(struct fixture *fixture, const char *const *variables)
{
    *fixture = (struct fixture){ 0 };
    run_init(&fixture->run, NULL, NULL);
    fixture->home = scratch_folder(fixture->run.arena);
    fixture->run.folder = fixture->home;
    VEC(const char *) items = { 0 };
    bool has_home = false;
    for (; variables && *variables; variables++) {
        VEC_PUSH(fixture->run.arena, &items, *variables);
        has_home = has_home || strncmp(*variables, "HOME=", 5) == 0;
    }
    if (!has_home) {
        const char *home =
                arena_printf(fixture->run.arena, "HOME=%.*s", STR_ARG(fixture->home)).ptr;
        VEC_PUSH(fixture->run.arena, &items, home);
    }
    VEC_PUSH(fixture->run.arena, &items, NULL);
    fixture->run.env.items = items.items;
}

static inline void fixture_write(struct fixture *fixture, const char *name, const char *text)
{
    (void)scratch_file(fixture->run.arena, fixture->home, name, text);
}

static inline void fixture_stop(struct fixture *fixture)
{
    run_clear(&fixture->run);
}

#define assert_has(text, part)                                                                 \
    do {                                                                                       \
        struct str text_str = (text);                                                          \
        if (str_find_str(text_str, str_from(part)) < 0) {                                      \
            fail_msg("line %d: `%s` is not in `%.*s`", __LINE__, (part), STR_ARG(text_str));   \
        }                                                                                      \
    } while (0)

#define assert_lacks(text, part)                                                               \
    do {                                                                                       \
        struct str text_str = (text);                                                          \
        if (str_find_str(text_str, str_from(part)) >= 0) {                                     \
            fail_msg("line %d: `%s` is in `%.*s`", __LINE__, (part), STR_ARG(text_str));       \
        }                                                                                      \
    } while (0)

/* The headers of an answer, from "Name: value" lines; NULL: none. */
static inline void fixture_headers(struct exchange *exchange, const char *lines)
{
    struct str rest = str_from(lines);
    struct str line;
    bool more = rest.len > 0;
    while (str_split(&rest, &more, '\n', &line)) {
        ptrdiff_t colon = str_find(line, ':');
        struct header header = { str_sub(line, 0, (size_t)colon),
            str_trim(str_from_index(line, (size_t)colon + 1)) };
        VEC_PUSH(exchange->arena, &exchange->answer_headers, header);
    }
}

static inline const struct value *fixture_json(struct fixture *fixture, const char *text)
{
    const struct value *value = NULL;
    assert_int_equal(json_read(fixture->run.arena, fixture->run.keys, &fixture->run.diags,
                             str_from(text), STR("test"), 0, &value),
            0);
    return value;
}

#endif
