/* SPDX-License-Identifier: Apache-2.0 */
/* Batches over a scripted transport and a clock that only moves when the client waits. */
#include "aws/aws_fixture.h"
#include "aws/client.h"

enum {
    MAX_SENT = 512,
    WALL_MS = 1440938160 /* 2015-08-30T12:36:00Z, in seconds */
};

/* What the other side does with one request. */
struct reply {
    enum transport_error error;
    int status;
    const char *headers; /* "Name: value" lines, NULL: none */
    const char *body;
    int64_t after_ms; /* how long it takes */
};

/* One request as it went out. */
struct sent {
    struct str url;
    struct str method;
    struct str body;
    struct str date;
    struct str authorization;
    struct str token;
    int64_t at_ms;
    bool is_fresh;
};

struct script {
    struct fixture fixture;
    struct aws_client *client;
    int64_t now_ms;
    int64_t wall_offset_ms;
    /* Replies in the order of requests; the last one is repeated. Or by function. */
    const struct reply *replies;
    size_t reply_count;
    struct reply (*answer)(struct script *script, const struct sent *sent);
    struct sent sent[MAX_SENT];
    size_t sent_count;
    struct exchange *open[64];
    int64_t due_ms[64];
    struct reply due[64];
    size_t open_count;
    size_t most_open;
    double chance;
    volatile sig_atomic_t cancel;
    bool cancel_when_waiting;
    size_t stopped;
};

static int64_t wall(void *context)
{
    struct script *script = context;
    return (int64_t)WALL_MS * 1000 + script->now_ms + script->wall_offset_ms;
}

static int64_t monotonic(void *context)
{
    struct script *script = context;
    return script->now_ms;
}

static void sleep_some(void *context, int64_t duration_ms)
{
    struct script *script = context;
    script->now_ms += duration_ms;
}

static double chance(void *context)
{
    struct script *script = context;
    return script->chance;
}

static struct str header_of(const struct exchange *exchange, const char *name)
{
    for (size_t i = 0; i < exchange->header_count; i++) {
        if (str_eq_cstr(exchange->headers[i].name, name)) {
            return exchange->headers[i].value;
        }
    }
    return STR_EMPTY;
}

static void start(void *context, struct exchange *exchange)
{
    struct script *script = context;
    struct arena *arena = script->fixture.run.arena;
    assert_true(script->sent_count < MAX_SENT && script->open_count < 64);
    struct sent *sent = &script->sent[script->sent_count];
    *sent = (struct sent){
        .url = arena_dup(arena, exchange->url),
        .method = exchange->method,
        .body = arena_dup(arena, exchange->body),
        .date = arena_dup(arena, header_of(exchange, "X-Amz-Date")),
        .authorization = arena_dup(arena, header_of(exchange, "Authorization")),
        .token = arena_dup(arena, header_of(exchange, "X-Amz-Security-Token")),
        .at_ms = script->now_ms,
        .is_fresh = exchange->is_fresh,
    };
    size_t last = script->reply_count > 0 ? script->reply_count - 1 : 0;
    size_t index = script->sent_count < last ? script->sent_count : last;
    struct reply reply = script->answer ? script->answer(script, sent) : script->replies[index];
    exchange->answer = BUF_INIT(exchange->max_bytes);
    script->sent_count++;
    script->open[script->open_count] = exchange;
    script->due[script->open_count] = reply;
    script->due_ms[script->open_count] = script->now_ms + reply.after_ms;
    script->open_count++;
    script->most_open =
            script->open_count > script->most_open ? script->open_count : script->most_open;
}

static void finish(struct script *script, size_t index)
{
    struct exchange *exchange = script->open[index];
    struct reply reply = script->due[index];
    fixture_headers(exchange, reply.headers);
    exchange->error = reply.error;
    exchange->why = STR("scripted");
    exchange->status = reply.status;
    buf_add(&exchange->answer, str_from(reply.body));
    exchange->is_done = true;
    script->open_count--;
    script->open[index] = script->open[script->open_count];
    script->due[index] = script->due[script->open_count];
    script->due_ms[index] = script->due_ms[script->open_count];
}

