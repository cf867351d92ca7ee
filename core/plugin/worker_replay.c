/* SPDX-License-Identifier: Apache-2.0 */
/* Does here what a plugin did in its worker, with the tables of a plugin in this process. */
#include <string.h>

#include "worker_proxy.h"

/* The next record makes slot `number`. */
static bool expect_slot(struct replay *replay, uint32_t number)
{
    return !replay->in.is_bad && number > 0 && call_pad(replay->call, number - 1);
}

static bool is_slot(const struct replay *replay, tfa_val made, uint32_t number)
{
    return made != TFA_NONE && made == handle_of_slot(replay->call, number);
}

/* ---- notes ---- */

static bool do_misuse(struct replay *replay)
{
    struct str text = wire_get_text(&replay->in);
    if (!replay->in.is_bad && is_good_text(tfa_str_from(text))) {
        text = call_text(replay->call, tfa_str_from(text), 1000);
        call_misuse(replay->call, "%.*s", STR_ARG(text));
        return true;
    }
    return false;
}

static bool do_broken(struct replay *replay)
{
    struct tfa_call *call = replay->call;
    int32_t code = wire_get_i32(&replay->in);
    struct str why = wire_get_text(&replay->in);
    if (replay->in.is_bad || code >= 0 || !is_good_text(tfa_str_from(why))) {
        return false;
    }
    if (call->broken == TFA_OK) {
        call->broken = code;
        call->broken_why = call_text(call, tfa_str_from(why), 1000);
    }
    return true;
}

static bool do_count(struct replay *replay)
{
    uint64_t count = wire_get_u64(&replay->in);
    if (replay->in.is_bad || count > CALL_VALUE_MAX) {
        return false;
    }
    return count <= replay->call->slots.count || call_pad(replay->call, (size_t)count);
}

static bool do_child(struct replay *replay)
{
    uint32_t number = wire_get_u32(&replay->in);
    uint32_t parent = wire_get_u32(&replay->in);
    uint32_t ordinal = wire_get_u32(&replay->in);
    return !replay->in.is_bad && handle_define_child(replay->call, number, parent, ordinal);
}

/* ---- tfa.build/1 ---- */

static bool do_map(struct replay *replay)
{
    uint32_t number = wire_get_u32(&replay->in);
    return expect_slot(replay, number) &&
           is_slot(replay, call_build_v1.map(replay->call), number);
}

static bool do_list(struct replay *replay)
{
    uint32_t number = wire_get_u32(&replay->in);
    return expect_slot(replay, number) &&
           is_slot(replay, call_build_v1.list(replay->call), number);
}

static bool do_null(struct replay *replay)
{
    uint32_t number = wire_get_u32(&replay->in);
    return expect_slot(replay, number) &&
           is_slot(replay, call_build_v1.null(replay->call), number);
}

static bool do_boolean(struct replay *replay)
{
    uint32_t number = wire_get_u32(&replay->in);
    int32_t truth = wire_get_i32(&replay->in);
    return expect_slot(replay, number) &&
           is_slot(replay, call_build_v1.boolean(replay->call, truth), number);
}

static bool do_integer(struct replay *replay)
{
    uint32_t number = wire_get_u32(&replay->in);
    int64_t integer = wire_get_i64(&replay->in);
    return expect_slot(replay, number) &&
           is_slot(replay, call_build_v1.integer(replay->call, integer), number);
}

static bool do_real(struct replay *replay)
{
    double real = 0;
    uint32_t number = wire_get_u32(&replay->in);
    uint64_t bits = wire_get_u64(&replay->in);
    memcpy(&real, &bits, sizeof(real));
    return expect_slot(replay, number) &&
           is_slot(replay, call_build_v1.real(replay->call, real), number);
}

static bool do_number(struct replay *replay)
{
    uint32_t number = wire_get_u32(&replay->in);
    struct tfa_str text = wire_get_view(&replay->in);
    return expect_slot(replay, number) &&
           is_slot(replay, call_build_v1.number(replay->call, text), number);
}

