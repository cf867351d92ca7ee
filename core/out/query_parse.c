/* SPDX-License-Identifier: Apache-2.0 */
/* The text of --query becomes nodes. */
#include "query_node.h"

enum {
    MAX_NODES = 500,
    MAX_DEPTH = 50 /* of brackets and parentheses */
};

struct parser {
    struct run *run;
    struct str rest;
    struct str why; /* set with the first error */
    size_t nodes;
    size_t depth;
};

static int parse_pipe(struct parser *p, const struct query_node **ret_node);

static int fail(struct parser *p, const char *why)
{
    if (p->why.len == 0) {
        p->why = str_from(why);
    }
    return ERR_PARSE;
}

static struct query_node *node_new(struct parser *p, enum query_kind kind,
        const struct query_node *left, const struct query_node *right)
{
    struct query_node *node = ARENA_NEW(p->run->arena, struct query_node);
    *node = (struct query_node){ .kind = kind, .left = left, .right = right };
    p->nodes++;
    return node;
}

static void skip_blanks(struct parser *p)
{
    while (p->rest.len > 0 &&
            (p->rest.ptr[0] == ' ' || p->rest.ptr[0] == '\t' || p->rest.ptr[0] == '\n')) {
        p->rest = str_from_index(p->rest, 1);
    }
}

static char next_byte(const struct parser *p)
{
    return p->rest.len > 0 ? p->rest.ptr[0] : '\0';
}

/* Takes a sign when it comes next, blanks before it too. */
static bool take(struct parser *p, const char *sign)
{
    skip_blanks(p);
    struct str text = str_from(sign);
    if (!str_starts_with(p->rest, text)) {
        return false;
    }
    p->rest = str_from_index(p->rest, text.len);
    return true;
}

static bool is_word_byte(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           c == '_' || c == '-';
}

static struct str peek_word(const struct parser *p)
{
    size_t end = 0;
    while (end < p->rest.len && is_word_byte(p->rest.ptr[end])) {
        end++;
    }
    return str_sub(p->rest, 0, end);
}

static bool take_word(struct parser *p, const char *word)
{
    skip_blanks(p);
    if (!str_eq_cstr(peek_word(p), word)) {
        return false;
    }
    p->rest = str_from_index(p->rest, str_from(word).len);
    return true;
}

/* ---- steps ---- */

static bool ends_name(struct str rest, size_t i)
{
    static const char stops[] = ".[]|\" \t\n(),:{}=!<>";
    return str_find(STR(stops), rest.ptr[i]) >= 0 ||
           (rest.ptr[i] == '/' && i + 1 < rest.len && rest.ptr[i + 1] == '/');
}

/* "text" with \" and \\ inside. */
static int parse_quoted(struct parser *p, struct str *ret_text)
{
    AUTO_BUF text = BUF_INIT(BUF_UNBOUNDED);
    size_t i = 1;
    while (i < p->rest.len && p->rest.ptr[i] != '"') {
        if (p->rest.ptr[i] == '\\' && i + 1 < p->rest.len) {
            i++;
        }
        buf_add_byte(&text, p->rest.ptr[i++]);
    }
    if (i >= p->rest.len) {
        return fail(p, "a quoted name has no end");
    }
    p->rest = str_from_index(p->rest, i + 1);
    *ret_text = arena_dup(p->run->arena, buf_str(&text));
    return 0;
}

static int parse_name(struct parser *p, const struct query_node **ret_node)
{
    struct query_node *node = node_new(p, QUERY_FIELD, NULL, NULL);
    *ret_node = node;
    if (next_byte(p) == '"') {
        return parse_quoted(p, &node->text);
    }
    size_t end = 0;
    while (end < p->rest.len && !ends_name(p->rest, end)) {
        end++;
    }
    if (end == 0) {
        return fail(p, "a name is missing after a dot");
    }
    node->text = str_sub(p->rest, 0, end);
    p->rest = str_from_index(p->rest, end);
    return 0;
}

/* What stands between brackets and is neither empty nor a quoted name: a number or a slice. */
static int parse_numbers(struct parser *p, struct str inside, struct query_node *node)
{
    static const char why[] = "brackets need a number or a quoted name";
    ptrdiff_t colon = str_find(inside, ':');
    if (colon < 0) {
        return str_to_i64(str_trim(inside), &node->from) ? 0 : fail(p, why);
    }
    struct str from = str_trim(str_sub(inside, 0, (size_t)colon));
    struct str to = str_trim(str_from_index(inside, (size_t)colon + 1));
    node->kind = QUERY_SLICE;
    node->from = INT64_MIN;
    node->to = INT64_MAX;
    if ((from.len > 0 && !str_to_i64(from, &node->from)) ||
            (to.len > 0 && !str_to_i64(to, &node->to))) {
        return fail(p, why);
    }
    return 0;
}

