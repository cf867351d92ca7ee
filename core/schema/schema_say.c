/* SPDX-License-Identifier: Apache-2.0 */
/* Words for people: places, values, violations. */
#include "schema_check.h"

enum {
    SHOWN_TEXT = 60 /* bytes of a text shown in a message */
};

static bool is_plain_key(struct str key)
{
    for (size_t i = 0; i < key.len; i++) {
        char byte = key.ptr[i];
        char lower = (char)(byte | 0x20);
        bool is_word = (lower >= 'a' && lower <= 'z') || (byte >= '0' && byte <= '9') ||
                       byte == '_' || byte == '-' || (unsigned char)byte >= 0x80;
        if (!is_word) {
            return false;
        }
    }
    return key.len > 0;
}

static void add_place(struct buf *out, const struct check *check, const struct place *place)
{
    if (!place->above) {
        buf_add(out, check->options->root);
        return;
    }
    add_place(out, check, place->above);
    if (!place->entry) {
        buf_addf(out, "[%zu]", place->index);
        return;
    }
    struct str key = place->entry->key->text;
    if (out->len) {
        buf_add_byte(out, '.');
    }
    if (is_plain_key(key)) {
        buf_add(out, key);
    } else {
        json_write_string(out, key, 0);
    }
}

struct str place_text(const struct check *check, const struct place *place)
{
    AUTO_BUF out = BUF_INIT(4096);
    add_place(&out, check, place);
    return out.len ? arena_dup(check->scratch, buf_str(&out)) : STR("the value");
}

static void add_pointer(struct buf *out, const struct check *check, const struct place *place)
{
    if (!place->above) {
        buf_add(out, check->options->pointer);
        return;
    }
    add_pointer(out, check, place->above);
    buf_add_byte(out, '/');
    if (!place->entry) {
        buf_addf(out, "%zu", place->index);
        return;
    }
    struct str key = place->entry->key->text;
    for (size_t i = 0; i < key.len; i++) {
        if (key.ptr[i] == '~' || key.ptr[i] == '/') {
            buf_add_cstr(out, key.ptr[i] == '~' ? "~0" : "~1");
        } else {
            buf_add_byte(out, key.ptr[i]);
        }
    }
}

struct str place_pointer(const struct check *check, const struct place *place)
{
    AUTO_BUF out = BUF_INIT(BUF_UNBOUNDED);
    add_pointer(&out, check, place);
    return arena_dup(check->scratch, buf_str(&out));
}

/* The beginning of a text, cut between characters. */
static struct str beginning(struct str text)
{
    size_t len = text.len > SHOWN_TEXT ? SHOWN_TEXT : text.len;
    while (len < text.len && ((unsigned char)text.ptr[len] & 0xc0) == 0x80) {
        len--;
    }
    return str_sub(text, 0, len);
}

struct str value_words(struct arena *arena, const struct value *value)
{
    if (!value || value_is(value, VALUE_NULL)) {
        return STR("null");
    }
    if (value->flags & VALUE_SENSITIVE) {
        return STR("(sensitive)");
    }
    if (value_is(value, VALUE_LIST)) {
        return value_count(value) ? STR("a list") : STR("an empty list");
    }
    if (value_is(value, VALUE_MAP)) {
        return value_count(value) ? STR("a map") : STR("an empty map");
    }
    struct str text = value_text(value);
    struct str shown = beginning(text);
    AUTO_BUF out = BUF_INIT(BUF_UNBOUNDED);
    if (value_is(value, VALUE_STRING)) {
        json_write_string(&out, shown, 0);
    } else {
        buf_add(&out, shown);
    }
    if (shown.len < text.len) {
        buf_add_cstr(&out, "...");
    }
    return arena_dup(arena, buf_str(&out));
}

bool violate(struct check *check, struct diags *report, enum schema_diag kind,
        const struct place *place, const char *format, ...)
{
    if (!report) {
        return false;
    }
    va_list args;
    va_start(args, format);
    struct str text = arena_vprintf(check->scratch, format, args);
    va_end(args);
    struct mark mark = place->value ? place->value->mark : MARK_NONE;
    struct str where = place_text(check, place);
    struct diag *diag = diag_add(
            report, &schema_diags[kind], mark, "%.*s %.*s", STR_ARG(where), STR_ARG(text));
    diag->pointer = place_pointer(check, place);
    return false;
}

struct diag *last_violation(struct diags *report)
{
    return &report->list.items[report->list.count - 1];
}
