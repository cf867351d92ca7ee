/* SPDX-License-Identifier: Apache-2.0 */
/* A batch: every call on its way through pages, attempts and waiting, until all have an answer. */
#include <stdlib.h>
#include <string.h>

#include "client.h"
#include "paginate.h"

enum {
    LONGEST_WAIT_MS = 1000,
    CANCEL_LOOK_MS = 100,
    CLOCK_TOLERANCE_S = 240,
    MIN_SECRET_BYTES = 8, /* shorter ones would cut ordinary words */
    MAX_HEADERS = 8
};

enum flight_state {
    FLIGHT_WAITING,
    FLIGHT_UNDER_WAY,
    FLIGHT_DONE
};

struct flight {
    const struct aws_call *call;
    struct aws_answer *answer;
    const struct route *route;
    enum flight_state state;
    int64_t ready_ms; /* not before this */
    int64_t deadline_ms; /* 0: not begun */
    struct retry retry;
    bool is_clock_set; /* the second chance after a wrong clock is used up */
    struct paginate paginate;
    struct wire wire;
    struct header headers[MAX_HEADERS];
    struct exchange exchange;
};

struct batch {
    struct aws_client *client;
    struct arena *arena;
    struct flight *flights;
    size_t count;
    size_t left;
    int64_t deadline_ms; /* of the whole */
};

/* ---- ending ---- */

static struct aws_fault *make_fault(struct batch *batch, const struct flight *flight,
        enum aws_diag kind, struct str what, struct str detail)
{
    const struct aws_answer *answer = flight->answer;
    struct str account = flight->call->account;
    AUTO_BUF text = BUF_INIT(BUF_UNBOUNDED);
    struct str name = call_name(batch->arena, flight->call);
    buf_add(&text, name);
    if (answer->region.len > 0) {
        buf_addf(&text, " in %.*s", STR_ARG(answer->region));
    }
    if (account.len > 0) {
        buf_addf(&text, " of account %.*s", STR_ARG(account));
    }
    buf_addf(&text, ": %.*s", STR_ARG(what));
    if (flight->retry.attempt > 1) {
        buf_addf(&text, " (%zu attempts)", flight->retry.attempt);
    }
    if (answer->request_id.len > 0) {
        buf_addf(&text, " (request id %.*s)", STR_ARG(answer->request_id));
    }
    struct aws_fault *fault = fault_new(batch->arena, kind, "%.*s", STR_ARG(buf_str(&text)));
    fault->detail = detail;
    return fault;
}

static void end(struct batch *batch, struct flight *flight, enum aws_outcome outcome,
        const struct aws_fault *fault)
{
    struct aws_answer *answer = flight->answer;
    size_t count = flight->paginate.items.count;
    answer->outcome = outcome;
    answer->fault = fault;
    answer->pages = (unsigned)flight->paginate.pages;
    if (flight->call->pages.items.len > 0) {
        answer->items =
                value_list_new(batch->arena, flight->paginate.items.items, count, MARK_NONE);
    }
    flight->state = FLIGHT_DONE;
    if (flight->deadline_ms != 0) {
        flight->route->host->health.begun--;
    }
    batch->left--;
}

static void end_with(struct batch *batch, struct flight *flight, enum aws_outcome outcome,
        enum aws_diag kind, const char *what)
{
    end(batch, flight, outcome, make_fault(batch, flight, kind, str_from(what), STR_EMPTY));
}

/* ---- preparing ---- */

/* Builds the request of the next page and makes the flight wait for its turn. */
static void prepare(struct batch *batch, struct flight *flight)
{
    const struct aws_fault *fault = NULL;
    int err = request_build(batch->arena, batch->client->run->keys, flight->call,
            &flight->paginate.token, &flight->wire, &fault);
    if (err != 0) {
        end(batch, flight, AWS_BAD_CALL, fault);
        return;
    }
    flight->retry = (struct retry){ .most = batch->client->options.max_attempts };
    flight->state = FLIGHT_WAITING;
    flight->ready_ms = client_now_ms(batch->client);
}

static void begin(struct batch *batch, struct flight *flight)
{
    struct aws_answer *answer = flight->answer;
    *answer = (struct aws_answer){ .action = aws_call_action(batch->arena, flight->call) };
    flight->route = client_route(batch->client, flight->call);
    if (flight->route->outcome != AWS_OK) {
        end(batch, flight, flight->route->outcome, flight->route->fault);
        return;
    }
    answer->region = flight->route->endpoint.region;
    answer->endpoint = flight->route->endpoint.base;
    prepare(batch, flight);
}

/* ---- sending ---- */

