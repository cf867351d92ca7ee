/* SPDX-License-Identifier: Apache-2.0 */
/* Evaluating --query. */
#include "query.h"

#include <stdlib.h>

/* One evaluation: what is left to read and what was selected so far. */
struct query {
    struct run *run;
    struct str rest;
    const struct value *value; /* never NULL: nothing is a null value */
    struct str why; /* set with the first error */
};

static int fail(struct query *query, const char *why)
{
    query->why = str_from(why);
    return ERR_PARSE;
}

static const struct value *or_null(struct query *query, const struct value *value)
{
    return value ? value : value_null(query->run->arena, MARK_NONE);
}

static bool is_name_byte(char c)
{
    return !(c == '.' || c == '[' || c == ']' || c == '|' || c == '"' || c == ' ' ||
             c == '\t' || c == '(' || c == ')' || c == ',');
}

/* Reads "text" with \" and \\ inside; the rest stands behind the closing quote. */
static int read_quoted(struct query *query, struct str *ret_name)
{
    AUTO_BUF name = BUF_INIT(BUF_UNBOUNDED);
    size_t i = 1;
    while (i < query->rest.len && query->rest.ptr[i] != '"') {
        if (query->rest.ptr[i] == '\\' && i + 1 < query->rest.len) {
            i++;
        }
        buf_add_byte(&name, query->rest.ptr[i++]);
    }
    if (i >= query->rest.len) {
        return fail(query, "a quoted name has no end");
    }
    query->rest = str_from_index(query->rest, i + 1);
    *ret_name = arena_dup(query->run->arena, buf_str(&name));
    return 0;
}

static int step_into(struct query *query, struct str name)
{
    if (value_is(query->value, VALUE_LIST)) {
        return fail(query, "a list has no names; use [0], [1], ...");
    }
    if (!value_is(query->value, VALUE_MAP) && !value_is(query->value, VALUE_NULL)) {
        return fail(query, "a step leads into a value that is not a map");
    }
    query->value = or_null(query, value_get_str(query->value, name));
    return 0;
}

static int step_index(struct query *query, struct str number)
{
    int64_t index;
    if (!str_to_i64(number, &index)) {
        return fail(query, "brackets need a number or a quoted name");
    }
    if (!value_is(query->value, VALUE_LIST) && !value_is(query->value, VALUE_NULL)) {
        return fail(query, "an index needs a list");
    }
    int64_t count = (int64_t)value_count(query->value);
    index = index < 0 ? index + count : index;
    query->value = or_null(
            query, index >= 0 && index < count ? value_at(query->value, (size_t)index) : NULL);
    return 0;
}

static int read_bracket(struct query *query)
{
    struct str name;
    query->rest = str_from_index(query->rest, 1);
    if (query->rest.len > 0 && query->rest.ptr[0] == '"') {
        int r = read_quoted(query, &name);
        if (r) {
            return r;
        }
        if (query->rest.len == 0 || query->rest.ptr[0] != ']') {
            return fail(query, "a bracket is not closed");
        }
        query->rest = str_from_index(query->rest, 1);
        return step_into(query, name);
    }
    ptrdiff_t end = str_find(query->rest, ']');
    if (end < 0) {
        return fail(query, "a bracket is not closed");
    }
    struct str number = str_sub(query->rest, 0, (size_t)end);
    query->rest = str_from_index(query->rest, (size_t)end + 1);
    return step_index(query, number);
}

static int read_name(struct query *query)
{
    struct str name;
    if (query->rest.len > 0 && query->rest.ptr[0] == '"') {
        int r = read_quoted(query, &name);
        return r ? r : step_into(query, name);
    }
    size_t end = 0;
    while (end < query->rest.len && is_name_byte(query->rest.ptr[end])) {
        end++;
    }
    if (end == 0) {
        return fail(query, "a name is missing after a dot");
    }
    name = str_sub(query->rest, 0, end);
    query->rest = str_from_index(query->rest, end);
    return step_into(query, name);
}

static int read_path(struct query *query)
{
    bool is_first = true;
    while (query->rest.len > 0) {
        int r;
        if (query->rest.ptr[0] == '[') {
            r = read_bracket(query);
        } else if (query->rest.ptr[0] == '.') {
            query->rest = str_from_index(query->rest, 1);
            bool is_alone = is_first && (query->rest.len == 0 || query->rest.ptr[0] == '[');
            r = is_alone ? 0 : read_name(query);
        } else {
            r = fail(query, "a path is made of .name and [0]");
        }
        if (r) {
            return r;
        }
        is_first = false;
    }
    return 0;
}

static int cmp_text(const void *a, const void *b)
{
    return str_cmp(*(const struct str *)a, *(const struct str *)b);
}

static int apply_keys(struct query *query)
{
    struct arena *arena = query->run->arena;
    size_t count = value_count(query->value);
    const struct value **items = ARENA_ARRAY(arena, const struct value *, count);
    if (value_is(query->value, VALUE_MAP)) {
        struct str *names = ARENA_ARRAY(arena, struct str, count);
        for (size_t i = 0; i < count; i++) {
            names[i] = query->value->as.map.entries[i].key->text;
        }
        if (count > 0) {
            qsort(names, count, sizeof(*names), cmp_text);
        }
        for (size_t i = 0; i < count; i++) {
            items[i] = value_string_new(arena, names[i], MARK_NONE);
        }
    } else if (value_is(query->value, VALUE_LIST)) {
        for (size_t i = 0; i < count; i++) {
            items[i] = value_int_new(arena, (int64_t)i, MARK_NONE);
        }
    } else {
        return fail(query, "keys needs a map or a list");
    }
    query->value = value_list_new(arena, items, count, MARK_NONE);
    return 0;
}

static int apply_length(struct query *query)
{
    size_t length = value_count(query->value);
    if (value_is(query->value, VALUE_STRING)) {
        length = str_count_code_points(value_string(query->value));
    } else if (value_is_scalar(query->value) && !value_is(query->value, VALUE_NULL)) {
        return fail(query, "length needs a map, a list or a text");
    }
    query->value = value_int_new(query->run->arena, (int64_t)length, MARK_NONE);
    return 0;
}

/* Cuts off the text up to the next bar outside quotes; false in *more when that was the last. */
static struct str cut_stage(struct str *rest, bool *more)
{
    bool is_quoted = false;
    for (size_t i = 0; i < rest->len; i++) {
        char c = rest->ptr[i];
        if (c == '\\' && is_quoted) {
            i++;
        } else if (c == '"') {
            is_quoted = !is_quoted;
        } else if (c == '|' && !is_quoted) {
            struct str stage = str_sub(*rest, 0, i);
            *rest = str_from_index(*rest, i + 1);
            return str_trim(stage);
        }
    }
    *more = false;
    return str_trim(*rest);
}

int query_apply(struct run *run, const struct value *value, struct str text,
        const struct value **ret_value, struct str *ret_why)
{
    struct query query = { .run = run };
    query.value = or_null(&query, value);
    struct str rest = text;
    bool more = true;
    while (more) {
        int r;
        struct str stage = cut_stage(&rest, &more);
        query.rest = stage;
        if (str_eq_cstr(stage, "keys")) {
            r = apply_keys(&query);
        } else if (str_eq_cstr(stage, "length")) {
            r = apply_length(&query);
        } else if (stage.len == 0) {
            r = fail(&query, "the query, or a part of it between bars, is empty");
        } else {
            r = read_path(&query);
        }
        if (r) {
            *ret_why = query.why;
            return r;
        }
    }
    *ret_value = query.value;
    return 0;
}
