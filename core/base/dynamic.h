/* SPDX-License-Identifier: Apache-2.0 */
/* Libraries opened at run time, into a table of function pointers. */
#ifndef TFATMOS_BASE_DYNAMIC_H
#define TFATMOS_BASE_DYNAMIC_H

#include "arena.h"

/* One function of a table: its name and its place. */
struct library_symbol {
    const char *name; /* NULL ends the list */
    size_t offset;
};

/*
 * Opens a library by its name ("libcrypto.so.3") and fills the table. It stays open until the process
 * ends: its threads and exit handlers must not lose their code. ERR_UNAVAILABLE with the loader's words
 * in `ret_why` (in the arena) when the library or one function is missing.
 */
int library_open(void *table, const struct library_symbol *symbols, struct arena *arena,
        const char *name, struct str *ret_why);

/* NOLINTNEXTLINE(bugprone-macro-parentheses): a declarator cannot be in parentheses of its own */
#define LIBRARY_MEMBER(function) __typeof__(function) *function;

#endif
