/* SPDX-License-Identifier: Apache-2.0 */
/* Reading answers: transport errors, statuses, error codes, bodies. */
#include "answer.h"

#include <string.h>

enum {
    MAX_CODE = 128,
    MAX_TEXT = 500,
    MAX_ID = 128
};

/* ---- tables ---- */

/* Codes with a meaning of their own; all others mean AWS_REJECTED. */
struct code_entry {
    const char *code;
    enum aws_outcome outcome;
    enum aws_diag kind;
    enum retry_kind retry;
};

#define THROTTLED AWS_THROTTLED, AWS_THROTTLED_CALL, RETRY_THROTTLE
#define TRANSIENT AWS_SERVER_FAULT, AWS_SERVER_ERROR, RETRY_TRANSIENT
#define DENIED    AWS_DENIED, AWS_DENIED_CALL, RETRY_NO
#define EXPIRED   AWS_BAD_CREDENTIALS, AWS_CREDENTIALS_EXPIRED, RETRY_NO
#define REFUSED   AWS_BAD_CREDENTIALS, AWS_CREDENTIALS_REFUSED, RETRY_NO
#define CLOCK     AWS_BAD_CREDENTIALS, AWS_CLOCK_WRONG, RETRY_NO
#define MISSING   AWS_NOT_FOUND, AWS_THING_NOT_FOUND, RETRY_NO

static const struct code_entry code_table[] = {
    { "Throttling", THROTTLED },
    { "ThrottlingException", THROTTLED },
    { "ThrottledException", THROTTLED },
    { "RequestThrottled", THROTTLED },
    { "RequestThrottledException", THROTTLED },
    { "TooManyRequestsException", THROTTLED },
    { "ProvisionedThroughputExceededException", THROTTLED },
    { "TransactionInProgressException", THROTTLED },
    { "RequestLimitExceeded", THROTTLED },
    { "BandwidthLimitExceeded", THROTTLED },
    { "SlowDown", THROTTLED },
    { "EC2ThrottledException", THROTTLED },
    { "RequestTimeout", TRANSIENT },
    { "RequestTimeoutException", TRANSIENT },
    { "PriorRequestNotComplete", TRANSIENT },
    { "IDPCommunicationError", TRANSIENT },
    { "AccessDenied", DENIED },
    { "AccessDeniedException", DENIED },
    { "AccessDeniedForDependencyException", DENIED },
    { "UnauthorizedOperation", DENIED },
    { "AuthorizationError", DENIED },
    { "AuthorizationErrorException", DENIED },
    { "NotAuthorized", DENIED },
    { "NotAuthorizedException", DENIED },
    { "ForbiddenException", DENIED },
    { "ExpiredToken", EXPIRED },
    { "ExpiredTokenException", EXPIRED },
    { "TokenRefreshRequired", EXPIRED },
    { "InvalidClientTokenId", REFUSED },
    { "UnrecognizedClientException", REFUSED },
    { "InvalidAccessKeyId", REFUSED },
    { "InvalidToken", REFUSED },
    { "AuthFailure", REFUSED },
    { "SignatureDoesNotMatch", REFUSED },
    { "InvalidSignatureException", REFUSED },
    { "IncompleteSignature", REFUSED },
    { "IncompleteSignatureException", REFUSED },
    { "MissingAuthenticationToken", REFUSED },
    { "MissingAuthenticationTokenException", REFUSED },
    { "RequestTimeTooSkewed", CLOCK },
    { "RequestExpired", CLOCK },
    { "RequestInTheFuture", CLOCK },
    { "ResourceNotFoundException", MISSING },
    { "ResourceNotFound", MISSING },
    { "NotFoundException", MISSING },
    { "NoSuchResourceException", MISSING },
    { "NoSuchEntity", MISSING },
    { "EntityDoesNotExist", MISSING },
};

