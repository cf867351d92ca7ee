/* SPDX-License-Identifier: Apache-2.0 */
/* Makes the tree of a template: texts, actions, blocks and definitions. */
#include <string.h>

#include "parser.h"

/* How a list of nodes ended. */
enum stop {
    STOP_TEXT, /* nothing is left */
    STOP_END,
    STOP_ELSE
};

static int parse_list(struct parser *p, struct nodes *list, enum stop *ret_stop);

/* ---- tokens ---- */

struct token parser_peek(struct parser *p)
{
    if (!p->has_token) {
        p->token = lexer_next(&p->lexer);
        p->has_token = true;
    }
    return p->token;
}

struct token parser_take(struct parser *p)
{
    struct token token = parser_peek(p);
    p->has_token = false;
    p->end = p->lexer.at;
    return token;
}

/* ---- errors ---- */

void error_locate(struct template_error *error, struct str text, size_t offset)
{
    offset = offset < text.len ? offset : text.len;
    struct str before = str_sub(text, 0, offset);
    ptrdiff_t feed = str_rfind(before, '\n');
    error->offset = offset;
    error->line = 1;
    for (size_t i = 0; i < before.len; i++) {
        error->line += before.ptr[i] == '\n';
    }
    size_t start = feed < 0 ? 0 : (size_t)feed + 1;
    error->column = (uint32_t)str_count_code_points(str_from_index(before, start)) + 1;
}

int parser_fail(struct parser *p, int err, size_t at, const char *format, ...)
{
    va_list args;
    *p->error = (struct template_error){ .err = err };
    va_start(args, format);
    p->error->message = arena_vprintf(p->arena, format, args);
    va_end(args);
    error_locate(p->error, p->input->text, at);
    return err;
}

int parser_unexpected(struct parser *p, struct token token, const char *where)
{
    if (token.kind == TOKEN_ERROR) {
        return parser_fail(p, ERR_PARSE, token.at, "%.*s", STR_ARG(token.text));
    }
    if (token.kind == TOKEN_END || token.kind == TOKEN_CLOSE) {
        return parser_fail(p, ERR_PARSE, token.at, "the %s ends in %s",
                token.kind == TOKEN_END ? "template" : "action", where);
    }
    struct str found = str_sub(p->input->text, token.at, p->lexer.at);
    return parser_fail(
            p, ERR_PARSE, token.at, "\"%.*s\" cannot stand in %s", STR_ARG(found), where);
}

int parser_enter(struct parser *p, size_t at)
{
    if (++p->nesting > p->limits.max_nesting) {
        return parser_fail(p, ERR_LIMIT, at,
                "blocks and parentheses are nested more than %u deep", p->limits.max_nesting);
    }
    return 0;
}

void parser_leave(struct parser *p)
{
    p->nesting--;
}

/* ---- nodes ---- */

static struct node *node_add(
        struct parser *p, struct nodes *list, enum node_kind kind, size_t at)
{
    struct node *node = ARENA_NEW(p->arena, struct node);
    *node = (struct node){ .kind = kind, .at = (uint32_t)at };
    VEC_PUSH(p->arena, list, node);
    return node;
}

static int expect_close(struct parser *p, const char *where)
{
    struct token token = parser_take(p);
    return token.kind == TOKEN_CLOSE ? 0 : parser_unexpected(p, token, where);
}

static bool next_is_word(struct parser *p, const char *word)
{
    struct token token = parser_peek(p);
    return token.kind == TOKEN_WORD && str_eq_cstr(token.text, word);
}

/* What stands behind a plain {{ else }}, with the end. */
static int parse_else(struct parser *p, struct node *node, struct token word)
{
    enum stop stop = STOP_TEXT;
    int err = expect_close(p, "else");
    err = err ? err : parse_list(p, &node->otherwise, &stop);
    if (err || stop == STOP_END) {
        return err;
    }
    return stop == STOP_ELSE
                   ? parser_fail(p, ERR_PARSE, word.at, "a second \"else\" of this block")
                   : parser_fail(p, ERR_PARSE, node->at, "this block has no \"end\"");
}

