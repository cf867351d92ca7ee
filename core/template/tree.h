/* SPDX-License-Identifier: Apache-2.0 */
/* A parsed template. */
#ifndef TFATMOS_TEMPLATE_TREE_H
#define TFATMOS_TEMPLATE_TREE_H

#include "template.h"

enum operand_kind {
    OPERAND_DOT,
    OPERAND_NIL,
    OPERAND_CONSTANT,
    OPERAND_VARIABLE,
    OPERAND_FUNCTION,
    OPERAND_PIPE /* in parentheses */
};

/* A word of a command and the fields behind it: .a.b is the dot with two fields. */
struct operand {
    enum operand_kind kind;
    uint32_t at; /* where it begins */
    size_t slot; /* of a variable */
    const struct template_function *function;
    const struct pipe *pipe;
    struct datum constant;
    struct str written; /* all of it, for messages */
    const struct key **fields;
    uint32_t *field_at;
    size_t field_count;
};

struct command {
    const struct operand
            *operands; /* the first may be a function, the others are its arguments */
    size_t count;
    uint32_t at;
};

struct pipe {
    const struct command *commands;
    size_t count;
    uint32_t at;
    size_t slots[2]; /* variables that it sets; range may set two */
    size_t slot_count;
    bool is_assignment; /* to variables that were there */
};

enum node_kind {
    NODE_TEXT,
    NODE_ACTION,
    NODE_IF,
    NODE_WITH,
    NODE_RANGE,
    NODE_CALL, /* {{ template "name" pipe }} */
    NODE_BREAK,
    NODE_CONTINUE
};

struct node;

VEC_TYPE(nodes, struct node *);

struct node {
    enum node_kind kind;
    uint32_t at;
    struct str text; /* literal, or the name of the template that is called */
    const struct pipe *pipe; /* NULL: a call without an argument */
    struct nodes list;
    struct nodes otherwise; /* behind {{ else }} */
    bool is_chained; /* {{ else if }}: alone in the list behind the else */
};

/* What {{ define }} defines; the first one of a template is its own text. */
struct definition {
    struct str name;
    struct nodes nodes;
    size_t slot_count; /* variables, with $ in slot 0 */
    bool is_empty; /* only blanks: another one with its name replaces it */
};

VEC_TYPE(definitions, struct definition *);

struct template
{
    struct str text;
    struct definitions definitions;
    struct template_piece *pieces;
    size_t piece_count;
    bool is_plain; /* texts and fields alone */
};

/* NULL when no table has it. */
const struct template_function *function_find(
        const struct template_functions *functions, struct str name);
/* Go's own, and those the engine treats itself. */
extern const struct template_functions go_functions;
extern const struct template_function function_and;
extern const struct template_function function_or;

/* What is known of a name that no table has: "not there yet", or the nearest names. */
int function_unknown(struct arena *arena, const struct template_functions *functions,
        struct str name, struct str *ret_message, struct str *ret_hint);

/* Sets the place of an error: line and column of `offset`. */
void error_locate(struct template_error *error, struct str text, size_t offset);

/* The bounds with defaults filled in. */
struct template_limits limits_of(const struct template_limits *limits);

#endif
