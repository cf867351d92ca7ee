/* SPDX-License-Identifier: Apache-2.0 */
/* What the list commands share. Private to cli/. */
#ifndef TFATMOS_CLI_LIST_H
#define TFATMOS_CLI_LIST_H

#include "cmd.h"

VEC_TYPE(rows, const struct value *);
VEC_TYPE(instances, const struct instance *);

/* Prints rows in the user's columns, filter and order, else in those of the command. */
int list_print(struct invocation *invocation, const struct rows *rows,
        const struct column_rule *columns, size_t column_count, const char *empty);

#define LIST_PRINT(invocation, rows, columns, empty)                                           \
    list_print((invocation), (rows), (columns), sizeof(columns) / sizeof((columns)[0]), (empty))

/* The instances that the options choose, by component and stack, among all stacks. */
int list_find(
        struct invocation *invocation, struct stacks **ret_stacks, struct instances *ret_found);

bool list_has_format(const struct invocation *invocation, const char *format);

/* What only rows have, such as --columns, is refused with a format that has none, and --provenance with
 * one that is no tree: ERR_INVALID after a finding. */
int list_check_shape(struct invocation *invocation);

/* list_config.c: reads the configuration; its `<section>.list.format` counts where no --format is given.
 * Checks the shape as above. */
int list_configure(struct invocation *invocation);
/* "Name={{ .path }}" of each item of `<section>.list.columns`; what is wrong with the templates is said by
 * the listing, as with --columns. ERR_INVALID after a finding. */
int list_configured_columns(
        struct invocation *invocation, const struct str **ret_columns, size_t *ret_count);

/* --max-columns as a number, 0: all. ERR_INVALID after a finding when it is none. */
int list_most_columns(struct invocation *invocation, size_t *ret_most);

/* --format tree of list stacks, list instances and list dependencies (cmd_tree.c). */
int list_stacks_tree(
        struct invocation *invocation, const struct stacks *stacks, const struct rows *rows);
int list_instances_tree(struct invocation *invocation, const struct instances *found);
int list_dependencies_tree(struct invocation *invocation, const struct stacks *stacks,
        const struct instances *found);

/* --format json and yaml of list dependencies: a map for each instance with what it needs at
 * `depends_on` and what needs it at `required_by`, as --direction says. */
int list_dependencies_value(struct invocation *invocation, const struct stacks *stacks,
        const struct instances *found);

/* The instances of those with one of --tags and all of --labels. */
bool list_has_tags(const struct invocation *invocation, const struct instance *instance);

#endif