static bool do_string(struct replay *replay)
{
    uint32_t number = wire_get_u32(&replay->in);
    struct tfa_str text = wire_get_view(&replay->in);
    return expect_slot(replay, number) &&
           is_slot(replay, call_build_v1.string(replay->call, text), number);
}

static bool do_set(struct replay *replay)
{
    tfa_val map = wire_get_u64(&replay->in);
    struct tfa_str key = wire_get_view(&replay->in);
    tfa_val value = wire_get_u64(&replay->in);
    return !replay->in.is_bad && call_build_v1.set(replay->call, map, key, value) == TFA_OK;
}

static bool do_append(struct replay *replay)
{
    tfa_val list = wire_get_u64(&replay->in);
    tfa_val value = wire_get_u64(&replay->in);
    return !replay->in.is_bad && call_build_v1.append(replay->call, list, value) == TFA_OK;
}

static bool do_sensitive(struct replay *replay)
{
    uint32_t number = wire_get_u32(&replay->in);
    tfa_val value = wire_get_u64(&replay->in);
    return expect_slot(replay, number) &&
           is_slot(replay, call_build_v1.sensitive(replay->call, value), number);
}

static bool do_derived(struct replay *replay)
{
    uint32_t number = wire_get_u32(&replay->in);
    tfa_val value = wire_get_u64(&replay->in);
    tfa_val from = wire_get_u64(&replay->in);
    return expect_slot(replay, number) &&
           is_slot(replay, call_build_v1.derived(replay->call, value, from), number);
}

/* ---- what is told and not answered ---- */

static bool do_log(struct replay *replay)
{
    uint64_t count = 0;
    uint32_t level = wire_get_u32(&replay->in);
    struct tfa_str message = wire_get_view(&replay->in);
    const struct tfa_field *fields =
            wire_get_fields(&replay->in, replay->call->scratch, &count);
    if (!replay->in.is_bad) {
        host_log_v1.write(replay->call, level, message, fields, count);
    }
    return !replay->in.is_bad;
}

static bool do_progress(struct replay *replay)
{
    uint64_t done = wire_get_u64(&replay->in);
    uint64_t total = wire_get_u64(&replay->in);
    struct tfa_str what = wire_get_view(&replay->in);
    if (!replay->in.is_bad) {
        host_call_v1.progress(replay->call, done, total, what);
    }
    return !replay->in.is_bad;
}

static bool do_done(struct replay *replay)
{
    replay->rc = wire_get_i32(&replay->in);
    replay->handle = wire_get_u64(&replay->in);
    replay->offers = wire_get_u32(&replay->in);
    replay->is_done = true;
    return !replay->in.is_bad && replay->in.at == replay->in.end &&
           (replay->offers & ~(uint32_t)WIRE_OFFERS_ALL) == 0;
}

/* ---- what is answered ---- */

/* Begins the reply with what all have. */
static bool reply(struct replay *replay, int32_t rc)
{
    wire_put_u64(replay->reply, replay->call->slots.count);
    wire_put_i64(replay->reply, rc);
    replay->want_reply = true;
    return !replay->in.is_bad;
}

/* A value made here, with its slot; 0 for none. */
static void put_root(struct replay *replay, tfa_val handle)
{
    struct tfa_call *call = replay->call;
    uint32_t number = (uint32_t)(handle & UINT32_MAX);
    wire_put_u64(replay->reply, number);
    if (number != 0) {
        wire_put_value(replay->reply, replay->names, call->run->sources,
                call_slot(call, number)->value);
    }
}

static bool reply_root(struct replay *replay, int32_t rc, tfa_val handle)
{
    bool is_fine = reply(replay, rc);
    if (rc == TFA_OK) {
        put_root(replay, handle);
    }
    return is_fine;
}

