/* SPDX-License-Identifier: Apache-2.0 */
/* One row model for every list, written as table, JSON, YAML, CSV or TSV. */
#ifndef TFATMOS_OUT_TABLE_H
#define TFATMOS_OUT_TABLE_H

#include "stream.h"

enum table_format {
    TABLE_TEXT, /* header, two blanks between columns; cut to the width in a terminal only */
    TABLE_JSON,
    TABLE_YAML,
    TABLE_CSV, /* RFC 4180 */
    TABLE_TSV, /* \t \n \r \\ escaped */
    TABLE_PLAIN, /* TSV without a header: what a pipe gets from lists that Atmos has */
    TABLE__COUNT
};

enum column_kind {
    COLUMN_TEXT,
    COLUMN_NUMBER, /* right-aligned; a number in JSON */
    COLUMN_BOOL, /* "true" or "false"; a boolean in JSON */
    COLUMN_LIST /* JSON text of a list, for machine formats; elements joined by ", " for people */
};

struct column {
    const char *id; /* of JSON and YAML: snake_case, stable */
    const char *title;
    enum column_kind kind;
    unsigned shrink; /* 0: never cut; the column with the largest number is cut first */
};

struct table_cell {
    struct str text; /* empty text is null in JSON unless the column is COLUMN_TEXT */
    enum style style;
};

/*
 * `is_flat`: JSON and YAML are a bare list with the titles as keys and texts as values, as Atmos
 * prints the lists it has. Otherwise {"format_version": "1.0", "items": [...]}.
 */
struct table {
    const struct column *columns;
    size_t column_count;
    VEC(const struct table_cell *) rows; /* each `column_count` cells */
    bool is_flat;
    bool has_header; /* a pipe gets the titles too: they are values themselves */
    struct str
            delimiter; /* between the cells of CSV and TSV, which are then quoted as in CSV; empty:
                             a comma, a tab */
    const char *empty; /* said on a terminal instead of a header without rows */
};

/* Adds a row of `column_count` cells, copied into the arena; texts are borrowed. */
void table_add(struct arena *arena, struct table *table, const struct table_cell *cells);

/* False for anything but a name of enum table_format (table json yaml csv tsv). */
bool table_format_from(struct str name, enum table_format *ret_format);

void table_write(struct run *run, struct stream *out, const struct table *table,
        enum table_format format);

#endif
