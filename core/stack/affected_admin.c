/* SPDX-License-Identifier: Apache-2.0 */
/* The Spacelift admin stacks of what is affected (spec 7.3). */
#include <stdlib.h>

#include "stack_internal.h"

static const struct str reason = STR_INIT("stack.settings.spacelift.admin_stack_selector");

VEC_TYPE(affected_items, struct affected);

/* Every field of the context that the selector gives is that of the instance. */
static bool is_selected(const struct value *selector, const struct instance *instance)
{
    static const char *const context[] = { "namespace", "tenant", "environment", "stage" };
    struct str name = value_text(value_get_str(selector, STR("component")));
    if (name.len == 0 || !str_eq(name, instance->name) ||
            !str_eq(instance->type, STR("terraform"))) {
        return false;
    }
    for (size_t i = 0; i < sizeof(context) / sizeof(context[0]); i++) {
        struct str key = str_from(context[i]);
        struct str wanted = value_text(value_get_str(selector, key));
        if (wanted.len && !str_eq(wanted, value_text(value_get_str(instance->vars, key)))) {
            return false;
        }
    }
    return true;
}

static int say_disabled(struct run *run, const struct value *selector,
        const struct instance *child, const struct instance *admin)
{
    struct diag *diag = diag_add(&run->diags, &stack_diags[STACK_ADMIN_DISABLED],
            selector->mark, "the admin stack \"%.*s\" of \"%.*s\" has no Spacelift workspace",
            STR_ARG(admin->name), STR_ARG(child->name));
    diag->stack = child->stack;
    diag->component = child->name;
    diag->hint = diag_text(&run->diags,
            "set settings.spacelift.workspace_enabled: true in \"%.*s\" of stack \"%.*s\"",
            STR_ARG(admin->name), STR_ARG(admin->stack));
    return ERR_INVALID;
}

/* Adds the instance, or the reason to what is there already. */
static void add_admin(
        struct run *run, const struct instance *admin, struct affected_items *items)
{
    for (size_t i = 0; i < items->count; i++) {
        struct affected *one = &items->items[i];
        if (one->instance != admin) {
            continue;
        }
        size_t count = one->reason_count;
        struct str *reasons = ARENA_ARRAY(run->arena, struct str, count + 1);
        for (size_t k = 0; k < count; k++) {
            reasons[k] = one->reasons[k];
        }
        reasons[count] = reason;
        if (!str_is_among(reason, one->reasons, count)) {
            one->reasons = reasons;
            one->reason_count = count + 1;
        }
        return;
    }
    VEC_PUSH(run->arena, items,
            (struct affected){ .instance = admin, .reasons = &reason, .reason_count = 1 });
}

static int cmp_affected(const void *a, const void *b)
{
    const struct instance *left = ((const struct affected *)a)->instance;
    const struct instance *right = ((const struct affected *)b)->instance;
    int order = str_cmp(left->stack, right->stack);
    order = order ? order : str_cmp(left->type, right->type);
    return order ? order : str_cmp(left->name, right->name);
}

int affected_add_admins(
        struct run *run, const struct stacks *stacks, struct affected_list *list)
{
    struct affected_items items = { 0 };
    int err = 0;
    for (size_t i = 0; i < list->count; i++) {
        VEC_PUSH(run->arena, &items, list->items[i]);
    }
    for (size_t i = 0; i < list->count; i++) {
        const struct instance *child = list->items[i].instance;
        const struct value *selector =
                value_get_path(child->settings, "spacelift.admin_stack_selector");
        bool is_asked = value_is(selector, VALUE_MAP) && !list->items[i].is_deleted &&
                        str_eq(child->type, STR("terraform"));
        for (size_t k = 0; is_asked && k < stacks->instance_count; k++) {
            const struct instance *admin = stacks->instances[k];
            if (!is_selected(selector, admin)) {
                continue;
            }
            if (!value_bool(value_get_path(admin->settings, "spacelift.workspace_enabled"),
                        false)) {
                err = say_disabled(run, selector, child, admin);
                continue;
            }
            add_admin(run, admin, &items);
        }
    }
    if (items.count > list->count) {
        qsort(items.items, items.count, sizeof(*items.items), cmp_affected);
    }
    *list = (struct affected_list){ items.items, items.count };
    return err;
}
