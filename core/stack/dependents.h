/* SPDX-License-Identifier: Apache-2.0 */
/* Which instances need which: dependencies.components and settings.depends_on (spec 7.2). */
#ifndef TFATMOS_STACK_DEPENDENTS_H
#define TFATMOS_STACK_DEPENDENTS_H

#include "run.h"

struct instance;
struct stacks;

/*
 * One thing an instance says it needs. `stack` is empty where it means the own stack (new form) or
 * where `context` decides (old form): namespace, tenant, environment, stage, each empty when the
 * provider must have the same value as the instance.
 */
struct dependency {
    struct str component; /* empty for files and folders */
    struct str type; /* wanted type of component, empty: any */
    struct str stack;
    struct str context[4];
    struct str file; /* path as written, or empty */
    struct str folder;
    bool is_legacy; /* of settings.depends_on */
    struct mark mark;
};

/* When components of the old form are left out for those of dependencies.components. The reference has one
 * rule for who is dependent on a component, and another for what is run before it. */
enum dependency_rule {
    DEPENDENCY_LISTED, /* when any component is listed there: dependents */
    DEPENDENCY_WRITTEN /* when the key is there, even with an empty list: order of runs, lists */
};

/* What an instance needs, in the order written: `dependencies` first. Files and folders of the old form are
 * never left out. */
const struct dependency *instance_dependencies(struct run *run, const struct instance *instance,
        enum dependency_rule rule, size_t *ret_count);
/* Whether one dependency of `instance` means `provider`. */
bool dependency_means(const struct dependency *dependency, const struct instance *instance,
        const struct instance *provider);

/* The stack it is in as far as the words say: the one given, the context ("tenant=x stage=y"), or the
 * own stack. Empty for files and folders. */
struct str dependency_stack(
        struct run *run, const struct dependency *dependency, const struct instance *instance);

/* All enabled, real instances that need `provider`, ordered by stack-component. In the old form the
 * context counts here even beside a stack, as in the reference. */
const struct instance *const *instance_dependents(struct run *run, const struct stacks *stacks,
        const struct instance *provider, size_t *ret_count);
/* The same for many providers: what everybody needs is read once. */
struct needers;
const struct needers *needers_new(
        struct run *run, const struct stacks *stacks, enum dependency_rule rule);
const struct instance *const *needers_find(struct run *run, const struct needers *needers,
        const struct instance *provider, size_t *ret_count);

/* What is shown of a dependent beside who it is; NULL and false where nothing is known. */
struct dependent_extras {
    const struct value *dependents;
    const struct value *settings;
    bool is_included; /* is below one of its neighbors in the list too */
};
const struct value *dependent_describe(struct run *run, const struct instance *instance,
        const struct dependent_extras *extras);

/* The list `describe dependents` prints. */
const struct value *dependents_describe(
        struct run *run, const struct stacks *stacks, const struct instance *provider);

/*
 * Dependents of dependents (dependents_tree.c). Providers are added first; then what is known of them
 * can be asked. A circle of needs is cut where it closes, with a warning.
 */
struct dependents_tree;

struct dependents_style {
    struct str stack; /* only dependents of this stack; empty: of all */
    bool has_settings;
};
struct dependents_tree *dependents_tree_new(
        struct run *run, const struct stacks *stacks, const struct dependents_style *style);
void dependents_tree_add(struct dependents_tree *tree, const struct instance *provider);
/* Follows the needs of all that were added. ERR_LIMIT after a finding when it does not end. */
int dependents_tree_grow(struct dependents_tree *tree);
/* Whether the `index`-th that was added is below another one that was, and the list of its own
 * dependents. In the tree of one that is below another, nothing is marked as included. */
bool dependents_tree_is_included(const struct dependents_tree *tree, size_t index);
const struct value *dependents_tree_list(struct dependents_tree *tree, size_t index);
/* Every dependent that was not added itself, each once, by stack, name and type. */
const struct instance *const *dependents_tree_others(
        struct dependents_tree *tree, size_t *ret_count);

/* "stack-component" with hyphens for slashes. */
struct str instance_slug(struct arena *arena, const struct instance *instance);
/* Component folder as listings show it: relative, below the base path as written. */
struct str instance_written_path(struct run *run, const struct instance *instance);

#endif
