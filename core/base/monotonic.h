/* SPDX-License-Identifier: Apache-2.0 */
/* Time that has passed, whatever is done to the date: for deadlines and durations. */
#ifndef TFATMOS_BASE_MONOTONIC_H
#define TFATMOS_BASE_MONOTONIC_H

#include <stdint.h>

/* CLOCK_MONOTONIC, which never goes back, in whole milliseconds or microseconds since some time
 * before the program began; only differences mean something. From config/ upward, what is to be
 * tested with a time of its own asks run->clock instead. */
int64_t monotonic_ms(void);
int64_t monotonic_us(void);

#endif
