/* SPDX-License-Identifier: Apache-2.0 */
/* Evaluating --query: each node maps one value to any number of values. */
#include "query.h"

#include <inttypes.h>
#include <stdlib.h>

#include "query_node.h"

enum {
    MAX_VALUES = 5000000 /* that the parts of a query give, together */
};

VEC_TYPE(values, const struct value *);

struct evaluation {
    struct run *run;
    struct str why; /* of the last error */
    size_t given;
};

static int evaluate(struct evaluation *e, const struct query_node *node,
        const struct value *input, struct values *results);

static int fail(struct evaluation *e, const struct query_node *node, const char *why)
{
    e->why = query_why(e->run, node->column, why);
    return ERR_PARSE;
}

static int give(struct evaluation *e, struct values *results, const struct value *value)
{
    if (++e->given > MAX_VALUES) {
        e->why = STR("it goes through too many values");
        return ERR_PARSE;
    }
    VEC_PUSH(e->run->arena, results, value ? value : value_null(e->run->arena, MARK_NONE));
    return 0;
}

static int give_truth(struct evaluation *e, struct values *results, bool truth)
{
    return give(e, results, value_bool_new(e->run->arena, truth, MARK_NONE));
}

static bool is_true(const struct value *value)
{
    return !value_is(value, VALUE_NULL) && value_bool(value, true);
}

/* ---- steps ---- */

static int cmp_entries(const void *a, const void *b)
{
    const struct value_entry *left = *(const struct value_entry *const *)a;
    const struct value_entry *right = *(const struct value_entry *const *)b;
    return str_cmp(left->key->text, right->key->text);
}

/* The entries of a map in byte order of their keys. */
static const struct value_entry **sorted_entries(struct evaluation *e, const struct value *map)
{
    size_t count = value_count(map);
    const struct value_entry **entries =
            ARENA_ARRAY(e->run->arena, const struct value_entry *, count);
    for (size_t i = 0; i < count; i++) {
        entries[i] = &map->as.map.entries[i];
    }
    if (count > 0) {
        qsort(entries, count, sizeof(*entries), cmp_entries);
    }
    return entries;
}

/* Scalars have nothing below them, not even null. */
static bool is_end(const struct value *value)
{
    return value_is_scalar(value) && !value_is(value, VALUE_NULL);
}

static int step_field(struct evaluation *e, const struct query_node *node,
        const struct value *input, struct values *results)
{
    if (value_is(input, VALUE_LIST)) {
        return fail(e, node, "a list has no names; use [0], [1], ... or []");
    }
    return is_end(input) ? 0 : give(e, results, value_get_str(input, node->text));
}

static int step_index(struct evaluation *e, const struct query_node *node,
        const struct value *input, struct values *results)
{
    if (value_is(input, VALUE_MAP)) {
        struct str key = arena_printf(e->run->arena, "%" PRId64, node->from);
        return give(e, results, value_get_str(input, key));
    }
    int64_t count = (int64_t)value_count(input);
    int64_t index = node->from < 0 ? node->from + count : node->from;
    bool is_inside = index >= 0 && index < count;
    return is_end(input) ? 0
                         : give(e, results, is_inside ? value_at(input, (size_t)index) : NULL);
}

/* An end of a slice as a position in the list. */
static size_t slice_end(int64_t position, int64_t count)
{
    position = position < 0 ? (position < -count ? 0 : position + count) : position;
    return (size_t)(position > count ? count : position);
}

static int step_slice(struct evaluation *e, const struct query_node *node,
        const struct value *input, struct values *results)
{
    if (!value_is(input, VALUE_LIST)) {
        return value_is(input, VALUE_NULL) ? give(e, results, NULL)
                                           : fail(e, node, "a slice needs a list");
    }
    int64_t count = (int64_t)value_count(input);
    size_t from = slice_end(node->from, count);
    size_t to = slice_end(node->to, count);
    to = to < from ? from : to;
    return give(e, results,
            value_list_new(e->run->arena, input->as.list.items + from, to - from, MARK_NONE));
}

