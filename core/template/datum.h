/* SPDX-License-Identifier: Apache-2.0 */
/* What expressions of a template give, and the functions they call. */
#ifndef TFATMOS_TEMPLATE_DATUM_H
#define TFATMOS_TEMPLATE_DATUM_H

#include "value/value.h"

enum datum_kind {
    DATUM_MISSING, /* a key that a map does not have; `$x := .null` gives it too */
    DATUM_NULL,
    DATUM_BOOL,
    DATUM_INT,
    DATUM_UINT, /* only for what is too large for DATUM_INT */
    DATUM_FLOAT,
    DATUM_STRING,
    DATUM_LIST,
    DATUM_MAP,
    DATUM_ROOT /* inside the engine: what the data begin with, not yet made into a map */
};

/* Passed by value. Texts and trees are borrowed from the data, the template or the arena of the run. */
struct datum {
    enum datum_kind kind;

    union {
        bool truth;
        int64_t integer;
        uint64_t natural;
        double real;
        struct str text;
        const struct value *tree; /* lists and maps */
    } as;
};

struct datum datum_of(const struct value *value); /* NULL gives DATUM_MISSING */
struct datum datum_bool(bool truth);
struct datum datum_int(int64_t integer);
struct datum datum_float(double real);
struct datum datum_text(struct str text);
/* As a node of a tree: what stands in a list or a map. */
const struct value *datum_value(struct arena *arena, struct datum datum);

/* False for what is missing, null, false, zero or empty. */
bool datum_is_true(struct datum datum);
/* "string", "int", "map", ... as messages say it. */
const char *datum_type(struct datum datum);

/* ---- functions ---- */

/* One call in progress; functions do not keep it. */
struct template_call {
    struct arena *arena; /* results live here */
    struct keys *keys; /* of maps */
    void *context; /* of the run, for functions of the caller */
    struct evaluation *evaluation; /* inside */
};

/*
 * A function of a table. `takes` has one letter per argument: s a text, i an integer, b a boolean, l a list,
 * m a map, a anything; a `*` behind the last letter: any number of those, none included. The engine
 * checks number and kinds before it calls; integers arrive as DATUM_INT.
 * Returns 0, or what template_fail, template_work or template_give returned.
 */
struct template_function {
    const char *name; /* may have dots: "strings.ToUpper" */
    const char *takes;
    int (*run)(struct template_call *call, const struct datum *args, size_t count,
            struct datum *ret);
};

/* Tables in a row; an earlier one beats a later one. */
struct template_functions {
    const struct template_function *rows;
    size_t count;
    const struct template_functions *next; /* NULL: the last */
};

/* The text and list functions of sprig that depend on their arguments alone. */
extern const struct template_functions template_sprig_functions;

/* Ends the run: "the function F: ..." at the place of the call. ERR_INVALID. */
int template_fail(struct template_call *call, const char *format, ...)
        __attribute__((format(printf, 2, 3)));
/* Ends the run because of something this version cannot do. ERR_UNSUPPORTED. */
int template_refuse(struct template_call *call, const char *format, ...)
        __attribute__((format(printf, 2, 3)));
/* Every call pays for its arguments; this is for work beyond that, in bytes looked at. 0 or ERR_LIMIT. */
int template_work(struct template_call *call, size_t bytes);
/* How large a text may still be made: the maximum for buffers. */
size_t template_room(const struct template_call *call);
/* The content of the buffer as a text that lives on; empties the buffer. 0 or ERR_LIMIT. */
int template_give(struct template_call *call, struct buf *text, struct datum *ret);
/* Pays for nodes of lists and maps before they are made. 0 or ERR_LIMIT. */
int template_pay(struct template_call *call, size_t nodes);
/* Counts everything below as work, for functions that look at whole trees: parts may be shared, so that a
 * tree is larger, and deeper, than it took to make it. 0 or ERR_LIMIT. */
int template_survey(struct template_call *call, struct datum datum);
/* Adds the text a datum has for `print`; nothing that is missing or null is left out. 0 or ERR_LIMIT. */
int template_write(struct template_call *call, struct buf *out, struct datum datum);
/* That text alone; of a text itself, no copy. 0 or ERR_LIMIT. */
int template_text(struct template_call *call, struct datum datum, struct str *ret_text);

#endif
