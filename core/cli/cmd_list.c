/* SPDX-License-Identifier: Apache-2.0 */
/* The lists of stacks, components and instances, and of what instances say. */
#include <stdlib.h>

#include "list.h"

static enum choice_filter choice_of(const struct invocation *invocation, const char *option)
{
    if (!option_is_given(invocation, option)) {
        return CHOICE_ANY;
    }
    return option_flag(invocation, option) ? CHOICE_YES : CHOICE_NO;
}

static struct instance_filter filter_of(const struct invocation *invocation)
{
    struct str type = option_text(invocation, "type");
    struct instance_filter filter = { .stack = option_text(invocation, "stack"),
        .enabled = choice_of(invocation, "enabled"),
        .locked = choice_of(invocation, "locked") };
    filter.type = str_eq_cstr(type, "all")        ? TYPE_ALL
                  : str_eq_cstr(type, "abstract") ? TYPE_ABSTRACT
                                                  : TYPE_REAL;
    filter.tags = option_list(invocation, "tags", &filter.tag_count);
    filter.labels = option_list(invocation, "labels", &filter.label_count);
    return filter;
}

bool list_has_tags(const struct invocation *invocation, const struct instance *instance)
{
    struct instance_filter filter = { .type = TYPE_ALL };
    filter.tags = option_list(invocation, "tags", &filter.tag_count);
    filter.labels = option_list(invocation, "labels", &filter.label_count);
    return instance_passes(instance, &filter);
}

static int resolve(struct invocation *invocation, struct stacks **ret_stacks)
{
    struct config_options config = invocation_config_options(invocation);
    return pipeline_resolve(invocation->run, &config, false, ret_stacks);
}

/* Types the reference does not know are in no list, as there. */
static bool is_listed(const struct instance *instance, const struct instance_filter *filter)
{
    return component_type_is_known(instance->type) && instance_passes(instance, filter);
}

bool list_has_format(const struct invocation *invocation, const char *format)
{
    return str_eq_cstr(option_format(invocation), format);
}

int list_most_columns(struct invocation *invocation, size_t *ret_most)
{
    struct str text = option_text(invocation, "max-columns");
    uint64_t most = 0;
    if (text.len > 0 && (!str_to_u64(text, &most) || most > SIZE_MAX)) {
        diag_add(&invocation->run->diags, &cli_diags[CLI_BAD_VALUE], MARK_NONE,
                "--max-columns cannot be \"%.*s\": it is a number, 0 for all", STR_ARG(text));
        return ERR_INVALID;
    }
    *ret_most = (size_t)most;
    return 0;
}

/* Dependencies as a graph rather than as rows. */
static bool is_graph(const struct invocation *invocation)
{
    return invocation->command->function == cmd_list_dependencies &&
           (list_has_format(invocation, "json") || list_has_format(invocation, "yaml"));
}

int list_check_shape(struct invocation *invocation)
{
    static const char *const row_options[] = { "columns", "filter", "sort", "delimiter",
        "max-columns" };
    struct diags *diags = &invocation->run->diags;
    bool is_tree = list_has_format(invocation, "tree");
    if (option_flag(invocation, "provenance") && !is_tree) {
        diag_add(diags, &cli_diags[CLI_ARGUMENTS], MARK_NONE,
                "--provenance needs --format tree");
        return ERR_INVALID;
    }
    bool is_matrix = list_has_format(invocation, "matrix");
    if (option_is_given(invocation, "output-file") && !is_matrix) {
        diag_add(diags, &cli_diags[CLI_ARGUMENTS], MARK_NONE,
                "--output-file needs --format matrix");
        return ERR_INVALID;
    }
    bool has_rows = !is_tree && !is_matrix && !is_graph(invocation);
    for (size_t i = 0; !has_rows && i < sizeof(row_options) / sizeof(row_options[0]); i++) {
        if (option_is_given(invocation, row_options[i])) {
            diag_add(diags, &cli_diags[CLI_ARGUMENTS], MARK_NONE,
                    "--%s has no use with --format %.*s, which has no rows", row_options[i],
                    STR_ARG(option_format(invocation)));
            return ERR_INVALID;
        }
    }
    return 0;
}

int list_print(struct invocation *invocation, const struct rows *rows,
        const struct column_rule *columns, size_t column_count, const char *empty)
{
    struct run *run = invocation->run;
    struct listing listing = { .rows = rows->items,
        .row_count = rows->count,
        .columns = columns,
        .column_count = column_count,
        .empty = empty,
        .filter = option_text(invocation, "filter"),
        .sort = option_text(invocation, "sort") };
    struct table table;
    struct str what;
    struct str why;
    int r = list_most_columns(invocation, &listing.most_columns);
    listing.chosen = option_list(invocation, "columns", &listing.chosen_count);
    if (r == 0 && listing.chosen_count == 0) {
        r = list_configured_columns(invocation, &listing.chosen, &listing.chosen_count);
    }
    if (r) {
        return r;
    }
    r = listing_table(run, &listing, &table, &what, &why);
    if (r) {
        struct diag *diag = diag_add(&run->diags, &cli_diags[CLI_LISTING], MARK_NONE,
                "cannot use \"%.*s\"", STR_ARG(what));
        diag->detail = diag_text(&run->diags, "%.*s", STR_ARG(why));
        return r;
    }
    return print_table(invocation, &table);
}

