/* SPDX-License-Identifier: Apache-2.0 */
/* From the text of a pattern to its tree. */
#include "regex_parse.h"

#include "err.h"

enum {
    MAX_POINT = 0x10ffff,
    MAX_NESTING = 100,
    MAX_REPEAT = 10000
};

struct parser {
    struct arena *arena;
    struct arena *scratch;
    struct str text;
    size_t at;
    size_t groups; /* with the whole as one */
    int depth;
    struct regex_error error;
    int err;
};

static const struct regex_range digits[] = { { '0', '9' } };
static const struct regex_range words[] = { { '0', '9' }, { 'A', 'Z' }, { '_', '_' },
    { 'a', 'z' } };
static const struct regex_range spaces[] = { { 9, 13 }, { ' ', ' ' }, { 0xa0, 0xa0 },
    { 0x1680, 0x1680 }, { 0x2000, 0x200a }, { 0x2028, 0x2029 }, { 0x202f, 0x202f },
    { 0x205f, 0x205f }, { 0x3000, 0x3000 }, { 0xfeff, 0xfeff } };
static const struct regex_range line_ends[] = { { '\n', '\n' }, { '\r', '\r' },
    { 0x2028, 0x2029 } };

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

uint32_t regex_point(struct str text, size_t at, size_t *ret_len)
{
    const unsigned char *s = (const unsigned char *)text.ptr + at;
    size_t len = s[0] < 0xc0 ? 1 : s[0] < 0xe0 ? 2 : s[0] < 0xf0 ? 3 : 4;
    if (s[0] < 0x80 || len > text.len - at || len == 1) {
        *ret_len = 1;
        return s[0] < 0x80 ? s[0] : 0xfffd;
    }
    uint32_t point = s[0] & (0xffu >> (len + 1));
    for (size_t i = 1; i < len; i++) {
        if ((s[i] & 0xc0) != 0x80) {
            *ret_len = 1;
            return 0xfffd;
        }
        point = point << 6 | (s[i] & 0x3fu);
    }
    *ret_len = len;
    return point;
}

static const struct regex_node *fail(
        struct parser *parser, int err, size_t offset, const char *message)
{
    if (parser->err == 0) {
        parser->err = err;
        parser->error = (struct regex_error){ message, offset };
    }
    return NULL;
}

static char peek(const struct parser *parser)
{
    if (parser->at >= parser->text.len) {
        return '\0';
    }
    return parser->text.ptr[parser->at];
}

static bool is_end(const struct parser *parser)
{
    return parser->at >= parser->text.len;
}

static bool accept(struct parser *parser, const char *word)
{
    struct str rest = str_from_index(parser->text, parser->at);
    if (!str_starts_with(rest, str_from(word))) {
        return false;
    }
    parser->at += str_from(word).len;
    return true;
}

static struct regex_node *make(struct parser *parser, enum regex_kind kind)
{
    struct regex_node *node = ARENA_NEW(parser->scratch, struct regex_node);
    node->kind = kind;
    return node;
}

/* ---- classes ---- */

static void add_range(
        struct parser *parser, struct regex_class *class, uint32_t first, uint32_t last)
{
    VEC_PUSH(parser->arena, &class->ranges, (struct regex_range){ first, last });
}

static void add_ranges(struct parser *parser, struct regex_class *class,
        const struct regex_range *ranges, size_t count, bool is_complement)
{
    uint32_t next = 0;
    for (size_t i = 0; i < count; i++) {
        if (!is_complement) {
            add_range(parser, class, ranges[i].first, ranges[i].last);
        } else if (ranges[i].first > next) {
            add_range(parser, class, next, ranges[i].first - 1);
        }
        next = ranges[i].last + 1;
    }
    if (is_complement) {
        add_range(parser, class, next, MAX_POINT);
    }
}

/* Adds the set of \d \D \w \W \s \S; false when the letter names none. */
static bool add_named(struct parser *parser, struct regex_class *class, char letter)
{
    switch (letter) {
    case 'd':
    case 'D':
        add_ranges(parser, class, digits, COUNT(digits), letter == 'D');
        return true;
    case 'w':
    case 'W':
        add_ranges(parser, class, words, COUNT(words), letter == 'W');
        return true;
    case 's':
    case 'S':
        add_ranges(parser, class, spaces, COUNT(spaces), letter == 'S');
        return true;
    default:
        return false;
    }
}

