/* SPDX-License-Identifier: Apache-2.0 */
/* JSON in: json-c judges and decodes, a cursor over the same text gives places and digits. */
#include <json-c/json.h>
#include <string.h>

#include "node.h"
#include "value_diag.h"

/*
 * json-c alone would lose what we promise to keep: integers saturate at 64 bits, of duplicate keys
 * the last wins in silence, places are unknown. So its tree is walked in step with the text it came
 * from, which json-c has found well-formed by then: the cursor only skips tokens.
 */

enum {
    JSON_MAX_DEPTH = 512,
    JSON_MAX_BYTES = 256 * 1024 * 1024
};

struct cursor {
    struct arena *arena;
    struct keys *keys;
    struct diags *diags;
    struct str text;
    struct str what;
    size_t at;
    /* Place of `counted`, brought up to `at` on demand. */
    size_t counted;
    struct mark mark; /* file 0: no places wanted */
    /* Members of every object in document order, and the next to use. */
    VEC(uint32_t) members;
    size_t next_object;
    struct arena *scratch;
};

static void count_to(struct mark *mark, struct str text, size_t from, size_t to)
{
    for (size_t i = from; i < to; i++) {
        unsigned char byte = (unsigned char)text.ptr[i];
        if (byte == '\n') {
            mark->line++;
            mark->column = 1;
        } else if ((byte & 0xc0) != 0x80) {
            mark->column++;
        }
    }
}

static struct mark place(struct cursor *cursor)
{
    if (cursor->mark.file == 0) {
        return MARK_NONE;
    }
    count_to(&cursor->mark, cursor->text, cursor->counted, cursor->at);
    cursor->counted = cursor->at;
    return cursor->mark;
}

/* Says in words where a byte stands when there is no file to point into. */
static struct str place_words(struct cursor *cursor, size_t offset)
{
    struct mark mark = { 0, 1, 1 };
    if (cursor->mark.file != 0) {
        return STR_EMPTY;
    }
    count_to(&mark, cursor->text, 0, offset);
    return diag_text(cursor->diags, " (line %u, column %u)", mark.line, mark.column);
}

static int json_error(
        struct cursor *cursor, enum value_diag kind, size_t offset, const char *problem)
{
    struct mark mark = { cursor->mark.file, 1, 1 };
    count_to(&mark, cursor->text, 0, offset < cursor->text.len ? offset : cursor->text.len);
    struct str where = place_words(cursor, offset);
    diag_add(cursor->diags, &value_diags[kind], cursor->mark.file ? mark : MARK_NONE,
            "%.*s: %s%.*s", STR_ARG(cursor->what), problem, STR_ARG(where));
    return kind == JSON_TOO_DEEP || kind == JSON_TOO_LARGE ? ERR_LIMIT : ERR_PARSE;
}

/* ---- the cursor ---- */

static char peek(const struct cursor *cursor)
{
    if (cursor->at >= cursor->text.len) {
        return '\0';
    }
    return cursor->text.ptr[cursor->at];
}

static void skip_blanks(struct cursor *cursor)
{
    while (cursor->at < cursor->text.len && strchr(" \t\r\n", cursor->text.ptr[cursor->at])) {
        cursor->at++;
    }
}

/* The raw inside of the string at the cursor. */
static struct str skip_string(struct cursor *cursor)
{
    size_t first = ++cursor->at;
    while (cursor->at < cursor->text.len && cursor->text.ptr[cursor->at] != '"') {
        cursor->at += cursor->text.ptr[cursor->at] == '\\' ? 2 : 1;
    }
    struct str raw = str_sub(cursor->text, first, cursor->at);
    cursor->at++;
    return raw;
}

/* A number, true, false or null. */
static struct str skip_word(struct cursor *cursor)
{
    size_t first = cursor->at;
    while (cursor->at < cursor->text.len &&
            !strchr(",]} \t\r\n", cursor->text.ptr[cursor->at])) {
        cursor->at++;
    }
    return str_sub(cursor->text, first, cursor->at);
}

/* A string at the cursor; json-c passes control characters in strings. */
static int check_string(struct cursor *cursor)
{
    size_t begin = cursor->at;
    struct str raw = skip_string(cursor);
    for (size_t i = 0; i < raw.len; i++) {
        if ((unsigned char)raw.ptr[i] < 0x20) {
            return json_error(cursor, JSON_SYNTAX, begin + 1 + i,
                    "a control character in a string must be escaped");
        }
    }
    return 0;
}

