/* SPDX-License-Identifier: Apache-2.0 */
/* Functions with patterns. */
#include <string.h>

#include "sprig.h"

/* One pattern over one text. */
struct matching {
    struct template_call *call;
    const struct regex *regex;
    struct str pattern;
    struct str text;
    struct regex_span *spans;
};

/* Where our patterns mean something else than those of Go, or Go has what ours lack. */
static const char *difference(struct str pattern)
{
    for (size_t i = 0; i < pattern.len; i++) {
        struct str rest = str_from_index(pattern, i);
        if (str_starts_with(rest, STR("[:"))) {
            return "classes such as [:alpha:] are not supported";
        }
        if (str_starts_with(rest, STR("[]")) || str_starts_with(rest, STR("[^]"))) {
            return "write \"]\" in a class as \"\\]\"";
        }
        if (str_starts_with(rest, STR("(?<")) || str_starts_with(rest, STR("(?P"))) {
            return "groups with names are not supported";
        }
        if (str_starts_with(rest, STR("(?")) && !str_starts_with(rest, STR("(?:"))) {
            return "flags such as (?i) are not supported";
        }
        i += rest.ptr[0] == '\\' ? 1 : 0;
    }
    return NULL;
}

static int matching_begin(
        struct matching *m, struct template_call *call, struct str pattern, struct str text)
{
    const char *why = difference(pattern);
    struct regex_error error;
    *m = (struct matching){ .call = call, .pattern = pattern, .text = text };
    if (why) {
        return template_refuse(call, "\"%.*s\": %s", STR_ARG(pattern), why);
    }
    int err = template_work(call, 4096 + pattern.len * 64);
    if (err) {
        return err;
    }
    if (regex_compile_groups(call->arena, pattern, &m->regex, &error) != 0) {
        return template_fail(call, "\"%.*s\": %s", STR_ARG(pattern), error.message);
    }
    m->spans = ARENA_ARRAY(call->arena, struct regex_span, regex_group_count(m->regex));
    return 0;
}

/* The time of a search is the product of what it looks at and the size of the pattern. */
static int matching_next(struct matching *m, size_t from, bool *ret_is_found)
{
    size_t end = from;
    int err = template_work(m->call, m->pattern.len * 64);
    *ret_is_found = !err && regex_find(m->regex, m->text, from, m->spans, &end);
    return err ? err : template_work(m->call, m->pattern.len * (end - from + 1) * 4);
}

static int run_match(SPRIG_ARGS)
{
    (void)count;
    struct matching m;
    bool is_found = false;
    int err = matching_begin(&m, call, args[0].as.text, args[1].as.text);
    err = err ? err : template_work(call, m.pattern.len * m.text.len);
    err = err ? err : matching_next(&m, 0, &is_found);
    *ret = datum_bool(is_found);
    return err;
}

static int run_find(SPRIG_ARGS)
{
    (void)count;
    struct matching m;
    bool is_found = false;
    int err = matching_begin(&m, call, args[0].as.text, args[1].as.text);
    err = err ? err : matching_next(&m, 0, &is_found);
    *ret = datum_text(is_found ? str_sub(m.text, m.spans[0].from, m.spans[0].to) : STR_EMPTY);
    return err;
}

/* ---- replacing ---- */

static void add_group(struct buf *out, const struct matching *m, struct str name)
{
    uint64_t number;
    if (str_to_u64(name, &number) && number < regex_group_count(m->regex) &&
            m->spans[number].from != SIZE_MAX) {
        buf_add(out, str_sub(m->text, m->spans[number].from, m->spans[number].to));
    }
}

/* Length of the letters, digits and underscores at the beginning. */
static size_t name_length(struct str text)
{
    size_t length = 0;
    while (length < text.len) {
        char byte = text.ptr[length];
        bool is_name = (byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'z') ||
                       (byte >= 'A' && byte <= 'Z') || byte == '_';
        if (!is_name) {
            break;
        }
        length++;
    }
    return length;
}

/* The replacement with $1, ${1} and $$ filled in; what is none of these stays as it is. */
static void add_replacement(struct buf *out, const struct matching *m, struct str with)
{
    while (with.len > 0) {
        ptrdiff_t dollar = str_find(with, '$');
        buf_add(out, dollar < 0 ? with : str_sub(with, 0, (size_t)dollar));
        if (dollar < 0) {
            return;
        }
        with = str_from_index(with, (size_t)dollar + 1);
        bool has_brace = str_starts_with(with, STR("{"));
        struct str inner = str_from_index(with, has_brace ? 1 : 0);
        size_t length = name_length(inner);
        bool is_closed = !has_brace || (length < inner.len && inner.ptr[length] == '}');
        if (str_starts_with(with, STR("$"))) {
            buf_add_byte(out, '$');
            with = str_from_index(with, 1);
        } else if (length > 0 && is_closed) {
            add_group(out, m, str_sub(inner, 0, length));
            with = str_from_index(inner, length + (has_brace ? 1 : 0));
        } else {
            buf_add_byte(out, '$');
        }
    }
}

/* Every match from left to right; an empty one right behind another does not count. */
static int replace(struct matching *m, struct buf *out, struct str with, bool is_literal)
{
    size_t behind = 0; /* the last match */
    size_t from = 0;
    while (from <= m->text.len && !out->is_full) {
        bool is_found = false;
        int err = matching_next(m, from, &is_found);
        if (err || !is_found) {
            buf_add(out, err ? STR_EMPTY : str_from_index(m->text, behind));
            return err;
        }
        struct regex_span match = m->spans[0];
        buf_add(out, str_sub(m->text, behind, match.from));
        if (match.to > behind || match.from == 0) {
            if (is_literal) {
                buf_add(out, with);
            } else {
                add_replacement(out, m, with);
            }
        }
        behind = match.to;
        size_t next = from;
        if (from < m->text.len) {
            (void)point_next(m->text, &next);
        } else {
            next++;
        }
        from = next > match.to ? next : match.to;
    }
    buf_add(out, str_from_index(m->text, behind));
    return 0;
}

static int replace_all(SPRIG_ARGS, bool is_literal)
{
    (void)count;
    struct matching m;
    struct buf out = BUF_INIT(template_room(call));
    int err = matching_begin(&m, call, args[0].as.text, args[1].as.text);
    err = err ? err : replace(&m, &out, args[2].as.text, is_literal);
    return sprig_finish(call, err, &out, ret);
}

static int run_replace(SPRIG_ARGS)
{
    return replace_all(call, args, count, ret, false);
}

static int run_replace_literal(SPRIG_ARGS)
{
    return replace_all(call, args, count, ret, true);
}

static const struct template_function rows[] = {
    { "regexFind", "ss", run_find },
    { "regexMatch", "ss", run_match },
    { "regexReplaceAll", "sss", run_replace },
    { "regexReplaceAllLiteral", "sss", run_replace_literal },
};

const struct template_functions regex_functions = { rows, sizeof(rows) / sizeof(rows[0]),
    &list_functions };
