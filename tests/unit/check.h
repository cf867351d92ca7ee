/* SPDX-License-Identifier: Apache-2.0 */
/* CMocka with what it lacks: comparison of texts with lengths, and main in one line. */
#ifndef TFATMOS_TESTS_CHECK_H
#define TFATMOS_TESTS_CHECK_H

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/base.h"

/* cmocka.h needs the four before it. */
/* clang-format off */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
/* clang-format on */

/* Compares a struct str with a C string and shows both. */
#define assert_str(actual, expected)                                                           \
    check_str((actual), (expected), #actual, __FILE__, __LINE__)

static inline void check_str(
        struct str actual, const char *expected, const char *what, const char *file, int line)
{
    if (!str_eq_cstr(actual, expected)) {
        print_error("%s is \"%.*s\", expected \"%s\"\n", what, STR_ARG(actual), expected);
        _fail(file, line);
    }
}

struct scratch {
    pid_t owner;
    char path[sizeof("/tmp/tf-atmos-test-XXXXXX")];
};

static inline int scratch_remove_one(
        const char *path, const struct stat *info, int kind, struct FTW *place)
{
    (void)info;
    (void)kind;
    (void)place;
    (void)remove(path);
    return 0;
}

/* Children of a test that exit leave the folder to the test. */
static inline void scratch_remove(int status, void *argument)
{
    struct scratch *scratch = argument;
    (void)status;
    if (scratch->owner == getpid()) {
        (void)nftw(scratch->path, scratch_remove_one, 16, FTW_DEPTH | FTW_PHYS);
    }
    free(scratch);
}

/* A fresh folder below /tmp, removed when the test program exits. */
static inline struct str scratch_folder(struct arena *arena)
{
    struct scratch *scratch = malloc(sizeof(*scratch));
    assert_non_null(scratch);
    *scratch = (struct scratch){ getpid(), "/tmp/tf-atmos-test-XXXXXX" };
    assert_non_null(mkdtemp(scratch->path));
    assert_int_equal(on_exit(scratch_remove, scratch), 0);
    return arena_dup(arena, str_from(scratch->path));
}

/* Writes a file below a folder, creating folders on the way; returns its path. */
static inline struct str scratch_file(
        struct arena *arena, struct str folder, const char *name, const char *content)
{
    struct str path = path_join(arena, folder, str_from(name));
    assert_int_equal(folder_create(path_folder(path), 0755), 0);
    assert_int_equal(file_write_atomic(path, str_from(content), 0644), 0);
    return path;
}

#define RUN_TESTS(tests) cmocka_run_group_tests(tests, NULL, NULL)

#endif
