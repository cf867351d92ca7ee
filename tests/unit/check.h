/* SPDX-License-Identifier: Apache-2.0 */
/* CMocka with what it lacks: comparison of texts with lengths, and main in one line. */
#ifndef TFATMOS_TESTS_CHECK_H
#define TFATMOS_TESTS_CHECK_H

#include <stdlib.h>

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

/* A fresh scratch folder below the system's temporary folder, removed by the system in the end. */
static inline struct str scratch_folder(struct arena *arena)
{
    char path[] = "/tmp/tf-atmos-test-XXXXXX";
    assert_non_null(mkdtemp(path));
    return arena_dup(arena, str_from(path));
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
