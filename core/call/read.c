/* SPDX-License-Identifier: Apache-2.0 */
/* tfa.value/1: reading values by handle. */
#include <math.h>
#include <string.h>

#include "call.h"

/* Gate and handle in one; TFA_E_ABSENT for TFA_NONE. */
static int32_t enter(struct tfa_call *call, const char *function, tfa_val v, uint32_t *ret_slot)
{
    int32_t rc = call_enter(call, SERVICE_VALUE, function);
    return rc == TFA_OK ? handle_slot(call, function, v, ret_slot) : rc;
}

static bool is_unknown(const struct value *value)
{
    return value && (value->flags & VALUE_FUNCTION) != 0;
}

static int32_t kind_of(const struct value *value)
{
    if (value->flags & VALUE_FUNCTION) {
        return TFA_KIND_UNKNOWN;
    }
    switch ((enum value_kind)value->kind) {
    case VALUE_NULL:
        return TFA_KIND_NULL;
    case VALUE_BOOL:
        return TFA_KIND_BOOL;
    case VALUE_INT:
    case VALUE_FLOAT:
        return TFA_KIND_NUMBER;
    case VALUE_STRING:
        return TFA_KIND_STRING;
    case VALUE_LIST:
        return TFA_KIND_LIST;
    case VALUE_MAP:
        return TFA_KIND_MAP;
    }
    return TFA_KIND_UNKNOWN;
}

static int32_t get_kind(struct tfa_call *call, tfa_val v)
{
    uint32_t slot = 0;
    int32_t rc = enter(call, "value.kind", v, &slot);
    if (rc != TFA_OK) {
        return rc == TFA_E_ABSENT ? TFA_KIND_NONE : rc;
    }
    const struct slot *at = call_slot(call, slot);
    if (!at->value) {
        return at->draft->is_map ? TFA_KIND_MAP : TFA_KIND_LIST;
    }
    return kind_of(at->value);
}

static uint64_t count_of(const struct slot *slot)
{
    if (slot->value) {
        return value_count(slot->value);
    }
    return slot->draft->is_map ? slot->draft->map.entries.count : slot->draft->list.count;
}

static uint64_t get_count(struct tfa_call *call, tfa_val v)
{
    uint32_t slot = 0;
    return enter(call, "value.count", v, &slot) == TFA_OK ? count_of(call_slot(call, slot)) : 0;
}

static tfa_val get_by_key(struct tfa_call *call, tfa_val map, struct tfa_str key)
{
    uint32_t slot = 0;
    if (enter(call, "value.get", map, &slot) != TFA_OK || !key.ptr) {
        return TFA_NONE;
    }
    const struct slot *at = call_slot(call, slot);
    if (at->draft) {
        uintptr_t found = (uintptr_t)map_get(&at->draft->map_slots, str_of(key));
        return handle_of_slot(call, (uint32_t)found);
    }
    const struct value_entry *entry = value_entry_get_str(at->value, str_of(key));
    return entry ? handle_child(call, slot, (uint32_t)(entry - at->value->as.map.entries))
                 : TFA_NONE;
}

static tfa_val get_at(struct tfa_call *call, tfa_val container, uint64_t index)
{
    uint32_t slot = 0;
    if (enter(call, "value.at", container, &slot) != TFA_OK ||
            index >= count_of(call_slot(call, slot))) {
        return TFA_NONE;
    }
    return handle_child(call, slot, (uint32_t)index);
}

static int32_t get_key_at(
        struct tfa_call *call, tfa_val map, uint64_t index, struct tfa_str *ret_key)
{
    uint32_t slot = 0;
    int32_t rc = enter(call, "value.key_at", map, &slot);
    if (rc != TFA_OK) {
        return rc;
    }
    const struct slot *at = call_slot(call, slot);
    bool is_map = at->value ? value_is(at->value, VALUE_MAP) : at->draft->is_map;
    if (!is_map) {
        return TFA_E_KIND;
    }
    if (!ret_key) {
        return TFA_E_INVALID;
    }
    if (index >= count_of(at)) {
        return TFA_E_RANGE;
    }
    const struct value_entry *entries =
            at->value ? at->value->as.map.entries : at->draft->map.entries.items;
    *ret_key = tfa_str_from(entries[index].key->text);
    return TFA_OK;
}

static tfa_val get_by_pointer(struct tfa_call *call, tfa_val v, struct tfa_str pointer)
{
    uint32_t slot = 0;
    uint32_t found = 0;
    if (enter(call, "value.find", v, &slot) != TFA_OK || (!pointer.ptr && pointer.len > 0)) {
        return TFA_NONE;
    }
    if (pointer.len == 0) {
        return v;
    }
    return slot_find(call, slot, str_of(pointer), &found) ? handle_of_slot(call, found)
                                                          : TFA_NONE;
}

