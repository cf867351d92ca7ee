/* SPDX-License-Identifier: Apache-2.0 */
/* A map as blocks and attributes of HCL. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "layout.h"

/* Where a map stands decides what maps in it are. */
enum place {
    PLACE_FILE, /* of a file, and in blocks nothing is known about */
    PLACE_BLOCKS, /* every map is a block without labels */
    PLACE_VALUES, /* every map is a value */
    PLACE_TERRAFORM,
    PLACE_BACKEND,
    PLACE_VARIABLE,
    PLACE_OUTPUT,
    PLACE_RESOURCE
};

/* A map, or a list of maps, of this name becomes one block for each, below as many levels of labels. */
struct block_rule {
    enum place place;
    const char *type;
    unsigned label_count;
    enum place inside;
};

static const struct block_rule block_rules[] = {
    { PLACE_FILE, "data", 2, PLACE_RESOURCE },
    { PLACE_FILE, "ephemeral", 2, PLACE_RESOURCE },
    { PLACE_FILE, "locals", 0, PLACE_VALUES },
    { PLACE_FILE, "module", 1, PLACE_VALUES },
    { PLACE_FILE, "output", 1, PLACE_OUTPUT },
    { PLACE_FILE, "provider", 1, PLACE_BLOCKS },
    { PLACE_FILE, "resource", 2, PLACE_RESOURCE },
    { PLACE_FILE, "terraform", 0, PLACE_TERRAFORM },
    { PLACE_FILE, "variable", 1, PLACE_VARIABLE },
    { PLACE_TERRAFORM, "backend", 1, PLACE_BACKEND },
    { PLACE_TERRAFORM, "cloud", 0, PLACE_BLOCKS },
    { PLACE_TERRAFORM, "provider_meta", 1, PLACE_BLOCKS },
    { PLACE_TERRAFORM, "required_providers", 0, PLACE_VALUES },
    { PLACE_BACKEND, "workspaces", 0, PLACE_VALUES },
    { PLACE_VARIABLE, "validation", 0, PLACE_VALUES },
    { PLACE_OUTPUT, "precondition", 0, PLACE_VALUES },
    { PLACE_RESOURCE, "provisioner", 1, PLACE_BLOCKS },
};

enum {
    LABELS_MAX = 2
};

struct writer {
    struct layout layout;
    struct arena *arena;
    struct hcl_fault *fault;
};

/* The chain of labels of a block, outermost first. */
struct head {
    struct str type;
    struct str labels[LABELS_MAX];
    unsigned label_count;
};

static int refuse(struct writer *writer, struct mark mark, int code, struct str what)
{
    *writer->fault = (struct hcl_fault){ .mark = mark, .what = what };
    return code;
}

/* ---- names and texts ---- */

static bool is_letter(char byte)
{
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || byte == '_';
}

static bool is_digit(char byte)
{
    return byte >= '0' && byte <= '9';
}

/* Letters beyond ASCII are let through where `is_wide`: Terraform knows which of them are letters. */
static bool is_identifier(struct str name, bool is_wide)
{
    for (size_t i = 0; i < name.len; i++) {
        char byte = name.ptr[i];
        bool is_inner = i > 0 && (is_digit(byte) || byte == '-');
        if (!is_letter(byte) && !is_inner && !(is_wide && (unsigned char)byte >= 0x80)) {
            return false;
        }
    }
    return name.len > 0;
}

/* C1 controls, the line separators of Unicode, zero-width blanks and the byte order mark. */
static bool is_invisible(uint32_t code)
{
    return (code >= 0x80 && code < 0xa0) || code == 0xad || code == 0xfeff ||
           (code >= 0x200b && code <= 0x200f) || (code >= 0x2028 && code <= 0x202e);
}

static uint32_t code_point_at(struct str text, size_t at, size_t *ret_length)
{
    unsigned char first = (unsigned char)text.ptr[at];
    size_t length = first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
    uint32_t code = length == 1 ? first : first & (0xffu >> (length + 1));
    for (size_t i = 1; i < length && at + i < text.len; i++) {
        code = code << 6 | ((unsigned char)text.ptr[at + i] & 0x3fu);
    }
    *ret_length = length;
    return code;
}