/* What a transport error means. */
static const struct {
    enum aws_outcome outcome;
    enum aws_diag kind;
    enum retry_kind retry;
} transport_table[] = {
    [TRANSPORT_OK] = { AWS_OK, AWS_CALL_REJECTED, RETRY_NO },
    [TRANSPORT_UNREACHABLE] = { AWS_UNREACHABLE, AWS_UNREACHABLE_ENDPOINT, RETRY_TRANSIENT },
    [TRANSPORT_TLS] = { AWS_UNREACHABLE, AWS_TLS_FAILED, RETRY_NO },
    [TRANSPORT_TIME_OUT] = { AWS_TIMED_OUT, AWS_TIME_OUT, RETRY_TRANSIENT },
    [TRANSPORT_CLOSED] = { AWS_UNREACHABLE, AWS_UNREACHABLE_ENDPOINT, RETRY_TRANSIENT },
    [TRANSPORT_CUT] = { AWS_UNREADABLE, AWS_ANSWER_TRUNCATED, RETRY_TRANSIENT },
    [TRANSPORT_TOO_LARGE] = { AWS_UNREADABLE, AWS_ANSWER_TOO_LARGE, RETRY_NO },
    [TRANSPORT_GARBLED] = { AWS_UNREADABLE, AWS_ANSWER_NOT_JSON, RETRY_NO },
    [TRANSPORT_FAILED] = { AWS_UNREACHABLE, AWS_UNREACHABLE_ENDPOINT, RETRY_NO },
};

/* ---- reading ---- */

struct reader {
    const struct answer_input *input;
    struct verdict *verdict;
    const struct value *json; /* the body, when it is JSON */
    struct str why_not_json;
};

static struct str clean(const struct reader *reader, struct str text, size_t max_bytes)
{
    const struct answer_input *input = reader->input;
    return foreign_text(input->arena, text, max_bytes, input->secrets, input->secret_count);
}

static struct str header(const struct reader *reader, const char *name)
{
    return exchange_header(reader->input->exchange, name);
}

/* The first of these headers that is there. */
static struct str first_header(
        const struct reader *reader, const char *const *names, size_t count)
{
    struct str found = STR_EMPTY;
    for (size_t i = 0; i < count && found.len == 0; i++) {
        found = header(reader, names[i]);
    }
    return found;
}

static struct str first_member(const struct value *map, const char *const *names, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const struct value *value = value_get_str(map, str_from(names[i]));
        if (value_is(value, VALUE_STRING) && value_text(value).len > 0) {
            return value_text(value);
        }
    }
    return STR_EMPTY;
}

/* "aws.protocoltests#Code:http://..." is "Code". */
static struct str short_code(struct str code)
{
    ptrdiff_t colon = str_find(code, ':');
    struct str cut = colon < 0 ? code : str_sub(code, 0, (size_t)colon);
    ptrdiff_t hash = str_rfind(cut, '#');
    return str_trim(hash < 0 ? cut : str_from_index(cut, (size_t)hash + 1));
}

static bool is_markup(struct str body)
{
    struct str text = str_trim(body);
    return text.len > 0 && text.ptr[0] == '<';
}

static void parse_body(struct reader *reader)
{
    const struct answer_input *input = reader->input;
    struct str body = buf_str(&input->exchange->answer);
    struct diags scratch;
    if (str_trim(body).len == 0) {
        reader->why_not_json = STR("an empty body");
        return;
    }
    if (is_markup(body)) {
        reader->why_not_json = STR("a page of HTML or XML instead of JSON");
        return;
    }
    diags_init(&scratch, input->arena);
    if (json_read(input->arena, input->keys, &scratch, body, STR("the answer"), 0,
                &reader->json) != 0) {
        reader->json = NULL;
        reader->why_not_json = STR("a body that is not JSON");
        if (scratch.list.count > 0) {
            reader->verdict->detail = clean(reader, scratch.list.items[0].message, MAX_TEXT);
        }
    }
}

static void read_times(struct reader *reader)
{
    struct verdict *verdict = reader->verdict;
    uint64_t number = 0;
    const uint64_t most = 86400000;
    verdict->has_date = http_date_parse(header(reader, "date"), &verdict->date_s);
    verdict->asked_ms = -1;
    if (str_to_u64(header(reader, "x-amz-retry-after"), &number)) {
        verdict->asked_ms = (int64_t)(number < most ? number : most);
    } else if (str_to_u64(header(reader, "retry-after"), &number)) {
        verdict->asked_ms = (int64_t)(number < most / 1000 ? number * 1000 : most);
    }
}