static const struct regex_node *class_node(
        struct parser *parser, const struct regex_class *class)
{
    struct regex_node *node = make(parser, REGEX_CLASS);
    node->class = class;
    return node;
}

/* ---- escapes ---- */

static int hex_digit(char byte)
{
    if (byte >= '0' && byte <= '9') {
        return byte - '0';
    }
    char lower = (char)(byte | 0x20);
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

/* Exactly `count` hexadecimal digits. */
static bool read_hex(struct parser *parser, size_t count, uint32_t *ret_number)
{
    uint32_t number = 0;
    if (parser->text.len - parser->at < count) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        int digit = hex_digit(parser->text.ptr[parser->at + i]);
        if (digit < 0) {
            return false;
        }
        number = number << 4 | (uint32_t)digit;
    }
    parser->at += count;
    *ret_number = number;
    return true;
}

/* Behind "\u{". */
static bool read_braced(struct parser *parser, uint32_t *ret_number)
{
    uint32_t number = 0;
    size_t first = parser->at;
    while (hex_digit(peek(parser)) >= 0 && number <= MAX_POINT) {
        number = number << 4 | (uint32_t)hex_digit(peek(parser));
        parser->at++;
    }
    *ret_number = number;
    return parser->at > first && number <= MAX_POINT && accept(parser, "}");
}

/* Behind "\u": four digits, two such pairs for one character, or {digits}. */
static bool read_unicode(struct parser *parser, uint32_t *ret_point)
{
    uint32_t low = 0;
    if (accept(parser, "{")) {
        return read_braced(parser, ret_point);
    }
    if (!read_hex(parser, 4, ret_point)) {
        return false;
    }
    size_t behind = parser->at;
    if ((*ret_point & 0xfc00) == 0xd800 && accept(parser, "\\u")) {
        if (read_hex(parser, 4, &low) && (low & 0xfc00) == 0xdc00) {
            *ret_point = 0x10000 + ((*ret_point & 0x3ff) << 10) + (low & 0x3ff);
        } else {
            parser->at = behind;
        }
    }
    return true;
}

/* One character behind a backslash, sets aside. */
static bool read_escape(struct parser *parser, uint32_t *ret_point)
{
    static const char names[] = "n\nr\rt\tf\fv\v";
    size_t begin = parser->at - 1;
    size_t len = 1;
    char letter = peek(parser);
    if (is_end(parser)) {
        fail(parser, ERR_PARSE, begin, "a backslash at the end");
        return false;
    }
    for (size_t i = 0; i + 1 < sizeof(names); i += 2) {
        if (names[i] == letter) {
            *ret_point = (uint32_t)names[i + 1];
            parser->at++;
            return true;
        }
    }
    if (letter == 'x' || letter == 'u') {
        parser->at++;
        if (letter == 'x' ? read_hex(parser, 2, ret_point) : read_unicode(parser, ret_point)) {
            return true;
        }
        fail(parser, ERR_PARSE, begin, "hexadecimal digits are missing");
        return false;
    }
    if (letter == 'c' && parser->text.len - parser->at > 1) {
        *ret_point = (unsigned char)parser->text.ptr[parser->at + 1] & 0x1fu;
        parser->at += 2;
        return true;
    }
    if (letter == '0') {
        *ret_point = 0;
        parser->at++;
        return true;
    }
    bool is_reference = (letter >= '1' && letter <= '9') || letter == 'k';
    bool is_word = hex_digit(letter) >= 0 || (letter >= 'A' && letter <= 'Z') ||
                   (letter >= 'a' && letter <= 'z');
    if (is_reference || letter == 'p' || letter == 'P') {
        fail(parser, ERR_UNSUPPORTED, begin,
                is_reference ? "back references are not supported"
                             : "property escapes (\\p) are not supported");
        return false;
    }
    if (is_word) {
        fail(parser, ERR_PARSE, begin, "an escape that means nothing");
        return false;
    }
    *ret_point = regex_point(parser->text, parser->at, &len);
    parser->at += len;
    return true;
}

/* ---- brackets ---- */

