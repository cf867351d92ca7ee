/* SPDX-License-Identifier: Apache-2.0 */
/* What a plugin is told about an instance, and tfa.lookup/1: the same about other instances. */
#include <stdlib.h>
#include <string.h>

#include "host.h"

static void put(struct run *run, struct value_builder *builder, const char *key,
        const struct value *value)
{
    if (value) {
        value_builder_add(builder, key_of(run->keys, str_from(key)), value, value->mark);
    }
}

static void put_text(
        struct run *run, struct value_builder *builder, const char *key, struct str text)
{
    put(run, builder, key, value_string_new(run->arena, text, MARK_NONE));
}

static bool is_account_id(struct str text)
{
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] < '0' || text.ptr[i] > '9') {
            return false;
        }
    }
    return text.len == 12;
}

/* A scalar that reads as an account id, as a string with the place it was written at. */
static const struct value *account_of(struct run *run, const struct value *value)
{
    if (!value_is_scalar(value) || !is_account_id(value_text(value))) {
        return NULL;
    }
    return value_is(value, VALUE_STRING)
                   ? value
                   : value_string_new(run->arena, value_text(value), value->mark);
}

static const struct value *find_account(struct run *run, const struct instance *instance)
{
    static const char *const names[] = { "account_id", "aws_account_id" };
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        const struct value *found =
                account_of(run, value_get_str(instance->vars, str_from(names[i])));
        if (found) {
            return found;
        }
    }
    const struct value *allowed =
            value_get_path(instance->providers, "aws.allowed_account_ids");
    return value_count(allowed) == 1 ? account_of(run, value_at(allowed, 0)) : NULL;
}

static const struct value *find_region(const struct instance *instance)
{
    const struct value *places[] = { value_get_str(instance->vars, STR("region")),
        value_get_path(instance->providers, "aws.region") };
    for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
        bool is_known = value_is(places[i], VALUE_STRING) && places[i]->as.text.len > 0 &&
                        (places[i]->flags & VALUE_FUNCTION) == 0;
        if (is_known) {
            return places[i];
        }
    }
    return NULL;
}

/* The partition a region lies in, by the beginning of its name. */
static struct str partition_of(struct str region)
{
    static const struct {
        const char *prefix;
        const char *partition;
    } table[] = { { "cn-", "aws-cn" }, { "us-gov-", "aws-us-gov" }, { "us-isob-", "aws-iso-b" },
        { "us-isof-", "aws-iso-f" }, { "us-iso-", "aws-iso" }, { "eu-isoe-", "aws-iso-e" },
        { "eusc-", "aws-eusc" } };

    for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
        if (str_starts_with(region, str_from(table[i].prefix))) {
            return str_from(table[i].partition);
        }
    }
    return STR("aws");
}

static const struct value *aws_of(struct run *run, const struct instance *instance)
{
    struct value_builder builder;
    const struct value *region = find_region(instance);
    value_builder_init(&builder, run->arena, MARK_NONE);
    put(run, &builder, "account_id", find_account(run, instance));
    put(run, &builder, "region", region);
    if (region) {
        put_text(run, &builder, "partition", partition_of(value_text(region)));
    }
    return value_builder_map(&builder);
}

/* "self" first, then what the user configured; an alias given twice counts once. */
static const struct value *targets_of(
        struct run *run, const struct value *aws, const struct value *configured)
{
    size_t count = 0;
    const struct value **items =
            ARENA_ARRAY(run->arena, const struct value *, value_count(configured) + 1);
    items[count++] = value_with(run->arena, aws, key_of(run->keys, STR("alias")),
            value_string_new(run->arena, STR("self"), MARK_NONE));
    for (size_t i = 0; i < value_count(configured); i++) {
        const struct value *item = value_at(configured, i);
        struct str alias = value_string(value_get_str(item, STR("alias")));
        if (alias.len > 0 && !str_eq(alias, STR("self"))) {
            items[count++] = item;
        }
    }
    return value_list_new(run->arena, items, count, MARK_NONE);
}

const struct value *context_new(struct run *run, const struct instance *instance,
        struct str kind, const struct value *targets)
{
    struct value_builder builder;
    const struct value *aws = aws_of(run, instance);
    value_builder_init(&builder, run->arena, MARK_NONE);
    put_text(run, &builder, "stack", instance->stack);
    put_text(run, &builder, "component", instance->name);
    put_text(run, &builder, "module", instance->folder);
    if (kind.len > 0) {
        put_text(run, &builder, "kind", kind);
    }
    put(run, &builder, "vars", instance->vars);
    put(run, &builder, "settings", instance->settings);
    put(run, &builder, "metadata", instance->metadata);
    put(run, &builder, "aws", aws);
    if (targets) {
        put(run, &builder, "targets", targets_of(run, aws, targets));
    }
    return value_builder_map(&builder);
}

