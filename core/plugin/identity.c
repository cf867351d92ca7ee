/* SPDX-License-Identifier: Apache-2.0 */
/* Checks every field of an identity note, so that the rest can rely on it. */
#include "identity.h"

#include "aws_policy.h"
#include "deadline.h"

enum {
    ID_MAX = 64,
    TEXT_MAX = 1024,
    LIST_MAX = 512
};

/* One reading; the first reason wins. */
struct reading {
    struct arena *arena;
    const struct value *root;
    struct str reason;
};

static bool is_lower(char c)
{
    return c >= 'a' && c <= 'z';
}

static bool is_upper(char c)
{
    return c >= 'A' && c <= 'Z';
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

bool str_list_has(const struct str_list *list, struct str text)
{
    for (size_t i = 0; i < list->count; i++) {
        if (str_eq(list->items[i], text)) {
            return true;
        }
    }
    return false;
}

/* Lower-case letters, digits and inner hyphens. */
static bool is_word(struct str text)
{
    if (text.len == 0 || text.ptr[0] == '-' || text.ptr[text.len - 1] == '-') {
        return false;
    }
    for (size_t i = 0; i < text.len; i++) {
        if (!is_lower(text.ptr[i]) && !is_digit(text.ptr[i]) && text.ptr[i] != '-') {
            return false;
        }
    }
    return true;
}

bool is_plugin_id(struct str text)
{
    struct str rest = text;
    struct str piece;
    bool more = true;
    if (text.len == 0 || text.len > ID_MAX) {
        return false;
    }
    while (str_split(&rest, &more, '.', &piece)) {
        if (!is_word(piece)) {
            return false;
        }
    }
    return true;
}

static bool is_kind(struct str text)
{
    return text.len <= ID_MAX && is_word(text) && is_lower(text.ptr[0]);
}

/* "tfa.value/1", "com.example.name/12" */
static bool is_extension(struct str text)
{
    ptrdiff_t slash = str_rfind(text, '/');
    if (slash < 0 || !is_plugin_id(str_sub(text, 0, (size_t)slash)) ||
            str_find(str_sub(text, 0, (size_t)slash), '.') < 0) {
        return false;
    }
    uint64_t revision = 0;
    struct str number = str_from_index(text, (size_t)slash + 1);
    return number.len <= 6 && str_to_u64(number, &revision) && revision > 0;
}

/* A glob of root modules: the dialect of stack manifests, no blanks, no way up. */
static bool is_component_glob(struct str text)
{
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        if (!is_lower(c) && !is_upper(c) && !is_digit(c) &&
                str_find(STR("_./*?{},-[]"), c) < 0) {
            return false;
        }
    }
    return text.len > 0 && text.len <= 256 && glob_is_valid(text);
}

static bool is_code_prefix(struct str text)
{
    for (size_t i = 0; i < text.len; i++) {
        if (!is_upper(text.ptr[i])) {
            return false;
        }
    }
    return text.len >= 2 && text.len <= 16;
}

static bool is_address(struct str text)
{
    if (!str_starts_with(text, STR("https://")) || text.len == 8 || text.len > TEXT_MAX) {
        return false;
    }
    for (size_t i = 0; i < text.len; i++) {
        if ((unsigned char)text.ptr[i] <= ' ' || (unsigned char)text.ptr[i] >= 0x7f ||
                text.ptr[i] == '"' || text.ptr[i] == '\\') {
            return false;
        }
    }
    return true;
}

/* One line of text without control characters. */
static bool is_line(struct str text)
{
    for (size_t i = 0; i < text.len; i++) {
        if ((unsigned char)text.ptr[i] < ' ' || text.ptr[i] == 0x7f) {
            return false;
        }
    }
    return text.len > 0 && text.len <= TEXT_MAX;
}

/* Numbers without leading zeros, or (for pre-releases and builds) words. */
static bool are_identifiers(struct str text, bool are_zeros_allowed)
{
    struct str rest = text;
    struct str piece;
    bool more = true;
    while (str_split(&rest, &more, '.', &piece)) {
        bool is_number = true;
        for (size_t i = 0; i < piece.len; i++) {
            char c = piece.ptr[i];
            if (!is_lower(c) && !is_upper(c) && !is_digit(c) && c != '-') {
                return false;
            }
            is_number = is_number && is_digit(c);
        }
        if (piece.len == 0 ||
                (is_number && !are_zeros_allowed && piece.len > 1 && piece.ptr[0] == '0')) {
            return false;
        }
    }
    return true;
}

bool is_version(struct str text)
{
    struct str core = text;
    ptrdiff_t plus = str_find(core, '+');
    if (plus >= 0) {
        if (!are_identifiers(str_from_index(core, (size_t)plus + 1), true)) {
            return false;
        }
        core = str_sub(core, 0, (size_t)plus);
    }
    ptrdiff_t dash = str_find(core, '-');
    if (dash >= 0) {
        if (!are_identifiers(str_from_index(core, (size_t)dash + 1), false)) {
            return false;
        }
        core = str_sub(core, 0, (size_t)dash);
    }
    size_t count = 0;
    struct str piece;
    bool more = true;
    while (str_split(&core, &more, '.', &piece)) {
        uint64_t number = 0;
        if (piece.len > 9 || !str_to_u64(piece, &number) ||
                (piece.len > 1 && piece.ptr[0] == '0')) {
            return false;
        }
        count++;
    }
    return count == 3 && text.len <= ID_MAX;
}