/* Moves the clock to whatever comes first, and finishes one exchange that is due. */
static void wait_some(void *context, int64_t at_most_ms)
{
    struct script *script = context;
    size_t first = 0;
    for (size_t i = 1; i < script->open_count; i++) {
        first = script->due_ms[i] < script->due_ms[first] ? i : first;
    }
    if (script->cancel_when_waiting) {
        script->cancel = 1;
    }
    if (script->open_count > 0 && script->due_ms[first] <= script->now_ms + at_most_ms) {
        script->now_ms =
                script->due_ms[first] > script->now_ms ? script->due_ms[first] : script->now_ms;
        finish(script, first);
    } else {
        script->now_ms += at_most_ms;
    }
}

static void stop(void *context, struct exchange *exchange)
{
    struct script *script = context;
    (void)exchange;
    script->stopped++;
}

/* The clock and the transport point back at the script, so they live as long as it does. */
static struct clock the_clock = { wall, monotonic, sleep_some, NULL };
static struct transport the_transport = { start, wait_some, stop, NULL };

#define ENV(...) ((const char *const[]){ __VA_ARGS__, NULL })
#define KEYS                                                                                   \
    "AWS_ACCESS_KEY_ID=AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY=wJalrXUtnFEMIK7MDENG",             \
            "AWS_REGION=eu-west-1"

static void script_start(
        struct script *script, const char *const *variables, const struct aws_options *given)
{
    fixture_start(&script->fixture, variables);
    struct aws_options options = given ? *given : (struct aws_options){ 0 };
    the_clock.context = script;
    the_transport.context = script;
    script->fixture.run.clock = &the_clock;
    script->now_ms = 5000;
    script->chance = 0.5;
    options.transport = &the_transport;
    options.random = chance;
    options.random_context = script;
    options.cancel = &script->cancel;
    assert_int_equal(aws_client_new(&script->fixture.run, &options, &script->client), 0);
}

static void script_stop(struct script *script)
{
    assert_int_equal(script->open_count, 0);
    aws_client_free(script->client);
    fixture_stop(&script->fixture);
}

static const struct aws_call list_detectors = { .service = STR_INIT("guardduty"),
    .operation = STR_INIT("ListDetectors"),
    .path = STR_INIT("/detector") };

static struct aws_answer call_one(struct script *script, const struct aws_call *call)
{
    struct aws_answer answer;
    assert_int_equal(
            aws_call_batch(script->client, script->fixture.run.arena, &call, 1, 0, &answer), 0);
    assert_int_equal(answer.outcome == AWS_OK, answer.fault == NULL);
    return answer;
}

#define REPLIES(script, ...)                                                                   \
    do {                                                                                       \
        static const struct reply given_replies[] = { __VA_ARGS__ };                           \
        (script)->replies = given_replies;                                                     \
        (script)->reply_count = sizeof(given_replies) / sizeof(given_replies[0]);              \
        (script)->sent_count = 0;                                                              \
    } while (0)

#define OK_EMPTY { .status = 200, .body = "{}" }

static void test_one_call(void **state)
{
    (void)state;
    struct script script = { 0 };
    script_start(&script, ENV(KEYS, "AWS_SESSION_TOKEN=tok"), NULL);
    REPLIES(&script, { .status = 200,
                             .headers = "x-amzn-requestid: r-1",
                             .body = "{\"detectorIds\":[\"d\"]}" });
    struct aws_answer answer = call_one(&script, &list_detectors);
    assert_int_equal(answer.outcome, AWS_OK);
    assert_int_equal(answer.status, 200);
    assert_int_equal(answer.attempts, 1);
    assert_int_equal(answer.pages, 1);
    assert_true(answer.is_complete);
    assert_str(answer.request_id, "r-1");
    assert_str(answer.action, "guardduty:ListDetectors");
    assert_str(answer.region, "eu-west-1");
    assert_str(answer.endpoint, "https://guardduty.eu-west-1.amazonaws.com");
    assert_int_equal(value_count(value_get_str(answer.body, STR("detectorIds"))), 1);
    assert_null(answer.items);
    assert_str(script.sent[0].url, "https://guardduty.eu-west-1.amazonaws.com/detector");
    assert_str(script.sent[0].date, "20150830T123605Z");
    assert_str(script.sent[0].token, "tok");
    assert_has(script.sent[0].authorization,
            "AWS4-HMAC-SHA256 "
            "Credential=AKIDEXAMPLE/20150830/eu-west-1/guardduty/aws4_request, "
            "SignedHeaders=host;x-amz-date;x-amz-security-token, Signature=");
    script_stop(&script);
}

