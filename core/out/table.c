/* SPDX-License-Identifier: Apache-2.0 */
/* Writers of the row model. */
#include "table.h"

#include "text.h"

enum {
    GAP = 2, /* blanks between columns */
    LEAST_WIDTH = 8 /* a cut column keeps at least this */
};

void table_add(struct arena *arena, struct table *table, const struct table_cell *cells)
{
    struct table_cell *row = ARENA_ARRAY(arena, struct table_cell, table->column_count);
    for (size_t i = 0; i < table->column_count; i++) {
        row[i] = cells[i];
    }
    VEC_PUSH(arena, &table->rows, row);
}

bool table_format_from(struct str name, enum table_format *ret_format)
{
    static const char *const names[] = {
        [TABLE_TEXT] = "table",
        [TABLE_JSON] = "json",
        [TABLE_YAML] = "yaml",
        [TABLE_CSV] = "csv",
        [TABLE_TSV] = "tsv",
    };
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if (str_eq_cstr(name, names[i])) {
            *ret_format = (enum table_format)i;
            return true;
        }
    }
    return false;
}

/* ---- for people ---- */

/* A COLUMN_LIST cell `["a","b"]` as people read it: a, b. Other text as it is. */
static struct str readable(
        struct run *run, const struct column *column, const struct table_cell *cell)
{
    if (column->kind != COLUMN_LIST) {
        return cell->text;
    }
    const struct value *list = NULL;
    struct diags unheard;
    diags_init(&unheard, run->arena);
    if (json_read(run->arena, run->keys, &unheard, cell->text, STR("cell"), 0, &list)) {
        return cell->text;
    }
    AUTO_BUF joined = BUF_INIT(BUF_UNBOUNDED);
    for (size_t i = 0; i < value_count(list); i++) {
        buf_add_cstr(&joined, i > 0 ? ", " : "");
        buf_add(&joined, value_text(value_at(list, i)));
    }
    return arena_dup(run->arena, buf_str(&joined));
}

/* Takes columns away from the most shrinkable ones until the row fits, or none can give more. */
static void shrink_to(const struct table *table, size_t *widths, size_t room)
{
    size_t total = GAP * (table->column_count - 1);
    for (size_t i = 0; i < table->column_count; i++) {
        total += widths[i];
    }
    while (total > room) {
        size_t chosen = table->column_count;
        for (size_t i = 0; i < table->column_count; i++) {
            bool can = table->columns[i].shrink > 0 && widths[i] > LEAST_WIDTH;
            if (can && (chosen == table->column_count ||
                               table->columns[i].shrink > table->columns[chosen].shrink)) {
                chosen = i;
            }
        }
        if (chosen == table->column_count) {
            return;
        }
        size_t over = total - room;
        size_t most = widths[chosen] - LEAST_WIDTH;
        size_t cut = over < most ? over : most;
        widths[chosen] -= cut;
        total -= cut;
    }
}

static void write_cell(struct stream *out, const struct column *column, struct table_cell cell,
        size_t width, bool is_last)
{
    AUTO_BUF clean = BUF_INIT(BUF_UNBOUNDED);
    text_add_clean(&clean, cell.text);
    struct str text = buf_str(&clean);
    size_t used = text_width(text);
    const char *dots = "";
    if (used > width) {
        dots = out->term.is_utf8 ? "\xe2\x80\xa6" : "~";
        text = text_prefix(text, width - 1);
        used = text_width(text) + 1;
    }
    if (column->kind == COLUMN_NUMBER) {
        stream_addf(out, "%*s", (int)(width - used), "");
    }
    const char *begin = term_style(&out->term, cell.style);
    stream_add_cstr(out, begin);
    stream_add(out, text);
    stream_add_cstr(out, dots);
    stream_add_cstr(out, *begin ? term_style_end(&out->term) : "");
    if (is_last) {
        stream_add_cstr(out, "\n");
        return;
    }
    size_t fill = column->kind == COLUMN_NUMBER ? GAP : GAP + width - used;
    stream_addf(out, "%*s", (int)fill, "");
}

/* Blanks at the end of a line help nobody: the last cell with text ends its row. */
static void write_row(struct stream *out, const struct table *table,
        const struct table_cell *cells, const size_t *widths)
{
    size_t count = table->column_count;
    while (count > 1 && cells[count - 1].text.len == 0) {
        count--;
    }
    for (size_t i = 0; i < count; i++) {
        write_cell(out, &table->columns[i], cells[i], widths[i], i + 1 == count);
    }
}

static void write_text(struct run *run, struct stream *out, const struct table *table)
{
    if (table->rows.count == 0 && out->term.is_tty && table->empty) {
        stream_add_cstr(out, table->empty);
        stream_add_cstr(out, "\n");
        return;
    }
    size_t *widths = ARENA_ARRAY(run->arena, size_t, table->column_count);
    struct table_cell *cells =
            ARENA_ARRAY(run->arena, struct table_cell, table->column_count * table->rows.count);
    for (size_t i = 0; i < table->column_count; i++) {
        widths[i] = text_width(str_from(table->columns[i].title));
        for (size_t r = 0; r < table->rows.count; r++) {
            struct table_cell *cell = &cells[r * table->column_count + i];
            *cell = table->rows.items[r][i];
            cell->text = readable(run, &table->columns[i], cell);
            size_t width = text_width(cell->text);
            widths[i] = width > widths[i] ? width : widths[i];
        }
    }
    if (out->term.is_tty) {
        shrink_to(table, widths, out->term.width);
    }
    struct table_cell *titles = ARENA_ARRAY(run->arena, struct table_cell, table->column_count);
    for (size_t i = 0; i < table->column_count; i++) {
        titles[i] = (struct table_cell){ str_from(table->columns[i].title), STYLE_STRONG };
    }
    write_row(out, table, titles, widths);
    for (size_t r = 0; r < table->rows.count; r++) {
        write_row(out, table, &cells[r * table->column_count], widths);
    }
}

