/* SPDX-License-Identifier: Apache-2.0 */
/* JSON out. */
#include <math.h>

#include "json_cache.h"
#include "number.h"
#include "sink.h"

struct json_writer {
    struct sink sink;
    struct entry_stack entries;
    unsigned flags;
    size_t depth;
    const struct json_output *output; /* NULL: everything stays in the buffer */
    struct json_cache cache;
};

enum {
    HAND_OVER_AT = 64 * 1024 /* bytes of text collected before they are handed on */
};

enum {
    ESCAPE_ALWAYS = 1,
    ESCAPE_HTML = 2,
    ESCAPE_MAYBE = 4 /* first byte of U+2028 and U+2029 among others */
};

static unsigned escape_class(unsigned char byte)
{
    /* One entry for each byte from 0x20 to 0x5f; what lies outside is told by comparison. */
    static const uint8_t classes[64] = {
        ['"' - 0x20] = ESCAPE_ALWAYS,
        ['\\' - 0x20] = ESCAPE_ALWAYS,
        ['<' - 0x20] = ESCAPE_HTML,
        ['>' - 0x20] = ESCAPE_HTML,
        ['&' - 0x20] = ESCAPE_HTML,
    };
    if (byte >= 0x60) {
        return byte == 0xe2 ? ESCAPE_MAYBE : 0;
    }
    return byte < 0x20 ? ESCAPE_ALWAYS : classes[byte - 0x20];
}

static void add_unicode_escape(struct sink *sink, unsigned code)
{
    static const char digits[] = "0123456789abcdef";
    char text[6] = { '\\', 'u', digits[(code >> 12) & 15], digits[(code >> 8) & 15],
        digits[(code >> 4) & 15], digits[code & 15] };
    sink_add(sink, text, sizeof(text));
}

static void add_escape(struct sink *sink, unsigned char byte)
{
    static const char names[] = "\"\"\\\\\bb\ff\nn\rr\tt";
    for (size_t i = 0; i < sizeof(names) - 1; i += 2) {
        if ((unsigned char)names[i] == byte) {
            char text[2] = { '\\', names[i + 1] };
            sink_add(sink, text, sizeof(text));
            return;
        }
    }
    add_unicode_escape(sink, byte);
}

static bool is_line_separator(struct str text, size_t at)
{
    return text.len - at >= 3 && (unsigned char)text.ptr[at + 1] == 0x80 &&
           ((unsigned char)text.ptr[at + 2] & 0xfe) == 0xa8;
}

/* Well-formed text without its quotes. */
static void add_escaped(struct sink *sink, struct str text, unsigned flags)
{
    unsigned wanted =
            ESCAPE_ALWAYS | ESCAPE_MAYBE | (flags & JSON_ESCAPE_HTML ? ESCAPE_HTML : 0u);
    size_t first = 0;
    for (size_t at = 0; at < text.len; at++) {
        unsigned char byte = (unsigned char)text.ptr[at];
        unsigned class = escape_class(byte) & wanted;
        if (class == 0 || (class == ESCAPE_MAYBE && !is_line_separator(text, at))) {
            continue;
        }
        sink_add(sink, text.ptr + first, at - first);
        if (class == ESCAPE_MAYBE) {
            add_unicode_escape(sink, 0x2000u | ((unsigned char)text.ptr[at + 2] & 0x3fu));
            at += 2;
        } else {
            add_escape(sink, byte);
        }
        first = at + 1;
    }
    if (text.len > first) {
        sink_add(sink, text.ptr + first, text.len - first);
    }
}

/* True when no byte of eight is below 0x20, above 0x7f, a quote or a backslash. */
static bool are_plain(uint64_t bytes)
{
    const uint64_t ones = 0x0101010101010101u;
    const uint64_t highs = 0x8080808080808080u;
    uint64_t quotes = bytes ^ (ones * '"');
    uint64_t slashes = bytes ^ (ones * '\\');
    uint64_t found = (bytes - ones * 0x20) | (quotes - ones) | (slashes - ones) | bytes;
    return (found & highs) == 0;
}

/* All bytes of a text of less than eight, some of them twice. */
static uint64_t few_bytes(struct str text)
{
    uint32_t first;
    uint32_t last;
    if (text.len >= sizeof(first)) {
        memcpy(&first, text.ptr, sizeof(first));
        memcpy(&last, text.ptr + text.len - sizeof(last), sizeof(last));
        return (uint64_t)last << 32 | first;
    }
    uint64_t bytes = 0x2020202020202020u;
    for (size_t i = 0; i < text.len; i++) {
        bytes = bytes << 8 | (unsigned char)text.ptr[i];
    }
    return bytes;
}

