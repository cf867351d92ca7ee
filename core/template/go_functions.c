/* SPDX-License-Identifier: Apache-2.0 */
/* The functions every Go template has, but for comparisons. */
#include "go_functions.h"

/* ---- printing ---- */

/* With blanks between what is no text, or, for a line, between everything. */
static int print_all(struct template_call *call, struct buf *out, const struct datum *args,
        size_t count, bool is_line)
{
    int err = 0;
    for (size_t i = 0; i < count && err == 0; i++) {
        bool has_text =
                args[i].kind == DATUM_STRING || (i > 0 && args[i - 1].kind == DATUM_STRING);
        if (i > 0 && (is_line || !has_text)) {
            buf_add_byte(out, ' ');
        }
        err = template_write(call, out, args[i]);
    }
    if (is_line) {
        buf_add_byte(out, '\n');
    }
    return err;
}

static int give(struct template_call *call, int err, struct buf *out, struct datum *ret)
{
    err = err ? err : template_give(call, out, ret);
    buf_clear(out);
    return err;
}

static int run_print(
        struct template_call *call, const struct datum *args, size_t count, struct datum *ret)
{
    struct buf out = BUF_INIT(template_room(call));
    return give(call, print_all(call, &out, args, count, false), &out, ret);
}

static int run_println(
        struct template_call *call, const struct datum *args, size_t count, struct datum *ret)
{
    struct buf out = BUF_INIT(template_room(call));
    return give(call, print_all(call, &out, args, count, true), &out, ret);
}

static int run_printf(
        struct template_call *call, const struct datum *args, size_t count, struct datum *ret)
{
    struct buf out = BUF_INIT(template_room(call));
    int err = datums_format(call, &out, args[0].as.text, args + 1, count - 1);
    return give(call, err, &out, ret);
}

/* ---- escaping ---- */

static int run_escape(struct template_call *call, const struct datum *args, size_t count,
        void (*escape)(struct buf *out, struct str text), struct datum *ret)
{
    struct buf plain = BUF_INIT(template_room(call));
    struct buf out = BUF_INIT(template_room(call));
    bool is_nothing =
            count == 1 && (args[0].kind == DATUM_MISSING || args[0].kind == DATUM_NULL);
    int err = is_nothing ? 0 : print_all(call, &plain, args, count, false);
    escape(&out, is_nothing ? STR("<no value>") : buf_str(&plain));
    buf_clear(&plain);
    return give(call, err, &out, ret);
}

static int run_html(
        struct template_call *call, const struct datum *args, size_t count, struct datum *ret)
{
    return run_escape(call, args, count, escape_html, ret);
}

static int run_js(
        struct template_call *call, const struct datum *args, size_t count, struct datum *ret)
{
    return run_escape(call, args, count, escape_js, ret);
}

static int run_urlquery(
        struct template_call *call, const struct datum *args, size_t count, struct datum *ret)
{
    return run_escape(call, args, count, escape_url, ret);
}

/* ---- parts of values ---- */

static int run_len(
        struct template_call *call, const struct datum *args, size_t count, struct datum *ret)
{
    (void)count;
    switch (args[0].kind) {
    case DATUM_STRING:
        *ret = datum_int((int64_t)args[0].as.text.len);
        return 0;
    case DATUM_LIST:
    case DATUM_MAP:
        *ret = datum_int((int64_t)value_count(args[0].as.tree));
        return 0;
    case DATUM_MISSING:
    case DATUM_NULL:
    case DATUM_BOOL:
    case DATUM_INT:
    case DATUM_UINT:
    case DATUM_FLOAT:
    case DATUM_ROOT:
    default:
        return template_fail(call, "%s has no length", datum_type(args[0]));
    }
}

/* A position from 0 up to and with `last`. */
static int read_position(
        struct template_call *call, struct datum argument, size_t last, size_t *ret_position)
{
    if (argument.kind != DATUM_INT) {
        return template_fail(call, "a position is an integer, not %s", datum_type(argument));
    }
    if (argument.as.integer < 0 || (uint64_t)argument.as.integer > last) {
        return template_fail(call, "there is no position %lld", (long long)argument.as.integer);
    }
    *ret_position = (size_t)argument.as.integer;
    return 0;
}

