/* SPDX-License-Identifier: Apache-2.0 */
/* Dependents of dependents, as describe affected --include-dependents shows them (spec 7.3). */
#include <stdlib.h>

#include "stack_internal.h"

enum {
    MAX_HEIGHT = 100, /* dependents of dependents of ... */
    MAX_ENTRIES = 1000000 /* below one provider, each counted as often as it is printed */
};

enum node_state {
    NODE_NEW,
    NODE_OPEN, /* what needs it is being looked at */
    NODE_DONE
};

struct node;

struct edge {
    struct node *to;
    bool is_back; /* leads into a circle: shown, but not followed */
};

/* An instance with those who need it. */
struct node {
    const struct instance *instance;
    size_t slug; /* number of its slug; instances of two types can share one */
    struct edge *edges;
    size_t edge_count;
    enum node_state state;
    size_t next; /* edge to look at, while open */
    size_t height;
    size_t entries;
    uint32_t stamp; /* of the last walk that came by */
    const struct value *lists[2]; /* of dependents: without and with marks of inclusion */
};

/* In which trees of a forest a slug stands. */
struct sighting {
    uint32_t forest;
    size_t tree; /* the first */
    bool is_in_others;
};

VEC_TYPE(nodes, struct node *);

struct dependents_tree {
    struct run *run;
    const struct needers *needers;
    struct dependents_style style;
    struct map nodes; /* by slug and type */
    struct map slugs; /* number + 1 */
    struct nodes found; /* in the order of finding: those to look at come last */
    struct nodes roots;
    bool *is_included; /* of the roots */
    VEC(struct sighting) sightings; /* by number of slug */
    uint32_t forest;
    uint32_t stamp;
};

struct dependents_tree *dependents_tree_new(
        struct run *run, const struct stacks *stacks, const struct dependents_style *style)
{
    struct dependents_tree *tree = ARENA_NEW(run->arena, struct dependents_tree);
    *tree = (struct dependents_tree){
        .run = run, .needers = needers_new(run, stacks, DEPENDENCY_LISTED), .style = *style
    };
    return tree;
}

/* ---- the graph ---- */

static size_t slug_number(struct dependents_tree *tree, struct str slug)
{
    size_t number = (size_t)(uintptr_t)map_get(&tree->slugs, slug);
    if (number == 0) {
        VEC_PUSH(tree->run->arena, &tree->sightings, (struct sighting){ 0 });
        number = tree->sightings.count;
        map_put(tree->run->arena, &tree->slugs, slug, (void *)(uintptr_t)number);
    }
    return number - 1;
}

static struct node *node_get(struct dependents_tree *tree, const struct instance *instance)
{
    struct arena *arena = tree->run->arena;
    struct str slug = instance_slug(arena, instance);
    struct str key = arena_printf(arena, "%.*s\n%.*s", STR_ARG(slug), STR_ARG(instance->type));
    struct node *node = map_get(&tree->nodes, key);
    if (!node) {
        node = ARENA_NEW(arena, struct node);
        *node = (struct node){ .instance = instance, .slug = slug_number(tree, slug) };
        map_put(arena, &tree->nodes, key, node);
        VEC_PUSH(arena, &tree->found, node);
    }
    return node;
}

void dependents_tree_add(struct dependents_tree *tree, const struct instance *provider)
{
    struct node *node = node_get(tree, provider);
    VEC_PUSH(tree->run->arena, &tree->roots, node);
}

static void find_edges(struct dependents_tree *tree, struct node *node)
{
    struct run *run = tree->run;
    size_t count = 0;
    const struct instance *const *list =
            needers_find(run, tree->needers, node->instance, &count);
    node->edges = ARENA_ARRAY(run->arena, struct edge, count);
    for (size_t i = 0; i < count; i++) {
        if (instance_is_of(list[i], tree->style.stack)) {
            node->edges[node->edge_count++] = (struct edge){ node_get(tree, list[i]), false };
        }
    }
}

