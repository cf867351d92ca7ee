/* SPDX-License-Identifier: Apache-2.0 */
/* YAML out, in the style of the reference. */
#include <math.h>

#include "number.h"
#include "sink.h"
#include "yaml_scalar.h"

struct yaml_writer {
    struct sink sink;
    struct entry_stack entries;
    size_t step; /* blanks per level */
    bool keep_order;
    bool mask;
    const struct yaml_notes *notes; /* or NULL */
    struct mark mark; /* of the key or item whose line is being written */
};

enum {
    LONG_KEY = 128 /* longer keys stand behind '?' */
};

/* ---- how a text can be written ---- */

enum text_form {
    FORM_PLAIN,
    FORM_SINGLE,
    FORM_DOUBLE,
    FORM_LITERAL
};

static bool is_blank(char byte)
{
    return byte == ' ' || byte == '\t' || byte == '\n';
}

/* Length of the character at `at` when it may stand unescaped, else 0. */
static size_t printable_len(struct str text, size_t at)
{
    const unsigned char *s = (const unsigned char *)text.ptr + at;
    if (s[0] < 0x80) {
        return s[0] == '\n' || (s[0] >= 0x20 && s[0] <= 0x7e) ? 1 : 0;
    }
    if (s[0] < 0xe0) {
        return text.len - at >= 2 && (s[0] > 0xc2 || s[1] >= 0xa0) ? 2 : 0;
    }
    if (s[0] >= 0xf0 || text.len - at < 3) {
        return 0; /* beyond the basic plane */
    }
    bool is_separator = s[0] == 0xe2 && s[1] == 0x80 && (s[2] & 0xfe) == 0xa8;
    bool is_mark = s[0] == 0xef && s[1] == 0xbb && s[2] == 0xbf;
    bool is_nothing = s[0] == 0xef && s[1] == 0xbf && s[2] >= 0xbe;
    return is_separator || is_mark || is_nothing ? 0 : 3;
}

/* True when the character, seen alone, would mean something to a YAML reader. */
static bool is_indicator(struct str text, size_t at)
{
    char byte = text.ptr[at];
    bool has_blank_behind = at + 1 >= text.len || is_blank(text.ptr[at + 1]);
    if (byte == ':') {
        return has_blank_behind;
    }
    if (at > 0) {
        return byte == '#' && is_blank(text.ptr[at - 1]);
    }
    if (byte == '?' || byte == '-') {
        return has_blank_behind;
    }
    return byte && strchr("#,[]{}&*!|>'\"%@`", byte);
}

/* What stands in the way of the simpler forms. */
struct obstacles {
    bool has_special; /* needs escapes */
    bool has_tab;
    bool has_break;
    bool has_blank_before_break;
    bool has_indicator;
};

static struct obstacles find_obstacles(struct str text)
{
    struct obstacles found = { 0 };
    found.has_indicator =
            str_starts_with(text, STR("---")) || str_starts_with(text, STR("..."));
    for (size_t at = 0; at < text.len;) {
        char byte = text.ptr[at];
        char before = text.ptr[at > 0 ? at - 1 : 0];
        size_t len = byte == '\t' ? 1 : printable_len(text, at);
        found.has_special = found.has_special || len == 0;
        found.has_tab = found.has_tab || byte == '\t';
        found.has_indicator = found.has_indicator || is_indicator(text, at);
        if (byte == '\n') {
            found.has_break = true;
            found.has_blank_before_break =
                    found.has_blank_before_break || (at > 0 && before == ' ');
        }
        at += len ? len : 1;
    }
    return found;
}

static enum text_form choose_form(struct str text, bool is_key)
{
    struct obstacles found = find_obstacles(text);
    if (text.len == 0 || found.has_special || !str_is_utf8(text)) {
        return FORM_DOUBLE;
    }
    char first = text.ptr[0];
    char last = text.ptr[text.len - 1];
    if (found.has_break) {
        bool is_literal = !is_key && last != ' ' && !found.has_blank_before_break;
        return is_literal ? FORM_LITERAL : FORM_DOUBLE;
    }
    bool is_merge = is_key && str_eq(text, STR("<<"));
    if (found.has_tab || is_merge || yaml_plain_kind(text) != VALUE_STRING ||
            yaml_is_ambiguous(text)) {
        return FORM_DOUBLE;
    }
    return found.has_indicator || first == ' ' || last == ' ' ? FORM_SINGLE : FORM_PLAIN;
}

/* ---- the forms ---- */

static void add_single(struct sink *sink, struct str text)
{
    sink_byte(sink, '\'');
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] == '\'') {
            sink_byte(sink, '\'');
        }
        sink_byte(sink, text.ptr[i]);
    }
    sink_byte(sink, '\'');
}

static void add_hex(struct sink *sink, char letter, uint32_t number, int digits)
{
    static const char names[] = "0123456789ABCDEF";
    sink_byte(sink, '\\');
    sink_byte(sink, letter);
    for (int shift = (digits - 1) * 4; shift >= 0; shift -= 4) {
        sink_byte(sink, names[(number >> shift) & 15]);
    }
}

