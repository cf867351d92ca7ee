/* SPDX-License-Identifier: Apache-2.0 */
/* Values of expressions: from trees, to trees, and whether they count as true. */
#include "datum.h"

#include <math.h>
#include <stdio.h>

struct datum datum_bool(bool truth)
{
    return (struct datum){ .kind = DATUM_BOOL, .as.truth = truth };
}

struct datum datum_int(int64_t integer)
{
    return (struct datum){ .kind = DATUM_INT, .as.integer = integer };
}

struct datum datum_float(double real)
{
    return (struct datum){ .kind = DATUM_FLOAT, .as.real = real };
}

struct datum datum_text(struct str text)
{
    return (struct datum){ .kind = DATUM_STRING, .as.text = text };
}

/* Integers beyond 64 bits are floats, as the reference reads them. */
static struct datum number_of(const struct value *value)
{
    int64_t integer;
    uint64_t natural;
    double real;
    if (value_is(value, VALUE_INT) && value_int(value, &integer)) {
        return datum_int(integer);
    }
    if (value_is(value, VALUE_INT) && str_to_u64(value->as.text, &natural)) {
        return (struct datum){ .kind = DATUM_UINT, .as.natural = natural };
    }
    return value_float(value, &real) ? datum_float(real) : datum_text(value->as.text);
}

struct datum datum_of(const struct value *value)
{
    if (!value) {
        return (struct datum){ .kind = DATUM_MISSING };
    }
    switch ((enum value_kind)value->kind) {
    case VALUE_BOOL:
        return datum_bool(value_bool(value, false));
    case VALUE_INT:
    case VALUE_FLOAT:
        return number_of(value);
    case VALUE_STRING:
        return datum_text(value->as.text);
    case VALUE_LIST:
        return (struct datum){ .kind = DATUM_LIST, .as.tree = value };
    case VALUE_MAP:
        return (struct datum){ .kind = DATUM_MAP, .as.tree = value };
    case VALUE_NULL:
    default:
        return (struct datum){ .kind = DATUM_NULL };
    }
}

static const struct value *real_value(struct arena *arena, double real)
{
    AUTO_BUF text = BUF_INIT(64);
    if (isnan(real)) {
        buf_add_cstr(&text, ".nan");
    } else if (isinf(real)) {
        buf_add_cstr(&text, real < 0 ? "-.inf" : ".inf");
    } else {
        buf_addf(&text, "%.17g", real);
    }
    return value_scalar_new(arena, VALUE_FLOAT, buf_str(&text), MARK_NONE);
}

const struct value *datum_value(struct arena *arena, struct datum datum)
{
    switch (datum.kind) {
    case DATUM_BOOL:
        return value_bool_new(arena, datum.as.truth, MARK_NONE);
    case DATUM_INT:
        return value_int_new(arena, datum.as.integer, MARK_NONE);
    case DATUM_UINT:
        return value_scalar_new(arena, VALUE_INT,
                arena_printf(arena, "%llu", (unsigned long long)datum.as.natural), MARK_NONE);
    case DATUM_FLOAT:
        return real_value(arena, datum.as.real);
    case DATUM_STRING:
        return value_string_view(arena, datum.as.text, MARK_NONE);
    case DATUM_LIST:
    case DATUM_MAP:
        return datum.as.tree;
    case DATUM_MISSING:
    case DATUM_NULL:
    case DATUM_ROOT:
    default:
        return value_null(arena, MARK_NONE);
    }
}

bool datum_is_true(struct datum datum)
{
    switch (datum.kind) {
    case DATUM_BOOL:
        return datum.as.truth;
    case DATUM_INT:
        return datum.as.integer != 0;
    case DATUM_UINT:
        return datum.as.natural != 0;
    case DATUM_FLOAT:
        return fpclassify(datum.as.real) != FP_ZERO;
    case DATUM_STRING:
        return datum.as.text.len > 0;
    case DATUM_LIST:
    case DATUM_MAP:
        return value_count(datum.as.tree) > 0;
    case DATUM_ROOT:
        return true;
    case DATUM_MISSING:
    case DATUM_NULL:
    default:
        return false;
    }
}

const char *datum_type(struct datum datum)
{
    static const char *const names[] = {
        [DATUM_MISSING] = "nothing",
        [DATUM_NULL] = "null",
        [DATUM_BOOL] = "a boolean",
        [DATUM_INT] = "an integer",
        [DATUM_UINT] = "an integer",
        [DATUM_FLOAT] = "a number with a point",
        [DATUM_STRING] = "a text",
        [DATUM_LIST] = "a list",
        [DATUM_MAP] = "a map",
        [DATUM_ROOT] = "a map",
    };
    return names[datum.kind];
}
