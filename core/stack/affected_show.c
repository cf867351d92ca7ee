/* SPDX-License-Identifier: Apache-2.0 */
/* The lists that describe affected prints (spec 7.3). */
#include "stack_internal.h"

static void add_text(
        struct run *run, struct value_builder *out, const char *key, struct str text)
{
    if (text.len) {
        row_put_text(run, out, key, text);
    }
}

/* As describe stacks shows it: by the output name, which is not the folder where metadata.component
 * is inherited (spec 3.5). The reasons are those of the folder terraform runs in. */
static struct str component_path(struct run *run, const struct instance *instance)
{
    struct str written;
    struct arena *arena = run->arena;
    (void)config_component_folder(run, instance->type, &written);
    struct str base = path_join(arena, config_text(run->config, "base_path"), written);
    struct str prefix =
            value_string(value_get_str(instance->metadata, STR("component_folder_prefix")));
    return path_join(arena, path_join(arena, base, prefix), instance->component);
}

static void add_reasons(
        struct run *run, struct value_builder *out, const struct affected *affected)
{
    size_t count = affected->reason_count;
    const struct value **reasons = ARENA_ARRAY(run->arena, const struct value *, count);
    for (size_t i = 0; i < count; i++) {
        reasons[i] = value_string_new(run->arena, affected->reasons[i], MARK_NONE);
    }
    row_put(run, out, "affected", reasons[0]);
    row_put(run, out, "affected_all", value_list_new(run->arena, reasons, count, MARK_NONE));
}

/* Nothing in the tree says any more where these came from. */
static void add_deletion(
        struct run *run, struct value_builder *out, const struct affected *affected)
{
    static const char *const context[] = { "namespace", "tenant", "environment", "stage" };
    row_put(run, out, "deleted", value_bool_new(run->arena, true, MARK_NONE));
    add_text(run, out, "deletion_type",
            affected->is_stack_deleted ? STR("stack") : STR("component"));
    for (size_t i = 0; i < sizeof(context) / sizeof(context[0]); i++) {
        add_text(run, out, context[i],
                value_text(value_get_str(affected->instance->vars, str_from(context[i]))));
    }
}

static void add_identity(
        struct run *run, struct value_builder *out, const struct instance *instance)
{
    add_text(run, out, "component", instance->name);
    add_text(run, out, "component_path", component_path(run, instance));
    add_text(run, out, "component_type", instance->type);
    add_text(run, out, "stack", instance->stack);
}

/* Of what is deleted nothing depends any more. */
static const struct value *describe_one(struct run *run, const struct affected *affected,
        const struct affected_style *style, const struct dependent_extras *extras)
{
    const struct instance *instance = affected->instance;
    struct value_builder out;
    value_builder_init(&out, run->arena, MARK_NONE);
    add_identity(run, &out, instance);
    add_text(run, &out, "stack_slug", instance_slug(run->arena, instance));
    add_text(run, &out, "spacelift_stack", spacelift_stack(run->arena, instance));
    add_text(run, &out, "atlantis_project", atlantis_project(run, instance));
    add_reasons(run, &out, affected);
    add_text(run, &out, "file", affected->file);
    add_text(run, &out, "folder", affected->folder);
    row_put(run, &out, "dependents",
            extras->dependents ? extras->dependents : value_null(run->arena, MARK_NONE));
    row_put(run, &out, "included_in_dependents",
            value_bool_new(run->arena, extras->is_included, MARK_NONE));
    row_put(run, &out, "settings",
            style->has_settings && !value_is_empty(instance->settings)
                    ? instance->settings
                    : value_null(run->arena, MARK_NONE));
    if (affected->is_deleted) {
        add_deletion(run, &out, affected);
    }
    return value_builder_map(&out);
}

/* The tree of all dependents; NULL when it is not asked for. */
static int grow_tree(struct run *run, const struct stacks *stacks,
        const struct affected_list *list, const struct affected_style *style,
        struct dependents_tree **ret_tree)
{
    struct dependents_style wanted = { style->stack, style->has_settings };
    *ret_tree = NULL;
    if (!style->has_dependents) {
        return 0;
    }
    struct dependents_tree *tree = dependents_tree_new(run, stacks, &wanted);
    for (size_t i = 0; i < list->count; i++) {
        if (!list->items[i].is_deleted) {
            dependents_tree_add(tree, list->items[i].instance);
        }
    }
    *ret_tree = tree;
    return dependents_tree_grow(tree);
}

