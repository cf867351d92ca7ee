/* SPDX-License-Identifier: Apache-2.0 */
/* What libyaml found wrong, in words for people. */
#include <string.h>

#include "yaml_reader.h"

/* What libyaml says, what we say instead, and what may help. */
static const struct wording {
    const char *problem;
    const char *message;
    const char *hint;
} wordings[] = {
    { "mapping values are not allowed in this context",
            "a ':' starts a value where none can be",
            "quote text that holds \": \", or check the indentation of this line" },
    { "did not find expected key", "a key, or the end of the map, was expected here",
            "check that this line is indented like the keys before it, and that quotes and "
            "brackets above it are closed" },
    { "could not find expected ':'", "the ':' after a key is missing",
            "write `key: value`, or quote text that spans lines" },
    { "did not find expected ',' or '}'", "',' or '}' was expected here",
            "quote text that holds brackets or commas; a value that starts with \"{{\" must be "
            "quoted" },
    { "did not find expected ',' or ']'", "',' or ']' was expected here",
            "quote text that holds brackets or commas" },
    { "did not find expected '-' indicator",
            "a list item ('- '), or the end of the list, was "
            "expected here",
            "check that this line is indented like the items before it" },
    { "block sequence entries are not allowed in this context",
            "a list item ('- ') starts where none can be",
            "start the list on a line of its own, below its key" },
    { "found undefined tag handle", "the prefix of this tag is not defined", NULL },
};

struct mark yaml_place(const struct reader *reader, size_t offset)
{
    struct mark mark = { reader->input->file, 1, 1 };
    for (size_t i = 0; i < offset && i < reader->text.len; i++) {
        unsigned char byte = (unsigned char)reader->text.ptr[i];
        if (byte == '\n') {
            mark.line++;
            mark.column = 1;
        } else if ((byte & 0xc0) != 0x80) {
            mark.column++;
        }
    }
    return mark;
}

static struct mark mark_of(const struct reader *reader, yaml_mark_t mark)
{
    return (struct mark){ reader->input->file, (uint32_t)mark.line + 1,
        (uint32_t)mark.column + 1 };
}

static int control_error(struct reader *reader)
{
    struct mark mark = yaml_place(reader, reader->parser.problem_offset);
    diag_add(reader->input->diags, &value_diags[YAML_SYNTAX], mark,
            "the control character U+%04X cannot stand in YAML", reader->parser.problem_value);
    return ERR_PARSE;
}

/* The byte libyaml's mark (counted in characters) points at, 0 at the end. */
static char byte_at(const struct reader *reader, yaml_mark_t mark)
{
    size_t index = 0;
    for (size_t i = 0; i < reader->text.len; i++) {
        if (((unsigned char)reader->text.ptr[i] & 0xc0) == 0x80) {
            continue;
        }
        if (index++ == mark.index) {
            return reader->text.ptr[i];
        }
    }
    return '\0';
}

static int token_error(struct reader *reader)
{
    struct diags *diags = reader->input->diags;
    struct mark mark = mark_of(reader, reader->parser.problem_mark);
    char byte = byte_at(reader, reader->parser.problem_mark);
    if (byte == '\t') {
        struct diag *diag = diag_add(
                diags, &value_diags[YAML_SYNTAX], mark, "a tab cannot be used for indentation");
        diag->hint = STR("indent with blanks");
        return ERR_PARSE;
    }
    struct diag *diag = diag_add(diags, &value_diags[YAML_SYNTAX], mark,
            "unquoted text cannot start with '%c'", byte);
    diag->hint = STR("quote the text");
    return ERR_PARSE;
}

/* The file ends where something is still open: the place to show is the opening. */
static int open_end_error(struct reader *reader, struct mark opening)
{
    const char *context = reader->parser.context;
    const char *message = "the file ends inside of what starts here";
    if (strcmp(context, "while parsing a flow sequence") == 0) {
        message = "the list that starts with this '[' is never closed";
    } else if (strcmp(context, "while parsing a flow mapping") == 0) {
        message = "the map that starts with this '{' is never closed";
    } else if (strcmp(context, "while scanning a quoted scalar") == 0) {
        message = "the quotes opened here are never closed";
    } else if (strcmp(context, "while scanning a simple key") == 0) {
        message = "the ':' after this key is missing";
    }
    diag_add(reader->input->diags, &value_diags[YAML_SYNTAX], opening, "%s", message);
    return ERR_PARSE;
}

int yaml_syntax_error(struct reader *reader)
{
    const yaml_parser_t *parser = &reader->parser;
    const char *problem = parser->problem ? parser->problem : "unreadable";
    struct diags *diags = reader->input->diags;
    if (parser->error == YAML_MEMORY_ERROR) {
        out_of_memory();
    }
    if (parser->error == YAML_READER_ERROR) {
        return control_error(reader);
    }
    if (strcmp(problem, "found character that cannot start any token") == 0) {
        return token_error(reader);
    }
    struct mark mark = mark_of(reader, parser->problem_mark);
    struct mark context = mark_of(reader, parser->context_mark);
    bool has_context =
            parser->context && (context.line != mark.line || context.column != mark.column);
    if (has_context && byte_at(reader, parser->problem_mark) == '\0') {
        return open_end_error(reader, context);
    }
    const struct wording *wording = NULL;
    for (size_t i = 0; i < sizeof(wordings) / sizeof(wordings[0]); i++) {
        if (strcmp(problem, wordings[i].problem) == 0) {
            wording = &wordings[i];
        }
    }
    struct diag *diag = diag_add(
            diags, &value_diags[YAML_SYNTAX], mark, "%s", wording ? wording->message : problem);
    if (wording && wording->hint) {
        diag->hint = str_from(wording->hint);
    }
    if (has_context) {
        diag_relate(diags, context, str_from(parser->context));
    }
    return ERR_PARSE;
}
