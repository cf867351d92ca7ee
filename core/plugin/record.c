/* SPDX-License-Identifier: Apache-2.0 */
/* Reads line records as hostile text. */
#include "record.h"

#include <string.h>

enum {
    LINE_MAX_BYTES = 512
};

bool is_key_id(struct str value)
{
    return is_hex(value, 16);
}

bool is_digest(struct str value)
{
    return is_hex(value, 64);
}

bool is_signature(struct str value)
{
    return is_hex(value, 128);
}

bool is_instant(struct str value)
{
    int64_t time_s;
    return instant_read(value, false, &time_s);
}

bool is_number(struct str value)
{
    uint64_t number;
    return str_to_u64(value, &number) && value.ptr[0] != '+' &&
           (value.ptr[0] != '0' || value.len == 1);
}

bool is_record_text(struct str value)
{
    for (size_t i = 0; i < value.len; i++) {
        if (value.ptr[i] < ' ' || value.ptr[i] > '~') {
            return false;
        }
    }
    return value.len > 0 && value.len < LINE_MAX_BYTES && value.ptr[0] != ' ' &&
           value.ptr[value.len - 1] != ' ';
}

/* Cuts "name: value\n" off the text. */
static bool take_line(struct str *rest, struct record_line *ret_line)
{
    ptrdiff_t end = str_find(*rest, '\n');
    if (end < 0) {
        return false;
    }
    struct str line = str_sub(*rest, 0, (size_t)end);
    ptrdiff_t colon = str_find(line, ':');
    if (colon < 0 || !is_record_text(line) || (size_t)colon + 2 >= line.len ||
            line.ptr[colon + 1] != ' ') {
        return false;
    }
    ret_line->name = str_sub(line, 0, (size_t)colon);
    ret_line->value = str_from_index(line, (size_t)colon + 2);
    *rest = str_from_index(*rest, (size_t)end + 1);
    return is_record_text(ret_line->value);
}

/* Matches the lines to the fields in order, each as often as it may. */
static struct str judge_lines(
        struct arena *arena, const struct record *record, const struct record_field *fields)
{
    size_t at = 0;
    for (const struct record_field *field = fields; field->name; field++) {
        size_t times = 0;
        while (at < record->count && times < field->max &&
                str_eq_cstr(record->lines[at].name, field->name)) {
            if (!field->is_valid(record->lines[at].value)) {
                return arena_printf(arena, "has a `%s` that is not valid", field->name);
            }
            at++;
            times++;
        }
        if (times < field->min) {
            return arena_printf(arena, "has no `%s` where one belongs", field->name);
        }
    }
    return at == record->count ? STR_EMPTY
                               : arena_printf(arena, "has a line too much: `%.*s`",
                                         STR_ARG(record->lines[at].name));
}

static int refuse(struct str reason, struct str *ret_reason)
{
    *ret_reason = reason;
    return ERR_PARSE;
}

int record_read(struct arena *arena, struct str text, struct str heading,
        const struct record_field *fields, struct record *ret_record, struct str *ret_reason)
{
    struct record record = { .signed_part = text };
    struct str rest = text;
    size_t capacity = 0;
    if (!str_starts_with(text, heading) || text.len == heading.len ||
            text.ptr[heading.len] != '\n') {
        return refuse(
                arena_printf(arena, "does not begin with the line `%.*s`", STR_ARG(heading)),
                ret_reason);
    }
    rest = str_from_index(rest, heading.len + 1);
    for (size_t i = 0; i < rest.len; i++) {
        capacity += rest.ptr[i] == '\n';
    }
    record.lines = ARENA_ARRAY(arena, struct record_line, capacity + 1);
    while (rest.len > 0) {
        size_t begin = (size_t)(rest.ptr - text.ptr);
        struct record_line line;
        if (!take_line(&rest, &line)) {
            return refuse(arena_printf(arena, "has a line %zu that is not `name: value`",
                                  record.count + 2),
                    ret_reason);
        }
        if (str_eq(line.name, STR("signature"))) {
            record.signed_part = str_sub(text, 0, begin);
        }
        record.lines[record.count++] = line;
    }
    struct str reason = judge_lines(arena, &record, fields);
    if (reason.len > 0) {
        return refuse(reason, ret_reason);
    }
    *ret_record = record;
    return 0;
}

bool record_next(
        const struct record *record, const char *name, size_t *index, struct str *ret_value)
{
    for (; *index < record->count; *index += 1) {
        if (str_eq_cstr(record->lines[*index].name, name)) {
            *ret_value = record->lines[*index].value;
            *index += 1;
            return true;
        }
    }
    return false;
}

struct str record_value(const struct record *record, const char *name)
{
    struct str value = STR_EMPTY;
    size_t index = 0;
    (void)record_next(record, name, &index, &value);
    return value;
}

void record_add(struct buf *text, const char *name, struct str value)
{
    buf_addf(text, "%s: %.*s\n", name, STR_ARG(value));
}

void record_sign(struct arena *arena, struct buf *text, const struct crypto_library *crypto,
        const struct private_key *key)
{
    struct signature signature = private_key_sign(crypto, key, buf_str(text));
    record_add(text, "signature", hex_write(arena, signature.bytes, sizeof(signature.bytes)));
}

bool record_is_signed_by(const struct record *record, const struct crypto_library *crypto,
        const struct public_key *key)
{
    struct signature signature;
    return hex_read(record_value(record, "signature"), signature.bytes,
                   sizeof(signature.bytes)) &&
           signature_holds(crypto, key, record->signed_part, &signature);
}
