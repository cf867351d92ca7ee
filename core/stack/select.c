/* SPDX-License-Identifier: Apache-2.0 */
/* Which instance a user means (spec 4.1, 4.6), and what to say when there is none. */
#include "stack_internal.h"

const struct stack *stacks_find(const struct stacks *stacks, struct str name)
{
    size_t from = 0;
    size_t to = stacks->count;
    while (from < to) {
        size_t middle = from + (to - from) / 2;
        int order = str_cmp(name, stacks->items[middle].name);
        if (order == 0) {
            return &stacks->items[middle];
        }
        if (order < 0) {
            to = middle;
        } else {
            from = middle + 1;
        }
    }
    return NULL;
}

/* The order in which a component's type is looked for. */
static size_t rank_of(struct str type)
{
    static const char *const order[] = { "terraform", "helmfile", "packer", "ansible" };
    size_t count = sizeof(order) / sizeof(order[0]);
    for (size_t i = 0; i < count; i++) {
        if (str_eq_cstr(type, order[i])) {
            return i;
        }
    }
    return count;
}

static const struct instance *better(const struct instance *old, const struct instance *new)
{
    return old && rank_of(old->type) <= rank_of(new->type) ? old : new;
}

/* The best of those with the name; an empty manifest or type: of any. */
static const struct instance *find_best(const struct instance *const *instances, size_t count,
        struct str component, struct str manifest, struct str type)
{
    const struct instance *found = NULL;
    for (size_t i = 0; i < count; i++) {
        const struct instance *instance = instances[i];
        if (str_eq(instance->name, component) &&
                (manifest.len == 0 || str_eq(instance->manifest, manifest)) &&
                (type.len == 0 || str_eq(instance->type, type))) {
            found = better(found, instance);
        }
    }
    return found;
}

const struct instance *stack_find_instance(
        const struct stack *stack, struct str component, struct str type)
{
    return find_best(stack->instances, stack->instance_count, component, STR_EMPTY, type);
}

bool instance_is_in(const struct instance *instance, struct str stack)
{
    return str_eq(instance->stack, stack) || str_eq(instance->manifest, stack);
}

bool instance_is_of(const struct instance *instance, struct str stack)
{
    return stack.len == 0 || instance_is_in(instance, stack) ||
           glob_match(stack, instance->stack);
}

static bool is_manifest(const struct stacks *stacks, struct str key)
{
    for (size_t i = 0; i < stacks->manifest_count; i++) {
        if (str_eq(stacks->manifests[i], key)) {
            return true;
        }
    }
    return false;
}

/* Which instances are meant: those for which one of the texts that are given is theirs. */
struct wanted {
    struct str manifest;
    struct str component;
    struct str by_rule;
};

/* Names of the stacks of these instances, each once, at most eight of them. */
static struct str stack_names(
        struct run *run, const struct stacks *stacks, const struct wanted *wanted)
{
    struct map seen = { 0 };
    VEC(struct str) names = { 0 };
    for (size_t i = 0; i < stacks->instance_count; i++) {
        const struct instance *instance = stacks->instances[i];
        bool is_wanted =
                (wanted->manifest.len && str_eq(instance->manifest, wanted->manifest)) ||
                (wanted->component.len && str_eq(instance->name, wanted->component)) ||
                (wanted->by_rule.len && str_eq(instance->by_rule, wanted->by_rule));
        if (is_wanted && !map_has(&seen, instance->stack)) {
            map_put(run->arena, &seen, instance->stack, run);
            VEC_PUSH(run->arena, &names,
                    arena_printf(run->arena, "\"%.*s\"", STR_ARG(instance->stack)));
        }
    }
    size_t shown = names.count > 8 ? 8 : names.count;
    struct str list = arena_join(run->arena, names.items, shown, STR(", "));
    return shown < names.count ? arena_printf(run->arena, "%.*s and %zu more", STR_ARG(list),
                                         names.count - shown)
                               : list;
}

/* A name that a file or the naming rule gives to a stack which has another one; false when it is none. */
static bool say_not_its_name(
        struct run *run, const struct stacks *stacks, struct str component, struct str stack)
{
    bool is_file = is_manifest(stacks, stack);
    struct wanted wanted = { .by_rule = stack };
    if (is_file) {
        wanted = (struct wanted){ .manifest = stack };
    }
    struct str names = stack_names(run, stacks, &wanted);
    if (!is_file && names.len == 0) {
        return false;
    }
    struct diag *diag = diag_add(&run->diags, &stack_diags[STACK_NOT_ITS_NAME], MARK_NONE,
            "\"%.*s\" is %s: component \"%.*s\" was not looked for", STR_ARG(stack),
            is_file ? "a manifest, not a stack"
                    : "what the naming rule gives, but the manifest has a name of its own",
            STR_ARG(component));
    diag->hint =
            names.len ? diag_text(&run->diags, "did you mean the stack %.*s?", STR_ARG(names))
                      : diag_text(&run->diags, "the manifest makes no stack");
    return true;
}

static struct str stack_hint(struct run *run, const struct stacks *stacks, struct str stack)
{
    struct str *names = ARENA_ARRAY(run->arena, struct str, stacks->count);
    for (size_t i = 0; i < stacks->count; i++) {
        names[i] = stacks->items[i].name;
    }
    struct str hint = suggest_hint(run->arena, stack, names, stacks->count);
    return hint.len ? hint : STR("`tf-atmos list stacks` has them all");
}