static int step_iterate(struct evaluation *e, const struct value *input, struct values *results)
{
    size_t count = is_end(input) ? 0 : value_count(input);
    const struct value_entry **entries =
            value_is(input, VALUE_MAP) ? sorted_entries(e, input) : NULL;
    int r = 0;
    for (size_t i = 0; r == 0 && i < count; i++) {
        r = give(e, results, entries ? entries[i]->value : value_at(input, i));
    }
    return r;
}

/* The value, then what is below it. Documents are no deeper than their readers allow. */
static int step_descend(struct evaluation *e, const struct value *input, struct values *results)
{
    struct values below = { 0 };
    int r = give(e, results, input);
    r = r ? r : step_iterate(e, input, &below);
    for (size_t i = 0; r == 0 && i < below.count; i++) {
        r = step_descend(e, below.items[i], results);
    }
    return r;
}

/* ---- functions ---- */

static int give_keys(struct evaluation *e, const struct query_node *node,
        const struct value *input, struct values *results)
{
    struct arena *arena = e->run->arena;
    size_t count = value_count(input);
    const struct value **items = ARENA_ARRAY(arena, const struct value *, count);
    if (value_is(input, VALUE_MAP)) {
        const struct value_entry **entries = sorted_entries(e, input);
        for (size_t i = 0; i < count; i++) {
            items[i] = value_string_new(arena, entries[i]->key->text, MARK_NONE);
        }
    } else if (value_is(input, VALUE_LIST)) {
        for (size_t i = 0; i < count; i++) {
            items[i] = value_int_new(arena, (int64_t)i, MARK_NONE);
        }
    } else {
        return fail(e, node, "keys needs a map or a list");
    }
    return give(e, results, value_list_new(arena, items, count, MARK_NONE));
}

static int give_length(struct evaluation *e, const struct value *input, struct values *results)
{
    size_t length =
            is_end(input) ? str_count_code_points(value_text(input)) : value_count(input);
    return give(e, results, value_int_new(e->run->arena, (int64_t)length, MARK_NONE));
}

/* True when any result of `node` is. */
static int test(struct evaluation *e, const struct query_node *node, const struct value *input,
        bool *ret_truth)
{
    struct values found = { 0 };
    int r = evaluate(e, node, input, &found);
    *ret_truth = false;
    for (size_t i = 0; r == 0 && i < found.count; i++) {
        *ret_truth = *ret_truth || is_true(found.items[i]);
    }
    return r;
}

static int give_collected(struct evaluation *e, const struct query_node *node,
        const struct value *input, struct values *results)
{
    struct values found = { 0 };
    struct values inputs = { 0 };
    int r = node->kind == QUERY_MAP ? step_iterate(e, input, &inputs) : give(e, &inputs, input);
    for (size_t i = 0; r == 0 && i < inputs.count; i++) {
        r = evaluate(e, node->left, inputs.items[i], &found);
    }
    return r ? r
             : give(e, results,
                       value_list_new(e->run->arena, found.items, found.count, MARK_NONE));
}

static int give_has(struct evaluation *e, const struct query_node *node,
        const struct value *input, struct values *results)
{
    struct values names = { 0 };
    int r = evaluate(e, node->left, input, &names);
    for (size_t i = 0; r == 0 && i < names.count; i++) {
        int64_t index = -1;
        bool has = value_is(input, VALUE_MAP) && value_is(names.items[i], VALUE_STRING)
                           ? value_get_str(input, value_string(names.items[i])) != NULL
                           : value_is(input, VALUE_LIST) && value_int(names.items[i], &index) &&
                                     index >= 0 && index < (int64_t)value_count(input);
        r = give_truth(e, results, has);
    }
    return r;
}

/* ---- operators ---- */

/* `*` for any text, `?` for any byte; everything else for itself. */
static bool matches_wildcards(struct str pattern, struct str text)
{
    size_t p = 0;
    size_t t = 0;
    size_t star = pattern.len; /* the last one seen, and where its text ended */
    size_t resume = 0;
    while (t < text.len) {
        if (p < pattern.len && pattern.ptr[p] == '*') {
            star = p++;
            resume = t;
        } else if (p < pattern.len &&
                   (pattern.ptr[p] == '?' || pattern.ptr[p] == text.ptr[t])) {
            p++;
            t++;
        } else if (star < pattern.len) {
            p = star + 1;
            t = ++resume;
        } else {
            return false;
        }
    }
    while (p < pattern.len && pattern.ptr[p] == '*') {
        p++;
    }
    return p == pattern.len;
}