static void add_escaped(struct buf *out, struct str text)
{
    static const char names[] = "n\nr\rt\t\"\"\\\\";
    for (size_t at = 0, length = 1; at < text.len; at += length) {
        char byte = text.ptr[at];
        uint32_t code = code_point_at(text, at, &length);
        const char *name = NULL;
        for (size_t i = 0; !name && i + 1 < sizeof(names); i += 2) {
            name = byte == names[i + 1] ? &names[i] : NULL;
        }
        if (name) {
            buf_addf(out, "\\%c", *name);
        } else if (byte == '$' || byte == '%') {
            /* "${" and "%{" begin a template: doubled, they are text. */
            bool is_template = at + 1 < text.len && text.ptr[at + 1] == '{';
            buf_add_repeated(out, byte, is_template ? 2 : 1);
        } else if (code < 0x20 || code == 0x7f || is_invisible(code)) {
            buf_addf(out, "\\u%04x", (unsigned)code);
        } else {
            buf_add(out, str_sub(text, at, at + length));
        }
    }
}

static void write_string(struct writer *writer, struct str text)
{
    struct buf *out = &writer->layout.text;
    buf_add_byte(out, '"');
    add_escaped(out, text);
    buf_add_byte(out, '"');
}

/* ---- values ---- */

static int cmp_entries(const void *a, const void *b)
{
    const struct value_entry *const *left = a;
    const struct value_entry *const *right = b;
    return str_cmp((*left)->key->text, (*right)->key->text);
}

/* The entries of a map in byte order of their keys, so that equal maps give equal text. */
static const struct value_entry **sorted(struct writer *writer, const struct value *map)
{
    size_t count = value_count(map);
    const struct value_entry **entries =
            ARENA_ARRAY(writer->arena, const struct value_entry *, count);
    for (size_t i = 0; i < count; i++) {
        entries[i] = &map->as.map.entries[i];
    }
    if (count > 0) {
        qsort(entries, count, sizeof(*entries), cmp_entries);
    }
    return entries;
}

static int write_value(struct writer *writer, const struct value *value, size_t depth);

static int write_list(struct writer *writer, const struct value *list, size_t depth)
{
    int code = 0;
    layout_open(&writer->layout, '[');
    for (size_t i = 0; code == 0 && i < value_count(list); i++) {
        layout_add(&writer->layout, i > 0 ? STR(", ") : STR_EMPTY);
        code = write_value(writer, value_at(list, i), depth);
    }
    layout_close(&writer->layout, ']');
    return code;
}

/* "{ for" would begin a for expression. */
static bool is_plain_key(struct str key)
{
    return is_identifier(key, false) && !str_eq(key, STR("for"));
}

static int write_object(struct writer *writer, const struct value *map, size_t depth)
{
    struct layout *layout = &writer->layout;
    const struct value_entry **entries = sorted(writer, map);
    int code = 0;
    layout_open(layout, '{');
    for (size_t i = 0; code == 0 && i < value_count(map); i++) {
        struct str key = entries[i]->key->text;
        layout_end_line(layout);
        if (is_plain_key(key)) {
            layout_add(layout, key);
        } else {
            write_string(writer, key);
        }
        layout_assign(layout);
        code = write_value(writer, entries[i]->value, depth);
    }
    if (value_count(map) > 0) {
        layout_end_line(layout);
    }
    layout_close(layout, '}');
    return code;
}

static int write_value(struct writer *writer, const struct value *value, size_t depth)
{
    double number = 0;
    if (depth >= HCL_MAX_DEPTH) {
        return refuse(writer, value->mark, ERR_LIMIT, STR("is nested more than 100 deep"));
    }
    if (value_is(value, VALUE_MAP)) {
        return write_object(writer, value, depth + 1);
    }
    if (value_is(value, VALUE_LIST)) {
        return write_list(writer, value, depth + 1);
    }
    if (value_is(value, VALUE_STRING)) {
        write_string(writer, value_text(value));
        return 0;
    }
    if (value_is(value, VALUE_FLOAT) && value_float(value, &number) && !isfinite(number)) {
        return refuse(writer, value->mark, ERR_INVALID,
                STR("holds .inf or .nan, which are no numbers of HCL"));
    }
    json_write(&writer->layout.text, value, JSON_COMPACT);
    return 0;
}

