/* SPDX-License-Identifier: Apache-2.0 */
/* Calendar arithmetic by hand: no locale, no TZ, one spelling. */
#include "instant.h"

#define DAY_S INT64_C(86400)

static bool is_leap(int64_t year)
{
    return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

static int64_t days_of_month(int64_t year, int64_t month)
{
    static const unsigned char days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
    return month == 2 && is_leap(year) ? 29 : days[month - 1];
}

/* Days from 1970-01-01 to the first of January of the year. */
static int64_t days_before(int64_t year)
{
    int64_t past = year - 1;
    return (year - 1970) * 365 + (past / 4 - past / 100 + past / 400) -
           (1969 / 4 - 1969 / 100 + 1969 / 400);
}

struct str instant_write(struct arena *arena, int64_t time_s)
{
    const int64_t last = 253402300799; /* 9999-12-31T23:59:59Z */
    int64_t time = time_s < 0 ? 0 : time_s > last ? last : time_s;
    int64_t days = time / DAY_S;
    int64_t rest = time % DAY_S;
    int64_t year = 1970 + days / 366;
    while (days_before(year + 1) <= days) {
        year++;
    }
    days -= days_before(year);
    int64_t month = 1;
    while (days >= days_of_month(year, month)) {
        days -= days_of_month(year, month);
        month++;
    }
    return arena_printf(arena, "%04d-%02d-%02dT%02d:%02d:%02dZ", (int)year, (int)month,
            (int)days + 1, (int)(rest / 3600), (int)(rest / 60 % 60), (int)(rest % 60));
}

/* The number of `count` digits at `at`; -1 when there are others. */
static int64_t number_at(struct str text, size_t at, size_t count)
{
    int64_t number = 0;
    for (size_t i = at; i < at + count; i++) {
        if (text.ptr[i] < '0' || text.ptr[i] > '9') {
            return -1;
        }
        number = number * 10 + (text.ptr[i] - '0');
    }
    return number;
}

bool instant_read(struct str text, bool is_date_allowed, int64_t *ret_time_s)
{
    static const char shape[] = "0000-00-00T00:00:00Z";
    bool is_date = is_date_allowed && text.len == 10;
    int64_t clock[3] = { 0, 0, 0 };
    if (!is_date && text.len != sizeof(shape) - 1) {
        return false;
    }
    for (size_t i = 0; i < text.len; i++) {
        if (shape[i] != '0' && text.ptr[i] != shape[i]) {
            return false;
        }
    }
    int64_t year = number_at(text, 0, 4);
    int64_t month = number_at(text, 5, 2);
    int64_t day = number_at(text, 8, 2);
    for (size_t i = 0; i < 3 && !is_date; i++) {
        clock[i] = number_at(text, 11 + 3 * i, 2);
    }
    if (year < 1970 || month < 1 || month > 12 || day < 1 || day > days_of_month(year, month) ||
            clock[0] < 0 || clock[0] > 23 || clock[1] < 0 || clock[1] > 59 || clock[2] < 0 ||
            clock[2] > 59) {
        return false;
    }
    int64_t days = days_before(year) + day - 1;
    for (int64_t m = 1; m < month; m++) {
        days += days_of_month(year, m);
    }
    *ret_time_s = days * DAY_S + clock[0] * 3600 + clock[1] * 60 + clock[2];
    return true;
}
