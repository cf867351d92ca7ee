/* SPDX-License-Identifier: Apache-2.0 */
/* A growing byte buffer with a mandatory maximum size. */
#ifndef TFATMOS_BASE_BUF_H
#define TFATMOS_BASE_BUF_H

#include <stdarg.h>

#include "str.h"

/*
 * Start with BUF_INIT(max). The content is always followed by a NUL byte once something was added.
 * Adding beyond `max` sets `is_full`, keeps what was there and drops everything added later: callers
 * check once at the end. Memory exhaustion ends the process.
 */
struct buf {
    char *ptr;
    size_t len;
    size_t cap;
    size_t max; /* largest `len` allowed */
    bool is_full;
};

#define BUF_INIT(max_bytes) ((struct buf){ NULL, 0, 0, (max_bytes), false })
#define BUF_UNBOUNDED       ((size_t)1 << 46)

void buf_clear(struct buf *buf); /* frees the inside, ready for reuse with the same maximum */
void buf_reset(struct buf *buf); /* length 0, memory kept */
struct str buf_str(const struct buf *buf);

void buf_add(struct buf *buf, struct str text);
void buf_add_cstr(struct buf *buf, const char *text);
void buf_add_byte(struct buf *buf, char byte);
void buf_add_repeated(struct buf *buf, char byte, size_t count);
void buf_addf(struct buf *buf, const char *format, ...) __attribute__((format(printf, 2, 3)));
void buf_vaddf(struct buf *buf, const char *format, va_list args)
        __attribute__((format(printf, 2, 0)));
/* Makes room for `extra` bytes behind the content and returns where to write, NULL when over max;
 * follow with buf_commit. */
char *buf_reserve(struct buf *buf, size_t extra);
void buf_commit(struct buf *buf, size_t written);

void buf_cleanup(struct buf *buf); /* for AUTO_BUF */
#define AUTO_BUF __attribute__((cleanup(buf_cleanup))) struct buf

/* A buffer whose content is wiped when it goes. Reserve enough before writing: growing would leave
 * copies behind. */
void secret_buf_cleanup(struct buf *buf);
#define AUTO_SECRET_BUF __attribute__((cleanup(secret_buf_cleanup))) struct buf

#endif