/* As yq: the text decides, so that 1 and "1" are the same. */
static bool is_equal(const struct value *left, const struct value *right)
{
    return is_end(left) && is_end(right)
                   ? matches_wildcards(value_text(right), value_text(left))
                   : value_equal(left, right);
}

static bool is_ordered(enum query_kind kind, int order)
{
    bool is_less = kind == QUERY_LESS || kind == QUERY_LESS_OR_EQUAL;
    bool with_equal = kind == QUERY_LESS_OR_EQUAL || kind == QUERY_MORE_OR_EQUAL;
    return order == 0 ? with_equal : is_less == (order < 0);
}

static bool compares(enum query_kind kind, const struct value *left, const struct value *right)
{
    double a;
    double b;
    if (kind == QUERY_EQUAL || kind == QUERY_UNEQUAL) {
        return is_equal(left, right) == (kind == QUERY_EQUAL);
    }
    if (value_is(left, VALUE_STRING) && value_is(right, VALUE_STRING)) {
        return is_ordered(kind, str_cmp(value_string(left), value_string(right)));
    }
    return value_float(left, &a) && value_float(right, &b) &&
           is_ordered(kind, a < b ? -1 : a > b);
}

/* Nothing compares as null. */
static int operand(struct evaluation *e, const struct query_node *node,
        const struct value *input, struct values *ret_values)
{
    int r = evaluate(e, node, input, ret_values);
    return r || ret_values->count ? r : give(e, ret_values, NULL);
}

static int give_comparison(struct evaluation *e, const struct query_node *node,
        const struct value *input, struct values *results)
{
    struct values left = { 0 };
    struct values right = { 0 };
    int r = operand(e, node->left, input, &left);
    r = r ? r : operand(e, node->right, input, &right);
    for (size_t i = 0; r == 0 && i < left.count; i++) {
        for (size_t k = 0; r == 0 && k < right.count; k++) {
            r = give_truth(e, results, compares(node->kind, left.items[i], right.items[k]));
        }
    }
    return r;
}

static int give_logic(struct evaluation *e, const struct query_node *node,
        const struct value *input, struct values *results)
{
    bool truth = false;
    int r = test(e, node->left, input, &truth);
    if (r == 0 && truth == (node->kind == QUERY_AND)) {
        r = test(e, node->right, input, &truth);
    }
    return r ? r : give_truth(e, results, truth);
}

/* left // right */
static int give_alternative(struct evaluation *e, const struct query_node *node,
        const struct value *input, struct values *results)
{
    struct values found = { 0 };
    size_t before = results->count;
    int r = evaluate(e, node->left, input, &found);
    for (size_t i = 0; r == 0 && i < found.count; i++) {
        if (is_true(found.items[i])) {
            r = give(e, results, found.items[i]);
        }
    }
    return r || results->count > before ? r : evaluate(e, node->right, input, results);
}

static int give_piped(struct evaluation *e, const struct query_node *node,
        const struct value *input, struct values *results)
{
    struct values found = { 0 };
    int r = evaluate(e, node->left, input, &found);
    for (size_t i = 0; r == 0 && i < found.count; i++) {
        r = evaluate(e, node->right, found.items[i], results);
    }
    return r;
}

/* The maps so far, each with one entry more for each pair of results. */
static int give_built(struct evaluation *e, const struct query_node *node,
        const struct value *input, struct values *results)
{
    const struct query_node *entry = node->right;
    struct values maps = { 0 };
    struct values keys = { 0 };
    struct values values = { 0 };
    struct value_builder none;
    value_builder_init(&none, e->run->arena, MARK_NONE);
    int r = node->left ? evaluate(e, node->left, input, &maps)
                       : give(e, &maps, value_builder_map(&none));
    r = r ? r : evaluate(e, entry->left, input, &keys);
    r = r ? r : evaluate(e, entry->right, input, &values);
    for (size_t i = 0; r == 0 && i < maps.count * keys.count * values.count; i++) {
        const struct value *map = maps.items[i / values.count / keys.count];
        const struct value *key = keys.items[i / values.count % keys.count];
        if (!value_is_scalar(key)) {
            return fail(e, entry, "a key of a map is a text or a number");
        }
        r = give(e, results,
                value_with(e->run->arena, map, key_of(e->run->keys, value_text(key)),
                        values.items[i % values.count]));
    }
    return r;
}

