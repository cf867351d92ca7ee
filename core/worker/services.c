/* SPDX-License-Identifier: Apache-2.0 */
/* The services a plugin is given in a worker: what needs the program asks it. */
#include <string.h>

#include "session.h"

/* No answer: the program is gone, and the plugin should stop. */
#define NO_ANSWER TFA_E_CANCELLED

/* Sends the record begun last and gives the code of its reply. */
static int32_t ask_code(struct session *session)
{
    struct wire_in in;
    if (!ask_send(session, &in)) {
        return NO_ANSWER;
    }
    int32_t rc = wire_get_i32(&in);
    return in.is_bad ? NO_ANSWER : rc;
}

static const struct value *get_value(struct session *session, struct wire_in *in)
{
    struct wire_reader reader = { in, session->run.arena, session->run.keys,
        session->run.sources, &session->names };
    return wire_get_value(&reader);
}

/* A slot of the program with its value, made here too. */
static tfa_val get_root(struct session *session, struct wire_in *in)
{
    uint32_t number = wire_get_u32(in);
    const struct value *value = number == 0 ? NULL : get_value(session, in);
    if (!value || in->is_bad || !handle_define_root(&session->call, number, value)) {
        in->is_bad = in->is_bad || number != 0;
        return TFA_NONE;
    }
    call_slot(&session->call, number)->is_shared = true;
    return handle_of_slot(&session->call, number);
}

/* The same for a reply of code and value. */
static int32_t ask_root(struct session *session, tfa_val *ret_value)
{
    struct wire_in in;
    if (!ask_send(session, &in)) {
        return NO_ANSWER;
    }
    int32_t rc = wire_get_i32(&in);
    tfa_val value = rc == TFA_OK ? get_root(session, &in) : TFA_NONE;
    if (in.is_bad) {
        atomic_store(&session->is_lost, true);
        return NO_ANSWER;
    }
    if (rc == TFA_OK) {
        *ret_value = value;
    }
    return rc;
}

/* ---- tfa.build/1: the one part that needs the program ---- */

int32_t session_parse_json(struct tfa_call *call, struct str text, tfa_val *ret_value)
{
    struct session *session = session_of(call);
    wire_put_text(ask(session, RECORD_PARSE_JSON), text);
    return ask_root(session, ret_value);
}

/* ---- tfa.diag/1 ---- */

static void tell_related(
        struct session *session, const struct tfa_related *const *related, uint32_t count)
{
    for (uint32_t i = 0; related && i < count && i < WIRE_RELATED_MAX; i++) {
        if (related[i] && TFA_COVERS(struct tfa_related, related[i], at)) {
            tell_handle(session, related[i]->at);
        }
    }
}

static int32_t report(struct tfa_call *call, const struct tfa_diag *given)
{
    struct tfa_diag diag = { 0 };
    int32_t rc = call_enter(call, SERVICE_DIAG, "diag.report");
    if (rc != TFA_OK) {
        return rc;
    }
    struct session *session = session_of(call);
    if (given) {
        WIRE_READ_STRUCT(&diag, given);
        tell_handle(session, diag.at);
        tell_related(session, diag.related, diag.related_count);
    }
    wire_put_diag(ask(session, RECORD_REPORT), given);
    return ask_code(session);
}

static int32_t result(struct tfa_call *call, const struct tfa_result *given)
{
    struct tfa_result result = { 0 };
    int32_t rc = call_enter(call, SERVICE_DIAG, "diag.result");
    if (rc != TFA_OK) {
        return rc;
    }
    struct session *session = session_of(call);
    if (given) {
        WIRE_READ_STRUCT(&result, given);
        tell_handle(session, result.at);
        tell_value(session, result.expected);
        tell_value(session, result.actual);
        tell_related(session, result.related, result.related_count);
    }
    wire_put_result(ask(session, RECORD_RESULT), given);
    return ask_code(session);
}

static const struct tfa_diag_v1 session_diag_v1 = { report, result };

