/* SPDX-License-Identifier: Apache-2.0 */
/* Source lines below a finding. */
#include "snippet.h"

#include <string.h>

#include "text.h"

enum {
    FILE_MAX_BYTES = 256 * 1024 * 1024,
    TAB_COLUMNS = 4,
    LEAST_ROOM = 30
};

void snippets_init(struct snippets *snippets, struct run *run)
{
    *snippets = (struct snippets){ .run = run, .arena = run->arena };
}

static const struct snippet_file *load(struct snippets *snippets, uint32_t id)
{
    for (size_t i = 0; i < snippets->files.count; i++) {
        if (snippets->files.items[i].id == id) {
            return &snippets->files.items[i];
        }
    }
    struct snippet_file file = { .id = id };
    struct str path = sources_path(snippets->run->sources, id);
    struct str root = sources_root(snippets->run->sources);
    if (path.len > 0) {
        root = root.len > 0 ? root : snippets->run->folder;
        struct str full = path_join(snippets->arena, root, path);
        file.is_readable = file_read(snippets->arena, full, FILE_MAX_BYTES, &file.text) == 0;
    }
    VEC_PUSH(snippets->arena, &snippets->files, file);
    return &snippets->files.items[snippets->files.count - 1];
}

bool snippets_line(
        struct snippets *snippets, struct mark mark, struct str *ret_line, size_t *ret_offset)
{
    const struct snippet_file *file = load(snippets, mark.file);
    if (!file->is_readable || mark.line == 0) {
        return false;
    }
    const char *at = file->text.ptr;
    const char *end = file->text.ptr + file->text.len;
    for (uint32_t line = 1; line < mark.line; line++) {
        const char *feed = at < end ? memchr(at, '\n', (size_t)(end - at)) : NULL;
        if (!feed) {
            return false;
        }
        at = feed + 1;
    }
    const char *feed = at < end ? memchr(at, '\n', (size_t)(end - at)) : NULL;
    struct str line = { at, (size_t)((feed ? feed : end) - at) };
    if (line.len > 0 && line.ptr[line.len - 1] == '\r') {
        line.len--;
    }
    *ret_line = line;
    *ret_offset = (size_t)(at - file->text.ptr);
    return true;
}

size_t snippet_byte_of_column(struct str line, uint32_t column)
{
    struct str rest = line;
    uint32_t code_point;
    for (uint32_t i = 1; i < column && text_next(&rest, &code_point); i++) {
    }
    return line.len - rest.len;
}

static size_t shown_width(uint32_t code_point)
{
    return code_point == '\t' ? TAB_COLUMNS : text_char_width(code_point);
}

/* Where things stand on the screen, in columns from the beginning of the line. */
struct layout {
    size_t total;
    size_t from; /* of the underline */
    size_t to;
};

static struct layout measure(struct str line, uint32_t column, uint32_t span)
{
    struct layout layout = { 0, SIZE_MAX, SIZE_MAX };
    uint64_t end = (uint64_t)column + (span > 0 ? span : 1);
    struct str rest = line;
    uint32_t code_point;
    for (uint64_t i = 1; text_next(&rest, &code_point); i++) {
        if (i == column) {
            layout.from = layout.total;
        }
        if (i == end) {
            layout.to = layout.total;
        }
        layout.total += shown_width(code_point);
    }
    layout.from = layout.from == SIZE_MAX ? layout.total : layout.from;
    layout.to = layout.to == SIZE_MAX ? layout.total : layout.to;
    if (layout.to <= layout.from) {
        layout.to = layout.from + 1;
    }
    return layout;
}

/* The part of the line between two screen columns. */
static void add_window(struct buf *out, struct str line, size_t from, size_t to)
{
    struct str rest = line;
    size_t at = 0;
    uint32_t code_point;
    while (rest.len > 0 && at < to) {
        struct str character = rest;
        text_next(&rest, &code_point);
        size_t width = shown_width(code_point);
        if (at >= from && at + width <= to) {
            if (code_point == '\t') {
                buf_add_repeated(out, ' ', width);
            } else {
                text_add_clean(out, str_sub(character, 0, character.len - rest.len));
            }
        } else if (at + width > from && at < to) {
            buf_add_repeated(out, ' ', at < from ? at + width - from : to - at);
        }
        at += width;
    }
}

void snippet_write(struct snippets *snippets, struct stream *out, struct mark mark,
        uint32_t span, int gutter, enum style style)
{
    struct str line;
    size_t offset;
    if (!snippets_line(snippets, mark, &line, &offset)) {
        return;
    }
    struct layout layout = measure(line, mark.column, span);
    size_t taken = (size_t)gutter + 3;
    size_t room = out->term.width > taken + LEAST_ROOM ? out->term.width - taken : LEAST_ROOM;
    size_t from = 0;
    size_t to = layout.total;
    if (layout.total > room) {
        from = layout.from > room / 3 ? layout.from - room / 3 : 0;
        to = from + room;
    }
    AUTO_BUF text = BUF_INIT(BUF_UNBOUNDED);
    add_window(&text, line, from, to);
    stream_addf(out, "%s%*s |%s\n", term_style(&out->term, STYLE_DIM), gutter, "",
            term_style_end(&out->term));
    stream_addf(out, "%s%*u |%s ", term_style(&out->term, STYLE_DIM), gutter, mark.line,
            term_style_end(&out->term));
    stream_add(out, buf_str(&text));
    stream_add_cstr(out, "\n");
    if (mark.column > 0) {
        size_t last = layout.to < to || layout.to <= from + 1 ? layout.to : to;
        last = last > layout.from ? last : layout.from + 1;
        buf_reset(&text);
        buf_add_repeated(&text, '^', last - layout.from);
        stream_addf(out, "%s%*s |%s %*s", term_style(&out->term, STYLE_DIM), gutter, "",
                term_style_end(&out->term), (int)(layout.from - from), "");
        stream_add_styled(out, style, buf_str(&text));
        stream_add_cstr(out, "\n");
    }
}
