/* SPDX-License-Identifier: Apache-2.0 */
/* Cuts a template into words. */
#include "lex.h"

#include <string.h>

static bool is_blank(char byte)
{
    return byte == ' ' || byte == '\t' || byte == '\r' || byte == '\n';
}

static struct str rest_of(const struct lexer *lexer)
{
    return str_from_index(lexer->text, lexer->at);
}

static char byte_at(const struct lexer *lexer, size_t ahead)
{
    size_t at = lexer->at + ahead;
    return at < lexer->text.len ? lexer->text.ptr[at] : '\0';
}

static struct token token_new(enum token_kind kind, struct str text, size_t at)
{
    return (struct token){ .kind = kind, .text = text, .at = at };
}

static struct token fault(const struct lexer *lexer, size_t at, const char *message)
{
    (void)lexer;
    return token_new(TOKEN_ERROR, str_from(message), at);
}

/* Takes `count` bytes. */
static struct token take(struct lexer *lexer, enum token_kind kind, size_t count)
{
    size_t at = lexer->at;
    lexer->at += count;
    return token_new(kind, str_sub(lexer->text, at, lexer->at), at);
}

/* ---- text between actions ---- */

bool lexer_trims(struct str behind_open)
{
    return behind_open.len >= 2 && behind_open.ptr[0] == '-' && is_blank(behind_open.ptr[1]);
}

/* Length of the end of an action that begins here, 0 when none does. */
static size_t close_length(const struct lexer *lexer, bool *ret_trims)
{
    struct str rest = rest_of(lexer);
    *ret_trims = false;
    if (str_starts_with(rest, lexer->close)) {
        return lexer->close.len;
    }
    if (rest.len >= 2 && is_blank(rest.ptr[0]) && rest.ptr[1] == '-' &&
            str_starts_with(str_from_index(rest, 2), lexer->close)) {
        *ret_trims = true;
        return lexer->close.len + 2;
    }
    return 0;
}

/* Behind {{ or {{-, at the comment. False when it is not closed as it must be. */
static bool skip_comment(struct lexer *lexer, const char **ret_message)
{
    ptrdiff_t end = str_find_str(str_from_index(lexer->text, lexer->at + 2), STR("*/"));
    if (end < 0) {
        *ret_message = "the comment is not closed: \"*/\" is missing";
        return false;
    }
    lexer->at += (size_t)end + 4;
    size_t length = close_length(lexer, &lexer->is_trimmed);
    lexer->at += length;
    *ret_message = "the action must end right behind the comment";
    return length > 0;
}

static struct str trim_end(struct str text)
{
    while (text.len > 0 && is_blank(text.ptr[text.len - 1])) {
        text.len--;
    }
    return text;
}

/* Text up to the next action that is no comment; empty texts are left out. */
static struct token next_outside(struct lexer *lexer)
{
    for (;;) {
        while (lexer->is_trimmed && is_blank(byte_at(lexer, 0))) {
            lexer->at++;
        }
        lexer->is_trimmed = false;
        ptrdiff_t open = str_find_str(rest_of(lexer), lexer->open);
        size_t start = lexer->at;
        if (open < 0) {
            size_t length = lexer->text.len - start;
            return take(lexer, length > 0 ? TOKEN_TEXT : TOKEN_END, length);
        }
        size_t action = start + (size_t)open;
        struct str behind = str_from_index(lexer->text, action + lexer->open.len);
        bool trims = lexer_trims(behind);
        struct str text = str_sub(lexer->text, start, action);
        text = trims ? trim_end(text) : text;
        if (text.len > 0) {
            lexer->at = action;
            return token_new(TOKEN_TEXT, text, start);
        }
        lexer->at = action + lexer->open.len + (trims ? 2 : 0);
        if (!str_starts_with(rest_of(lexer), STR("/*"))) {
            lexer->is_inside = true;
            return token_new(TOKEN_OPEN, lexer->open, action);
        }
        const char *message = NULL;
        if (!skip_comment(lexer, &message)) {
            return fault(lexer, action, message);
        }
    }
}

/* ---- words of an action ---- */

/* Length of a letter, digit or underscore here, 0 for anything else. Letters beyond ASCII are not
 * told from other characters there, but for blanks and punctuation. */
