/* SPDX-License-Identifier: Apache-2.0 */
/* What the files that run a template share. */
#ifndef TFATMOS_TEMPLATE_EVALUATE_H
#define TFATMOS_TEMPLATE_EVALUATE_H

#include "tree.h"

/* How a list of nodes was left, beside 0 and errors, which are negative. */
enum {
    FLOW_BREAK = 1,
    FLOW_CONTINUE = 2
};

struct evaluation {
    const struct template *template;
    const struct template_run *run;
    struct template_limits limits;
    struct template_error *error;
    struct buf *out;
    size_t steps; /* done */
    size_t memory; /* bytes made */
    unsigned depth;
    struct datum *slots; /* variables of the definition being run */
    struct template_call call; /* what functions are given */
    const char *function; /* the one being called, for messages */
    uint32_t at; /* where the call stands */
};

/* Says what is wrong at a byte of the template; returns `err`. */
int evaluation_fail(struct evaluation *e, int err, size_t at, const char *format, ...)
        __attribute__((format(printf, 4, 5)));
/* Counts work. 0 or ERR_LIMIT. */
int evaluation_work(struct evaluation *e, size_t at, size_t steps);
/* One level further in. 0 or ERR_LIMIT. */
int evaluation_enter(struct evaluation *e, size_t at);
void evaluation_leave(struct evaluation *e);

/* operand.c: the value of a pipeline; sets its variables. */
int pipe_evaluate(
        struct evaluation *e, const struct pipe *pipe, struct datum dot, struct datum *ret);

/* How fmt.Sprintf is asked to write one thing. */
struct verb {
    char letter;
    bool has_plus;
    bool has_minus;
    bool has_sharp;
    bool has_space;
    bool has_zero;
    bool has_width;
    bool has_precision;
    int width;
    int precision;
};

/* print.c: adds a value as fmt.Sprint writes it; NULL as <nil>. 0 or ERR_LIMIT. */
int datum_print(struct evaluation *e, struct buf *out, size_t at, struct datum datum);
/* The same for a verb of fmt.Sprintf. */
int datum_print_as(struct evaluation *e, struct buf *out, size_t at, const struct verb *verb,
        struct datum datum);
/* Entries of a map by key; in the arena. */
const struct value_entry **entries_by_key(struct arena *arena, const struct value *map);

/* scalar.c: anything but lists and maps. */
void scalar_print(struct buf *out, struct datum datum);
void scalar_print_as(struct buf *out, const struct verb *verb, struct datum datum);
/* "string", "int", ... as Go calls them. */
const char *scalar_type(struct datum datum);

/* format.c: as fmt.Sprintf. */
int datums_format(struct template_call *call, struct buf *out, struct str format,
        const struct datum *args, size_t count);
/* quote.c: a text between quotes of this kind with escapes, as Go writes it. */
void buf_add_quoted(struct buf *out, struct str text, char quote);
/* Blanks other than ' ', controls and private characters are not. */
bool point_is_printable(uint32_t point);
/* A character as UTF-8; U+FFFD for what is none. */
void buf_add_point(struct buf *out, uint32_t point);
/* The code point at `*at`, which moves behind it; a byte that begins none is U+FFFD. */
uint32_t point_next(struct str text, size_t *at);

#endif