/* ---- types of variables ---- */

/* Whether the text of `type` is a type as Terraform writes them, and no other text: it must stand without
 * quotes, which would make it a text that Terraform refuses. */
static bool is_type(struct str text)
{
    static const char *const names[] = { "any", "bool", "list", "map", "number", "object",
        "set", "string", "tuple" };
    static const char marks[] = " \t\r\n,.=(){}[]\"-";
    size_t end = 0;
    while (end < text.len && is_letter(text.ptr[end])) {
        end++;
    }
    bool is_known = false;
    for (size_t i = 0; !is_known && i < sizeof(names) / sizeof(names[0]); i++) {
        is_known = str_eq_cstr(str_sub(text, 0, end), names[i]);
    }
    int open = 0;
    bool is_quoted = false;
    for (size_t i = 0; is_known && i < text.len; i++) {
        char byte = text.ptr[i];
        is_known = is_letter(byte) || is_digit(byte) || (byte && strchr(marks, byte));
        is_quoted = is_quoted != (byte == '"');
        if (!is_quoted && (byte == '(' || byte == '{' || byte == '[')) {
            open++;
        } else if (!is_quoted && (byte == ')' || byte == '}' || byte == ']')) {
            is_known = is_known && --open >= 0;
        }
        is_known = is_known && !(is_quoted && byte == '\n');
    }
    return is_known && open == 0 && !is_quoted;
}

static void write_type_line(struct layout *layout, struct str line)
{
    bool is_quoted = false;
    for (size_t i = 0; i < line.len; i++) {
        char byte = line.ptr[i];
        is_quoted = is_quoted != (byte == '"');
        if (!is_quoted && (byte == '(' || byte == '{' || byte == '[')) {
            layout_open(layout, byte);
        } else if (!is_quoted && (byte == ')' || byte == '}' || byte == ']')) {
            layout_close(layout, byte);
        } else {
            layout_add(layout, str_sub(line, i, i + 1));
        }
    }
}

/* Of several lines, what stands before "=" is aligned as in any other text. */
static void write_type(struct layout *layout, struct str text)
{
    bool more = true;
    bool is_first = true;
    struct str line;
    while (str_split(&text, &more, '\n', &line)) {
        line = str_trim(line);
        ptrdiff_t equals = is_first ? -1 : str_find(line, '=');
        if (!is_first) {
            layout_end_line(layout);
        }
        if (equals > 0) {
            write_type_line(layout, str_trim(str_sub(line, 0, (size_t)equals)));
            layout_assign(layout);
            line = str_trim(str_from_index(line, (size_t)equals + 1));
        }
        write_type_line(layout, line);
        is_first = false;
    }
}

/* ---- blocks ---- */

static const struct block_rule *find_rule(enum place place, struct str type)
{
    for (size_t i = 0; i < sizeof(block_rules) / sizeof(block_rules[0]); i++) {
        if (block_rules[i].place == place && str_eq_cstr(type, block_rules[i].type)) {
            return &block_rules[i];
        }
    }
    return NULL;
}

static bool is_map_list(const struct value *value)
{
    size_t maps = 0;
    for (size_t i = 0; value_is(value, VALUE_LIST) && i < value_count(value); i++) {
        maps += value_is(value_at(value, i), VALUE_MAP);
    }
    return maps > 0 && maps == value_count(value);
}

static int write_body(
        struct writer *writer, const struct value *map, enum place place, size_t depth);

static int write_block(struct writer *writer, const struct head *head, const struct value *map,
        enum place inside, size_t depth)
{
    struct layout *layout = &writer->layout;
    if (depth >= HCL_MAX_DEPTH) {
        return refuse(writer, map->mark, ERR_LIMIT, STR("is nested more than 100 deep"));
    }
    layout_add(layout, head->type);
    for (unsigned i = 0; i < head->label_count; i++) {
        layout_add(layout, STR(" "));
        write_string(writer, head->labels[i]);
    }
    layout_add(layout, STR(" "));
    layout_open(layout, '{');
    layout_end_line(layout);
    int code = write_body(writer, map, inside, depth + 1);
    layout_close(layout, '}');
    layout_end_line(layout);
    return code;
}