/* {{ if a }} ... {{ else if b }} ... up to the end: a chain of any length is one level deep. */
static int parse_chain(struct parser *p, struct node *node, size_t most)
{
    static const char *const names[] = {
        [NODE_IF] = "if", [NODE_WITH] = "with", [NODE_RANGE] = "range"
    };
    for (;;) {
        enum stop stop = STOP_TEXT;
        int err = parse_pipe(p, names[node->kind], TOKEN_CLOSE, most, &node->pipe);
        p->ranges += node->kind == NODE_RANGE;
        err = err ? err : parse_list(p, &node->list, &stop);
        p->ranges -= node->kind == NODE_RANGE;
        if (err || stop == STOP_END) {
            return err;
        }
        if (stop == STOP_TEXT) {
            return parser_fail(p, ERR_PARSE, node->at, "this block has no \"end\"");
        }
        struct token word = parser_peek(p);
        if (node->kind == NODE_RANGE || !next_is_word(p, names[node->kind])) {
            return parse_else(p, node, word);
        }
        (void)parser_take(p);
        node = node_add(p, &node->otherwise, node->kind, node->at);
        node->is_chained = true;
    }
}

/* {{ if }}, {{ with }}, {{ range }}, behind the word. */
static int parse_block(struct parser *p, struct nodes *list, enum node_kind kind, size_t at)
{
    struct node *node = node_add(p, list, kind, at);
    size_t variables = p->variables.count;
    int err = parser_enter(p, at);
    err = err ? err : parse_chain(p, node, kind == NODE_RANGE ? 2 : 1);
    p->variables.count = variables;
    parser_leave(p);
    return err;
}

static int parse_jump(struct parser *p, struct nodes *list, struct token word)
{
    if (p->ranges == 0) {
        return parser_fail(p, ERR_PARSE, word.at, "\"%.*s\" stands outside of a range",
                STR_ARG(word.text));
    }
    node_add(p, list, str_eq(word.text, STR("break")) ? NODE_BREAK : NODE_CONTINUE, word.at);
    return expect_close(p, "break or continue");
}

/* ---- templates in templates ---- */

static int parse_name(struct parser *p, const char *where, struct str *ret_name)
{
    struct token token = parser_take(p);
    struct datum name;
    if (token.kind != TOKEN_STRING && token.kind != TOKEN_RAW) {
        return parser_unexpected(p, token, where);
    }
    int err = parse_string(p, token, &name);
    *ret_name = err ? STR_EMPTY : name.as.text;
    return err;
}

static int parse_call(struct parser *p, struct nodes *list, size_t at)
{
    struct node *node = node_add(p, list, NODE_CALL, at);
    int err = parse_name(p, "template", &node->text);
    if (err == 0 && parser_peek(p).kind == TOKEN_CLOSE) {
        (void)parser_take(p);
        return 0;
    }
    return err ? err : parse_pipe(p, "template", TOKEN_CLOSE, 1, &node->pipe);
}

static bool is_blank_text(struct nodes nodes)
{
    for (size_t i = 0; i < nodes.count; i++) {
        if (nodes.items[i]->kind != NODE_TEXT || str_trim(nodes.items[i]->text).len > 0) {
            return false;
        }
    }
    return true;
}

/* Adds a definition; one that says something may not replace another that does. */
static int define(struct parser *p, struct definition *definition, size_t at)
{
    struct definitions *all = &p->template->definitions;
    definition->is_empty = is_blank_text(definition->nodes);
    for (size_t i = 1; i < all->count; i++) {
        struct definition *other = all->items[i];
        if (!str_eq(other->name, definition->name)) {
            continue;
        }
        if (!other->is_empty && !definition->is_empty) {
            return parser_fail(p, ERR_PARSE, at, "the template \"%.*s\" is defined twice",
                    STR_ARG(definition->name));
        }
        if (!definition->is_empty) {
            *other = *definition;
        }
        return 0;
    }
    VEC_PUSH(p->arena, all, definition);
    return 0;
}

