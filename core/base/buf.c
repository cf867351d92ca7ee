/* SPDX-License-Identifier: Apache-2.0 */
/* A growing byte buffer with a mandatory maximum size. */
#include "buf.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "err.h"

void buf_clear(struct buf *buf)
{
    free(buf->ptr);
    *buf = BUF_INIT(buf->max);
}

void buf_cleanup(struct buf *buf)
{
    buf_clear(buf);
}

void secret_buf_cleanup(struct buf *buf)
{
    if (buf->cap > 0) {
        explicit_bzero(buf->ptr, buf->cap);
    }
    buf_clear(buf);
}

void buf_reset(struct buf *buf)
{
    buf->len = 0;
    buf->is_full = false;
    if (buf->ptr) {
        buf->ptr[0] = '\0';
    }
}

struct str buf_str(const struct buf *buf)
{
    return (struct str){ buf->ptr, buf->len };
}

char *buf_reserve(struct buf *buf, size_t extra)
{
    if (buf->is_full || extra > buf->max - buf->len) {
        buf->is_full = true;
        return NULL;
    }
    size_t need = buf->len + extra + 1;
    if (need > buf->cap) {
        size_t cap = buf->cap < 32 ? 64 : buf->cap * 2;
        if (cap < need) {
            cap = need;
        }
        char *grown = realloc(buf->ptr, cap);
        if (!grown) {
            out_of_memory();
        }
        buf->ptr = grown;
        buf->cap = cap;
    }
    return buf->ptr + buf->len;
}

void buf_commit(struct buf *buf, size_t written)
{
    buf->len += written;
    buf->ptr[buf->len] = '\0';
}

void buf_add(struct buf *buf, struct str text)
{
    char *room = text.len ? buf_reserve(buf, text.len) : NULL;
    if (room) {
        memcpy(room, text.ptr, text.len);
        buf_commit(buf, text.len);
    }
}

void buf_add_cstr(struct buf *buf, const char *text)
{
    buf_add(buf, str_from(text));
}

void buf_add_byte(struct buf *buf, char byte)
{
    buf_add(buf, (struct str){ &byte, 1 });
}

void buf_add_repeated(struct buf *buf, char byte, size_t count)
{
    char *room = count ? buf_reserve(buf, count) : NULL;
    if (room) {
        memset(room, byte, count);
        buf_commit(buf, count);
    }
}

void buf_vaddf(struct buf *buf, const char *format, va_list args)
{
    va_list again;
    va_copy(again, args);
    int len = vsnprintf(NULL, 0, format, again);
    va_end(again);
    char *room = len > 0 ? buf_reserve(buf, (size_t)len) : NULL;
    if (room) {
        (void)vsnprintf(room, (size_t)len + 1, format, args);
        buf_commit(buf, (size_t)len);
    }
}

void buf_addf(struct buf *buf, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    buf_vaddf(buf, format, args);
    va_end(args);
}
