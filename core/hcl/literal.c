/* SPDX-License-Identifier: Apache-2.0 */
/* Expressions that need no evaluation become values. */
#include <string.h>

#include "cursor.h"

static const struct value *read_value(struct cursor *cursor, size_t depth);

static bool is_digit(char byte)
{
    return byte >= '0' && byte <= '9';
}

static struct arena *arena_of(const struct cursor *cursor)
{
    return cursor->input->arena;
}

/* ---- texts ---- */

static void add_code_point(struct buf *text, uint32_t code)
{
    if (code < 0x80) {
        buf_add_byte(text, (char)code);
    } else if (code < 0x800) {
        buf_add_byte(text, (char)(0xc0 | code >> 6));
        buf_add_byte(text, (char)(0x80 | (code & 0x3f)));
    } else if (code < 0x10000) {
        buf_add_byte(text, (char)(0xe0 | code >> 12));
        buf_add_byte(text, (char)(0x80 | (code >> 6 & 0x3f)));
        buf_add_byte(text, (char)(0x80 | (code & 0x3f)));
    } else {
        buf_add_byte(text, (char)(0xf0 | code >> 18));
        buf_add_byte(text, (char)(0x80 | (code >> 12 & 0x3f)));
        buf_add_byte(text, (char)(0x80 | (code >> 6 & 0x3f)));
        buf_add_byte(text, (char)(0x80 | (code & 0x3f)));
    }
}

/* The digits behind \u or \U. NUL and surrogates are no text. */
static bool take_code_point(struct cursor *cursor, size_t digits, struct buf *text)
{
    uint32_t code = 0;
    for (size_t i = 0; i < digits; i++) {
        char byte = cursor_peek(cursor, 0);
        char lower = (char)(byte | 0x20);
        if (is_digit(byte)) {
            code = code * 16 + (uint32_t)(byte - '0');
        } else if (lower >= 'a' && lower <= 'f') {
            code = code * 16 + (uint32_t)(lower - 'a' + 10);
        } else {
            return false;
        }
        cursor_step(cursor, 1);
    }
    if (code == 0 || code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) {
        return false;
    }
    add_code_point(text, code);
    return true;
}

static bool take_escape(struct cursor *cursor, struct buf *text)
{
    static const char names[] = "nrt\"\\";
    static const char bytes[] = "\n\r\t\"\\";
    char byte = cursor_peek(cursor, 1);
    cursor_step(cursor, 2);
    if (byte == 'u' || byte == 'U') {
        return take_code_point(cursor, byte == 'u' ? 4 : 8, text);
    }
    const char *found = byte ? strchr(names, byte) : NULL;
    if (!found) {
        return false;
    }
    buf_add_byte(text, bytes[found - names]);
    return true;
}

/* Adds the byte here, with $${ as ${; false where a template begins. */
static bool take_plain(struct cursor *cursor, struct buf *text)
{
    char byte = cursor_peek(cursor, 0);
    if (byte == '$' || byte == '%') {
        bool is_doubled = cursor_peek(cursor, 1) == byte && cursor_peek(cursor, 2) == '{';
        if (cursor_peek(cursor, 1) == '{') {
            return false;
        }
        if (is_doubled) {
            cursor_step(cursor, 1);
            buf_add_byte(text, byte);
            cursor_step(cursor, 1);
            byte = '{';
        }
    }
    buf_add_byte(text, byte);
    cursor_step(cursor, 1);
    return true;
}

bool literal_string(struct cursor *cursor, struct str *ret_text)
{
    AUTO_BUF text = BUF_INIT(HCL_MAX_BYTES);
    cursor_step(cursor, 1);
    while (!cursor_is_end(cursor) && cursor_peek(cursor, 0) != '"') {
        char byte = cursor_peek(cursor, 0);
        if (byte == '\n' ||
                !(byte == '\\' ? take_escape(cursor, &text) : take_plain(cursor, &text))) {
            return false;
        }
    }
    if (!cursor_take(cursor, "\"")) {
        return false;
    }
    *ret_text = arena_dup(arena_of(cursor), buf_str(&text));
    return true;
}

