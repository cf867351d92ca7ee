/* SPDX-License-Identifier: Apache-2.0 */
/* Rows of values become a table: columns, filter and order as the user wants them. */
#ifndef TFATMOS_OUT_COLUMNS_H
#define TFATMOS_OUT_COLUMNS_H

#include "table.h"

/* One column: its cells are `text` with each {{ .path }} replaced by the row's value there. */
struct column_rule {
    const char *title;
    const char *text; /* "{{ .vars.region }}" */
    enum column_kind kind;
};

struct listing {
    const struct value *const *rows; /* maps */
    size_t row_count;
    const struct column_rule *columns; /* unless the user chose others */
    size_t column_count;
    size_t most_columns; /* only the first so many; 0: all */
    const char *empty; /* said on a terminal when there is no row */
    /* What the user chose; empty: nothing. */
    const struct str *chosen; /* "Name={{ .path }}" each */
    size_t chosen_count;
    struct str filter; /* a query; rows for which it is true stay */
    struct str sort; /* "Name", "Name:desc", several with commas */
};

/*
 * The table of a listing. ERR_INVALID or ERR_PARSE with `*ret_why` (one phrase) and `*ret_what` (the
 * text it is about) when one of the user's choices cannot be used; nothing is set then but these.
 */
int listing_table(struct run *run, const struct listing *listing, struct table *ret_table,
        struct str *ret_what, struct str *ret_why);

/* A scalar's text; lists and maps as JSON on one line; nothing for null. */
struct str cell_text(struct run *run, const struct value *value);

#endif
