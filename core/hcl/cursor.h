/* SPDX-License-Identifier: Apache-2.0 */
/* A place in HCL text that moves forward and always knows its line and column. */
#ifndef TFATMOS_HCL_CURSOR_H
#define TFATMOS_HCL_CURSOR_H

#include "hcl.h"

struct cursor {
    const struct hcl_input *input;
    struct str text;
    size_t at;
    struct mark mark; /* of the byte at `at` */
};

/* The byte at the cursor or `ahead` bytes behind it, NUL at the end (text never holds NUL). */
char cursor_peek(const struct cursor *cursor, size_t ahead);
bool cursor_is_end(const struct cursor *cursor);
/* Moves on by `count` bytes, at most to the end. */
void cursor_step(struct cursor *cursor, size_t count);
/* Steps over `token` when it stands here. */
bool cursor_take(struct cursor *cursor, const char *token);

/* Blanks and comments; newlines too when `with_lines`. A line comment ends before its newline. */
int cursor_skip_blanks(struct cursor *cursor, bool with_lines);

/* An identifier as HCL has them: letters, digits, '_', '-', and everything beyond ASCII. Empty: none. */
struct str cursor_identifier(struct cursor *cursor);

/* True at "<<EOF" or "<<-EOF". */
bool cursor_is_heredoc(const struct cursor *cursor);
/* Steps over the heredoc here, to before the newline of its last line; the lines between and whether
 * they are to be dedented. ERR_PARSE when it does not end. */
int cursor_heredoc(struct cursor *cursor, struct str *ret_lines, bool *ret_is_indented);

/* One diagnostic at `mark`, and its code. */
int cursor_error(
        const struct cursor *cursor, enum hcl_diag kind, struct mark mark, const char *problem);

/* ---- expression.c ---- */

/* Steps over an expression: to the newline or closing brace behind it, with `is_in_object` also to a
 * comma, or to the end. *ret_end is where the expression itself ends. ERR_PARSE, ERR_LIMIT. */
int expression_skip(struct cursor *cursor, bool is_in_object, size_t *ret_end);

/* ---- literal.c ---- */

/* The expression at the cursor as a value when it is a literal that ends where `end` is, else NULL. */
const struct value *literal_read(const struct cursor *begin, size_t end);
/* The text between the quotes at the cursor with its escapes resolved, cursor behind it. False when
 * it holds a template, a newline or an unknown escape, or does not end. */
bool literal_string(struct cursor *cursor, struct str *ret_text);

#endif
