/* SPDX-License-Identifier: Apache-2.0 */
/* Keywords of lists and maps. */
#include "schema_check.h"

struct seen *seen_new(struct check *check, const struct value *value)
{
    struct seen *seen = ARENA_NEW(check->scratch, struct seen);
    seen->count = value_count(value);
    seen->members = ARENA_ARRAY(check->scratch, bool, seen->count);
    return seen;
}

void seen_add(struct seen *seen, const struct seen *other)
{
    for (size_t i = 0; seen && other && i < seen->count; i++) {
        seen->members[i] = seen->members[i] || other->members[i];
    }
}

static void see(struct seen *seen, size_t index)
{
    if (seen) {
        seen->members[index] = true;
    }
}

static const char *plural(size_t count)
{
    return count == 1 ? "" : "s";
}

static bool check_count(struct check *check, const struct place *place, size_t min, size_t max,
        const char *noun, struct diags *report)
{
    size_t count = value_count(place->value);
    if (count < min) {
        return violate(check, report, SCHEMA_LENGTH, place,
                "must have at least %zu %s%s, not %zu", min, noun, plural(min), count);
    }
    if (count > max) {
        return violate(check, report, SCHEMA_LENGTH, place,
                "must have at most %zu %s%s, not %zu", max, noun, plural(max), count);
    }
    return true;
}

/* ---- lists ---- */

static bool check_unique(struct check *check, const struct place *place, struct diags *report)
{
    for (size_t i = 1; i < value_count(place->value); i++) {
        const struct value *item = value_at(place->value, i);
        for (size_t k = 0; k < i; k++) {
            const struct value *earlier = value_at(place->value, k);
            check->steps++;
            if (!instance_equal(item, earlier)) {
                continue;
            }
            struct place at = { .above = place, .index = i, .value = item };
            violate(check, report, SCHEMA_ITEMS, &at, "repeats an earlier item");
            if (report) {
                diag_relate(report, earlier->mark, STR("the earlier item"));
            }
            return false;
        }
    }
    return true;
}

static bool check_contains(struct check *check, const struct node *node,
        const struct place *place, const struct scope *scope, struct seen *seen,
        struct diags *report)
{
    size_t count = 0;
    for (size_t i = 0; i < value_count(place->value); i++) {
        struct place at = { .above = place, .index = i, .value = value_at(place->value, i) };
        if (node_check(check, node->contains, &at, scope, NULL, NULL)) {
            see(seen, i);
            count++;
        }
    }
    if (count < node->min_contains) {
        return violate(check, report, SCHEMA_ITEMS, place,
                "must contain at least %zu item%s of the form wanted, not %zu",
                node->min_contains, plural(node->min_contains), count);
    }
    if (count > node->max_contains) {
        return violate(check, report, SCHEMA_ITEMS, place,
                "must contain at most %zu item%s of the form wanted, not %zu",
                node->max_contains, plural(node->max_contains), count);
    }
    return true;
}

bool list_check(struct check *check, const struct node *node, const struct place *place,
        const struct scope *scope, struct seen *seen, struct diags *report)
{
    size_t count = value_count(place->value);
    bool is_valid = check_count(check, place, node->min_items, node->max_items, "item", report);
    for (size_t i = 0; i < count && (is_valid || report); i++) {
        const struct node *item =
                i < node->prefix_items.count ? node->prefix_items.items[i] : node->items;
        if (!item) {
            break;
        }
        struct place at = { .above = place, .index = i, .value = value_at(place->value, i) };
        is_valid &= node_check(check, item, &at, scope, NULL, report);
        see(seen, i);
    }
    if (node->contains && (is_valid || report)) {
        is_valid &= check_contains(check, node, place, scope, seen, report);
    }
    if (node->has_unique_items && (is_valid || report)) {
        is_valid &= check_unique(check, place, report);
    }
    return is_valid;
}

/* ---- maps ---- */

/* A key that may not be there: the place is the key, the names allowed help. */
static bool unknown_key(struct check *check, const struct node *node, const struct place *place,
        const struct value_entry *entry, struct diags *report)
{
    if (!report) {
        return false;
    }
    struct str key = entry->key->text;
    struct place at = { .above = place, .entry = entry, .value = entry->value };
    violate(check, report, SCHEMA_UNKNOWN_KEY, &at, "is not a known key");
    struct diag *diag = last_violation(report);
    size_t count = node->properties.count;
    struct str *names = ARENA_ARRAY(check->scratch, struct str, count);
    for (size_t i = 0; i < count; i++) {
        names[i] = node->properties.entries[i].key;
    }
    diag->mark = entry->mark;
    diag->span = (uint32_t)str_count_code_points(key);
    diag->hint = suggest_hint(report->arena, key, names, count);
    if (diag->hint.len == 0 && count > 0 && count <= 12) {
        struct str all = arena_join(check->scratch, names, count, STR(", "));
        diag->hint = arena_printf(report->arena, "known keys: %.*s", STR_ARG(all));
    }
    return false;
}