/* The content of {{ define }} or {{ block }}, which knows no variable from outside. */
static int parse_definition(struct parser *p, struct str name, size_t at)
{
    struct definition *outer = p->definition;
    unsigned ranges = p->ranges;
    struct definition *definition = ARENA_NEW(p->arena, struct definition);
    struct str *variables = p->variables.items;
    size_t count = p->variables.count;
    size_t cap = p->variables.cap;
    enum stop stop = STOP_TEXT;
    *definition = (struct definition){ .name = name, .slot_count = 1 };
    p->definition = definition;
    p->ranges = 0;
    p->variables.items = NULL;
    p->variables.count = p->variables.cap = 0;
    VEC_PUSH(p->arena, &p->variables, STR("$"));
    int err = parser_enter(p, at);
    err = err ? err : parse_list(p, &definition->nodes, &stop);
    if (err == 0 && stop != STOP_END) {
        err = parser_fail(p, ERR_PARSE, stop == STOP_TEXT ? at : p->stop,
                stop == STOP_TEXT ? "this block has no \"end\"" : "\"else\" without \"if\"");
    }
    parser_leave(p);
    p->definition = outer;
    p->ranges = ranges;
    p->variables.items = variables;
    p->variables.count = count;
    p->variables.cap = cap;
    return err ? err : define(p, definition, at);
}

static int parse_define(struct parser *p, size_t at)
{
    struct str name;
    if (p->nesting > 0) {
        return parser_fail(p, ERR_PARSE, at, "\"define\" stands inside of another block");
    }
    int err = parse_name(p, "define", &name);
    err = err ? err : expect_close(p, "define");
    return err ? err : parse_definition(p, name, at);
}

/* A definition, and a call of it at the same place. */
static int parse_defining_call(struct parser *p, struct nodes *list, size_t at)
{
    struct node *node = node_add(p, list, NODE_CALL, at);
    int err = parse_name(p, "block", &node->text);
    err = err ? err : parse_pipe(p, "block", TOKEN_CLOSE, 1, &node->pipe);
    return err ? err : parse_definition(p, node->text, at);
}

/* ---- lists ---- */

static int parse_action(struct parser *p, struct nodes *list, size_t at)
{
    struct token word = parser_peek(p);

    static const struct {
        const char *word;
        enum node_kind kind;
    } blocks[] = { { "if", NODE_IF }, { "with", NODE_WITH }, { "range", NODE_RANGE } };

    if (word.kind == TOKEN_WORD) {
        for (size_t i = 0; i < sizeof(blocks) / sizeof(blocks[0]); i++) {
            if (str_eq_cstr(word.text, blocks[i].word)) {
                (void)parser_take(p);
                return parse_block(p, list, blocks[i].kind, at);
            }
        }
        if (str_eq(word.text, STR("break")) || str_eq(word.text, STR("continue"))) {
            return parse_jump(p, list, parser_take(p));
        }
        if (str_eq(word.text, STR("template"))) {
            (void)parser_take(p);
            return parse_call(p, list, at);
        }
        if (str_eq(word.text, STR("block"))) {
            (void)parser_take(p);
            return parse_defining_call(p, list, at);
        }
        if (str_eq(word.text, STR("define"))) {
            (void)parser_take(p);
            return parse_define(p, at);
        }
    }
    struct node *node = node_add(p, list, NODE_ACTION, at);
    return parse_pipe(p, "an action", TOKEN_CLOSE, 1, &node->pipe);
}

static int parse_list(struct parser *p, struct nodes *list, enum stop *ret_stop)
{
    int err = 0;
    while (err == 0) {
        struct token token = parser_take(p);
        if (token.kind == TOKEN_END) {
            *ret_stop = STOP_TEXT;
            return 0;
        }
        if (token.kind == TOKEN_TEXT) {
            node_add(p, list, NODE_TEXT, token.at)->text = token.text;
            continue;
        }
        if (token.kind != TOKEN_OPEN) {
            return parser_unexpected(p, token, "a template");
        }
        p->stop = parser_peek(p).at;
        if (next_is_word(p, "end")) {
            (void)parser_take(p);
            *ret_stop = STOP_END;
            return expect_close(p, "end");
        }
        if (next_is_word(p, "else")) {
            (void)parser_take(p);
            *ret_stop = STOP_ELSE;
            return 0;
        }
        err = parse_action(p, list, token.at);
    }
    return err;
}

