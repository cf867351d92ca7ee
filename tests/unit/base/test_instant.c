/* SPDX-License-Identifier: Apache-2.0 */
/* Times and digits as text: one spelling, nothing else. */
#include "../check.h"
#include "base/base.h"

static void there_and_back(void **state)
{
    (void)state;

    static const struct {
        const char *text;
        int64_t time_s;
    } rows[] = {
        { "1970-01-01T00:00:00Z", 0 },
        { "2000-02-29T23:59:59Z", 951868799 },
        { "2026-03-01T12:00:00Z", 1772366400 },
        { "2100-03-01T00:00:00Z", 4107542400 },
        { "9999-12-31T23:59:59Z", 253402300799 },
    };
    struct arena *arena = arena_new();
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        int64_t time_s = -1;
        assert_str(instant_write(arena, rows[i].time_s), rows[i].text);
        assert_true(instant_read(str_from(rows[i].text), false, &time_s));
        assert_int_equal(time_s, rows[i].time_s);
    }
    for (int64_t time = 0; time < 253402300799; time += 86400LL * 97 + 12345) {
        int64_t time_s = -1;
        assert_true(instant_read(instant_write(arena, time), false, &time_s));
        assert_int_equal(time_s, time);
    }
    assert_str(instant_write(arena, -5), "1970-01-01T00:00:00Z");
    arena_free(arena);
}

static void only_dates_that_exist(void **state)
{
    (void)state;
    static const char *const wrong[] = { "", "2026-03-01", "2026-02-29T00:00:00Z",
        "2026-13-01T00:00:00Z", "2026-00-01T00:00:00Z", "2026-01-32T00:00:00Z",
        "1969-12-31T23:59:59Z", "2026-01-01T24:00:00Z", "2026-01-01T00:60:00Z",
        "2026-01-01T00:00:60Z", "2026-01-01T00:00:00", "2026-01-01 00:00:00Z",
        "2026-01-01T00:00:00z", "2026-01-01T00:00:0xZ", "+026-01-01T00:00:00Z" };
    int64_t time_s = 7;
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        assert_false(instant_read(str_from(wrong[i]), false, &time_s));
    }
    assert_int_equal(time_s, 7);
    assert_true(instant_read(STR("2026-03-01"), true, &time_s));
    assert_int_equal(time_s, 1772323200);
}

static void digits(void **state)
{
    (void)state;
    struct arena *arena = arena_new();
    unsigned char bytes[3] = { 1, 2, 3 };
    assert_true(hex_read(STR("00ff7a"), bytes, 3));
    assert_str(hex_write(arena, bytes, 3), "00ff7a");
    assert_false(hex_read(STR("00FF7a"), bytes, 3));
    assert_false(hex_read(STR("00ff7"), bytes, 3));
    assert_false(hex_read(STR("00ff7g"), bytes, 3));
    assert_false(is_hex(STR("00"), 3));
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(there_and_back),
        cmocka_unit_test(only_dates_that_exist),
        cmocka_unit_test(digits),
    };
    return RUN_TESTS(tests);
}
