/* SPDX-License-Identifier: Apache-2.0 */
/* Indentation and alignment of HCL text. */
#include "layout.h"

enum {
    INDENT = 2
};

void layout_init(struct layout *layout, struct arena *arena, size_t max_bytes)
{
    *layout = (struct layout){ .arena = arena, .text = BUF_INIT(max_bytes) };
    layout->line.equals = SIZE_MAX;
}

void layout_clear(struct layout *layout)
{
    buf_clear(&layout->text);
}

void layout_add(struct layout *layout, struct str text)
{
    buf_add(&layout->text, text);
}

static void add_bracket(struct layout *layout, char bracket, int change)
{
    buf_add_byte(&layout->text, bracket);
    layout->line.net += change;
    layout->line.net_behind += layout->line.equals == SIZE_MAX ? 0 : change;
}

void layout_open(struct layout *layout, char bracket)
{
    add_bracket(layout, bracket, 1);
}

void layout_close(struct layout *layout, char bracket)
{
    add_bracket(layout, bracket, -1);
}

void layout_assign(struct layout *layout)
{
    if (layout->line.equals == SIZE_MAX) {
        layout->line.equals = layout->text.len;
    }
    buf_add_cstr(&layout->text, "= ");
}

void layout_end_line(struct layout *layout)
{
    layout->line.end = layout->text.len;
    VEC_PUSH(layout->arena, &layout->lines, layout->line);
    layout->line = (struct layout_line){ .start = layout->text.len, .equals = SIZE_MAX };
}

/* An assignment that ends in its line: those that follow one another are aligned. */
static bool is_aligned(const struct layout_line *line)
{
    return line->equals != SIZE_MAX && line->net_behind == 0;
}

static struct str name_of(const struct layout *layout, const struct layout_line *line)
{
    return str_sub(buf_str(&layout->text), line->start, line->equals);
}

/* The longest name from this line to the end of its row of assignments. */
static size_t widest_name(const struct layout *layout, size_t at)
{
    size_t widest = 0;
    for (; at < layout->lines.count && is_aligned(&layout->lines.items[at]); at++) {
        size_t width = str_count_code_points(name_of(layout, &layout->lines.items[at]));
        widest = width > widest ? width : widest;
    }
    return widest;
}

/* How many brackets each open level has; a line that closes one or more of them ends the level. */
struct levels {
    VEC(int) open;
};

static void levels_close(struct levels *levels, int brackets)
{
    while (brackets > 0 && levels->open.count > 0) {
        int *last = &levels->open.items[levels->open.count - 1];
        if (brackets < *last) {
            *last -= brackets;
            return;
        }
        brackets -= *last;
        levels->open.count--;
    }
}

static void write_line(const struct layout *layout, const struct layout_line *line,
        size_t width, struct buf *out)
{
    struct str text = buf_str(&layout->text);
    if (line->equals == SIZE_MAX) {
        buf_add(out, str_sub(text, line->start, line->end));
        return;
    }
    struct str name = name_of(layout, line);
    buf_add(out, name);
    size_t own = str_count_code_points(name);
    buf_add_repeated(out, ' ', is_aligned(line) ? width - own + 1 : 1);
    buf_add(out, str_sub(text, line->equals, line->end));
}

void layout_write(const struct layout *layout, struct buf *out)
{
    struct levels levels = { 0 };
    size_t width = 0;
    for (size_t i = 0; i < layout->lines.count; i++) {
        const struct layout_line *line = &layout->lines.items[i];
        if (i == 0 || !is_aligned(&layout->lines.items[i - 1])) {
            width = widest_name(layout, i);
        }
        if (line->net < 0) {
            levels_close(&levels, -line->net);
        }
        buf_add_repeated(out, ' ', INDENT * levels.open.count);
        write_line(layout, line, width, out);
        buf_add_byte(out, '\n');
        if (line->net > 0) {
            VEC_PUSH(layout->arena, &levels.open, line->net);
        }
    }
    out->is_full = out->is_full || layout->text.is_full;
}
