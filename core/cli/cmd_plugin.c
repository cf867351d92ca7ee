/* SPDX-License-Identifier: Apache-2.0 */
/* plugin list, info, manifest, enable, disable, reset; list plugins. */
#include "cmd.h"

/* Plugins can be looked at anywhere; inside a repository its folders and its lock file count too. */
static int discover(struct invocation *invocation, struct plugins **ret_plugins)
{
    struct config_options config = invocation_config_options(invocation);
    return pipeline_discover(invocation->run, &config, ret_plugins);
}

/* {"format_version": "1.0", "items": [...]} */
static const struct value *versioned(struct run *run, const struct value *items)
{
    struct value_builder builder;
    value_builder_init(&builder, run->arena, MARK_NONE);
    value_builder_add(&builder, key_of(run->keys, STR("format_version")),
            value_string_new(run->arena, STR("1.0"), MARK_NONE), MARK_NONE);
    value_builder_add(&builder, key_of(run->keys, STR("items")), items, MARK_NONE);
    return value_builder_map(&builder);
}

static enum style style_of(enum plugin_state state)
{
    switch (state) {
    case PLUGIN_READY:
        return STYLE_OK;
    case PLUGIN_REFUSED:
    case PLUGIN_INCOMPATIBLE:
    case PLUGIN_UNSIGNED:
    case PLUGIN_EXPIRED:
    case PLUGIN_REVOKED:
        return STYLE_ERROR;
    case PLUGIN_AVAILABLE:
    case PLUGIN_QUARANTINED:
        return STYLE_WARNING;
    case PLUGIN_DISABLED:
    case PLUGIN_SHADOWED:
    case PLUGIN_STATE__COUNT:
        break;
    }
    return STYLE_DIM;
}

static struct str joined(struct run *run, const struct str_list *list)
{
    return arena_join(run->arena, list->items, list->count, STR(" "));
}

static struct str interface_shown(struct run *run, const struct plugin *plugin)
{
    const struct plugin_identity *identity = plugin->identity;
    return identity && identity->abi_major > 0
                   ? arena_printf(run->arena, "%u.%u", (unsigned)identity->abi_major,
                             (unsigned)identity->abi_minor)
                   : STR_EMPTY;
}

/* How many actions it may call; `plugin info` and JSON name them. */
static struct str reads_shown(struct run *run, const struct plugin_identity *identity)
{
    size_t count = identity ? identity->aws_actions.count : 0;
    return count > 0 ? arena_printf(run->arena, "%zu read%s", count, count > 1 ? "s" : "")
                     : STR_EMPTY;
}

int cmd_plugin_list(struct invocation *invocation)
{
    static const struct column columns[] = {
        { "id", "Plugin", COLUMN_TEXT, 0 },
        { "version", "Version", COLUMN_TEXT, 0 },
        { "kind", "Kind", COLUMN_TEXT, 0 },
        { "interface", "ABI", COLUMN_TEXT, 0 },
        { "state", "State", COLUMN_TEXT, 0 },
        { "origin", "Origin", COLUMN_TEXT, 0 },
        { "signer", "Signer", COLUMN_TEXT, 1 },
        { "host", "Host", COLUMN_TEXT, 0 },
        { "offers", "Offers", COLUMN_TEXT, 2 },
        { "aws_actions", "AWS", COLUMN_TEXT, 0 },
        { "path", "File", COLUMN_TEXT, 1 },
        { "reason", "Why", COLUMN_TEXT, 2 },
    };
    struct run *run = invocation->run;
    struct plugins *plugins = NULL;
    int r = discover(invocation, &plugins);
    if (!plugins) {
        return r;
    }
    struct str format = option_format(invocation);
    if (str_eq_cstr(format, "json") || str_eq_cstr(format, "yaml")) {
        print_ordered(invocation, versioned(run, plugins_list_value(run, plugins)));
        return r;
    }
    struct table table = { .columns = columns, .column_count = 12, .empty = "no plugins" };
    for (size_t i = 0; i < plugins_count(plugins); i++) {
        const struct plugin *plugin = plugins_at(plugins, i);
        struct str why = plugin->reason;
        if (plugin->next.len > 0) {
            why = arena_printf(run->arena, "%.*s%s%.*s", STR_ARG(why), why.len > 0 ? "; " : "",
                    STR_ARG(plugin->next));
        }
        struct str path =
                str_eq_cstr(format, "table") ? path_shown(run, plugin->path) : plugin->path;
        const struct plugin_identity *identity = plugin->identity;
        const struct table_cell cells[] = {
            { plugin->identity ? plugin->identity->id : plugin->name, STYLE_KEY },
            { plugin->identity ? plugin->identity->version : STR_EMPTY, STYLE_PLAIN },
            { identity ? joined(run, &identity->kinds) : STR_EMPTY, STYLE_PLAIN },
            { interface_shown(run, plugin), STYLE_PLAIN },
            { str_from(plugin_state_name(plugin->state)), style_of(plugin->state) },
            { str_from(plugin_origin_name(plugin->origin)), STYLE_PLAIN },
            { plugin->signer_name.len > 0 ? plugin->signer_name : plugin->signer, STYLE_PLAIN },
            { str_from(plugin_host_name(plugin)), STYLE_PLAIN },
            { identity ? joined(run, &identity->provides) : STR_EMPTY, STYLE_DIM },
            { reads_shown(run, identity), STYLE_DIM },
            { path, STYLE_DIM },
            { why, STYLE_PLAIN },
        };
        table_add(run->arena, &table, cells);
    }
    int printed = print_table(invocation, &table);
    return r ? r : printed;
}