/* ---- for machines ---- */

static const struct value *cell_value(
        struct run *run, const struct table *table, size_t i, struct str text)
{
    enum column_kind kind = table->is_flat ? COLUMN_TEXT : table->columns[i].kind;
    if (kind != COLUMN_TEXT && text.len == 0) {
        return value_null(run->arena, MARK_NONE);
    }
    const struct value *value = NULL;
    struct diags unheard;
    switch (kind) {
    case COLUMN_NUMBER:
        return value_scalar_new(run->arena, VALUE_INT, text, MARK_NONE);
    case COLUMN_BOOL:
        return value_bool_new(run->arena, str_eq_cstr(text, "true"), MARK_NONE);
    case COLUMN_LIST:
        diags_init(&unheard, run->arena);
        if (json_read(run->arena, run->keys, &unheard, text, STR("cell"), 0, &value) == 0) {
            return value;
        }
        return value_string_new(run->arena, text, MARK_NONE);
    case COLUMN_TEXT:
        break;
    }
    return value_string_new(run->arena, text, MARK_NONE);
}

static const struct value *rows_value(struct run *run, const struct table *table)
{
    VEC(const struct value *) items = { 0 };
    for (size_t r = 0; r < table->rows.count; r++) {
        struct value_builder row;
        value_builder_init(&row, run->arena, MARK_NONE);
        for (size_t i = 0; i < table->column_count; i++) {
            const struct column *column = &table->columns[i];
            const char *name = table->is_flat ? column->title : column->id;
            value_builder_add(&row, key_of(run->keys, str_from(name)),
                    cell_value(run, table, i, table->rows.items[r][i].text), MARK_NONE);
        }
        VEC_PUSH(run->arena, &items, value_builder_map(&row));
    }
    const struct value *list = value_list_new(run->arena, items.items, items.count, MARK_NONE);
    if (table->is_flat) {
        return list;
    }
    struct value_builder top;
    value_builder_init(&top, run->arena, MARK_NONE);
    value_builder_add(&top, key_of(run->keys, STR("format_version")),
            value_string_new(run->arena, STR("1.0"), MARK_NONE), MARK_NONE);
    value_builder_add(&top, key_of(run->keys, STR("items")), list, MARK_NONE);
    return value_builder_map(&top);
}

/* `is_flat`: quotes inside a cell that needs none itself are left as Atmos leaves them. */
static void add_csv(struct buf *buf, struct str text, struct str delimiter, bool is_flat)
{
    bool has_quote = is_flat ? str_starts_with(text, STR("\"")) : str_find(text, '"') >= 0;
    bool is_quoted = str_find_str(text, delimiter) >= 0 || has_quote ||
                     str_find(text, '\n') >= 0 || str_find(text, '\r') >= 0;
    if (!is_quoted) {
        buf_add(buf, text);
        return;
    }
    buf_add_byte(buf, '"');
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] == '"') {
            buf_add_byte(buf, '"');
        }
        buf_add_byte(buf, text.ptr[i]);
    }
    buf_add_byte(buf, '"');
}

static void add_tsv(struct buf *buf, struct str text)
{
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        if (c == '\t' || c == '\n' || c == '\r' || c == '\\') {
            buf_add_byte(buf, '\\');
            c = (char)(c == '\t' ? 't' : c == '\n' ? 'n' : c == '\r' ? 'r' : '\\');
        }
        buf_add_byte(buf, c);
    }
}

static void write_separated(
        struct stream *out, const struct table *table, enum table_format format)
{
    AUTO_BUF line = BUF_INIT(BUF_UNBOUNDED);
    size_t header = format == TABLE_PLAIN ? 0 : 1;
    bool is_chosen = table->delimiter.len > 0 && format != TABLE_PLAIN;
    struct str delimiter = is_chosen             ? table->delimiter
                           : format == TABLE_CSV ? STR(",")
                                                 : STR("\t");
    for (size_t r = 0; r < table->rows.count + header; r++) {
        buf_reset(&line);
        for (size_t i = 0; i < table->column_count; i++) {
            struct str text = r < header ? str_from(table->columns[i].title)
                                         : table->rows.items[r - header][i].text;
            if (i > 0) {
                buf_add(&line, delimiter);
            }
            if (format == TABLE_CSV || is_chosen) {
                add_csv(&line, text, delimiter, table->is_flat);
            } else {
                add_tsv(&line, text);
            }
        }
        buf_add_byte(&line, '\n');
        stream_add(out, buf_str(&line));
    }
}

void table_write(struct run *run, struct stream *out, const struct table *table,
        enum table_format format)
{
    AUTO_BUF text = BUF_INIT(BUF_UNBOUNDED);
    switch (format) {
    case TABLE_TEXT:
        write_text(run, out, table);
        break;
    case TABLE_JSON:
        json_write(&text, rows_value(run, table), JSON_KEEP_ORDER);
        buf_add_byte(&text, '\n');
        stream_add(out, buf_str(&text));
        break;
    case TABLE_YAML:
        yaml_write(&text, rows_value(run, table), &(struct yaml_style){ .keep_order = true });
        stream_add(out, buf_str(&text));
        break;
    case TABLE_CSV:
    case TABLE_TSV:
    case TABLE_PLAIN:
        write_separated(out, table, format);
        break;
    case TABLE__COUNT:
        BUG("table format");
    }
}
