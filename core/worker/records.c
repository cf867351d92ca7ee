/* SPDX-License-Identifier: Apache-2.0 */
/* What the plugin makes, recorded for the program to make again. */
#include <string.h>

#include "session.h"

struct buf *record(struct session *session, enum wire_record kind)
{
    buf_add_byte(&session->records, (char)kind);
    return &session->records;
}

static struct slot *slot_of(struct session *session, tfa_val handle)
{
    struct slot *slot = call_find_slot(&session->call, (uint32_t)(handle & UINT32_MAX));
    bool is_one =
            handle >> 32 == session->call.generation && slot && (slot->value || slot->draft);
    return is_one ? slot : NULL;
}

void tell_handle(struct session *session, tfa_val handle)
{
    struct slot *slot = slot_of(session, handle);
    if (!slot || slot->is_shared) {
        return;
    }
    /* Only entries of values come into being without a record. */
    ENSURE(slot->parent != 0);
    tell_handle(session, handle_of_slot(&session->call, slot->parent));
    struct buf *out = record(session, RECORD_CHILD);
    wire_put_u64(out, handle & UINT32_MAX);
    wire_put_u64(out, slot->parent);
    wire_put_u64(out, slot->ordinal);
    slot->is_shared = true;
}

void tell_value(struct session *session, tfa_val handle)
{
    tell_handle(session, handle);
    if (slot_of(session, handle)) {
        (void)slot_freeze(&session->call, (uint32_t)(handle & UINT32_MAX));
    }
}

void tell_broken(struct session *session)
{
    struct tfa_call *call = &session->call;
    for (; session->misuses_told < call->misuses.count; session->misuses_told++) {
        wire_put_text(
                record(session, RECORD_MISUSE), call->misuses.items[session->misuses_told]);
    }
    if (call->broken != TFA_OK && !session->is_broken_told) {
        struct buf *out = record(session, RECORD_BROKEN);
        wire_put_i64(out, call->broken);
        wire_put_text(out, call->broken_why);
        session->is_broken_told = true;
    }
}

void records_send(struct session *session)
{
    if (session->records.len > WIRE_HEADER_BYTES) {
        frame_send(session, WIRE_RECORDS, &session->records);
    }
}

/* ---- tfa.build/1 ---- */

/* Sends what has piled up, so that it never grows without bound. */
static void keep_short(struct session *session)
{
    enum {
        RECORDS_MAX_BYTES = 256 << 10
    };

    if (session->records.len > RECORDS_MAX_BYTES) {
        frame_send(session, WIRE_RECORDS, &session->records);
    }
}

/* Starts the record of a value that was made, NULL when it was not; also notes what broke. */
static struct buf *record_made(struct tfa_call *call, enum wire_record kind, tfa_val made)
{
    if (!call || made == TFA_NONE) {
        return NULL;
    }
    struct session *session = session_of(call);
    keep_short(session);
    struct buf *out = record(session, kind);
    wire_put_u64(out, made & UINT32_MAX);
    call_slot(call, (uint32_t)(made & UINT32_MAX))->is_shared = true;
    return out;
}

static tfa_val make_map(struct tfa_call *call)
{
    tfa_val made = call_build_v1.map(call);
    (void)record_made(call, RECORD_MAP, made);
    return made;
}

static tfa_val make_list(struct tfa_call *call)
{
    tfa_val made = call_build_v1.list(call);
    (void)record_made(call, RECORD_LIST, made);
    return made;
}

static tfa_val make_null(struct tfa_call *call)
{
    tfa_val made = call_build_v1.null(call);
    (void)record_made(call, RECORD_NULL, made);
    return made;
}

static tfa_val make_boolean(struct tfa_call *call, int32_t truth)
{
    tfa_val made = call_build_v1.boolean(call, truth);
    struct buf *out = record_made(call, RECORD_BOOLEAN, made);
    if (out) {
        wire_put_i64(out, truth);
    }
    return made;
}

static tfa_val make_integer(struct tfa_call *call, int64_t number)
{
    tfa_val made = call_build_v1.integer(call, number);
    struct buf *out = record_made(call, RECORD_INTEGER, made);
    if (out) {
        wire_put_i64(out, number);
    }
    return made;
}

static tfa_val make_real(struct tfa_call *call, double number)
{
    tfa_val made = call_build_v1.real(call, number);
    struct buf *out = record_made(call, RECORD_REAL, made);
    uint64_t bits = 0;
    if (out) {
        memcpy(&bits, &number, sizeof(bits));
        wire_put_u64(out, bits);
    }
    return made;
}

static tfa_val make_number(struct tfa_call *call, struct tfa_str text)
{
    tfa_val made = call_build_v1.number(call, text);
    struct buf *out = record_made(call, RECORD_NUMBER, made);
    if (out) {
        wire_put_view(out, text);
    }
    return made;
}

static tfa_val make_string(struct tfa_call *call, struct tfa_str text)
{
    tfa_val made = call_build_v1.string(call, text);
    struct buf *out = record_made(call, RECORD_STRING, made);
    if (out) {
        wire_put_view(out, text);
    }
    return made;
}

static int32_t put_key(struct tfa_call *call, tfa_val map, struct tfa_str key, tfa_val v)
{
    int32_t rc = call_build_v1.set(call, map, key, v);
    if (rc == TFA_OK && v != TFA_NONE) {
        struct session *session = session_of(call);
        keep_short(session);
        tell_handle(session, v);
        struct buf *out = record(session, RECORD_SET);
        wire_put_u64(out, map);
        wire_put_view(out, key);
        wire_put_u64(out, v);
    }
    return rc;
}

static int32_t put_last(struct tfa_call *call, tfa_val list, tfa_val v)
{
    int32_t rc = call_build_v1.append(call, list, v);
    if (rc == TFA_OK && v != TFA_NONE) {
        struct session *session = session_of(call);
        keep_short(session);
        tell_handle(session, v);
        struct buf *out = record(session, RECORD_APPEND);
        wire_put_u64(out, list);
        wire_put_u64(out, v);
    }
    return rc;
}

static tfa_val make_sensitive(struct tfa_call *call, tfa_val v)
{
    tfa_val made = call_build_v1.sensitive(call, v);
    if (made != TFA_NONE) {
        tell_handle(session_of(call), v);
        wire_put_u64(record_made(call, RECORD_SENSITIVE, made), v);
    }
    return made;
}

static tfa_val make_derived(struct tfa_call *call, tfa_val v, tfa_val from)
{
    tfa_val made = call_build_v1.derived(call, v, from);
    if (made != TFA_NONE && made != v) {
        tell_handle(session_of(call), v);
        tell_handle(session_of(call), from);
        struct buf *out = record_made(call, RECORD_DERIVED, made);
        wire_put_u64(out, v);
        wire_put_u64(out, from);
    }
    return made;
}

static int32_t read_json(struct tfa_call *call, struct tfa_str json, tfa_val *ret_value)
{
    return call_build_v1.from_json(call, json, ret_value);
}

const struct tfa_build_v1 session_build_v1 = { make_map, make_list, make_null, make_boolean,
    make_integer, make_real, make_number, make_string, put_key, put_last, make_sensitive,
    make_derived, read_json };