/* ---- tfa.log/1 ---- */

static enum log_level level_of(uint32_t level)
{
    return level < TFA_LOG_ERROR || level > TFA_LOG_TRACE
                   ? LOG_TRACE
                   : (enum log_level)(LOG_ERROR + (level - TFA_LOG_ERROR));
}

static int32_t log_enabled(struct tfa_call *call, uint32_t level)
{
    return call && atomic_load(&call->is_active) && log_is_on(call->run->log, level_of(level))
                   ? 1
                   : 0;
}

/* A line is capped; what lies far behind the cap need not cross. */
static struct tfa_str clip(struct tfa_str text)
{
    enum {
        CLIP_BYTES = 1 << 16
    };

    text.len = text.len > CLIP_BYTES ? CLIP_BYTES : text.len;
    while (text.ptr && text.len == CLIP_BYTES &&
            ((unsigned char)text.ptr[text.len - 1] & 0x80) != 0) {
        text.len--;
    }
    return text;
}

static void log_write(struct tfa_call *call, uint32_t level, struct tfa_str message,
        const struct tfa_field *fields, uint64_t count)
{
    struct tfa_field copies[WIRE_FIELD_MAX];
    if (!call) {
        return;
    }
    struct session *session = session_of(call);
    bool is_own_thread = pthread_equal(call->thread, pthread_self()) != 0;
    pthread_mutex_lock(&call->log_mutex);
    if (log_enabled(call, level)) {
        AUTO_BUF alone = BUF_INIT(WIRE_FRAME_MAX);
        struct buf *frame = is_own_thread ? &session->records : &alone;
        count = !fields ? 0 : count > WIRE_FIELD_MAX ? WIRE_FIELD_MAX : count;
        for (uint64_t i = 0; i < count; i++) {
            copies[i] = fields[i];
            copies[i].text = clip(fields[i].text);
            if (fields[i].value != TFA_NONE && !is_own_thread) {
                /* Shown as nothing: values belong to the other thread. */
                copies[i].text = (struct tfa_str){ NULL, 0 };
                copies[i].value = TFA_NONE;
            }
            if (is_own_thread) {
                tell_value(session, copies[i].value);
            }
        }
        if (!is_own_thread) {
            frame_begin(frame);
        }
        buf_add_byte(frame, RECORD_LOG);
        wire_put_u64(frame, level);
        wire_put_view(frame, clip(message));
        wire_put_fields(frame, copies, count);
        frame_send(session, WIRE_RECORDS, frame);
    } else if (!atomic_load(&call->is_active)) {
        atomic_store(&call->late, "log.write");
    }
    pthread_mutex_unlock(&call->log_mutex);
}

static const struct tfa_log_v1 session_log_v1 = { log_enabled, log_write };

/* ---- tfa.call/1 ---- */

static int32_t cancelled(struct tfa_call *call)
{
    return call_cancelled(call) != 0 || *session_of(call)->cancel != 0 ||
           atomic_load(&session_of(call)->is_lost);
}

static void progress(struct tfa_call *call, uint64_t done, uint64_t total, struct tfa_str what)
{
    /* The program shows it where it shows debugging lines, and nowhere else. */
    if (call_enter(call, SERVICE_CALL, "call.progress") == TFA_OK &&
            log_is_on(call->run->log, LOG_DEBUG) && is_good_text(what)) {
        struct session *session = session_of(call);
        struct buf *out = record(session, RECORD_PROGRESS);
        wire_put_u64(out, done);
        wire_put_u64(out, total);
        wire_put_view(out, what);
        records_send(session);
    }
}

static const struct tfa_call_v1 session_call_v1 = { call_who, cancelled, call_time_left_ms,
    progress, call_alloc };

/* ---- tfa.clock/1 ---- */