int affected_describe(struct run *run, const struct stacks *stacks,
        const struct affected_list *list, const struct affected_style *style,
        const struct value **ret_value)
{
    struct dependents_tree *tree;
    size_t live = 0; /* how many are not deleted */
    int r = grow_tree(run, stacks, list, style, &tree);
    if (r) {
        return r;
    }
    const struct value **items = ARENA_ARRAY(run->arena, const struct value *, list->count);
    for (size_t i = 0; i < list->count; i++) {
        struct dependent_extras extras = { 0 };
        if (tree && list->items[i].is_deleted) {
            extras.dependents = value_list_new(run->arena, NULL, 0, MARK_NONE);
        } else if (tree) {
            extras.dependents = dependents_tree_list(tree, live);
            extras.is_included = dependents_tree_is_included(tree, live++);
        }
        items[i] = describe_one(run, &list->items[i], style, &extras);
    }
    *ret_value = value_list_new(run->arena, items, list->count, MARK_NONE);
    return 0;
}

/* ---- rows ---- */

VEC_TYPE(rows, const struct value *);

static void push_row(struct run *run, const struct instance *instance, const char *status,
        const struct affected *affected, struct rows *rows)
{
    struct value_builder row;
    value_builder_init(&row, run->arena, instance->mark);
    struct str reasons = affected ? arena_join(run->arena, affected->reasons,
                                            affected->reason_count, STR(", "))
                                  : STR("dependent");

    const struct {
        const char *key;
        struct str text;
    } texts[] = {
        { "component", instance->name },
        { "stack", instance->stack },
        { "type", instance->type },
        { "status", str_from(status) },
        { "affected", reasons },
        { "file", affected ? affected->file : STR_EMPTY },
        { "folder", affected ? affected->folder : STR_EMPTY },
        { "path", component_path(run, instance) },
    };

    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        row_put(run, &row, texts[i].key,
                value_string_new(run->arena, texts[i].text, MARK_NONE));
    }
    row_put(run, &row, "vars", instance->vars);
    row_put(run, &row, "settings", instance->settings);
    row_put(run, &row, "metadata", instance->metadata);
    VEC_PUSH(run->arena, rows, value_builder_map(&row));
}

int affected_rows(struct run *run, const struct stacks *stacks,
        const struct affected_list *list, const struct affected_style *style,
        const struct value *const **ret_rows, size_t *ret_count)
{
    struct dependents_tree *tree;
    struct rows rows = { 0 };
    int r = grow_tree(run, stacks, list, style, &tree);
    if (r) {
        return r;
    }
    for (size_t i = 0; i < list->count; i++) {
        const struct affected *item = &list->items[i];
        push_row(run, item->instance, item->is_deleted ? "deleted" : "changed", item, &rows);
    }
    size_t count = 0;
    const struct instance *const *others = tree ? dependents_tree_others(tree, &count) : NULL;
    for (size_t i = 0; i < count; i++) {
        push_row(run, others[i], "dependent", NULL, &rows);
    }
    *ret_rows = rows.items;
    *ret_count = rows.count;
    return 0;
}

/* ---- matrix ---- */

const struct value *instances_matrix(
        struct run *run, const struct instance *const *instances, size_t count)
{
    const struct value **items = ARENA_ARRAY(run->arena, const struct value *, count);
    for (size_t i = 0; i < count; i++) {
        struct value_builder item;
        value_builder_init(&item, run->arena, MARK_NONE);
        add_identity(run, &item, instances[i]);
        items[i] = value_builder_map(&item);
    }
    struct value_builder matrix;
    value_builder_init(&matrix, run->arena, MARK_NONE);
    row_put(run, &matrix, "include", value_list_new(run->arena, items, count, MARK_NONE));
    return value_builder_map(&matrix);
}

const struct value *affected_matrix(struct run *run, const struct affected_list *list)
{
    size_t count = 0;
    const struct instance **live =
            ARENA_ARRAY(run->arena, const struct instance *, list->count);
    for (size_t i = 0; i < list->count; i++) {
        if (!list->items[i].is_deleted) {
            live[count++] = list->items[i].instance;
        }
    }
    return instances_matrix(run, live, count);
}
