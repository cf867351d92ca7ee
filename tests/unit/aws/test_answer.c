/* SPDX-License-Identifier: Apache-2.0 */
/* What answers mean. */
#include "aws/answer.h"
#include "aws/aws_group.h"

#define SECRET "wJalrXUtnFEMI/K7MDENG"

/* `headers` is "Name: value" lines. */
static struct verdict read_all(
        enum transport_error error, int status, const char *headers, const char *body)
{
    struct arena *arena = fixture.run.arena;
    struct exchange exchange = { .arena = arena,
        .error = error,
        .status = status,
        .why = STR("the reason"),
        .max_bytes = 1000,
        .answer = BUF_INIT(1000) };
    const struct str secrets[] = { STR(SECRET) };
    struct answer_input input = { arena, fixture.run.keys, &exchange, STR("https://x.example"),
        STR("guardduty:ListDetectors"), secrets, 1 };
    struct verdict verdict;
    fixture_headers(&exchange, headers);
    buf_add_cstr(&exchange.answer, body);
    answer_read(&input, &verdict);
    buf_clear(&exchange.answer);
    return verdict;
}

static struct verdict read_answer(int status, const char *headers, const char *body)
{
    return read_all(TRANSPORT_OK, status, headers, body);
}

static void assert_verdict(struct verdict verdict, enum aws_outcome outcome, enum aws_diag kind,
        enum retry_kind retry, const char *code)
{
    if (verdict.outcome != outcome || verdict.kind != kind || verdict.retry != retry) {
        fail_msg("got %s %s %d (%.*s)", aws_outcome_name(verdict.outcome),
                aws_diags[verdict.kind].id, (int)verdict.retry, STR_ARG(verdict.what));
    }
    assert_str(verdict.code, code);
    assert_true(verdict.what.len > 0);
}

static void test_success(void **state)
{
    (void)state;
    static const char *const types[] = { "", "Content-Type: text/html",
        "Content-Type: text/plain; charset=x", "Content-Type: application/json" };
    for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
        struct verdict verdict = read_answer(200, types[i], " {\"a\": [1]}\n");
        assert_int_equal(verdict.outcome, AWS_OK);
        assert_int_equal(value_count(value_get_str(verdict.body, STR("a"))), 1);
    }
    struct verdict verdict = read_answer(204, "x-amzn-RequestId: abc", "");
    assert_int_equal(verdict.outcome, AWS_OK);
    assert_null(verdict.body);
    assert_str(verdict.request_id, "abc");
    assert_int_equal(read_answer(299, "", "{}").outcome, AWS_OK);
}

static void test_unreadable_success(void **state)
{
    (void)state;
    assert_verdict(read_answer(200, "", "<!DOCTYPE html><html></html>"), AWS_UNREADABLE,
            AWS_ANSWER_NOT_JSON, RETRY_NO, "");
    assert_has(read_answer(200, "", "\n <html>").what,
            "https://x.example answered HTTP 200 with a page of HTML");
    assert_verdict(read_answer(200, "", "{\"a\": \"cut"), AWS_UNREADABLE, AWS_ANSWER_NOT_JSON,
            RETRY_NO, "");
    assert_verdict(
            read_answer(200, "", "hello"), AWS_UNREADABLE, AWS_ANSWER_NOT_JSON, RETRY_NO, "");
    assert_true(read_answer(200, "", "{]").detail.len > 0);
    assert_verdict(
            read_answer(200, "", "  "), AWS_UNREADABLE, AWS_ANSWER_NOT_JSON, RETRY_NO, "");
}

static void test_redirect(void **state)
{
    (void)state;
    struct verdict verdict = read_answer(302, "Location: https://evil.example/\x1b[1m", "");
    assert_verdict(verdict, AWS_UNREADABLE, AWS_ANSWER_REDIRECT, RETRY_NO, "");
    assert_has(verdict.what, "redirects (HTTP 302) to `https://evil.example/ [1m`");
}

static void test_where_the_code_comes_from(void **state)
{
    (void)state;

    static const struct {
        const char *headers, *body, *code, *text;
    } cases[] = {
        { "X-Amzn-ErrorType: BadRequestException:http://internal/x",
                "{\"__type\":\"InvalidInputException\",\"message\":\"m\"}",
                "BadRequestException", "m" },
        { "", "{\"__type\":\"com.amazonaws.budgets#NotFoundError\",\"Message\":\"M\"}",
                "NotFoundError", "M" },
        { "", "{\"__type\":\"ns#Code:x\"}", "Code", "" },
        { "", "{\"Code\":\"InvalidAccessException\",\"Message\":\"not subscribed\"}",
                "InvalidAccessException", "not subscribed" },
        { "", "{\"code\":\"lower\",\"message\":\"m\"}", "lower", "m" },
        { "", "{\"Error\":{\"Code\":\"Inner\",\"Message\":\"x\"}}", "Inner", "x" },
        { "x-amzn-errortype: OnlyHeader", "", "OnlyHeader", "" },
        { "x-amzn-errortype: OnlyHeader", "<html>", "OnlyHeader", "" },
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct verdict verdict = read_answer(400, cases[i].headers, cases[i].body);
        assert_verdict(verdict, AWS_REJECTED, AWS_CALL_REJECTED, RETRY_NO, cases[i].code);
        assert_str(verdict.text, cases[i].text);
    }
    /* 401 is not always about credentials. */
    assert_int_equal(read_answer(401, "", cases[3].body).outcome, AWS_REJECTED);
}