static bool do_report(struct replay *replay)
{
    const struct tfa_diag *diag = wire_get_diag(&replay->in, replay->call->scratch);
    return !replay->in.is_bad && reply(replay, host_diag_v1.report(replay->call, diag));
}

static bool do_result(struct replay *replay)
{
    const struct tfa_result *result = wire_get_result(&replay->in, replay->call->scratch);
    return !replay->in.is_bad && reply(replay, host_diag_v1.result(replay->call, result));
}

static bool do_parse_json(struct replay *replay)
{
    tfa_val value = TFA_NONE;
    struct str text = wire_get_text(&replay->in);
    if (replay->in.is_bad) {
        return false;
    }
    int32_t rc = call_build_v1.from_json(replay->call, tfa_str_from(text), &value);
    return reply_root(replay, rc, value);
}

static bool do_instance(struct replay *replay)
{
    tfa_val found = TFA_NONE;
    struct tfa_str stack = wire_get_view(&replay->in);
    struct tfa_str component = wire_get_view(&replay->in);
    bool has_place = wire_get_byte(&replay->in) != 0;
    if (replay->in.is_bad) {
        return false;
    }
    int32_t rc =
            host_lookup_v1.instance(replay->call, stack, component, has_place ? &found : NULL);
    return reply_root(replay, rc, found);
}

static bool do_instances(struct replay *replay)
{
    tfa_val found = TFA_NONE;
    struct tfa_str kind = wire_get_view(&replay->in);
    bool has_place = wire_get_byte(&replay->in) != 0;
    if (replay->in.is_bad) {
        return false;
    }
    int32_t rc = host_lookup_v1.instances(replay->call, kind, has_place ? &found : NULL);
    return reply_root(replay, rc, found);
}

static void put_answer(struct replay *replay, const struct tfa_aws_answer *answer)
{
    wire_put_answer(replay->reply, answer);
    put_root(replay, answer->body);
    put_root(replay, answer->items);
}

static bool reply_answer(struct replay *replay, int32_t rc, const struct tfa_aws_answer *answer)
{
    bool is_fine = reply(replay, rc);
    if (rc == TFA_OK) {
        put_answer(replay, answer);
    }
    return is_fine;
}

static bool do_send(struct replay *replay)
{
    const struct tfa_aws_answer *answer = NULL;
    const struct tfa_aws_request *request =
            wire_get_request(&replay->in, replay->call->scratch);
    if (replay->in.is_bad) {
        return false;
    }
    int32_t rc = host_aws_v1.send(replay->call, request, &answer);
    return reply_answer(replay, rc, answer);
}

static bool do_paginate(struct replay *replay)
{
    const struct tfa_aws_answer *answer = NULL;
    struct arena *arena = replay->call->scratch;
    const struct tfa_aws_request *request = wire_get_request(&replay->in, arena);
    const struct tfa_aws_pages *pages = wire_get_pages(&replay->in, arena);
    if (replay->in.is_bad) {
        return false;
    }
    int32_t rc = host_aws_v1.paginate(replay->call, request, pages, &answer);
    return reply_answer(replay, rc, answer);
}

static bool do_batch(struct replay *replay)
{
    const struct tfa_aws_answer *const *answers = NULL;
    bool is_fine = wire_get_byte(&replay->in) != 0;
    uint64_t count = wire_get_u64(&replay->in);
    if (replay->in.is_bad || count > WIRE_REQUEST_MAX) {
        return false;
    }
    struct arena *arena = replay->call->scratch;
    const struct tfa_aws_request **requests =
            ARENA_ARRAY(arena, const struct tfa_aws_request *, (size_t)count + 1);
    for (uint64_t i = 0; i < count; i++) {
        requests[i] = wire_get_request(&replay->in, arena);
    }
    if (replay->in.is_bad) {
        return false;
    }
    /* What was malformed there is asked for in a malformed way here. */
    int32_t rc = host_aws_v1.batch(
            replay->call, is_fine ? requests : NULL, is_fine ? count : 1, &answers);
    bool is_read = reply(replay, rc);
    for (uint64_t i = 0; rc == TFA_OK && i < count; i++) {
        put_answer(replay, answers[i]);
    }
    return is_read;
}

