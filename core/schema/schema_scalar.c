/* SPDX-License-Identifier: Apache-2.0 */
/* Keywords that look at one value alone: type, enum, const, numbers, texts. */
#include "schema_check.h"

static unsigned type_of(const struct value *value)
{
    switch ((enum value_kind)value->kind) {
    case VALUE_NULL:
        return TYPE_NULL;
    case VALUE_BOOL:
        return TYPE_BOOLEAN;
    case VALUE_INT:
        return TYPE_INTEGER | TYPE_NUMBER;
    case VALUE_FLOAT:
        return number_is_integer(value) ? TYPE_INTEGER | TYPE_NUMBER : TYPE_NUMBER;
    case VALUE_STRING:
        return TYPE_STRING;
    case VALUE_LIST:
        return TYPE_ARRAY;
    case VALUE_MAP:
        return TYPE_OBJECT;
    default:
        BUG("value of no kind");
    }
}

bool type_fits(unsigned types, const struct value *value)
{
    return types == 0 || (types & type_of(value)) != 0;
}

struct str types_text(struct arena *arena, unsigned types)
{
    static const struct {
        unsigned type;
        const char *words;
    } names[] = {
        { TYPE_STRING, "a string" },
        { TYPE_INTEGER, "a whole number" },
        { TYPE_NUMBER, "a number" },
        { TYPE_BOOLEAN, "true or false" },
        { TYPE_ARRAY, "a list" },
        { TYPE_OBJECT, "a map" },
        { TYPE_NULL, "null" },
    };
    struct str words[7] = { STR_EMPTY };
    size_t count = 0;
    if (types & TYPE_NUMBER) {
        types &= ~(unsigned)TYPE_INTEGER;
    }
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if (types & names[i].type) {
            words[count++] = str_from(names[i].words);
        }
    }
    struct str last = count > 1 ? words[--count] : STR_EMPTY;
    struct str text = arena_join(arena, words, count, STR(", "));
    return last.len ? arena_printf(arena, "%.*s or %.*s", STR_ARG(text), STR_ARG(last)) : text;
}

/* Quotes too many or too few are the usual reason. */
static void hint_at_quotes(
        struct diag *diag, struct arena *arena, unsigned types, const struct value *value)
{
    struct str text = value_text(value);
    if ((value->flags & VALUE_SENSITIVE) || !value_is_scalar(value) || text.len == 0 ||
            text.len > 40) {
        return;
    }
    if (types == TYPE_STRING) {
        diag->hint = arena_printf(arena, "quote it: \"%.*s\"", STR_ARG(text));
    } else if (value_is(value, VALUE_STRING) && (value->flags & VALUE_QUOTED) &&
               (types & (TYPE_NUMBER | TYPE_INTEGER | TYPE_BOOLEAN))) {
        const struct value plain = { .kind = VALUE_INT, .as = { .text = text } };
        int64_t number = 0;
        bool is_number = value_int(&plain, &number);
        bool is_bool = str_eq(text, STR("true")) || str_eq(text, STR("false"));
        if (is_number ? (types & (TYPE_NUMBER | TYPE_INTEGER)) != 0
                      : is_bool && (types & TYPE_BOOLEAN)) {
            diag->hint = STR("remove the quotes");
        }
    }
}

static bool check_type(struct check *check, const struct node *node, const struct place *place,
        struct diags *report)
{
    if (type_fits(node->types, place->value)) {
        return true;
    }
    if (report) {
        struct str wanted = types_text(check->scratch, node->types);
        struct str found = value_words(check->scratch, place->value);
        violate(check, report, SCHEMA_TYPE, place, "must be %.*s, not %.*s", STR_ARG(wanted),
                STR_ARG(found));
        hint_at_quotes(last_violation(report), report->arena, node->types, place->value);
    }
    return false;
}

static bool enum_violation(struct check *check, const struct node *node,
        const struct place *place, struct diags *report)
{
    enum {
        SHOWN = 12
    };

    size_t count = value_count(node->values);
    size_t shown = count > SHOWN ? SHOWN : count;
    struct str words[SHOWN];
    struct str *names = ARENA_ARRAY(check->scratch, struct str, count);
    size_t name_count = 0;
    if (!report) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        const struct value *value = value_at(node->values, i);
        if (i < shown) {
            words[i] = value_words(check->scratch, value);
        }
        if (value_is(value, VALUE_STRING)) {
            names[name_count++] = value_text(value);
        }
    }
    struct str list = arena_join(check->scratch, words, shown, STR(", "));
    struct str found = value_words(check->scratch, place->value);
    violate(check, report, SCHEMA_VALUE, place, "must be %s%.*s%s, not %.*s",
            count > 1 ? "one of " : "", STR_ARG(list), count > shown ? ", ..." : "",
            STR_ARG(found));
    if (value_is(place->value, VALUE_STRING) && !(place->value->flags & VALUE_SENSITIVE)) {
        last_violation(report)->hint =
                suggest_hint(report->arena, value_text(place->value), names, name_count);
    }
    return false;
}

