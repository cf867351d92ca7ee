/* SPDX-License-Identifier: Apache-2.0 */
/* Functions that calculate. What is no number counts as 0, as sprig has it. */
#include <math.h>

#include "sprig.h"

/* ---- numbers from anything ---- */

static int64_t integer_of_real(double real)
{
    return real >= -9223372036854775808.0 && real < 9223372036854775808.0 ? (int64_t)real
                                                                          : INT64_MIN;
}

/* "12", "0x10", "1.0" */
static int64_t integer_of_text(struct str text)
{
    int64_t number;
    ptrdiff_t point = str_find(text, '.');
    if (point > 0) {
        struct str zeros = str_from_index(text, (size_t)point + 1);
        for (size_t i = 0; i < zeros.len; i++) {
            if (zeros.ptr[i] != '0') {
                return 0;
            }
        }
        text = str_sub(text, 0, (size_t)point);
    }
    struct value value = { .kind = VALUE_INT, .as.text = text };
    return value_int(&value, &number) ? number : 0;
}

static int64_t integer_of(struct datum datum)
{
    switch (datum.kind) {
    case DATUM_BOOL:
        return datum.as.truth ? 1 : 0;
    case DATUM_INT:
        return datum.as.integer;
    case DATUM_UINT:
        return (int64_t)datum.as.natural;
    case DATUM_FLOAT:
        return integer_of_real(datum.as.real);
    case DATUM_STRING:
        return integer_of_text(datum.as.text);
    case DATUM_MISSING:
    case DATUM_NULL:
    case DATUM_LIST:
    case DATUM_MAP:
    case DATUM_ROOT:
    default:
        return 0;
    }
}

static double real_of(struct datum datum)
{
    double real;
    switch (datum.kind) {
    case DATUM_FLOAT:
        return datum.as.real;
    case DATUM_UINT:
        return (double)datum.as.natural;
    case DATUM_STRING:
        return str_to_f64(datum.as.text, &real) ? real : 0;
    case DATUM_MISSING:
    case DATUM_NULL:
    case DATUM_BOOL:
    case DATUM_INT:
    case DATUM_LIST:
    case DATUM_MAP:
    case DATUM_ROOT:
    default:
        return (double)integer_of(datum);
    }
}

static int run_int(SPRIG_ARGS)
{
    (void)call;
    (void)count;
    *ret = datum_int(integer_of(args[0]));
    return 0;
}

static int run_float(SPRIG_ARGS)
{
    (void)call;
    (void)count;
    *ret = datum_float(real_of(args[0]));
    return 0;
}

/* ---- with integers, which wrap around ---- */

static int run_add(SPRIG_ARGS)
{
    (void)call;
    uint64_t sum = 0;
    for (size_t i = 0; i < count; i++) {
        sum += (uint64_t)integer_of(args[i]);
    }
    *ret = datum_int((int64_t)sum);
    return 0;
}

static int run_add1(SPRIG_ARGS)
{
    (void)call;
    (void)count;
    *ret = datum_int((int64_t)((uint64_t)integer_of(args[0]) + 1));
    return 0;
}

static int run_sub(SPRIG_ARGS)
{
    (void)call;
    (void)count;
    *ret = datum_int((int64_t)((uint64_t)integer_of(args[0]) - (uint64_t)integer_of(args[1])));
    return 0;
}

static int run_mul(SPRIG_ARGS)
{
    (void)call;
    uint64_t product = 1;
    for (size_t i = 0; i < count; i++) {
        product *= (uint64_t)integer_of(args[i]);
    }
    *ret = datum_int((int64_t)product);
    return 0;
}

static int divide(SPRIG_ARGS, bool wants_rest)
{
    (void)count;
    int64_t number = integer_of(args[0]);
    int64_t divisor = integer_of(args[1]);
    if (divisor == 0) {
        return template_fail(call, "nothing can be divided by zero");
    }
    if (divisor == -1) {
        *ret = datum_int(wants_rest ? 0 : (int64_t)(0 - (uint64_t)number));
        return 0;
    }
    *ret = datum_int(wants_rest ? number % divisor : number / divisor);
    return 0;
}

static int run_div(SPRIG_ARGS)
{
    return divide(call, args, count, ret, false);
}

static int run_mod(SPRIG_ARGS)
{
    return divide(call, args, count, ret, true);
}

static int extreme(SPRIG_ARGS, bool wants_largest)
{
    (void)call;
    int64_t found = integer_of(args[0]);
    for (size_t i = 1; i < count; i++) {
        int64_t number = integer_of(args[i]);
        found = (wants_largest ? number > found : number < found) ? number : found;
    }
    *ret = datum_int(found);
    return 0;
}

static int run_max(SPRIG_ARGS)
{
    return extreme(call, args, count, ret, true);
}

static int run_min(SPRIG_ARGS)
{
    return extreme(call, args, count, ret, false);
}

/* ---- with the others ---- */

static int run_floor(SPRIG_ARGS)
{
    (void)call;
    (void)count;
    *ret = datum_float(floor(real_of(args[0])));
    return 0;
}

static int run_ceil(SPRIG_ARGS)
{
    (void)call;
    (void)count;
    *ret = datum_float(ceil(real_of(args[0])));
    return 0;
}

static const struct template_function rows[] = {
    { "add", "a*", run_add },
    { "add1", "a", run_add1 },
    { "biggest", "aa*", run_max },
    { "ceil", "a", run_ceil },
    { "div", "aa", run_div },
    { "float64", "a", run_float },
    { "floor", "a", run_floor },
    { "int", "a", run_int },
    { "int64", "a", run_int },
    { "max", "aa*", run_max },
    { "min", "aa*", run_min },
    { "mod", "aa", run_mod },
    { "mul", "aa*", run_mul },
    { "sub", "aa", run_sub },
};

const struct template_functions number_functions = { rows, sizeof(rows) / sizeof(rows[0]),
    &logic_functions };
