/* SPDX-License-Identifier: Apache-2.0 */
/* The text of --query becomes nodes. */
#include "query_node.h"

enum {
    MAX_NODES = 500,
    MAX_DEPTH = 50 /* of brackets and parentheses */
};

struct parser {
    struct run *run;
    struct str text;
    struct str rest;
    struct str why; /* set with the first error */
    size_t nodes;
    size_t depth;
};

static int parse_pipe(struct parser *p, const struct query_node **ret_node);
static int parse_union(struct parser *p, const struct query_node **ret_node);

struct str query_why(struct run *run, size_t column, const char *why)
{
    return arena_printf(run->arena, "column %zu: %s", column, why);
}

static size_t column_of(const struct parser *p, struct str rest)
{
    return str_count_code_points(str_sub(p->text, 0, p->text.len - rest.len)) + 1;
}

static int fail_at(struct parser *p, struct str rest, const char *why)
{
    if (p->why.len == 0) {
        p->why = query_why(p->run, column_of(p, rest), why);
    }
    return ERR_PARSE;
}

static int fail(struct parser *p, const char *why)
{
    return fail_at(p, p->rest, why);
}

static struct query_node *node_new(struct parser *p, enum query_kind kind,
        const struct query_node *left, const struct query_node *right)
{
    struct query_node *node = ARENA_NEW(p->run->arena, struct query_node);
    *node = (struct query_node){
        .kind = kind, .left = left, .right = right, .column = column_of(p, p->rest)
    };
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
    return (char)(p->rest.len > 0 ? p->rest.ptr[0] : '\0');
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
    static const char stops[] = ".[]|\" \t\n(),:{}=!<>?";
    return str_find(STR(stops), rest.ptr[i]) >= 0 ||
           (rest.ptr[i] == '/' && i + 1 < rest.len && rest.ptr[i + 1] == '/');
}

/* "text" with \" \\ \n \t \r inside. */
static int parse_quoted(struct parser *p, struct str *ret_text)
{
    static const char letters[] = "\"\\/ntr";
    static const char bytes[] = "\"\\/\n\t\r";
    AUTO_BUF text = BUF_INIT(BUF_UNBOUNDED);
    size_t i = 1;
    while (i < p->rest.len && p->rest.ptr[i] != '"') {
        char byte = p->rest.ptr[i];
        if (byte == '\\' && i + 1 < p->rest.len) {
            ptrdiff_t known = str_find(STR(letters), p->rest.ptr[++i]);
            if (known < 0) {
                return fail_at(p, str_from_index(p->rest, i - 1),
                        "behind a backslash stands one of \" \\ / n t r");
            }
            byte = bytes[known];
        }
        buf_add_byte(&text, byte);
        i++;
    }
    if (i >= p->rest.len) {
        return fail(p, "a quoted text has no end");
    }
    p->rest = str_from_index(p->rest, i + 1);
    *ret_text = arena_dup(p->run->arena, buf_str(&text));
    return 0;
}

/* In yq a name with these chooses several keys. */
static int check_name(struct parser *p, struct str rest, struct str name)
{
    bool is_pattern = str_find(name, '*') >= 0 || str_find(name, '?') >= 0;
    return is_pattern
                   ? fail_at(p, rest, "names with * or ? are not supported; use [] and select")
                   : 0;
}

static int parse_name(struct parser *p, const struct query_node **ret_node)
{
    struct query_node *node = node_new(p, QUERY_FIELD, NULL, NULL);
    struct str start = p->rest;
    *ret_node = node;
    if (next_byte(p) == '"') {
        int r = parse_quoted(p, &node->text);
        return r ? r : check_name(p, start, node->text);
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
    return check_name(p, start, node->text);
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
    static const char unclosed[] = "a bracket is not closed";
    struct query_node *node = node_new(p, QUERY_INDEX, NULL, NULL);
    struct str open = p->rest;
    *ret_node = node;
    p->rest = str_from_index(p->rest, 1);
    skip_blanks(p);
    if (next_byte(p) == '"') {
        struct str start = p->rest;
        node->kind = QUERY_FIELD;
        int r = parse_quoted(p, &node->text);
        r = r ? r : check_name(p, start, node->text);
        if (r) {
            return r;
        }
        return take(p, "]") ? 0 : fail_at(p, open, unclosed);
    }
    ptrdiff_t end = str_find(p->rest, ']');
    if (end < 0) {
        return fail_at(p, open, unclosed);
    }
    struct str inside = str_trim(str_sub(p->rest, 0, (size_t)end));
    node->kind = inside.len == 0 ? QUERY_ITERATE : QUERY_INDEX;
    int r = inside.len == 0 ? 0 : parse_numbers(p, inside, node);
    p->rest = str_from_index(p->rest, (size_t)end + 1);
    return r;
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
        if (next_byte(p) == '?') {
            step = node_new(p, QUERY_TRY, step, NULL);
            p->rest = str_from_index(p->rest, 1);
        }
        *node = (*node)->kind == QUERY_SELF ? step : node_new(p, QUERY_PIPE, *node, step);
    }
    return 0;
}