static int depth_error(struct cursor *cursor, size_t offset)
{
    return json_error(cursor, JSON_TOO_DEEP, offset,
            diag_text(cursor->diags, "more than %d levels of nesting", JSON_MAX_DEPTH).ptr);
}

/*
 * Counts the members of every object, in the order in which objects begin, and refuses what json-c
 * passes though told to be strict: keys in single quotes, control characters in strings.
 */
static int count_members(struct cursor *cursor)
{
    size_t open[JSON_MAX_DEPTH]; /* objects by number, SIZE_MAX for lists */
    size_t depth = 0;
    while (cursor->at < cursor->text.len) {
        int err = 0;
        switch (cursor->text.ptr[cursor->at]) {
        case '"':
            err = check_string(cursor);
            if (err != 0) {
                return err;
            }
            continue;
        case '\'':
            return json_error(
                    cursor, JSON_SYNTAX, cursor->at, "strings stand in double quotes");
        case '{':
        case '[':
            if (depth == JSON_MAX_DEPTH) {
                return depth_error(cursor, cursor->at);
            }
            open[depth++] = peek(cursor) == '{' ? cursor->members.count : SIZE_MAX;
            if (peek(cursor) == '{') {
                VEC_PUSH(cursor->scratch, &cursor->members, 0);
            }
            break;
        case '}':
        case ']':
            if (depth == 0) {
                return json_error(cursor, JSON_SYNTAX, cursor->at, "unexpected character");
            }
            depth--;
            break;
        case ':':
            if (depth == 0 || open[depth - 1] >= cursor->members.count) {
                return json_error(cursor, JSON_SYNTAX, cursor->at, "unexpected character");
            }
            cursor->members.items[open[depth - 1]]++;
            break;
        default:
            break;
        }
        cursor->at++;
    }
    cursor->at = 0;
    return 0;
}

static void skip_value(struct cursor *cursor)
{
    size_t depth = 0;
    do {
        skip_blanks(cursor);
        char byte = peek(cursor);
        if (byte == '"') {
            skip_string(cursor);
        } else if (byte == '{' || byte == '[') {
            depth++;
            cursor->at++;
        } else if (byte == '}' || byte == ']') {
            depth--;
            cursor->at++;
        } else if (byte == ',' || byte == ':') {
            cursor->at++;
        } else {
            skip_word(cursor);
        }
    } while (depth > 0 && cursor->at < cursor->text.len);
}

/* Names the repeated key of the object at the cursor. */
static int duplicate_error(struct cursor *cursor)
{
    size_t begin = cursor->at;
    struct map seen = { 0 };
    cursor->at++;
    for (;;) {
        skip_blanks(cursor);
        if (peek(cursor) != '"') {
            break;
        }
        size_t key_at = cursor->at;
        struct str raw = skip_string(cursor);
        if (map_put(cursor->scratch, &seen, raw, cursor)) {
            struct str shown = str_sub(raw, 0, 80);
            return json_error(cursor, JSON_DUPLICATE_KEY, key_at,
                    diag_text(cursor->diags, "the key \"%.*s\" is already defined",
                            STR_ARG(shown))
                            .ptr);
        }
        skip_blanks(cursor);
        cursor->at++; /* ':' */
        skip_value(cursor);
        skip_blanks(cursor);
        cursor->at++; /* ',' */
    }
    return json_error(cursor, JSON_DUPLICATE_KEY, begin,
            "two keys of this object are equal once their escapes are read");
}

/* ---- conversion ---- */

static int convert(
        struct cursor *cursor, struct json_object *node, const struct value **ret_value);

static bool has_nul_escape(struct str raw)
{
    for (size_t i = 0; i + 1 < raw.len; i++) {
        if (raw.ptr[i] == '\\') {
            i++;
            if (str_starts_with(str_from_index(raw, i), STR("u0000"))) {
                return true;
            }
        }
    }
    return false;
}

