/* SPDX-License-Identifier: Apache-2.0 */
/* Instances as rows and as tables of values, for the list commands (spec 7.4). */
#ifndef TFATMOS_STACK_LISTING_H
#define TFATMOS_STACK_LISTING_H

#include "run.h"

struct instance;

/* The component types that the describe and list commands of the reference know; the last NULL. */
extern const char *const component_types[];
bool component_type_is_known(struct str type);

/* Whether only components of this type have such a key, and whether it may also stand below the type
 * itself, as what they have in common. */
bool component_type_has_key(struct str type, struct str key);
bool component_type_has_common_key(struct str type, struct str key);

/*
 * One row for each instance, with what columns and filters can look into: component, stack, type, kind
 * (real or abstract), enabled, locked, base, inherits, description, path, and the sections vars,
 * settings, env, metadata, backend, dependencies and source.
 */
const struct value **instance_rows(
        struct run *run, const struct instance *const *instances, size_t count);

/* One row for each thing an instance needs: component, stack, type, `needs`, `needs_stack`, `file`,
 * `folder`. */
const struct value *const *dependency_rows(
        struct run *run, const struct instance *instance, size_t *ret_count);

/*
 * Goes through what the manifest of an instance imports, each before what it imports in turn; `depth`
 * of the direct ones is 0. What was seen before is visited again, but not gone into: `is_repeated`.
 */
typedef void import_visit_fn(void *context, size_t depth, struct str key, bool is_repeated);
void instance_visit_imports(struct run *run, const struct instance *instance,
        import_visit_fn *visit, void *context);

/* "a, b" of a list of texts; empty for everything else. */
struct str texts_joined(struct run *run, const struct value *list);

/* A section of an instance by its key; NULL when there is no such section. */
const struct value *instance_section(const struct instance *instance, const char *section);

#endif
