/* SPDX-License-Identifier: Apache-2.0 */
/* Parsing shared AWS files. */
#include "ini.h"

struct parser {
    struct arena *arena;
    struct ini *ini;
    uint32_t line;
    bool has_entry; /* the present section has a top-level setting to hang inner ones on */
    size_t indent; /* of that setting */
    size_t entry; /* its index */
    const char *why;
};

static bool is_blank(char byte)
{
    return byte == ' ' || byte == '\t';
}

/* Cuts a comment that follows a blank. */
static struct str without_comment(struct str text)
{
    for (size_t i = 0; i < text.len; i++) {
        bool starts = text.ptr[i] == '#' || text.ptr[i] == ';';
        if (starts && (i == 0 || is_blank(text.ptr[i - 1]))) {
            return str_trim(str_sub(text, 0, i));
        }
    }
    return text;
}

static struct str fold(struct arena *arena, struct str name)
{
    char *copy = arena_cstr(arena, name);
    for (size_t i = 0; i < name.len; i++) {
        copy[i] = (char)(copy[i] >= 'A' && copy[i] <= 'Z' ? copy[i] - 'A' + 'a' : copy[i]);
    }
    return (struct str){ copy, name.len };
}

static int refuse(struct parser *parser, const char *why)
{
    parser->why = why;
    return ERR_PARSE;
}

static int read_section(struct parser *parser, struct str line)
{
    ptrdiff_t end = str_find(line, ']');
    if (end < 0) {
        return refuse(parser, "a section without `]`");
    }
    struct str after = str_trim(str_from_index(line, (size_t)end + 1));
    if (without_comment(after).len > 0) {
        return refuse(parser, "text after a section's `]`");
    }
    struct ini_section section = { .name = str_trim(str_sub(line, 1, (size_t)end)),
        .line = parser->line };
    if (section.name.len == 0) {
        return refuse(parser, "a section without a name");
    }
    VEC_PUSH(parser->arena, &parser->ini->sections, section);
    parser->has_entry = false;
    return 0;
}

static int read_entry(struct parser *parser, struct str line, size_t indent)
{
    ptrdiff_t equals = str_find(line, '=');
    bool is_inner = parser->has_entry && indent > parser->indent;
    if (parser->ini->sections.count == 0) {
        return refuse(parser, "a setting before the first section");
    }
    struct ini_section *section = &parser->ini->sections.items[parser->ini->sections.count - 1];
    if (is_inner && equals < 0) {
        section->entries.items[parser->entry].is_continued = true;
        return 0;
    }
    if (equals < 0) {
        return refuse(parser, "neither `[section]` nor `name = value`");
    }
    struct str name = str_trim(str_sub(line, 0, (size_t)equals));
    if (name.len == 0) {
        return refuse(parser, "a setting without a name");
    }
    struct ini_entry entry = { .name = fold(parser->arena, name),
        .value = without_comment(str_trim(str_from_index(line, (size_t)equals + 1))),
        .line = parser->line };
    if (is_inner) {
        struct ini_entry *parent = &section->entries.items[parser->entry];
        /* Below a setting that has a value there is no room for inner ones. */
        parent->is_continued = parent->is_continued || parent->value.len > 0;
        entry.parent = parent->name;
    } else {
        parser->has_entry = true;
        parser->indent = indent;
        parser->entry = section->entries.count;
    }
    VEC_PUSH(parser->arena, &section->entries, entry);
    return 0;
}

static int read_line(struct parser *parser, struct str raw)
{
    size_t indent = 0;
    while (indent < raw.len && is_blank(raw.ptr[indent])) {
        indent++;
    }
    struct str line = str_trim(raw);
    if (line.len == 0 || line.ptr[0] == '#' || line.ptr[0] == ';') {
        return 0;
    }
    if (line.ptr[0] == '[' && indent == 0) {
        return read_section(parser, line);
    }
    return read_entry(parser, line, indent);
}

int ini_parse(struct arena *arena, struct str text, struct ini *ret_ini, uint32_t *ret_line,
        const char **ret_why)
{
    struct ini ini = { 0 };
    struct parser parser = { .arena = arena, .ini = &ini };
    if (str_starts_with(text, STR("\xef\xbb\xbf"))) {
        text = str_from_index(text, 3);
    }
    bool more = true;
    struct str line;
    while (str_split(&text, &more, '\n', &line)) {
        parser.line++;
        if (read_line(&parser, line) != 0) {
            *ret_line = parser.line;
            *ret_why = parser.why;
            return ERR_PARSE;
        }
    }
    *ret_ini = ini;
    return 0;
}