/* `needer` closes a circle: what needs it, step by step, is needed by it. */
static void say_circle(
        struct run *run, const struct instance *needer, const struct instance *needed)
{
    struct diag *diag = diag_add(&run->diags, &stack_diags[STACK_DEPENDENCY_CYCLE],
            needer->mark, "\"%.*s\" of stack \"%.*s\" needs something that needs it",
            STR_ARG(needer->name), STR_ARG(needer->stack));
    diag->detail = diag_text(&run->diags,
            "it names \"%.*s\" of stack \"%.*s\", which needs it directly or through others",
            STR_ARG(needed->name), STR_ARG(needed->stack));
}

static size_t add_up(size_t a, size_t b)
{
    return a + b > MAX_ENTRIES ? MAX_ENTRIES + 1 : a + b;
}

/* Takes the next step of a walk over open nodes, the deepest last: into a dependent, or back. */
static void walk_on(struct dependents_tree *tree, struct nodes *open)
{
    struct node *node = open->items[open->count - 1];
    if (node->next < node->edge_count) {
        struct edge *edge = &node->edges[node->next++];
        if (edge->to->state == NODE_OPEN) {
            edge->is_back = true;
            say_circle(tree->run, edge->to->instance, node->instance);
        } else if (edge->to->state == NODE_NEW) {
            edge->to->state = NODE_OPEN;
            VEC_PUSH(tree->run->arena, open, edge->to);
        }
        return;
    }
    for (size_t i = 0; i < node->edge_count; i++) {
        const struct edge *edge = &node->edges[i];
        size_t height = edge->is_back ? 1 : edge->to->height + 1;
        node->height = height > node->height ? height : node->height;
        node->entries = add_up(node->entries, add_up(1, edge->is_back ? 0 : edge->to->entries));
    }
    node->state = NODE_DONE;
    open->count--;
}

static int say_endless(struct run *run, const struct node *node)
{
    const struct instance *instance = node->instance;
    struct diag *diag = diag_add(&run->diags, &stack_diags[STACK_MANY_DEPENDENTS],
            instance->mark, "the dependents of \"%.*s\" of stack \"%.*s\" are too many to show",
            STR_ARG(instance->name), STR_ARG(instance->stack));
    diag->detail = diag_text(&run->diags,
            "more than %d below each other, or more than %d in all when each is counted as "
            "often as it is listed",
            MAX_HEIGHT, MAX_ENTRIES);
    return ERR_LIMIT;
}

/* ---- inclusion ---- */

static void see(struct dependents_tree *tree, struct node *node, size_t root)
{
    struct sighting *sighting = &tree->sightings.items[node->slug];
    if (node->stamp == tree->stamp) {
        return;
    }
    node->stamp = tree->stamp;
    if (sighting->forest != tree->forest) {
        *sighting = (struct sighting){ tree->forest, root, false };
    } else if (sighting->tree != root) {
        sighting->is_in_others = true;
    }
    for (size_t i = 0; i < node->edge_count; i++) {
        if (!node->edges[i].is_back) {
            see(tree, node->edges[i].to, root);
        }
    }
}

/* Which of `count` nodes stand below another one; with `is_among_equals` also beside one of the same
 * slug. */
static void find_included(struct dependents_tree *tree, struct node *const *nodes, size_t count,
        bool is_among_equals, bool *ret_included)
{
    tree->forest++;
    for (size_t i = 0; i < count; i++) {
        tree->stamp++;
        if (is_among_equals) {
            see(tree, nodes[i], i);
            continue;
        }
        for (size_t k = 0; k < nodes[i]->edge_count; k++) {
            see(tree, nodes[i]->edges[k].to, i);
        }
    }
    for (size_t i = 0; i < count; i++) {
        const struct sighting *sighting = &tree->sightings.items[nodes[i]->slug];
        ret_included[i] = sighting->forest == tree->forest &&
                          (sighting->is_in_others || sighting->tree != i);
    }
}

