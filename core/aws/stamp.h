/* SPDX-License-Identifier: Apache-2.0 */
/* The two ways time is written in requests and answers. */
#ifndef TFATMOS_AWS_STAMP_H
#define TFATMOS_AWS_STAMP_H

#include "base/base.h"

/* "20150830T123600Z" and its end; the first eight characters are the date. */
struct stamp {
    char text[17];
};

/* Unix seconds, in UTC whatever TZ says. Years before 0 or after 9999 are clamped. */
struct stamp stamp_of(int64_t time_s);

/* A Date header, "Sun, 06 Nov 1994 08:49:37 GMT" and nothing else. False when it is not one. */
bool http_date_parse(struct str text, int64_t *ret_time_s);

#endif