static size_t count_blanks(struct str line)
{
    size_t count = 0;
    while (count < line.len && (line.ptr[count] == ' ' || line.ptr[count] == '\t')) {
        count++;
    }
    return count;
}

/* What <<- cuts off: the least indentation of any line that is not empty. */
static size_t common_indent(struct str lines)
{
    size_t least = SIZE_MAX;
    bool more = true;
    struct str line;
    while (str_split(&lines, &more, '\n', &line)) {
        size_t blanks = count_blanks(line);
        if (blanks < line.len && blanks < least) {
            least = blanks;
        }
    }
    return least;
}

static const struct value *read_heredoc(struct cursor *cursor)
{
    struct mark mark = cursor->mark;
    struct str lines = STR_EMPTY;
    bool is_indented = false;
    struct cursor line_cursor = *cursor;
    if (cursor_heredoc(cursor, &lines, &is_indented) != 0) {
        return NULL;
    }
    size_t indent = is_indented ? common_indent(lines) : 0;
    AUTO_BUF text = BUF_INIT(HCL_MAX_BYTES);
    bool more = true;
    struct str line;
    while (str_split(&lines, &more, '\n', &line)) {
        size_t blanks = count_blanks(line);
        line_cursor.text = str_from_index(line, blanks < indent ? blanks : indent);
        line_cursor.at = 0;
        while (!cursor_is_end(&line_cursor)) {
            if (!take_plain(&line_cursor, &text)) {
                return NULL;
            }
        }
        if (more) {
            buf_add_byte(&text, '\n');
        }
    }
    return value_string_new(arena_of(cursor), buf_str(&text), mark);
}

/* ---- numbers and words ---- */

static size_t skip_digits(struct cursor *cursor)
{
    size_t begin = cursor->at;
    while (is_digit(cursor_peek(cursor, 0))) {
        cursor_step(cursor, 1);
    }
    return cursor->at - begin;
}

static const struct value *read_number(struct cursor *cursor)
{
    struct mark mark = cursor->mark;
    size_t begin = cursor->at;
    enum value_kind kind = VALUE_INT;
    (void)cursor_take(cursor, "-");
    bool has_zero = cursor_peek(cursor, 0) == '0';
    size_t digits = skip_digits(cursor);
    if (digits == 0 || (has_zero && digits > 1)) {
        return NULL;
    }
    if (cursor_peek(cursor, 0) == '.' && is_digit(cursor_peek(cursor, 1))) {
        kind = VALUE_FLOAT;
        cursor_step(cursor, 1);
        (void)skip_digits(cursor);
    }
    if ((cursor_peek(cursor, 0) | 0x20) == 'e') {
        kind = VALUE_FLOAT;
        cursor_step(cursor, 1);
        if (!cursor_take(cursor, "-")) {
            (void)cursor_take(cursor, "+");
        }
        if (skip_digits(cursor) == 0) {
            return NULL;
        }
    }
    struct str text = str_sub(cursor->text, begin, cursor->at);
    return value_scalar_new(arena_of(cursor), kind, text, mark);
}

static const struct value *read_word(struct cursor *cursor)
{
    struct mark mark = cursor->mark;
    struct str word = cursor_identifier(cursor);
    if (str_eq(word, STR("true")) || str_eq(word, STR("false"))) {
        return value_bool_new(arena_of(cursor), word.ptr[0] == 't', mark);
    }
    return str_eq(word, STR("null")) ? value_null(arena_of(cursor), mark) : NULL;
}

/* ---- lists and maps ---- */

