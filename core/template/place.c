/* SPDX-License-Identifier: Apache-2.0 */
/* From a byte of a template to its place in the file that holds it. */
#include <string.h>

#include "template.h"

/* The line of a text by number, from 1; false when there is none. */
static bool line_of(struct str source, uint32_t number, struct str *ret_line)
{
    struct str rest = source;
    bool more = true;
    for (uint32_t i = 0; i < number; i++) {
        if (!str_split(&rest, &more, '\n', ret_line)) {
            return false;
        }
    }
    return number > 0;
}

/* Byte of a column in code points, from 1. */
static size_t byte_of(struct str line, uint32_t column)
{
    size_t byte = 0;
    for (uint32_t i = 1; i < column && byte < line.len; i++) {
        byte++;
        while (byte < line.len && ((unsigned char)line.ptr[byte] & 0xC0) == 0x80) {
            byte++;
        }
    }
    return byte;
}

static struct mark place(struct mark mark, uint32_t line, struct str before)
{
    return (struct mark){ mark.file, line, (uint32_t)str_count_code_points(before) + 1 };
}

/* Plain or between quotes, in one line and without escapes. */
static bool in_line(struct str line, struct mark mark, struct str text, size_t offset,
        struct mark *ret_mark)
{
    size_t start = byte_of(line, mark.column);
    struct str rest = str_from_index(line, start);
    if (rest.len > 0 && (rest.ptr[0] == '"' || rest.ptr[0] == '\'')) {
        rest = str_from_index(rest, 1);
        start++;
    }
    if (text.len == 0 || !str_starts_with(rest, text)) {
        return false;
    }
    *ret_mark = place(mark, mark.line, str_sub(line, 0, start + offset));
    return true;
}

/* A literal block: every line of the text behind the same indentation, below the mark. */
static bool in_block(struct str source, struct mark mark, struct str text, size_t offset,
        struct mark *ret_mark)
{
    uint32_t number = mark.line;
    size_t indent = SIZE_MAX;
    size_t seen = 0;
    struct str rest = text;
    struct str wanted;
    bool more = true;
    bool is_found = false;
    while (str_split(&rest, &more, '\n', &wanted)) {
        struct str line = STR_EMPTY;
        if (!line_of(source, ++number, &line)) {
            return is_found && wanted.len == 0;
        }
        if (wanted.len > 0 && indent == SIZE_MAX) {
            indent = line.len >= wanted.len ? line.len - wanted.len : 0;
        }
        size_t cut = indent == SIZE_MAX ? 0 : indent;
        if (wanted.len > 0 && !str_eq(str_from_index(line, cut), wanted)) {
            return false;
        }
        if (!is_found && offset <= seen + wanted.len) {
            *ret_mark = place(mark, number, str_sub(line, 0, cut + offset - seen));
            is_found = true;
        }
        seen += wanted.len + 1;
    }
    return is_found;
}

struct mark template_mark(struct str source, struct mark mark, struct str text, size_t offset)
{
    struct str line;
    struct mark found = mark;
    offset = offset < text.len ? offset : text.len;
    if (mark.line == 0 || !line_of(source, mark.line, &line)) {
        return mark;
    }
    return in_line(line, mark, text, offset, &found) ||
                           in_block(source, mark, text, offset, &found)
                   ? found
                   : mark;
}