/* Most text needs no escape and no look at its encoding: told eight bytes at a time, the last eight
 * wherever they begin. A false no is harmless, the long way gives the same text. */
static bool is_plain_text(struct str text)
{
    uint64_t bytes;
    if (text.len < sizeof(bytes)) {
        return are_plain(few_bytes(text));
    }
    for (size_t at = 0; at + sizeof(bytes) < text.len; at += sizeof(bytes)) {
        memcpy(&bytes, text.ptr + at, sizeof(bytes));
        if (!are_plain(bytes)) {
            return false;
        }
    }
    memcpy(&bytes, text.ptr + text.len - sizeof(bytes), sizeof(bytes));
    return are_plain(bytes);
}

static void add_string(struct sink *sink, struct str text, unsigned flags)
{
    if (!(flags & JSON_ESCAPE_HTML) && is_plain_text(text)) {
        if ((size_t)(sink->end - sink->at) < text.len + 2 && !sink_grow(sink, text.len + 2)) {
            return;
        }
        /* NOLINTNEXTLINE(clang-analyzer-core.NullDereference): there is room */
        *sink->at = '"';
        if (text.len) {
            memcpy(sink->at + 1, text.ptr, text.len);
        }
        sink->at[text.len + 1] = '"';
        sink->at += text.len + 2;
        return;
    }
    sink_byte(sink, '"');
    for (;;) {
        size_t valid = str_utf8_prefix(text);
        add_escaped(sink, str_sub(text, 0, valid), flags);
        if (valid == text.len) {
            break;
        }
        sink_add(sink, "\\ufffd", 6);
        text = str_from_index(text, valid + 1);
    }
    sink_byte(sink, '"');
}

static void add_line(struct json_writer *writer)
{
    if (!(writer->flags & JSON_COMPACT)) {
        sink_byte(&writer->sink, '\n');
        sink_blanks(&writer->sink, writer->depth * 2);
    }
}

static void add_number(struct json_writer *writer, const struct value *value)
{
    struct sink *sink = &writer->sink;
    struct str text = value->as.text;
    double number = 0;
    if (value->kind == VALUE_INT && integer_is_plain(text)) {
        sink_add(sink, text.ptr, text.len);
        return;
    }
    sink_flush(sink);
    if (value->kind == VALUE_INT) {
        buf_add_integer(sink->out, text);
    } else if (!decimal_read(text, &number)) {
        buf_add(sink->out, text); /* too large for a double: as it was read from JSON */
    } else if (isfinite(number)) {
        buf_add_decimal(sink->out, number, DECIMAL_JSON);
    } else {
        add_string(sink,
                isnan(number)  ? STR(".nan")
                : number > 0.0 ? STR(".inf")
                               : STR("-.inf"),
                writer->flags);
    }
}

static void add_value(struct json_writer *writer, const struct value *value);

static void add_list(struct json_writer *writer, const struct value *list)
{
    struct sink *sink = &writer->sink;
    size_t count = list->as.list.count;
    sink_byte(sink, '[');
    writer->depth++;
    for (size_t i = 0; i < count; i++) {
        if (i) {
            sink_byte(sink, ',');
        }
        add_line(writer);
        add_value(writer, list->as.list.items[i]);
    }
    writer->depth--;
    add_line(writer);
    sink_byte(sink, ']');
}

static inline void add_entry(
        struct json_writer *writer, bool is_first, struct str key, const struct value *value)
{
    struct sink *sink = &writer->sink;
    if (!is_first) {
        sink_byte(sink, ',');
    }
    add_line(writer);
    add_string(sink, key, writer->flags);
    sink_add(sink, ": ", writer->flags & JSON_COMPACT ? 1 : 2);
    add_value(writer, value);
}

static void add_map(struct json_writer *writer, const struct value *map)
{
    struct sink *sink = &writer->sink;
    size_t count = map->as.map.count;
    size_t first = entries_push(
            &writer->entries, map, writer->flags & JSON_KEEP_ORDER ? ORDER_KEPT : ORDER_BYTES);
    sink_byte(sink, '{');
    writer->depth++;
    for (size_t i = 0; i < count; i++) {
        const struct value_entry *entry = writer->entries.items[first + i];
        add_entry(writer, i == 0, entry->key->text, entry->value);
    }
    writer->depth--;
    writer->entries.count = first;
    add_line(writer);
    sink_byte(sink, '}');
}