/* ---- terms ---- */

/* What is wrong with what stands behind a query, or a part of it. */
static const char *why_rest(const struct parser *p)
{
    static const struct {
        char byte;
        const char *why;
    } signs[] = {
        { ',', "behind a key of a map stand a colon and its value" },
        { ':', "a colon stands in brackets, or behind a key of a map" },
        { '=', "nothing can be assigned; equality is ==" },
        { '+', "there is no arithmetic" },
        { '-', "there is no arithmetic" },
        { '*', "there is no arithmetic" },
        { '/', "there is no arithmetic" },
        { '%', "there is no arithmetic" },
        { ')', "a parenthesis is closed that was not opened" },
        { ']', "a bracket is closed that was not opened" },
        { '}', "a brace is closed that was not opened" },
    };

    for (size_t i = 0; i < sizeof(signs) / sizeof(signs[0]); i++) {
        if (p->rest.ptr[0] == signs[i].byte) {
            return signs[i].why;
        }
    }
    return "a path is made of .name and [0], and something else follows it";
}

static int parse_nested(struct parser *p, const char *close, const char *why,
        const struct query_node **ret_node)
{
    if (++p->depth > MAX_DEPTH) {
        return fail(p, "the query is nested too deeply");
    }
    int r = parse_union(p, ret_node);
    p->depth--;
    if (r) {
        return r;
    }
    skip_blanks(p);
    if (p->rest.len > 0 && !str_starts_with(p->rest, str_from(close))) {
        return fail(p, why_rest(p));
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
        struct query_node *node = node_new(p, functions[i].kind, NULL, NULL);
        *ret_node = node;
        p->rest = str_from_index(p->rest, word.len);
        if (!functions[i].has_argument) {
            return 0;
        }
        if (!take(p, "(")) {
            return fail(p, "a function needs its argument in parentheses");
        }
        return parse_nested(p, ")", "a parenthesis is not closed", &node->left);
    }
    return fail(
            p, word.len ? arena_printf(p->run->arena,
                                  "there is no function \"%.*s\": a path is made of .name "
                                  "and [0], and the functions are keys, length, select, map, "
                                  "has and not",
                                  STR_ARG(word))
                                  .ptr
                        : "a path is made of .name and [0]");
}

/* The longest beginning that looks like a number. */
static struct str peek_number(const struct parser *p)
{
    size_t end = 0;
    while (end < p->rest.len && str_find(STR("0123456789+-.eE"), p->rest.ptr[end]) >= 0) {
        end++;
    }
    return str_sub(p->rest, 0, end);
}

static const struct value *number_of(struct parser *p, struct str text)
{
    int64_t integer;
    double number;
    if (str_to_i64(text, &integer)) {
        return value_int_new(p->run->arena, integer, MARK_NONE);
    }
    return str_to_f64(text, &number)
                   ? value_scalar_new(p->run->arena, VALUE_FLOAT, text, MARK_NONE)
                   : NULL;
}

static int parse_literal(struct parser *p, struct str word, const struct query_node **ret_node)
{
    struct arena *arena = p->run->arena;
    const struct value *value = NULL;
    struct query_node *node = node_new(p, QUERY_LITERAL, NULL, NULL);
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
    } else {
        struct str number = peek_number(p);
        value = number_of(p, number);
        if (!value) {
            return parse_function(p, word, ret_node);
        }
        word = number;
    }
    p->rest = str_from_index(p->rest, word.len);
    node->value = value;
    *ret_node = node;
    return 0;
}

