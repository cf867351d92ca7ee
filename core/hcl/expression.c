/* SPDX-License-Identifier: Apache-2.0 */
/* Where an expression ends: brackets, quotes, templates and heredocs, nothing of what they mean. */
#include "cursor.h"

/* What is open inside an expression: closing brackets, '"' for text, '$' for a template in text. */
struct nesting {
    char open[HCL_MAX_DEPTH];
    struct mark marks[HCL_MAX_DEPTH];
    size_t count;
};

static int nesting_push(struct cursor *cursor, struct nesting *nesting, char closer)
{
    if (nesting->count == HCL_MAX_DEPTH) {
        return cursor_error(
                cursor, HCL_LIMIT, cursor->mark, "an expression is nested too deeply");
    }
    nesting->marks[nesting->count] = cursor->mark;
    nesting->open[nesting->count++] = closer;
    return 0;
}

static char nesting_top(const struct nesting *nesting)
{
    return (char)(nesting->count ? nesting->open[nesting->count - 1] : '\0');
}

/* One step inside quotes. */
static int step_text(struct cursor *cursor, struct nesting *nesting)
{
    char byte = cursor_peek(cursor, 0);
    char next = cursor_peek(cursor, 1);
    char third = cursor_peek(cursor, 2);
    if (byte == '\n') {
        return cursor_error(cursor, HCL_SYNTAX, nesting->marks[nesting->count - 1],
                "a text in quotes does not end on its line");
    }
    if (byte == '"') {
        nesting->count--;
        cursor_step(cursor, 1);
    } else if (byte == '\\' && next != '\n') {
        cursor_step(cursor, 2);
    } else if ((byte == '$' || byte == '%') && next == byte && third == '{') {
        cursor_step(cursor, 3); /* $${ is text */
    } else if ((byte == '$' || byte == '%') && next == '{') {
        int code = nesting_push(cursor, nesting, '$');
        cursor_step(cursor, 2);
        return code;
    } else {
        cursor_step(cursor, 1);
    }
    return 0;
}

static int step_closer(struct cursor *cursor, struct nesting *nesting, char closer)
{
    char top = nesting_top(nesting);
    if (top != closer && !(top == '$' && closer == '}')) {
        return cursor_error(cursor, HCL_SYNTAX, cursor->mark,
                diag_text(cursor->input->diags, "unexpected \"%c\"", closer).ptr);
    }
    nesting->count--;
    cursor_step(cursor, 1);
    return 0;
}

/* One step outside of quotes. */
static int step_code(struct cursor *cursor, struct nesting *nesting)
{
    struct str lines;
    bool is_indented;
    if (cursor_is_heredoc(cursor)) {
        return cursor_heredoc(cursor, &lines, &is_indented);
    }
    char byte = cursor_peek(cursor, 0);
    int code = 0;
    switch (byte) {
    case '"':
        code = nesting_push(cursor, nesting, '"');
        break;
    case '(':
        code = nesting_push(cursor, nesting, ')');
        break;
    case '[':
        code = nesting_push(cursor, nesting, ']');
        break;
    case '{':
        code = nesting_push(cursor, nesting, '}');
        break;
    case ')':
    case ']':
    case '}':
        return step_closer(cursor, nesting, byte);
    default:
        break;
    }
    cursor_step(cursor, 1);
    return code;
}

int expression_skip(struct cursor *cursor, bool is_in_object, size_t *ret_end)
{
    struct nesting nesting = { .count = 0 };
    size_t end = cursor->at;
    for (;;) {
        bool is_text = nesting_top(&nesting) == '"';
        int code = is_text ? 0 : cursor_skip_blanks(cursor, nesting.count > 0);
        if (code != 0) {
            return code;
        }
        char byte = cursor_peek(cursor, 0);
        bool is_over = cursor_is_end(cursor) || byte == '\n' || byte == '}' ||
                       (is_in_object && byte == ',');
        if (nesting.count == 0 && is_over) {
            *ret_end = end;
            return 0;
        }
        if (cursor_is_end(cursor)) {
            return cursor_error(cursor, HCL_SYNTAX, nesting.marks[nesting.count - 1],
                    is_text ? "a text in quotes does not end" : "a bracket is not closed");
        }
        code = is_text ? step_text(cursor, &nesting) : step_code(cursor, &nesting);
        if (code != 0) {
            return code;
        }
        end = cursor->at;
    }
}