static bool reply_time(struct replay *replay, int32_t rc, int64_t now)
{
    bool is_fine = reply(replay, rc);
    wire_put_i64(replay->reply, now);
    return is_fine;
}

static bool do_wall(struct replay *replay)
{
    int64_t now = 0;
    int32_t rc = host_clock_v1.wall_ns(replay->call, &now);
    return reply_time(replay, rc, now);
}

static bool do_monotonic(struct replay *replay)
{
    int64_t now = 0;
    int32_t rc = host_clock_v1.monotonic_ns(replay->call, &now);
    return reply_time(replay, rc, now);
}

/* ---- all records ---- */

#define ANY_SERVICE (-1)

static const struct {
    bool (*make)(struct replay *replay);
    int service; /* that must be offered for it */
} records[RECORD__END] = {
    [RECORD_MISUSE] = { do_misuse, ANY_SERVICE },
    [RECORD_BROKEN] = { do_broken, ANY_SERVICE },
    [RECORD_COUNT] = { do_count, ANY_SERVICE },
    [RECORD_CHILD] = { do_child, ANY_SERVICE },
    [RECORD_MAP] = { do_map, SERVICE_BUILD },
    [RECORD_LIST] = { do_list, SERVICE_BUILD },
    [RECORD_NULL] = { do_null, SERVICE_BUILD },
    [RECORD_BOOLEAN] = { do_boolean, SERVICE_BUILD },
    [RECORD_INTEGER] = { do_integer, SERVICE_BUILD },
    [RECORD_REAL] = { do_real, SERVICE_BUILD },
    [RECORD_NUMBER] = { do_number, SERVICE_BUILD },
    [RECORD_STRING] = { do_string, SERVICE_BUILD },
    [RECORD_SET] = { do_set, SERVICE_BUILD },
    [RECORD_APPEND] = { do_append, SERVICE_BUILD },
    [RECORD_SENSITIVE] = { do_sensitive, SERVICE_BUILD },
    [RECORD_DERIVED] = { do_derived, SERVICE_BUILD },
    [RECORD_LOG] = { do_log, SERVICE_LOG },
    [RECORD_PROGRESS] = { do_progress, SERVICE_CALL },
    [RECORD_REPORT] = { do_report, SERVICE_DIAG },
    [RECORD_RESULT] = { do_result, SERVICE_DIAG },
    [RECORD_PARSE_JSON] = { do_parse_json, SERVICE_BUILD },
    [RECORD_INSTANCE] = { do_instance, SERVICE_LOOKUP },
    [RECORD_INSTANCES] = { do_instances, SERVICE_LOOKUP },
    [RECORD_SEND] = { do_send, SERVICE_AWS },
    [RECORD_BATCH] = { do_batch, SERVICE_AWS },
    [RECORD_PAGINATE] = { do_paginate, SERVICE_AWS },
    [RECORD_WALL] = { do_wall, SERVICE_CLOCK },
    [RECORD_MONOTONIC] = { do_monotonic, SERVICE_CLOCK },
    [RECORD_DONE] = { do_done, ANY_SERVICE },
};

bool replay_records(struct replay *replay)
{
    while (replay->in.at != replay->in.end) {
        unsigned char kind = wire_get_byte(&replay->in);
        if (kind >= RECORD__END || !records[kind].make || replay->want_reply) {
            return false;
        }
        int service = records[kind].service;
        bool is_offered = service == ANY_SERVICE || (replay->services >> service & 1) != 0;
        if (!is_offered || (!replay->call && kind != RECORD_DONE) ||
                !records[kind].make(replay)) {
            return false;
        }
    }
    return true;
}
