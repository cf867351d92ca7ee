/* SPDX-License-Identifier: Apache-2.0 */
/* A run and a stream whose output can be read back. */
#ifndef TFATMOS_TESTS_OUT_FIXTURE_H
#define TFATMOS_TESTS_OUT_FIXTURE_H

#include "check.h"
#include "out/out.h"

static struct run run;
static struct stream stream;

/* What was written so far is in stream.buf: it is smaller than the buffer of a stream. */
static inline void begin(const struct term *term)
{
    static char *const none[] = { NULL };
    run_init(&run, none, NULL);
    stream_init(&stream, -1, term);
}

static inline void end(void)
{
    buf_clear(&stream.buf);
    run_clear(&run);
}

static inline void expect(const char *want)
{
    assert_str(buf_str(&stream.buf), want);
    buf_reset(&stream.buf);
}

static inline bool has(const char *text)
{
    return str_find_str(buf_str(&stream.buf), str_from(text)) >= 0;
}

static const struct term term_pipe __attribute__((unused)) = { .width = 80 };
static const struct term term_narrow
        __attribute__((unused)) = { .width = 40, .is_tty = true, .is_utf8 = true };

#endif
