/* SPDX-License-Identifier: Apache-2.0 */
/* Which plugins handle an instance. */
#include <stdlib.h>
#include <string.h>

#include "plugin_set.h"

/* The bindings of one instance, kept so that what is said about them is said once. */
struct bound {
    struct plugin_binding *items;
    size_t count;
    int code;
};

static bool is_bound(const struct str_list *components, const struct instance *instance)
{
    for (size_t i = 0; i < components->count; i++) {
        if (glob_match(components->items[i], instance->folder)) {
            return true;
        }
    }
    return false;
}

static bool binds_component(const struct plugin *plugin, const struct instance *instance)
{
    return str_eq(instance->type, STR("terraform")) &&
           (is_bound(&plugin->identity->components, instance) ||
                   is_bound(&plugin->runtime->pin.components, instance));
}

static void set_subject(struct diag *diag, const struct instance *instance, struct str kind,
        struct arena *arena)
{
    diag->stack = instance->stack;
    diag->component = instance->name;
    diag->pointer = arena_printf(arena, "/settings/%.*s", STR_ARG(kind));
}

static int say_wrong_type(struct run *run, const struct instance *instance, struct str kind,
        const struct value_entry *entry)
{
    struct diag *diag = diag_add(&run->diags, &plugin_diags[PLUGIN_INTENT_INVALID],
            entry->value->mark.line != 0 ? entry->value->mark : entry->mark,
            "settings.%.*s of component `%.*s` in stack `%.*s` is neither a map nor true or "
            "false",
            STR_ARG(kind), STR_ARG(instance->name), STR_ARG(instance->stack));
    diag->hint = arena_printf(
            run->arena, "write the settings of the plugin below %.*s:", STR_ARG(kind));
    set_subject(diag, instance, kind, run->arena);
    return ERR_INVALID;
}

/* One kind of a ready plugin; adds a binding when it handles the instance. */
static int bind_kind(struct run *run, struct plugins *plugins, struct plugin *plugin,
        struct str kind, const struct instance *instance, struct plugin_binding *binding,
        size_t *count)
{
    const struct value_entry *entry = value_entry_get_str(instance->settings, kind);
    struct plugin_binding made = { .plugin = plugin,
        .kind = kind,
        .instance = instance,
        .intent = plugins->no_value,
        .mark = instance->mark };
    if (entry && !value_is(entry->value, VALUE_NULL)) {
        made.mark = entry->mark.line != 0 ? entry->mark : entry->value->mark;
        if (value_is(entry->value, VALUE_MAP)) {
            made.intent = entry->value;
        } else if (!value_is(entry->value, VALUE_BOOL)) {
            return say_wrong_type(run, instance, kind, entry);
        } else if (!value_bool(entry->value, false)) {
            return 0;
        }
    } else if (binds_component(plugin, instance)) {
        made.by_component = true;
    } else {
        return 0;
    }
    made.state = ARENA_NEW(run->arena, struct binding_state);
    *binding = made;
    *count += 1;
    return 0;
}

static bool is_handled(const struct plugins *plugins, struct str kind)
{
    for (size_t i = 0; i < plugins->list.count; i++) {
        const struct plugin *plugin = plugins->list.items[i];
        if (plugin->state == PLUGIN_READY && str_list_has(&plugin->identity->kinds, kind)) {
            return true;
        }
    }
    return false;
}

/* The kinds the instance might want of a plugin: those of the file, and those it was pinned for. A file
 * put in its place may say others. */
static struct str_list kinds_of(struct run *run, const struct plugin *plugin)
{
    const struct str_list *own = &plugin->identity->kinds;
    const struct str_list *pinned = &plugin->runtime->pin.kinds;
    struct str *items = ARENA_ARRAY(run->arena, struct str, own->count + pinned->count + 1);
    size_t count = 0;
    for (size_t i = 0; i < own->count; i++) {
        items[count++] = own->items[i];
    }
    for (size_t i = 0; i < pinned->count; i++) {
        if (!str_list_has(own, pinned->items[i])) {
            items[count++] = pinned->items[i];
        }
    }
    return (struct str_list){ items, count };
}

