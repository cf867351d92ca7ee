/* SPDX-License-Identifier: Apache-2.0 */
/* Layout of help pages. */
#include "help.h"

enum {
    LEFT_MOST = 34, /* a longer left column has its right one on the next line */
    INDENT = 2,
    INDENT_BELOW = 8 /* of that next line */
};

void page_heading(struct page *page, const char *title)
{
    buf_addf(&page->out, page->is_markdown ? "\n## %s\n\n" : "\n%s:\n", title);
}

void page_add_cell(struct page *page, struct str text)
{
    for (size_t i = 0; i < text.len; i++) {
        buf_add_cstr(&page->out, text.ptr[i] == '|' ? "\\" : "");
        buf_add_byte(&page->out, text.ptr[i]);
    }
}

static void add_markdown_rows(struct page *page, const struct page_rows *rows)
{
    buf_add_cstr(&page->out, "| | |\n|---|---|\n");
    for (size_t i = 0; i < rows->list.count; i++) {
        buf_add_cstr(&page->out, "| `");
        page_add_cell(page, rows->list.items[i].left);
        buf_add_cstr(&page->out, "` | ");
        page_add_cell(page, rows->list.items[i].right);
        buf_add_cstr(&page->out, " |\n");
    }
}

static void add_row(struct page *page, const struct page_row *row, size_t left_width)
{
    struct buf *out = &page->out;
    size_t column = INDENT + left_width + INDENT;
    buf_add_repeated(out, ' ', INDENT);
    buf_add(out, row->left);
    if (row->right.len > 0 && text_width(row->left) > left_width) {
        column = INDENT_BELOW;
        buf_add_byte(out, '\n');
        buf_add_repeated(out, ' ', column);
    } else if (row->right.len > 0) {
        buf_add_repeated(out, ' ', column - INDENT - text_width(row->left));
    }
    text_add_wrapped(out, row->right, column, column, page->width);
    buf_add_byte(out, '\n');
}

void page_rows(struct page *page, const struct page_rows *rows)
{
    size_t left = 0;
    size_t most = page->width / 2 < LEFT_MOST ? page->width / 2 : LEFT_MOST;
    if (page->is_markdown) {
        add_markdown_rows(page, rows);
        return;
    }
    for (size_t i = 0; i < rows->list.count; i++) {
        size_t len = text_width(rows->list.items[i].left);
        left = len > left && len <= most ? len : left;
    }
    for (size_t i = 0; i < rows->list.count; i++) {
        add_row(page, &rows->list.items[i], left);
    }
}

void page_line(struct page *page, const char *text)
{
    buf_add_cstr(&page->out, "  ");
    text_add_wrapped(&page->out, str_from(text), INDENT, INDENT, page->width);
    buf_add_byte(&page->out, '\n');
}

static void end_paragraph(struct page *page, struct buf *paragraph)
{
    if (paragraph->len > 0) {
        text_add_wrapped(&page->out, buf_str(paragraph), 0, 0, page->width);
        buf_add_byte(&page->out, '\n');
        buf_reset(paragraph);
    }
}

void page_text(struct page *page, const char *text)
{
    struct str rest = str_from(text);
    bool more = true;
    struct str line;
    AUTO_BUF paragraph = BUF_INIT(BUF_UNBOUNDED);
    while (str_split(&rest, &more, '\n', &line)) {
        bool is_kept = line.len > 0 && line.ptr[0] == ' ';
        if (is_kept || line.len == 0) {
            end_paragraph(page, &paragraph);
            /* Four blanks make it code in Markdown; two stand there already. */
            buf_add_cstr(&page->out, is_kept && page->is_markdown ? "  " : "");
            buf_add(&page->out, line);
            buf_add_byte(&page->out, '\n');
        } else {
            buf_add_cstr(&paragraph, paragraph.len > 0 ? " " : "");
            buf_add(&paragraph, line);
        }
    }
    end_paragraph(page, &paragraph);
}