static int index_one(
        struct template_call *call, struct datum from, struct datum at, struct datum *ret)
{
    size_t position = 0;
    size_t count = from.kind == DATUM_STRING ? from.as.text.len
                   : from.kind == DATUM_LIST ? value_count(from.as.tree)
                                             : 0;
    if (from.kind == DATUM_MAP) {
        if (at.kind != DATUM_STRING) {
            return template_fail(call, "a key of a map is a text, not %s", datum_type(at));
        }
        *ret = datum_of(value_get_str(from.as.tree, at.as.text));
        return 0;
    }
    if (from.kind != DATUM_LIST && from.kind != DATUM_STRING) {
        return template_fail(call, "nothing stands in %s", datum_type(from));
    }
    int err = read_position(call, at, count, &position);
    if (err == 0 && position == count) {
        return template_fail(call, "there is no position %zu among %zu", position, count);
    }
    if (err == 0) {
        *ret = from.kind == DATUM_LIST ? datum_of(value_at(from.as.tree, position))
                                       : datum_int((unsigned char)from.as.text.ptr[position]);
    }
    return err;
}

static int run_index(
        struct template_call *call, const struct datum *args, size_t count, struct datum *ret)
{
    struct datum value = args[0];
    int err = 0;
    if (value.kind == DATUM_MISSING || value.kind == DATUM_NULL) {
        return template_fail(call, "nothing stands in %s", datum_type(value));
    }
    for (size_t i = 1; i < count && err == 0; i++) {
        err = index_one(call, value, args[i], &value);
    }
    *ret = value;
    return err;
}

static int run_slice(
        struct template_call *call, const struct datum *args, size_t count, struct datum *ret)
{
    bool is_list = args[0].kind == DATUM_LIST;
    if (!is_list && args[0].kind != DATUM_STRING) {
        return template_fail(call, "%s has no parts", datum_type(args[0]));
    }
    size_t length = is_list ? value_count(args[0].as.tree) : args[0].as.text.len;
    size_t bounds[3] = { 0, length, length };
    if (count > (is_list ? 4 : 3)) {
        return template_fail(call, "there are too many positions");
    }
    for (size_t i = 1; i < count; i++) {
        int err = read_position(call, args[i], length, &bounds[i - 1]);
        if (err) {
            return err;
        }
    }
    if (bounds[0] > bounds[1] || bounds[1] > bounds[2]) {
        return template_fail(call, "a part cannot end before it begins");
    }
    if (!is_list) {
        *ret = datum_text(str_sub(args[0].as.text, bounds[0], bounds[1]));
        return 0;
    }
    const struct value *const *items = args[0].as.tree->as.list.items;
    size_t kept = bounds[1] - bounds[0];
    *ret = datum_of(
            value_list_new(call->arena, kept > 0 ? items + bounds[0] : NULL, kept, MARK_NONE));
    return template_pay(call, kept);
}

/* ---- others ---- */

static int run_not(
        struct template_call *call, const struct datum *args, size_t count, struct datum *ret)
{
    (void)call;
    (void)count;
    *ret = datum_bool(!datum_is_true(args[0]));
    return 0;
}

static int run_call(
        struct template_call *call, const struct datum *args, size_t count, struct datum *ret)
{
    (void)args;
    (void)count;
    (void)ret;
    return template_refuse(call, "there are no values that are functions");
}

/* The engine treats these two itself; see short_circuit. */
const struct template_function function_and = { "and", "aa*", run_call };
const struct template_function function_or = { "or", "aa*", run_call };

static const struct template_function rows[] = {
    { "call", "a*", run_call },
    { "eq", "aaa*", run_eq },
    { "ge", "aa", run_ge },
    { "gt", "aa", run_gt },
    { "html", "a*", run_html },
    { "index", "aa*", run_index },
    { "js", "a*", run_js },
    { "le", "aa", run_le },
    { "len", "a", run_len },
    { "lt", "aa", run_lt },
    { "ne", "aa", run_ne },
    { "not", "a", run_not },
    { "print", "a*", run_print },
    { "printf", "sa*", run_printf },
    { "println", "a*", run_println },
    { "slice", "aa*", run_slice },
    { "urlquery", "a*", run_urlquery },
};

const struct template_functions go_functions = { rows, sizeof(rows) / sizeof(rows[0]), NULL };
