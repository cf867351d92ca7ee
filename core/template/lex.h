/* SPDX-License-Identifier: Apache-2.0 */
/* The words of a template. */
#ifndef TFATMOS_TEMPLATE_LEX_H
#define TFATMOS_TEMPLATE_LEX_H

#include "base/base.h"

enum token_kind {
    TOKEN_ERROR, /* `text` is the message */
    TOKEN_END,
    TOKEN_TEXT, /* outside of actions, trimmed */
    TOKEN_OPEN,
    TOKEN_CLOSE,
    TOKEN_WORD, /* a name, a keyword, true, false, nil */
    TOKEN_FIELD, /* .name; `text` without the dot */
    TOKEN_DOT,
    TOKEN_VARIABLE, /* $name or $; `text` with the dollar */
    TOKEN_NUMBER,
    TOKEN_CHARACTER, /* with its quotes, as strings */
    TOKEN_STRING,
    TOKEN_RAW,
    TOKEN_PIPE,
    TOKEN_COMMA,
    TOKEN_LEFT,
    TOKEN_RIGHT,
    TOKEN_DECLARE, /* := */
    TOKEN_ASSIGN /* = */
};

struct token {
    enum token_kind kind;
    struct str text;
    size_t at; /* bytes into the template */
    bool is_apart; /* blanks stand before it */
};

/* Copied to look ahead. */
struct lexer {
    struct str text;
    struct str open;
    struct str close;
    size_t at;
    bool is_inside; /* an action */
    bool is_trimmed; /* the action before ended with a trim marker */
};

struct token lexer_next(struct lexer *lexer);

/* True when the action is opened with a trim marker. */
bool lexer_trims(struct str behind_open);

#endif