/* A name, a text, or a query in parentheses. */
static int parse_key(struct parser *p, const struct query_node **ret_node)
{
    skip_blanks(p);
    struct str word = peek_word(p);
    struct query_node *node = node_new(p, QUERY_LITERAL, NULL, NULL);
    *ret_node = node;
    if (next_byte(p) == '(') {
        p->rest = str_from_index(p->rest, 1);
        return parse_nested(p, ")", "a parenthesis is not closed", ret_node);
    }
    if (next_byte(p) == '"') {
        int r = parse_quoted(p, &word);
        if (r) {
            return r;
        }
    } else if (word.len == 0) {
        return fail(p, "a key of a map is a name, a text, or a query in parentheses");
    } else {
        p->rest = str_from_index(p->rest, word.len);
    }
    node->value = value_string_new(p->run->arena, word, MARK_NONE);
    return 0;
}

/* What stands behind "{". */
static int parse_map(struct parser *p, const struct query_node **ret_node)
{
    struct query_node *empty = node_new(p, QUERY_LITERAL, NULL, NULL);
    struct value_builder none;
    value_builder_init(&none, p->run->arena, MARK_NONE);
    empty->value = value_builder_map(&none);
    *ret_node = empty;
    if (take(p, "}")) {
        return 0;
    }
    if (++p->depth > MAX_DEPTH) {
        return fail(p, "the query is nested too deeply");
    }
    const struct query_node *map = NULL;
    do {
        struct query_node *entry = node_new(p, QUERY_ENTRY, NULL, NULL);
        int r = p->nodes > MAX_NODES ? fail(p, "the query is too long")
                                     : parse_key(p, &entry->left);
        if (r == 0 && !take(p, ":")) {
            r = fail(p, "behind a key of a map stand a colon and its value");
        }
        r = r ? r : parse_pipe(p, &entry->right);
        if (r) {
            return r;
        }
        map = node_new(p, QUERY_BUILD, map, entry);
    } while (take(p, ","));
    p->depth--;
    *ret_node = map;
    return take(p, "}") ? 0 : fail(p, p->rest.len ? why_rest(p) : "a brace is not closed");
}

/* `. ` alone, `.name...`, `[ ... ]`, `( ... )`, `{ ... }`, a literal or a function; then steps. */
static int parse_term(struct parser *p, const struct query_node **ret_node)
{
    skip_blanks(p);
    int r = 0;
    char first = next_byte(p);
    struct str open = p->rest;
    if (p->nodes > MAX_NODES) {
        return fail(p, "the query is too long");
    }
    if (first == '\0' || str_find(STR("|)],}"), first) >= 0) {
        return fail(p, "the query, or a part of it between bars or commas, is empty");
    }
    if (str_starts_with(p->rest, STR(".."))) {
        *ret_node = node_new(p, QUERY_DESCEND, NULL, NULL);
        p->rest = str_from_index(p->rest, 2);
        /* In jq and yq nothing but a bar can follow; ..x and ... mean something else there. */
        if (p->rest.len > 0 && !ends_name(p->rest, 0)) {
            return fail(p, "behind .. stands a bar, as in .. | .name");
        }
        return next_byte(p) == '.' ? fail(p, "keys cannot be walked with ...") : 0;
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
        struct query_node *list = node_new(p, QUERY_COLLECT, NULL, NULL);
        p->rest = str_from_index(p->rest, 1);
        *ret_node = list;
        r = parse_nested(p, "]", "a bracket is not closed", &list->left);
    } else if (first == '{') {
        p->rest = str_from_index(p->rest, 1);
        r = parse_map(p, ret_node);
    } else if (first == '$' || first == '\'') {
        r = fail_at(p, open,
                first == '$' ? "there are no variables" : "a text stands in double quotes");
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
        skip_blanks(p);
        struct query_node sign = { .column = column_of(p, p->rest) };
        if (take(p, signs[i].sign)) {
            struct query_node *node = node_new(p, signs[i].kind, *ret_node, NULL);
            node->column = sign.column;
            *ret_node = node;
            return parse_term(p, &node->right);
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

static int parse_union(struct parser *p, const struct query_node **ret_node)
{
    int r = parse_pipe(p, ret_node);
    while (r == 0 && take(p, ",")) {
        const struct query_node *right = NULL;
        r = parse_pipe(p, &right);
        *ret_node = node_new(p, QUERY_UNION, *ret_node, right);
    }
    return r;
}

int query_parse(struct run *run, struct str text, const struct query_node **ret_node,
        struct str *ret_why)
{
    struct parser parser = { .run = run, .text = text, .rest = text };
    const struct query_node *node = NULL;
    int r = parse_union(&parser, &node);
    skip_blanks(&parser);
    if (r == 0 && parser.rest.len > 0) {
        r = fail(&parser, why_rest(&parser));
    }
    if (r) {
        *ret_why = parser.why;
        return r;
    }
    *ret_node = node;
    return 0;
}