/* One member of a class; *ret_is_set when it was a named set, added already. */
static bool read_member(
        struct parser *parser, struct regex_class *class, uint32_t *ret_point, bool *ret_is_set)
{
    size_t len = 1;
    *ret_is_set = false;
    if (!accept(parser, "\\")) {
        *ret_point = regex_point(parser->text, parser->at, &len);
        parser->at += len;
        return true;
    }
    if (add_named(parser, class, peek(parser))) {
        parser->at++;
        *ret_is_set = true;
        return true;
    }
    if (accept(parser, "b")) {
        *ret_point = '\b';
        return true;
    }
    return read_escape(parser, ret_point);
}

static const struct regex_node *parse_class(struct parser *parser)
{
    size_t begin = parser->at - 1;
    struct regex_class *class = ARENA_NEW(parser->arena, struct regex_class);
    class->is_negated = accept(parser, "^");
    while (!accept(parser, "]")) {
        uint32_t first = 0;
        uint32_t last = 0;
        bool is_set = false;
        bool is_last_set = false;
        if (is_end(parser)) {
            return fail(parser, ERR_PARSE, begin, "'[' is never closed");
        }
        size_t member = parser->at;
        if (!read_member(parser, class, &first, &is_set)) {
            return NULL;
        }
        struct str rest = str_from_index(parser->text, parser->at);
        bool is_range = rest.len > 1 && rest.ptr[0] == '-' && rest.ptr[1] != ']';
        if (!is_range) {
            if (!is_set) {
                add_range(parser, class, first, first);
            }
            continue;
        }
        parser->at++;
        if (!read_member(parser, class, &last, &is_last_set)) {
            return NULL;
        }
        if (is_set || is_last_set) {
            return fail(parser, ERR_PARSE, member, "a range cannot begin or end with a set");
        }
        if (last < first) {
            return fail(parser, ERR_PARSE, member, "a range runs backwards");
        }
        add_range(parser, class, first, last);
    }
    return class_node(parser, class);
}

/* ---- structure ---- */

static const struct regex_node *parse_alternatives(struct parser *parser);

static const struct regex_node *parse_group(struct parser *parser)
{
    size_t begin = parser->at - 1;
    bool is_saved = true;
    if (accept(parser, "?")) {
        if (accept(parser, "=") || accept(parser, "!") || accept(parser, "<=") ||
                accept(parser, "<!")) {
            return fail(parser, ERR_UNSUPPORTED, begin, "look-around is not supported");
        }
        if (accept(parser, "<")) {
            while (!is_end(parser) && peek(parser) != '>') {
                parser->at++;
            }
            if (!accept(parser, ">")) {
                return fail(parser, ERR_PARSE, begin, "the name of a group is not closed");
            }
        } else if (accept(parser, ":")) {
            is_saved = false;
        } else {
            return fail(parser, ERR_PARSE, begin, "an unknown kind of group");
        }
    }
    size_t number = parser->groups;
    parser->groups += is_saved;
    if (++parser->depth > MAX_NESTING) {
        return fail(parser, ERR_LIMIT, begin, "groups nest too deep");
    }
    const struct regex_node *node = parse_alternatives(parser);
    parser->depth--;
    if (node && !accept(parser, ")")) {
        return fail(parser, ERR_PARSE, begin, "'(' is never closed");
    }
    if (!node || !is_saved) {
        return node;
    }
    struct regex_node *group = make(parser, REGEX_GROUP);
    group->point = (uint32_t)number;
    group->left = node;
    return group;
}

static const struct regex_node *parse_escape(struct parser *parser)
{
    struct regex_class *class = ARENA_NEW(parser->arena, struct regex_class);
    if (add_named(parser, class, peek(parser))) {
        parser->at++;
        return class_node(parser, class);
    }
    if (accept(parser, "b")) {
        return make(parser, REGEX_BOUNDARY);
    }
    if (accept(parser, "B")) {
        return make(parser, REGEX_NO_BOUNDARY);
    }
    struct regex_node *node = make(parser, REGEX_CHAR);
    return read_escape(parser, &node->point) ? node : NULL;
}

