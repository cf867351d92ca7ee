/* SPDX-License-Identifier: Apache-2.0 */
/* Values: kind, flags, place, then the text or the entries. */
#include <string.h>

#include "wire.h"

enum {
    KIND_ABSENT = 7,
    KIND_MASK = 7,
    HAS_PLACE = 1 << 3, /* beside the kind */
    FLAGS_KNOWN =
            VALUE_SENSITIVE | VALUE_QUOTED | VALUE_SHIELDED | VALUE_FUNCTION | VALUE_APPEND
};

/* ---- out ---- */

struct writer {
    struct buf *out;
    struct wire_files *files;
    const struct sources *sources;
    size_t nodes;
};

enum {
    NUMBER_MAX_BYTES = 10,
    MARK_MAX_BYTES = 3 * NUMBER_MAX_BYTES
};

/* Into room that was reserved; gives the place behind. */
static char *put_number(char *at, uint64_t number)
{
    while (number >= 0x80) {
        *at++ = (char)(unsigned char)(number | 0x80);
        number >>= 7;
    }
    *at++ = (char)number;
    return at;
}

static char *put_text(char *at, struct str text)
{
    at = put_number(at, text.len);
    if (text.len > 0) {
        memcpy(at, text.ptr, text.len);
    }
    return at + text.len;
}

/* The path of a file that was not named before; empty otherwise. */
static struct str new_path(struct writer *writer, uint32_t file, bool *ret_is_new)
{
    struct wire_files *files = writer->files;
    while (files->ids.count <= file && file < WIRE_FILE_MAX) {
        VEC_PUSH(files->arena, &files->ids, 0);
    }
    if (file >= WIRE_FILE_MAX) {
        writer->out->is_full = true;
        *ret_is_new = false;
        return STR_EMPTY;
    }
    *ret_is_new = files->ids.items[file] == 0;
    files->ids.items[file] = 1;
    return *ret_is_new ? sources_path(writer->sources, file) : STR_EMPTY;
}

static char *put_mark(char *at, struct mark mark, bool is_new, struct str path)
{
    at = put_number(at, (uint64_t)mark.file << 1 | (is_new ? 1 : 0));
    at = is_new ? put_text(at, path) : at;
    at = put_number(at, mark.line);
    return put_number(at, mark.column);
}

static bool has_place(struct mark mark)
{
    return mark.file != 0 || mark.line != 0 || mark.column != 0;
}

/* Kind, flags, place; then the text of a scalar or the count of the others. */
static void put_node(struct writer *writer, const struct value *value)
{
    struct buf *out = writer->out;
    bool is_new = false;
    bool is_placed = has_place(value->mark);
    struct str path = is_placed ? new_path(writer, value->mark.file, &is_new) : STR_EMPTY;
    struct str text = value_text(value);
    char *start =
            buf_reserve(out, 2 + MARK_MAX_BYTES + 2 * NUMBER_MAX_BYTES + path.len + text.len);
    if (!start) {
        out->is_full = true;
        return;
    }
    char *at = start;
    *at++ = (char)(value->kind | (is_placed ? HAS_PLACE : 0));
    *at++ = (char)value->flags;
    at = is_placed ? put_mark(at, value->mark, is_new, path) : at;
    at = value_is_scalar(value) ? put_text(at, text) : put_number(at, value_count(value));
    buf_commit(out, (size_t)(at - start));
}

static void put_key(struct writer *writer, const struct value_entry *entry)
{
    struct buf *out = writer->out;
    bool is_new = false;
    struct str path = new_path(writer, entry->mark.file, &is_new);
    struct str text = entry->key->text;
    char *start = buf_reserve(out, MARK_MAX_BYTES + 2 * NUMBER_MAX_BYTES + path.len + text.len);
    if (!start) {
        out->is_full = true;
        return;
    }
    char *at = put_mark(put_text(start, text), entry->mark, is_new, path);
    buf_commit(out, (size_t)(at - start));
}

static void put_value(struct writer *writer, const struct value *value, size_t depth)
{
    struct buf *out = writer->out;
    if (!value) {
        buf_add_byte(out, KIND_ABSENT);
        return;
    }
    if (depth > WIRE_DEPTH_MAX || ++writer->nodes > WIRE_NODE_MAX) {
        out->is_full = true;
    }
    if (out->is_full) {
        return;
    }
    put_node(writer, value);
    for (size_t i = 0; value_is(value, VALUE_LIST) && i < value->as.list.count; i++) {
        put_value(writer, value->as.list.items[i], depth + 1);
    }
    for (size_t i = 0; value_is(value, VALUE_MAP) && i < value->as.map.count; i++) {
        put_key(writer, &value->as.map.entries[i]);
        put_value(writer, value->as.map.entries[i].value, depth + 1);
    }
}

void wire_put_value(struct buf *out, struct wire_files *files, const struct sources *sources,
        const struct value *value)
{
    struct writer writer = { out, files, sources, 0 };
    put_value(&writer, value, 0);
    if (out->is_full) {
        /* What was cut off may have named files: name them again. */
        files->ids.count = 0;
    }
}

