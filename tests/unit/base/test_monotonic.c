/* SPDX-License-Identifier: Apache-2.0 */
/* Time that has passed, in the units its names say. */
#include <time.h>

#include "../check.h"

static void it_counts_what_was_slept(void **state)
{
    (void)state;
    const struct timespec pause = { .tv_nsec = 30 * 1000000 };
    int64_t start_us = monotonic_us();
    int64_t start_ms = monotonic_ms();
    assert_int_equal(nanosleep(&pause, NULL), 0);
    int64_t ms = monotonic_ms() - start_ms;
    int64_t us = monotonic_us() - start_us;
    assert_true(us >= 30000);
    assert_true(ms >= 29); /* both ends are cut to whole ones */
    assert_true(ms <= us / 1000 + 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(it_counts_what_was_slept) };
    return RUN_TESTS(tests);
}
