/* SPDX-License-Identifier: Apache-2.0 */
/* Text that people write as words. */
#include "words.h"

#include <string.h>

#include "err.h"

/* Where in the text the word is read, and what of it is already known. */
struct scan {
    struct str text; /* begins with the word */
    size_t at;
    char quote; /* the one we are in, or NUL */
    char *word; /* NULL while it is only counted */
    size_t len;
};

static bool is_quote(char byte)
{
    return byte == '"' || byte == '\'';
}

static void put(struct scan *scan, char byte)
{
    if (scan->word) {
        scan->word[scan->len] = byte;
    }
    scan->len++;
}

/* Takes a quote that begins or ends something. */
static bool take_quote(struct scan *scan)
{
    char byte = scan->text.ptr[scan->at];
    bool is_taken = scan->quote ? byte == scan->quote : is_quote(byte);
    if (is_taken) {
        scan->quote = (char)(scan->quote ? '\0' : byte);
    }
    return is_taken;
}

/* The byte behind the one we are at; NUL at the end. */
static char next_byte(const struct scan *scan)
{
    return scan->at + 1 < scan->text.len ? scan->text.ptr[scan->at + 1] : '\0';
}

/* Whether a backslash here means something for the byte behind it. */
static bool is_escape(const struct scan *scan)
{
    char next = next_byte(scan);
    if (scan->text.ptr[scan->at] != '\\' || scan->quote == '\'' || next == '\0') {
        return false;
    }
    return scan->quote == '\0' || memchr("$`\"\\\n", next, 5) != NULL;
}

static void take_shell(struct scan *scan)
{
    if (is_escape(scan)) {
        scan->at++;
        if (scan->text.ptr[scan->at] != '\n') {
            put(scan, scan->text.ptr[scan->at]);
        }
    } else if (!take_quote(scan)) {
        put(scan, scan->text.ptr[scan->at]);
    }
}

static void take_doubled(struct scan *scan)
{
    char byte = scan->text.ptr[scan->at];
    if (scan->quote && byte == scan->quote && next_byte(scan) == byte) {
        scan->at++;
        put(scan, byte);
    } else if (!take_quote(scan)) {
        put(scan, byte);
    }
}

static void take_as_written(struct scan *scan)
{
    (void)take_quote(scan);
    put(scan, scan->text.ptr[scan->at]);
}

/* From the beginning of the text to the end of the word. */
static void take_word(struct scan *scan, enum word_rule rule)
{
    static void (*const takes[])(struct scan *) = { [WORDS_SHELL] = take_shell,
        [WORDS_DOUBLED] = take_doubled,
        [WORDS_AS_WRITTEN] = take_as_written };
    for (; scan->at < scan->text.len &&
            (scan->quote || !char_is_blank(scan->text.ptr[scan->at]));
            scan->at++) {
        takes[rule](scan);
    }
}

/* Whether the quote that the word begins with is closed by its last byte and not before. */
static bool is_in_quotes(struct str word)
{
    const char *end = word.len > 1 && is_quote(word.ptr[0])
                              ? memchr(word.ptr + 1, word.ptr[0], word.len - 1)
                              : NULL;
    return end && end == word.ptr + word.len - 1;
}

int word_next(struct arena *arena, struct str *rest, enum word_rule rule, struct str *ret_word)
{
    struct str text = *rest;
    while (text.len > 0 && char_is_blank(text.ptr[0])) {
        text = str_from_index(text, 1);
    }
    *rest = text;
    if (text.len == 0) {
        return ERR_NOT_FOUND;
    }
    struct scan length = { .text = text };
    take_word(&length, rule);
    struct scan scan = { .text = text, .word = arena_alloc(arena, length.len + 1) };
    take_word(&scan, rule);
    scan.word[scan.len] = '\0';
    struct str word = { scan.word, scan.len };
    bool is_wrapped = rule == WORDS_AS_WRITTEN && is_in_quotes(word);
    *ret_word = is_wrapped ? str_sub(word, 1, word.len - 1) : word;
    *rest = str_from_index(text, scan.at);
    return scan.quote ? ERR_PARSE : 0;
}
