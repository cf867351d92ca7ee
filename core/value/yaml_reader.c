/* SPDX-License-Identifier: Apache-2.0 */
/* YAML in: libyaml's events become values; all bounds are checked as the events come. */
#include "yaml_reader.h"

#include <string.h>

#include "number.h"
#include "yaml_scalar.h"

const struct value_limits value_limits_default = {
    .max_bytes = (size_t)64 << 20,
    .max_depth = 128,
    .max_nodes = 5000000,
    .max_scalar_bytes = (size_t)16 << 20,
};

static struct mark event_mark(const struct reader *reader, const yaml_event_t *event)
{
    return (struct mark){ reader->input->file, (uint32_t)event->start_mark.line + 1,
        (uint32_t)event->start_mark.column + 1 };
}

static struct frame *top_frame(struct reader *reader)
{
    return reader->frames.count ? &reader->frames.items[reader->frames.count - 1] : NULL;
}

/* The innermost collection where there must be one. */
static struct frame *open_frame(struct reader *reader)
{
    ENSURE(reader->frames.count > 0);
    return &reader->frames.items[reader->frames.count - 1];
}

static int count_nodes(struct reader *reader, size_t count, struct mark mark)
{
    if (count > reader->limits->max_nodes - reader->nodes) {
        diag_add(reader->input->diags, &value_diags[YAML_TOO_MANY_NODES], mark,
                "the file expands to more than %zu values here", reader->limits->max_nodes);
        return ERR_LIMIT;
    }
    reader->nodes += count;
    return 0;
}

static int check_depth(struct reader *reader, size_t depth, struct mark mark)
{
    if (depth <= reader->limits->max_depth) {
        return 0;
    }
    diag_add(reader->input->diags, &value_diags[YAML_TOO_DEEP], mark,
            "maps and lists nest deeper than %zu levels here", reader->limits->max_depth);
    return ERR_LIMIT;
}

static void add_value(struct reader *reader, const struct value *value, size_t height)
{
    struct frame *frame = top_frame(reader);
    if (!frame) {
        reader->root = value;
        return;
    }
    size_t levels = frame->has_key ? frame->pieces : 1;
    if (frame->height < height + levels) {
        frame->height = height + levels;
    }
    if (frame->is_map && !frame->key) {
        frame->merge = value;
    } else {
        if (levels > 1) {
            VEC_PUSH(reader->scratch, &frame->splits, reader->entries.count - frame->first);
        }
        VEC_PUSH(reader->scratch, &reader->entries,
                (struct value_entry){
                        .key = frame->key, .value = value, .mark = frame->key_mark });
    }
    frame->key = NULL;
    frame->has_key = false;
}

static struct anchor *add_anchor(struct reader *reader, const yaml_char_t *name)
{
    if (!name) {
        return NULL;
    }
    struct anchor *anchor = ARENA_NEW(reader->scratch, struct anchor);
    map_put(reader->scratch, &reader->anchors, str_from((const char *)name), anchor);
    return anchor;
}

/* ---- scalars ---- */

static int read_scalar(
        struct reader *reader, const yaml_event_t *event, struct scalar *ret_scalar)
{
    struct scalar scalar = {
        .text = { (const char *)event->data.scalar.value, event->data.scalar.length },
        .tag = str_from((const char *)event->data.scalar.tag),
        .mark = event_mark(reader, event),
        .kind = VALUE_STRING,
        .is_plain = event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE,
    };
    int err = 0;
    if (scalar.text.len > reader->limits->max_scalar_bytes) {
        diag_add(reader->input->diags, &value_diags[YAML_TEXT_TOO_LONG], scalar.mark,
                "this text has %zu bytes; at most %zu are read", scalar.text.len,
                reader->limits->max_scalar_bytes);
        return ERR_LIMIT;
    }
    if (str_eq(scalar.tag, STR("!"))) {
        scalar.tag = STR_EMPTY; /* says nothing about the type */
    }
    if (!scalar.is_plain) {
        scalar.flags = VALUE_QUOTED;
    }
    if (scalar.tag.len) {
        err = yaml_tag_apply(reader, &scalar);
    } else if (scalar.is_plain) {
        scalar.kind = yaml_plain_kind(scalar.text);
        if (scalar.kind == VALUE_STRING && yaml_is_account_id(scalar.text)) {
            diag_add(reader->input->diags, &value_diags[YAML_ACCOUNT_ID], scalar.mark,
                    "quote this account id: \"%.*s\"", STR_ARG(scalar.text))
                    ->span = (uint32_t)scalar.text.len;
        }
    }
    if (err == 0) {
        *ret_scalar = scalar;
    }
    return err;
}