static int give_tried(struct evaluation *e, const struct query_node *node,
        const struct value *input, struct values *results)
{
    size_t before = results->count;
    if (evaluate(e, node->left, input, results)) {
        results->count = before;
    }
    return e->given > MAX_VALUES ? ERR_PARSE : 0;
}

static int give_selected(struct evaluation *e, const struct query_node *node,
        const struct value *input, struct values *results)
{
    bool truth = false;
    int r = test(e, node->left, input, &truth);
    return r == 0 && truth ? give(e, results, input) : r;
}

static int evaluate(struct evaluation *e, const struct query_node *node,
        const struct value *input, struct values *results)
{
    switch (node->kind) {
    case QUERY_SELF:
        return give(e, results, input);
    case QUERY_FIELD:
        return step_field(e, node, input, results);
    case QUERY_INDEX:
        return step_index(e, node, input, results);
    case QUERY_SLICE:
        return step_slice(e, node, input, results);
    case QUERY_ITERATE:
        return step_iterate(e, input, results);
    case QUERY_DESCEND:
        return step_descend(e, input, results);
    case QUERY_TRY:
        return give_tried(e, node, input, results);
    case QUERY_LITERAL:
        return give(e, results, node->value);
    case QUERY_COLLECT:
    case QUERY_MAP:
        return give_collected(e, node, input, results);
    case QUERY_KEYS:
        return give_keys(e, node, input, results);
    case QUERY_LENGTH:
        return give_length(e, input, results);
    case QUERY_NOT:
        return give_truth(e, results, !is_true(input));
    case QUERY_SELECT:
        return give_selected(e, node, input, results);
    case QUERY_HAS:
        return give_has(e, node, input, results);
    case QUERY_PIPE:
        return give_piped(e, node, input, results);
    case QUERY_UNION: {
        int r = evaluate(e, node->left, input, results);
        return r ? r : evaluate(e, node->right, input, results);
    }
    case QUERY_BUILD:
        return give_built(e, node, input, results);
    case QUERY_ENTRY:
        break; /* evaluated with its map */
    case QUERY_ELSE:
        return give_alternative(e, node, input, results);
    case QUERY_OR:
    case QUERY_AND:
        return give_logic(e, node, input, results);
    case QUERY_EQUAL:
    case QUERY_UNEQUAL:
    case QUERY_LESS:
    case QUERY_LESS_OR_EQUAL:
    case QUERY_MORE:
    case QUERY_MORE_OR_EQUAL:
        return give_comparison(e, node, input, results);
    }
    BUG("query node");
}

static int run_query(struct run *run, const struct value *value, struct str text,
        struct values *results, struct str *ret_why)
{
    const struct query_node *node = NULL;
    int r = query_parse(run, text, &node, ret_why);
    if (r) {
        return r;
    }
    struct evaluation e = { .run = run };
    r = evaluate(&e, node, value ? value : value_null(run->arena, MARK_NONE), results);
    if (r) {
        *ret_why = e.why;
    }
    return r;
}

int query_apply(struct run *run, const struct value *value, struct str query,
        const struct value **ret_value, struct str *ret_why)
{
    struct values results = { 0 };
    int r = run_query(run, value, query, &results, ret_why);
    if (r) {
        return r;
    }
    if (results.count > 1) {
        *ret_why = STR("it gives more than one value; write [ ... ] around it for a list");
        return ERR_PARSE;
    }
    *ret_value = results.count ? results.items[0] : value_null(run->arena, MARK_NONE);
    return 0;
}

int query_test(struct run *run, const struct value *value, struct str query, bool *ret_truth,
        struct str *ret_why)
{
    struct values results = { 0 };
    int r = run_query(run, value, query, &results, ret_why);
    if (r) {
        return r;
    }
    *ret_truth = false;
    for (size_t i = 0; i < results.count; i++) {
        *ret_truth = *ret_truth || is_true(results.items[i]);
    }
    return 0;
}
