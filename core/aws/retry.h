/* SPDX-License-Identifier: Apache-2.0 */
/* When to try again, and how many requests may be under way: one budget per account, service, Region. */
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
    size_t begun; /* calls of which a request was sent and that have no answer yet */
    bool is_silent; /* the last attempt got no answer at all */
    size_t successes; /* since the limit changed */
    size_t lost; /* calls in a row that got no answer at all, for good */
    int64_t dead_until_ms; /* monotonic */
    int64_t paused_until_ms; /* monotonic */
};

enum {
    BUDGET_TOKENS = 500,
    BUDGET_LOST = 2, /* calls lost in a row until the others are not tried ... */
    BUDGET_DEAD_MS = 60000 /* ... for this long */
};

void budget_init(struct budget *budget, size_t most);
/* May another request start now? While the endpoint is silent only for calls that have begun. */
bool budget_has_room(const struct budget *budget, int64_t now_ms, bool has_begun);
/* An attempt got no answer; a call was given up without one; an answer of any kind came. */
void budget_unanswered(struct budget *budget);
void budget_lost(struct budget *budget, int64_t now_ms);
void budget_answered(struct budget *budget);
/* Several calls in a row got no answer: calls that wait to be sent need not be tried, so that an
 * endpoint that hangs costs its time-outs once and not once for each call. */
bool budget_is_dead(const struct budget *budget, int64_t now_ms);

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
