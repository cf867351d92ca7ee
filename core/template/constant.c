/* SPDX-License-Identifier: Apache-2.0 */
/* Numbers, characters and texts as they are written in a template. */
#include <string.h>

#include "evaluate.h"
#include "parser.h"

static int digit_of(char byte)
{
    if (byte >= '0' && byte <= '9') {
        return byte - '0';
    }
    char lower = (char)(byte | 0x20);
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : 99;
}

/* ---- numbers ---- */

/* Digits of one base with single underscores between them. */
static bool read_digits(struct str text, unsigned base, bool has_prefix, uint64_t *ret_number)
{
    uint64_t number = 0;
    bool may_separate = has_prefix;
    bool is_separated = false;
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] == '_') {
            if (!may_separate || is_separated) {
                return false;
            }
            is_separated = true;
            continue;
        }
        unsigned digit = (unsigned)digit_of(text.ptr[i]);
        if (digit >= base || __builtin_mul_overflow(number, (uint64_t)base, &number) ||
                __builtin_add_overflow(number, (uint64_t)digit, &number)) {
            return false;
        }
        may_separate = true;
        is_separated = false;
    }
    *ret_number = number;
    return text.len > 0 && !is_separated;
}

static bool read_integer(struct str text, uint64_t *ret_number)
{
    if (text.len < 2 || text.ptr[0] != '0') {
        return read_digits(text, 10, false, ret_number);
    }
    switch (text.ptr[1] | 0x20) {
    case 'x':
        return read_digits(str_from_index(text, 2), 16, true, ret_number);
    case 'o':
        return read_digits(str_from_index(text, 2), 8, true, ret_number);
    case 'b':
        return read_digits(str_from_index(text, 2), 2, true, ret_number);
    default:
        return read_digits(str_from_index(text, 1), 8, true, ret_number);
    }
}

int parse_number(struct parser *p, struct token token, struct datum *ret)
{
    struct str text = token.text;
    uint64_t number;
    double real;
    bool is_negative = text.ptr[0] == '-';
    struct str digits = is_negative || text.ptr[0] == '+' ? str_from_index(text, 1) : text;
    if (read_integer(digits, &number)) {
        if (number > (uint64_t)INT64_MAX + (is_negative ? 1 : 0)) {
            return parser_fail(
                    p, ERR_PARSE, token.at, "the number %.*s is too large", STR_ARG(text));
        }
        *ret = datum_int(is_negative ? (int64_t)(0 - number) : (int64_t)number);
        return 0;
    }
    bool is_hexadecimal =
            digits.len > 1 && digits.ptr[0] == '0' && (digits.ptr[1] | 0x20) == 'x';
    bool has_point =
            str_find(text, '.') >= 0 || str_find(text, 'e') >= 0 || str_find(text, 'E') >= 0;
    if (is_hexadecimal && has_point && str_find(text, '.') >= 0) {
        return parser_fail(p, ERR_UNSUPPORTED, token.at,
                "hexadecimal numbers with a point are not supported");
    }
    if (!has_point || is_hexadecimal || str_find(text, '_') >= 0 || !str_to_f64(text, &real)) {
        return parser_fail(p, ERR_PARSE, token.at, "\"%.*s\" is not a number that fits 64 bits",
                STR_ARG(text));
    }
    *ret = datum_float(real);
    return 0;
}

/* ---- texts ---- */

/* Number of digits behind \x, \u, \U and the like; 0 for other letters. */
static size_t escape_digits(char letter, unsigned *ret_base)
{
    *ret_base = letter >= '0' && letter <= '7' ? 8 : 16;
    switch (letter) {
    case 'x':
        return 2;
    case 'u':
        return 4;
    case 'U':
        return 8;
    default:
        return letter >= '0' && letter <= '7' ? 3 : 0;
    }
}

/* The escape behind a backslash; returns its length, 0 when it is none. */
static size_t add_escape(struct buf *out, struct str rest, char quote)
{
    static const char letters[] = "abfnrtv\\";
    static const char meanings[] = "\a\b\f\n\r\t\v\\";
    char letter = rest.len > 0 ? rest.ptr[0] : '\0';
    const char *found = letter != '\0' ? strchr(letters, letter) : NULL;
    if (found || (letter == quote && letter != '\0')) {
        buf_add_byte(out, found ? meanings[found - letters] : quote);
        return 1;
    }
    unsigned base;
    size_t count = escape_digits(letter, &base);
    size_t start = base == 8 ? 0 : 1;
    uint64_t point;
    struct str digits = str_sub(rest, start, start + count);
    if (count == 0 || digits.len < count || str_find(digits, '_') >= 0 ||
            !read_digits(digits, base, false, &point)) {
        return 0;
    }
    if (letter != 'u' && letter != 'U') {
        buf_add_byte(out, (char)point);
        return point > 0xFF ? 0 : start + count;
    }
    if (point > 0x10FFFF || (point >= 0xD800 && point < 0xE000)) {
        return 0;
    }
    buf_add_point(out, (uint32_t)point);
    return start + count;
}

static int unquote(struct parser *p, struct token token, struct str *ret_text)
{
    AUTO_BUF out = BUF_INIT(token.text.len + 8);
    char quote = token.text.ptr[0];
    struct str inner = str_sub(token.text, 1, token.text.len - 1);
    for (size_t i = 0; i < inner.len;) {
        if (inner.ptr[i] != '\\') {
            buf_add_byte(&out, inner.ptr[i++]);
            continue;
        }
        size_t length = add_escape(&out, str_from_index(inner, i + 1), quote);
        if (length == 0) {
            return parser_fail(p, ERR_PARSE, token.at + 1 + i, "this escape is not known");
        }
        i += 1 + length;
    }
    if (!str_is_utf8(buf_str(&out))) {
        return parser_fail(p, ERR_PARSE, token.at, "this text is not well-formed UTF-8");
    }
    *ret_text = arena_dup(p->arena, buf_str(&out));
    return 0;
}

int parse_string(struct parser *p, struct token token, struct datum *ret)
{
    struct str text = str_sub(token.text, 1, token.text.len - 1);
    if (token.kind == TOKEN_STRING && str_find(text, '\\') >= 0) {
        int err = unquote(p, token, &text);
        *ret = datum_text(text);
        return err;
    }
    *ret = datum_text(text);
    return 0;
}

int parse_character(struct parser *p, struct token token, struct datum *ret)
{
    struct str text;
    int err = unquote(p, token, &text);
    if (err) {
        return err;
    }
    if (text.len == 0 || str_count_code_points(text) != 1) {
        return parser_fail(
                p, ERR_PARSE, token.at, "one character stands between single quotes");
    }
    const unsigned char *bytes = (const unsigned char *)text.ptr;
    uint32_t point = text.len == 1 ? bytes[0] : bytes[0] & (0x7Fu >> text.len);
    for (size_t i = 1; i < text.len; i++) {
        point = point << 6 | (bytes[i] & 0x3Fu);
    }
    *ret = datum_int(point);
    return 0;
}
