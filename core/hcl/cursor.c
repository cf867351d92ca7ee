/* SPDX-License-Identifier: Apache-2.0 */
/* Moving over HCL text: blanks, comments, identifiers, heredocs. */
#include "cursor.h"

#include <string.h>

char cursor_peek(const struct cursor *cursor, size_t ahead)
{
    size_t left = cursor->text.len - cursor->at;
    return (char)(ahead < left ? cursor->text.ptr[cursor->at + ahead] : '\0');
}

bool cursor_is_end(const struct cursor *cursor)
{
    return cursor->at >= cursor->text.len;
}

void cursor_step(struct cursor *cursor, size_t count)
{
    for (; count > 0 && cursor->at < cursor->text.len; count--) {
        unsigned char byte = (unsigned char)cursor->text.ptr[cursor->at++];
        if (byte == '\n') {
            cursor->mark.line++;
            cursor->mark.column = 1;
        } else if (cursor->at < cursor->text.len &&
                   ((unsigned char)cursor->text.ptr[cursor->at] & 0xc0) == 0x80) {
            /* Inside a character: the column is that of its first byte. */
        } else {
            cursor->mark.column++;
        }
    }
}

bool cursor_take(struct cursor *cursor, const char *token)
{
    size_t len = strlen(token);
    struct str here = str_sub(cursor->text, cursor->at, cursor->at + len);
    if (!str_eq_cstr(here, token)) {
        return false;
    }
    cursor_step(cursor, len);
    return true;
}

int cursor_error(
        const struct cursor *cursor, enum hcl_diag kind, struct mark mark, const char *problem)
{
    (void)diag_add(cursor->input->diags, &hcl_diags[kind], mark, "%s", problem);
    return kind == HCL_LIMIT ? ERR_LIMIT : ERR_PARSE;
}

static int skip_block_comment(struct cursor *cursor)
{
    struct mark begin = cursor->mark;
    cursor_step(cursor, 2);
    while (!cursor_is_end(cursor)) {
        if (cursor_take(cursor, "*/")) {
            return 0;
        }
        cursor_step(cursor, 1);
    }
    return cursor_error(cursor, HCL_SYNTAX, begin, "a comment does not end");
}

int cursor_skip_blanks(struct cursor *cursor, bool with_lines)
{
    for (;;) {
        char byte = cursor_peek(cursor, 0);
        char next = cursor_peek(cursor, 1);
        if (byte == ' ' || byte == '\t' || byte == '\r' || (byte == '\n' && with_lines)) {
            cursor_step(cursor, 1);
        } else if (byte == '#' || (byte == '/' && next == '/')) {
            while (!cursor_is_end(cursor) && cursor_peek(cursor, 0) != '\n') {
                cursor_step(cursor, 1);
            }
        } else if (byte == '/' && next == '*') {
            int code = skip_block_comment(cursor);
            if (code != 0) {
                return code;
            }
        } else {
            return 0;
        }
    }
}

static bool is_letter(char byte)
{
    unsigned char unsigned_byte = (unsigned char)byte;
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || byte == '_' ||
           unsigned_byte >= 0x80;
}

static bool is_inside(char byte)
{
    return is_letter(byte) || byte == '-' || (byte >= '0' && byte <= '9');
}

struct str cursor_identifier(struct cursor *cursor)
{
    size_t begin = cursor->at;
    if (!is_letter(cursor_peek(cursor, 0))) {
        return STR_EMPTY;
    }
    while (is_inside(cursor_peek(cursor, 0))) {
        cursor_step(cursor, 1);
    }
    return str_sub(cursor->text, begin, cursor->at);
}

bool cursor_is_heredoc(const struct cursor *cursor)
{
    if (cursor_peek(cursor, 0) != '<' || cursor_peek(cursor, 1) != '<') {
        return false;
    }
    return is_letter(cursor_peek(cursor, cursor_peek(cursor, 2) == '-' ? 3 : 2));
}

int cursor_heredoc(struct cursor *cursor, struct str *ret_lines, bool *ret_is_indented)
{
    struct mark begin = cursor->mark;
    cursor_step(cursor, 2);
    bool is_indented = cursor_take(cursor, "-");
    struct str word = cursor_identifier(cursor);
    struct str rest = str_from_index(cursor->text, cursor->at);
    ptrdiff_t line_end = str_find(rest, '\n');
    if (line_end < 0 || str_trim(str_sub(rest, 0, (size_t)line_end)).len > 0) {
        return cursor_error(cursor, HCL_SYNTAX, begin,
                "the word of a heredoc must be the last one of its line");
    }
    cursor_step(cursor, (size_t)line_end + 1);
    size_t first = cursor->at;
    while (!cursor_is_end(cursor)) {
        size_t line = cursor->at;
        rest = str_from_index(cursor->text, line);
        line_end = str_find(rest, '\n');
        size_t len = line_end < 0 ? rest.len : (size_t)line_end;
        struct str trimmed = str_trim(str_sub(rest, 0, len));
        if (str_eq(trimmed, word)) {
            cursor_step(cursor, (size_t)(trimmed.ptr - rest.ptr) + word.len);
            *ret_lines = str_sub(cursor->text, first, line);
            *ret_is_indented = is_indented;
            return 0;
        }
        cursor_step(cursor, len + 1);
    }
    return cursor_error(cursor, HCL_SYNTAX, begin, "a heredoc does not end");
}