static const struct regex_node *parse_atom(struct parser *parser)
{
    size_t len = 1;
    if (accept(parser, "(")) {
        return parse_group(parser);
    }
    if (accept(parser, "[")) {
        return parse_class(parser);
    }
    if (accept(parser, "\\")) {
        return parse_escape(parser);
    }
    if (accept(parser, "^")) {
        return make(parser, REGEX_BEGIN);
    }
    if (accept(parser, "$")) {
        return make(parser, REGEX_END);
    }
    if (accept(parser, ".")) {
        struct regex_class *class = ARENA_NEW(parser->arena, struct regex_class);
        add_ranges(parser, class, line_ends, COUNT(line_ends), true);
        return class_node(parser, class);
    }
    char byte = peek(parser);
    if (byte == '*' || byte == '+' || byte == '?') {
        return fail(parser, ERR_PARSE, parser->at, "there is nothing to repeat");
    }
    struct regex_node *node = make(parser, REGEX_CHAR);
    node->point = regex_point(parser->text, parser->at, &len);
    parser->at += len;
    return node;
}

static bool read_count(struct parser *parser, int *ret_count)
{
    size_t first = parser->at;
    int count = 0;
    while (peek(parser) >= '0' && peek(parser) <= '9') {
        count = count > MAX_REPEAT ? count : count * 10 + (peek(parser) - '0');
        parser->at++;
    }
    *ret_count = count;
    return parser->at > first;
}

/* {n}, {n,} or {n,m}; anything else in braces is text. */
static bool read_braces(struct parser *parser, int *ret_min, int *ret_max)
{
    size_t begin = parser->at;
    if (!accept(parser, "{")) {
        return false;
    }
    bool is_valid = read_count(parser, ret_min);
    *ret_max = *ret_min;
    if (is_valid && accept(parser, ",") && !read_count(parser, ret_max)) {
        *ret_max = REGEX_FOREVER;
    }
    is_valid = is_valid && accept(parser, "}");
    if (!is_valid) {
        parser->at = begin;
    }
    return is_valid;
}

static const struct regex_node *parse_repeat(struct parser *parser)
{
    const struct regex_node *node = parse_atom(parser);
    if (!node) {
        return NULL;
    }
    for (;;) {
        size_t begin = parser->at;
        int min = 0;
        int max = REGEX_FOREVER;
        if (accept(parser, "+")) {
            min = 1;
        } else if (accept(parser, "?")) {
            max = 1;
        } else if (!accept(parser, "*") && !read_braces(parser, &min, &max)) {
            break;
        }
        bool is_lazy = accept(parser, "?");
        if (min > MAX_REPEAT || max > MAX_REPEAT) {
            return fail(parser, ERR_LIMIT, begin, "too many repetitions");
        }
        if (max != REGEX_FOREVER && max < min) {
            return fail(parser, ERR_PARSE, begin, "the bounds of a repetition run backwards");
        }
        struct regex_node *repeat = make(parser, REGEX_REPEAT);
        repeat->left = node;
        repeat->min = min;
        repeat->max = max;
        repeat->is_lazy = is_lazy;
        node = repeat;
        if (++parser->depth > MAX_NESTING) {
            return fail(parser, ERR_LIMIT, begin, "repetitions nest too deep");
        }
    }
    return node;
}

static const struct regex_node *parse_sequence(struct parser *parser)
{
    const struct regex_node *sequence = make(parser, REGEX_EMPTY);
    while (!is_end(parser) && peek(parser) != '|' && peek(parser) != ')') {
        int depth = parser->depth;
        const struct regex_node *part = parse_repeat(parser);
        if (!part) {
            return NULL;
        }
        parser->depth = depth;
        struct regex_node *cat = make(parser, REGEX_CAT);
        cat->left = sequence;
        cat->right = part;
        sequence = cat;
    }
    return sequence;
}

static const struct regex_node *parse_alternatives(struct parser *parser)
{
    const struct regex_node *node = parse_sequence(parser);
    while (node && accept(parser, "|")) {
        struct regex_node *alternative = make(parser, REGEX_ALT);
        alternative->left = node;
        alternative->right = parse_sequence(parser);
        node = alternative->right ? alternative : NULL;
    }
    return node;
}

int regex_parse(struct arena *arena, struct arena *scratch, struct str pattern,
        const struct regex_node **ret_node, size_t *ret_groups, struct regex_error *ret_error)
{
    struct parser parser = { .arena = arena, .scratch = scratch, .text = pattern, .groups = 1 };
    const struct regex_node *node = parse_alternatives(&parser);
    if (node && !is_end(&parser)) {
        fail(&parser, ERR_PARSE, parser.at, "')' closes nothing");
    }
    if (parser.err != 0) {
        *ret_error = parser.error;
        return parser.err;
    }
    *ret_node = node;
    *ret_groups = parser.groups;
    return 0;
}