int dependents_tree_grow(struct dependents_tree *tree)
{
    struct arena *arena = tree->run->arena;
    struct nodes open = { 0 };
    for (size_t i = 0; i < tree->found.count; i++) {
        find_edges(tree, tree->found.items[i]);
    }
    for (size_t i = 0; i < tree->roots.count; i++) {
        struct node *root = tree->roots.items[i];
        if (root->state == NODE_NEW) {
            root->state = NODE_OPEN;
            VEC_PUSH(arena, &open, root);
        }
        while (open.count > 0) {
            walk_on(tree, &open);
        }
        if (root->height > MAX_HEIGHT || root->entries > MAX_ENTRIES) {
            return say_endless(tree->run, root);
        }
    }
    tree->is_included = ARENA_ARRAY(arena, bool, tree->roots.count);
    find_included(tree, tree->roots.items, tree->roots.count, false, tree->is_included);
    return 0;
}

bool dependents_tree_is_included(const struct dependents_tree *tree, size_t index)
{
    return tree->is_included[index];
}

/* ---- showing ---- */

static const struct value *list_of(
        struct dependents_tree *tree, struct node *node, bool has_marks)
{
    struct arena *arena = tree->run->arena;
    size_t count = node->edge_count;
    if (node->lists[has_marks]) {
        return node->lists[has_marks];
    }
    const struct value **items = ARENA_ARRAY(arena, const struct value *, count);
    struct node **neighbors = ARENA_ARRAY(arena, struct node *, count);
    bool *is_included = ARENA_ARRAY(arena, bool, count);
    for (size_t i = 0; i < count; i++) {
        neighbors[i] = node->edges[i].to;
        is_included[i] = false;
    }
    if (has_marks) {
        find_included(tree, neighbors, count, true, is_included);
    }
    for (size_t i = 0; i < count; i++) {
        const struct node *one = neighbors[i];
        struct dependent_extras extras = { .is_included = is_included[i],
            .settings = tree->style.has_settings ? one->instance->settings : NULL };
        extras.dependents = node->edges[i].is_back ? value_list_new(arena, NULL, 0, MARK_NONE)
                                                   : list_of(tree, neighbors[i], has_marks);
        items[i] = dependent_describe(tree->run, one->instance, &extras);
    }
    node->lists[has_marks] = value_list_new(arena, items, count, MARK_NONE);
    return node->lists[has_marks];
}

const struct value *dependents_tree_list(struct dependents_tree *tree, size_t index)
{
    return list_of(tree, tree->roots.items[index], !tree->is_included[index]);
}

static int cmp_nodes(const void *a, const void *b)
{
    const struct instance *left = (*(const struct node *const *)a)->instance;
    const struct instance *right = (*(const struct node *const *)b)->instance;
    int order = str_cmp(left->stack, right->stack);
    order = order ? order : str_cmp(left->name, right->name);
    return order ? order : str_cmp(left->type, right->type);
}

const struct instance *const *dependents_tree_others(
        struct dependents_tree *tree, size_t *ret_count)
{
    struct nodes others = { 0 };
    tree->stamp++;
    for (size_t i = 0; i < tree->roots.count; i++) {
        tree->roots.items[i]->stamp = tree->stamp;
    }
    for (size_t i = 0; i < tree->found.count; i++) {
        if (tree->found.items[i]->stamp != tree->stamp) {
            VEC_PUSH(tree->run->arena, &others, tree->found.items[i]);
        }
    }
    if (others.count) {
        qsort(others.items, others.count, sizeof(*others.items), cmp_nodes);
    }
    const struct instance **list =
            ARENA_ARRAY(tree->run->arena, const struct instance *, others.count);
    for (size_t i = 0; i < others.count; i++) {
        list[i] = others.items[i]->instance;
    }
    *ret_count = others.count;
    return list;
}