static const struct value *map_of(struct run *run, const char *const *names,
        const struct value *const *values, size_t count)
{
    struct value_builder map;
    value_builder_init(&map, run->arena, MARK_NONE);
    for (size_t i = 0; i < count; i++) {
        value_builder_add(&map, key_of(run->keys, str_from(names[i])), values[i], MARK_NONE);
    }
    return value_builder_map(&map);
}

/* The real components of the stacks, or of those that have this one. */
static int list_stacks_matrix(
        struct invocation *invocation, const struct stacks *stacks, struct str component)
{
    static const struct instance_filter real = { .type = TYPE_REAL };
    struct instances found = { 0 };
    for (size_t i = 0; i < stacks->count; i++) {
        const struct stack *stack = &stacks->items[i];
        bool is_shown = component.len == 0 || stack_find_instance(stack, component, STR_EMPTY);
        for (size_t k = 0; is_shown && k < stack->instance_count; k++) {
            if (is_listed(stack->instances[k], &real)) {
                VEC_PUSH(invocation->run->arena, &found, stack->instances[k]);
            }
        }
    }
    return print_matrix(
            invocation, instances_matrix(invocation->run, found.items, found.count));
}

int cmd_list_stacks(struct invocation *invocation)
{
    static const struct column_rule columns[] = {
        { "Stack", "{{ .stack }}", COLUMN_TEXT },
        { "Component", "{{ .component }}", COLUMN_TEXT },
    };
    static const char *const names[] = { "stack", "component" };
    struct run *run = invocation->run;
    struct str component = option_text(invocation, "component");
    struct stacks *stacks = NULL;
    struct rows rows = { 0 };
    size_t shown = component.len > 0 ? 2 : 1;
    int r = list_configure(invocation);
    if (r == 0 && config_is_nowhere(run->config)) {
        /* Outside of every repository there are no stacks, as in the reference. */
        config_say_not_found(run, DIAG_WARNING);
        return list_print(invocation, &rows, columns, shown, "no stacks");
    }
    r = r ? r : resolve(invocation, &stacks);
    if (r) {
        return r;
    }
    stacks_check_filter(run, stacks, STR_EMPTY, component);
    for (size_t i = 0; i < stacks->count; i++) {
        const struct stack *stack = &stacks->items[i];
        if (component.len == 0 || stack_find_instance(stack, component, STR_EMPTY)) {
            const struct value *values[] = { value_string_new(
                                                     run->arena, stack->name, MARK_NONE),
                value_string_new(run->arena, component, MARK_NONE) };
            VEC_PUSH(run->arena, &rows, map_of(run, names, values, 2));
        }
    }
    if (list_has_format(invocation, "matrix")) {
        return list_stacks_matrix(invocation, stacks, component);
    }
    return list_has_format(invocation, "tree")
                   ? list_stacks_tree(invocation, stacks, &rows)
                   : list_print(invocation, &rows, columns, shown, "no stacks");
}

/* One line of `list components`: a name and type, and how many stacks have it. */
struct component_row {
    struct str name;
    struct str type;
    size_t stacks;
};

VEC_TYPE(component_rows, struct component_row);

static int cmp_rows(const void *a, const void *b)
{
    const struct component_row *left = a;
    const struct component_row *right = b;
    int order = str_cmp(left->name, right->name);
    return order != 0 ? order : str_cmp(left->type, right->type);
}

static void count_component(struct run *run, struct map *known, struct component_rows *rows,
        const struct instance *instance)
{
    struct str key = arena_printf(
            run->arena, "%.*s/%.*s", STR_ARG(instance->type), STR_ARG(instance->name));
    size_t index = (size_t)(uintptr_t)map_get(known, key);
    if (index == 0) {
        VEC_PUSH(run->arena, rows, (struct component_row){ instance->name, instance->type, 0 });
        index = rows->count;
        map_put(run->arena, known, key, (void *)(uintptr_t)index);
    }
    rows->items[index - 1].stacks++;
}

