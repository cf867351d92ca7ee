/* SPDX-License-Identifier: Apache-2.0 */
/* A parsed query. Private to out/. */
#ifndef TFATMOS_OUT_QUERY_NODE_H
#define TFATMOS_OUT_QUERY_NODE_H

#include "query.h"

enum query_kind {
    QUERY_SELF, /* . */
    QUERY_FIELD, /* .name: `text` */
    QUERY_INDEX, /* [number]: `from` */
    QUERY_SLICE, /* [from:to]; a missing end is INT64_MIN or INT64_MAX */
    QUERY_ITERATE, /* [] */
    QUERY_DESCEND, /* .. */
    QUERY_TRY, /* left?: an error gives nothing */
    QUERY_LITERAL, /* `value` */
    QUERY_COLLECT, /* [left] */
    QUERY_KEYS,
    QUERY_LENGTH,
    QUERY_NOT,
    QUERY_SELECT, /* select(left) */
    QUERY_MAP, /* map(left) */
    QUERY_HAS, /* has(left) */
    QUERY_UNION, /* left, right */
    QUERY_BUILD, /* {..., entry}: `left` are the entries before, NULL: none; `right` is a QUERY_ENTRY */
    QUERY_ENTRY, /* left: right, in a QUERY_BUILD only */
    QUERY_PIPE, /* left | right, and a step behind another */
    QUERY_ELSE, /* left // right */
    QUERY_OR,
    QUERY_AND,
    QUERY_EQUAL,
    QUERY_UNEQUAL,
    QUERY_LESS,
    QUERY_LESS_OR_EQUAL,
    QUERY_MORE,
    QUERY_MORE_OR_EQUAL
};

struct query_node {
    enum query_kind kind;
    const struct query_node *left;
    const struct query_node *right;
    size_t column; /* of its sign or first byte in the query, 1-based, in code points */
    struct str text;
    int64_t from;
    int64_t to;
    const struct value *value;
};

/* ERR_PARSE with "column N: " and one phrase in *ret_why; nodes live in the run's arena. A query has
 * at most some hundred nodes, so whoever walks them may recurse. */
int query_parse(struct run *run, struct str text, const struct query_node **ret_node,
        struct str *ret_why);

/* "column N: why". */
struct str query_why(struct run *run, size_t column, const char *why);

#endif
