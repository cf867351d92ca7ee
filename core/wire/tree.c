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

#define NO_COUNT SIZE_MAX

/* ---- out ---- */

struct writer {
    struct buf *out;
    struct wire_names *names;
    const struct sources *sources;
    size_t nodes;
    uint32_t last_file; /* the file of the place before; 0 is the file of no place */
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
    struct wire_names *names = writer->names;
    *ret_is_new = false;
    if (file == writer->last_file && file != 0) {
        return STR_EMPTY;
    }
    if (file >= WIRE_FILE_MAX) {
        writer->out->is_full = true;
        return STR_EMPTY;
    }
    while (names->files.count <= file) {
        VEC_PUSH(names->arena, &names->files, 0);
    }
    *ret_is_new = names->files.items[file] == 0;
    names->files.items[file] = 1;
    writer->last_file = file;
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

/* Items or entries; NO_COUNT for a scalar. */
static size_t count_of(const struct value *value)
{
    return value->kind == VALUE_MAP    ? value->as.map.count
           : value->kind == VALUE_LIST ? value->as.list.count
                                       : NO_COUNT;
}

/* Kind, flags, place; then the text of a scalar or the count of the others. */
static void put_node(struct writer *writer, const struct value *value)
{
    struct buf *out = writer->out;
    bool is_new = false;
    bool is_placed = has_place(value->mark);
    struct str path = is_placed ? new_path(writer, value->mark.file, &is_new) : STR_EMPTY;
    size_t count = count_of(value);
    struct str text = count == NO_COUNT ? value_text(value) : STR_EMPTY;
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
    at = count == NO_COUNT ? put_text(at, text) : put_number(at, count);
    buf_commit(out, (size_t)(at - start));
}

/* The text of a key that was not named before, or that is never remembered; else its number alone. */
static char *put_key_name(struct wire_names *names, char *at, const struct key *key)
{
    if (key->serial >= WIRE_KEY_MAX) {
        return put_text(put_number(at, 0), key->text);
    }
    while (names->keys.count <= key->serial) {
        VEC_PUSH(names->arena, &names->keys, NULL);
    }
    bool is_new = !names->keys.items[key->serial];
    names->keys.items[key->serial] = key;
    at = put_number(at, (key->serial + 1) << 1 | (is_new ? 1 : 0));
    return is_new ? put_text(at, key->text) : at;
}

static void put_key(struct writer *writer, const struct value_entry *entry)
{
    struct buf *out = writer->out;
    bool is_new = false;
    struct str path = new_path(writer, entry->mark.file, &is_new);
    size_t text_len = entry->key->text.len;
    char *start = buf_reserve(out, MARK_MAX_BYTES + 3 * NUMBER_MAX_BYTES + path.len + text_len);
    if (!start) {
        out->is_full = true;
        return;
    }
    char *at = put_key_name(writer->names, start, entry->key);
    buf_commit(out, (size_t)(put_mark(at, entry->mark, is_new, path) - start));
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
    for (size_t i = 0; value->kind == VALUE_LIST && i < value->as.list.count; i++) {
        put_value(writer, value->as.list.items[i], depth + 1);
    }
    for (size_t i = 0; value->kind == VALUE_MAP && i < value->as.map.count; i++) {
        put_key(writer, &value->as.map.entries[i]);
        put_value(writer, value->as.map.entries[i].value, depth + 1);
    }
}

void wire_put_value(struct buf *out, struct wire_names *names, const struct sources *sources,
        const struct value *value)
{
    struct writer writer = { out, names, sources, 0, 0 };
    put_value(&writer, value, 0);
    if (out->is_full) {
        /* What was cut off may have named something: name it again. */
        names->files.count = 0;
        names->keys.count = 0;
    }
}

/* ---- in ---- */

/* A reader on its way through one value. */
struct place {
    struct wire_reader *reader;
    size_t nodes;
    uint64_t last_number; /* of the file before, and which file that is here; 0: none yet */
    uint32_t last_file;
};

static uint32_t get_file(struct place *place)
{
    struct wire_reader *reader = place->reader;
    uint64_t number = wire_get_u64(reader->in);
    if (number == place->last_number && number != 0) {
        return place->last_file;
    }
    struct wire_names *names = reader->names;
    uint64_t file = number >> 1;
    if (file >= WIRE_FILE_MAX || ((number & 1) == 0 && file >= names->files.count)) {
        reader->in->is_bad = true;
        return 0;
    }
    while (names->files.count <= file) {
        VEC_PUSH(names->arena, &names->files, 0);
    }
    if ((number & 1) != 0) {
        struct str path = wire_get_text(reader->in);
        names->files.items[file] = path.len > 0 ? sources_add(reader->sources, path) : 0;
    }
    place->last_number = file << 1;
    place->last_file = names->files.items[file];
    return place->last_file;
}

static struct mark get_mark(struct place *place)
{
    struct mark mark = { .file = get_file(place) };
    mark.line = wire_get_u32(place->reader->in);
    mark.column = wire_get_u32(place->reader->in);
    return mark;
}

/* NULL when it is bad. */
static const struct key *get_key(struct wire_reader *reader)
{
    struct wire_in *in = reader->in;
    struct wire_names *names = reader->names;
    uint64_t number = wire_get_u64(in);
    if (number == 0) {
        return key_of(reader->keys, wire_get_text(in));
    }
    uint64_t serial = (number >> 1) - 1;
    if (number == 1 || serial >= WIRE_KEY_MAX) {
        in->is_bad = true;
        return NULL;
    }
    while (names->keys.count <= serial) {
        VEC_PUSH(names->arena, &names->keys, NULL);
    }
    if ((number & 1) != 0) {
        names->keys.items[serial] = key_of(reader->keys, wire_get_text(in));
    }
    in->is_bad = in->is_bad || !names->keys.items[serial];
    return names->keys.items[serial];
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
        const struct key *key = get_key(reader);
        struct mark key_mark = get_mark(place);
        const struct value *value = get_value(place, depth + 1);
        if (!key || !value) {
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
        mark = get_mark(place);
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
    struct place place = { .reader = reader };
    return reader->in->is_bad ? NULL : get_value(&place, 0);
}