static void assert_code(
        const char *code, enum aws_outcome outcome, enum aws_diag kind, enum retry_kind retry)
{
    char body[128];
    snprintf(body, sizeof(body), "{\"__type\":\"%s\",\"message\":\"m\"}", code);
    assert_verdict(read_answer(400, "", body), outcome, kind, retry, code);
}

static void test_codes(void **state)
{
    (void)state;
    assert_code("ThrottlingException", AWS_THROTTLED, AWS_THROTTLED_CALL, RETRY_THROTTLE);
    assert_code("TooManyRequestsException", AWS_THROTTLED, AWS_THROTTLED_CALL, RETRY_THROTTLE);
    assert_code("RequestTimeout", AWS_SERVER_FAULT, AWS_SERVER_ERROR, RETRY_TRANSIENT);
    assert_code("AccessDeniedException", AWS_DENIED, AWS_DENIED_CALL, RETRY_NO);
    assert_code("UnauthorizedOperation", AWS_DENIED, AWS_DENIED_CALL, RETRY_NO);
    assert_code(
            "ExpiredTokenException", AWS_BAD_CREDENTIALS, AWS_CREDENTIALS_EXPIRED, RETRY_NO);
    assert_code("UnrecognizedClientException", AWS_BAD_CREDENTIALS, AWS_CREDENTIALS_REFUSED,
            RETRY_NO);
    assert_code("RequestTimeTooSkewed", AWS_BAD_CREDENTIALS, AWS_CLOCK_WRONG, RETRY_NO);
    assert_code("ResourceNotFoundException", AWS_NOT_FOUND, AWS_THING_NOT_FOUND, RETRY_NO);
    assert_code("LimitExceededException", AWS_REJECTED, AWS_CALL_REJECTED, RETRY_NO);
    assert_verdict(read_answer(429, "", "{\"__type\":\"LimitExceededException\"}"),
            AWS_THROTTLED, AWS_THROTTLED_CALL, RETRY_THROTTLE, "LimitExceededException");
    struct verdict verdict =
            read_answer(403, "", "{\"__type\":\"AccessDeniedException\",\"message\":\"no\"}");
    assert_str(
            verdict.what, "guardduty:ListDetectors is not allowed: AccessDeniedException: no");
    assert_true(read_answer(403, "", "{\"__type\":\"SignatureDoesNotMatch\"}").may_be_clock);
    assert_true(read_answer(403, "", "{\"__type\":\"RequestExpired\"}").is_clock);
}

static void test_statuses_without_code(void **state)
{
    (void)state;
    assert_verdict(
            read_answer(429, "", ""), AWS_THROTTLED, AWS_THROTTLED_CALL, RETRY_THROTTLE, "");
    static const int transient[] = { 500, 502, 503, 504 };
    for (size_t i = 0; i < 4; i++) {
        assert_verdict(read_answer(transient[i], "", "<html>"), AWS_SERVER_FAULT,
                AWS_SERVER_ERROR, RETRY_TRANSIENT, "");
    }
    assert_verdict(read_answer(501, "", ""), AWS_SERVER_FAULT, AWS_SERVER_ERROR, RETRY_NO, "");
    assert_verdict(read_answer(503, "x-amzn-errortype: InternalException", "{}"),
            AWS_SERVER_FAULT, AWS_SERVER_ERROR, RETRY_TRANSIENT, "InternalException");
    assert_verdict(read_answer(403, "", "{\"message\":\"Forbidden\"}"), AWS_DENIED,
            AWS_DENIED_CALL, RETRY_NO, "");
    assert_verdict(read_answer(403, "", "<html>blocked by the proxy"), AWS_UNREADABLE,
            AWS_ANSWER_NOT_JSON, RETRY_NO, "");
    assert_verdict(read_answer(404, "", ""), AWS_UNREADABLE, AWS_ANSWER_NOT_JSON, RETRY_NO, "");
    assert_verdict(read_answer(404, "", "<html>404 Not Found"), AWS_UNREADABLE,
            AWS_ANSWER_NOT_JSON, RETRY_NO, "");
    assert_verdict(read_answer(404, "", "{\"message\":\"no\"}"), AWS_REJECTED,
            AWS_CALL_REJECTED, RETRY_NO, "");
    assert_verdict(read_answer(101, "", ""), AWS_UNREADABLE, AWS_ANSWER_NOT_JSON, RETRY_NO, "");
}

