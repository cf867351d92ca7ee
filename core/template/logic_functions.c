/* SPDX-License-Identifier: Apache-2.0 */
/* Functions that choose, tell kinds apart, give up, or write JSON. */
#include "sprig.h"

static int run_default(SPRIG_ARGS)
{
    (void)call;
    *ret = count > 1 && datum_is_true(args[1]) ? args[1] : args[0];
    return 0;
}

static int run_empty(SPRIG_ARGS)
{
    (void)call;
    (void)count;
    *ret = datum_bool(!datum_is_true(args[0]));
    return 0;
}

static int run_coalesce(SPRIG_ARGS)
{
    (void)call;
    *ret = (struct datum){ .kind = DATUM_NULL };
    for (size_t i = 0; i < count; i++) {
        if (datum_is_true(args[i])) {
            *ret = args[i];
            return 0;
        }
    }
    return 0;
}

static int run_ternary(SPRIG_ARGS)
{
    (void)call;
    (void)count;
    *ret = args[2].as.truth ? args[0] : args[1];
    return 0;
}

static int run_fail(SPRIG_ARGS)
{
    (void)count;
    (void)ret;
    return template_fail(call, "%.*s", STR_ARG(args[0].as.text));
}

/* ---- kinds ---- */

static struct str kind_of(struct datum datum)
{
    static const char *const names[] = {
        [DATUM_BOOL] = "bool",
        [DATUM_INT] = "int",
        [DATUM_UINT] = "uint64",
        [DATUM_FLOAT] = "float64",
        [DATUM_STRING] = "string",
        [DATUM_LIST] = "slice",
        [DATUM_MAP] = "map",
        [DATUM_ROOT] = "map",
    };
    const char *name = names[datum.kind];
    return str_from(name ? name : "invalid");
}

static int run_kind_of(SPRIG_ARGS)
{
    (void)call;
    (void)count;
    *ret = datum_text(kind_of(args[0]));
    return 0;
}

static int run_kind_is(SPRIG_ARGS)
{
    (void)call;
    (void)count;
    *ret = datum_bool(str_eq(args[0].as.text, kind_of(args[1])));
    return 0;
}

/* ---- JSON ---- */

static int write_json(SPRIG_ARGS, unsigned flags)
{
    (void)count;
    struct buf out = BUF_INIT(template_room(call));
    int err = template_survey(call, args[0]);
    if (err == 0) {
        json_write(&out, datum_value(call->arena, args[0]), flags);
    }
    return sprig_finish(call, err, &out, ret);
}

static int run_to_json(SPRIG_ARGS)
{
    return write_json(call, args, count, ret, JSON_COMPACT | JSON_ESCAPE_HTML);
}

static int run_to_raw_json(SPRIG_ARGS)
{
    return write_json(call, args, count, ret, JSON_COMPACT);
}

static int run_to_pretty_json(SPRIG_ARGS)
{
    return write_json(call, args, count, ret, JSON_ESCAPE_HTML);
}

static const struct template_function rows[] = {
    { "coalesce", "a*", run_coalesce },
    { "default", "aa*", run_default },
    { "empty", "a", run_empty },
    { "fail", "s", run_fail },
    { "kindIs", "sa", run_kind_is },
    { "kindOf", "a", run_kind_of },
    { "ternary", "aab", run_ternary },
    { "toJson", "a", run_to_json },
    { "toPrettyJson", "a", run_to_pretty_json },
    { "toRawJson", "a", run_to_raw_json },
};

const struct template_functions logic_functions = { rows, sizeof(rows) / sizeof(rows[0]),
    NULL };
