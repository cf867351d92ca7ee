/* SPDX-License-Identifier: Apache-2.0 */
/* Chooses the deadline of a callback. */
#include "deadline.h"

#include "catalogue.h"

static const int64_t usual_ms[DEADLINE__COUNT] = { 10000, 60000 };

int64_t deadline_ms(const struct plugin_world *world, const struct plugin_identity *identity,
        enum deadline_kind kind, const struct catalogue_check *check)
{
    bool is_check = kind == DEADLINE_CHECK;
    int64_t said_ms = is_check ? world->check_ms : world->callback_ms;
    if (said_ms > 0) {
        return said_ms;
    }
    uint32_t asked_s = is_check && check ? check->seconds : 0;
    if (asked_s == 0 && identity) {
        asked_s = is_check ? identity->check_seconds : identity->callback_seconds;
    }
    return asked_s > 0 ? (int64_t)asked_s * 1000 : usual_ms[kind];
}

bool deadline_read(const struct value *map, const char *key, uint32_t *ret_seconds)
{
    const struct value *value = value_get_str(map, str_from(key));
    int64_t seconds = 0;
    *ret_seconds = 0;
    if (!value) {
        return true;
    }
    if (!value_is(value, VALUE_INT) || !value_int(value, &seconds) || seconds < 0) {
        return false;
    }
    seconds = seconds < DEADLINE_LEAST_S ? DEADLINE_LEAST_S : seconds;
    *ret_seconds = (uint32_t)(seconds > DEADLINE_MOST_S ? DEADLINE_MOST_S : seconds);
    return true;
}
