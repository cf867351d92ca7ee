/* SPDX-License-Identifier: Apache-2.0 */
/* HCL text becomes blocks and attributes. */
#include <string.h>

#include "cursor.h"

static int read_body(
        struct cursor *cursor, const struct mark *opening, size_t depth, struct hcl_body *body);

/* ---- bodies ---- */

static int read_attribute(
        struct cursor *cursor, struct str name, struct mark mark, struct hcl_attribute *ret)
{
    struct arena *arena = cursor->input->arena;
    size_t end = 0;
    int code = cursor_skip_blanks(cursor, false);
    struct cursor begin = *cursor;
    if (code == 0) {
        code = expression_skip(cursor, false, &end);
    }
    if (code == 0 && end == begin.at) {
        code = cursor_error(cursor, HCL_SYNTAX, begin.mark,
                diag_text(cursor->input->diags, "\"%.*s\" has no value", STR_ARG(name)).ptr);
    }
    if (code == 0) {
        *ret = (struct hcl_attribute){ .name = arena_dup(arena, name),
            .text = arena_dup(arena, str_sub(cursor->text, begin.at, end)),
            .value = literal_read(&begin, end),
            .mark = mark };
    }
    return code;
}

static int read_label(struct cursor *cursor, struct str *ret_label)
{
    struct mark mark = cursor->mark;
    if (cursor_peek(cursor, 0) != '"') {
        struct str name = cursor_identifier(cursor);
        if (name.len == 0) {
            return cursor_error(cursor, HCL_SYNTAX, mark,
                    "expected \"=\", a label or \"{\" behind the name");
        }
        *ret_label = arena_dup(cursor->input->arena, name);
        return 0;
    }
    if (!literal_string(cursor, ret_label)) {
        return cursor_error(cursor, HCL_SYNTAX, mark, "a label must be a plain text in quotes");
    }
    return 0;
}

/* From behind the type to behind the closing brace. */
static int read_block(struct cursor *cursor, size_t depth, struct hcl_block *block)
{
    VEC(struct str) labels = { 0 };
    int code = 0;
    while (code == 0 && cursor_peek(cursor, 0) != '{') {
        struct str label = STR_EMPTY;
        code = read_label(cursor, &label);
        if (code == 0) {
            VEC_PUSH(cursor->input->arena, &labels, label);
            code = cursor_skip_blanks(cursor, false);
        }
    }
    if (code == 0 && depth == HCL_MAX_DEPTH) {
        code = cursor_error(cursor, HCL_LIMIT, cursor->mark, "blocks are nested too deeply");
    }
    if (code == 0) {
        struct mark opening = cursor->mark;
        cursor_step(cursor, 1);
        block->labels = labels.items;
        block->label_count = labels.count;
        code = read_body(cursor, &opening, depth + 1, &block->body);
    }
    return code;
}

/* Behind an item: its line is over, or the block. */
static int end_item(struct cursor *cursor, bool is_nested)
{
    int code = cursor_skip_blanks(cursor, false);
    char byte = cursor_peek(cursor, 0);
    if (code != 0 || cursor_is_end(cursor) || byte == '\n' || (is_nested && byte == '}')) {
        return code;
    }
    return cursor_error(cursor, HCL_SYNTAX, cursor->mark,
            "expected the end of the line behind an attribute or a block");
}

struct items {
    VEC(struct hcl_attribute) attributes;
    VEC(struct hcl_block) blocks;
};

static int read_item(
        struct cursor *cursor, size_t depth, struct items *items, struct arena *arena)
{
    struct mark mark = cursor->mark;
    struct str name = cursor_identifier(cursor);
    if (name.len == 0) {
        return cursor_error(cursor, HCL_SYNTAX, mark,
                depth > 0 ? "expected the name of an attribute or a block, or \"}\""
                          : "expected the name of a block");
    }
    int code = cursor_skip_blanks(cursor, false);
    if (code != 0) {
        return code;
    }
    if (cursor_peek(cursor, 0) == '=' && cursor_peek(cursor, 1) != '=') {
        struct hcl_attribute attribute;
        cursor_step(cursor, 1);
        code = read_attribute(cursor, name, mark, &attribute);
        if (code == 0) {
            VEC_PUSH(arena, &items->attributes, attribute);
        }
        return code;
    }
    struct hcl_block block = { .type = arena_dup(arena, name), .mark = mark };
    code = read_block(cursor, depth, &block);
    if (code == 0) {
        VEC_PUSH(arena, &items->blocks, block);
    }
    return code;
}

/* To the end of the text, or with `opening` to behind the brace that closes it. */
static int read_body(
        struct cursor *cursor, const struct mark *opening, size_t depth, struct hcl_body *body)
{
    struct arena *arena = cursor->input->arena;
    struct items items = { 0 };
    for (;;) {
        int code = cursor_skip_blanks(cursor, true);
        if (code != 0) {
            return code;
        }
        if (cursor_is_end(cursor)) {
            if (opening) {
                return cursor_error(cursor, HCL_SYNTAX, *opening, "a block is not closed");
            }
            break;
        }
        if (opening && cursor_take(cursor, "}")) {
            break;
        }
        code = read_item(cursor, depth, &items, arena);
        if (code == 0) {
            code = end_item(cursor, opening != NULL);
        }
        if (code != 0) {
            return code;
        }
    }
    *body = (struct hcl_body){ .attributes = items.attributes.items,
        .attribute_count = items.attributes.count,
        .blocks = items.blocks.items,
        .block_count = items.blocks.count };
    return 0;
}

/* ---- the file ---- */

static int check_bytes(struct cursor *cursor)
{
    struct str text = cursor->text;
    if (text.len > HCL_MAX_BYTES) {
        return cursor_error(cursor, HCL_LIMIT, cursor->mark,
                diag_text(cursor->input->diags, "the file has %zu bytes; at most %d are read",
                        text.len, HCL_MAX_BYTES)
                        .ptr);
    }
    ptrdiff_t nul = str_find(text, '\0');
    size_t valid = str_utf8_prefix(text);
    if (nul >= 0 || valid < text.len) {
        bool is_nul = nul >= 0 && (size_t)nul <= valid;
        cursor_step(cursor, is_nul ? (size_t)nul : valid);
        return cursor_error(cursor, HCL_NOT_TEXT, cursor->mark,
                is_nul ? "a NUL byte" : "bytes that are not UTF-8");
    }
    return 0;
}

int hcl_read(const struct hcl_input *input, struct hcl_body *ret_body)
{
    struct cursor cursor = {
        .input = input, .text = input->text, .mark = { input->file, 1, 1 }
    };
    if (str_starts_with(cursor.text, STR("\xef\xbb\xbf"))) {
        cursor.text = str_from_index(cursor.text, 3);
    }
    int code = check_bytes(&cursor);
    if (code == 0) {
        code = read_body(&cursor, NULL, 0, ret_body);
    }
    return code;
}

const struct hcl_attribute *hcl_attribute_find(const struct hcl_body *body, const char *name)
{
    for (size_t i = body->attribute_count; i > 0; i--) {
        if (str_eq_cstr(body->attributes[i - 1].name, name)) {
            return &body->attributes[i - 1];
        }
    }
    return NULL;
}
