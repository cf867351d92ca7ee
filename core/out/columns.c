/* SPDX-License-Identifier: Apache-2.0 */
/* Columns by fields of rows, filters and orders. */
#include "columns.h"

#include <stdlib.h>
#include <string.h>

#include "query.h"

enum {
    MAX_COLUMNS = 100
};

struct building {
    struct run *run;
    const struct listing *listing;
    struct column_rule *rules;
    size_t count;
    struct str what;
    struct str why;
};

static int fail(struct building *b, struct str what, const char *why)
{
    b->what = what;
    b->why = str_from(why);
    return ERR_INVALID;
}

struct str cell_text(struct run *run, const struct value *value)
{
    if (!value || value_is_scalar(value)) {
        return value && value->flags & VALUE_SENSITIVE ? STR("(sensitive)") : value_text(value);
    }
    AUTO_BUF text = BUF_INIT(BUF_UNBOUNDED);
    json_write(&text, value, JSON_COMPACT | JSON_MASK);
    return arena_dup(run->arena, buf_str(&text));
}

/* ---- columns ---- */

static bool is_path(struct str path)
{
    for (size_t i = 0; i < path.len; i++) {
        if (str_find(STR(" \t(){}|\"'`$"), path.ptr[i]) >= 0) {
            return false;
        }
    }
    return path.len > 1 && path.ptr[0] == '.' && path.ptr[1] != '.';
}

static const struct value *value_at_path(const struct value *row, struct str path)
{
    struct str rest = str_from_index(path, 1);
    struct str step;
    bool more = true;
    const struct value *value = row;
    while (str_split(&rest, &more, '.', &step)) {
        value = value_get_str(value, step);
    }
    return value;
}

/* The text with its fields filled in; false for anything but text and fields. */
static bool fill(struct run *run, struct str text, const struct value *row, struct buf *out)
{
    while (text.len) {
        ptrdiff_t open = str_find_str(text, STR("{{"));
        buf_add(out, open < 0 ? text : str_sub(text, 0, (size_t)open));
        if (open < 0) {
            break;
        }
        text = str_from_index(text, (size_t)open + 2);
        ptrdiff_t close = str_find_str(text, STR("}}"));
        struct str path = close < 0 ? STR_EMPTY : str_trim(str_sub(text, 0, (size_t)close));
        if (!is_path(path)) {
            return false;
        }
        buf_add(out, cell_text(run, value_at_path(row, path)));
        text = str_from_index(text, (size_t)close + 2);
    }
    return true;
}

static int choose_column(struct building *b, struct str chosen)
{
    ptrdiff_t equals = str_find(chosen, '=');
    struct str title = str_trim(str_sub(chosen, 0, equals < 0 ? 0 : (size_t)equals));
    if (equals < 0 || title.len == 0) {
        return fail(b, chosen, "a column is written Name={{ .field }}");
    }
    struct str text = str_from_index(chosen, (size_t)equals + 1);
    AUTO_BUF unheard = BUF_INIT(BUF_UNBOUNDED);
    if (!fill(b->run, text, NULL, &unheard)) {
        return fail(b, chosen,
                "columns may only hold fields such as {{ .vars.stage }} in this version");
    }
    b->rules[b->count++] = (struct column_rule){ arena_cstr(b->run->arena, title),
        arena_cstr(b->run->arena, text), COLUMN_TEXT };
    return 0;
}

static int choose_columns(struct building *b)
{
    const struct listing *listing = b->listing;
    size_t count = listing->chosen_count ? listing->chosen_count : listing->column_count;
    if (count > MAX_COLUMNS) {
        return fail(b, listing->chosen[MAX_COLUMNS], "there are too many columns");
    }
    b->rules = ARENA_ARRAY(b->run->arena, struct column_rule, count);
    int r = 0;
    for (size_t i = 0; i < count && r == 0; i++) {
        if (listing->chosen_count) {
            r = choose_column(b, listing->chosen[i]);
        } else {
            b->rules[b->count++] = listing->columns[i];
        }
    }
    return r;
}

static int is_kept(struct building *b, const struct value *row, bool *ret_kept)
{
    *ret_kept = true;
    if (b->listing->filter.len == 0) {
        return 0;
    }
    int r = query_test(b->run, row, b->listing->filter, ret_kept, &b->why);
    if (r) {
        b->what = b->listing->filter;
    }
    return r;
}

static void add_row(struct building *b, const struct value *row, struct table *table)
{
    struct table_cell cells[MAX_COLUMNS];
    for (size_t i = 0; i < b->count; i++) {
        AUTO_BUF text = BUF_INIT(BUF_UNBOUNDED);
        (void)fill(b->run, str_from(b->rules[i].text), row, &text);
        cells[i] = (struct table_cell){ arena_dup(b->run->arena, buf_str(&text)),
            i == 0 ? STYLE_KEY : STYLE_PLAIN };
    }
    table_add(b->run->arena, table, cells);
}

