/* SPDX-License-Identifier: Apache-2.0 */
/* Templates in the language of Go's text/template: parsed once, run over values any number of times. */
#ifndef TFATMOS_TEMPLATE_TEMPLATE_H
#define TFATMOS_TEMPLATE_TEMPLATE_H

#include "datum.h"

/*
 * The whole language: text, trim markers, comments, pipelines, fields, variables, if, range, with, define,
 * template, block, break, continue, and Go's own functions (docs/template.md). What cannot be done is an
 * error that says so: `call`, complex numbers, hexadecimal floats, %T, %p and %#v.
 *
 * Templates may come from anywhere: nesting, work, memory and output are bounded, and whatever goes wrong
 * is one template_error with its place.
 */

/* Bounds of one template; 0 means the default. */
struct template_limits {
    size_t max_text; /* bytes of the template; 1 MiB */
    size_t max_output; /* bytes of the result; 16 MiB */
    size_t max_memory; /* bytes of texts, lists and maps made on the way; 64 MiB */
    size_t max_steps; /* of work: about one per word of the template and 64 bytes looked at; 10 million */
    unsigned max_nesting; /* of blocks and parentheses; 100 */
    unsigned max_depth; /* of templates that call templates; 100 */
};

/* What is wrong. Texts live in the arena that was given. */
struct template_error {
    /* ERR_PARSE: not a template. ERR_NOT_FOUND: a key that is not there, or has no text where one is wanted.
     * ERR_INVALID: it cannot be evaluated, or says `fail`. ERR_LIMIT. ERR_UNSUPPORTED. */
    int err;
    size_t offset; /* bytes into the template */
    uint32_t line; /* of the template, from 1 */
    uint32_t column; /* in code points, from 1 */
    struct str message; /* one line */
    struct str hint; /* may be empty */
    struct str
            path; /* of ERR_NOT_FOUND: the field as it is written, without its first dot: "vars.stage" */
};

/* ---- parsing ---- */

struct template;

struct template_input {
    struct arena *arena; /* of the template */
    struct keys *keys; /* of all data it will see */
    struct str text; /* must live as long as the template */
    struct str open; /* delimiters; empty: {{ and }} */
    struct str close;
    const struct template_functions *functions; /* beside Go's own; may be NULL */
    const struct template_limits *limits; /* NULL: all defaults */
};

/* ERR_PARSE (functions that do not exist, too), ERR_LIMIT, ERR_UNSUPPORTED. */
int template_parse(const struct template_input *input, const struct template **ret_template,
        struct template_error *ret_error);

/* Its output is made of pieces that stand one after the other, for callers that look at templates. */
struct template_piece {
    enum {
        TEMPLATE_TEXT,
        TEMPLATE_FIELD, /* of the data, alone: {{ .vars.stage }} */
        TEMPLATE_OTHER /* may print anything, or nothing */
    } kind;
    struct str text;
    const struct key *const *steps; /* of a field: vars, stage */
    size_t step_count;
};

void template_pieces(const struct template *template, const struct template_piece **ret_pieces,
        size_t *ret_count);

/* ---- running ---- */

/* The data when they are no map yet. */
struct template_data {
    /* The value of a key at the top; NULL when there is none. */
    const struct value *(*field)(void *context, const struct key *key);
    /* All of them as a map, for templates that use the dot itself. */
    const struct value *(*whole)(void *context);
    void *context;
};

enum template_missing {
    TEMPLATE_MISSING_IS_ERROR,
    TEMPLATE_MISSING_IS_NO_VALUE /* prints <no value>, and so do keys below it */
};

struct template_run {
    struct arena *arena; /* of the result, and of what is made on the way */
    struct keys *keys; /* those of the template */
    const struct value *value; /* the data; NULL: see `data` */
    const struct template_data *data; /* NULL as well: there are none */
    enum template_missing missing;
    bool wants_text; /* printing null, a list or a map is ERR_NOT_FOUND instead of <no value>, [...] or map[...] */
    void *context; /* for functions */
    const struct template_limits *limits; /* NULL: all defaults */
};

/* Sets *ret_text, well-formed UTF-8 followed by NUL. ERR_NOT_FOUND, ERR_INVALID, ERR_LIMIT, ERR_UNSUPPORTED. */
int template_evaluate(const struct template *template, const struct template_run *run,
        struct str *ret_text, struct template_error *ret_error);

/* ---- places ---- */

/*
 * The place in a file of a byte of a template that is the scalar `text` at `mark`. `source` is the whole text
 * of the file. Where the scalar does not stand there as it is (escapes, folded lines): `mark` itself.
 */
struct mark template_mark(struct str source, struct mark mark, struct str text, size_t offset);

#endif
