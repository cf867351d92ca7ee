/* SPDX-License-Identifier: Apache-2.0 */
/* Code points, and texts between quotes. */
#include <string.h>

#include "evaluate.h"

void buf_add_point(struct buf *out, uint32_t point)
{
    static const unsigned char heads[] = { 0, 0xC0, 0xE0, 0xF0 };
    if (point > 0x10FFFF || (point >= 0xD800 && point < 0xE000)) {
        point = 0xFFFD;
    }
    if (point < 0x80) {
        buf_add_byte(out, (char)point);
        return;
    }
    unsigned more = point < 0x800 ? 1 : point < 0x10000 ? 2 : 3;
    buf_add_byte(out, (char)(heads[more] | (point >> (6 * more))));
    while (more-- > 0) {
        buf_add_byte(out, (char)(0x80 | ((point >> (6 * more)) & 0x3F)));
    }
}

uint32_t point_next(struct str text, size_t *at)
{
    const unsigned char *bytes = (const unsigned char *)text.ptr + *at;
    size_t length = bytes[0] < 0x80 ? 1 : bytes[0] < 0xE0 ? 2 : bytes[0] < 0xF0 ? 3 : 4;
    struct str whole = str_sub(text, *at, *at + length);
    if (whole.len < length || !str_is_utf8(whole)) {
        *at += 1;
        return 0xFFFD;
    }
    *at += length;
    uint32_t point = length == 1 ? bytes[0] : bytes[0] & (0x7Fu >> length);
    for (size_t i = 1; i < length; i++) {
        point = point << 6 | (bytes[i] & 0x3Fu);
    }
    return point;
}

/* Blanks other than ' ', controls, marks of direction, private and unassigned planes: shown as numbers. */
bool point_is_printable(uint32_t point)
{
    static const uint32_t hidden[][2] = { { 0x0, 0x1F }, { 0x7F, 0xA0 }, { 0xAD, 0xAD },
        { 0x378, 0x379 }, { 0x600, 0x605 }, { 0x61C, 0x61C }, { 0x6DD, 0x6DD },
        { 0x70F, 0x70F }, { 0x1680, 0x1680 }, { 0x180E, 0x180E }, { 0x2000, 0x200F },
        { 0x2028, 0x202F }, { 0x205F, 0x206F }, { 0x3000, 0x3000 }, { 0xD800, 0xF8FF },
        { 0xFEFF, 0xFEFF }, { 0xFFF0, 0xFFFB }, { 0xFFFE, 0xFFFF }, { 0xE0000, 0xE00FF },
        { 0xF0000, 0x10FFFF } };
    for (size_t i = 0; i < sizeof(hidden) / sizeof(hidden[0]); i++) {
        if (point >= hidden[i][0] && point <= hidden[i][1]) {
            return false;
        }
    }
    return true;
}

static void add_escaped(struct buf *out, uint32_t point, bool is_byte)
{
    static const char controls[] = "\a\b\f\n\r\t\v";
    static const char letters[] = "abfnrtv";
    const char *found = point < 0x80 && point > 0
                                ? memchr(controls, (int)point, sizeof(controls) - 1)
                                : NULL;
    if (found) {
        buf_addf(out, "\\%c", letters[found - controls]);
    } else if (is_byte || point < 0x20 || point == 0x7F) {
        buf_addf(out, "\\x%02x", point);
    } else {
        buf_addf(out, point < 0x10000 ? "\\u%04x" : "\\U%08x", point);
    }
}

void buf_add_quoted(struct buf *out, struct str text, char quote)
{
    buf_add_byte(out, quote);
    for (size_t at = 0; at < text.len;) {
        size_t start = at;
        uint32_t point = point_next(text, &at);
        struct str bytes = str_sub(text, start, at);
        if (point == 0xFFFD && bytes.len == 1) {
            add_escaped(out, (unsigned char)bytes.ptr[0], true);
        } else if (bytes.ptr[0] == quote || bytes.ptr[0] == '\\') {
            buf_add_byte(out, '\\');
            buf_add(out, bytes);
        } else if (point_is_printable(point)) {
            buf_add(out, bytes);
        } else {
            add_escaped(out, point, false);
        }
    }
    buf_add_byte(out, quote);
}