/* ---- order ---- */

struct order {
    size_t column;
    bool is_number;
    bool is_descending;
};

struct sorting {
    const struct order *orders;
    size_t count;
};

static int cmp_rows(const void *a, const void *b, void *context)
{
    const struct table_cell *left = *(const struct table_cell *const *)a;
    const struct table_cell *right = *(const struct table_cell *const *)b;
    const struct sorting *sorting = context;
    for (size_t i = 0; i < sorting->count; i++) {
        const struct order *order = &sorting->orders[i];
        struct str x = left[order->column].text;
        struct str y = right[order->column].text;
        double m;
        double n;
        bool is_number = order->is_number && str_to_f64(x, &m) && str_to_f64(y, &n);
        int result = is_number ? (m < n ? -1 : m > n) : str_cmp(x, y);
        if (result) {
            return order->is_descending ? -result : result;
        }
    }
    return 0;
}

/* Keeps the order of equal rows, which qsort_r does not promise. */
static void sort_stably(struct arena *arena, const struct table_cell **rows, size_t count,
        struct sorting *sorting)
{
    const struct table_cell **other = ARENA_ARRAY(arena, const struct table_cell *, count);
    for (size_t width = 1; width < count; width *= 2) {
        for (size_t from = 0; from < count; from += 2 * width) {
            size_t middle = from + width < count ? from + width : count;
            size_t to = middle + width < count ? middle + width : count;
            size_t l = from;
            size_t r = middle;
            for (size_t i = from; i < to; i++) {
                bool is_left =
                        l < middle && (r >= to || cmp_rows(&rows[l], &rows[r], sorting) <= 0);
                other[i] = is_left ? rows[l++] : rows[r++];
            }
        }
        memcpy(rows, other, count * sizeof(*rows));
    }
}

static int read_order(struct building *b, struct str piece, struct order *order)
{
    ptrdiff_t colon = str_rfind(piece, ':');
    struct str way = colon < 0 ? STR("asc") : str_from_index(piece, (size_t)colon + 1);
    struct str title = str_trim(colon < 0 ? piece : str_sub(piece, 0, (size_t)colon));
    order->is_descending = str_eq_cstr(way, "desc");
    if (!order->is_descending && !str_eq_cstr(way, "asc")) {
        return fail(b, piece, "an order is asc or desc");
    }
    for (size_t i = 0; i < b->count; i++) {
        if (str_eq_cstr(title, b->rules[i].title)) {
            order->column = i;
            order->is_number = b->rules[i].kind == COLUMN_NUMBER;
            return 0;
        }
    }
    return fail(b, piece, "there is no such column");
}

static int sort_rows(struct building *b, struct table *table)
{
    VEC(struct order) orders = { 0 };
    struct str rest = b->listing->sort;
    struct str piece;
    bool more = rest.len > 0;
    while (str_split(&rest, &more, ',', &piece)) {
        struct order order = { 0 };
        int r = read_order(b, str_trim(piece), &order);
        if (r) {
            return r;
        }
        VEC_PUSH(b->run->arena, &orders, order);
    }
    struct sorting sorting = { orders.items, orders.count };
    if (orders.count && table->rows.count) {
        sort_stably(b->run->arena, table->rows.items, table->rows.count, &sorting);
    }
    return 0;
}

int listing_table(struct run *run, const struct listing *listing, struct table *ret_table,
        struct str *ret_what, struct str *ret_why)
{
    struct building b = { .run = run, .listing = listing };
    int r = choose_columns(&b);
    struct column *columns = ARENA_ARRAY(run->arena, struct column, b.count);
    for (size_t i = 0; i < b.count; i++) {
        columns[i] = (struct column){ b.rules[i].title, b.rules[i].title, b.rules[i].kind, 0 };
    }
    size_t most = listing->most_columns;
    struct table table = {
        .columns = columns, .column_count = b.count, .is_flat = true, .empty = listing->empty
    };
    for (size_t i = 0; i < listing->row_count && r == 0; i++) {
        bool is_shown = false;
        r = is_kept(&b, listing->rows[i], &is_shown);
        if (r == 0 && is_shown) {
            add_row(&b, listing->rows[i], &table);
        }
    }
    r = r ? r : sort_rows(&b, &table);
    if (r) {
        *ret_what = b.what;
        *ret_why = b.why;
        return r;
    }
    /* Rows are sorted by columns that are not shown, too. */
    table.column_count = most && most < b.count ? most : b.count;
    *ret_table = table;
    return 0;
}
