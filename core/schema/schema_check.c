/* SPDX-License-Identifier: Apache-2.0 */
/* Validation: one node against one value, and the whole. */
#include "schema_check.h"

enum {
    MAX_DEPTH = 1000, /* nodes within nodes, references followed */
    MAX_STEPS = 20000000,
    DEFAULT_FINDINGS = 100
};

static const struct node *resolve_dynamic(const struct node *node, const struct scope *scope)
{
    const struct node *target = node->dynamic_reference;
    for (; node->dynamic_name.len && scope; scope = scope->outer) {
        const struct node *outer = map_get(&scope->resource->dynamic_nodes, node->dynamic_name);
        if (outer) {
            target = outer;
        }
    }
    return target;
}

static bool check_references(struct check *check, const struct node *node,
        const struct place *place, const struct scope *scope, struct seen *seen,
        struct diags *report)
{
    bool is_valid = true;
    if (node->reference) {
        is_valid = node_check(check, node->reference, place, scope, seen, report);
    }
    if (node->dynamic_reference && (is_valid || report)) {
        is_valid &= node_check(check, resolve_dynamic(node, scope), place, scope, seen, report);
    }
    return is_valid;
}

static bool check_keywords(struct check *check, const struct node *node,
        const struct place *place, const struct scope *scope, struct seen *seen,
        struct diags *report)
{
    bool is_valid = check_references(check, node, place, scope, seen, report);
    size_t before = report ? report->list.count : 0;
    if (is_valid || report) {
        is_valid &= scalar_check(check, node, place, report);
    }
    /* A value of the wrong type would only be complained about again. */
    if (report && report->list.count > before && !type_fits(node->types, place->value)) {
        return false;
    }
    if (value_is(place->value, VALUE_LIST) && (is_valid || report)) {
        is_valid &= list_check(check, node, place, scope, seen, report);
    } else if (value_is(place->value, VALUE_MAP) && (is_valid || report)) {
        is_valid &= map_check(check, node, place, scope, seen, report);
    }
    if (is_valid || report) {
        is_valid &= form_check(check, node, place, scope, seen, report);
    }
    return is_valid;
}

bool node_check(struct check *check, const struct node *node, const struct place *place,
        const struct scope *scope, struct seen *seen, struct diags *report)
{
    if (node->is_always) {
        return true;
    }
    if (node->is_never) {
        return violate(check, report, SCHEMA_FORM, place, "is not allowed here");
    }
    if (check->is_endless || check->depth >= MAX_DEPTH || ++check->steps > MAX_STEPS) {
        check->is_endless = true;
        return false;
    }
    struct scope own = { .outer = scope, .resource = node->resource };
    if (!scope || scope->resource != node->resource) {
        scope = &own;
    }
    /* What is unevaluated is judged by what this node saw, not by what its neighbors did. */
    bool has_rest = (node->unevaluated_items && value_is(place->value, VALUE_LIST)) ||
                    (node->unevaluated_properties && value_is(place->value, VALUE_MAP));
    struct seen *mine = has_rest ? seen_new(check, place->value) : seen;
    check->depth++;
    bool is_valid = check_keywords(check, node, place, scope, mine, report);
    if (has_rest && is_valid) {
        is_valid = unevaluated_check(check, node, place, scope, mine, report);
        seen_add(seen, mine);
    }
    check->depth--;
    return is_valid;
}

/* Hands the violations over, at most as many as wanted, as the kind wanted. */
static void publish(const struct schema_check *options, struct diags *found)
{
    size_t max = options->max_findings ? options->max_findings : DEFAULT_FINDINGS;
    for (size_t i = 0; i < found->list.count && i < max; i++) {
        struct diag diag = found->list.items[i];
        if (options->kind) {
            diag.id = options->kind->id;
            diag.severity = options->kind->severity;
            diag.exit_code = (int)options->kind->exit_code;
        }
        diag_append(options->diags, &diag);
    }
}

int schema_validate(const struct schema *schema, const struct schema_check *check)
{
    const struct value nothing = { .kind = VALUE_NULL };
    struct check run = { .options = check, .what = schema->what, .scratch = arena_new() };
    struct place place = { .value = check->instance ? check->instance : &nothing };
    struct diags found;
    diags_init(&found, run.scratch);
    int err = 0;
    if (!node_check(&run, schema->root, &place, NULL, NULL, check->diags ? &found : NULL)) {
        err = ERR_INVALID;
    }
    if (run.is_endless) {
        err = ERR_LIMIT;
        if (check->diags) {
            struct str where = place_text(&run, &place);
            diag_add(check->diags, check->kind ? check->kind : &schema_diags[SCHEMA_ENDLESS],
                    place.value->mark, "%.*s: checking %.*s does not end",
                    STR_ARG(schema->what), STR_ARG(where));
        }
    } else if (err != 0 && check->diags) {
        publish(check, &found);
    }
    arena_free(run.scratch);
    return err;
}