static void say_needed(struct run *run, const struct plugin *plugin,
        const struct instance *instance, struct mark mark, struct str kind, bool must_run)
{
    struct diag *diag = NULL;
    if (must_run) {
        diag = diag_add(&run->diags, &plugin_diags[PLUGIN_NEEDED], mark,
                "component `%.*s` in stack `%.*s` needs plugin `%.*s`, which is %s",
                STR_ARG(instance->name), STR_ARG(instance->stack),
                STR_ARG(plugin->identity->id), plugin_state_name(plugin->state));
    } else {
        diag = diag_add(&run->diags, &plugin_diags[PLUGIN_NOT_ENABLED], mark,
                "settings.%.*s of component `%.*s` in stack `%.*s` is not looked at: plugin "
                "`%.*s` is %s",
                STR_ARG(kind), STR_ARG(instance->name), STR_ARG(instance->stack),
                STR_ARG(plugin->identity->id), plugin_state_name(plugin->state));
    }
    struct str shown = plugin_shown(run, plugin);
    diag->detail = arena_printf(run->arena, "%.*s: %.*s%s%s%s", STR_ARG(shown),
            STR_ARG(plugin->reason), plugin->refusal ? " [" : "",
            plugin->refusal ? plugin->refusal->id : "", plugin->refusal ? "]" : "");
    diag->hint = plugin->next;
    diag->plugin = plugin->identity->id;
    set_subject(diag, instance, kind, run->arena);
}

/*
 * A plugin that is there and does not run, while the instance asks for it. If the repository relies on
 * it (bundled, enabled here, or signed by somebody trusted) going on would silently leave out its checks and variables: an error.
 * Otherwise a warning, because silence would look like a valid configuration. A plugin switched off
 * on purpose is not worth a word.
 */
static int say_unused(struct run *run, const struct plugins *plugins,
        const struct plugin *plugin, const struct instance *instance)
{
    bool must_run =
            plugin->is_pinned || plugin->is_signed_here || plugin->origin == PLUGIN_BUNDLED;
    bool is_said = false;
    bool is_off = false;
    struct str_list kinds = kinds_of(run, plugin);
    for (size_t k = 0; k < kinds.count; k++) {
        const struct value_entry *entry =
                value_entry_get_str(instance->settings, kinds.items[k]);
        if (!entry || value_is(entry->value, VALUE_NULL)) {
            continue;
        }
        bool is_wanted = value_is(entry->value, VALUE_MAP) || value_bool(entry->value, false);
        is_off = is_off || !is_wanted;
        if (is_wanted && !is_handled(plugins, kinds.items[k])) {
            say_needed(run, plugin, instance,
                    entry->mark.line != 0 ? entry->mark : entry->value->mark, kinds.items[k],
                    must_run);
            is_said = true;
        }
    }
    /* By its component alone an instance asks only for what the repository relies on. */
    if (!is_said && !is_off && must_run && kinds.count > 0 &&
            binds_component(plugin, instance) && !is_handled(plugins, kinds.items[0])) {
        say_needed(run, plugin, instance, instance->mark, kinds.items[0], must_run);
        is_said = true;
    }
    return is_said && must_run ? ERR_UNAVAILABLE : 0;
}

static int compare_bindings(const void *a, const void *b)
{
    const struct plugin_binding *x = a;
    const struct plugin_binding *y = b;
    return str_cmp(x->kind, y->kind);
}

static struct bound *bind_instance(
        struct run *run, struct plugins *plugins, const struct instance *instance)
{
    struct bound *bound = ARENA_NEW(run->arena, struct bound);
    size_t kinds = 0;
    if (instance->is_abstract || !instance->is_enabled) {
        return bound;
    }
    for (size_t i = 0; i < plugins->list.count; i++) {
        const struct plugin *plugin = plugins->list.items[i];
        kinds += plugin->identity ? plugin->identity->kinds.count : 0;
    }
    bound->items = ARENA_ARRAY(run->arena, struct plugin_binding, kinds + 1);
    for (size_t i = 0; i < plugins->list.count; i++) {
        struct plugin *plugin = plugins->list.items[i];
        if (!plugin->identity || plugin->state == PLUGIN_SHADOWED ||
                plugin->state == PLUGIN_DISABLED) {
            continue;
        }
        if (plugin->state != PLUGIN_READY) {
            int code = say_unused(run, plugins, plugin, instance);
            bound->code = bound->code != 0 ? bound->code : code;
            continue;
        }
        for (size_t k = 0; k < plugin->identity->kinds.count; k++) {
            int code = bind_kind(run, plugins, plugin, plugin->identity->kinds.items[k],
                    instance, &bound->items[bound->count], &bound->count);
            bound->code = bound->code != 0 ? bound->code : code;
        }
    }
    if (bound->count > 1) {
        qsort(bound->items, bound->count, sizeof(bound->items[0]), compare_bindings);
    }
    return bound;
}

int plugins_bind(struct run *run, struct plugins *plugins, const struct instance *instance,
        const struct plugin_binding **ret_bindings, size_t *ret_count)
{
    struct str key = { (const char *)&instance, sizeof(const struct instance *) };
    struct bound *bound = map_get(&plugins->bindings, key);
    if (!bound) {
        bound = bind_instance(run, plugins, instance);
        (void)map_put(run->arena, &plugins->bindings, key, bound);
    }
    *ret_bindings = bound->items;
    *ret_count = bound->count;
    return bound->code;
}
