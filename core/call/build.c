/* SPDX-License-Identifier: Apache-2.0 */
/* tfa.build/1: values made by plugins. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "call.h"

enum {
    JSON_MAX_BYTES = 16 << 20,
    JSON_MAX_DEPTH = 128
};

/* The first failure decides; what the callback returns is then discarded. */
static int32_t fail(struct tfa_call *call, const char *function, int32_t code, const char *why)
{
    if (call->broken == TFA_OK) {
        call->broken = code;
        call->broken_why = arena_printf(call->run->arena, "%s: %s", function, why);
    }
    return code;
}

static int32_t enter(struct tfa_call *call, const char *function)
{
    int32_t rc = call_enter(call, SERVICE_BUILD, function);
    if (rc == TFA_E_PHASE) {
        (void)fail(call, function, rc, "not allowed in this phase");
    }
    return rc;
}

static tfa_val add(struct tfa_call *call, const struct value *value)
{
    return handle_made(call, value, 0);
}

static tfa_val make_map(struct tfa_call *call)
{
    return enter(call, "build.map") == TFA_OK ? handle_draft(call, true) : TFA_NONE;
}

static tfa_val make_list(struct tfa_call *call)
{
    return enter(call, "build.list") == TFA_OK ? handle_draft(call, false) : TFA_NONE;
}

static tfa_val make_null(struct tfa_call *call)
{
    return enter(call, "build.null") == TFA_OK
                   ? add(call, value_null(call->run->arena, MARK_NONE))
                   : TFA_NONE;
}

static tfa_val make_boolean(struct tfa_call *call, int32_t truth)
{
    return enter(call, "build.boolean") == TFA_OK
                   ? add(call, value_bool_new(call->run->arena, truth != 0, MARK_NONE))
                   : TFA_NONE;
}

static tfa_val make_integer(struct tfa_call *call, int64_t number)
{
    return enter(call, "build.integer") == TFA_OK
                   ? add(call, value_int_new(call->run->arena, number, MARK_NONE))
                   : TFA_NONE;
}

/* Digits from `*at` on; false when there is none. */
static bool skip_digits(struct str text, size_t *at)
{
    size_t start = *at;
    while (*at < text.len && text.ptr[*at] >= '0' && text.ptr[*at] <= '9') {
        (*at)++;
    }
    return *at > start;
}

/* The grammar of JSON numbers; tells whether it is written as an integer. */
static bool is_json_number(struct str text, bool *ret_is_integer)
{
    size_t at = text.len > 0 && text.ptr[0] == '-' ? 1 : 0;
    size_t first = at;
    *ret_is_integer = true;
    if (!skip_digits(text, &at) || (text.ptr[first] == '0' && at > first + 1)) {
        return false;
    }
    if (at < text.len && text.ptr[at] == '.') {
        *ret_is_integer = false;
        at++;
        if (!skip_digits(text, &at)) {
            return false;
        }
    }
    if (at < text.len && (text.ptr[at] == 'e' || text.ptr[at] == 'E')) {
        *ret_is_integer = false;
        at++;
        if (at < text.len && (text.ptr[at] == '+' || text.ptr[at] == '-')) {
            at++;
        }
        if (!skip_digits(text, &at)) {
            return false;
        }
    }
    return at == text.len && text.len < 1024;
}

static tfa_val add_number(struct tfa_call *call, const char *function, struct str text)
{
    bool is_integer = false;
    if (!is_json_number(text, &is_integer)) {
        (void)fail(call, function, TFA_E_INVALID, "not a JSON number");
        return TFA_NONE;
    }
    return add(call, value_scalar_new(call->run->arena, is_integer ? VALUE_INT : VALUE_FLOAT,
                             text, MARK_NONE));
}

static tfa_val make_real(struct tfa_call *call, double number)
{
    char text[40] = "";
    if (enter(call, "build.real") != TFA_OK) {
        return TFA_NONE;
    }
    if (!isfinite(number)) {
        (void)fail(call, "build.real", TFA_E_INVALID, "the number is not finite");
        return TFA_NONE;
    }
    /* The shortest text that reads back as the same number. The process keeps the C locale. */
    for (int digits = 1; digits <= 17; digits++) {
        (void)snprintf(text, sizeof(text), "%.*g", digits, number);
        double back = strtod(text, NULL);
        if (!(back < number) && !(back > number)) {
            break;
        }
    }
    return add_number(call, "build.real", str_from(text));
}

