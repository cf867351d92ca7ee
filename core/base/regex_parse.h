/* SPDX-License-Identifier: Apache-2.0 */
/* The tree between a pattern and its program. */
#ifndef TFATMOS_BASE_REGEX_PARSE_H
#define TFATMOS_BASE_REGEX_PARSE_H

#include "regex.h"
#include "vec.h"

enum regex_kind {
    REGEX_EMPTY,
    REGEX_CHAR,
    REGEX_CLASS,
    REGEX_CAT, /* left, then right */
    REGEX_ALT, /* left or right */
    REGEX_REPEAT, /* left, min to max times */
    REGEX_GROUP, /* left, remembered under the number `point` */
    REGEX_BEGIN,
    REGEX_END,
    REGEX_BOUNDARY,
    REGEX_NO_BOUNDARY
};

enum {
    REGEX_FOREVER = -1
};

struct regex_range {
    uint32_t first;
    uint32_t last;
};

/* A set of code points. */
struct regex_class {
    VEC(struct regex_range) ranges;
    bool is_negated;
};

struct regex_node {
    enum regex_kind kind;
    uint32_t point; /* of a character; the number of a group, from 1 */
    int min;
    int max; /* or REGEX_FOREVER */
    bool is_lazy; /* as few as possible first */
    const struct regex_class *class;
    const struct regex_node *left;
    const struct regex_node *right;
};

/* Classes live in `arena`, nodes in `scratch`. *ret_groups counts the groups, with the whole as one. */
int regex_parse(struct arena *arena, struct arena *scratch, struct str pattern,
        const struct regex_node **ret_node, size_t *ret_groups, struct regex_error *ret_error);

/* The code point at `at` of well-formed UTF-8; a byte that is not gives U+FFFD. */
uint32_t regex_point(struct str text, size_t at, size_t *ret_len);

#endif
