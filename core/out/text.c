/* SPDX-License-Identifier: Apache-2.0 */
/* Columns, control characters and wrapping. */
#include "text.h"

struct char_range {
    uint32_t first;
    uint32_t last;
};

/* Characters that take no column of their own. Sorted. */
static const struct char_range combining[] = {
    { 0x0300, 0x036f },
    { 0x0483, 0x0489 },
    { 0x0591, 0x05bd },
    { 0x0610, 0x061a },
    { 0x064b, 0x065f },
    { 0x0900, 0x0902 },
    { 0x093c, 0x093c },
    { 0x0e31, 0x0e31 },
    { 0x0e34, 0x0e3a },
    { 0x0e47, 0x0e4e },
    { 0x1ab0, 0x1aff },
    { 0x1dc0, 0x1dff },
    { 0x200b, 0x200d },
    { 0x2060, 0x2064 },
    { 0x20d0, 0x20ff },
    { 0xfe00, 0xfe0f },
    { 0xfe20, 0xfe2f },
    { 0xfeff, 0xfeff },
    { 0xe0100, 0xe01ef },
};

/* Characters that take two columns (East Asian wide and full-width, most emoji). Sorted. */
static const struct char_range wide[] = {
    { 0x1100, 0x115f },
    { 0x231a, 0x231b },
    { 0x23e9, 0x23ec },
    { 0x2e80, 0x303e },
    { 0x3041, 0x4dbf },
    { 0x4e00, 0xa4cf },
    { 0xa960, 0xa97f },
    { 0xac00, 0xd7a3 },
    { 0xf900, 0xfaff },
    { 0xfe30, 0xfe6f },
    { 0xff00, 0xff60 },
    { 0xffe0, 0xffe6 },
    { 0x1f300, 0x1f64f },
    { 0x1f680, 0x1f6ff },
    { 0x1f900, 0x1f9ff },
    { 0x20000, 0x3fffd },
};

static bool is_in(const struct char_range *ranges, size_t count, uint32_t code_point)
{
    size_t low = 0;
    size_t high = count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (code_point > ranges[middle].last) {
            low = middle + 1;
        } else if (code_point < ranges[middle].first) {
            high = middle;
        } else {
            return true;
        }
    }
    return false;
}

bool text_next(struct str *rest, uint32_t *ret_code_point)
{
    if (rest->len == 0) {
        return false;
    }
    unsigned char first = (unsigned char)rest->ptr[0];
    size_t len = first < 0x80 ? 1 : first < 0xc0 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
    if (len == 0 || len > rest->len || !str_is_utf8(str_sub(*rest, 0, len))) {
        *ret_code_point = 0xfffd;
        *rest = str_from_index(*rest, 1);
        return true;
    }
    uint32_t code_point = len == 1 ? first : first & (0xffu >> (len + 1));
    for (size_t i = 1; i < len; i++) {
        code_point = code_point << 6 | ((unsigned char)rest->ptr[i] & 0x3fu);
    }
    *ret_code_point = code_point;
    *rest = str_from_index(*rest, len);
    return true;
}

unsigned text_char_width(uint32_t code_point)
{
    if (code_point < 0x300) {
        return 1;
    }
    if (is_in(combining, sizeof(combining) / sizeof(combining[0]), code_point)) {
        return 0;
    }
    return is_in(wide, sizeof(wide) / sizeof(wide[0]), code_point) ? 2 : 1;
}

size_t text_width(struct str text)
{
    size_t width = 0;
    uint32_t code_point;
    while (text_next(&text, &code_point)) {
        width += text_char_width(code_point);
    }
    return width;
}

bool text_is_control(uint32_t c)
{
    return c < 0x20 || (c >= 0x7f && c < 0xa0) || c == 0x061c || c == 0x200e || c == 0x200f ||
           (c >= 0x2028 && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069);
}

void text_add_clean(struct buf *out, struct str text)
{
    struct str rest = text;
    uint32_t code_point;
    while (rest.len > 0) {
        struct str at = rest;
        bool is_bad_byte = (unsigned char)*at.ptr >= 0x80;
        text_next(&rest, &code_point);
        size_t len = at.len - rest.len;
        is_bad_byte = is_bad_byte && len == 1;
        if (code_point == '\t' || code_point == '\n') {
            buf_add_byte(out, ' ');
        } else if (is_bad_byte || text_is_control(code_point)) {
            buf_add_byte(out, '?');
        } else {
            buf_add(out, str_sub(at, 0, len));
        }
    }
}

struct str text_prefix(struct str text, size_t columns)
{
    struct str rest = text;
    size_t end = 0;
    size_t used = 0;
    uint32_t code_point;
    while (text_next(&rest, &code_point)) {
        used += text_char_width(code_point);
        if (used > columns) {
            break;
        }
        end = text.len - rest.len;
    }
    return str_sub(text, 0, end);
}

void text_add_wrapped(
        struct buf *out, struct str text, size_t start, size_t indent, size_t width)
{
    size_t column = start;
    bool is_line_empty = true;
    struct str lines = text;
    bool more = true;
    struct str line;
    bool is_first = true;
    while (str_split(&lines, &more, '\n', &line)) {
        if (!is_first) {
            buf_add_byte(out, '\n');
            buf_add_repeated(out, ' ', line.len > 0 ? indent : 0);
            column = indent;
            is_line_empty = true;
        }
        is_first = false;
        struct str words = line;
        bool more_words = true;
        struct str word;
        while (str_split(&words, &more_words, ' ', &word)) {
            size_t needed = text_width(word);
            if (!is_line_empty && column + 1 + needed > width) {
                buf_add_byte(out, '\n');
                buf_add_repeated(out, ' ', indent);
                column = indent;
                is_line_empty = true;
            }
            if (!is_line_empty) {
                buf_add_byte(out, ' ');
                column++;
            }
            buf_add(out, word);
            column += needed;
            is_line_empty = false;
        }
    }
}
