/* SPDX-License-Identifier: Apache-2.0 */
/* Functions that make lists, or take from them. */
#include <stdlib.h>
#include <string.h>

#include "sprig.h"

enum {
    UNTIL_MAX = 1000000
};

VEC_TYPE(values, const struct value *);

static const struct value *item_at(struct datum list, size_t index)
{
    return value_at(list.as.tree, index);
}

static int give_values(
        struct template_call *call, const struct values *values, struct datum *ret)
{
    *ret = datum_of(value_list_new(call->arena, values->items, values->count, MARK_NONE));
    return 0;
}

/* ---- texts ---- */

int sprig_texts(struct template_call *call, struct datum from, struct str **ret_texts,
        size_t *ret_count)
{
    bool is_list = from.kind == DATUM_LIST;
    size_t count = is_list ? value_count(from.as.tree) : 1;
    int err = template_pay(call, count);
    if (err) {
        return err;
    }
    struct str *texts = ARENA_ARRAY(call->arena, struct str, count);
    size_t kept = 0;
    for (size_t i = 0; i < count && err == 0; i++) {
        struct datum item = is_list ? datum_of(item_at(from, i)) : from;
        if (item.kind != DATUM_NULL && item.kind != DATUM_MISSING) {
            err = template_text(call, item, &texts[kept++]);
        }
    }
    *ret_texts = texts;
    *ret_count = kept;
    return err;
}

int sprig_list(
        struct template_call *call, const struct str *texts, size_t count, struct datum *ret)
{
    struct values values = { 0 };
    int err = template_pay(call, count);
    for (size_t i = 0; i < count && err == 0; i++) {
        VEC_PUSH(call->arena, &values, value_string_view(call->arena, texts[i], MARK_NONE));
    }
    return err ? err : give_values(call, &values, ret);
}

static int run_join(SPRIG_ARGS)
{
    (void)count;
    struct str *texts = NULL;
    size_t text_count = 0;
    int err = sprig_texts(call, args[1], &texts, &text_count);
    struct buf out = BUF_INIT(template_room(call));
    for (size_t i = 0; i < text_count && err == 0; i++) {
        buf_add(&out, i > 0 ? args[0].as.text : STR_EMPTY);
        buf_add(&out, texts[i]);
    }
    return sprig_finish(call, err, &out, ret);
}

VEC_TYPE(texts, struct str);

/* The pieces between separators; without a separator, every character. */
static int cut(
        struct template_call *call, struct str separator, struct str text, struct texts *pieces)
{
    int err = template_work(call, text.len * 8);
    while (err == 0) {
        size_t point = 0;
        if (separator.len == 0 && text.len == 0) {
            break;
        }
        ptrdiff_t at = separator.len > 0 ? str_find_str(text, separator) : 0;
        if (separator.len == 0) {
            (void)point_next(text, &point);
        }
        if (at < 0) {
            VEC_PUSH(call->arena, pieces, text);
            break;
        }
        size_t length = separator.len > 0 ? (size_t)at : point;
        VEC_PUSH(call->arena, pieces, str_sub(text, 0, length));
        text = str_from_index(text, length + separator.len);
        err = template_work(call, 64);
    }
    return err;
}

static int run_split_list(SPRIG_ARGS)
{
    (void)count;
    struct texts pieces = { 0 };
    int err = cut(call, args[0].as.text, args[1].as.text, &pieces);
    return err ? err : sprig_list(call, pieces.items, pieces.count, ret);
}

/* A map with the keys _0, _1, ... */
static int run_split(SPRIG_ARGS)
{
    (void)count;
    struct texts pieces = { 0 };
    struct value_builder builder;
    int err = cut(call, args[0].as.text, args[1].as.text, &pieces);
    value_builder_init(&builder, call->arena, MARK_NONE);
    err = err ? err : template_pay(call, pieces.count * 2);
    for (size_t i = 0; i < pieces.count && err == 0; i++) {
        value_builder_add(&builder, key_of(call->keys, arena_printf(call->arena, "_%zu", i)),
                value_string_view(call->arena, pieces.items[i], MARK_NONE), MARK_NONE);
    }
    *ret = datum_of(value_builder_map(&builder));
    return err;
}

static int compare_texts(const void *a, const void *b)
{
    return str_cmp(*(const struct str *)a, *(const struct str *)b);
}

static int run_sort_alpha(SPRIG_ARGS)
{
    (void)count;
    struct str *texts = NULL;
    size_t text_count = 0;
    int err = sprig_texts(call, args[0], &texts, &text_count);
    err = err ? err : template_work(call, text_count * 64 * 8);
    if (err) {
        return err;
    }
    if (text_count > 1) {
        qsort(texts, text_count, sizeof(*texts), compare_texts);
    }
    return sprig_list(call, texts, text_count, ret);
}

