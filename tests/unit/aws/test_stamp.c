/* SPDX-License-Identifier: Apache-2.0 */
/* Signing times and Date headers. */
#include <time.h>

#include "aws/aws_fixture.h"
#include "aws/stamp.h"

static void test_write(void **state)
{
    (void)state;

    static const struct {
        int64_t time_s;
        const char *text;
    } cases[] = {
        { 0, "19700101T000000Z" },
        { 1440938160, "20150830T123600Z" },
        { 1709251199, "20240229T235959Z" },
        { -1, "19691231T235959Z" },
        { INT64_MAX, "99991231T235959Z" },
        { INT64_MIN, "00000101T000000Z" },
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        assert_string_equal(stamp_of(cases[i].time_s).text, cases[i].text);
    }
}

static void test_time_zone_does_not_matter(void **state)
{
    (void)state;
    int64_t time_s = 0;
    assert_int_equal(setenv("TZ", "Asia/Kolkata", 1), 0);
    tzset();
    assert_string_equal(stamp_of(1440938160).text, "20150830T123600Z");
    assert_true(http_date_parse(STR("Sun, 30 Aug 2015 12:36:00 GMT"), &time_s));
    assert_int_equal(time_s, 1440938160);
    assert_int_equal(unsetenv("TZ"), 0);
    tzset();
}

static void test_read(void **state)
{
    (void)state;
    static const char *const bad[] = { "", "Sun, 30 Aug 2015 12:36:00", "2015-08-30T12:36:00Z",
        "Sun, 30 Xxx 2015 12:36:00 GMT", "Sun, 00 Aug 2015 12:36:00 GMT",
        "Sun, 30 Aug 2015 24:36:00 GMT", "Sun, 30 Aug 2015 12:60:00 GMT",
        "Sun, 30 Aug 20x5 12:36:00 GMT", "Sun, 30 Aug 2015 12:36:00 CET",
        "Sunday, 30-Aug-15 12:36:00 GMT", "Sun, 3\xc3\xa9 Aug 2015 12:36:00 GM" };
    int64_t time_s = 7;
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        assert_false(http_date_parse(str_from(bad[i]), &time_s));
        assert_int_equal(time_s, 7);
    }
    assert_true(http_date_parse(STR("Thu, 01 Jan 1970 00:00:00 GMT"), &time_s));
    assert_int_equal(time_s, 0);
    assert_true(http_date_parse(STR("Thu, 29 Feb 2024 23:59:59 GMT"), &time_s));
    assert_int_equal(time_s, 1709251199);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_write),
        cmocka_unit_test(test_time_zone_does_not_matter),
        cmocka_unit_test(test_read),
    };
    return RUN_TESTS(tests);
}