static int select_plugin(
        struct invocation *invocation, struct plugins **ret_plugins, struct plugin **ret_plugin)
{
    int r = discover(invocation, ret_plugins);
    return r ? r
             : plugins_select(
                       invocation->run, *ret_plugins, invocation->args.items[0], ret_plugin);
}

int cmd_plugin_info(struct invocation *invocation)
{
    struct plugins *plugins = NULL;
    struct plugin *plugin = NULL;
    int r = select_plugin(invocation, &plugins, &plugin);
    if (r == 0) {
        print_ordered(invocation, plugin_info_value(invocation->run, plugin));
    }
    return r;
}

int cmd_plugin_manifest(struct invocation *invocation)
{
    struct run *run = invocation->run;
    struct str name = invocation->args.items[0];
    const struct value *manifest = NULL;
    int r;
    if (str_find(name, '/') >= 0) {
        r = plugin_manifest_of_file(run, path_join(run->arena, run->folder, name), &manifest);
    } else {
        struct plugins *plugins = NULL;
        struct plugin *plugin = NULL;
        r = select_plugin(invocation, &plugins, &plugin);
        r = r ? r : plugin_manifest_value(run, plugin, &manifest);
    }
    if (r == 0) {
        print_ordered(invocation, manifest);
    }
    return r;
}

static void report_switch(struct invocation *invocation, const struct plugins *plugins,
        const struct plugin *plugin, const char *verb, bool has_changed)
{
    struct run *run = invocation->run;
    struct str lock = path_shown(run, plugins_lock_path(plugins));
    const struct plugin_identity *identity = plugin->identity;
    stream_addf(invocation->out, "%s %.*s %.*s%s\n", verb, STR_ARG(identity->id),
            STR_ARG(identity->version), has_changed ? "" : ": nothing to change");
    if (has_changed && !option_flag(invocation, "quiet")) {
        stream_addf(invocation->err, "changed %.*s; commit it with the repository\n",
                STR_ARG(lock));
    }
}

typedef int switch_fn(
        struct run *run, struct plugins *plugins, struct plugin *plugin, bool *ret_changed);

static int switch_plugin(
        struct invocation *invocation, switch_fn *change, const char *would, const char *done)
{
    struct plugins *plugins = NULL;
    struct plugin *plugin = NULL;
    bool has_changed = false;
    int r = select_plugin(invocation, &plugins, &plugin);
    if (r == 0 && option_flag(invocation, "dry-run")) {
        report_switch(invocation, plugins, plugin, would, true);
        return 0;
    }
    r = r ? r : change(invocation->run, plugins, plugin, &has_changed);
    if (r == 0) {
        report_switch(invocation, plugins, plugin, done, has_changed);
    }
    return r;
}

int cmd_plugin_enable(struct invocation *invocation)
{
    return switch_plugin(invocation, plugin_enable, "would enable", "enabled");
}

int cmd_plugin_disable(struct invocation *invocation)
{
    return switch_plugin(invocation, plugin_disable, "would disable", "disabled");
}

int cmd_plugin_reset(struct invocation *invocation)
{
    struct plugins *plugins = NULL;
    struct str id = invocation->args.count > 0 ? invocation->args.items[0] : STR_EMPTY;
    size_t count = 0;
    int r = discover(invocation, &plugins);
    if (r == 0 && option_flag(invocation, "dry-run")) {
        stream_addf(invocation->out, "would reset %.*s\n",
                STR_ARG(id.len > 0 ? id : STR("all plugins")));
        return 0;
    }
    r = r ? r : plugins_reset(invocation->run, plugins, id, &count);
    if (r == 0) {
        struct str subject = id.len > 0 ? id : STR("plugins");
        stream_addf(invocation->out, "reset %.*s: %zu %s out of quarantine\n", STR_ARG(subject),
                count, count == 1 ? "file is" : "files are");
    }
    return r;
}