static void test_retry_after_5xx(void **state)
{
    (void)state;
    struct script script = { 0 };
    script_start(&script, ENV(KEYS), NULL);
    REPLIES(&script, { .status = 503, .body = "<html>" }, { .status = 500 }, OK_EMPTY);
    struct aws_answer answer = call_one(&script, &list_detectors);
    assert_int_equal(answer.outcome, AWS_OK);
    assert_int_equal(answer.attempts, 3);
    assert_int_equal(script.sent[1].at_ms - script.sent[0].at_ms, 25);
    assert_int_equal(script.sent[2].at_ms - script.sent[1].at_ms, 50);
    script_stop(&script);
}

static void test_every_attempt_is_signed_anew(void **state)
{
    (void)state;
    struct script script = { 0 };
    script_start(&script, ENV(KEYS), NULL);
    REPLIES(&script, { .status = 500, .after_ms = 2000 }, OK_EMPTY);
    call_one(&script, &list_detectors);
    assert_str(script.sent[0].date, "20150830T123605Z");
    assert_str(script.sent[1].date, "20150830T123607Z");
    assert_false(str_eq(script.sent[0].authorization, script.sent[1].authorization));
    script_stop(&script);
}

static void test_retries_end(void **state)
{
    (void)state;
    struct script script = { 0 };
    script_start(&script, ENV(KEYS), NULL);
    REPLIES(&script,
            { .status = 503,
                    .headers = "x-amzn-requestid: r-9",
                    .body = "{\"__type\":\"InternalException\",\"message\":\"oops\"}" });
    struct aws_answer answer = call_one(&script, &list_detectors);
    assert_int_equal(answer.outcome, AWS_SERVER_FAULT);
    assert_int_equal(script.sent_count, 3);
    assert_str(answer.fault->message,
            "guardduty ListDetectors in eu-west-1: HTTP 503, InternalException: oops "
            "(3 attempts) (request id r-9)");
    assert_string_equal(answer.fault->kind->id, "aws/server-error");
    script_stop(&script);

    struct script eager = { 0 };
    script_start(&eager, ENV(KEYS, "AWS_MAX_ATTEMPTS=5"), NULL);
    REPLIES(&eager, { .status = 503 });
    call_one(&eager, &list_detectors);
    assert_int_equal(eager.sent_count, 5);
    script_stop(&eager);
}

static void test_max_attempts_must_be_a_number(void **state)
{
    (void)state;
    static const char *const bad[] = { "AWS_MAX_ATTEMPTS=0", "AWS_MAX_ATTEMPTS=x",
        "AWS_MAX_ATTEMPTS=11" };
    for (size_t i = 0; i < 3; i++) {
        struct fixture fixture;
        struct aws_client *client = NULL;
        fixture_start(&fixture, ENV(bad[i]));
        assert_int_equal(aws_client_new(&fixture.run, NULL, &client), ERR_INVALID);
        assert_null(client);
        assert_int_equal(fixture.run.diags.error_count, 1);
        fixture_stop(&fixture);
    }
}

static void test_throttling_waits(void **state)
{
    (void)state;
    struct script script = { 0 };
    script_start(&script, ENV(KEYS), NULL);
    REPLIES(&script, { .status = 429, .headers = "Retry-After: 3" },
            { .status = 400, .body = "{\"__type\":\"ThrottlingException\"}" }, OK_EMPTY);
    struct aws_answer answer = call_one(&script, &list_detectors);
    assert_int_equal(answer.outcome, AWS_OK);
    assert_int_equal(script.sent[1].at_ms - script.sent[0].at_ms, 3000);
    assert_int_equal(script.sent[2].at_ms - script.sent[1].at_ms, 1000);

    REPLIES(&script, { .status = 429 });
    answer = call_one(&script, &list_detectors);
    assert_int_equal(answer.outcome, AWS_THROTTLED);
    assert_string_equal(answer.fault->kind->id, "aws/throttled");
    assert_int_equal(script.sent_count, 3);
    script_stop(&script);
}