static int say_unknown_stack(
        struct run *run, const struct stacks *stacks, struct str component, struct str stack)
{
    if (!say_not_its_name(run, stacks, component, stack)) {
        diag_add(&run->diags, &stack_diags[STACK_UNKNOWN_STACK], MARK_NONE,
                "there is no stack \"%.*s\" (looking for component \"%.*s\")", STR_ARG(stack),
                STR_ARG(component))
                ->hint = stack_hint(run, stacks, stack);
    }
    return ERR_NOT_FOUND;
}

static int say_unknown_component(struct run *run, const struct stacks *stacks,
        struct str component, struct str stack, struct str type)
{
    VEC(struct str) names = { 0 };
    const struct instance *other = NULL; /* of another type */
    struct str manifest = stack;
    for (size_t i = 0; i < stacks->instance_count; i++) {
        const struct instance *instance = stacks->instances[i];
        if (!instance_is_in(instance, stack)) {
            continue;
        }
        manifest = instance->manifest;
        if (type.len == 0 || str_eq(instance->type, type)) {
            VEC_PUSH(run->arena, &names, instance->name);
        } else if (str_eq(instance->name, component)) {
            other = better(other, instance);
        }
    }
    struct diag *diag = diag_add(&run->diags, &stack_diags[STACK_UNKNOWN_COMPONENT], MARK_NONE,
            "there is no %.*s%scomponent \"%.*s\" in the stack \"%.*s\"", STR_ARG(type),
            type.len ? " " : "", STR_ARG(component), STR_ARG(stack));
    diag->stack = arena_dup(run->arena, stack);
    diag->component = arena_dup(run->arena, component);
    diag->hint = suggest_hint(run->arena, component, names.items, names.count);
    struct str others = stack_names(run, stacks, &(struct wanted){ .component = component });
    if (diag->hint.len == 0 && !other) {
        diag->hint = diag_text(&run->diags,
                "check what \"%.*s\" imports; `tf-atmos list components -s %.*s` has those "
                "there are",
                STR_ARG(manifest), STR_ARG(stack));
    }
    if (other) {
        diag->mark = other->mark;
        diag->detail = diag_text(&run->diags, "\"%.*s\" is of type %.*s", STR_ARG(component),
                STR_ARG(other->type));
    } else if (others.len) {
        diag->detail = diag_text(&run->diags, "it exists in %.*s", STR_ARG(others));
    }
    return ERR_NOT_FOUND;
}

int stacks_say_unknown(struct run *run, const struct stacks *stacks, struct str stack)
{
    diag_add(&run->diags, &stack_diags[STACK_UNKNOWN_STACK], MARK_NONE,
            "there is no stack \"%.*s\"", STR_ARG(stack))
            ->hint = stack_hint(run, stacks, stack);
    return ERR_NOT_FOUND;
}

void stacks_check_filter(
        struct run *run, const struct stacks *stacks, struct str stack, struct str component)
{
    VEC(struct str) names = { 0 };
    bool has_stack = stack.len == 0;
    bool has_component = component.len == 0;
    for (size_t i = 0; i < stacks->instance_count && !(has_stack && has_component); i++) {
        const struct instance *instance = stacks->instances[i];
        has_stack = has_stack || instance_is_of(instance, stack);
        has_component = has_component || str_eq(component, instance->name) ||
                        str_eq(component, instance->component);
    }
    if (!has_stack) {
        diag_add(&run->diags, &stack_diags[STACK_NO_MATCH], MARK_NONE,
                "no stack is \"%.*s\" or answers to it as a pattern", STR_ARG(stack))
                ->hint = stack_hint(run, stacks, stack);
    }
    for (size_t i = 0; i < stacks->instance_count && !has_component; i++) {
        VEC_PUSH(run->arena, &names, stacks->instances[i]->name);
    }
    if (!has_component) {
        diag_add(&run->diags, &stack_diags[STACK_NO_MATCH], MARK_NONE,
                "no stack has a component \"%.*s\"", STR_ARG(component))
                ->hint = suggest_hint(run->arena, component, names.items, names.count);
    }
}

int stacks_select(struct run *run, const struct stacks *stacks, struct str component,
        struct str stack, struct str type, const struct instance **ret_instance)
{
    const struct stack *named = stacks_find(stacks, stack);
    if (named) {
        const struct instance *found = stack_find_instance(named, component, type);
        if (!found) {
            return say_unknown_component(run, stacks, component, stack, type);
        }
        *ret_instance = found;
        return 0;
    }
    /* As the reference: a path with a slash stands for its manifest and is printed as the name. */
    if (str_find(stack, '/') < 0 || !is_manifest(stacks, stack)) {
        return say_unknown_stack(run, stacks, component, stack);
    }
    const struct instance *found =
            find_best(stacks->instances, stacks->instance_count, component, stack, type);
    if (!found) {
        return say_unknown_component(run, stacks, component, stack, type);
    }
    struct instance *renamed = arena_copy(run->arena, found, sizeof(*found));
    renamed->stack = arena_dup(run->arena, stack);
    *ret_instance = renamed;
    return 0;
}