/* A block, one for each item of a list, or those below each label that is still missing. */
static int write_blocks(struct writer *writer, const struct head *head,
        const struct block_rule *rule, const struct value *value, size_t depth)
{
    int code = 0;
    bool is_list = is_map_list(value);
    if (!is_list && !value_is(value, VALUE_MAP)) {
        struct str name =
                head->label_count > 0 ? head->labels[head->label_count - 1] : head->type;
        return refuse(writer, value->mark, ERR_INVALID,
                arena_printf(writer->arena, "has \"%.*s\" that is no map: a block of \"%.*s\"",
                        STR_ARG(name), STR_ARG(head->type)));
    }
    for (size_t i = 0; is_list && code == 0 && i < value_count(value); i++) {
        code = write_blocks(writer, head, rule, value_at(value, i), depth);
    }
    if (is_list || head->label_count == rule->label_count) {
        return is_list ? code : write_block(writer, head, value, rule->inside, depth);
    }
    const struct value_entry **entries = sorted(writer, value);
    for (size_t i = 0; code == 0 && i < value_count(value); i++) {
        struct head deeper = *head;
        deeper.labels[deeper.label_count++] = entries[i]->key->text;
        code = write_blocks(writer, &deeper, rule, entries[i]->value, depth);
    }
    return code;
}

static bool has_blocks(enum place place)
{
    return place == PLACE_FILE || place == PLACE_BLOCKS || place == PLACE_TERRAFORM ||
           place == PLACE_RESOURCE;
}

static int write_attribute(
        struct writer *writer, const struct value_entry *entry, enum place place, size_t depth)
{
    struct layout *layout = &writer->layout;
    struct str type = str_trim(value_string(entry->value));
    int code = 0;
    layout_add(layout, entry->key->text);
    layout_assign(layout);
    if (place == PLACE_VARIABLE && str_eq(entry->key->text, STR("type")) && is_type(type)) {
        write_type(layout, type);
    } else {
        code = write_value(writer, entry->value, depth);
    }
    layout_end_line(layout);
    return code;
}

static int write_entry(
        struct writer *writer, const struct value_entry *entry, enum place place, size_t depth)
{
    struct head head = { .type = entry->key->text };
    const struct block_rule *rule = find_rule(place, head.type);
    bool is_map = value_is(entry->value, VALUE_MAP);
    if (!is_identifier(head.type, true)) {
        return refuse(writer, entry->mark, ERR_INVALID,
                arena_printf(writer->arena,
                        "has \"%.*s\" as the name of a block or an argument: HCL takes "
                        "letters, "
                        "digits, \"_\" and \"-\" only",
                        STR_ARG(head.type)));
    }
    if (rule && (is_map || is_map_list(entry->value))) {
        return write_blocks(writer, &head, rule, entry->value, depth);
    }
    if (is_map && has_blocks(place)) {
        enum place inside = place == PLACE_FILE ? PLACE_FILE : PLACE_BLOCKS;
        return write_block(writer, &head, entry->value, inside, depth);
    }
    return write_attribute(writer, entry, place, depth);
}

static int write_body(
        struct writer *writer, const struct value *map, enum place place, size_t depth)
{
    const struct value_entry **entries = sorted(writer, map);
    int code = 0;
    for (size_t i = 0; code == 0 && i < value_count(map); i++) {
        code = write_entry(writer, entries[i], place, depth);
    }
    return code;
}

int hcl_write(struct arena *arena, struct buf *out, const struct value *map, enum hcl_form form,
        struct hcl_fault *ret_fault)
{
    struct writer writer = { .arena = arena, .fault = ret_fault };
    layout_init(&writer.layout, arena, out->max);
    int code = write_body(&writer, map, form == HCL_VALUES ? PLACE_VALUES : PLACE_FILE, 0);
    if (code == 0) {
        layout_write(&writer.layout, out);
    }
    layout_clear(&writer.layout);
    return code;
}