static void test_throttling_holds_the_others_back(void **state)
{
    (void)state;
    struct script script = { 0 };
    const struct aws_options options = { .max_parallel_per_service = 1 };
    script_start(&script, ENV(KEYS), &options);
    REPLIES(&script, { .status = 429 }, OK_EMPTY);
    struct aws_call other = list_detectors;
    other.region = STR("eu-west-2");
    const struct aws_call *const calls[] = { &list_detectors, &list_detectors, &other };
    struct aws_answer answers[3];
    assert_int_equal(
            aws_call_batch(script.client, script.fixture.run.arena, calls, 3, 0, answers), 0);
    /* The other Region has a budget of its own and went at once. */
    assert_has(script.sent[1].url, "eu-west-2");
    assert_int_equal(script.sent[1].at_ms, script.sent[0].at_ms);
    assert_int_equal(script.sent[2].at_ms - script.sent[0].at_ms, 500);
    assert_int_equal(script.sent[3].at_ms - script.sent[0].at_ms, 500);
    assert_int_equal(script.sent_count, 4);
    script_stop(&script);
}

static void test_wrong_clock(void **state)
{
    (void)state;
    struct script script = { 0 };
    script_start(&script, ENV(KEYS), NULL);
    REPLIES(&script,
            { .status = 403,
                    .headers = "Date: Sun, 30 Aug 2015 12:56:05 GMT",
                    .body = "{\"__type\":\"InvalidSignatureException\"}" },
            OK_EMPTY);
    struct aws_answer answer = call_one(&script, &list_detectors);
    assert_int_equal(answer.outcome, AWS_OK);
    assert_str(script.sent[0].date, "20150830T123605Z");
    assert_str(script.sent[1].date, "20150830T125605Z");
    /* Remembered for the host. */
    REPLIES(&script, OK_EMPTY);
    call_one(&script, &list_detectors);
    assert_str(script.sent[0].date, "20150830T125605Z");
    script_stop(&script);
}

static void test_wrong_clock_is_corrected_once(void **state)
{
    (void)state;
    struct script script = { 0 };
    script_start(&script, ENV(KEYS), NULL);
    REPLIES(&script,
            { .status = 403,
                    .headers = "Date: Sun, 30 Aug 2015 12:56:05 GMT",
                    .body = "{\"__type\":\"RequestTimeTooSkewed\"}" },
            { .status = 403,
                    .headers = "Date: Sun, 30 Aug 2015 13:56:05 GMT",
                    .body = "{\"__type\":\"RequestTimeTooSkewed\"}" });
    struct aws_answer answer = call_one(&script, &list_detectors);
    assert_int_equal(answer.outcome, AWS_BAD_CREDENTIALS);
    assert_string_equal(answer.fault->kind->id, "aws/clock-wrong");
    assert_int_equal(script.sent_count, 2);
    script_stop(&script);

    /* A refused signature with a right clock is a refused signature. */
    struct script right = { 0 };
    script_start(&right, ENV(KEYS), NULL);
    REPLIES(&right, { .status = 403,
                            .headers = "Date: Sun, 30 Aug 2015 12:38:05 GMT",
                            .body = "{\"__type\":\"InvalidSignatureException\"}" });
    answer = call_one(&right, &list_detectors);
    assert_string_equal(answer.fault->kind->id, "aws/credentials-refused");
    assert_int_equal(right.sent_count, 1);
    script_stop(&right);
}

static const struct aws_call list_all = { .service = STR_INIT("guardduty"),
    .operation = STR_INIT("ListDetectors"),
    .path = STR_INIT("/detector"),
    .pages = { .items = STR_INIT("/detectorIds") } };