int cmd_list_components(struct invocation *invocation)
{
    static const struct column_rule columns[] = {
        { "Component", "{{ .component }}", COLUMN_TEXT },
        { "Type", "{{ .type }}", COLUMN_TEXT },
        { "Stacks", "{{ .stacks }}", COLUMN_NUMBER },
    };
    static const char *const names[] = { "component", "type", "stacks" };
    struct run *run = invocation->run;
    struct instance_filter filter = filter_of(invocation);
    struct stacks *stacks = NULL;
    int r = list_configure(invocation);
    r = r ? r : resolve(invocation, &stacks);
    if (r) {
        return r;
    }
    stacks_check_filter(run, stacks, filter.stack, STR_EMPTY);
    struct map known = { 0 };
    struct component_rows found = { 0 };
    for (size_t i = 0; i < stacks->instance_count; i++) {
        if (is_listed(stacks->instances[i], &filter)) {
            count_component(run, &known, &found, stacks->instances[i]);
        }
    }
    if (found.count > 0) {
        qsort(found.items, found.count, sizeof(*found.items), cmp_rows);
    }
    struct rows rows = { 0 };
    for (size_t i = 0; i < found.count; i++) {
        const struct component_row *one = &found.items[i];
        const struct value *values[] = { value_string_new(run->arena, one->name, MARK_NONE),
            value_string_new(run->arena, one->type, MARK_NONE),
            value_int_new(run->arena, (int64_t)one->stacks, MARK_NONE) };
        VEC_PUSH(run->arena, &rows, map_of(run, names, values, 3));
    }
    return LIST_PRINT(invocation, &rows, columns, "no components");
}

static int cmp_instances(const void *a, const void *b)
{
    const struct instance *left = *(const struct instance *const *)a;
    const struct instance *right = *(const struct instance *const *)b;
    int order = str_cmp(left->name, right->name);
    order = order != 0 ? order : str_cmp(left->stack, right->stack);
    return order != 0 ? order : str_cmp(left->type, right->type);
}

int list_find(
        struct invocation *invocation, struct stacks **ret_stacks, struct instances *ret_found)
{
    struct instance_filter filter = filter_of(invocation);
    struct stacks *stacks = NULL;
    int r = resolve(invocation, &stacks);
    if (r) {
        return r;
    }
    stacks_check_filter(invocation->run, stacks, filter.stack, STR_EMPTY);
    if (invocation->args.count) {
        filter.component = invocation->args.items[0];
        r = pipeline_expect_component(invocation->run, stacks, filter.component);
    }
    for (size_t i = 0; r == 0 && i < stacks->instance_count; i++) {
        if (is_listed(stacks->instances[i], &filter)) {
            VEC_PUSH(invocation->run->arena, ret_found, stacks->instances[i]);
        }
    }
    if (ret_found->count > 0) {
        qsort(ret_found->items, ret_found->count, sizeof(*ret_found->items), cmp_instances);
    }
    *ret_stacks = stacks;
    return r;
}

static struct rows rows_of(struct run *run, const struct instances *found)
{
    return (struct rows){ .items = instance_rows(run, found->items, found->count),
        .count = found->count,
        .cap = found->count };
}

static int find_rows(struct invocation *invocation, struct rows *ret_rows)
{
    struct instances found = { 0 };
    struct stacks *stacks = NULL;
    int r = list_find(invocation, &stacks, &found);
    *ret_rows = rows_of(invocation->run, &found);
    return r;
}

int cmd_list_instances(struct invocation *invocation)
{
    static const struct column_rule columns[] = {
        { "Component", "{{ .component }}", COLUMN_TEXT },
        { "Stack", "{{ .stack }}", COLUMN_TEXT },
    };
    struct run *run = invocation->run;
    struct stacks *stacks = NULL;
    struct instances found = { 0 };
    struct rows rows = { 0 };
    int r = list_configure(invocation);
    r = r ? r : list_find(invocation, &stacks, &found);
    if (r) {
        return r;
    }
    if (list_has_format(invocation, "tree")) {
        return list_instances_tree(invocation, &found);
    }
    if (list_has_format(invocation, "matrix")) {
        return print_matrix(invocation, instances_matrix(run, found.items, found.count));
    }
    rows = rows_of(run, &found);
    return LIST_PRINT(invocation, &rows, columns, "no instances");
}

int cmd_list_metadata(struct invocation *invocation)
{
    static const struct column_rule columns[] = {
        { "Stack", "{{ .stack }}", COLUMN_TEXT },
        { "Component", "{{ .component }}", COLUMN_TEXT },
        { "Type", "{{ .kind }}", COLUMN_TEXT },
        { "Enabled", "{{ .enabled }}", COLUMN_TEXT },
        { "Locked", "{{ .locked }}", COLUMN_TEXT },
        { "Component (base)", "{{ .base }}", COLUMN_TEXT },
        { "Inherits", "{{ .inherits }}", COLUMN_TEXT },
        { "Description", "{{ .description }}", COLUMN_TEXT },
    };
    struct rows rows = { 0 };
    int r = find_rows(invocation, &rows);
    return r ? r : LIST_PRINT(invocation, &rows, columns, "no instances");
}