static int32_t read_clock(
        struct tfa_call *call, const char *function, enum wire_record kind, int64_t *ret_ns)
{
    struct wire_in in;
    int32_t rc = call_enter(call, SERVICE_CLOCK, function);
    if (rc != TFA_OK || !ret_ns) {
        return rc != TFA_OK ? rc : TFA_E_INVALID;
    }
    (void)ask(session_of(call), kind);
    if (!ask_send(session_of(call), &in)) {
        return NO_ANSWER;
    }
    rc = wire_get_i32(&in);
    int64_t now = wire_get_i64(&in);
    if (in.is_bad) {
        return NO_ANSWER;
    }
    if (rc == TFA_OK) {
        *ret_ns = now;
    }
    return rc;
}

static int32_t clock_wall_ns(struct tfa_call *call, int64_t *ret_ns)
{
    return read_clock(call, "clock.wall_ns", RECORD_WALL, ret_ns);
}

static int32_t clock_monotonic_ns(struct tfa_call *call, int64_t *ret_ns)
{
    return read_clock(call, "clock.monotonic_ns", RECORD_MONOTONIC, ret_ns);
}

static const struct tfa_clock_v1 session_clock_v1 = { clock_wall_ns, clock_monotonic_ns };

/* ---- tfa.lookup/1 ---- */

static int32_t lookup_instance(struct tfa_call *call, struct tfa_str stack,
        struct tfa_str component, tfa_val *ret_instance)
{
    tfa_val found = TFA_NONE;
    int32_t rc = call_enter(call, SERVICE_LOOKUP, "lookup.instance");
    if (rc != TFA_OK) {
        return rc;
    }
    struct buf *out = ask(session_of(call), RECORD_INSTANCE);
    wire_put_view(out, stack);
    wire_put_view(out, component);
    buf_add_byte(out, ret_instance ? 1 : 0);
    rc = ask_root(session_of(call), &found);
    if (rc == TFA_OK && ret_instance) {
        *ret_instance = found;
    }
    return rc;
}

static int32_t lookup_instances(struct tfa_call *call, struct tfa_str kind, tfa_val *ret_list)
{
    tfa_val found = TFA_NONE;
    int32_t rc = call_enter(call, SERVICE_LOOKUP, "lookup.instances");
    if (rc != TFA_OK) {
        return rc;
    }
    struct buf *out = ask(session_of(call), RECORD_INSTANCES);
    wire_put_view(out, kind);
    buf_add_byte(out, ret_list ? 1 : 0);
    rc = ask_root(session_of(call), &found);
    if (rc == TFA_OK && ret_list) {
        *ret_list = found;
    }
    return rc;
}

static const struct tfa_lookup_v1 session_lookup_v1 = { lookup_instance, lookup_instances };

/* ---- tfa.aws/1 ---- */

static void tell_request(struct session *session, const struct tfa_aws_request *given)
{
    struct tfa_aws_request request;
    if (given) {
        WIRE_READ_STRUCT(&request, given);
        tell_value(session, request.path_parts);
        tell_value(session, request.query);
        tell_value(session, request.body);
    }
}

/* As many answers as were asked for, or a code. */
static int32_t ask_answers(
        struct session *session, uint64_t count, const struct tfa_aws_answer **answers)
{
    struct wire_in in;
    if (!ask_send(session, &in)) {
        return NO_ANSWER;
    }
    int32_t rc = wire_get_i32(&in);
    for (uint64_t i = 0; rc == TFA_OK && i < count && !in.is_bad; i++) {
        struct tfa_aws_answer *answer = wire_get_answer(&in, session->run.arena);
        answer->body = get_root(session, &in);
        answer->items = get_root(session, &in);
        answers[i] = answer;
    }
    if (in.is_bad) {
        atomic_store(&session->is_lost, true);
        return NO_ANSWER;
    }
    return rc;
}