static void test_times(void **state)
{
    (void)state;
    assert_int_equal(read_answer(429, "", "").asked_ms, -1);
    assert_int_equal(read_answer(429, "x-amz-retry-after: 1500", "").asked_ms, 1500);
    assert_int_equal(read_answer(429, "Retry-After: 2", "").asked_ms, 2000);
    assert_int_equal(read_answer(429, "Retry-After: 2\nx-amz-retry-after: 7", "").asked_ms, 7);
    assert_int_equal(read_answer(429, "Retry-After: 99999999999999999999", "").asked_ms, -1);
    assert_int_equal(read_answer(429, "Retry-After: 9999999999999", "").asked_ms, 86400000);
    assert_int_equal(
            read_answer(429, "Retry-After: Sun, 30 Aug 2015 12:36:00 GMT", "").asked_ms, -1);
    struct verdict verdict = read_answer(403, "Date: Sun, 30 Aug 2015 12:36:00 GMT", "{}");
    assert_true(verdict.has_date);
    assert_int_equal(verdict.date_s, 1440938160);
    assert_false(read_answer(403, "Date: yesterday", "{}").has_date);
}

static void test_transport_errors(void **state)
{
    (void)state;

    static const struct {
        enum transport_error error;
        enum aws_outcome outcome;
        enum aws_diag kind;
        enum retry_kind retry;
        const char *part;
    } cases[] = {
        { TRANSPORT_UNREACHABLE, AWS_UNREACHABLE, AWS_UNREACHABLE_ENDPOINT, RETRY_TRANSIENT,
                "cannot reach https://x.example: the reason" },
        { TRANSPORT_TLS, AWS_UNREACHABLE, AWS_TLS_FAILED, RETRY_NO, "no secure connection" },
        { TRANSPORT_TIME_OUT, AWS_TIMED_OUT, AWS_TIME_OUT, RETRY_TRANSIENT,
                "did not answer in time: the reason" },
        { TRANSPORT_CLOSED, AWS_UNREACHABLE, AWS_UNREACHABLE_ENDPOINT, RETRY_TRANSIENT,
                "closed the connection" },
        { TRANSPORT_CUT, AWS_UNREADABLE, AWS_ANSWER_TRUNCATED, RETRY_TRANSIENT,
                "truncated after 3 bytes" },
        { TRANSPORT_TOO_LARGE, AWS_UNREADABLE, AWS_ANSWER_TOO_LARGE, RETRY_NO, "1000 bytes" },
        { TRANSPORT_GARBLED, AWS_UNREADABLE, AWS_ANSWER_NOT_JSON, RETRY_NO,
                "does not speak HTTP" },
        { TRANSPORT_FAILED, AWS_UNREACHABLE, AWS_UNREACHABLE_ENDPOINT, RETRY_NO, "the reason" },
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct verdict verdict = read_all(cases[i].error, 200, "", "{\"a");
        assert_verdict(verdict, cases[i].outcome, cases[i].kind, cases[i].retry, "");
        assert_has(verdict.what, cases[i].part);
    }
}

static void test_nothing_secret_and_nothing_wild_comes_out(void **state)
{
    (void)state;
    struct verdict verdict = read_answer(403,
            "x-amzn-requestid: id\x1b" SECRET "\nx-amzn-errortype: Some" SECRET,
            "{\"message\":\"The Canonical String was x-amz-security-token:" SECRET
            "\\n\\u001b[31m end\"}");
    assert_lacks(verdict.what, SECRET);
    assert_lacks(verdict.text, SECRET);
    assert_lacks(verdict.code, SECRET);
    assert_lacks(verdict.request_id, SECRET);
    assert_lacks(verdict.what, "\x1b");
    assert_has(verdict.text, "x-amz-security-token:(hidden) [31m end");

    char body[4096];
    memset(body, 'x', sizeof(body));
    memcpy(body, "{\"message\":\"", 12);
    memcpy(body + 900, "\"}", 3);
    verdict = read_answer(400, "", body);
    assert_true(verdict.text.len <= 503);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_success),
        cmocka_unit_test(test_unreadable_success),
        cmocka_unit_test(test_redirect),
        cmocka_unit_test(test_where_the_code_comes_from),
        cmocka_unit_test(test_codes),
        cmocka_unit_test(test_statuses_without_code),
        cmocka_unit_test(test_times),
        cmocka_unit_test(test_transport_errors),
        cmocka_unit_test(test_nothing_secret_and_nothing_wild_comes_out),
    };
    return RUN_GROUP(tests);
}