static int run_to_strings(SPRIG_ARGS)
{
    (void)count;
    struct str *texts = NULL;
    size_t text_count = 0;
    int err = sprig_texts(call, args[0], &texts, &text_count);
    return err ? err : sprig_list(call, texts, text_count, ret);
}

/* ---- making and cutting ---- */

static int run_list(SPRIG_ARGS)
{
    struct values values = { 0 };
    int err = template_pay(call, count);
    for (size_t i = 0; i < count && err == 0; i++) {
        VEC_PUSH(call->arena, &values, datum_value(call->arena, args[i]));
    }
    return err ? err : give_values(call, &values, ret);
}

static int part(struct template_call *call, struct datum list, size_t from, size_t to,
        struct datum *ret)
{
    const struct value *const *items = list.as.tree->as.list.items;
    size_t length = to > from ? to - from : 0;
    int err = template_pay(call, length);
    *ret = datum_of(value_list_new(
            call->arena, length > 0 ? items + from : NULL, err ? 0 : length, MARK_NONE));
    return err;
}

/* As Go's own, but for lists alone. */
static int run_slice(SPRIG_ARGS)
{
    size_t length = value_count(args[0].as.tree);
    int64_t from = count > 1 ? args[1].as.integer : 0;
    int64_t to = count > 2 ? args[2].as.integer : (int64_t)length;
    if (count > 3 || from < 0 || to < from || (uint64_t)to > length) {
        return template_fail(call, "a list of %zu has no part from %lld to %lld", length,
                (long long)from, (long long)to);
    }
    return part(call, args[0], (size_t)from, (size_t)to, ret);
}

static int run_first(SPRIG_ARGS)
{
    (void)call;
    (void)count;
    *ret = datum_of(item_at(args[0], 0));
    return 0;
}

static int run_last(SPRIG_ARGS)
{
    (void)call;
    (void)count;
    size_t length = value_count(args[0].as.tree);
    *ret = datum_of(length > 0 ? item_at(args[0], length - 1) : NULL);
    return 0;
}

static int run_rest(SPRIG_ARGS)
{
    (void)count;
    return part(call, args[0], 1, value_count(args[0].as.tree), ret);
}

static int run_initial(SPRIG_ARGS)
{
    (void)count;
    size_t length = value_count(args[0].as.tree);
    return part(call, args[0], 0, length > 0 ? length - 1 : 0, ret);
}

static int run_reverse(SPRIG_ARGS)
{
    (void)count;
    struct values values = { 0 };
    int err = template_pay(call, value_count(args[0].as.tree));
    for (size_t i = value_count(args[0].as.tree); i > 0 && err == 0; i--) {
        VEC_PUSH(call->arena, &values, item_at(args[0], i - 1));
    }
    return err ? err : give_values(call, &values, ret);
}

static int add_all(struct template_call *call, struct values *values, struct datum list)
{
    int err = template_pay(call, value_count(list.as.tree));
    for (size_t i = 0; i < value_count(list.as.tree) && err == 0; i++) {
        VEC_PUSH(call->arena, values, item_at(list, i));
    }
    return err;
}

static int run_append(SPRIG_ARGS)
{
    (void)count;
    struct values values = { 0 };
    int err = add_all(call, &values, args[0]);
    VEC_PUSH(call->arena, &values, datum_value(call->arena, args[1]));
    return err ? err : give_values(call, &values, ret);
}

static int run_prepend(SPRIG_ARGS)
{
    (void)count;
    struct values values = { 0 };
    VEC_PUSH(call->arena, &values, datum_value(call->arena, args[1]));
    int err = add_all(call, &values, args[0]);
    return err ? err : give_values(call, &values, ret);
}

static int run_concat(SPRIG_ARGS)
{
    struct values values = { 0 };
    int err = 0;
    for (size_t i = 0; i < count && err == 0; i++) {
        err = add_all(call, &values, args[i]);
    }
    return err ? err : give_values(call, &values, ret);
}

/* ---- looking for items ---- */

static bool has(const struct value *const *items, size_t count, const struct value *wanted)
{
    for (size_t i = 0; i < count; i++) {
        if (value_equal(items[i], wanted)) {
            return true;
        }
    }
    return false;
}