static int32_t aws_send(struct tfa_call *call, const struct tfa_aws_request *request,
        const struct tfa_aws_answer **ret_answer)
{
    const struct tfa_aws_answer *answer = NULL;
    int32_t rc = call_enter(call, SERVICE_AWS, "aws.send");
    if (rc != TFA_OK || !ret_answer) {
        return rc != TFA_OK ? rc : TFA_E_INVALID;
    }
    tell_request(session_of(call), request);
    wire_put_request(ask(session_of(call), RECORD_SEND), request);
    rc = ask_answers(session_of(call), 1, &answer);
    if (rc == TFA_OK) {
        *ret_answer = answer;
    }
    return rc;
}

static int32_t aws_batch(struct tfa_call *call, const struct tfa_aws_request *const *requests,
        uint64_t count, const struct tfa_aws_answer *const **ret_answers)
{
    int32_t rc = call_enter(call, SERVICE_AWS, "aws.batch");
    if (rc != TFA_OK) {
        return rc;
    }
    struct session *session = session_of(call);
    /* What is malformed as a whole is sent as such: the program has the words for it. */
    bool is_fine = ret_answers && (requests || count == 0) && count <= WIRE_REQUEST_MAX;
    uint64_t sent = is_fine ? count : 0;
    for (uint64_t i = 0; i < sent; i++) {
        tell_request(session, requests[i]);
    }
    struct buf *out = ask(session, RECORD_BATCH);
    buf_add_byte(out, is_fine ? 1 : 0);
    wire_put_u64(out, sent);
    for (uint64_t i = 0; i < sent; i++) {
        wire_put_request(out, requests[i]);
    }
    const struct tfa_aws_answer **answers =
            ARENA_ARRAY(call->scratch, const struct tfa_aws_answer *, (size_t)sent + 1);
    rc = ask_answers(session, sent, answers);
    if (rc == TFA_OK && ret_answers) {
        *ret_answers = answers;
    }
    return rc;
}

static int32_t aws_paginate(struct tfa_call *call, const struct tfa_aws_request *request,
        const struct tfa_aws_pages *pages, const struct tfa_aws_answer **ret_answer)
{
    const struct tfa_aws_answer *answer = NULL;
    int32_t rc = call_enter(call, SERVICE_AWS, "aws.paginate");
    if (rc != TFA_OK || !ret_answer) {
        return rc != TFA_OK ? rc : TFA_E_INVALID;
    }
    tell_request(session_of(call), request);
    struct buf *out = ask(session_of(call), RECORD_PAGINATE);
    wire_put_request(out, request);
    wire_put_pages(out, pages);
    rc = ask_answers(session_of(call), 1, &answer);
    if (rc == TFA_OK) {
        *ret_answer = answer;
    }
    return rc;
}

static const struct tfa_aws_v1 session_aws_v1 = { aws_send, aws_batch, aws_paginate };

/* ---- all services ---- */

const void *session_ext(void *ctx, const char *id)
{
    /* In the order of enum service: the bits in session->services. */
    static const struct {
        const char *id;
        const void *table;
    } services[] = {
        [SERVICE_CALL] = { TFA_EXT_CALL_V1, &session_call_v1 },
        [SERVICE_LOG] = { TFA_EXT_LOG_V1, &session_log_v1 },
        [SERVICE_DIAG] = { TFA_EXT_DIAG_V1, &session_diag_v1 },
        [SERVICE_VALUE] = { TFA_EXT_VALUE_V1, &call_value_v1 },
        [SERVICE_BUILD] = { TFA_EXT_BUILD_V1, &session_build_v1 },
        [SERVICE_LOOKUP] = { TFA_EXT_LOOKUP_V1, &session_lookup_v1 },
        [SERVICE_CLOCK] = { TFA_EXT_CLOCK_V1, &session_clock_v1 },
        [SERVICE_AWS] = { TFA_EXT_AWS_V1, &session_aws_v1 },
    };
    const struct session *session = ctx;
    for (size_t i = 0; session && id && i < sizeof(services) / sizeof(services[0]); i++) {
        if (strcmp(id, services[i].id) == 0) {
            return (session->services >> i & 1) != 0 ? services[i].table : NULL;
        }
    }
    return NULL;
}
