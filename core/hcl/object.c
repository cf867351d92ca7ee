/* SPDX-License-Identifier: Apache-2.0 */
/* Object expressions, pair by pair. */
#include "cursor.h"

/* JSON objects, and those of HCL that are literals, are values already. */
static void from_value(
        const struct hcl_input *input, const struct value *map, struct hcl_body *body)
{
    struct hcl_attribute *attributes =
            ARENA_ARRAY(input->arena, struct hcl_attribute, value_count(map));
    for (size_t i = 0; i < value_count(map); i++) {
        const struct value_entry *entry = &map->as.map.entries[i];
        attributes[i] = (struct hcl_attribute){ .name = entry->key->text,
            .text = value_text(entry->value),
            .value = entry->value,
            .mark = entry->mark };
    }
    *body = (struct hcl_body){ .attributes = attributes, .attribute_count = value_count(map) };
}

static bool read_pair(struct cursor *cursor, struct hcl_attribute *ret_attribute)
{
    struct mark mark = cursor->mark;
    struct str name = STR_EMPTY;
    size_t end = 0;
    if (cursor_peek(cursor, 0) == '"') {
        if (!literal_string(cursor, &name)) {
            return false;
        }
    } else {
        name = cursor_identifier(cursor);
    }
    if (name.len == 0 || cursor_skip_blanks(cursor, false) != 0 ||
            !(cursor_take(cursor, "=") || cursor_take(cursor, ":")) ||
            cursor_skip_blanks(cursor, false) != 0) {
        return false;
    }
    struct cursor begin = *cursor;
    if (expression_skip(cursor, true, &end) != 0) {
        return false;
    }
    *ret_attribute = (struct hcl_attribute){ .name = name,
        .text = str_sub(cursor->text, begin.at, end),
        .value = literal_read(&begin, end),
        .mark = mark };
    return true;
}

bool hcl_object_read(const struct hcl_input *input, const struct hcl_attribute *object,
        struct hcl_body *ret_body)
{
    if (value_is(object->value, VALUE_MAP)) {
        from_value(input, object->value, ret_body);
        return true;
    }
    /* The reader has seen the text before: what is wrong with it now makes it no object, no news. */
    struct diags silent;
    diags_init(&silent, input->arena);
    struct hcl_input own = *input;
    own.diags = &silent;
    struct cursor cursor = { .input = &own, .text = object->text, .mark = object->mark };
    VEC(struct hcl_attribute) attributes = { 0 };
    if (!cursor_take(&cursor, "{")) {
        return false;
    }
    for (;;) {
        do {
            if (cursor_skip_blanks(&cursor, true) != 0) {
                return false;
            }
        } while (cursor_take(&cursor, ","));
        if (cursor_take(&cursor, "}")) {
            break;
        }
        struct hcl_attribute attribute;
        if (!read_pair(&cursor, &attribute)) {
            return false;
        }
        VEC_PUSH(input->arena, &attributes, attribute);
    }
    if (!cursor_is_end(&cursor)) {
        return false;
    }
    *ret_body = (struct hcl_body){ .attributes = attributes.items,
        .attribute_count = attributes.count };
    return true;
}