static int convert_object(
        struct cursor *cursor, struct json_object *node, const struct value **ret_value)
{
    size_t count = (size_t)json_object_object_length(node);
    size_t begin = cursor->at;
    struct mark mark = place(cursor);
    ENSURE(cursor->next_object < cursor->members.count);
    if (count != cursor->members.items[cursor->next_object++]) {
        return duplicate_error(cursor);
    }
    struct value_entry *entries = ARENA_ARRAY(cursor->arena, struct value_entry, count);
    size_t filled = 0;
    cursor->at = begin + 1;
    json_object_object_foreach(node, name, child)
    {
        struct value_entry *entry = &entries[filled++];
        skip_blanks(cursor);
        entry->mark = place(cursor);
        size_t key_at = cursor->at;
        struct str raw = skip_string(cursor);
        /* json-c keeps keys as C strings, so it has cut such a key. */
        if (has_nul_escape(raw)) {
            return json_error(
                    cursor, JSON_BAD_KEY, key_at, "a key holds a NUL character (\\u0000)");
        }
        entry->key = key_of(cursor->keys, str_from(name));
        skip_blanks(cursor);
        cursor->at++; /* ':' */
        int err = convert(cursor, child, &entry->value);
        if (err != 0) {
            return err;
        }
        skip_blanks(cursor);
        cursor->at++; /* ',' or '}' */
    }
    if (count == 0) {
        skip_blanks(cursor);
        cursor->at++;
    }
    *ret_value = map_new(cursor->arena, entries, count, NULL, mark);
    return 0;
}

static int convert_array(
        struct cursor *cursor, struct json_object *node, const struct value **ret_value)
{
    size_t count = json_object_array_length(node);
    struct mark mark = place(cursor);
    const struct value **items = ARENA_ARRAY(cursor->arena, const struct value *, count);
    cursor->at++;
    for (size_t i = 0; i < count; i++) {
        int err = convert(cursor, json_object_array_get_idx(node, i), &items[i]);
        if (err != 0) {
            return err;
        }
        skip_blanks(cursor);
        cursor->at++; /* ',' or ']' */
    }
    if (count == 0) {
        skip_blanks(cursor);
        cursor->at++;
    }
    *ret_value = list_new(cursor->arena, items, count, mark);
    return 0;
}

/* Cuts digits off; false when there are none. */
static bool cut_digits(struct str *text)
{
    size_t count = 0;
    while (count < text->len && text->ptr[count] >= '0' && text->ptr[count] <= '9') {
        count++;
    }
    *text = str_from_index(*text, count);
    return count > 0;
}

/* The grammar of numbers, which json-c reads with a wider mind: 1. and 00 and NaN. */
static bool is_number(struct str text, enum value_kind *ret_kind)
{
    enum value_kind kind = VALUE_INT;
    if (str_starts_with(text, STR("-"))) {
        text = str_from_index(text, 1);
    }
    bool has_zero = str_starts_with(text, STR("0"));
    size_t len = text.len;
    if (!cut_digits(&text) || (has_zero && len - text.len > 1)) {
        return false;
    }
    if (str_starts_with(text, STR("."))) {
        kind = VALUE_FLOAT;
        text = str_from_index(text, 1);
        if (!cut_digits(&text)) {
            return false;
        }
    }
    if (str_starts_with(text, STR("e")) || str_starts_with(text, STR("E"))) {
        kind = VALUE_FLOAT;
        text = str_from_index(text, 1);
        if (str_starts_with(text, STR("-")) || str_starts_with(text, STR("+"))) {
            text = str_from_index(text, 1);
        }
        if (!cut_digits(&text)) {
            return false;
        }
    }
    *ret_kind = kind;
    return text.len == 0;
}

static int convert_number(struct cursor *cursor, const struct value **ret_value)
{
    struct mark mark = place(cursor);
    size_t begin = cursor->at;
    struct str text = skip_word(cursor);
    enum value_kind kind = VALUE_INT;
    if (!is_number(text, &kind)) {
        struct str shown = str_sub(text, 0, 60);
        return json_error(cursor, JSON_SYNTAX, begin,
                diag_text(cursor->diags, "\"%.*s\" is not a number of JSON", STR_ARG(shown))
                        .ptr);
    }
    *ret_value = scalar_new(cursor->arena, kind, arena_dup(cursor->arena, text), mark, 0);
    return 0;
}

