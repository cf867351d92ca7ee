/* SPDX-License-Identifier: Apache-2.0 */
/* Memory that is given back all at once. */
#ifndef TFATMOS_BASE_ARENA_H
#define TFATMOS_BASE_ARENA_H

#include <stdarg.h>

#include "str.h"

/*
 * An arena hands out memory that lives until arena_free. There is no failure to handle: when the
 * system has no memory the process ends (err.h). One arena belongs to one thread at a time.
 * Memory is zeroed and aligned for any type.
 */
struct arena;

struct arena *arena_new(void);
void arena_free(struct arena *arena); /* NULL is fine */
/* As new, but for the newest block of memory, which is kept for what comes. */
void arena_reset(struct arena *arena);

void *arena_alloc(struct arena *arena, size_t size_bytes);
/* count * size_bytes with overflow check. */
void *arena_alloc_array(struct arena *arena, size_t count, size_t size_bytes);
#define ARENA_NEW(arena, type) ((type *)arena_alloc((arena), sizeof(type)))
#define ARENA_ARRAY(arena, type, count)                                                        \
    ((type *)arena_alloc_array((arena), (count), sizeof(type)))

/* Copies, always followed by a NUL byte. */
struct str arena_dup(struct arena *arena, struct str text);
char *arena_cstr(struct arena *arena, struct str text);
void *arena_copy(struct arena *arena, const void *bytes, size_t size_bytes);

/* Formatted text, followed by a NUL byte. */
struct str arena_printf(struct arena *arena, const char *format, ...)
        __attribute__((format(printf, 2, 3)));
struct str arena_vprintf(struct arena *arena, const char *format, va_list args)
        __attribute__((format(printf, 2, 0)));
/* Joins pieces: arena_concat(a, 3, x, y, z) with struct str arguments. */
struct str arena_join(
        struct arena *arena, const struct str *pieces, size_t count, struct str between);

/* Bytes asked of the system so far; of the last block, what is not handed out is not touched yet. */
size_t arena_size(const struct arena *arena);

#endif