/* ---- in ---- */

/* How deep a reader is and how many nodes it has made. */
struct place {
    struct wire_reader *reader;
    size_t nodes;
};

static uint32_t get_file(struct wire_reader *reader)
{
    uint64_t number = wire_get_u64(reader->in);
    struct wire_files *files = reader->files;
    uint64_t file = number >> 1;
    if (file >= WIRE_FILE_MAX || ((number & 1) == 0 && file >= files->ids.count)) {
        reader->in->is_bad = true;
        return 0;
    }
    while (files->ids.count <= file) {
        VEC_PUSH(files->arena, &files->ids, 0);
    }
    if ((number & 1) != 0) {
        struct str path = wire_get_text(reader->in);
        files->ids.items[file] = path.len > 0 ? sources_add(reader->sources, path) : 0;
    }
    return files->ids.items[file];
}

static struct mark get_mark(struct wire_reader *reader)
{
    struct mark mark = { .file = get_file(reader) };
    mark.line = wire_get_u32(reader->in);
    mark.column = wire_get_u32(reader->in);
    return mark;
}

static const struct value *get_value(struct place *place, size_t depth);

/* Number of entries; each has at least two bytes, so a lie about it costs nothing. */
static size_t get_count(struct wire_in *in)
{
    uint64_t count = wire_get_u64(in);
    if (count > (uint64_t)(in->end - in->at) / 2 + 1) {
        in->is_bad = true;
        return 0;
    }
    return (size_t)count;
}

static const struct value *get_list(struct place *place, struct mark mark, size_t depth)
{
    struct wire_reader *reader = place->reader;
    size_t count = get_count(reader->in);
    const struct value **items = ARENA_ARRAY(reader->arena, const struct value *, count + 1);
    for (size_t i = 0; i < count && !reader->in->is_bad; i++) {
        items[i] = get_value(place, depth + 1);
        reader->in->is_bad = reader->in->is_bad || !items[i];
    }
    return reader->in->is_bad ? NULL : value_list_new(reader->arena, items, count, mark);
}

static const struct value *get_map(struct place *place, struct mark mark, size_t depth)
{
    struct wire_reader *reader = place->reader;
    struct value_builder builder;
    size_t count = get_count(reader->in);
    value_builder_init(&builder, reader->arena, mark);
    value_builder_reserve(&builder, count);
    for (size_t i = 0; i < count && !reader->in->is_bad; i++) {
        const struct key *key = key_of(reader->keys, wire_get_text(reader->in));
        struct mark key_mark = get_mark(reader);
        const struct value *value = get_value(place, depth + 1);
        if (!value) {
            reader->in->is_bad = true;
            return NULL;
        }
        /* Keys differ unless the other side lies; a map must not have one twice. */
        value_builder_set(&builder, key, value, key_mark);
    }
    return reader->in->is_bad ? NULL : value_builder_map(&builder);
}

static const struct value *get_scalar(
        struct place *place, enum value_kind kind, struct mark mark)
{
    struct wire_reader *reader = place->reader;
    struct str text = wire_get_text(reader->in);
    switch (kind) {
    case VALUE_NULL:
        return value_null(reader->arena, mark);
    case VALUE_BOOL:
        return value_bool_new(reader->arena, str_eq(text, STR("true")), mark);
    case VALUE_INT:
    case VALUE_FLOAT:
    case VALUE_STRING:
    case VALUE_LIST:
    case VALUE_MAP:
        break;
    }
    return value_scalar_new(reader->arena, kind, text, mark);
}

static const struct value *get_value(struct place *place, size_t depth)
{
    struct wire_reader *reader = place->reader;
    struct mark mark = MARK_NONE;
    const struct value *value = NULL;
    unsigned char head = wire_get_byte(reader->in);
    if ((head & KIND_MASK) == KIND_ABSENT || depth > WIRE_DEPTH_MAX ||
            ++place->nodes > WIRE_NODE_MAX || (head & ~(KIND_MASK | HAS_PLACE)) != 0) {
        reader->in->is_bad = reader->in->is_bad || head != KIND_ABSENT;
        return NULL;
    }
    unsigned char flags = wire_get_byte(reader->in);
    if ((head & HAS_PLACE) != 0) {
        mark = get_mark(reader);
    }
    enum value_kind kind = (enum value_kind)(head & KIND_MASK);
    if (kind == VALUE_LIST) {
        value = get_list(place, mark, depth);
    } else if (kind == VALUE_MAP) {
        value = get_map(place, mark, depth);
    } else {
        value = get_scalar(place, kind, mark);
    }
    reader->in->is_bad = reader->in->is_bad || (flags & ~FLAGS_KNOWN) != 0;
    if (reader->in->is_bad || flags == 0) {
        return reader->in->is_bad ? NULL : value;
    }
    return value_with_flags(reader->arena, value, flags);
}

const struct value *wire_get_value(struct wire_reader *reader)
{
    struct place place = { reader, 0 };
    return reader->in->is_bad ? NULL : get_value(&place, 0);
}