static void test_pages(void **state)
{
    (void)state;
    struct script script = { 0 };
    script_start(&script, ENV(KEYS), NULL);
    REPLIES(&script, { .status = 200, .body = "{\"detectorIds\":[1,2],\"nextToken\":\"a=\"}" },
            { .status = 500 },
            { .status = 200, .body = "{\"detectorIds\":[],\"nextToken\":\"b\"}" },
            { .status = 200, .body = "{\"detectorIds\":[3],\"nextToken\":\"\"}" });
    struct aws_answer answer = call_one(&script, &list_all);
    assert_int_equal(answer.outcome, AWS_OK);
    assert_true(answer.is_complete);
    assert_int_equal(answer.pages, 3);
    assert_int_equal(answer.attempts, 4);
    assert_int_equal(value_count(answer.items), 3);
    assert_str(value_text(value_at(answer.items, 2)), "3");
    assert_has(script.sent[1].url, "/detector?nextToken=a%3D");
    assert_has(script.sent[2].url, "/detector?nextToken=a%3D");
    assert_has(script.sent[3].url, "/detector?nextToken=b");
    script_stop(&script);
}

static void test_pages_that_fail(void **state)
{
    (void)state;
    struct script script = { 0 };
    script_start(&script, ENV(KEYS), NULL);
    REPLIES(&script, { .status = 200, .body = "{\"detectorIds\":[1],\"nextToken\":\"a\"}" },
            { .status = 403, .body = "{\"__type\":\"AccessDeniedException\"}" });
    struct aws_answer answer = call_one(&script, &list_all);
    assert_int_equal(answer.outcome, AWS_DENIED);
    assert_false(answer.is_complete);
    assert_int_equal(value_count(answer.items), 1);

    REPLIES(&script, { .status = 200, .body = "{\"detectorIds\":[1],\"nextToken\":\"a\"}" });
    answer = call_one(&script, &list_all);
    assert_int_equal(answer.outcome, AWS_UNREADABLE);
    assert_string_equal(answer.fault->kind->id, "aws/pages-endless");
    assert_false(answer.is_complete);
    assert_int_equal(script.sent_count, 2);
    script_stop(&script);
}

static struct reply reply_by_region(struct script *script, const struct sent *sent)
{
    (void)script;
    bool is_first = str_find_str(sent->url, STR("eu-west-1")) >= 0;
    return (struct reply){ .status = 200,
        .body = is_first ? "{\"n\":1}" : "{\"n\":2}",
        .after_ms = is_first ? 500 : 10 };
}

static void test_answers_keep_the_order_of_calls(void **state)
{
    (void)state;
    struct script script = { .answer = reply_by_region };
    script_start(&script, ENV(KEYS), NULL);
    struct aws_call other = list_detectors;
    other.region = STR("eu-west-2");
    const struct aws_call *const calls[] = { &list_detectors, &other, &list_detectors };
    struct aws_answer answers[3];
    assert_int_equal(
            aws_call_batch(script.client, script.fixture.run.arena, calls, 3, 0, answers), 0);
    assert_str(value_text(value_get_str(answers[0].body, STR("n"))), "1");
    assert_str(value_text(value_get_str(answers[1].body, STR("n"))), "2");
    assert_str(value_text(value_get_str(answers[2].body, STR("n"))), "1");
    assert_int_equal(script.now_ms, 5500);
    script_stop(&script);
}

static void call_many(struct script *script, const struct aws_call *call, size_t count,
        struct aws_answer *answers)
{
    struct arena *arena = script->fixture.run.arena;
    const struct aws_call **calls = ARENA_ARRAY(arena, const struct aws_call *, count);
    for (size_t i = 0; i < count; i++) {
        calls[i] = call;
    }
    assert_int_equal(aws_call_batch(script->client, arena, calls, count, 0, answers), 0);
}