static size_t letter_length(const struct lexer *lexer)
{
    unsigned char byte = (unsigned char)byte_at(lexer, 0);
    if (byte < 0x80) {
        bool is_letter = (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
                         (byte >= '0' && byte <= '9') || byte == '_';
        return is_letter ? 1 : 0;
    }
    unsigned char second = (unsigned char)byte_at(lexer, 1);
    if ((byte == 0xC2 && second != 0xAA && second != 0xB5 && second != 0xBA) ||
            (byte == 0xE2 && second < 0x84) || (byte == 0xE3 && second == 0x80)) {
        return 0;
    }
    return byte >= 0xF0 ? 4 : byte >= 0xE0 ? 3 : 2;
}

static size_t word_length(const struct lexer *lexer, size_t ahead)
{
    struct lexer at = *lexer;
    at.at += ahead;
    size_t length;
    while ((length = letter_length(&at)) > 0) {
        at.at += length;
    }
    return at.at - lexer->at - ahead;
}

/* A name must be followed by something that ends it. */
static bool is_ended(const struct lexer *lexer)
{
    char byte = byte_at(lexer, 0);
    bool trims;
    return lexer->at >= lexer->text.len || is_blank(byte) ||
           (byte != '\0' && strchr(".,|:)(", byte)) || close_length(lexer, &trims) > 0;
}

static struct token named(struct lexer *lexer, enum token_kind kind, size_t cut, size_t length)
{
    struct token token = take(lexer, kind, length);
    token.text = str_from_index(token.text, cut);
    if (!is_ended(lexer)) {
        return fault(lexer, lexer->at, "this character cannot stand in a name");
    }
    return token;
}

static size_t digits_length(const struct lexer *lexer, size_t ahead, const char *digits)
{
    size_t length = 0;
    char byte;
    while ((byte = byte_at(lexer, ahead + length)) != '\0' && strchr(digits, byte)) {
        length++;
    }
    return length;
}

static struct token number(struct lexer *lexer)
{
    const char *digits = "0123456789_";
    size_t length = byte_at(lexer, 0) == '+' || byte_at(lexer, 0) == '-' ? 1 : 0;
    if (byte_at(lexer, length) == '0') {
        char mark = byte_at(lexer, length + 1);
        digits = mark == 'x' || mark == 'X'   ? "0123456789abcdefABCDEF_"
                 : mark == 'o' || mark == 'O' ? "01234567_"
                 : mark == 'b' || mark == 'B' ? "01_"
                                              : digits;
        length += strlen(digits) == 11 ? 0 : 2;
    }
    length += digits_length(lexer, length, digits);
    if (byte_at(lexer, length) == '.') {
        length++;
        length += digits_length(lexer, length, digits);
    }
    char mark = byte_at(lexer, length);
    if (strlen(digits) == 11 && (mark == 'e' || mark == 'E')) {
        length++;
        length += byte_at(lexer, length) == '+' || byte_at(lexer, length) == '-' ? 1 : 0;
        length += digits_length(lexer, length, "0123456789_");
    }
    struct token token = take(lexer, TOKEN_NUMBER, length);
    return letter_length(lexer) > 0 ? fault(lexer, token.at, "this is not a number") : token;
}

static struct token quoted(struct lexer *lexer, enum token_kind kind, const char *message)
{
    char quote = byte_at(lexer, 0);
    for (size_t length = 1; lexer->at + length < lexer->text.len; length++) {
        char byte = byte_at(lexer, length);
        if (byte == quote) {
            return take(lexer, kind, length + 1);
        }
        if (quote != '`' && byte == '\\') {
            length++;
            byte = byte_at(lexer, length);
        }
        if (quote != '`' && byte == '\n') {
            break;
        }
    }
    return fault(lexer, lexer->at, message);
}

static struct token field_or_number(struct lexer *lexer)
{
    char byte = byte_at(lexer, 1);
    if (byte >= '0' && byte <= '9') {
        return number(lexer);
    }
    size_t length = word_length(lexer, 1);
    return named(lexer, length > 0 ? TOKEN_FIELD : TOKEN_DOT, length > 0 ? 1 : 0, length + 1);
}

static struct token sign(struct lexer *lexer)
{
    static const struct {
        char byte;
        enum token_kind kind;
    } signs[] = {
        { '|', TOKEN_PIPE },
        { ',', TOKEN_COMMA },
        { '(', TOKEN_LEFT },
        { ')', TOKEN_RIGHT },
        { '=', TOKEN_ASSIGN },
    };

    for (size_t i = 0; i < sizeof(signs) / sizeof(signs[0]); i++) {
        if (byte_at(lexer, 0) == signs[i].byte) {
            return take(lexer, signs[i].kind, 1);
        }
    }
    return fault(lexer, lexer->at, "this character means nothing in an action");
}

static struct token next_inside(struct lexer *lexer)
{
    char byte = byte_at(lexer, 0);
    if (lexer->at >= lexer->text.len) {
        return fault(lexer, lexer->at, "the action is not closed");
    }
    switch (byte) {
    case '"':
        return quoted(lexer, TOKEN_STRING, "the text in quotes is not closed in its line");
    case '`':
        return quoted(lexer, TOKEN_RAW, "the raw text is not closed");
    case '\'':
        return quoted(lexer, TOKEN_CHARACTER, "the character is not closed");
    case '$':
        return named(lexer, TOKEN_VARIABLE, 0, word_length(lexer, 1) + 1);
    case '.':
        return field_or_number(lexer);
    case ':':
        return byte_at(lexer, 1) == '=' ? take(lexer, TOKEN_DECLARE, 2)
                                        : fault(lexer, lexer->at, "\":=\" is meant");
    default:
        break;
    }
    if (byte == '+' || byte == '-' || (byte >= '0' && byte <= '9')) {
        return number(lexer);
    }
    size_t length = word_length(lexer, 0);
    return length > 0 ? named(lexer, TOKEN_WORD, 0, length) : sign(lexer);
}

struct token lexer_next(struct lexer *lexer)
{
    if (!lexer->is_inside) {
        return next_outside(lexer);
    }
    bool is_apart = false;
    for (;;) {
        bool trims = false;
        size_t length = close_length(lexer, &trims);
        if (length > 0) {
            lexer->is_inside = false;
            lexer->is_trimmed = trims;
            return take(lexer, TOKEN_CLOSE, length);
        }
        if (lexer->at >= lexer->text.len || !is_blank(byte_at(lexer, 0))) {
            break;
        }
        is_apart = true;
        lexer->at++;
    }
    struct token token = next_inside(lexer);
    token.is_apart = is_apart;
    return token;
}
