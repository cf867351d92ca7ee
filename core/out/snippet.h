/* SPDX-License-Identifier: Apache-2.0 */
/* Source lines with a caret under the place a finding speaks of. Private to out/. */
#ifndef TFATMOS_OUT_SNIPPET_H
#define TFATMOS_OUT_SNIPPET_H

#include "stream.h"

/* Texts of the files findings point into, each read at most once. */
struct snippets {
    struct run *run;
    struct arena *arena;
    VEC(struct snippet_file) files;
};

struct snippet_file {
    uint32_t id;
    bool is_readable;
    struct str text;
};

void snippets_init(struct snippets *snippets, struct run *run);

/* The line without its end; false when the file or the line is not there any more. */
bool snippets_line(
        struct snippets *snippets, struct mark mark, struct str *ret_line, size_t *ret_offset);

/* Byte offset of a code point column (1-based) within a line, clamped to its end. */
size_t snippet_byte_of_column(struct str line, uint32_t column);

/*
 * Writes the gutter, the line and the underline of `span` characters (0: one caret). Tabs take four
 * columns, wide characters two; a line longer than the stream is cut to a window around the place.
 * Writes nothing when the line cannot be read.
 */
void snippet_write(struct snippets *snippets, struct stream *out, struct mark mark,
        uint32_t span, int gutter, enum style style);

#endif