static tfa_val make_number(struct tfa_call *call, struct tfa_str text)
{
    if (enter(call, "build.number") != TFA_OK) {
        return TFA_NONE;
    }
    return add_number(call, "build.number", is_good_text(text) ? str_of(text) : STR_EMPTY);
}

static tfa_val make_string(struct tfa_call *call, struct tfa_str text)
{
    if (enter(call, "build.string") != TFA_OK) {
        return TFA_NONE;
    }
    if (!is_good_text(text)) {
        (void)fail(call, "build.string", TFA_E_INVALID, "the text is not UTF-8");
        return TFA_NONE;
    }
    return add(call, value_string_new(call->run->arena, str_of(text), MARK_NONE));
}

/* What set and append have in common. *ret_entry is 0 when there is nothing to put. */
static int32_t enter_put(struct tfa_call *call, const char *function, tfa_val container,
        tfa_val v, bool is_map, uint32_t *ret_container, uint32_t *ret_entry)
{
    int32_t rc = enter(call, function);
    if (rc != TFA_OK) {
        return rc;
    }
    rc = handle_slot(call, function, container, ret_container);
    if (rc != TFA_OK) {
        return fail(call, function, rc, "there is no such container");
    }
    rc = handle_slot(call, function, v, ret_entry);
    if (rc == TFA_E_ABSENT) {
        *ret_entry = 0;
        return TFA_OK;
    }
    if (rc != TFA_OK) {
        return fail(call, function, rc, "stale handle");
    }
    const struct slot *slot = call_slot(call, *ret_container);
    bool is_kind = slot->value ? value_is(slot->value, is_map ? VALUE_MAP : VALUE_LIST)
                               : slot->draft->is_map == is_map;
    if (!is_kind) {
        return fail(call, function, TFA_E_KIND, "the container is of another kind");
    }
    if (slot->value) {
        return fail(call, function, TFA_E_FROZEN, "the container is frozen");
    }
    if (*ret_container == *ret_entry) {
        return fail(call, function, TFA_E_INVALID, "a container cannot hold itself");
    }
    uint32_t depth = call_slot(call, *ret_entry)->depth + 1;
    if (depth > CALL_DEPTH_MAX) {
        return fail(call, function, TFA_E_LIMIT, "containers are nested too deeply");
    }
    if (depth > slot->depth) {
        call_slot(call, *ret_container)->depth = depth;
    }
    return TFA_OK;
}

static int32_t put_key(struct tfa_call *call, tfa_val map, struct tfa_str key, tfa_val v)
{
    uint32_t container = 0;
    uint32_t entry = 0;
    int32_t rc = enter_put(call, "build.set", map, v, true, &container, &entry);
    if (rc != TFA_OK || entry == 0) {
        return rc;
    }
    if (!key.ptr || !is_good_text(key)) {
        return fail(call, "build.set", TFA_E_INVALID, "the key is not UTF-8");
    }
    const struct value *value = slot_freeze(call, entry);
    struct draft *draft = call_slot(call, container)->draft;
    value_builder_set(&draft->map, key_of(call->run->keys, str_of(key)), value, value->mark);
    (void)map_put(call->scratch, &draft->map_slots, str_of(key), (void *)(uintptr_t)entry);
    return TFA_OK;
}

static int32_t put_last(struct tfa_call *call, tfa_val list, tfa_val v)
{
    uint32_t container = 0;
    uint32_t entry = 0;
    int32_t rc = enter_put(call, "build.append", list, v, false, &container, &entry);
    if (rc != TFA_OK || entry == 0) {
        return rc;
    }
    const struct value *value = slot_freeze(call, entry);
    struct draft *draft = call_slot(call, container)->draft;
    if (draft->list.count >= CALL_VALUE_MAX) {
        return fail(call, "build.append", TFA_E_LIMIT, "the list is too long");
    }
    VEC_PUSH(call->run->arena, &draft->list, value);
    VEC_PUSH(call->scratch, &draft->list_slots, entry);
    return TFA_OK;
}