static bool check_name(struct check *check, const struct node *node, const struct place *place,
        const struct value_entry *entry, const struct scope *scope, struct diags *report)
{
    struct value name = {
        .kind = VALUE_STRING, .mark = entry->mark, .as = { .text = entry->key->text }
    };
    struct place at = { .above = place, .entry = entry, .value = &name };
    struct diags words;
    diags_init(&words, check->scratch);
    if (node_check(check, node->names, &at, scope, NULL, report ? &words : NULL)) {
        return true;
    }
    for (size_t i = 0; report && i < words.list.count; i++) {
        struct diag diag = words.list.items[i];
        diag.message = arena_printf(
                report->arena, "the key %.*s", STR_ARG(words.list.items[i].message));
        diag_append(report, &diag);
    }
    return false;
}

static bool check_member(struct check *check, const struct node *node,
        const struct place *place, size_t index, const struct scope *scope, struct seen *seen,
        struct diags *report)
{
    const struct value_entry *entry = &place->value->as.map.entries[index];
    struct place at = { .above = place, .entry = entry, .value = entry->value };
    const struct node *property = map_get(&node->properties, entry->key->text);
    bool is_valid = true;
    bool is_known = property != NULL;
    if (property) {
        is_valid = node_check(check, property, &at, scope, NULL, report);
    }
    for (size_t i = 0; i < node->patterns.count; i++) {
        if (regex_search(node->patterns.items[i].regex, entry->key->text)) {
            is_known = true;
            is_valid &=
                    node_check(check, node->patterns.items[i].node, &at, scope, NULL, report);
        }
    }
    if (!is_known && node->additional) {
        is_known = true;
        is_valid &= node->additional->is_never
                            ? unknown_key(check, node, place, entry, report)
                            : node_check(check, node->additional, &at, scope, NULL, report);
    }
    if (is_known) {
        see(seen, index);
    }
    if (node->names) {
        is_valid &= check_name(check, node, place, entry, scope, report);
    }
    return is_valid;
}

/* Says which keys of the list are missing; `because` names the key that demands them. */
static bool check_required(struct check *check, const struct value *required,
        const struct place *place, struct str because, struct diags *report)
{
    bool is_valid = true;
    for (size_t i = 0; i < value_count(required); i++) {
        struct str key = value_string(value_at(required, i));
        if (value_get_str(place->value, key)) {
            continue;
        }
        is_valid = false;
        if (because.len) {
            violate(check, report, SCHEMA_MISSING_KEY, place,
                    "needs the key \"%.*s\" because it has \"%.*s\"", STR_ARG(key),
                    STR_ARG(because));
        } else {
            violate(check, report, SCHEMA_MISSING_KEY, place, "needs the key \"%.*s\"",
                    STR_ARG(key));
        }
    }
    return is_valid;
}

static bool check_dependents(struct check *check, const struct node *node,
        const struct place *place, const struct scope *scope, struct seen *seen,
        struct diags *report)
{
    bool is_valid = true;
    for (size_t i = 0; i < node->dependents.count && (is_valid || report); i++) {
        const struct dependent *dependent = &node->dependents.items[i];
        if (!value_get_str(place->value, dependent->key)) {
            continue;
        }
        is_valid &= check_required(check, dependent->required, place, dependent->key, report);
        if (dependent->node) {
            is_valid &= node_check(check, dependent->node, place, scope, seen, report);
        }
    }
    return is_valid;
}

bool map_check(struct check *check, const struct node *node, const struct place *place,
        const struct scope *scope, struct seen *seen, struct diags *report)
{
    bool is_valid = check_required(check, node->required, place, STR_EMPTY, report);
    if (is_valid || report) {
        is_valid &= check_count(
                check, place, node->min_properties, node->max_properties, "key", report);
    }
    bool has_members =
            node->properties.count || node->patterns.count || node->additional || node->names;
    for (size_t i = 0; has_members && i < value_count(place->value) && (is_valid || report);
            i++) {
        is_valid &= check_member(check, node, place, i, scope, seen, report);
    }
    if (is_valid || report) {
        is_valid &= check_dependents(check, node, place, scope, seen, report);
    }
    return is_valid;
}

/* ---- what nothing has looked at ---- */

bool unevaluated_check(struct check *check, const struct node *node, const struct place *place,
        const struct scope *scope, struct seen *seen, struct diags *report)
{
    bool is_map = value_is(place->value, VALUE_MAP);
    const struct node *rest = is_map ? node->unevaluated_properties : node->unevaluated_items;
    bool is_valid = true;
    for (size_t i = 0; rest && i < value_count(place->value); i++) {
        if (seen->members[i]) {
            continue;
        }
        struct place at = { .above = place, .index = i };
        if (is_map) {
            at.entry = &place->value->as.map.entries[i];
        }
        at.value = is_map ? at.entry->value : value_at(place->value, i);
        is_valid &= is_map && rest->is_never
                            ? unknown_key(check, node, place, at.entry, report)
                            : node_check(check, rest, &at, scope, NULL, report);
        seen->members[i] = true;
    }
    return is_valid;
}