static int convert(
        struct cursor *cursor, struct json_object *node, const struct value **ret_value)
{
    skip_blanks(cursor);
    switch (json_object_get_type(node)) {
    case json_type_object:
        return convert_object(cursor, node, ret_value);
    case json_type_array:
        return convert_array(cursor, node, ret_value);
    case json_type_int:
    case json_type_double:
        return convert_number(cursor, ret_value);
    case json_type_string: {
        struct str text = { json_object_get_string(node),
            (size_t)json_object_get_string_len(node) };
        struct mark mark = place(cursor);
        skip_string(cursor);
        *ret_value = scalar_new(cursor->arena, VALUE_STRING, arena_dup(cursor->arena, text),
                mark, VALUE_QUOTED);
        return 0;
    }
    case json_type_boolean:
        *ret_value = value_bool_new(
                cursor->arena, json_object_get_boolean(node) != 0, place(cursor));
        break;
    case json_type_null:
    default:
        *ret_value = value_null(cursor->arena, place(cursor));
        break;
    }
    skip_word(cursor);
    return 0;
}

/* ---- parsing ---- */

static int tokener_error(struct cursor *cursor, enum json_tokener_error error, size_t offset)
{
    if (error == json_tokener_error_depth) {
        return depth_error(cursor, offset);
    }
    if (error == json_tokener_error_parse_utf8_string) {
        return json_error(cursor, JSON_NOT_UTF8, offset, "bytes that are not UTF-8");
    }
    if (error == json_tokener_continue) {
        return json_error(cursor, JSON_SYNTAX, cursor->text.len, "the text ends too early");
    }
    return json_error(cursor, JSON_SYNTAX, offset, json_tokener_error_desc(error));
}

static int parse(
        struct cursor *cursor, struct json_tokener *tokener, struct json_object **ret_root)
{
    json_tokener_set_flags(tokener, JSON_TOKENER_STRICT | JSON_TOKENER_VALIDATE_UTF8);
    struct json_object *root =
            json_tokener_parse_ex(tokener, cursor->text.ptr, (int)cursor->text.len);
    enum json_tokener_error error = json_tokener_get_error(tokener);
    size_t end = json_tokener_get_parse_end(tokener);
    if (error == json_tokener_continue) {
        /* A number at the very end is complete only once the text is over. */
        root = json_tokener_parse_ex(tokener, "", 1);
        error = json_tokener_get_error(tokener);
    }
    if (error != json_tokener_success) {
        return tokener_error(cursor, error, end);
    }
    *ret_root = root;
    return 0;
}

static int check_bytes(struct cursor *cursor)
{
    struct str text = cursor->text;
    if (text.len > JSON_MAX_BYTES) {
        return json_error(cursor, JSON_TOO_LARGE, 0,
                diag_text(cursor->diags, "%zu bytes; at most %d are read", text.len,
                        JSON_MAX_BYTES)
                        .ptr);
    }
    ptrdiff_t nul = str_find(text, '\0');
    if (nul >= 0) {
        return json_error(cursor, JSON_SYNTAX, (size_t)nul, "a NUL byte");
    }
    size_t valid = str_utf8_prefix(text);
    if (valid < text.len) {
        return json_error(cursor, JSON_NOT_UTF8, valid, "bytes that are not UTF-8");
    }
    if (str_starts_with(text, STR("\xef\xbb\xbf"))) {
        cursor->text = str_from_index(text, 3);
    }
    if (str_trim(cursor->text).len == 0) {
        return json_error(cursor, JSON_SYNTAX, 0, "the text is empty");
    }
    return 0;
}

int json_read(struct arena *arena, struct keys *keys, struct diags *diags, struct str text,
        struct str what, uint32_t file, const struct value **ret_value)
{
    struct cursor cursor = {
        .arena = arena,
        .keys = keys,
        .diags = diags,
        .text = text,
        .what = what,
        .mark = { file, 1, 1 },
    };
    int err = check_bytes(&cursor);
    if (err != 0) {
        return err;
    }
    /* json-c counts the innermost value as a level; one more, so that our own check speaks. */
    struct json_tokener *tokener = json_tokener_new_ex(JSON_MAX_DEPTH + 2);
    if (!tokener) {
        out_of_memory();
    }
    struct json_object *root = NULL;
    err = parse(&cursor, tokener, &root);
    json_tokener_free(tokener);
    if (err != 0) {
        return err;
    }
    const struct value *value = NULL;
    cursor.scratch = arena_new();
    err = count_members(&cursor);
    if (err == 0) {
        err = convert(&cursor, root, &value);
    }
    arena_free(cursor.scratch);
    json_object_put(root);
    if (err == 0) {
        *ret_value = value;
    }
    return err;
}