static void read_error_texts(struct reader *reader)
{
    static const char *const types[] = { "__type", "code", "Code", "errorCode" };
    static const char *const messages[] = { "message", "Message", "errorMessage" };
    struct verdict *verdict = reader->verdict;
    const struct value *map = reader->json;
    const struct value *inner = value_get_str(map, STR("Error"));
    if (value_is(inner, VALUE_MAP)) {
        map = inner;
    }
    struct str code = short_code(header(reader, "x-amzn-errortype"));
    if (code.len == 0) {
        code = short_code(first_member(map, types, sizeof(types) / sizeof(types[0])));
    }
    verdict->code = clean(reader, code, MAX_CODE);
    verdict->text = clean(reader,
            first_member(map, messages, sizeof(messages) / sizeof(messages[0])), MAX_TEXT);
}

/* ---- judging ---- */

static void judge(struct reader *reader, enum aws_outcome outcome, enum aws_diag kind,
        enum retry_kind retry)
{
    reader->verdict->outcome = outcome;
    reader->verdict->kind = kind;
    reader->verdict->retry = retry;
}

static void judge_transport(struct reader *reader)
{
    const struct exchange *exchange = reader->input->exchange;
    struct arena *arena = reader->input->arena;
    struct str endpoint = reader->input->endpoint;
    struct str why = exchange->why;
    judge(reader, transport_table[exchange->error].outcome,
            transport_table[exchange->error].kind, transport_table[exchange->error].retry);
    switch (exchange->error) {
    case TRANSPORT_OK:
    case TRANSPORT_UNREACHABLE:
    case TRANSPORT_FAILED:
        reader->verdict->what =
                arena_printf(arena, "cannot reach %.*s: %.*s", STR_ARG(endpoint), STR_ARG(why));
        break;
    case TRANSPORT_TLS:
        reader->verdict->what = arena_printf(
                arena, "no secure connection to %.*s: %.*s", STR_ARG(endpoint), STR_ARG(why));
        break;
    case TRANSPORT_TIME_OUT:
        reader->verdict->what = arena_printf(
                arena, "%.*s did not answer in time: %.*s", STR_ARG(endpoint), STR_ARG(why));
        break;
    case TRANSPORT_CLOSED:
        reader->verdict->what = arena_printf(
                arena, "%.*s closed the connection without an answer", STR_ARG(endpoint));
        break;
    case TRANSPORT_CUT:
        reader->verdict->what =
                arena_printf(arena, "the answer of %.*s is truncated after %zu bytes",
                        STR_ARG(endpoint), exchange->answer.len);
        break;
    case TRANSPORT_TOO_LARGE:
        reader->verdict->what =
                arena_printf(arena, "the answer of %.*s is larger than the %zu bytes allowed",
                        STR_ARG(endpoint), exchange->max_bytes);
        break;
    case TRANSPORT_GARBLED:
        reader->verdict->what =
                arena_printf(arena, "%.*s does not speak HTTP/1.1", STR_ARG(endpoint));
        break;
    }
}

static void judge_success(struct reader *reader)
{
    const struct exchange *exchange = reader->input->exchange;
    bool is_empty = exchange->answer.len == 0;
    if (reader->json || is_empty) {
        judge(reader, AWS_OK, AWS_CALL_REJECTED, RETRY_NO);
        reader->verdict->body = reader->json;
        return;
    }
    judge(reader, AWS_UNREADABLE, AWS_ANSWER_NOT_JSON, RETRY_NO);
    reader->verdict->what = arena_printf(reader->input->arena,
            "%.*s answered HTTP %d with %.*s", STR_ARG(reader->input->endpoint),
            exchange->status, STR_ARG(reader->why_not_json));
}

static void judge_redirect(struct reader *reader)
{
    struct str location = clean(reader, header(reader, "location"), MAX_TEXT);
    judge(reader, AWS_UNREADABLE, AWS_ANSWER_REDIRECT, RETRY_NO);
    reader->verdict->what = arena_printf(reader->input->arena,
            "%.*s redirects (HTTP %d) to `%.*s`, which is not followed",
            STR_ARG(reader->input->endpoint), reader->input->exchange->status,
            STR_ARG(location));
}