int cmd_list_sources(struct invocation *invocation)
{
    static const struct column_rule columns[] = {
        { "Component", "{{ .component }}", COLUMN_TEXT },
        { "Stack", "{{ .stack }}", COLUMN_TEXT },
        { "URI", "{{ .source.uri }}", COLUMN_TEXT },
        { "Version", "{{ .source.version }}", COLUMN_TEXT },
    };
    struct rows all = { 0 };
    struct rows rows = { 0 };
    int r = find_rows(invocation, &all);
    for (size_t i = 0; i < all.count; i++) {
        if (!value_is_empty(value_get_str(all.items[i], STR("source")))) {
            VEC_PUSH(invocation->run->arena, &rows, all.items[i]);
        }
    }
    return r ? r : LIST_PRINT(invocation, &rows, columns, "no component has a source");
}

int cmd_list_dependencies(struct invocation *invocation)
{
    static const struct column_rule columns[] = {
        { "Component", "{{ .component }}", COLUMN_TEXT },
        { "Stack", "{{ .stack }}", COLUMN_TEXT },
        { "Needs", "{{ .needs }}{{ .file }}{{ .folder }}", COLUMN_TEXT },
        { "In Stack", "{{ .needs_stack }}", COLUMN_TEXT },
    };
    struct instances found = { 0 };
    struct stacks *stacks = NULL;
    struct rows rows = { 0 };
    int r = list_check_shape(invocation);
    r = r ? r : list_find(invocation, &stacks, &found);
    if (r == 0 && list_has_format(invocation, "tree")) {
        return list_dependencies_tree(invocation, stacks, &found);
    }
    if (r == 0 &&
            (list_has_format(invocation, "json") || list_has_format(invocation, "yaml"))) {
        return list_dependencies_value(invocation, stacks, &found);
    }
    for (size_t i = 0; i < found.count; i++) {
        size_t count;
        const struct value *const *list =
                dependency_rows(invocation->run, found.items[i], &count);
        for (size_t k = 0; k < count; k++) {
            VEC_PUSH(invocation->run->arena, &rows, list[k]);
        }
    }
    return r ? r : LIST_PRINT(invocation, &rows, columns, "no component needs another");
}

int cmd_list_workflows(struct invocation *invocation)
{
    static const struct column_rule columns[] = {
        { "File", "{{ .file }}", COLUMN_TEXT },
        { "Workflow", "{{ .workflow }}", COLUMN_TEXT },
        { "Description", "{{ .description }}", COLUMN_TEXT },
        { "Steps", "{{ .steps }}", COLUMN_NUMBER },
    };
    struct config_options config = invocation_config_options(invocation);
    const struct value *files = NULL;
    int r = list_configure(invocation);
    r = r ? r : pipeline_workflows(invocation->run, &config, &files);
    if (r) {
        return r;
    }
    struct rows rows = { 0 };
    struct str only = option_text(invocation, "file");
    const struct value *list = workflows_rows(invocation->run, files);
    for (size_t i = 0; i < value_count(list); i++) {
        const struct value *row = value_at(list, i);
        if (only.len == 0 || str_eq(only, value_text(value_get_str(row, STR("file"))))) {
            VEC_PUSH(invocation->run->arena, &rows, row);
        }
    }
    return LIST_PRINT(invocation, &rows, columns, "no workflows");
}

/* Any of --tags; none given: all. */
static bool has_tag(const struct value *row, const struct str *tags, size_t count)
{
    const struct value *own = value_get_str(row, STR("tags_list"));
    for (size_t i = 0; i < value_count(own); i++) {
        if (str_is_among(value_text(value_at(own, i)), tags, count)) {
            return true;
        }
    }
    return count == 0;
}

int cmd_list_vendor(struct invocation *invocation)
{
    static const struct column_rule columns[] = {
        { "Component", "{{ .component }}", COLUMN_TEXT },
        { "Type", "{{ .type }}", COLUMN_TEXT },
        { "Tags", "{{ .tags }}", COLUMN_TEXT },
        { "Manifest", "{{ .manifest }}", COLUMN_TEXT },
        { "Folder", "{{ .folder }}", COLUMN_TEXT },
    };
    struct config_options config = invocation_config_options(invocation);
    const struct value *list = NULL;
    struct rows rows = { 0 };
    size_t count;
    const struct str *tags = option_list(invocation, "tags", &count);
    int r = list_configure(invocation);
    r = r ? r : pipeline_vendor(invocation->run, &config, &list);
    for (size_t i = 0; i < value_count(list); i++) {
        if (has_tag(value_at(list, i), tags, count)) {
            VEC_PUSH(invocation->run->arena, &rows, value_at(list, i));
        }
    }
    return r ? r : LIST_PRINT(invocation, &rows, columns, "nothing is vendored");
}