/* True at `closer`, behind a separator; false with *ret_is_bad when there is neither. */
static bool is_over(
        struct cursor *cursor, const char *closer, bool lines_separate, bool *ret_is_bad)
{
    uint32_t line = cursor->mark.line;
    *ret_is_bad = cursor_skip_blanks(cursor, true) != 0;
    bool has_separator = cursor_take(cursor, ",");
    *ret_is_bad = *ret_is_bad || (has_separator && cursor_skip_blanks(cursor, true) != 0);
    has_separator = has_separator || (lines_separate && cursor->mark.line > line);
    if (cursor_take(cursor, closer)) {
        return true;
    }
    *ret_is_bad = *ret_is_bad || !has_separator;
    return false;
}

static const struct value *read_list(struct cursor *cursor, size_t depth)
{
    struct mark mark = cursor->mark;
    VEC(const struct value *) items = { 0 };
    bool is_bad = false;
    cursor_step(cursor, 1);
    if (cursor_skip_blanks(cursor, true) != 0) {
        return NULL;
    }
    bool is_done = cursor_take(cursor, "]");
    while (!is_done) {
        const struct value *item = read_value(cursor, depth + 1);
        if (!item) {
            return NULL;
        }
        VEC_PUSH(arena_of(cursor), &items, item);
        is_done = is_over(cursor, "]", false, &is_bad);
        if (is_bad) {
            return NULL;
        }
    }
    return value_list_new(arena_of(cursor), items.items, items.count, mark);
}

static bool read_key(struct cursor *cursor, struct str *ret_key)
{
    if (cursor_peek(cursor, 0) == '"') {
        return literal_string(cursor, ret_key);
    }
    if (is_digit(cursor_peek(cursor, 0))) {
        const struct value *number = read_number(cursor);
        *ret_key = value_text(number);
        return number != NULL;
    }
    *ret_key = cursor_identifier(cursor);
    return ret_key->len > 0;
}

static bool read_pair(struct cursor *cursor, size_t depth, struct value_builder *builder)
{
    struct mark mark = cursor->mark;
    struct str key = STR_EMPTY;
    if (!read_key(cursor, &key) || cursor_skip_blanks(cursor, false) != 0 ||
            !(cursor_take(cursor, "=") || cursor_take(cursor, ":")) ||
            cursor_skip_blanks(cursor, false) != 0) {
        return false;
    }
    const struct value *value = read_value(cursor, depth + 1);
    if (value) {
        value_builder_set(builder, key_of(cursor->input->keys, key), value, mark);
    }
    return value != NULL;
}

static const struct value *read_map(struct cursor *cursor, size_t depth)
{
    struct value_builder builder;
    bool is_bad = false;
    value_builder_init(&builder, arena_of(cursor), cursor->mark);
    cursor_step(cursor, 1);
    if (cursor_skip_blanks(cursor, true) != 0) {
        return NULL;
    }
    bool is_done = cursor_take(cursor, "}");
    while (!is_done) {
        if (!read_pair(cursor, depth, &builder)) {
            return NULL;
        }
        is_done = is_over(cursor, "}", true, &is_bad);
        if (is_bad) {
            return NULL;
        }
    }
    return value_builder_map(&builder);
}

static const struct value *read_value(struct cursor *cursor, size_t depth)
{
    struct mark mark = cursor->mark;
    struct str text;
    char byte = cursor_peek(cursor, 0);
    if (depth > HCL_MAX_DEPTH) {
        return NULL;
    }
    if (byte == '"') {
        return literal_string(cursor, &text) ? value_string_new(arena_of(cursor), text, mark)
                                             : NULL;
    }
    if (byte == '[') {
        return read_list(cursor, depth);
    }
    if (byte == '{') {
        return read_map(cursor, depth);
    }
    if (is_digit(byte) || byte == '-') {
        return read_number(cursor);
    }
    return cursor_is_heredoc(cursor) ? read_heredoc(cursor) : read_word(cursor);
}

const struct value *literal_read(const struct cursor *begin, size_t end)
{
    struct cursor cursor = *begin;
    /* Everything before `end` is well-formed as to brackets, quotes and comments: nothing is said. */
    cursor.text = str_sub(cursor.text, 0, end);
    const struct value *value = read_value(&cursor, 0);
    return value && cursor.at == end ? value : NULL;
}
