/* SPDX-License-Identifier: Apache-2.0 */
/* Functions that change texts. */
#include <stdlib.h>
#include <string.h>

#include "case.h"
#include "sprig.h"

int sprig_finish(struct template_call *call, int err, struct buf *out, struct datum *ret)
{
    err = err ? err : template_give(call, out, ret);
    buf_clear(out);
    return err;
}

/* ---- case and blanks ---- */

static int change(SPRIG_ARGS, void (*add)(struct buf *out, struct str text))
{
    (void)count;
    struct buf out = BUF_INIT(template_room(call));
    add(&out, args[0].as.text);
    return sprig_finish(call, 0, &out, ret);
}

static int run_upper(SPRIG_ARGS)
{
    return change(call, args, count, ret, buf_add_upper);
}

static int run_lower(SPRIG_ARGS)
{
    return change(call, args, count, ret, buf_add_lower);
}

static int run_title(SPRIG_ARGS)
{
    return change(call, args, count, ret, buf_add_title);
}

static void add_without_space(struct buf *out, struct str text)
{
    for (size_t at = 0; at < text.len;) {
        size_t start = at;
        if (!point_is_space(point_next(text, &at))) {
            buf_add(out, str_sub(text, start, at));
        }
    }
}

static int run_nospace(SPRIG_ARGS)
{
    return change(call, args, count, ret, add_without_space);
}

/* Whether a code point is to be cut: one of a set, or, without a set, a blank. */
static bool is_cut(uint32_t point, const struct str *set)
{
    if (!set) {
        return point_is_space(point);
    }
    for (size_t at = 0; at < set->len;) {
        if (point_next(*set, &at) == point) {
            return true;
        }
    }
    return false;
}

static struct str trim_points(struct str text, const struct str *set)
{
    size_t from = 0;
    size_t to = 0;
    bool is_leading = true;
    for (size_t at = 0; at < text.len;) {
        size_t start = at;
        if (is_cut(point_next(text, &at), set)) {
            continue;
        }
        from = is_leading ? start : from;
        is_leading = false;
        to = at;
    }
    return str_sub(text, from, to);
}

static int run_trim(SPRIG_ARGS)
{
    (void)call;
    (void)count;
    *ret = datum_text(trim_points(args[0].as.text, NULL));
    return 0;
}

static int run_trim_all(SPRIG_ARGS)
{
    (void)count;
    struct str set = args[0].as.text;
    int err = template_work(call, set.len * (args[1].as.text.len + 1));
    *ret = datum_text(err ? STR_EMPTY : trim_points(args[1].as.text, &set));
    return err;
}

static int run_trim_prefix(SPRIG_ARGS)
{
    (void)call;
    (void)count;
    struct str text = args[1].as.text;
    bool has = str_starts_with(text, args[0].as.text);
    *ret = datum_text(has ? str_from_index(text, args[0].as.text.len) : text);
    return 0;
}

static int run_trim_suffix(SPRIG_ARGS)
{
    (void)call;
    (void)count;
    struct str text = args[1].as.text;
    bool has = str_ends_with(text, args[0].as.text);
    *ret = datum_text(has ? str_sub(text, 0, text.len - args[0].as.text.len) : text);
    return 0;
}

/* ---- parts ---- */

static int run_trunc(SPRIG_ARGS)
{
    (void)call;
    (void)count;
    int64_t wanted = args[0].as.integer;
    struct str text = args[1].as.text;
    if (wanted >= 0) {
        *ret = datum_text(
                str_sub(text, 0, (uint64_t)wanted < text.len ? (size_t)wanted : text.len));
        return 0;
    }
    uint64_t kept = 0 - (uint64_t)wanted;
    *ret = datum_text(kept < text.len ? str_from_index(text, text.len - (size_t)kept) : text);
    return 0;
}

static int run_substr(SPRIG_ARGS)
{
    (void)count;
    struct str text = args[2].as.text;
    int64_t length = (int64_t)text.len;
    int64_t start = args[0].as.integer < 0 ? 0 : args[0].as.integer;
    int64_t end = args[1].as.integer;
    if (args[0].as.integer >= 0 && (end < 0 || end > length)) {
        end = length;
    }
    if (start > length || end < start || end > length) {
        return template_fail(call, "a text of %lld bytes has no part from %lld to %lld",
                (long long)length, (long long)args[0].as.integer,
                (long long)args[1].as.integer);
    }
    *ret = datum_text(str_sub(text, (size_t)start, (size_t)end));
    return 0;
}

static int run_contains(SPRIG_ARGS)
{
    (void)call;
    (void)count;
    struct str part = args[0].as.text;
    *ret = datum_bool(part.len == 0 || str_find_str(args[1].as.text, part) >= 0);
    return 0;
}

static int run_has_prefix(SPRIG_ARGS)
{
    (void)call;
    (void)count;
    *ret = datum_bool(str_starts_with(args[1].as.text, args[0].as.text));
    return 0;
}

static int run_has_suffix(SPRIG_ARGS)
{
    (void)call;
    (void)count;
    *ret = datum_bool(str_ends_with(args[1].as.text, args[0].as.text));
    return 0;
}

/* ---- putting together ---- */

/* The empty text stands before every character, and at the end. */
static void replace_nothing(struct buf *out, struct str text, struct str with)
{
    buf_add(out, with);
    for (size_t at = 0; at < text.len && !out->is_full;) {
        size_t start = at;
        (void)point_next(text, &at);
        buf_add(out, str_sub(text, start, at));
        buf_add(out, with);
    }
}

