/* SPDX-License-Identifier: Apache-2.0 */
/* Buffered output streams. */
#include "stream.h"

#include <errno.h>
#include <unistd.h>

#include "text.h"

enum {
    FLUSH_AT_BYTES = 64 * 1024
};

void stream_init(struct stream *stream, int fd, const struct term *term)
{
    *stream = (struct stream){ .fd = fd, .term = *term, .buf = BUF_INIT(BUF_UNBOUNDED) };
}

static void write_now(struct stream *stream, struct str text)
{
    size_t done = 0;
    while (done < text.len && !stream->is_closed) {
        ssize_t n = write(stream->fd, text.ptr + done, text.len - done);
        if (n >= 0) {
            done += (size_t)n;
        } else if (errno != EINTR) {
            stream->is_closed = true;
            stream->error = errno == EPIPE ? 0 : errno;
        }
    }
}

void stream_flush(struct stream *stream)
{
    write_now(stream, buf_str(&stream->buf));
    buf_reset(&stream->buf);
}

static void flush_when_full(struct stream *stream)
{
    if (stream->buf.len >= FLUSH_AT_BYTES) {
        stream_flush(stream);
    }
}

void stream_add(struct stream *stream, struct str text)
{
    if (stream->is_closed) {
        return;
    }
    if (text.len >= FLUSH_AT_BYTES) {
        /* As large as what is collected: written without a copy. */
        stream_flush(stream);
        write_now(stream, text);
        return;
    }
    buf_add(&stream->buf, text);
    flush_when_full(stream);
}

void stream_add_cstr(struct stream *stream, const char *text)
{
    stream_add(stream, str_from(text));
}

void stream_addf(struct stream *stream, const char *format, ...)
{
    if (stream->is_closed) {
        return;
    }
    va_list args;
    va_start(args, format);
    buf_vaddf(&stream->buf, format, args);
    va_end(args);
    flush_when_full(stream);
}

void stream_add_styled(struct stream *stream, enum style style, struct str text)
{
    const char *begin = term_style(&stream->term, style);
    stream_add_cstr(stream, begin);
    stream_add_foreign(stream, text);
    if (*begin) {
        stream_add_cstr(stream, term_style_end(&stream->term));
    }
}

void stream_add_foreign(struct stream *stream, struct str text)
{
    if (!stream->is_closed) {
        text_add_clean(&stream->buf, text);
        flush_when_full(stream);
    }
}

int stream_close(struct stream *stream)
{
    stream_flush(stream);
    buf_clear(&stream->buf);
    /* Some file systems report a full disk only here; stdout itself stays open for atexit code. */
    if (!stream->is_closed) {
        int copy = dup(stream->fd);
        if (copy >= 0 && close(copy) != 0 && errno != EINTR) {
            stream->error = errno;
        }
    }
    stream->is_closed = true;
    return stream->error ? ERR_IO : 0;
}
