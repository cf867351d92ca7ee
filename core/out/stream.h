/* SPDX-License-Identifier: Apache-2.0 */
/* Buffered writing to stdout and stderr, the only way out of the program. */
#ifndef TFATMOS_OUT_STREAM_H
#define TFATMOS_OUT_STREAM_H

#include "term.h"

/*
 * Bytes are collected and written when the buffer is full, on stream_flush and on stream_close.
 * A reader that went away (EPIPE) ends the stream quietly: everything written later is dropped and
 * no error is kept. Any other failure is kept once in `error` for stream_close to report.
 */
struct stream {
    int fd;
    struct term term;
    struct buf buf;
    bool is_closed; /* the reader went away, or a write failed */
    int error; /* errno of the first failure other than EPIPE, 0: none */
};

void stream_init(struct stream *stream, int fd, const struct term *term);

void stream_add(struct stream *stream, struct str text);
void stream_add_cstr(struct stream *stream, const char *text);
void stream_addf(struct stream *stream, const char *format, ...)
        __attribute__((format(printf, 2, 3)));
/* Text in a role, with the sequences around it when the stream has color. */
void stream_add_styled(struct stream *stream, enum style style, struct str text);
/* Text of foreign origin: control characters are made harmless (text.h). */
void stream_add_foreign(struct stream *stream, struct str text);

void stream_flush(struct stream *stream);
/* Writes what is left and frees the buffer. ERR_IO when anything could not be written. */
int stream_close(struct stream *stream);

#endif