/* A copy with everything below marked; NULL when that is too much. */
static const struct value *mark_sensitive(struct tfa_call *call, const struct value *value)
{
    struct arena *arena = call->run->arena;
    uint8_t flags = (uint8_t)(value->flags | VALUE_SENSITIVE);
    if (++call->copied_count > CALL_VALUE_MAX) {
        return NULL;
    }
    if (value_is(value, VALUE_MAP)) {
        struct value_builder builder;
        value_builder_init(&builder, arena, value->mark);
        for (size_t i = 0; i < value->as.map.count; i++) {
            const struct value_entry *entry = &value->as.map.entries[i];
            const struct value *copy = mark_sensitive(call, entry->value);
            if (!copy) {
                return NULL;
            }
            value_builder_add(&builder, entry->key, copy, entry->mark);
        }
        return value_with_flags(arena, value_builder_map(&builder), flags);
    }
    if (value_is(value, VALUE_LIST)) {
        size_t count = value_count(value);
        const struct value **items = ARENA_ARRAY(arena, const struct value *, count + 1);
        for (size_t i = 0; i < count; i++) {
            items[i] = mark_sensitive(call, value_at(value, i));
            if (!items[i]) {
                return NULL;
            }
        }
        return value_with_flags(arena, value_list_new(arena, items, count, value->mark), flags);
    }
    return value_with_flags(arena, value, flags);
}

static tfa_val make_sensitive(struct tfa_call *call, tfa_val v)
{
    uint32_t slot = 0;
    if (enter(call, "build.sensitive") != TFA_OK) {
        return TFA_NONE;
    }
    int32_t rc = handle_slot(call, "build.sensitive", v, &slot);
    if (rc != TFA_OK) {
        if (rc != TFA_E_ABSENT) {
            (void)fail(call, "build.sensitive", rc, "stale handle");
        }
        return TFA_NONE;
    }
    const struct value *copy = mark_sensitive(call, slot_freeze(call, slot));
    if (!copy) {
        (void)fail(call, "build.sensitive", TFA_E_LIMIT, "too many values");
        return TFA_NONE;
    }
    /* Log lines of other threads look at the list. */
    pthread_mutex_lock(&call->log_mutex);
    collect_secrets(call, copy, false);
    pthread_mutex_unlock(&call->log_mutex);
    return handle_made(call, copy, slot);
}

static tfa_val make_derived(struct tfa_call *call, tfa_val v, tfa_val from)
{
    uint32_t slot = 0;
    uint32_t origin = 0;
    if (enter(call, "build.derived") != TFA_OK || v == TFA_NONE) {
        return TFA_NONE;
    }
    int32_t rc = handle_slot(call, "build.derived", v, &slot);
    if (rc == TFA_OK) {
        (void)slot_freeze(call, slot);
        rc = handle_slot(call, "build.derived", from, &origin);
        if (rc == TFA_E_ABSENT) {
            return v;
        }
    }
    if (rc != TFA_OK) {
        (void)fail(call, "build.derived", rc, "stale handle");
        return TFA_NONE;
    }
    const struct value *source = slot_freeze(call, origin);
    if (source->mark.line == 0) {
        return v;
    }
    tfa_val made = handle_made(call,
            value_with_mark(call->run->arena, call_slot(call, slot)->value, source->mark),
            origin);
    if (made != TFA_NONE) {
        /* Its place is that of `from`, its content is not. */
        call_slot(call, (uint32_t)(made & UINT32_MAX))->depth = call_slot(call, slot)->depth;
    }
    return made;
}

/* Depth of brackets outside strings, so that deep text is refused before it is parsed. */
static bool is_too_deep(struct str json)
{
    size_t depth = 0;
    bool is_string = false;
    for (size_t i = 0; i < json.len; i++) {
        char c = json.ptr[i];
        if (is_string) {
            i += c == '\\' ? 1 : 0;
            is_string = c != '"';
        } else if (c == '"') {
            is_string = true;
        } else if (c == '[' || c == '{') {
            if (++depth > JSON_MAX_DEPTH) {
                return true;
            }
        } else if ((c == ']' || c == '}') && depth > 0) {
            depth--;
        }
    }
    return false;
}

static int32_t read_json(struct tfa_call *call, struct tfa_str json, tfa_val *ret_value)
{
    int32_t rc = enter(call, "build.from_json");
    if (rc != TFA_OK) {
        return rc;
    }
    if (json.len > JSON_MAX_BYTES) {
        return TFA_E_LIMIT;
    }
    if (!ret_value || !json.ptr || !is_good_text(json) || is_too_deep(str_of(json))) {
        return TFA_E_INVALID;
    }
    return call->parse_json(call, str_of(json), ret_value);
}

const struct tfa_build_v1 call_build_v1 = { make_map, make_list, make_null, make_boolean,
    make_integer, make_real, make_number, make_string, put_key, put_last, make_sensitive,
    make_derived, read_json };