static void test_bounded_concurrency(void **state)
{
    (void)state;
    struct script script = { 0 };
    struct aws_answer answers[40];
    script_start(&script, ENV(KEYS), NULL);
    REPLIES(&script, { .status = 200, .body = "{}", .after_ms = 100 });
    call_many(&script, &list_detectors, 40, answers);
    assert_int_equal(script.sent_count, 40);
    assert_int_equal(script.most_open, 6);
    for (size_t i = 0; i < 40; i++) {
        assert_int_equal(answers[i].outcome, AWS_OK);
    }
    script_stop(&script);

    struct script narrow = { 0 };
    const struct aws_options options = { .max_parallel = 2 };
    script_start(&narrow, ENV(KEYS), &options);
    REPLIES(&narrow, { .status = 200, .body = "{}", .after_ms = 100 });
    call_many(&narrow, &list_detectors, 10, answers);
    assert_int_equal(narrow.most_open, 2);
    script_stop(&narrow);
}

static void test_an_endpoint_that_hangs_costs_its_time_once(void **state)
{
    (void)state;
    struct script script = { 0 };
    struct aws_answer answers[40];
    script_start(&script, ENV(KEYS), NULL);
    REPLIES(&script, { .error = TRANSPORT_TIME_OUT, .after_ms = 10000 });
    call_many(&script, &list_detectors, 40, answers);
    assert_true(script.now_ms - 5000 < 31000);
    assert_int_equal(answers[0].outcome, AWS_TIMED_OUT);
    assert_string_equal(answers[0].fault->kind->id, "aws/time-out");
    assert_int_equal(answers[39].outcome, AWS_UNREACHABLE);
    assert_has(answers[39].fault->message, "not tried, because earlier calls");
    /* After a while it is tried again. */
    script.now_ms += HEALTH_DEAD_MS;
    REPLIES(&script, OK_EMPTY);
    assert_int_equal(call_one(&script, &list_detectors).outcome, AWS_OK);
    script_stop(&script);
}

static void test_an_outage_is_not_made_worse(void **state)
{
    (void)state;
    struct script script = { 0 };
    struct aws_answer answers[200];
    script_start(&script, ENV(KEYS), NULL);
    REPLIES(&script, { .status = 503 });
    call_many(&script, &list_detectors, 200, answers);
    assert_int_equal(script.sent_count, 200 + BUDGET_TOKENS / 14);
    script_stop(&script);
}

static void test_one_call_has_an_end(void **state)
{
    (void)state;
    struct script script = { 0 };
    const struct aws_options options = { .call_ms = 25000, .max_attempts = 10 };
    script_start(&script, ENV(KEYS), &options);
    REPLIES(&script, { .error = TRANSPORT_TIME_OUT, .after_ms = 10000 });
    struct aws_answer answer = call_one(&script, &list_detectors);
    assert_int_equal(answer.outcome, AWS_TIMED_OUT);
    assert_int_equal(script.sent_count, 3);
    script_stop(&script);
}

static void test_a_batch_has_an_end(void **state)
{
    (void)state;
    struct script script = { 0 };
    struct aws_answer answers[10];
    const struct aws_call *calls[10];
    for (size_t i = 0; i < 10; i++) {
        calls[i] = &list_detectors;
    }
    script_start(&script, ENV(KEYS), NULL);
    REPLIES(&script, { .status = 200, .body = "{}", .after_ms = 100 },
            { .status = 200, .body = "{}", .after_ms = 60000 });
    assert_int_equal(
            aws_call_batch(script.client, script.fixture.run.arena, calls, 10, 700, answers),
            0);
    assert_int_equal(script.now_ms, 5700);
    assert_int_equal(answers[0].outcome, AWS_OK);
    for (size_t i = 1; i < 10; i++) {
        assert_int_equal(answers[i].outcome, AWS_TIMED_OUT);
        assert_has(answers[i].fault->message, "the time for all calls is used up");
    }
    assert_int_equal(script.client->under_way, 0);
    script.open_count = 0;
    script_stop(&script);
}