static void refuse(struct reading *reading, const char *key, const char *what)
{
    if (reading->reason.len == 0) {
        reading->reason =
                arena_printf(reading->arena, "has plugin metadata whose `%s` is %s", key, what);
    }
}

static struct str take_text(struct reading *reading, const char *key,
        bool (*is_valid)(struct str), const char *expected)
{
    const struct value *value = value_get_str(reading->root, str_from(key));
    struct str text = value_string(value);
    if (!value_is(value, VALUE_STRING) || !is_valid(text)) {
        refuse(reading, key, value ? expected : "missing");
        return STR_EMPTY;
    }
    return text;
}

/* A list of texts under a dotted path; missing is empty unless it is required. */
static struct str_list take_list(struct reading *reading, const char *path,
        bool (*is_valid)(struct str), const char *expected, bool is_required)
{
    const struct value *list = value_get_path(reading->root, path);
    size_t count = value_count(list);
    struct str *items = ARENA_ARRAY(reading->arena, struct str, count + 1);
    if (count > LIST_MAX || (list && !value_is(list, VALUE_LIST)) ||
            (is_required && count == 0)) {
        refuse(reading, path, list ? expected : "missing");
        return (struct str_list){ NULL, 0 };
    }
    for (size_t i = 0; i < count; i++) {
        const struct value *item = value_at(list, i);
        items[i] = value_string(item);
        if (!value_is(item, VALUE_STRING) || !is_valid(items[i])) {
            refuse(reading, path, expected);
            return (struct str_list){ NULL, 0 };
        }
    }
    return (struct str_list){ items, count };
}

static uint32_t take_number(struct reading *reading, const char *path)
{
    int64_t number = 0;
    const struct value *value = value_get_path(reading->root, path);
    if (!value_is(value, VALUE_INT) || !value_int(value, &number) || number < 0 ||
            number > UINT16_MAX) {
        refuse(reading, path, value ? "not a version number" : "missing");
        return 0;
    }
    return (uint32_t)number;
}

/* A deadline the plugin asks for: 0 when it does not. */
static uint32_t take_seconds(
        struct reading *reading, const struct value *deadlines, const char *key)
{
    uint32_t seconds = 0;
    if (!deadline_read(deadlines, key, &seconds)) {
        struct str path = arena_printf(reading->arena, "deadlines.%s", key);
        refuse(reading, path.ptr, "not a whole number of seconds");
    }
    return seconds;
}

static void take_deadlines(struct reading *reading, struct plugin_identity *identity)
{
    const struct value *deadlines = value_get_str(reading->root, STR("deadlines"));
    if (deadlines && !value_is(deadlines, VALUE_MAP)) {
        refuse(reading, "deadlines", "not an object");
    }
    identity->callback_seconds = take_seconds(reading, deadlines, "callback_seconds");
    identity->check_seconds = take_seconds(reading, deadlines, "check_seconds");
}

/* Actions must be well-formed, and must only read. */
static void check_actions(struct reading *reading, const struct str_list *actions)
{
    for (size_t i = 0; i < actions->count; i++) {
        const char *why = aws_action_refusal(actions->items[i]);
        if (why && reading->reason.len == 0) {
            reading->reason =
                    arena_printf(reading->arena, "asks for the AWS action `%.*s`, which %s",
                            STR_ARG(actions->items[i]), why);
        }
    }
}

int identity_read(struct arena *arena, struct keys *keys, struct str text,
        const struct plugin_identity **ret_identity, struct str *ret_reason)
{
    struct reading reading = { .arena = arena };
    struct diags diags;
    diags_init(&diags, arena);
    if (json_read(arena, keys, &diags, text, STR("identity note"), 0, &reading.root) != 0 ||
            !value_is(reading.root, VALUE_MAP)) {
        *ret_reason = STR("has plugin metadata that is not a JSON object");
        return ERR_INVALID;
    }
    struct plugin_identity *identity = ARENA_NEW(arena, struct plugin_identity);
    *identity = (struct plugin_identity){
        .root = reading.root,
        .id = take_text(&reading, "id", is_plugin_id, "not a plugin id"),
        .version = take_text(&reading, "version", is_version, "not a semantic version"),
        .abi_major = take_number(&reading, "abi.major"),
        .abi_minor = take_number(&reading, "abi.minor"),
        .summary = take_text(&reading, "summary", is_line, "not one line of text"),
        .license = take_text(&reading, "license", is_line, "not one line of text"),
        .code_prefix = take_text(
                &reading, "code_prefix", is_code_prefix, "not two or more capital letters"),
        .documentation =
                take_text(&reading, "documentation", is_address, "not an https address"),
        .kinds = take_list(&reading, "kinds", is_kind, "not a list of kinds", true),
        .components = take_list(&reading, "components", is_component_glob,
                "not a list of component patterns", false),
        .required = take_list(&reading, "extensions.required", is_extension,
                "not a list of extension ids", false),
        .optional = take_list(&reading, "extensions.optional", is_extension,
                "not a list of extension ids", false),
        .provides = take_list(
                &reading, "provides", is_extension, "not a list of extension ids", true),
        .aws_actions = take_list(&reading, "aws_actions", aws_action_is_valid,
                "not a list of AWS actions", false),
    };
    take_deadlines(&reading, identity);
    check_actions(&reading, &identity->aws_actions);
    if (reading.reason.len != 0) {
        *ret_reason = reading.reason;
        return ERR_INVALID;
    }
    *ret_identity = identity;
    return 0;
}