static int parse_bracket(struct parser *p, const struct query_node **ret_node)
{
    struct query_node *node = node_new(p, QUERY_INDEX, NULL, NULL);
    *ret_node = node;
    p->rest = str_from_index(p->rest, 1);
    skip_blanks(p);
    if (next_byte(p) == '"') {
        node->kind = QUERY_FIELD;
        int r = parse_quoted(p, &node->text);
        if (r) {
            return r;
        }
        return take(p, "]") ? 0 : fail(p, "a bracket is not closed");
    }
    ptrdiff_t end = str_find(p->rest, ']');
    if (end < 0) {
        return fail(p, "a bracket is not closed");
    }
    struct str inside = str_trim(str_sub(p->rest, 0, (size_t)end));
    p->rest = str_from_index(p->rest, (size_t)end + 1);
    if (inside.len == 0) {
        node->kind = QUERY_ITERATE;
        return 0;
    }
    return parse_numbers(p, inside, node);
}

/* .name, ."name" and [..] behind what `*node` says; without blanks between. */
static int parse_steps(struct parser *p, const struct query_node **node)
{
    while (next_byte(p) == '.' || next_byte(p) == '[') {
        const struct query_node *step;
        int r;
        if (next_byte(p) == '.') {
            p->rest = str_from_index(p->rest, 1);
            r = next_byte(p) == '[' ? parse_bracket(p, &step) : parse_name(p, &step);
        } else {
            r = parse_bracket(p, &step);
        }
        if (r == 0 && p->nodes > MAX_NODES) {
            r = fail(p, "the query is too long");
        }
        if (r) {
            return r;
        }
        *node = (*node)->kind == QUERY_SELF ? step : node_new(p, QUERY_PIPE, *node, step);
    }
    return 0;
}

/* ---- terms ---- */

static int parse_nested(struct parser *p, const char *close, const char *why,
        const struct query_node **ret_node)
{
    if (++p->depth > MAX_DEPTH) {
        return fail(p, "the query is nested too deeply");
    }
    int r = parse_pipe(p, ret_node);
    p->depth--;
    if (r) {
        return r;
    }
    return take(p, close) ? 0 : fail(p, why);
}

static int parse_function(struct parser *p, struct str word, const struct query_node **ret_node)
{
    static const struct {
        const char *name;
        enum query_kind kind;
        bool has_argument;
    } functions[] = {
        { "keys", QUERY_KEYS, false },
        { "length", QUERY_LENGTH, false },
        { "not", QUERY_NOT, false },
        { "select", QUERY_SELECT, true },
        { "map", QUERY_MAP, true },
        { "has", QUERY_HAS, true },
    };

    for (size_t i = 0; i < sizeof(functions) / sizeof(functions[0]); i++) {
        if (!str_eq_cstr(word, functions[i].name)) {
            continue;
        }
        p->rest = str_from_index(p->rest, word.len);
        const struct query_node *argument = NULL;
        if (functions[i].has_argument) {
            if (!take(p, "(")) {
                return fail(p, "a function needs its argument in parentheses");
            }
            int r = parse_nested(p, ")", "a parenthesis is not closed", &argument);
            if (r) {
                return r;
            }
        }
        *ret_node = node_new(p, functions[i].kind, argument, NULL);
        return 0;
    }
    return fail(p, "a path is made of .name and [0]; the functions are keys, length, select, "
                   "map, has and not");
}

static int parse_literal(struct parser *p, struct str word, const struct query_node **ret_node)
{
    struct arena *arena = p->run->arena;
    const struct value *value = NULL;
    int64_t number;
    if (next_byte(p) == '"') {
        struct str text;
        int r = parse_quoted(p, &text);
        if (r) {
            return r;
        }
        value = value_string_new(arena, text, MARK_NONE);
        word = STR_EMPTY;
    } else if (str_eq_cstr(word, "true") || str_eq_cstr(word, "false")) {
        value = value_bool_new(arena, str_eq_cstr(word, "true"), MARK_NONE);
    } else if (str_eq_cstr(word, "null")) {
        value = value_null(arena, MARK_NONE);
    } else if (str_to_i64(word, &number)) {
        value = value_int_new(arena, number, MARK_NONE);
    } else {
        return parse_function(p, word, ret_node);
    }
    p->rest = str_from_index(p->rest, word.len);
    struct query_node *node = node_new(p, QUERY_LITERAL, NULL, NULL);
    node->value = value;
    *ret_node = node;
    return 0;
}