static void test_once_means_once(void **state)
{
    (void)state;
    struct script script = { 0 };
    struct aws_call call = { .service = STR("guardduty"),
        .operation = STR("CreateDetector"),
        .method = STR("POST"),
        .path = STR("/detector"),
        .body_text = STR("{}"),
        .flags = AWS_CALL_ONCE };
    script_start(&script, ENV(KEYS), NULL);
    REPLIES(&script, { .error = TRANSPORT_TIME_OUT }, OK_EMPTY);
    assert_int_equal(call_one(&script, &call).outcome, AWS_TIMED_OUT);
    assert_true(script.sent[0].is_fresh);
    REPLIES(&script, { .status = 500 }, OK_EMPTY);
    assert_int_equal(call_one(&script, &call).outcome, AWS_SERVER_FAULT);
    REPLIES(&script, { .status = 429 }, OK_EMPTY);
    assert_int_equal(call_one(&script, &call).outcome, AWS_OK);
    REPLIES(&script, { .error = TRANSPORT_UNREACHABLE }, OK_EMPTY);
    assert_int_equal(call_one(&script, &call).outcome, AWS_OK);
    script_stop(&script);
}

static void test_cancel(void **state)
{
    (void)state;
    struct script script = { .cancel_when_waiting = true };
    struct aws_answer answers[10];
    const struct aws_call *calls[10];
    for (size_t i = 0; i < 10; i++) {
        calls[i] = &list_detectors;
    }
    script_start(&script, ENV(KEYS), NULL);
    REPLIES(&script, { .status = 200, .body = "{}", .after_ms = 60000 });
    assert_int_equal(
            aws_call_batch(script.client, script.fixture.run.arena, calls, 10, 0, answers),
            ERR_CANCELLED);
    for (size_t i = 0; i < 10; i++) {
        assert_int_equal(answers[i].outcome, AWS_CANCELLED);
        assert_string_equal(answers[i].fault->kind->id, "aws/cancelled");
    }
    assert_int_equal(script.stopped, 6);
    assert_int_equal(script.client->under_way, 0);
    script.open_count = 0;
    script_stop(&script);
}

static void test_nothing_is_sent_without_credentials(void **state)
{
    (void)state;
    struct script script = { 0 };
    script_start(&script, ENV("AWS_REGION=eu-west-1"), NULL);
    REPLIES(&script, OK_EMPTY);
    struct aws_answer answer = call_one(&script, &list_detectors);
    assert_int_equal(answer.outcome, AWS_BAD_CREDENTIALS);
    assert_string_equal(answer.fault->kind->id, "aws/no-credentials");
    assert_int_equal(script.sent_count, 0);
    /* What is absent is absent, with or without credentials. */
    struct aws_call call = { .service = STR("ce"),
        .operation = STR("GetCostAndUsage"),
        .region = STR("us-gov-west-1") };
    assert_int_equal(call_one(&script, &call).outcome, AWS_ABSENT);
    call.region = STR("nowhere");
    assert_int_equal(call_one(&script, &call).outcome, AWS_BAD_CALL);
    call = list_detectors;
    call.path = STR("no/slash");
    assert_int_equal(script.sent_count, 0);
    script_stop(&script);
}

static void test_a_broken_call_does_not_stop_the_others(void **state)
{
    (void)state;
    struct script script = { 0 };
    struct aws_call broken = list_detectors;
    broken.path = STR("no/slash");
    const struct aws_call *const calls[] = { &broken, &list_detectors };
    struct aws_answer answers[2];
    script_start(&script, ENV(KEYS), NULL);
    REPLIES(&script, OK_EMPTY);
    assert_int_equal(
            aws_call_batch(script.client, script.fixture.run.arena, calls, 2, 0, answers), 0);
    assert_int_equal(answers[0].outcome, AWS_BAD_CALL);
    assert_int_equal(answers[1].outcome, AWS_OK);
    assert_int_equal(
            aws_call_batch(script.client, script.fixture.run.arena, NULL, 0, 0, NULL), 0);
    script_stop(&script);
}