static bool check_values(struct check *check, const struct node *node,
        const struct place *place, struct diags *report)
{
    if (node->constant && !instance_equal(place->value, node->constant)) {
        struct str wanted = value_words(check->scratch, node->constant);
        struct str found = value_words(check->scratch, place->value);
        return violate(check, report, SCHEMA_VALUE, place, "must be %.*s, not %.*s",
                STR_ARG(wanted), STR_ARG(found));
    }
    if (!node->values) {
        return true;
    }
    for (size_t i = 0; i < value_count(node->values); i++) {
        if (instance_equal(place->value, value_at(node->values, i))) {
            return true;
        }
    }
    return enum_violation(check, node, place, report);
}

static bool check_bound(struct check *check, const struct value *bound, bool is_broken,
        const char *words, const struct place *place, struct diags *report)
{
    if (!bound || !is_broken) {
        return true;
    }
    struct str limit = value_words(check->scratch, bound);
    struct str found = value_words(check->scratch, place->value);
    return violate(check, report, SCHEMA_RANGE, place, "must be %s %.*s, not %.*s", words,
            STR_ARG(limit), STR_ARG(found));
}

static bool check_number(struct check *check, const struct node *node,
        const struct place *place, struct diags *report)
{
    const struct value *value = place->value;
    bool is_valid = check_bound(check, node->minimum,
            node->minimum && number_cmp(value, node->minimum) < 0, "at least", place, report);
    is_valid &= check_bound(check, node->maximum,
            node->maximum && number_cmp(value, node->maximum) > 0, "at most", place, report);
    is_valid &= check_bound(check, node->exclusive_minimum,
            node->exclusive_minimum && number_cmp(value, node->exclusive_minimum) <= 0, "above",
            place, report);
    is_valid &= check_bound(check, node->exclusive_maximum,
            node->exclusive_maximum && number_cmp(value, node->exclusive_maximum) >= 0, "below",
            place, report);
    is_valid &= check_bound(check, node->multiple_of,
            node->multiple_of && !number_is_multiple(value, node->multiple_of), "a multiple of",
            place, report);
    return is_valid;
}

static bool check_text(struct check *check, const struct node *node, const struct place *place,
        struct diags *report)
{
    struct str text = value_text(place->value);
    bool is_valid = true;
    if (node->min_length > 0 || node->max_length != SIZE_MAX) {
        size_t length = str_count_code_points(text);
        if (length < node->min_length) {
            is_valid = violate(check, report, SCHEMA_LENGTH, place,
                    "must have at least %zu character%s, not %zu", node->min_length,
                    node->min_length == 1 ? "" : "s", length);
        } else if (length > node->max_length) {
            is_valid = violate(check, report, SCHEMA_LENGTH, place,
                    "must have at most %zu character%s, not %zu", node->max_length,
                    node->max_length == 1 ? "" : "s", length);
        }
    }
    if (node->pattern && !regex_search(node->pattern, text)) {
        struct str found = value_words(check->scratch, place->value);
        is_valid = violate(check, report, SCHEMA_PATTERN, place,
                "must match the pattern %.*s, unlike %.*s", STR_ARG(node->pattern_text),
                STR_ARG(found));
    }
    return is_valid;
}

/* The author's own words explain best. */
static void explain(const struct node *node, struct diags *report, size_t first)
{
    if (!report || node->description.len == 0) {
        return;
    }
    for (size_t i = first; i < report->list.count; i++) {
        if (report->list.items[i].detail.len == 0) {
            report->list.items[i].detail = arena_dup(report->arena, node->description);
        }
    }
}

bool scalar_check(struct check *check, const struct node *node, const struct place *place,
        struct diags *report)
{
    size_t first = report ? report->list.count : 0;
    bool is_valid = check_type(check, node, place, report);
    if (is_valid) {
        is_valid = check_values(check, node, place, report);
    }
    if (is_valid &&
            (value_is(place->value, VALUE_INT) || value_is(place->value, VALUE_FLOAT))) {
        is_valid = check_number(check, node, place, report);
    } else if (is_valid && value_is(place->value, VALUE_STRING)) {
        is_valid = check_text(check, node, place, report);
    }
    explain(node, report, first);
    return is_valid;
}
