/* SPDX-License-Identifier: Apache-2.0 */
/* Text on a screen: columns taken, characters that must not get there, wrapping. */
#ifndef TFATMOS_OUT_TEXT_H
#define TFATMOS_OUT_TEXT_H

#include "base/base.h"

/*
 * Widths follow a fixed table of wide and combining characters instead of the locale, so that
 * results do not depend on where the program runs. Bytes that are not UTF-8 count one column each.
 */

/* Cuts the first code point off `*rest`; U+FFFD for a byte that is not UTF-8. False at the end. */
bool text_next(struct str *rest, uint32_t *ret_code_point);
/* Columns of one character: 0 combining, 2 wide, else 1. */
unsigned text_char_width(uint32_t code_point);
size_t text_width(struct str text);

/* True for characters that could move the cursor, change colors or reorder what is read: C0, C1,
 * DEL, bidirectional controls. Tab and line feed count too. */
bool text_is_control(uint32_t code_point);
/* Adds text with such characters shown as "?", tab and line feed as blanks, bad bytes as "?". */
void text_add_clean(struct buf *out, struct str text);

/* The longest prefix that takes at most `columns` columns. */
struct str text_prefix(struct str text, size_t columns);

/*
 * Adds text word-wrapped to `width` columns. Lines after the first begin with `indent` blanks; the
 * first is taken to start at column `start`. Line feeds in the text are kept. A word longer than a
 * line stands alone.
 */
void text_add_wrapped(
        struct buf *out, struct str text, size_t start, size_t indent, size_t width);

#endif
