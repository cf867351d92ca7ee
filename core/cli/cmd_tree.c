/* SPDX-License-Identifier: Apache-2.0 */
/* --format tree of the lists: stacks, instances, and what needs what, the latter as JSON too. */
#include <stdlib.h>

#include "list.h"

struct growing {
    struct run *run;
    struct tree tree;
    size_t base; /* depth of direct imports */
};

static void add_line(
        struct growing *g, size_t depth, enum style style, struct str text, struct str note)
{
    tree_add(g->run->arena, &g->tree,
            (struct tree_line){ .depth = depth, .text = text, .style = style, .note = note });
}

static int print_tree(struct invocation *invocation, const struct growing *g, const char *empty)
{
    if (g->tree.lines.count == 0 && invocation->out->term.is_tty) {
        stream_addf(invocation->out, "%s\n", empty);
    }
    tree_write(g->run, invocation->out, &g->tree);
    return 0;
}

static void add_import(void *context, size_t depth, struct str key, bool is_repeated)
{
    struct growing *g = context;
    add_line(g, g->base + depth, STYLE_PLAIN, key,
            is_repeated ? STR("(its imports: above)") : STR_EMPTY);
}

/* ---- stacks ---- */

/* The imports of each manifest that a stack is made of. */
static void add_stack_imports(struct growing *g, const struct stack *stack)
{
    struct map seen = { 0 };
    for (size_t i = 0; i < stack->instance_count; i++) {
        const struct instance *one = stack->instances[i];
        if (!map_has(&seen, one->manifest)) {
            map_put(g->run->arena, &seen, one->manifest, g);
            add_line(g, 1, STYLE_PLAIN, one->manifest, STR_EMPTY);
            instance_visit_imports(g->run, one, add_import, g);
        }
    }
}

int list_stacks_tree(
        struct invocation *invocation, const struct stacks *stacks, const struct rows *rows)
{
    struct growing g = { .run = invocation->run, .base = 2 };
    bool with_imports = option_flag(invocation, "provenance");
    for (size_t i = 0; i < rows->count; i++) {
        struct str name = value_text(value_get_str(rows->items[i], STR("stack")));
        const struct stack *stack = stacks ? stacks_find(stacks, name) : NULL;
        add_line(&g, 0, STYLE_KEY, name, STR_EMPTY);
        if (with_imports && stack) {
            add_stack_imports(&g, stack);
        }
    }
    return print_tree(invocation, &g, "no stacks");
}

/* ---- instances ---- */

static struct str folder_note(struct run *run, const struct instance *instance)
{
    return arena_printf(run->arena, "(%.*s)", STR_ARG(instance_written_path(run, instance)));
}

static int cmp_by_stack(const void *a, const void *b)
{
    const struct instance *left = *(const struct instance *const *)a;
    const struct instance *right = *(const struct instance *const *)b;
    int order = str_cmp(left->stack, right->stack);
    order = order ? order : str_cmp(left->name, right->name);
    return order ? order : str_cmp(left->type, right->type);
}

static const struct instance **by_stack(struct run *run, const struct instances *found)
{
    const struct instance **list =
            ARENA_ARRAY(run->arena, const struct instance *, found->count);
    for (size_t i = 0; i < found->count; i++) {
        list[i] = found->items[i];
    }
    if (found->count > 0) {
        qsort(list, found->count, sizeof(*list), cmp_by_stack);
    }
    return list;
}

int list_instances_tree(struct invocation *invocation, const struct instances *found)
{
    struct growing g = { .run = invocation->run, .base = 2 };
    bool with_imports = option_flag(invocation, "provenance");
    const struct instance **list = by_stack(g.run, found);
    for (size_t i = 0; i < found->count; i++) {
        if (i == 0 || !str_eq(list[i]->stack, list[i - 1]->stack)) {
            add_line(&g, 0, STYLE_KEY, list[i]->stack, STR_EMPTY);
        }
        add_line(&g, 1, STYLE_PLAIN, list[i]->name, folder_note(g.run, list[i]));
        if (with_imports) {
            instance_visit_imports(g.run, list[i], add_import, &g);
        }
    }
    return print_tree(invocation, &g, "no instances");
}

/* ---- dependencies ---- */

VEC_TYPE(neighbors, const struct instance *);

/* Who needs each instance, and whom it needs. */
struct need_map {
    struct run *run;
    const struct needers *needers;
    struct map needed; /* by identity of the one who needs: struct neighbors * */
};

static struct str identity(struct run *run, const struct instance *instance)
{
    return arena_printf(run->arena, "%.*s\n%.*s\n%.*s", STR_ARG(instance->stack),
            STR_ARG(instance->name), STR_ARG(instance->type));
}

static void fill_needed(struct need_map *map, const struct stacks *stacks)
{
    for (size_t i = 0; i < stacks->instance_count; i++) {
        size_t count;
        const struct instance *const *list =
                needers_find(map->run, map->needers, stacks->instances[i], &count);
        for (size_t k = 0; k < count; k++) {
            struct str key = identity(map->run, list[k]);
            struct neighbors *needed = map_get(&map->needed, key);
            if (!needed) {
                needed = ARENA_NEW(map->run->arena, struct neighbors);
                map_put(map->run->arena, &map->needed, key, needed);
            }
            VEC_PUSH(map->run->arena, needed, stacks->instances[i]);
        }
    }
}

struct need_step {
    const struct instance *instance;
    size_t depth;
};

VEC_TYPE(need_steps, struct need_step);

