/* SPDX-License-Identifier: Apache-2.0 */
/* Retries with jitter and a token bucket; concurrency that gives way. */
#include "retry.h"

enum {
    COST_TRANSIENT = 14,
    COST_THROTTLE = 5,
    BASE_TRANSIENT_MS = 50,
    BASE_THROTTLE_MS = 1000,
    MAX_DELAY_MS = 20000,
    MAX_EXTRA_MS = 5000,
    SUCCESSES_TO_GROW = 10
};

void budget_init(struct budget *budget, size_t most)
{
    *budget = (struct budget){ .tokens = BUDGET_TOKENS, .limit = most, .most = most };
}

bool budget_has_room(const struct budget *budget, int64_t now_ms)
{
    return budget->under_way < budget->limit && now_ms >= budget->paused_until_ms;
}

void health_answered(struct health *health)
{
    health->lost = 0;
    health->is_silent = false;
}

void health_timed_out(struct health *health)
{
    health->is_silent = true;
}

void health_lost(struct health *health, size_t attempts, int64_t now_ms)
{
    health->lost += attempts;
    health->dead_until_ms = now_ms + HEALTH_DEAD_MS;
}

bool health_allows(const struct health *health, bool has_begun)
{
    return has_begun || !health->is_silent || health->begun == 0;
}

bool health_is_dead(const struct health *health, int64_t now_ms)
{
    return health->lost >= HEALTH_LOST && now_ms < health->dead_until_ms;
}

static int64_t delay_of(enum retry_kind kind, size_t attempt, double chance, int64_t asked_ms)
{
    int64_t ceiling = kind == RETRY_THROTTLE ? BASE_THROTTLE_MS : BASE_TRANSIENT_MS;
    for (size_t i = 1; i < attempt && ceiling < MAX_DELAY_MS; i++) {
        ceiling *= 2;
    }
    ceiling = ceiling < MAX_DELAY_MS ? ceiling : MAX_DELAY_MS;
    int64_t delay = (int64_t)(chance * (double)ceiling);
    if (asked_ms > delay) {
        delay = asked_ms < delay + MAX_EXTRA_MS ? asked_ms : delay + MAX_EXTRA_MS;
    }
    return delay;
}

bool retry_ask(struct retry *retry, struct budget *budget, enum retry_kind kind, double chance,
        int64_t asked_ms, int64_t *ret_delay_ms)
{
    int cost = kind == RETRY_THROTTLE ? COST_THROTTLE : COST_TRANSIENT;
    if (kind == RETRY_NO || retry->attempt >= retry->most || budget->tokens < cost) {
        return false;
    }
    budget->tokens -= cost;
    retry->taken = cost;
    *ret_delay_ms = delay_of(kind, retry->attempt, chance, asked_ms);
    return true;
}

void retry_succeeded(struct retry *retry, struct budget *budget)
{
    budget->tokens += retry->taken > 0 ? retry->taken : 1;
    budget->tokens = budget->tokens < BUDGET_TOKENS ? budget->tokens : BUDGET_TOKENS;
    retry->taken = 0;
    budget->successes++;
    if (budget->successes >= SUCCESSES_TO_GROW && budget->limit < budget->most) {
        budget->limit++;
        budget->successes = 0;
    }
}

void budget_throttled(struct budget *budget, int64_t until_ms)
{
    budget->limit = budget->limit > 1 ? budget->limit / 2 : 1;
    budget->successes = 0;
    if (until_ms > budget->paused_until_ms) {
        budget->paused_until_ms = until_ms;
    }
}