const struct value *context_target(const struct value *context, struct str alias)
{
    const struct value *targets = value_get_str(context, STR("targets"));
    for (size_t i = 0; i < value_count(targets); i++) {
        const struct value *target = value_at(targets, i);
        if (str_eq(value_string(value_get_str(target, STR("alias"))), alias)) {
            return target;
        }
    }
    return NULL;
}

/* ---- tfa.lookup/1 ---- */

/* All stacks, resolved when a plugin first asks; NULL when it may not. */
static const struct stacks *world_stacks(struct tfa_call *call)
{
    struct plugin_world *world = &host_of(call)->plugins->world;
    if (!world->stacks && world->find_stacks) {
        world->stacks = world->find_stacks(world->context);
    }
    return world->stacks;
}

static int32_t lookup_instance(struct tfa_call *call, struct tfa_str stack,
        struct tfa_str component, tfa_val *ret_instance)
{
    int32_t rc = call_enter(call, SERVICE_LOOKUP, "lookup.instance");
    if (rc != TFA_OK) {
        return rc;
    }
    const struct stacks *stacks = world_stacks(call);
    if (!stacks) {
        return TFA_E_UNSUPPORTED;
    }
    if (!ret_instance || !is_good_text(stack) || !is_good_text(component)) {
        return TFA_E_INVALID;
    }
    const struct stack *found =
            stacks_find(stacks, stack.len > 0 ? str_of(stack) : str_of(call->who.stack));
    const struct instance *instance =
            found ? stack_find_instance(found, str_of(component), STR_EMPTY) : NULL;
    if (!instance || instance->is_abstract) {
        return TFA_E_ABSENT;
    }
    const struct value *context = context_new(call->run, instance, STR_EMPTY, NULL);
    /* Values of another instance have no place in this one. */
    *ret_instance = handle_root(call, context, STR_EMPTY);
    return *ret_instance == TFA_NONE ? TFA_E_LIMIT : TFA_OK;
}

/* Is the instance one the kind handles: by its settings, or by the component a plugin binds? */
static bool is_of_kind(struct tfa_call *call, const struct instance *instance, struct str kind)
{
    const struct value *intent = value_get_str(instance->settings, kind);
    if (kind.len == 0) {
        return true;
    }
    if (intent && !value_is(intent, VALUE_NULL)) {
        return value_is(intent, VALUE_MAP) || value_bool(intent, false);
    }
    for (size_t i = 0; i < host_of(call)->plugins->list.count; i++) {
        const struct plugin *plugin = host_of(call)->plugins->list.items[i];
        if (plugin->state != PLUGIN_READY || !str_list_has(&plugin->identity->kinds, kind)) {
            continue;
        }
        for (size_t k = 0; k < plugin->identity->components.count; k++) {
            if (glob_match(plugin->identity->components.items[k], instance->folder)) {
                return true;
            }
        }
    }
    return false;
}

static int compare_instances(const void *a, const void *b)
{
    const struct instance *x = *(const struct instance *const *)a;
    const struct instance *y = *(const struct instance *const *)b;
    int order = str_cmp(x->stack, y->stack);
    return order != 0 ? order : str_cmp(x->name, y->name);
}

static int32_t lookup_instances(struct tfa_call *call, struct tfa_str kind, tfa_val *ret_list)
{
    int32_t rc = call_enter(call, SERVICE_LOOKUP, "lookup.instances");
    if (rc != TFA_OK) {
        return rc;
    }
    const struct stacks *stacks = world_stacks(call);
    if (!stacks) {
        return TFA_E_UNSUPPORTED;
    }
    if (!ret_list || !is_good_text(kind)) {
        return TFA_E_INVALID;
    }
    struct run *run = call->run;
    size_t count = 0;
    const struct instance **found =
            ARENA_ARRAY(call->scratch, const struct instance *, stacks->instance_count + 1);
    for (size_t i = 0; i < stacks->instance_count; i++) {
        const struct instance *instance = stacks->instances[i];
        if (!instance->is_abstract && is_of_kind(call, instance, str_of(kind))) {
            found[count++] = instance;
        }
    }
    if (count > 1) {
        qsort(found, count, sizeof(found[0]), compare_instances);
    }
    const struct value **items = ARENA_ARRAY(run->arena, const struct value *, count + 1);
    for (size_t i = 0; i < count; i++) {
        struct value_builder builder;
        value_builder_init(&builder, run->arena, MARK_NONE);
        put_text(run, &builder, "stack", found[i]->stack);
        put_text(run, &builder, "component", found[i]->name);
        put_text(run, &builder, "module", found[i]->folder);
        items[i] = value_builder_map(&builder);
    }
    *ret_list =
            handle_root(call, value_list_new(run->arena, items, count, MARK_NONE), STR_EMPTY);
    return *ret_list == TFA_NONE ? TFA_E_LIMIT : TFA_OK;
}

const struct tfa_lookup_v1 host_lookup_v1 = { lookup_instance, lookup_instances };
