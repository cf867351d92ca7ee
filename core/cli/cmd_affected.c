/* SPDX-License-Identifier: Apache-2.0 */
/* describe affected, list affected. */
#include "list.h"

/* The base by any of its names, the newest first. */
static struct str base_of(struct invocation *invocation)
{
    static const char *const old_names[] = { "sha", "ref" };
    struct str base = STR_EMPTY;
    for (size_t i = 0; i < sizeof(old_names) / sizeof(old_names[0]); i++) {
        if (option_is_given(invocation, old_names[i])) {
            diag_add(&invocation->run->diags, &cli_diags[CLI_OLD_OPTION], MARK_NONE,
                    "--%s is now called --base", old_names[i]);
            base = base.len ? base : option_text(invocation, old_names[i]);
        }
    }
    struct str named = option_text(invocation, "base");
    return named.len ? named : base;
}

/* --tags and --labels of list affected. */
static void keep_tagged(struct invocation *invocation, struct affected_list *list)
{
    struct affected *kept = ARENA_ARRAY(invocation->run->arena, struct affected, list->count);
    size_t count = 0;
    for (size_t i = 0; i < list->count; i++) {
        if (list_has_tags(invocation, list->items[i].instance)) {
            kept[count++] = list->items[i];
        }
    }
    *list = (struct affected_list){ kept, count };
}

/* Whatever either command shows: what is affected. */
static int compare(struct invocation *invocation, struct stacks **ret_stacks,
        struct affected_list *ret_list)
{
    struct config_options config = invocation_config_options(invocation);
    struct affected_request request = { .base = base_of(invocation),
        .repository = option_text(invocation, "repo-path"),
        .stack = option_text(invocation, "stack"),
        .exclude_locked = option_flag(invocation, "exclude-locked") };
    int r = list_check_shape(invocation);
    r = r ? r : pipeline_affected(invocation->run, &config, &request, ret_stacks, ret_list);
    if (r == 0 && invocation->command->function == cmd_list_affected) {
        keep_tagged(invocation, ret_list);
    }
    if (r == 0 && option_is_given(invocation, "include-spacelift-admin-stacks") &&
            option_flag(invocation, "include-spacelift-admin-stacks")) {
        r = affected_add_admins(invocation->run, *ret_stacks, ret_list);
    }
    return r;
}

int cmd_describe_affected(struct invocation *invocation)
{
    struct run *run = invocation->run;
    struct stacks *stacks = NULL;
    struct affected_list list = { 0 };
    int r = compare(invocation, &stacks, &list);
    if (r) {
        return r;
    }
    if (list_has_format(invocation, "matrix")) {
        return print_matrix(invocation, affected_matrix(run, &list));
    }
    struct affected_style style = { .has_settings = option_flag(invocation, "include-settings"),
        .has_dependents = option_flag(invocation, "include-dependents"),
        .stack = option_text(invocation, "stack") };
    const struct value *value = NULL;
    r = affected_describe(run, stacks, &list, &style, &value);
    return r ? r : print_value(invocation, value);
}

int cmd_list_affected(struct invocation *invocation)
{
    static const struct column_rule columns[] = {
        { "Status", "{{ .status }}", COLUMN_TEXT },
        { "Component", "{{ .component }}", COLUMN_TEXT },
        { "Stack", "{{ .stack }}", COLUMN_TEXT },
        { "Type", "{{ .type }}", COLUMN_TEXT },
        { "Affected", "{{ .affected }}", COLUMN_TEXT },
        { "File", "{{ .file }}", COLUMN_TEXT },
    };
    struct run *run = invocation->run;
    struct stacks *stacks = NULL;
    struct affected_list list = { 0 };
    struct affected_style style = { .has_dependents =
                                            option_flag(invocation, "include-dependents"),
        .stack = option_text(invocation, "stack") };
    int r = compare(invocation, &stacks, &list);
    if (r) {
        return r;
    }
    if (list_has_format(invocation, "matrix")) {
        return print_matrix(invocation, affected_matrix(run, &list));
    }
    const struct value *const *items = NULL;
    size_t count = 0;
    struct rows rows = { 0 };
    r = affected_rows(run, stacks, &list, &style, &items, &count);
    for (size_t i = 0; i < count; i++) {
        VEC_PUSH(run->arena, &rows, items[i]);
    }
    return r ? r : LIST_PRINT(invocation, &rows, columns, "nothing is affected");
}
