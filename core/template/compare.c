/* SPDX-License-Identifier: Apache-2.0 */
/* eq, ne, lt, le, gt, ge: only what is of one kind compares. */
#include "go_functions.h"

static bool is_nothing(struct datum datum)
{
    return datum.kind == DATUM_MISSING || datum.kind == DATUM_NULL;
}

static bool is_tree(struct datum datum)
{
    return datum.kind == DATUM_LIST || datum.kind == DATUM_MAP;
}

static int say_kinds(struct template_call *call, struct datum a, struct datum b)
{
    return template_fail(call, "%s and %s do not compare", datum_type(a), datum_type(b));
}

/* -1, 0, 1 for integers of either kind; the large ones are above all others. */
static int compare_integers(struct datum a, struct datum b)
{
    if (a.kind != b.kind) {
        return a.kind == DATUM_UINT ? 1 : -1;
    }
    if (a.kind == DATUM_UINT) {
        return (a.as.natural > b.as.natural) - (a.as.natural < b.as.natural);
    }
    return (a.as.integer > b.as.integer) - (a.as.integer < b.as.integer);
}

static bool are_integers(struct datum a, struct datum b)
{
    return (a.kind == DATUM_INT || a.kind == DATUM_UINT) &&
           (b.kind == DATUM_INT || b.kind == DATUM_UINT);
}

static int equals(
        struct template_call *call, struct datum a, struct datum b, bool *ret_is_equal)
{
    *ret_is_equal = false;
    if (is_nothing(a) || is_nothing(b)) {
        *ret_is_equal = is_nothing(a) && is_nothing(b);
        return 0;
    }
    if (are_integers(a, b)) {
        *ret_is_equal = compare_integers(a, b) == 0;
        return 0;
    }
    if (a.kind != b.kind || is_tree(a)) {
        return say_kinds(call, a, b);
    }
    if (a.kind == DATUM_FLOAT) {
        *ret_is_equal = a.as.real >= b.as.real && a.as.real <= b.as.real;
    } else if (a.kind == DATUM_BOOL) {
        *ret_is_equal = a.as.truth == b.as.truth;
    } else {
        *ret_is_equal = str_eq(a.as.text, b.as.text);
    }
    return 0;
}

int run_eq(
        struct template_call *call, const struct datum *args, size_t count, struct datum *ret)
{
    bool is_equal = false;
    int err = 0;
    for (size_t i = 1; i < count && err == 0 && !is_equal; i++) {
        err = equals(call, args[0], args[i], &is_equal);
    }
    *ret = datum_bool(is_equal);
    return err;
}

int run_ne(
        struct template_call *call, const struct datum *args, size_t count, struct datum *ret)
{
    int err = run_eq(call, args, count, ret);
    *ret = datum_bool(!ret->as.truth);
    return err;
}

static int is_less(
        struct template_call *call, struct datum a, struct datum b, bool *ret_is_less)
{
    if (are_integers(a, b)) {
        *ret_is_less = compare_integers(a, b) < 0;
        return 0;
    }
    if (a.kind != b.kind || (a.kind != DATUM_FLOAT && a.kind != DATUM_STRING)) {
        return say_kinds(call, a, b);
    }
    *ret_is_less =
            a.kind == DATUM_FLOAT ? a.as.real < b.as.real : str_cmp(a.as.text, b.as.text) < 0;
    return 0;
}

int run_lt(
        struct template_call *call, const struct datum *args, size_t count, struct datum *ret)
{
    (void)count;
    bool less = false;
    int err = is_less(call, args[0], args[1], &less);
    *ret = datum_bool(less);
    return err;
}

int run_le(
        struct template_call *call, const struct datum *args, size_t count, struct datum *ret)
{
    int err = run_lt(call, args, count, ret);
    return err || ret->as.truth ? err : run_eq(call, args, count, ret);
}

int run_gt(
        struct template_call *call, const struct datum *args, size_t count, struct datum *ret)
{
    int err = run_le(call, args, count, ret);
    *ret = datum_bool(!ret->as.truth);
    return err;
}

int run_ge(
        struct template_call *call, const struct datum *args, size_t count, struct datum *ret)
{
    int err = run_lt(call, args, count, ret);
    *ret = datum_bool(!ret->as.truth);
    return err;
}