static int run_has(SPRIG_ARGS)
{
    (void)count;
    const struct value *list = args[1].as.tree;
    int err = template_survey(call, args[1]);
    err = err ? err : template_survey(call, args[0]);
    const struct value *wanted = datum_value(call->arena, args[0]);
    *ret = datum_bool(!err && has(list->as.list.items, value_count(list), wanted));
    return err;
}

static int run_uniq(SPRIG_ARGS)
{
    (void)count;
    struct values values = { 0 };
    int err = template_pay(call, value_count(args[0].as.tree));
    err = err ? err : template_survey(call, args[0]);
    for (size_t i = 0; i < value_count(args[0].as.tree) && err == 0; i++) {
        const struct value *item = item_at(args[0], i);
        err = template_work(call, values.count * 64);
        if (err == 0 && !has(values.items, values.count, item)) {
            VEC_PUSH(call->arena, &values, item);
        }
    }
    return err ? err : give_values(call, &values, ret);
}

static int run_without(SPRIG_ARGS)
{
    struct values unwanted = { 0 };
    struct values values = { 0 };
    int err = template_pay(call, count + value_count(args[0].as.tree));
    err = err ? err : template_survey(call, args[0]);
    for (size_t i = 1; i < count && err == 0; i++) {
        err = template_survey(call, args[i]);
        VEC_PUSH(call->arena, &unwanted, datum_value(call->arena, args[i]));
    }
    for (size_t i = 0; i < value_count(args[0].as.tree) && err == 0; i++) {
        err = template_work(call, unwanted.count * 64);
        if (err == 0 && !has(unwanted.items, unwanted.count, item_at(args[0], i))) {
            VEC_PUSH(call->arena, &values, item_at(args[0], i));
        }
    }
    return err ? err : give_values(call, &values, ret);
}

static int run_compact(SPRIG_ARGS)
{
    (void)count;
    struct values values = { 0 };
    int err = template_pay(call, value_count(args[0].as.tree));
    for (size_t i = 0; i < value_count(args[0].as.tree) && err == 0; i++) {
        if (datum_is_true(datum_of(item_at(args[0], i)))) {
            VEC_PUSH(call->arena, &values, item_at(args[0], i));
        }
    }
    return err ? err : give_values(call, &values, ret);
}

/* ---- numbers in a row ---- */

static int count_up(
        struct template_call *call, int64_t from, int64_t to, int64_t step, struct datum *ret)
{
    struct values values = { 0 };
    bool leads_there = (step > 0 && from < to) || (step < 0 && from > to);
    uint64_t width = step > 0 ? (uint64_t)step : 0 - (uint64_t)step;
    uint64_t distance =
            step > 0 ? (uint64_t)to - (uint64_t)from : (uint64_t)from - (uint64_t)to;
    uint64_t length = leads_there ? (distance - 1) / width + 1 : 0;
    if (length > UNTIL_MAX) {
        return template_fail(call, "that is more than %d numbers", UNTIL_MAX);
    }
    int err = template_pay(call, (size_t)length * 2);
    for (uint64_t i = 0; i < length && err == 0; i++) {
        int64_t number = (int64_t)((uint64_t)from + i * (uint64_t)step);
        VEC_PUSH(call->arena, &values, value_int_new(call->arena, number, MARK_NONE));
    }
    return err ? err : give_values(call, &values, ret);
}

static int run_until(SPRIG_ARGS)
{
    (void)count;
    int64_t end = args[0].as.integer;
    return count_up(call, 0, end, end < 0 ? -1 : 1, ret);
}

static int run_until_step(SPRIG_ARGS)
{
    (void)count;
    return count_up(call, args[0].as.integer, args[1].as.integer, args[2].as.integer, ret);
}

static const struct template_function rows[] = {
    { "append", "la", run_append },
    { "compact", "l", run_compact },
    { "concat", "l*", run_concat },
    { "first", "l", run_first },
    { "has", "al", run_has },
    { "initial", "l", run_initial },
    { "join", "sa", run_join },
    { "last", "l", run_last },
    { "list", "a*", run_list },
    { "prepend", "la", run_prepend },
    { "push", "la", run_append },
    { "rest", "l", run_rest },
    { "reverse", "l", run_reverse },
    { "slice", "li*", run_slice },
    { "sortAlpha", "a", run_sort_alpha },
    { "split", "ss", run_split },
    { "splitList", "ss", run_split_list },
    { "toStrings", "a", run_to_strings },
    { "tuple", "a*", run_list },
    { "uniq", "l", run_uniq },
    { "until", "i", run_until },
    { "untilStep", "iii", run_until_step },
    { "without", "la*", run_without },
};

const struct template_functions list_functions = { rows, sizeof(rows) / sizeof(rows[0]),
    &dict_functions };
