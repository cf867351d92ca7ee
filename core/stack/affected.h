/* SPDX-License-Identifier: Apache-2.0 */
/* Which instances differ between the work tree and another state of the repository (spec 7.3). */
#ifndef TFATMOS_STACK_AFFECTED_H
#define TFATMOS_STACK_AFFECTED_H

#include "config/config.h"

struct instance;
struct stacks;

/* What to compare with, and what to leave out; empty texts mean "not given". */
struct affected_request {
    struct str base; /* git reference or commit; empty: refs/remotes/origin/HEAD */
    struct str repository; /* folder with the other state; beats `base` */
    struct str stack; /* only these: name, manifest key or pattern */
    bool exclude_locked;
};

/* One instance that differs. */
struct affected {
    const struct instance *instance; /* of the work tree; of the base when it is deleted */
    const struct str *reasons; /* "stack.vars", "component", ... in the order of spec 7.3 */
    size_t reason_count; /* never 0 */
    struct str file; /* the first changed file it depends on, as written */
    struct str folder; /* the first such folder */
    bool is_deleted;
    bool is_stack_deleted; /* with all others of its stack */
};

struct affected_list {
    const struct affected *items; /* by stack, type and name, in byte order */
    size_t count;
};

/*
 * Compares `stacks` with those of the base, both read with the configuration of the work tree. The
 * files of a commit are laid out in a scratch folder that is gone when this returns; the repository
 * itself is only read. A base without stacks makes everything affected.
 * ERR_UNAVAILABLE (git), ERR_NOT_FOUND (the base), or the code of what is wrong with its manifests.
 */
int stacks_affected(struct run *run, const struct stacks *stacks,
        const struct affected_request *request, struct affected_list *ret_list);

/*
 * Adds the Spacelift admin stacks that manage what is affected: the terraform components that
 * settings.spacelift.admin_stack_selector means (component, and of namespace, tenant, environment and stage
 * what it gives). ERR_INVALID when one of them has no Spacelift workspace.
 */
int affected_add_admins(
        struct run *run, const struct stacks *stacks, struct affected_list *list);

/* How describe affected shows them. */
struct affected_style {
    bool has_settings;
    bool has_dependents;
    struct str
            stack; /* dependents only of these, name, manifest key or pattern; empty: of all */
};

/* The list `describe affected` prints. ERR_LIMIT after a finding when there are dependents without
 * measure. */
int affected_describe(struct run *run, const struct stacks *stacks,
        const struct affected_list *list, const struct affected_style *style,
        const struct value **ret_value);
/*
 * Rows for list affected: component, stack, type, status (changed, deleted, dependent), affected (the
 * reasons with commas), file, folder, path, vars, settings, metadata. With style->has_dependents
 * everything that depends on what is affected follows, each once, as `dependent`.
 */
int affected_rows(struct run *run, const struct stacks *stacks,
        const struct affected_list *list, const struct affected_style *style,
        const struct value *const **ret_rows, size_t *ret_count);
/* A job matrix of these instances; affected_matrix is that of a list. */
const struct value *instances_matrix(
        struct run *run, const struct instance *const *instances, size_t count);
/* The same as a job matrix: {include: [{component, stack, ...}]}, without what is deleted. */
const struct value *affected_matrix(struct run *run, const struct affected_list *list);

#endif