/* Decodes one character that must be escaped; bytes that are no UTF-8 give U+FFFD. */
static uint32_t decode(struct str text, size_t at, size_t *ret_len)
{
    const unsigned char *s = (const unsigned char *)text.ptr + at;
    size_t len = s[0] < 0x80 ? 1 : s[0] < 0xe0 ? 2 : s[0] < 0xf0 ? 3 : 4;
    *ret_len = 1;
    if (len > text.len - at || !str_is_utf8(str_sub(text, at, at + len))) {
        return 0xfffd;
    }
    *ret_len = len;
    uint32_t point = len == 1 ? s[0] : s[0] & (0xffu >> (len + 1));
    for (size_t i = 1; i < len; i++) {
        point = point << 6 | (s[i] & 0x3fu);
    }
    return point;
}

static void add_double_escape(struct sink *sink, uint32_t point)
{
    static const struct {
        uint32_t point;
        char letter;
    } names[] = { { 0, '0' }, { 7, 'a' }, { 8, 'b' }, { 9, 't' }, { 10, 'n' }, { 11, 'v' },
        { 12, 'f' }, { 13, 'r' }, { 27, 'e' }, { '"', '"' }, { '\\', '\\' }, { 0x85, 'N' },
        { 0x2028, 'L' }, { 0x2029, 'P' } };

    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if (names[i].point == point) {
            sink_byte(sink, '\\');
            sink_byte(sink, names[i].letter);
            return;
        }
    }
    if (point <= 0xff) {
        add_hex(sink, 'x', point, 2);
    } else if (point <= 0xffff) {
        add_hex(sink, 'u', point, 4);
    } else {
        add_hex(sink, 'U', point, 8);
    }
}

static void add_double(struct sink *sink, struct str text)
{
    sink_byte(sink, '"');
    for (size_t at = 0; at < text.len;) {
        char byte = text.ptr[at];
        size_t len = printable_len(text, at);
        if (len == 0 || byte == '\n' || byte == '"' || byte == '\\' ||
                !str_is_utf8(str_sub(text, at, at + len))) {
            add_double_escape(sink, decode(text, at, &len));
        } else {
            sink_add(sink, text.ptr + at, len);
        }
        at += len;
    }
    sink_byte(sink, '"');
}

/* The end of the line that a key or an item begins. */
static void end_line(struct yaml_writer *writer)
{
    if (writer->notes) {
        sink_flush(&writer->sink);
        writer->notes->add(writer->notes->context, writer->mark, writer->sink.out);
    }
    sink_byte(&writer->sink, '\n');
}

/* `parent` and `indent`: columns of the collection around the text and of its lines. */
static void add_literal(
        struct yaml_writer *writer, struct str text, size_t parent, size_t indent)
{
    struct sink *sink = &writer->sink;
    sink_byte(sink, '|');
    if (is_blank(text.ptr[0])) {
        sink_byte(sink, (char)('0' + (indent - parent)));
    }
    size_t breaks = 0;
    while (breaks < text.len && text.ptr[text.len - 1 - breaks] == '\n') {
        breaks++;
    }
    if (breaks != 1 || text.len == 1) {
        sink_byte(sink, breaks == 0 ? '-' : '+');
    }
    end_line(writer);
    struct str rest = str_sub(text, 0, text.len - (breaks > 0));
    struct str line;
    bool has_more = true;
    while (str_split(&rest, &has_more, '\n', &line)) {
        if (line.len) {
            sink_blanks(sink, indent);
            sink_add(sink, line.ptr, line.len);
        }
        sink_byte(sink, '\n');
    }
}

/* ---- nodes ---- */

static void add_number(struct yaml_writer *writer, const struct value *value)
{
    struct sink *sink = &writer->sink;
    double number = 0;
    sink_flush(sink);
    if (value->kind == VALUE_INT) {
        buf_add_integer(sink->out, value->as.text);
    } else if (!decimal_read(value->as.text, &number)) {
        buf_add(sink->out, value->as.text);
    } else if (isnan(number)) {
        buf_add_cstr(sink->out, ".nan");
    } else if (isinf(number)) {
        buf_add_cstr(sink->out, number > 0 ? ".inf" : "-.inf");
    } else {
        buf_add_decimal(sink->out, number, DECIMAL_YAML);
    }
}

/* A text and its end of line. */
static void add_text(struct yaml_writer *writer, struct str text, size_t parent, size_t indent)
{
    struct sink *sink = &writer->sink;
    switch (choose_form(text, false)) {
    case FORM_PLAIN:
        sink_add(sink, text.ptr, text.len);
        break;
    case FORM_SINGLE:
        add_single(sink, text);
        break;
    case FORM_LITERAL:
        add_literal(writer, text, parent, indent);
        return;
    case FORM_DOUBLE:
    default:
        add_double(sink, text);
        break;
    }
    end_line(writer);
}

