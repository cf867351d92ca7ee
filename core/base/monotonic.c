/* SPDX-License-Identifier: Apache-2.0 */
/* Time that has passed, whatever is done to the date. */
#include "monotonic.h"

#include <time.h>

#include "err.h"

int64_t monotonic_us(void)
{
    struct timespec now;
    if (clock_gettime(CLOCK_MONOTONIC, &now) != 0) {
        BUG("clock_gettime");
    }
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

int64_t monotonic_ms(void)
{
    return monotonic_us() / 1000;
}
