/* SPDX-License-Identifier: Apache-2.0 */
/* Delays, tokens, and concurrency that gives way. */
#include "aws/aws_fixture.h"
#include "aws/retry.h"

static int64_t delay(enum retry_kind kind, size_t attempt, double chance, int64_t asked_ms)
{
    struct budget budget;
    struct retry retry = { .attempt = attempt, .most = 100 };
    int64_t delay_ms = -1;
    budget_init(&budget, 6);
    assert_true(retry_ask(&retry, &budget, kind, chance, asked_ms, &delay_ms));
    return delay_ms;
}

static void test_delays(void **state)
{
    (void)state;
    assert_int_equal(delay(RETRY_TRANSIENT, 1, 0.5, -1), 25);
    assert_int_equal(delay(RETRY_TRANSIENT, 3, 0.5, -1), 100);
    assert_int_equal(delay(RETRY_THROTTLE, 1, 0.5, -1), 500);
    assert_int_equal(delay(RETRY_THROTTLE, 2, 0.25, -1), 500);
    assert_int_equal(delay(RETRY_TRANSIENT, 1, 0.0, -1), 0);
    assert_int_equal(delay(RETRY_THROTTLE, 60, 0.5, -1), 10000);
}

static void test_the_service_may_ask_for_more(void **state)
{
    (void)state;
    assert_int_equal(delay(RETRY_THROTTLE, 1, 0.5, 100), 500);
    assert_int_equal(delay(RETRY_THROTTLE, 1, 0.5, 2000), 2000);
    assert_int_equal(delay(RETRY_THROTTLE, 1, 0.5, 3600000), 5500);
}

static void test_attempts_end(void **state)
{
    (void)state;
    struct budget budget;
    struct retry retry = { .attempt = 3, .most = 3 };
    int64_t delay_ms = 7;
    budget_init(&budget, 6);
    assert_false(retry_ask(&retry, &budget, RETRY_TRANSIENT, 0.5, -1, &delay_ms));
    retry.attempt = 2;
    assert_false(retry_ask(&retry, &budget, RETRY_NO, 0.5, -1, &delay_ms));
    assert_int_equal(delay_ms, 7);
    assert_int_equal(budget.tokens, BUDGET_TOKENS);
}

static void test_tokens(void **state)
{
    (void)state;
    struct budget budget;
    int64_t delay_ms;
    size_t granted = 0;
    budget_init(&budget, 6);
    struct retry retry = { .attempt = 1, .most = 3 };
    while (retry_ask(&retry, &budget, RETRY_TRANSIENT, 0.5, -1, &delay_ms)) {
        granted++;
    }
    assert_int_equal(granted, BUDGET_TOKENS / 14);
    assert_int_equal(budget.tokens, BUDGET_TOKENS % 14);
    /* Success gives back what its last retry took, the next one adds a single token. */
    retry_succeeded(&retry, &budget);
    assert_int_equal(budget.tokens, BUDGET_TOKENS % 14 + 14);
    retry_succeeded(&retry, &budget);
    assert_int_equal(budget.tokens, BUDGET_TOKENS % 14 + 15);
    for (int i = 0; i < 2 * BUDGET_TOKENS; i++) {
        retry_succeeded(&retry, &budget);
    }
    assert_int_equal(budget.tokens, BUDGET_TOKENS);
}

static void test_throttling_halves_and_success_grows(void **state)
{
    (void)state;
    struct budget budget;
    struct retry retry = { 0 };
    budget_init(&budget, 6);
    assert_true(budget_has_room(&budget, 0));
    budget_throttled(&budget, 1000);
    assert_int_equal(budget.limit, 3);
    assert_false(budget_has_room(&budget, 999));
    assert_true(budget_has_room(&budget, 1000));
    budget_throttled(&budget, 500);
    budget_throttled(&budget, 500);
    budget_throttled(&budget, 500);
    assert_int_equal(budget.limit, 1);
    assert_int_equal(budget.paused_until_ms, 1000);
    for (int i = 0; i < 10; i++) {
        retry_succeeded(&retry, &budget);
    }
    assert_int_equal(budget.limit, 2);
    for (int i = 0; i < 200; i++) {
        retry_succeeded(&retry, &budget);
    }
    assert_int_equal(budget.limit, 6);
    budget.under_way = 6;
    assert_false(budget_has_room(&budget, 1000));
}

static void test_dead_hosts(void **state)
{
    (void)state;
    struct health health = { 0 };
    health_lost(&health, 1, 100);
    assert_false(health_is_dead(&health, 100));
    health_lost(&health, 1, 100);
    assert_true(health_is_dead(&health, 100));
    assert_true(health_is_dead(&health, 100 + HEALTH_DEAD_MS - 1));
    assert_false(health_is_dead(&health, 100 + HEALTH_DEAD_MS));
    health_answered(&health);
    assert_false(health_is_dead(&health, 100));
    health_lost(&health, 3, 100); /* one call that tried three times is enough */
    assert_true(health_is_dead(&health, 100));
}

static void test_silence_holds_new_calls_back(void **state)
{
    (void)state;
    struct health health = { 0 };
    health_timed_out(&health);
    assert_true(health_allows(&health, false)); /* nobody else is trying */
    health.begun = 1;
    assert_false(health_allows(&health, false));
    assert_true(health_allows(&health, true));
    health_answered(&health);
    assert_true(health_allows(&health, false));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_delays),
        cmocka_unit_test(test_the_service_may_ask_for_more),
        cmocka_unit_test(test_attempts_end),
        cmocka_unit_test(test_tokens),
        cmocka_unit_test(test_throttling_halves_and_success_grows),
        cmocka_unit_test(test_dead_hosts),
        cmocka_unit_test(test_silence_holds_new_calls_back),
    };
    return RUN_TESTS(tests);
}