/* ---- the whole ---- */

struct template_limits limits_of(const struct template_limits *limits)
{
    struct template_limits all = limits ? *limits : (struct template_limits){ 0 };
    all.max_text = all.max_text ? all.max_text : (size_t)1 << 20;
    all.max_output = all.max_output ? all.max_output : (size_t)16 << 20;
    all.max_memory = all.max_memory ? all.max_memory : (size_t)64 << 20;
    all.max_steps = all.max_steps ? all.max_steps : 10 * 1000 * 1000;
    all.max_nesting = all.max_nesting ? all.max_nesting : 100;
    all.max_depth = all.max_depth ? all.max_depth : 500;
    return all;
}

/* The data alone: a field of the dot, or of $, which is the same outside of definitions. */
static const struct operand *plain_field(const struct node *node)
{
    const struct pipe *pipe = node->kind == NODE_ACTION ? node->pipe : NULL;
    if (!pipe || pipe->slot_count > 0 || pipe->count != 1 || pipe->commands[0].count != 1) {
        return NULL;
    }
    const struct operand *operand = &pipe->commands[0].operands[0];
    bool is_data = operand->kind == OPERAND_DOT ||
                   (operand->kind == OPERAND_VARIABLE && operand->slot == 0);
    return is_data && operand->field_count > 0 ? operand : NULL;
}

static void find_pieces(struct template *template, struct arena *arena)
{
    struct nodes nodes = template->definitions.items[0]->nodes;
    template->pieces = ARENA_ARRAY(arena, struct template_piece, nodes.count);
    template->piece_count = nodes.count;
    template->is_plain = true;
    for (size_t i = 0; i < nodes.count; i++) {
        const struct operand *field = plain_field(nodes.items[i]);
        struct template_piece *piece = &template->pieces[i];
        if (nodes.items[i]->kind == NODE_TEXT) {
            *piece = (struct template_piece){ .kind = TEMPLATE_TEXT,
                .text = nodes.items[i]->text };
        } else if (field) {
            *piece = (struct template_piece){ .kind = TEMPLATE_FIELD,
                .steps = (const struct key *const *)field->fields,
                .step_count = field->field_count };
        } else {
            piece->kind = TEMPLATE_OTHER;
            template->is_plain = false;
        }
    }
}

static int parse_all(struct parser *p)
{
    struct definition *top = ARENA_NEW(p->arena, struct definition);
    enum stop stop = STOP_TEXT;
    top->slot_count = 1;
    p->definition = top;
    VEC_PUSH(p->arena, &p->template->definitions, top);
    VEC_PUSH(p->arena, &p->variables, STR("$"));
    int err = parse_list(p, &top->nodes, &stop);
    if (err || stop == STOP_TEXT) {
        return err;
    }
    return parser_fail(
            p, ERR_PARSE, p->stop, "\"%s\" without a block", stop == STOP_END ? "end" : "else");
}

int template_parse(const struct template_input *input, const struct template **ret_template,
        struct template_error *ret_error)
{
    struct template *template = ARENA_NEW(input->arena, struct template);
    struct parser p = {
        .input = input,
        .arena = input->arena,
        .template = template,
        .error = ret_error,
        .limits = limits_of(input->limits),
        .lexer = {
            .text = input->text,
            .open = input->open.len > 0 ? input->open : STR("{{"),
            .close = input->close.len > 0 ? input->close : STR("}}"),
        },
    };
    template->text = input->text;
    if (input->text.len > p.limits.max_text) {
        return parser_fail(
                &p, ERR_LIMIT, 0, "the template is larger than %zu bytes", p.limits.max_text);
    }
    if (!str_is_utf8(input->text)) {
        return parser_fail(&p, ERR_PARSE, str_utf8_prefix(input->text),
                "the template is not well-formed UTF-8");
    }
    int err = parse_all(&p);
    if (err == 0) {
        find_pieces(template, input->arena);
        *ret_template = template;
    }
    return err;
}

void template_pieces(const struct template *template, const struct template_piece **ret_pieces,
        size_t *ret_count)
{
    *ret_pieces = template->pieces;
    *ret_count = template->piece_count;
}