/* Node and text in one piece of memory. */
static const struct value *keep_scalar(struct reader *reader, const struct scalar *scalar)
{
    struct value *value =
            arena_alloc(reader->input->arena, sizeof(*value) + scalar->text.len + 1);
    char *text = (char *)(value + 1);
    if (scalar->text.len) {
        memcpy(text, scalar->text.ptr, scalar->text.len);
    }
    value->kind = (uint8_t)scalar->kind;
    value->flags = scalar->flags;
    value->mark = scalar->mark;
    value->as.text = (struct str){ text, scalar->text.len };
    return value;
}

/* ---- keys ---- */

static int key_error(struct reader *reader, struct mark mark, const char *what)
{
    diag_add(
            reader->input->diags, &value_diags[YAML_BAD_KEY], mark, "%s cannot be a key", what);
    return ERR_PARSE;
}

/* Keys are text: numbers as they are printed, whatever way they were written. */
static const struct key *key_from(struct reader *reader, enum value_kind kind, struct str text)
{
    double number = 0;
    AUTO_BUF printed = BUF_INIT(BUF_UNBOUNDED);
    if (kind == VALUE_BOOL) {
        text = text.ptr[0] == 't' || text.ptr[0] == 'T' ? STR("true") : STR("false");
    } else if (kind == VALUE_INT) {
        buf_add_integer(&printed, text);
        text = buf_str(&printed);
    } else if (kind == VALUE_FLOAT && str_find(text, 'n') < 0 && str_find(text, 'N') < 0 &&
               decimal_read(text, &number)) {
        buf_add_decimal(&printed, number, DECIMAL_YAML);
        text = buf_str(&printed);
    }
    return key_of(reader->input->keys, text);
}

static int set_key(
        struct reader *reader, enum value_kind kind, struct str text, struct mark mark)
{
    struct frame *frame = open_frame(reader);
    if (kind == VALUE_NULL) {
        return key_error(reader, mark, "null");
    }
    frame->key = key_from(reader, kind, text);
    frame->key_mark = mark;
    frame->has_key = true;
    frame->pieces = 1;
    return 0;
}

/* A plain key that a delimiter splits nests as deep as it has pieces. */
static int split_key(struct reader *reader, const struct scalar *scalar)
{
    struct frame *frame = open_frame(reader);
    if (!scalar->is_plain || scalar->kind == VALUE_BOOL) {
        return 0;
    }
    frame->pieces = yaml_key_pieces(reader, frame->key->text);
    int err = check_depth(reader, reader->frames.count + frame->pieces, scalar->mark);
    return err ? err : count_nodes(reader, frame->pieces - 1, scalar->mark);
}

static int set_merge_key(struct reader *reader, struct mark mark)
{
    struct frame *frame = open_frame(reader);
    if (frame->has_merge) {
        diag_add(reader->input->diags, &value_diags[YAML_DUPLICATE_KEY], mark,
                "the merge key \"<<\" is already used in line %u", frame->merge_mark.line)
                ->hint = STR("merge several maps with one list: `<<: [*a, *b]`");
        diag_relate(reader->input->diags, frame->merge_mark, STR("first used here"));
        return ERR_PARSE;
    }
    frame->has_merge = true;
    frame->has_key = true;
    frame->key = NULL;
    frame->pieces = 1;
    frame->merge_mark = mark;
    return 0;
}

static bool is_key_next(struct reader *reader)
{
    struct frame *frame = top_frame(reader);
    return frame && frame->is_map && !frame->has_key;
}

static int on_scalar(struct reader *reader, const yaml_event_t *event)
{
    struct scalar scalar;
    struct str tag = str_from((const char *)event->data.scalar.tag);
    bool is_plain = event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
    bool is_merge = is_key_next(reader) && event->data.scalar.length == 2 &&
                    memcmp(event->data.scalar.value, "<<", 2) == 0 &&
                    ((is_plain && tag.len == 0) || str_eq(tag, STR(CORE_TAG "merge")));
    if (is_merge) {
        return set_merge_key(reader, event_mark(reader, event));
    }
    int err = read_scalar(reader, event, &scalar);
    if (err != 0) {
        return err;
    }
    err = count_nodes(reader, 1, scalar.mark);
    if (err != 0) {
        return err;
    }
    bool is_key = is_key_next(reader);
    struct anchor *anchor = add_anchor(reader, event->data.scalar.anchor);
    const struct value *value = !is_key || anchor ? keep_scalar(reader, &scalar) : NULL;
    if (anchor) {
        *anchor = (struct anchor){ .value = value, .nodes = 1 };
    }
    if (is_key) {
        if (scalar.flags & VALUE_FUNCTION) {
            return key_error(reader, scalar.mark, "a function");
        }
        err = set_key(reader, scalar.kind, scalar.text, scalar.mark);
        return err || reader->input->key_delimiter.len == 0 ? err : split_key(reader, &scalar);
    }
    add_value(reader, value, 0);
    return 0;
}