/* `. ` alone, `.name...`, `[ ... ]`, `( ... )`, a literal or a function; then steps. */
static int parse_term(struct parser *p, const struct query_node **ret_node)
{
    skip_blanks(p);
    int r = 0;
    char first = next_byte(p);
    if (p->nodes > MAX_NODES) {
        return fail(p, "the query is too long");
    }
    if (first == '\0' || first == '|' || first == ')' || first == ']') {
        return fail(p, "the query, or a part of it between bars, is empty");
    }
    if (first == '.') {
        bool is_alone = p->rest.len == 1 || ends_name(p->rest, 1);
        bool is_named = p->rest.len > 1 && (p->rest.ptr[1] == '"' || p->rest.ptr[1] == '.');
        *ret_node = node_new(p, QUERY_SELF, NULL, NULL);
        if (is_alone && !is_named) {
            p->rest = str_from_index(p->rest, 1);
        }
    } else if (first == '(') {
        p->rest = str_from_index(p->rest, 1);
        r = parse_nested(p, ")", "a parenthesis is not closed", ret_node);
    } else if (first == '[') {
        p->rest = str_from_index(p->rest, 1);
        const struct query_node *inner = NULL;
        r = parse_nested(p, "]", "a bracket is not closed", &inner);
        *ret_node = node_new(p, QUERY_COLLECT, inner, NULL);
    } else {
        r = parse_literal(p, peek_word(p), ret_node);
    }
    return r ? r : parse_steps(p, ret_node);
}

/* ---- operators, the tightest first ---- */

static int parse_comparison(struct parser *p, const struct query_node **ret_node)
{
    static const struct {
        const char *sign;
        enum query_kind kind;
    } signs[] = {
        { "==", QUERY_EQUAL },
        { "!=", QUERY_UNEQUAL },
        { "<=", QUERY_LESS_OR_EQUAL },
        { ">=", QUERY_MORE_OR_EQUAL },
        { "<", QUERY_LESS },
        { ">", QUERY_MORE },
    };

    int r = parse_term(p, ret_node);
    for (size_t i = 0; r == 0 && i < sizeof(signs) / sizeof(signs[0]); i++) {
        if (take(p, signs[i].sign)) {
            const struct query_node *right = NULL;
            r = parse_term(p, &right);
            *ret_node = node_new(p, signs[i].kind, *ret_node, right);
            return r;
        }
    }
    return r;
}

static int parse_and(struct parser *p, const struct query_node **ret_node)
{
    int r = parse_comparison(p, ret_node);
    while (r == 0 && take_word(p, "and")) {
        const struct query_node *right = NULL;
        r = parse_comparison(p, &right);
        *ret_node = node_new(p, QUERY_AND, *ret_node, right);
    }
    return r;
}

static int parse_or(struct parser *p, const struct query_node **ret_node)
{
    int r = parse_and(p, ret_node);
    while (r == 0 && take_word(p, "or")) {
        const struct query_node *right = NULL;
        r = parse_and(p, &right);
        *ret_node = node_new(p, QUERY_OR, *ret_node, right);
    }
    return r;
}

static int parse_else(struct parser *p, const struct query_node **ret_node)
{
    int r = parse_or(p, ret_node);
    while (r == 0 && take(p, "//")) {
        const struct query_node *right = NULL;
        r = parse_or(p, &right);
        *ret_node = node_new(p, QUERY_ELSE, *ret_node, right);
    }
    return r;
}

static int parse_pipe(struct parser *p, const struct query_node **ret_node)
{
    int r = parse_else(p, ret_node);
    while (r == 0 && take(p, "|")) {
        const struct query_node *right = NULL;
        r = parse_else(p, &right);
        *ret_node = node_new(p, QUERY_PIPE, *ret_node, right);
    }
    return r;
}

int query_parse(struct run *run, struct str text, const struct query_node **ret_node,
        struct str *ret_why)
{
    struct parser parser = { .run = run, .rest = text };
    const struct query_node *node = NULL;
    int r = parse_pipe(&parser, &node);
    skip_blanks(&parser);
    if (r == 0 && parser.rest.len > 0) {
        r = fail(&parser, "a path is made of .name and [0], and something else follows it");
    }
    if (r) {
        *ret_why = parser.why;
        return r;
    }
    *ret_node = node;
    return 0;
}
