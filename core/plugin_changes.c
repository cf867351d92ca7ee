/* SPDX-License-Identifier: Apache-2.0 */
/* Plugins that come, change and go: what is fetched is handed to the installation. */
#include "fetch/fetch.h"
#include "pipeline.h"

struct installer {
    struct run *run;
    struct plugins *plugins;
    const struct install_request *request;
    const struct install_listener *listener;
};

static int install_one(void *context, const struct plugin_package *package)
{
    struct installer *installer = context;
    struct install_result result;
    int code = plugin_install(
            installer->run, installer->plugins, installer->request, package, &result);
    if (code == 0) {
        installer->listener->told(installer->listener->context, &result);
    }
    return code;
}

int pipeline_plugin_install(struct run *run, const struct config_options *options,
        struct str address, const struct install_request *request,
        const struct install_listener *listener)
{
    struct installer installer = { .run = run, .request = request, .listener = listener };
    const struct package_taker taker = {
        .take = install_one, .context = &installer, .wants_one = request->sha256.len > 0
    };
    int r = pipeline_discover(run, options, &installer.plugins);
    r = r ? r : plugins_may_change(run, installer.plugins);
    return r ? r : packages_fetch(run, address, &taker);
}

/* The place a plugin is in stays the place it is in. */
static int update_one(struct installer *installer, struct str id)
{
    struct run *run = installer->run;
    const struct plugin *plugin = plugins_find(installer->plugins, id);
    struct install_request request = *installer->request;
    struct str source = plugin_source(installer->plugins, id);
    if (plugin && plugin->origin != PLUGIN_REPOSITORY && plugin->origin != PLUGIN_USER) {
        diag_add(&run->diags, &install_diags[INSTALL_NOT_OURS], MARK_NONE,
                "plugin `%.*s` does not lie in plugins.d: `%.*s` is not updated", STR_ARG(id),
                STR_ARG(plugin->path));
        return ERR_DENIED;
    }
    if (source.len == 0) {
        struct diag *diag = diag_add(&run->diags, &install_diags[INSTALL_NO_SOURCE], MARK_NONE,
                "plugin `%.*s` has no recorded source", STR_ARG(id));
        diag->hint =
                STR("tf-atmos plugin install --force <file or address of the new version>");
        return ERR_INVALID;
    }
    if (str_find_str(source, STR("://")) < 0) {
        source = path_join(run->arena, run->config->base_path, source);
    }
    request.id = id;
    request.is_update = true;
    request.is_for_user = plugin && plugin->origin == PLUGIN_USER;
    struct installer one = *installer;
    one.request = &request;
    const struct package_taker taker = { .take = install_one, .context = &one };
    return packages_fetch(run, source, &taker);
}

int pipeline_plugin_update(struct run *run, const struct config_options *options, struct str id,
        const struct install_request *request, const struct install_listener *listener)
{
    struct installer installer = { .run = run, .request = request, .listener = listener };
    struct plugin *plugin = NULL;
    int r = pipeline_discover(run, options, &installer.plugins);
    r = r ? r : plugins_may_change(run, installer.plugins);
    if (r == 0 && id.len > 0) {
        r = plugins_select(run, installer.plugins, id, &plugin);
        return r ? r : update_one(&installer, plugin->identity->id);
    }
    struct str_list ids = { 0 };
    if (r == 0) {
        ids = plugins_with_source(run, installer.plugins);
    }
    for (size_t i = 0; i < ids.count; i++) {
        int code = update_one(&installer, ids.items[i]);
        r = r ? r : code;
    }
    return r;
}

int pipeline_plugin_remove(struct run *run, const struct config_options *options, struct str id,
        bool is_dry_run, struct install_result *ret_result)
{
    struct plugins *plugins = NULL;
    int r = pipeline_discover(run, options, &plugins);
    return r ? r : plugin_remove(run, plugins, id, is_dry_run, ret_result);
}