static void replace_all(struct buf *out, struct str text, struct str old, struct str with)
{
    for (;;) {
        ptrdiff_t at = str_find_str(text, old);
        if (at < 0 || out->is_full) {
            buf_add(out, text);
            return;
        }
        buf_add(out, str_sub(text, 0, (size_t)at));
        buf_add(out, with);
        text = str_from_index(text, (size_t)at + old.len);
    }
}

static int run_replace(SPRIG_ARGS)
{
    (void)count;
    struct buf out = BUF_INIT(template_room(call));
    if (args[0].as.text.len == 0) {
        replace_nothing(&out, args[2].as.text, args[1].as.text);
    } else {
        replace_all(&out, args[2].as.text, args[0].as.text, args[1].as.text);
    }
    return sprig_finish(call, 0, &out, ret);
}

static int run_repeat(SPRIG_ARGS)
{
    (void)count;
    if (args[0].as.integer < 0) {
        return template_fail(call, "the count is negative");
    }
    struct buf out = BUF_INIT(template_room(call));
    size_t length = args[1].as.text.len;
    for (int64_t i = 0; i < args[0].as.integer && length > 0 && !out.is_full; i++) {
        buf_add(&out, args[1].as.text);
    }
    return sprig_finish(call, 0, &out, ret);
}

static bool is_nothing(struct datum datum)
{
    return datum.kind == DATUM_MISSING || datum.kind == DATUM_NULL;
}

enum quoting {
    QUOTE_NONE,
    QUOTE_DOUBLE,
    QUOTE_SINGLE
};

/* With blanks between; what is null is left out. */
static int put_together(SPRIG_ARGS, enum quoting quoting)
{
    struct buf out = BUF_INIT(template_room(call));
    int err = 0;
    bool is_first = true;
    for (size_t i = 0; i < count && err == 0; i++) {
        if (is_nothing(args[i])) {
            continue;
        }
        buf_add(&out, is_first ? STR_EMPTY : STR(" "));
        is_first = false;
        struct str text = STR_EMPTY;
        err = template_text(call, args[i], &text);
        if (quoting == QUOTE_DOUBLE) {
            buf_add_quoted(&out, text, '"');
        } else {
            buf_add(&out, quoting == QUOTE_SINGLE ? STR("'") : STR_EMPTY);
            buf_add(&out, text);
            buf_add(&out, quoting == QUOTE_SINGLE ? STR("'") : STR_EMPTY);
        }
    }
    return sprig_finish(call, err, &out, ret);
}

static int run_quote(SPRIG_ARGS)
{
    return put_together(call, args, count, ret, QUOTE_DOUBLE);
}

static int run_squote(SPRIG_ARGS)
{
    return put_together(call, args, count, ret, QUOTE_SINGLE);
}

static int run_cat(SPRIG_ARGS)
{
    return put_together(call, args, count, ret, QUOTE_NONE);
}

static int indent(SPRIG_ARGS, bool has_line)
{
    (void)count;
    int64_t width = args[0].as.integer;
    if (width < 0 || width > 10000) {
        return template_fail(call, "%lld is no width", (long long)width);
    }
    struct buf out = BUF_INIT(template_room(call));
    struct str rest = args[1].as.text;
    struct str line;
    bool more = true;
    buf_add(&out, has_line ? STR("\n") : STR_EMPTY);
    for (bool is_first = true; str_split(&rest, &more, '\n', &line); is_first = false) {
        buf_add(&out, is_first ? STR_EMPTY : STR("\n"));
        buf_add_repeated(&out, ' ', (size_t)width);
        buf_add(&out, line);
    }
    return sprig_finish(call, 0, &out, ret);
}

static int run_indent(SPRIG_ARGS)
{
    return indent(call, args, count, ret, false);
}

static int run_nindent(SPRIG_ARGS)
{
    return indent(call, args, count, ret, true);
}

static int run_to_string(SPRIG_ARGS)
{
    (void)count;
    struct str text;
    int err = template_text(call, args[0], &text);
    *ret = datum_text(text);
    return err;
}

static const struct template_function rows[] = {
    { "cat", "a*", run_cat },
    { "contains", "ss", run_contains },
    { "hasPrefix", "ss", run_has_prefix },
    { "hasSuffix", "ss", run_has_suffix },
    { "indent", "is", run_indent },
    { "lower", "s", run_lower },
    { "nindent", "is", run_nindent },
    { "nospace", "s", run_nospace },
    { "quote", "a*", run_quote },
    { "repeat", "is", run_repeat },
    { "replace", "sss", run_replace },
    { "squote", "a*", run_squote },
    { "substr", "iis", run_substr },
    { "title", "s", run_title },
    { "toString", "a", run_to_string },
    { "trim", "s", run_trim },
    { "trimAll", "ss", run_trim_all },
    { "trimPrefix", "ss", run_trim_prefix },
    { "trimSuffix", "ss", run_trim_suffix },
    { "trimall", "ss", run_trim_all },
    { "trunc", "is", run_trunc },
    { "upper", "s", run_upper },
};

const struct template_functions text_functions = { rows, sizeof(rows) / sizeof(rows[0]),
    &regex_functions };

const struct template_functions template_sprig_functions = { rows,
    sizeof(rows) / sizeof(rows[0]), &regex_functions };