/* ---- collections ---- */

static bool is_append(const struct yaml_input *input, struct str tag)
{
    return str_eq(tag, STR("!append")) && yaml_tag_is_function(input, tag);
}

static int check_collection_tag(
        struct reader *reader, const yaml_char_t *name, struct str allowed, struct mark mark)
{
    const struct yaml_input *input = reader->input;
    struct str tag = str_from((const char *)name);
    if (tag.len == 0 || str_eq(tag, STR("!")) || str_eq(tag, allowed)) {
        return 0;
    }
    if (is_append(input, tag) && str_eq(allowed, STR(CORE_TAG "seq"))) {
        return 0;
    }
    struct scalar subject = { .tag = tag, .mark = mark };
    if (str_starts_with(tag, STR(CORE_TAG)) || !yaml_tag_is_function(input, tag)) {
        return yaml_tag_error(reader, &subject);
    }
    diag_add(input->diags, &value_diags[YAML_TAG_NOT_HERE], mark,
            "the tag \"%.*s\" on a map or list is not supported yet", STR_ARG(tag));
    return ERR_UNSUPPORTED;
}

static int on_start(struct reader *reader, const yaml_event_t *event)
{
    bool is_map = event->type == YAML_MAPPING_START_EVENT;
    const yaml_char_t *tag =
            is_map ? event->data.mapping_start.tag : event->data.sequence_start.tag;
    const yaml_char_t *anchor =
            is_map ? event->data.mapping_start.anchor : event->data.sequence_start.anchor;
    struct mark mark = event_mark(reader, event);
    int err = check_depth(reader, reader->frames.count + 1, mark);
    if (err == 0) {
        err = check_collection_tag(
                reader, tag, is_map ? STR(CORE_TAG "map") : STR(CORE_TAG "seq"), mark);
    }
    if (err == 0) {
        err = count_nodes(reader, 1, mark);
    }
    if (err == 0 && is_key_next(reader)) {
        err = key_error(reader, mark, is_map ? "a map" : "a list");
    }
    if (err != 0) {
        return err;
    }
    struct frame frame = {
        .is_map = is_map,
        .is_append = !is_map && is_append(reader->input, str_from((const char *)tag)),
        .mark = mark,
        .anchor = add_anchor(reader, anchor),
        .first = reader->entries.count,
        .nodes_before = reader->nodes - 1,
        .height = 1,
    };
    VEC_PUSH(reader->scratch, &reader->frames, frame);
    return 0;
}

static const struct value *finish_list(struct reader *reader, const struct frame *frame)
{
    const struct value_entry *entries = reader->entries.items + frame->first;
    size_t count = reader->entries.count - frame->first;
    const struct value **items = ARENA_ARRAY(reader->input->arena, const struct value *, count);
    for (size_t i = 0; i < count; i++) {
        items[i] = entries[i].value;
    }
    return list_new(reader->input->arena, items, count, frame->mark);
}

static int on_end(struct reader *reader)
{
    struct frame frame = *open_frame(reader);
    const struct value *value = NULL;
    if (frame.is_map) {
        int err = yaml_map_finish(reader, &frame, &value);
        if (err != 0) {
            return err;
        }
    } else {
        value = finish_list(reader, &frame);
        if (frame.is_append) {
            value = value_with_flags(reader->input->arena, value, VALUE_APPEND);
        }
    }
    reader->entries.count = frame.first;
    reader->frames.count--;
    if (frame.anchor) {
        *frame.anchor = (struct anchor){
            .value = value, .nodes = reader->nodes - frame.nodes_before, .height = frame.height
        };
    }
    add_value(reader, value, frame.height);
    return 0;
}

static int on_alias(struct reader *reader, const yaml_event_t *event)
{
    struct str name = str_from((const char *)event->data.alias.anchor);
    struct mark mark = event_mark(reader, event);
    struct anchor *anchor = map_get(&reader->anchors, name);
    if (!anchor) {
        struct diags *diags = reader->input->diags;
        struct str *names = ARENA_ARRAY(reader->scratch, struct str, reader->anchors.count);
        for (size_t i = 0; i < reader->anchors.count; i++) {
            names[i] = reader->anchors.entries[i].key;
        }
        struct diag *diag = diag_add(diags, &value_diags[YAML_UNDEFINED_ALIAS], mark,
                "the alias \"*%.*s\" has no anchor \"&%.*s\" before it", STR_ARG(name),
                STR_ARG(name));
        diag->hint = suggest_hint(diags->arena, name, names, reader->anchors.count);
        diag->span = (uint32_t)str_count_code_points(name) + 1;
        return ERR_PARSE;
    }
    if (!anchor->value) {
        diag_add(reader->input->diags, &value_diags[YAML_RECURSIVE_ALIAS], mark,
                "the alias \"*%.*s\" stands inside the value of its anchor", STR_ARG(name));
        return ERR_PARSE;
    }
    int err = check_depth(reader, reader->frames.count + anchor->height, mark);
    if (err == 0) {
        err = count_nodes(reader, anchor->nodes, mark);
    }
    if (err != 0) {
        return err;
    }
    if (reader->input->referenced && !anchor->is_used) {
        anchor->is_used = true;
        VEC_PUSH(reader->input->arena, reader->input->referenced, anchor->value->mark);
    }
    if (!is_key_next(reader)) {
        add_value(reader, anchor->value, anchor->height);
        return 0;
    }
    if (!value_is_scalar(anchor->value)) {
        return key_error(reader, mark, "a map or list");
    }
    return set_key(reader, (enum value_kind)anchor->value->kind, anchor->value->as.text, mark);
}