static bool is_masked(const struct yaml_writer *writer, const struct value *value)
{
    return writer->mask && (value->flags & VALUE_SENSITIVE);
}

/* Scalars and empty collections: what stands on the line of its key or dash. */
static bool is_inline(const struct yaml_writer *writer, const struct value *value)
{
    return is_masked(writer, value) || value_is_scalar(value) || value_count(value) == 0;
}

static void add_inline(
        struct yaml_writer *writer, const struct value *value, size_t parent, size_t indent)
{
    struct sink *sink = &writer->sink;
    if (is_masked(writer, value)) {
        sink_add(sink, "(sensitive)", 11);
        end_line(writer);
        return;
    }
    switch ((enum value_kind)value->kind) {
    case VALUE_NULL:
        sink_add(sink, "null", 4);
        break;
    case VALUE_BOOL:
        sink_add(sink, value_text(value).ptr, value_text(value).len);
        break;
    case VALUE_INT:
    case VALUE_FLOAT:
        add_number(writer, value);
        break;
    case VALUE_STRING:
        add_text(writer, value->as.text, parent, indent);
        return;
    case VALUE_LIST:
        sink_add(sink, "[]", 2);
        break;
    case VALUE_MAP:
        sink_add(sink, "{}", 2);
        break;
    default:
        BUG("value of no kind");
    }
    end_line(writer);
}

static void add_key(struct yaml_writer *writer, struct str key)
{
    struct sink *sink = &writer->sink;
    switch (choose_form(key, true)) {
    case FORM_PLAIN:
        sink_add(sink, key.ptr, key.len);
        break;
    case FORM_SINGLE:
        add_single(sink, key);
        break;
    case FORM_LITERAL:
    case FORM_DOUBLE:
    default:
        add_double(sink, key);
        break;
    }
}

static void add_collection(
        struct yaml_writer *writer, const struct value *value, size_t indent, bool is_started);

static void add_map(
        struct yaml_writer *writer, const struct value *map, size_t indent, bool is_started)
{
    struct sink *sink = &writer->sink;
    size_t count = map->as.map.count;
    size_t inner = writer->step * (indent / writer->step + 1);
    size_t first = entries_push(
            &writer->entries, map, writer->keep_order ? ORDER_KEPT : ORDER_NATURAL);
    for (size_t i = 0; i < count; i++) {
        const struct value_entry *entry = writer->entries.items[first + i];
        if (i > 0 || !is_started) {
            sink_blanks(sink, indent);
        }
        if (entry->key->text.len > LONG_KEY) {
            sink_add(sink, "? ", 2);
            add_key(writer, entry->key->text);
            sink_byte(sink, '\n');
            sink_blanks(sink, indent);
        } else {
            add_key(writer, entry->key->text);
        }
        sink_byte(sink, ':');
        writer->mark = entry->mark;
        if (is_inline(writer, entry->value)) {
            sink_byte(sink, ' ');
            add_inline(writer, entry->value, indent, inner);
        } else {
            end_line(writer);
            add_collection(writer, entry->value, inner, false);
        }
    }
    writer->entries.count = first;
}

static void add_list(
        struct yaml_writer *writer, const struct value *list, size_t indent, bool is_started)
{
    struct sink *sink = &writer->sink;
    for (size_t i = 0; i < list->as.list.count; i++) {
        const struct value *item = list->as.list.items[i];
        if (i > 0 || !is_started) {
            sink_blanks(sink, indent);
        }
        sink_add(sink, "- ", 2);
        if (is_inline(writer, item)) {
            writer->mark = item->mark;
            add_inline(writer, item, indent, indent + 2);
        } else {
            add_collection(writer, item, indent + 2, true);
        }
    }
}

/* `is_started`: the first line begins behind the dash of a list. */
static void add_collection(
        struct yaml_writer *writer, const struct value *value, size_t indent, bool is_started)
{
    if (value->kind == VALUE_MAP) {
        add_map(writer, value, indent, is_started);
    } else {
        add_list(writer, value, indent, is_started);
    }
}

void yaml_write(struct buf *out, const struct value *value, const struct yaml_style *style)
{
    struct yaml_writer writer = {
        .sink = { .out = out },
        .step = style && style->indent ? style->indent : 2,
        .keep_order = style && style->keep_order,
        .mask = style && style->mask,
        .notes = style ? style->notes : NULL,
    };
    /* YAML knows no more for the hint of a block, and list items need two. */
    ENSURE(writer.step >= 2 && writer.step <= 9);
    if (!value) {
        buf_add_cstr(out, "null\n");
        return;
    }
    if (is_inline(&writer, value)) {
        add_inline(&writer, value, 0, writer.step);
    } else {
        add_collection(&writer, value, 0, false);
    }
    sink_flush(&writer.sink);
    entries_clear(&writer.entries);
}