static void add_header(struct flight *flight, struct str name, struct str value)
{
    ENSURE(flight->exchange.header_count < MAX_HEADERS);
    flight->headers[flight->exchange.header_count++] = (struct header){ name, value };
}

/* Signs the request and puts the headers together. */
static int sign(struct batch *batch, struct flight *flight, struct str path)
{
    struct aws_client *client = batch->client;
    const struct route *route = flight->route;
    const struct wire *wire = &flight->wire;
    struct exchange *exchange = &flight->exchange;
    add_header(flight, STR("Host"), route->endpoint.host);
    if (wire->content_type.len > 0) {
        add_header(flight, STR("Content-Type"), wire->content_type);
    }
    if (wire->target.len > 0) {
        add_header(flight, STR("X-Amz-Target"), wire->target);
    }
    struct sigv4_request request = { wire->method, path, wire->query, flight->headers,
        exchange->header_count, wire->body };
    struct sigv4_scope scope = {
        .credentials = route->keys,
        .region = route->endpoint.region,
        .service = route->endpoint.service,
        .time_s = client_wall_ms(client) / 1000 + route->host->offset_s,
    };
    struct sigv4_signature signature;
    int err = sigv4_sign(&client->signer, batch->arena, &request, &scope, &signature, NULL);
    if (err != 0) {
        return err;
    }
    add_header(
            flight, STR("X-Amz-Date"), arena_dup(batch->arena, str_from(signature.stamp.text)));
    if (route->keys->token.len > 0) {
        add_header(flight, STR("X-Amz-Security-Token"), route->keys->token);
    }
    add_header(flight, STR("Authorization"), signature.authorization);
    if (wire->content_type.len == 0) {
        add_header(flight, STR("Content-Type"), STR_EMPTY); /* not libcurl's own */
    }
    return 0;
}

static void send_request(struct batch *batch, struct flight *flight)
{
    struct aws_client *client = batch->client;
    const struct aws_options *options = &client->options;
    const struct route *route = flight->route;
    const struct wire *wire = &flight->wire;
    int64_t now_ms = client_now_ms(client);
    if (flight->deadline_ms == 0) {
        flight->deadline_ms = now_ms + options->call_ms;
        route->host->health.begun++;
    }
    int64_t left_ms = flight->deadline_ms - now_ms;
    if (left_ms <= 0) {
        end_with(batch, flight, AWS_TIMED_OUT, AWS_TIME_OUT,
                "not finished within the time for one call");
        return;
    }
    struct str path = wire->path;
    if (route->endpoint.path.len > 0) {
        path = arena_printf(
                batch->arena, "%.*s%.*s", STR_ARG(route->endpoint.path), STR_ARG(wire->path));
    }
    flight->exchange = (struct exchange){
        .method = wire->method,
        .url = arena_printf(batch->arena, "%.*s%.*s%s%.*s", STR_ARG(route->endpoint.base),
                STR_ARG(path), wire->query.len > 0 ? "?" : "", STR_ARG(wire->query)),
        .headers = flight->headers,
        .body = wire->body,
        .ca_file = route->endpoint.ca_file,
        .is_loopback = route->endpoint.is_loopback,
        .is_fresh = (flight->call->flags & AWS_CALL_ONCE) != 0,
        .connect_ms = options->connect_ms < left_ms ? options->connect_ms : left_ms,
        .idle_ms = options->idle_ms,
        .total_ms = options->attempt_ms < left_ms ? options->attempt_ms : left_ms,
        .max_bytes = options->max_answer_bytes,
        .arena = batch->arena,
    };
    if (sign(batch, flight, path) != 0) {
        end_with(batch, flight, AWS_BAD_CALL, AWS_LIBRARY_MISSING,
                "libcrypto refuses HMAC or SHA-256");
        return;
    }
    flight->retry.attempt++;
    flight->answer->attempts++;
    flight->state = FLIGHT_UNDER_WAY;
    route->budget->under_way++;
    client->under_way++;
    client->transport.start(client->transport.context, &flight->exchange);
}

/* ---- receiving ---- */

static void keep_answer(struct flight *flight, const struct verdict *verdict)
{
    struct aws_answer *answer = flight->answer;
    answer->status = flight->exchange.status;
    answer->code = verdict->code;
    answer->text = verdict->text;
    answer->request_id = verdict->request_id;
    answer->body = verdict->body ? verdict->body : answer->body;
}