/* An error status without a code: the status has to do. */
static void judge_status(struct reader *reader)
{
    int status = reader->input->exchange->status;
    if (status == 429) {
        judge(reader, THROTTLED);
    } else if (status >= 500) {
        bool is_transient = status == 500 || status == 502 || status == 503 || status == 504;
        judge(reader, AWS_SERVER_FAULT, AWS_SERVER_ERROR,
                is_transient ? RETRY_TRANSIENT : RETRY_NO);
    } else if (!value_is(reader->json, VALUE_MAP)) {
        judge(reader, AWS_UNREADABLE, AWS_ANSWER_NOT_JSON, RETRY_NO);
    } else if (status == 403) {
        judge(reader, DENIED);
    } else {
        judge(reader, AWS_REJECTED, AWS_CALL_REJECTED, RETRY_NO);
    }
}

static void judge_code(struct reader *reader)
{
    struct verdict *verdict = reader->verdict;
    int status = reader->input->exchange->status;
    for (size_t i = 0; i < sizeof(code_table) / sizeof(code_table[0]); i++) {
        const struct code_entry *entry = &code_table[i];
        if (str_eq_cstr(verdict->code, entry->code)) {
            judge(reader, entry->outcome, entry->kind, entry->retry);
            verdict->is_clock = entry->kind == AWS_CLOCK_WRONG;
            verdict->may_be_clock = str_eq(verdict->code, STR("AuthFailure")) ||
                                    str_eq(verdict->code, STR("SignatureDoesNotMatch")) ||
                                    str_eq(verdict->code, STR("InvalidSignatureException"));
            return;
        }
    }
    /* LimitExceededException is a quota that waiting does not raise, unless the status says throttled. */
    if (status == 429 || status >= 500) {
        judge_status(reader);
    } else {
        judge(reader, AWS_REJECTED, AWS_CALL_REJECTED, RETRY_NO);
    }
}

static void say_error(struct reader *reader)
{
    struct verdict *verdict = reader->verdict;
    struct arena *arena = reader->input->arena;
    struct str endpoint = reader->input->endpoint;
    int status = reader->input->exchange->status;
    struct str said = verdict->code;
    if (verdict->text.len > 0) {
        said = said.len > 0 ? arena_printf(arena, "%.*s: %.*s", STR_ARG(said),
                                      STR_ARG(verdict->text))
                            : verdict->text;
    }
    if (said.len == 0) {
        said = reader->json ? STR("without a code")
                            : arena_printf(arena, "with %.*s", STR_ARG(reader->why_not_json));
        verdict->what = arena_printf(
                arena, "%.*s answered HTTP %d %.*s", STR_ARG(endpoint), status, STR_ARG(said));
    } else if (verdict->outcome == AWS_DENIED) {
        verdict->what = arena_printf(arena, "%.*s is not allowed: %.*s",
                STR_ARG(reader->input->action), STR_ARG(said));
    } else {
        verdict->what = arena_printf(arena, "HTTP %d, %.*s", status, STR_ARG(said));
    }
}

void answer_read(const struct answer_input *input, struct verdict *ret_verdict)
{
    static const char *const ids[] = { "x-amzn-requestid", "x-amz-request-id",
        "x-amzn-request-id" };
    struct verdict verdict = { .asked_ms = -1 };
    struct reader reader = { .input = input, .verdict = &verdict };
    const struct exchange *exchange = input->exchange;
    verdict.request_id =
            clean(&reader, first_header(&reader, ids, sizeof(ids) / sizeof(ids[0])), MAX_ID);
    if (exchange->error != TRANSPORT_OK) {
        judge_transport(&reader);
        *ret_verdict = verdict;
        return;
    }
    read_times(&reader);
    parse_body(&reader);
    if (exchange->status >= 200 && exchange->status < 300) {
        judge_success(&reader);
    } else if (exchange->status >= 300 && exchange->status < 400) {
        judge_redirect(&reader);
    } else {
        read_error_texts(&reader);
        if (verdict.code.len > 0) {
            judge_code(&reader);
        } else {
            judge_status(&reader);
        }
        say_error(&reader);
    }
    *ret_verdict = verdict;
}
