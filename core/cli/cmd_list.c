/* SPDX-License-Identifier: Apache-2.0 */
/* list stacks, list components, list instances. */
#include <stdlib.h>

#include "cmd.h"

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

static int resolve(struct invocation *invocation, struct stacks **ret_stacks)
{
    struct config_options config = invocation_config_options(invocation);
    return pipeline_resolve(invocation->run, &config, false, ret_stacks);
}

int cmd_list_stacks(struct invocation *invocation)
{
    static const struct column columns[] = {
        { "stack", "Stack", COLUMN_TEXT, 0 },
        { "component", "Component", COLUMN_TEXT, 0 },
    };
    struct str component = option_text(invocation, "component");
    struct config_options config = invocation_config_options(invocation);
    struct run *run = invocation->run;
    struct stacks *stacks = NULL;
    struct table table = { .columns = columns,
        .column_count = component.len > 0 ? 2 : 1,
        .is_flat = true,
        .empty = "no stacks" };
    int r = pipeline_configure(run, &config, false);
    if (r == 0 && config_is_nowhere(run->config)) {
        /* Outside of every repository there are no stacks, as in the reference. */
        config_say_not_found(run, DIAG_WARNING);
        return print_table(invocation, &table);
    }
    r = r ? r : resolve(invocation, &stacks);
    if (r) {
        return r;
    }
    for (size_t i = 0; i < stacks->count; i++) {
        const struct stack *stack = &stacks->items[i];
        if (component.len == 0 || stack_find_instance(stack, component, STR_EMPTY)) {
            table_add(invocation->run->arena, &table,
                    (struct table_cell[]){ { stack->name, STYLE_KEY }, { component, 0 } });
        }
    }
    return print_table(invocation, &table);
}

/* One line of `list components`: a name and type, and how many stacks have it. */
struct component_row {
    struct str name;
    struct str type;
    size_t stacks;
};

static int cmp_rows(const void *a, const void *b)
{
    const struct component_row *left = a;
    const struct component_row *right = b;
    int order = str_cmp(left->name, right->name);
    return order != 0 ? order : str_cmp(left->type, right->type);
}

int cmd_list_components(struct invocation *invocation)
{
    static const struct column columns[] = {
        { "component", "Component", COLUMN_TEXT, 0 },
        { "type", "Type", COLUMN_TEXT, 0 },
        { "stacks", "Stacks", COLUMN_NUMBER, 0 },
    };
    struct arena *arena = invocation->run->arena;
    struct instance_filter filter = filter_of(invocation);
    struct stacks *stacks = NULL;
    int r = resolve(invocation, &stacks);
    if (r) {
        return r;
    }
    struct map known = { 0 };
    VEC(struct component_row) rows = { 0 };
    for (size_t i = 0; i < stacks->instance_count; i++) {
        const struct instance *instance = stacks->instances[i];
        if (!instance_passes(instance, &filter)) {
            continue;
        }
        struct str key = arena_printf(
                arena, "%.*s/%.*s", STR_ARG(instance->type), STR_ARG(instance->name));
        size_t index = (size_t)(uintptr_t)map_get(&known, key);
        if (index == 0) {
            VEC_PUSH(arena, &rows, (struct component_row){ instance->name, instance->type, 0 });
            index = rows.count;
            map_put(arena, &known, key, (void *)(uintptr_t)index);
        }
        rows.items[index - 1].stacks++;
    }
    if (rows.count > 0) {
        qsort(rows.items, rows.count, sizeof(*rows.items), cmp_rows);
    }
    struct table table = {
        .columns = columns, .column_count = 3, .is_flat = true, .empty = "no components"
    };
    for (size_t i = 0; i < rows.count; i++) {
        struct str count = arena_printf(arena, "%zu", rows.items[i].stacks);
        table_add(arena, &table,
                (struct table_cell[]){ { rows.items[i].name, STYLE_KEY },
                        { rows.items[i].type, STYLE_PLAIN }, { count, STYLE_PLAIN } });
    }
    return print_table(invocation, &table);
}

static int cmp_instances(const void *a, const void *b)
{
    const struct instance *left = *(const struct instance *const *)a;
    const struct instance *right = *(const struct instance *const *)b;
    int order = str_cmp(left->name, right->name);
    order = order != 0 ? order : str_cmp(left->stack, right->stack);
    return order != 0 ? order : str_cmp(left->type, right->type);
}

int cmd_list_instances(struct invocation *invocation)
{
    static const struct column columns[] = {
        { "component", "Component", COLUMN_TEXT, 0 },
        { "stack", "Stack", COLUMN_TEXT, 0 },
    };
    struct arena *arena = invocation->run->arena;
    struct instance_filter filter = filter_of(invocation);
    struct stacks *stacks = NULL;
    int r = resolve(invocation, &stacks);
    if (r) {
        return r;
    }
    VEC(const struct instance *) shown = { 0 };
    for (size_t i = 0; i < stacks->instance_count; i++) {
        if (instance_passes(stacks->instances[i], &filter)) {
            VEC_PUSH(arena, &shown, stacks->instances[i]);
        }
    }
    if (shown.count > 0) {
        qsort(shown.items, shown.count, sizeof(*shown.items), cmp_instances);
    }
    struct table table = {
        .columns = columns, .column_count = 2, .is_flat = true, .empty = "no instances"
    };
    for (size_t i = 0; i < shown.count; i++) {
        table_add(arena, &table,
                (struct table_cell[]){ { shown.items[i]->name, STYLE_KEY },
                        { shown.items[i]->stack, STYLE_PLAIN } });
    }
    return print_table(invocation, &table);
}