static void take_page(struct batch *batch, struct flight *flight, const struct verdict *verdict)
{
    const struct aws_pages *pages = &flight->call->pages;
    if (pages->items.len == 0) {
        flight->paginate.pages = 1;
        flight->answer->is_complete = true;
        end(batch, flight, AWS_OK, NULL);
        return;
    }
    switch (paginate_take(batch->arena, &flight->paginate, pages, verdict->body)) {
    case PAGE_END:
        flight->answer->is_complete = true;
        end(batch, flight, AWS_OK, NULL);
        break;
    case PAGE_NEXT:
        prepare(batch, flight);
        break;
    case PAGE_REPEATED:
        end_with(batch, flight, AWS_UNREADABLE, AWS_PAGES_ENDLESS,
                "the service gave the same page token twice");
        break;
    case PAGE_TOO_MANY:
        end_with(batch, flight, AWS_UNREADABLE, AWS_PAGES_ENDLESS,
                "there are more pages than allowed");
        break;
    }
}

/* True when the answer says that our clock is wrong and another attempt with theirs is due. */
static bool set_clock(struct batch *batch, struct flight *flight, const struct verdict *verdict)
{
    int64_t ours_s = client_wall_ms(batch->client) / 1000;
    int64_t offset_s = verdict->date_s - ours_s;
    int64_t error_s = offset_s - flight->route->host->offset_s;
    bool is_far = error_s > CLOCK_TOLERANCE_S || error_s < -CLOCK_TOLERANCE_S;
    if (flight->is_clock_set || !verdict->has_date || !is_far ||
            !(verdict->is_clock || verdict->may_be_clock)) {
        return false;
    }
    flight->is_clock_set = true;
    flight->route->host->offset_s = offset_s;
    flight->state = FLIGHT_WAITING;
    flight->ready_ms = client_now_ms(batch->client);
    return true;
}

/* May this failed attempt be repeated, as far as the call is concerned? */
static bool may_repeat(const struct flight *flight, const struct verdict *verdict)
{
    bool has_arrived = flight->exchange.error != TRANSPORT_UNREACHABLE;
    bool is_once = (flight->call->flags & AWS_CALL_ONCE) != 0;
    return !is_once || verdict->retry == RETRY_THROTTLE || !has_arrived;
}

/* True when another attempt was arranged. */
static bool try_again(struct batch *batch, struct flight *flight, const struct verdict *verdict)
{
    struct aws_client *client = batch->client;
    int64_t now_ms = client_now_ms(client);
    int64_t delay_ms = 0;
    struct budget *budget = flight->route->budget;
    bool is_granted = may_repeat(flight, verdict) &&
                      retry_ask(&flight->retry, budget, verdict->retry, client_chance(client),
                              verdict->asked_ms, &delay_ms);
    if (verdict->retry == RETRY_THROTTLE) {
        budget_throttled(budget, now_ms + delay_ms);
    }
    if (!is_granted || now_ms + delay_ms >= flight->deadline_ms) {
        return false;
    }
    flight->state = FLIGHT_WAITING;
    flight->ready_ms = now_ms + delay_ms;
    return true;
}

static void note(
        struct batch *batch, const struct flight *flight, const struct verdict *verdict)
{
    const struct route *route = flight->route;
    log_at(batch->client->run->log, LOG_DEBUG,
            "aws: %.*s %.*s in %.*s at %.*s, attempt %zu: %s, HTTP %d %.*s",
            STR_ARG(flight->call->service), STR_ARG(flight->call->operation),
            STR_ARG(route->endpoint.region), STR_ARG(route->endpoint.host),
            flight->retry.attempt, aws_outcome_name(verdict->outcome), flight->exchange.status,
            STR_ARG(verdict->code));
}

static void receive(struct batch *batch, struct flight *flight)
{
    struct aws_client *client = batch->client;
    struct budget *budget = flight->route->budget;
    struct health *health = &flight->route->host->health;
    const struct credentials *keys = flight->route->keys;
    struct str secrets[2];
    size_t secret_count = 0;
    if (keys->secret.len >= MIN_SECRET_BYTES) {
        secrets[secret_count++] = keys->secret;
    }
    if (keys->token.len >= MIN_SECRET_BYTES) {
        secrets[secret_count++] = keys->token;
    }
    struct answer_input input = { batch->arena, client->run->keys, &flight->exchange,
        flight->route->endpoint.base, flight->answer->action, secrets, secret_count };
    struct verdict verdict;
    budget->under_way--;
    client->under_way--;
    answer_read(&input, &verdict);
    keep_answer(flight, &verdict);
    note(batch, flight, &verdict);
    buf_clear(&flight->exchange.answer);
    if (verdict.outcome == AWS_TIMED_OUT) {
        health_timed_out(health);
    } else {
        health_answered(health);
    }
    if (verdict.outcome == AWS_OK) {
        retry_succeeded(&flight->retry, budget);
        take_page(batch, flight, &verdict);
        return;
    }
    if (set_clock(batch, flight, &verdict) || try_again(batch, flight, &verdict)) {
        return;
    }
    if (verdict.outcome == AWS_TIMED_OUT) {
        health_lost(health, flight->retry.attempt, client_now_ms(client));
    }
    end(batch, flight, verdict.outcome,
            make_fault(batch, flight, verdict.kind, verdict.what, verdict.detail));
}

