/* SPDX-License-Identifier: Apache-2.0 */
/* Keywords that combine schemas: allOf, anyOf, oneOf, not, if. */
#include <string.h>

#include "schema_check.h"

static bool is_kind(const struct diag *diag, enum schema_diag kind)
{
    return strcmp(diag->id, schema_diags[kind].id) == 0;
}

/* The types a node demands, through references. */
static unsigned types_of(const struct node *node)
{
    for (int i = 0; i < 8 && node->types == 0 && node->reference; i++) {
        node = node->reference;
    }
    return node->types;
}

/* True when the form is out of the question: another type, or another value of a key that tells the
 * forms apart ("type: s3" against "type: sns"). */
static bool is_far(const struct diags *words, const struct value *value, struct str here)
{
    for (size_t i = 0; i < words->list.count; i++) {
        const struct diag *diag = &words->list.items[i];
        if (is_kind(diag, SCHEMA_TYPE) && str_eq(diag->pointer, here)) {
            return true;
        }
        bool is_below = diag->pointer.len > here.len &&
                        str_find(str_from_index(diag->pointer, here.len + 1), '/') < 0;
        if (is_kind(diag, SCHEMA_VALUE) && is_below && value_is(value, VALUE_MAP)) {
            return true;
        }
    }
    return false;
}

static void copy_violations(struct diags *report, const struct diags *from)
{
    for (size_t i = 0; i < from->list.count; i++) {
        diag_append(report, &from->list.items[i]);
    }
}

/* Each form with the first thing wrong about it. */
static struct str list_forms(struct arena *arena, const struct diags *words, size_t count)
{
    AUTO_BUF out = BUF_INIT(4096);
    for (size_t i = 0; i < count && i < 8; i++) {
        if (words[i].list.count) {
            buf_addf(&out, "%sform %zu: %.*s", out.len ? "\n" : "", i + 1,
                    STR_ARG(words[i].list.items[0].message));
        }
    }
    return arena_dup(arena, buf_str(&out));
}

/* None of the forms fits: what is wrong with the one that was meant, if that can be told. */
static void explain_none(struct check *check, const struct node_list *forms,
        const struct place *place, const struct diags *words, struct diags *report)
{
    struct str here = place_pointer(check, place);
    const struct diags *meant = NULL;
    size_t near_count = 0;
    unsigned types = 0;
    bool has_types = true;
    for (size_t i = 0; i < forms->count; i++) {
        unsigned wanted = types_of(forms->items[i]);
        types |= wanted;
        has_types = has_types && wanted != 0;
        if (!is_far(&words[i], place->value, here)) {
            near_count++;
            meant = &words[i];
        }
    }
    if (near_count == 1) {
        copy_violations(report, meant);
        return;
    }
    if (has_types && !type_fits(types, place->value)) {
        struct str wanted = types_text(check->scratch, types);
        struct str found = value_words(check->scratch, place->value);
        violate(check, report, SCHEMA_TYPE, place, "must be %.*s, not %.*s", STR_ARG(wanted),
                STR_ARG(found));
        return;
    }
    violate(check, report, SCHEMA_FORM, place, "fits none of the %zu forms allowed here",
            forms->count);
    last_violation(report)->detail = list_forms(report->arena, words, forms->count);
}

/* Checks every form; the number that fit, and the first of them. */
static size_t count_fitting(struct check *check, const struct node_list *forms, size_t enough,
        const struct place *place, const struct scope *scope, struct seen *seen,
        struct diags *words)
{
    size_t fitting = 0;
    for (size_t i = 0; i < forms->count && fitting < enough; i++) {
        struct seen *own = seen ? seen_new(check, place->value) : NULL;
        if (node_check(check, forms->items[i], place, scope, own, words ? &words[i] : NULL)) {
            seen_add(seen, own);
            fitting++;
        }
    }
    return fitting;
}

static bool check_alternatives(struct check *check, const struct node_list *forms,
        bool is_exclusive, const struct place *place, const struct scope *scope,
        struct seen *seen, struct diags *report)
{
    if (forms->count == 0) {
        return true;
    }
    struct diags *words = NULL;
    if (report) {
        words = ARENA_ARRAY(check->scratch, struct diags, forms->count);
        for (size_t i = 0; i < forms->count; i++) {
            diags_init(&words[i], check->scratch);
        }
    }
    /* All that fit count for what was looked at; without that interest the first will do. */
    size_t enough = is_exclusive ? 2 : seen ? SIZE_MAX : 1;
    size_t fitting = count_fitting(check, forms, enough, place, scope, seen, words);
    if (fitting == 1 || (fitting > 1 && !is_exclusive)) {
        return true;
    }
    if (fitting > 1) {
        return violate(check, report, SCHEMA_FORM, place,
                "fits more than one of the %zu forms allowed here, but must fit exactly one",
                forms->count);
    }
    if (report) {
        explain_none(check, forms, place, words, report);
    }
    return false;
}

static bool check_condition(struct check *check, const struct node *node,
        const struct place *place, const struct scope *scope, struct seen *seen,
        struct diags *report)
{
    struct seen *own = seen ? seen_new(check, place->value) : NULL;
    if (!node->condition) {
        return true;
    }
    bool is_true = node_check(check, node->condition, place, scope, own, NULL);
    if (is_true) {
        seen_add(seen, own);
    }
    const struct node *branch = is_true ? node->consequence : node->alternative;
    return !branch || node_check(check, branch, place, scope, seen, report);
}

bool form_check(struct check *check, const struct node *node, const struct place *place,
        const struct scope *scope, struct seen *seen, struct diags *report)
{
    bool is_valid = true;
    for (size_t i = 0; i < node->all_of.count && (is_valid || report); i++) {
        is_valid &= node_check(check, node->all_of.items[i], place, scope, seen, report);
    }
    if (is_valid || report) {
        is_valid &= check_alternatives(check, &node->any_of, false, place, scope, seen, report);
    }
    if (is_valid || report) {
        is_valid &= check_alternatives(check, &node->one_of, true, place, scope, seen, report);
    }
    if ((is_valid || report) && node->negated &&
            node_check(check, node->negated, place, scope, NULL, NULL)) {
        is_valid = violate(check, report, SCHEMA_FORM, place, "has a form that is not allowed");
    }
    if (is_valid || report) {
        is_valid &= check_condition(check, node, place, scope, seen, report);
    }
    return is_valid;
}
