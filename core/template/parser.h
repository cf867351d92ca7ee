/* SPDX-License-Identifier: Apache-2.0 */
/* What the files that parse share. */
#ifndef TFATMOS_TEMPLATE_PARSER_H
#define TFATMOS_TEMPLATE_PARSER_H

#include "lex.h"
#include "tree.h"

struct parser {
    const struct template_input *input;
    struct arena *arena;
    struct template *template;
    struct template_error *error;
    struct template_limits limits;
    struct lexer lexer;
    struct token token; /* the next one, when it was looked at */
    bool has_token;
    size_t end; /* of the last one taken */
    size_t stop; /* where the `end` or `else` of a list stands */
    unsigned nesting;
    unsigned ranges; /* around this place */
    struct definition *definition; /* being parsed */
    VEC(struct str) variables; /* in scope; the position is the slot */
};

struct token parser_peek(struct parser *p);
struct token parser_take(struct parser *p);

/* Says what is wrong at a byte of the template; returns `err`. */
int parser_fail(struct parser *p, int err, size_t at, const char *format, ...)
        __attribute__((format(printf, 4, 5)));
/* That the token is not what `where` needs; the message of an error token. ERR_PARSE. */
int parser_unexpected(struct parser *p, struct token token, const char *where);

/* One block or parenthesis further in; ERR_LIMIT. */
int parser_enter(struct parser *p, size_t at);
void parser_leave(struct parser *p);

/* pipeline.c: up to and with `end`. At most `most` variables may be set. */
int parse_pipe(struct parser *p, const char *where, enum token_kind end, size_t most,
        const struct pipe **ret_pipe);

/* constant.c: what numbers, characters and texts stand for. ERR_PARSE, ERR_UNSUPPORTED. */
int parse_number(struct parser *p, struct token token, struct datum *ret);
int parse_character(struct parser *p, struct token token, struct datum *ret);
int parse_string(struct parser *p, struct token token, struct datum *ret);

#endif