/* ---- the loop ---- */

/* Starts what may start; returns when the next one may, at most LONGEST_WAIT_MS from now. */
static int64_t start_ready(struct batch *batch)
{
    struct aws_client *client = batch->client;
    int64_t now_ms = client_now_ms(client);
    int64_t next_ms = now_ms + LONGEST_WAIT_MS;
    for (size_t i = 0; i < batch->count; i++) {
        struct flight *flight = &batch->flights[i];
        if (flight->state != FLIGHT_WAITING) {
            continue;
        }
        const struct budget *budget = flight->route->budget;
        const struct health *health = &flight->route->host->health;
        bool has_begun = flight->deadline_ms != 0;
        if (!has_begun && health_is_dead(health, now_ms)) {
            end_with(batch, flight, AWS_UNREACHABLE, AWS_UNREACHABLE_ENDPOINT,
                    "not tried, because earlier calls to this endpoint timed out");
            continue;
        }
        bool has_slot = client->under_way < client->options.max_parallel;
        bool may_start =
                has_slot && health_allows(health, has_begun) && budget_has_room(budget, now_ms);
        if (flight->ready_ms <= now_ms && may_start) {
            send_request(batch, flight);
            continue;
        }
        int64_t possible_ms = flight->ready_ms > budget->paused_until_ms
                                      ? flight->ready_ms
                                      : budget->paused_until_ms;
        if (possible_ms > now_ms && possible_ms < next_ms) {
            next_ms = possible_ms;
        }
    }
    return next_ms - now_ms;
}

static bool is_cancelled(const struct aws_client *client)
{
    return client->options.cancel && *client->options.cancel;
}

/* Gives every call without an answer this one. */
static void give_up(
        struct batch *batch, enum aws_outcome outcome, enum aws_diag kind, const char *what)
{
    struct aws_client *client = batch->client;
    for (size_t i = 0; i < batch->count; i++) {
        struct flight *flight = &batch->flights[i];
        if (flight->state == FLIGHT_UNDER_WAY) {
            client->transport.stop(client->transport.context, &flight->exchange);
            buf_clear(&flight->exchange.answer);
            flight->route->budget->under_way--;
            client->under_way--;
        }
        if (flight->state != FLIGHT_DONE) {
            end_with(batch, flight, outcome, kind, what);
        }
    }
}

static void fly(struct batch *batch)
{
    struct aws_client *client = batch->client;
    while (batch->left > 0 && !is_cancelled(client)) {
        int64_t wait_ms = start_ready(batch);
        int64_t left_ms = batch->deadline_ms - client_now_ms(client);
        if (left_ms <= 0) {
            give_up(batch, AWS_TIMED_OUT, AWS_TIME_OUT, "the time for all calls is used up");
            return;
        }
        wait_ms = wait_ms < left_ms ? wait_ms : left_ms;
        if (client->options.cancel && wait_ms > CANCEL_LOOK_MS) {
            wait_ms = CANCEL_LOOK_MS;
        }
        if (batch->left > 0) {
            client->transport.wait(client->transport.context, wait_ms);
        }
        for (size_t i = 0; i < batch->count; i++) {
            struct flight *flight = &batch->flights[i];
            if (flight->state == FLIGHT_UNDER_WAY && flight->exchange.is_done) {
                receive(batch, flight);
            }
        }
    }
}

int aws_call_batch(struct aws_client *client, struct arena *arena,
        const struct aws_call *const *calls, size_t count, int64_t time_ms,
        struct aws_answer *answers)
{
    struct batch batch = { client, arena, ARENA_ARRAY(arena, struct flight, count), count,
        count, INT64_MAX };
    int64_t now_ms = client_now_ms(client);
    if (time_ms > 0 && time_ms < INT64_MAX - now_ms) {
        batch.deadline_ms = now_ms + time_ms;
    }
    for (size_t i = 0; i < count; i++) {
        batch.flights[i] = (struct flight){ .call = calls[i], .answer = &answers[i] };
        begin(&batch, &batch.flights[i]);
    }
    fly(&batch);
    if (batch.left > 0) {
        give_up(&batch, AWS_CANCELLED, AWS_CALL_CANCELLED, "cancelled");
        return ERR_CANCELLED;
    }
    return 0;
}
