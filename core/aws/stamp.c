/* SPDX-License-Identifier: Apache-2.0 */
/* Writing signing times and reading Date headers, without the C library's locale. */
#include "stamp.h"

#include <string.h>
#include <time.h>

struct stamp stamp_of(int64_t time_s)
{
    const int64_t first = -62167219200; /* 0000-01-01T00:00:00Z */
    const int64_t last = 253402300799; /* 9999-12-31T23:59:59Z */
    time_t time = (time_t)(time_s < first ? first : time_s > last ? last : time_s);
    struct tm tm;
    struct stamp stamp = { { 0 } };
    if (!gmtime_r(&time, &tm)) {
        BUG("gmtime_r");
    }

    /* Digits by hand: snprintf cannot know that a year has four of them. */
    const struct {
        int number;
        unsigned digits;
        char after;
    } parts[] = { { tm.tm_year + 1900, 4, 0 }, { tm.tm_mon + 1, 2, 0 }, { tm.tm_mday, 2, 'T' },
        { tm.tm_hour, 2, 0 }, { tm.tm_min, 2, 0 }, { tm.tm_sec, 2, 'Z' } };

    char *out = stamp.text;
    for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
        int number = parts[i].number;
        for (unsigned k = parts[i].digits; k > 0; k--) {
            out[k - 1] = (char)('0' + number % 10);
            number /= 10;
        }
        out += parts[i].digits;
        if (parts[i].after) {
            *out++ = parts[i].after;
        }
    }
    return stamp;
}

/* `count` digits at `at`, -1 when there are others. */
static int digits(const char *at, int count)
{
    int number = 0;
    for (int i = 0; i < count; i++) {
        if (at[i] < '0' || at[i] > '9') {
            return -1;
        }
        number = number * 10 + (at[i] - '0');
    }
    return number;
}

bool http_date_parse(struct str text, int64_t *ret_time_s)
{
    static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    const char shape[] = "aaa, 00 aaa 0000 00:00:00 GMT";
    if (text.len != sizeof(shape) - 1) {
        return false;
    }
    for (size_t i = 0; i < text.len; i++) {
        bool is_free = shape[i] == 'a' || shape[i] == '0';
        if (!is_free && text.ptr[i] != shape[i]) {
            return false;
        }
    }
    int month = 0;
    while (month < 12 && memcmp(months + (ptrdiff_t)month * 3, text.ptr + 8, 3) != 0) {
        month++;
    }
    struct tm tm = { .tm_mday = digits(text.ptr + 5, 2),
        .tm_mon = month,
        .tm_year = digits(text.ptr + 12, 4) - 1900,
        .tm_hour = digits(text.ptr + 17, 2),
        .tm_min = digits(text.ptr + 20, 2),
        .tm_sec = digits(text.ptr + 23, 2) };
    if (month == 12 || tm.tm_mday < 1 || tm.tm_mday > 31 || tm.tm_year < -1900 ||
            tm.tm_hour < 0 || tm.tm_hour > 23 || tm.tm_min < 0 || tm.tm_min > 59 ||
            tm.tm_sec < 0 || tm.tm_sec > 60) {
        return false;
    }
    *ret_time_s = (int64_t)timegm(&tm);
    return true;
}