static void test_each_profile_signs_with_its_own_keys(void **state)
{
    (void)state;
    struct script script = { 0 };
    struct aws_call a = list_detectors;
    struct aws_call b = list_detectors;
    a.profile = STR("a");
    b.profile = STR("b");
    b.account = STR("111122223333");
    const struct aws_call *const calls[] = { &a, &b, &list_detectors };
    struct aws_answer answers[3];
    script_start(&script, ENV(KEYS), NULL);
    fixture_write(&script.fixture, ".aws/credentials",
            "[a]\naws_access_key_id=AKIDA\naws_secret_access_key=s\n"
            "[b]\naws_access_key_id=AKIDB\naws_secret_access_key=s\n");
    REPLIES(&script, { .status = 403, .body = "{\"__type\":\"AccessDeniedException\"}" });
    assert_int_equal(
            aws_call_batch(script.client, script.fixture.run.arena, calls, 3, 0, answers), 0);
    assert_has(script.sent[0].authorization, "Credential=AKIDA/");
    assert_has(script.sent[1].authorization, "Credential=AKIDB/");
    assert_has(script.sent[2].authorization, "Credential=AKIDEXAMPLE/");
    assert_has(answers[1].fault->message,
            "guardduty ListDetectors in eu-west-1 of account 111122223333: "
            "guardduty:ListDetectors is not allowed");
    struct str source;
    const struct aws_fault *fault = NULL;
    assert_int_equal(aws_client_credentials(script.client, STR("a"), &source, &fault), 0);
    assert_has(source, "profile `a` in ");
    assert_int_equal(
            aws_client_credentials(script.client, STR("c"), &source, &fault), ERR_DENIED);
    assert_has(fault->message, "no profile `c`");
    script_stop(&script);
}

static void test_secrets_stay_inside(void **state)
{
    (void)state;
    struct script script = { 0 };
    script_start(&script, ENV(KEYS, "AWS_SESSION_TOKEN=FwoGZXIvYXdzEXAMPLE"), NULL);
    REPLIES(&script, { .status = 403,
                             .headers = "x-amzn-requestid: FwoGZXIvYXdzEXAMPLE",
                             .body = "{\"__type\":\"SignatureDoesNotMatch\",\"message\":"
                                     "\"wJalrXUtnFEMIK7MDENG FwoGZXIvYXdzEXAMPLE\"}" });
    struct aws_answer answer = call_one(&script, &list_detectors);
    assert_str(answer.text, "(hidden) (hidden)");
    assert_str(answer.request_id, "(hidden)");
    assert_lacks(answer.fault->message, "wJalr");
    assert_lacks(answer.fault->message, "FwoGZ");
    script_stop(&script);
}

static void test_empty_answers(void **state)
{
    (void)state;
    struct script script = { 0 };
    script_start(&script, ENV(KEYS), NULL);
    REPLIES(&script, { .status = 200, .body = "" });
    struct aws_answer answer = call_one(&script, &list_all);
    assert_int_equal(answer.outcome, AWS_OK);
    assert_null(answer.body);
    assert_int_equal(value_count(answer.items), 0);
    script_stop(&script);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_one_call),
        cmocka_unit_test(test_retry_after_5xx),
        cmocka_unit_test(test_every_attempt_is_signed_anew),
        cmocka_unit_test(test_retries_end),
        cmocka_unit_test(test_max_attempts_must_be_a_number),
        cmocka_unit_test(test_throttling_waits),
        cmocka_unit_test(test_throttling_holds_the_others_back),
        cmocka_unit_test(test_wrong_clock),
        cmocka_unit_test(test_wrong_clock_is_corrected_once),
        cmocka_unit_test(test_pages),
        cmocka_unit_test(test_pages_that_fail),
        cmocka_unit_test(test_answers_keep_the_order_of_calls),
        cmocka_unit_test(test_bounded_concurrency),
        cmocka_unit_test(test_an_endpoint_that_hangs_costs_its_time_once),
        cmocka_unit_test(test_an_outage_is_not_made_worse),
        cmocka_unit_test(test_one_call_has_an_end),
        cmocka_unit_test(test_a_batch_has_an_end),
        cmocka_unit_test(test_once_means_once),
        cmocka_unit_test(test_cancel),
        cmocka_unit_test(test_nothing_is_sent_without_credentials),
        cmocka_unit_test(test_a_broken_call_does_not_stop_the_others),
        cmocka_unit_test(test_each_profile_signs_with_its_own_keys),
        cmocka_unit_test(test_secrets_stay_inside),
        cmocka_unit_test(test_empty_answers),
    };
    return RUN_TESTS(tests);
}