/* A scalar that is known: the value, or the code to return. */
static int32_t enter_scalar(struct tfa_call *call, const char *function, tfa_val v,
        const void *out, const struct value **ret_value)
{
    uint32_t slot = 0;
    int32_t rc = enter(call, function, v, &slot);
    if (rc != TFA_OK) {
        return rc;
    }
    const struct value *value = call_slot(call, slot)->value;
    if (!value || !value_is_scalar(value)) {
        return TFA_E_KIND;
    }
    if (is_unknown(value)) {
        return TFA_E_UNKNOWN;
    }
    if (!out) {
        return TFA_E_INVALID;
    }
    *ret_value = value;
    return TFA_OK;
}

static int32_t get_string(struct tfa_call *call, tfa_val v, struct tfa_str *ret_text)
{
    const struct value *value = NULL;
    int32_t rc = enter_scalar(call, "value.as_string", v, ret_text, &value);
    if (rc == TFA_OK && !value_is(value, VALUE_STRING)) {
        rc = TFA_E_KIND;
    }
    if (rc == TFA_OK) {
        *ret_text = tfa_str_from(value->as.text);
    }
    return rc;
}

static int32_t enter_number(struct tfa_call *call, const char *function, tfa_val v,
        const void *out, const struct value **ret_value)
{
    int32_t rc = enter_scalar(call, function, v, out, ret_value);
    if (rc == TFA_OK && !value_is(*ret_value, VALUE_INT) &&
            !value_is(*ret_value, VALUE_FLOAT)) {
        rc = TFA_E_KIND;
    }
    return rc;
}

static int32_t get_int(struct tfa_call *call, tfa_val v, int64_t *ret_number)
{
    const struct value *value = NULL;
    double real = 0;
    int32_t rc = enter_number(call, "value.as_int", v, ret_number, &value);
    if (rc != TFA_OK || value_int(value, ret_number)) {
        return rc;
    }
    /* 3.0 and 3e0 are integers too, as far as a double holds them exactly. */
    if (value_is(value, VALUE_FLOAT) && value_float(value, &real) && fabs(real) <= 0x1p53 &&
            !(real < floor(real)) && !(real > floor(real))) {
        *ret_number = (int64_t)real;
        return TFA_OK;
    }
    return TFA_E_RANGE;
}

static int32_t get_double(struct tfa_call *call, tfa_val v, double *ret_number)
{
    const struct value *value = NULL;
    double real = 0;
    int32_t rc = enter_number(call, "value.as_double", v, ret_number, &value);
    if (rc != TFA_OK) {
        return rc;
    }
    if (!value_float(value, &real) || !isfinite(real)) {
        return TFA_E_RANGE;
    }
    *ret_number = real;
    return TFA_OK;
}

static int32_t get_bool(struct tfa_call *call, tfa_val v, int32_t *ret_truth)
{
    const struct value *value = NULL;
    int32_t rc = enter_scalar(call, "value.as_bool", v, ret_truth, &value);
    if (rc == TFA_OK && !value_is(value, VALUE_BOOL)) {
        rc = TFA_E_KIND;
    }
    if (rc == TFA_OK) {
        *ret_truth = value_bool(value, false) ? 1 : 0;
    }
    return rc;
}

static int32_t get_text(struct tfa_call *call, tfa_val v, struct tfa_str *ret_text)
{
    const struct value *value = NULL;
    int32_t rc = enter_scalar(call, "value.text", v, ret_text, &value);
    if (rc == TFA_OK) {
        *ret_text = tfa_str_from(value_text(value));
    }
    return rc;
}

/* A function tag is kept as the first word of the text. */
static int32_t get_tag(struct tfa_call *call, tfa_val v, struct tfa_str *ret_tag)
{
    uint32_t slot = 0;
    int32_t rc = enter(call, "value.tag", v, &slot);
    if (rc != TFA_OK) {
        return rc;
    }
    const struct value *value = call_slot(call, slot)->value;
    if (!is_unknown(value) || !ret_tag) {
        return TFA_E_ABSENT;
    }
    struct str text = value_text(value);
    ptrdiff_t end = str_find(text, ' ');
    *ret_tag = tfa_str_from(end < 0 ? text : str_sub(text, 0, (size_t)end));
    return TFA_OK;
}

static const struct tfa_mark *get_mark(struct tfa_call *call, tfa_val v)
{
    uint32_t slot = 0;
    if (enter(call, "value.mark", v, &slot) != TFA_OK) {
        return NULL;
    }
    const struct value *value = call_slot(call, slot)->value;
    if (!value || value->mark.line == 0) {
        return NULL;
    }
    struct tfa_mark *mark = ARENA_NEW(call->scratch, struct tfa_mark);
    *mark = (struct tfa_mark){ .struct_size = sizeof(*mark),
        .line = value->mark.line,
        .column = value->mark.column,
        .file = tfa_str_from(sources_path(call->run->sources, value->mark.file)) };
    return mark;
}