static size_t position(const struct json_writer *writer)
{
    const struct sink *sink = &writer->sink;
    return sink->at ? (size_t)(sink->at - sink->out->ptr) : sink->out->len;
}

static void hand_over(struct json_writer *writer)
{
    sink_flush(&writer->sink);
    writer->output->write(writer->output->context, buf_str(writer->sink.out));
    buf_reset(writer->sink.out);
}

/* What was written before at this depth is copied; what comes a second time is kept for that. */
static void add_container(struct json_writer *writer, const struct value *value)
{
    struct json_cache *cache = &writer->cache;
    struct str text;
    enum json_sight sight = value->flags & VALUE_ONCE
                                    ? JSON_NEW
                                    : json_cache_look(cache, value, writer->depth, &text);
    if (sight == JSON_KEPT) {
        sink_add(&writer->sink, text.ptr, text.len);
        return;
    }
    bool is_repeated = sight == JSON_SEEN;
    bool is_outermost = is_repeated && !cache->is_keeping;
    size_t start = position(writer);
    cache->is_keeping = cache->is_keeping || is_outermost;
    if (value->kind == VALUE_LIST) {
        add_list(writer, value);
    } else {
        add_map(writer, value);
    }
    size_t end = position(writer);
    if (is_repeated && !writer->sink.out->is_full) {
        json_cache_note(cache, (struct json_span){ value, writer->depth, start, end - start });
    }
    if (is_outermost) {
        cache->is_keeping = false;
        json_cache_keep(
                cache, (struct str){ writer->sink.out->ptr + start, end - start }, start);
    }
    if (writer->output && !cache->is_keeping && end >= HAND_OVER_AT) {
        hand_over(writer);
    }
}

static void add_value(struct json_writer *writer, const struct value *value)
{
    struct sink *sink = &writer->sink;
    if ((writer->flags & JSON_MASK) && (value->flags & VALUE_SENSITIVE)) {
        sink_add(sink, "\"(sensitive)\"", 13);
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
        add_string(sink, value->as.text, writer->flags);
        break;
    case VALUE_LIST:
    case VALUE_MAP:
        if (value_count(value) > 0) {
            add_container(writer, value);
        } else {
            sink_add(sink, value->kind == VALUE_LIST ? "[]" : "{}", 2);
        }
        break;
    default:
        BUG("value of no kind");
    }
}

static void write_all(struct buf *out, const struct json_output *output,
        const struct value *value, unsigned flags)
{
    struct json_writer writer = { .sink = { .out = out }, .flags = flags, .output = output };
    if (value) {
        add_value(&writer, value);
    } else {
        sink_add(&writer.sink, "null", 4);
    }
    sink_flush(&writer.sink);
    entries_clear(&writer.entries);
    json_cache_clear(&writer.cache);
}

void json_write(struct buf *out, const struct value *value, unsigned flags)
{
    write_all(out, NULL, value, flags);
}

void json_stream(const struct json_output *output, const struct value *value, unsigned flags)
{
    AUTO_BUF piece = BUF_INIT(BUF_UNBOUNDED);
    write_all(&piece, output, value, flags);
    output->write(output->context, buf_str(&piece));
}

struct json_map {
    struct arena *arena; /* it lives there itself */
    struct json_writer writer;
    struct json_output output;
    struct buf piece;
    bool has_entries;
};

struct json_map *json_map_begin(const struct json_output *output, unsigned flags)
{
    struct arena *arena = arena_new();
    struct json_map *map = ARENA_NEW(arena, struct json_map);
    *map = (struct json_map){ .arena = arena,
        .writer = { .sink = { .out = &map->piece }, .flags = flags, .output = &map->output },
        .output = *output,
        .piece = BUF_INIT(BUF_UNBOUNDED) };
    sink_byte(&map->writer.sink, '{');
    map->writer.depth = 1;
    return map;
}

void json_map_add(struct json_map *map, struct str key, const struct value *value)
{
    add_entry(&map->writer, !map->has_entries, key, value);
    map->has_entries = true;
}

void json_map_end(struct json_map *map)
{
    struct json_writer *writer = &map->writer;
    writer->depth = 0;
    if (map->has_entries) {
        add_line(writer);
    }
    sink_byte(&writer->sink, '}');
    hand_over(writer);
    entries_clear(&writer->entries);
    json_cache_clear(&writer->cache);
    buf_clear(&map->piece);
    arena_free(map->arena);
}

void json_write_string(struct buf *out, struct str text, unsigned flags)
{
    struct sink sink = { .out = out };
    add_string(&sink, text, flags);
    sink_flush(&sink);
}