/* ---- the loop ---- */

/* Handles one event; *ret_is_done after the first document. */
static int on_event(struct reader *reader, const yaml_event_t *event, bool *ret_is_done)
{
    switch (event->type) {
    case YAML_SCALAR_EVENT:
        return on_scalar(reader, event);
    case YAML_MAPPING_START_EVENT:
    case YAML_SEQUENCE_START_EVENT:
        return on_start(reader, event);
    case YAML_MAPPING_END_EVENT:
    case YAML_SEQUENCE_END_EVENT:
        return on_end(reader);
    case YAML_ALIAS_EVENT:
        return on_alias(reader, event);
    case YAML_DOCUMENT_START_EVENT:
        if (reader->root) {
            diag_add(reader->input->diags, &value_diags[YAML_SECOND_DOCUMENT],
                    event_mark(reader, event),
                    "everything from this second document on is ignored");
            *ret_is_done = true;
        }
        return 0;
    case YAML_STREAM_END_EVENT:
        *ret_is_done = true;
        return 0;
    case YAML_NO_EVENT:
    case YAML_STREAM_START_EVENT:
    case YAML_DOCUMENT_END_EVENT:
    default:
        return 0;
    }
}

static int read_events(struct reader *reader)
{
    bool is_done = false;
    int err = 0;
    while (err == 0 && !is_done) {
        yaml_event_t event;
        if (!yaml_parser_parse(&reader->parser, &event)) {
            return yaml_syntax_error(reader);
        }
        err = on_event(reader, &event, &is_done);
        yaml_event_delete(&event);
    }
    return err;
}

/* What can be said without parsing: size, NUL, UTF-8. Skips the byte order mark. */
static int check_bytes(struct reader *reader)
{
    struct str text = reader->text;
    struct diags *diags = reader->input->diags;
    if (text.len > reader->limits->max_bytes) {
        diag_add(diags, &value_diags[YAML_TOO_LARGE],
                (struct mark){ reader->input->file, 1, 1 },
                "the file has %zu bytes; at most %zu are read", text.len,
                reader->limits->max_bytes);
        return ERR_LIMIT;
    }
    ptrdiff_t nul = str_find(text, '\0');
    if (nul >= 0) {
        diag_add(diags, &value_diags[YAML_NUL_BYTE], yaml_place(reader, (size_t)nul),
                "the file holds a NUL byte");
        return ERR_PARSE;
    }
    size_t valid = str_utf8_prefix(text);
    if (valid < text.len) {
        diag_add(diags, &value_diags[YAML_NOT_UTF8], yaml_place(reader, valid),
                "the byte 0x%02X is not UTF-8", (unsigned char)text.ptr[valid]);
        return ERR_PARSE;
    }
    if (str_starts_with(text, STR("\xef\xbb\xbf"))) {
        reader->text = str_from_index(text, 3);
    }
    return 0;
}

int yaml_read(const struct yaml_input *input, const struct value **ret_value)
{
    struct reader reader = {
        .input = input,
        .limits = input->limits ? input->limits : &value_limits_default,
        .text = input->text,
    };
    int err = check_bytes(&reader);
    if (err != 0) {
        return err;
    }
    if (!yaml_parser_initialize(&reader.parser)) {
        out_of_memory();
    }
    reader.scratch = arena_new();
    reader.entries.cap = 64;
    reader.entries.items = ARENA_ARRAY(reader.scratch, struct value_entry, reader.entries.cap);
    yaml_parser_set_encoding(&reader.parser, YAML_UTF8_ENCODING);
    const char *bytes = reader.text.len ? reader.text.ptr : "";
    yaml_parser_set_input_string(&reader.parser, (const unsigned char *)bytes, reader.text.len);
    err = read_events(&reader);
    yaml_parser_delete(&reader.parser);
    arena_free(reader.scratch);
    if (err == 0) {
        *ret_value = value_is(reader.root, VALUE_NULL) ? NULL : reader.root;
    }
    return err;
}