static int32_t get_sensitive(struct tfa_call *call, tfa_val v)
{
    const struct value *value = NULL;
    int32_t rc = call_enter(call, SERVICE_VALUE, "value.is_sensitive");
    if (rc == TFA_OK) {
        rc = handle_value(call, "value.is_sensitive", v, &value);
    }
    if (rc != TFA_OK) {
        return rc == TFA_E_ABSENT ? 0 : rc;
    }
    return value_has_sensitive(value) ? 1 : 0;
}

/* ---- equality: by meaning; unknown parts leave it open ---- */

static int32_t compare(const struct value *a, const struct value *b);

static int32_t compare_numbers(const struct value *a, const struct value *b)
{
    int64_t x = 0;
    int64_t y = 0;
    double u = 0;
    double v = 0;
    if (value_int(a, &x) && value_int(b, &y)) {
        return x == y;
    }
    if (value_is(a, VALUE_INT) && value_is(b, VALUE_INT)) {
        return value_equal(a, b);
    }
    return value_float(a, &u) && value_float(b, &v) && !(u < v) && !(u > v);
}

static int32_t compare_maps(const struct value *a, const struct value *b)
{
    int32_t result = 1;
    if (value_count(a) != value_count(b)) {
        return 0;
    }
    for (size_t i = 0; i < a->as.map.count; i++) {
        const struct value *other = value_get_str(b, a->as.map.entries[i].key->text);
        int32_t same = other ? compare(a->as.map.entries[i].value, other) : 0;
        if (same == 0) {
            return 0;
        }
        result = same < 0 ? same : result;
    }
    return result;
}

static int32_t compare(const struct value *a, const struct value *b)
{
    if (!a || !b) {
        return a == b;
    }
    if (is_unknown(a) || is_unknown(b)) {
        return TFA_E_UNKNOWN;
    }
    int32_t kind = kind_of(a);
    if (kind != kind_of(b)) {
        return 0;
    }
    if (kind == TFA_KIND_NUMBER) {
        return compare_numbers(a, b);
    }
    if (kind == TFA_KIND_MAP) {
        return compare_maps(a, b);
    }
    if (kind != TFA_KIND_LIST) {
        return value_equal(a, b);
    }
    int32_t result = 1;
    if (value_count(a) != value_count(b)) {
        return 0;
    }
    for (size_t i = 0; i < value_count(a); i++) {
        int32_t same = compare(a->as.list.items[i], b->as.list.items[i]);
        if (same == 0) {
            return 0;
        }
        result = same < 0 ? same : result;
    }
    return result;
}

static int32_t get_equal(struct tfa_call *call, tfa_val a, tfa_val b)
{
    const struct value *x = NULL;
    const struct value *y = NULL;
    int32_t rc = call_enter(call, SERVICE_VALUE, "value.equal");
    if (rc != TFA_OK) {
        return rc;
    }
    rc = handle_value(call, "value.equal", a, &x);
    if (rc == TFA_OK || rc == TFA_E_ABSENT) {
        rc = handle_value(call, "value.equal", b, &y);
    }
    if (rc != TFA_OK && rc != TFA_E_ABSENT) {
        return rc;
    }
    return compare(x, y);
}

static bool has_unknown(const struct value *value)
{
    if (is_unknown(value)) {
        return true;
    }
    for (size_t i = 0; i < value_count(value); i++) {
        const struct value *part = value_is(value, VALUE_MAP) ? value->as.map.entries[i].value
                                                              : value_at(value, i);
        if (has_unknown(part)) {
            return true;
        }
    }
    return false;
}

static int32_t get_json(struct tfa_call *call, tfa_val v, struct tfa_str *ret_json)
{
    const struct value *value = NULL;
    int32_t rc = call_enter(call, SERVICE_VALUE, "value.to_json");
    if (rc == TFA_OK) {
        rc = handle_value(call, "value.to_json", v, &value);
    }
    if (rc != TFA_OK) {
        return rc;
    }
    if (!ret_json) {
        return TFA_E_INVALID;
    }
    if (has_unknown(value)) {
        return TFA_E_UNKNOWN;
    }
    AUTO_BUF out = BUF_INIT(CALL_MEMORY_MAX);
    json_write(&out, value, JSON_COMPACT);
    if (out.is_full || out.len > CALL_MEMORY_MAX - call->allocated_bytes) {
        return TFA_E_MEMORY;
    }
    call->allocated_bytes += out.len;
    *ret_json = tfa_str_from(arena_dup(call->scratch, buf_str(&out)));
    return TFA_OK;
}

const struct tfa_value_v1 call_value_v1 = { get_kind, get_count, get_by_key, get_at, get_key_at,
    get_by_pointer, get_string, get_int, get_double, get_bool, get_text, get_tag, get_mark,
    get_sensitive, get_equal, get_json };