/* The neighbors in one direction, the first to look at last. */
static void push_neighbors(struct need_map *map, const struct instance *instance,
        bool is_forward, size_t depth, struct need_steps *steps)
{
    struct arena *arena = map->run->arena;
    size_t count = 0;
    const struct instance *const *list = NULL;
    if (is_forward) {
        const struct neighbors *needed = map_get(&map->needed, identity(map->run, instance));
        list = needed ? needed->items : NULL;
        count = needed ? needed->count : 0;
    } else {
        list = needers_find(map->run, map->needers, instance, &count);
    }
    for (size_t i = count; i > 0; i--) {
        VEC_PUSH(arena, steps, (struct need_step){ list[i - 1], depth });
    }
}

/* Everything that can be reached; what stands in the tree already is not gone into again. */
static void add_needs(struct growing *g, struct need_map *map, const struct instance *top,
        bool is_forward, size_t depth)
{
    struct map seen = { 0 };
    struct need_steps steps = { 0 };
    map_put(g->run->arena, &seen, identity(g->run, top), g);
    push_neighbors(map, top, is_forward, depth, &steps);
    if (steps.count == 0) {
        add_line(g, depth, STYLE_DIM, STR("(none)"), STR_EMPTY);
    }
    while (steps.count > 0) {
        struct need_step step = steps.items[--steps.count];
        const struct instance *one = step.instance;
        struct str key = identity(g->run, one);
        bool is_seen = map_has(&seen, key);
        struct str stack = str_eq(one->stack, top->stack)
                                   ? STR_EMPTY
                                   : arena_printf(g->run->arena, "in %.*s%s",
                                             STR_ARG(one->stack), is_seen ? " " : "");
        if (!is_seen) {
            map_put(g->run->arena, &seen, key, g);
            push_neighbors(map, one, is_forward, step.depth + 1, &steps);
        }
        add_line(g, step.depth, STYLE_PLAIN, one->name,
                is_seen ? arena_printf(g->run->arena, "%.*s(above)", STR_ARG(stack)) : stack);
    }
}

/* The neighbors in one direction, by stack and name, as a list of {component, stack}. */
static const struct value *neighbor_list(
        struct need_map *map, const struct instance *instance, bool is_forward)
{
    struct run *run = map->run;
    struct need_steps steps = { 0 };
    struct instances sorted = { 0 };
    push_neighbors(map, instance, is_forward, 0, &steps);
    for (size_t i = 0; i < steps.count; i++) {
        VEC_PUSH(run->arena, &sorted, steps.items[i].instance);
    }
    const struct instance **list = by_stack(run, &sorted);
    const struct value **items = ARENA_ARRAY(run->arena, const struct value *, sorted.count);
    for (size_t i = 0; i < sorted.count; i++) {
        struct value_builder item;
        value_builder_init(&item, run->arena, MARK_NONE);
        value_builder_add(&item, key_of(run->keys, STR("component")),
                value_string_new(run->arena, list[i]->name, MARK_NONE), MARK_NONE);
        value_builder_add(&item, key_of(run->keys, STR("stack")),
                value_string_new(run->arena, list[i]->stack, MARK_NONE), MARK_NONE);
        items[i] = value_builder_map(&item);
    }
    return value_list_new(run->arena, items, sorted.count, MARK_NONE);
}

int list_dependencies_value(struct invocation *invocation, const struct stacks *stacks,
        const struct instances *found)
{
    struct run *run = invocation->run;
    struct need_map map = { .run = run,
        .needers = needers_new(run, stacks, DEPENDENCY_WRITTEN) };
    struct str direction = option_text(invocation, "direction");
    const struct instance **list = by_stack(run, found);
    const struct value **items = ARENA_ARRAY(run->arena, const struct value *, found->count);
    fill_needed(&map, stacks);
    for (size_t i = 0; i < found->count; i++) {
        struct value_builder item;
        value_builder_init(&item, run->arena, list[i]->mark);
        value_builder_add(&item, key_of(run->keys, STR("component")),
                value_string_new(run->arena, list[i]->name, MARK_NONE), MARK_NONE);
        value_builder_add(&item, key_of(run->keys, STR("stack")),
                value_string_new(run->arena, list[i]->stack, MARK_NONE), MARK_NONE);
        if (!str_eq_cstr(direction, "reverse")) {
            value_builder_add(&item, key_of(run->keys, STR("depends_on")),
                    neighbor_list(&map, list[i], true), MARK_NONE);
        }
        if (!str_eq_cstr(direction, "forward")) {
            value_builder_add(&item, key_of(run->keys, STR("required_by")),
                    neighbor_list(&map, list[i], false), MARK_NONE);
        }
        items[i] = value_builder_map(&item);
    }
    return print_value(invocation, value_list_new(run->arena, items, found->count, MARK_NONE));
}

int list_dependencies_tree(struct invocation *invocation, const struct stacks *stacks,
        const struct instances *found)
{
    struct growing g = { .run = invocation->run };
    struct need_map map = { .run = g.run,
        .needers = needers_new(g.run, stacks, DEPENDENCY_WRITTEN) };
    struct str direction = option_text(invocation, "direction");
    bool is_forward = str_eq_cstr(direction, "forward");
    bool is_both = str_eq_cstr(direction, "both");
    const struct instance **list = by_stack(g.run, found);
    fill_needed(&map, stacks);
    for (size_t i = 0; i < found->count; i++) {
        add_line(&g, 0, STYLE_KEY, list[i]->name,
                arena_printf(g.run->arena, "in %.*s", STR_ARG(list[i]->stack)));
        if (!is_both) {
            add_needs(&g, &map, list[i], is_forward, 1);
            continue;
        }
        add_line(&g, 1, STYLE_DIM, STR("needs"), STR_EMPTY);
        add_needs(&g, &map, list[i], true, 2);
        add_line(&g, 1, STYLE_DIM, STR("is needed by"), STR_EMPTY);
        add_needs(&g, &map, list[i], false, 2);
    }
    return print_tree(invocation, &g, "no instances");
}
