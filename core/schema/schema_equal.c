/* SPDX-License-Identifier: Apache-2.0 */
/* Numbers and equality as schemas see them. */
#include <math.h>

#include "schema_node.h"

static bool is_number(const struct value *value)
{
    return value_is(value, VALUE_INT) || value_is(value, VALUE_FLOAT);
}

/* Numbers beyond a double count as infinite. */
static double number_of(const struct value *value)
{
    double number = 0;
    if (!value_float(value, &number)) {
        number = str_starts_with(value_text(value), STR("-")) ? -(double)INFINITY
                                                              : (double)INFINITY;
    }
    return number;
}

int number_cmp(const struct value *a, const struct value *b)
{
    int64_t a_int = 0;
    int64_t b_int = 0;
    if (value_int(a, &a_int) && value_int(b, &b_int)) {
        return (a_int > b_int) - (a_int < b_int);
    }
    if (value_is(a, VALUE_INT) && value_equal(a, b)) {
        return 0;
    }
    double a_float = number_of(a);
    double b_float = number_of(b);
    return (a_float > b_float) - (a_float < b_float);
}

bool number_is_integer(const struct value *value)
{
    if (value_is(value, VALUE_INT)) {
        return true;
    }
    double number = number_of(value);
    return isfinite(number) && number <= trunc(number) && number >= trunc(number);
}

bool number_is_multiple(const struct value *value, const struct value *divisor)
{
    int64_t number = 0;
    int64_t step = 0;
    if (value_int(value, &number) && value_int(divisor, &step) && step > 0) {
        return number % step == 0;
    }
    double quotient = number_of(value) / number_of(divisor);
    if (!isfinite(quotient)) {
        return false;
    }
    /* Decimal fractions are not exact in binary: 0.0075 / 0.0001 is not quite 75. */
    double distance = fabs(quotient - round(quotient));
    return distance <= fabs(quotient) * 1e-14 || distance <= 1e-14;
}

static bool is_same_map(const struct value *a, const struct value *b)
{
    for (size_t i = 0; i < value_count(a); i++) {
        const struct value_entry *entry = &a->as.map.entries[i];
        const struct value *other = value_get_str(b, entry->key->text);
        if (!other || !instance_equal(entry->value, other)) {
            return false;
        }
    }
    return true;
}

bool instance_equal(const struct value *a, const struct value *b)
{
    if (a == b) {
        return true;
    }
    if (is_number(a) && is_number(b)) {
        return number_cmp(a, b) == 0;
    }
    if (value_is_scalar(a) || a->kind != b->kind) {
        return value_equal(a, b);
    }
    if (value_count(a) != value_count(b)) {
        return false;
    }
    if (value_is(a, VALUE_MAP)) {
        return is_same_map(a, b);
    }
    for (size_t i = 0; i < value_count(a); i++) {
        if (!instance_equal(value_at(a, i), value_at(b, i))) {
            return false;
        }
    }
    return true;
}
