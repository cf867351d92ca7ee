/* SPDX-License-Identifier: Apache-2.0 */
/* When to try again, how many requests may be under way, and when a host is not worth trying. */
#ifndef TFATMOS_AWS_RETRY_H
#define TFATMOS_AWS_RETRY_H

#include "base/base.h"

/* What a failed attempt means for the next one. */
enum retry_kind {
    RETRY_NO,
    RETRY_TRANSIENT, /* broken connection, time-out, 5xx */
    RETRY_THROTTLE
};

/*
 * Shared by all calls to one service in one Region with one account. Retries are paid from `tokens`: a
 * transient one costs 14, a throttled one 5, success gives back what its last retry took, or 1. When
 * they run out there are no retries, so that an outage is not made worse. Throttling halves the
 * requests allowed at once and holds new ones back; they grow again with success.
 */
struct budget {
    int tokens;
    size_t limit; /* requests allowed under way now */
    size_t most; /* and at best */
    size_t under_way;
    size_t successes; /* since the limit changed */
    int64_t paused_until_ms; /* monotonic */
};

enum {
    BUDGET_TOKENS = 500
};

void budget_init(struct budget *budget, size_t most);
/* May another request start now? */
bool budget_has_room(const struct budget *budget, int64_t now_ms);

/*
 * Whether a host answers, so that one that hangs costs its time-outs once and not once for each call:
 * while its last attempt timed out only calls that have begun go on; when calls were given up for
 * that, the others are not tried for a while.
 */
struct health {
    size_t begun; /* calls of which a request was sent and that have no answer yet */
    bool is_silent; /* the last attempt timed out */
    size_t lost; /* time-outs in a row of calls given up */
    int64_t dead_until_ms; /* monotonic */
};

enum {
    HEALTH_LOST = 2, /* time-outs until a host counts as dead ... */
    HEALTH_DEAD_MS = 60000 /* ... for this long */
};

/* An answer of any kind came (or a refusal, which costs no time). */
void health_answered(struct health *health);
void health_timed_out(struct health *health);
/* A call was given up after so many attempts, the last of which timed out. */
void health_lost(struct health *health, size_t attempts, int64_t now_ms);
bool health_allows(const struct health *health, bool has_begun);
bool health_is_dead(const struct health *health, int64_t now_ms);

/* One call's way through its attempts. */
struct retry {
    size_t attempt; /* sent so far */
    size_t most; /* allowed */
    int taken; /* from the budget by the last retry */
};

/*
 * Asks for another attempt after a failed one: false when attempts or tokens are used up. The delay is
 * chance * min(base * 2^(attempt - 1), 20 s), base 50 ms or, throttled, 1 s; `asked_ms` (-1: none),
 * what the service asks for, moves it into [delay, delay + 5 s].
 */
bool retry_ask(struct retry *retry, struct budget *budget, enum retry_kind kind, double chance,
        int64_t asked_ms, int64_t *ret_delay_ms);

/* An answer came that is no reason to retry. */
void retry_succeeded(struct retry *retry, struct budget *budget);
/* A throttled answer came; new requests wait until then. */
void budget_throttled(struct budget *budget, int64_t until_ms);

#endif
