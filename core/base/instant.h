/* SPDX-License-Identifier: Apache-2.0 */
/* Points in time as text: RFC 3339 in UTC, one spelling only. */
#ifndef TFATMOS_BASE_INSTANT_H
#define TFATMOS_BASE_INSTANT_H

#include "arena.h"

/* "2026-03-01T12:00:00Z" from Unix seconds, whatever TZ says; years before 1970 or after 9999 are
 * clamped. */
struct str instant_write(struct arena *arena, int64_t time_s);
/*
 * "2026-03-01T12:00:00Z" or, for people, "2026-03-01" (its first second) when `is_date_allowed`.
 * Only dates that exist, from 1970 to 9999; false otherwise.
 */
bool instant_read(struct str text, bool is_date_allowed, int64_t *ret_time_s);

#endif
