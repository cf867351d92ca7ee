/* SPDX-License-Identifier: Apache-2.0 */
/* Where plugin files come from: folders here, servers in the files beside; and what is done with them. */
#include "plugin_source.h"

#include <errno.h>
#include <string.h>

#include "pipeline.h"

static int refuse_file(struct run *run, struct str path, const char *why)
{
    struct diag *diag = diag_add(&run->diags, &install_diags[INSTALL_NO_FILE], MARK_NONE,
            "`%.*s` %s", STR_ARG(path), why);
    diag->hint = STR("name a plugin file, a folder with plugins, an https:// address or an "
                     "oci:// reference");
    return ERR_INVALID;
}

int plugin_source_refuse(struct run *run, struct str address, const char *why)
{
    struct diag *diag = diag_add(&run->diags, &install_diags[INSTALL_ADDRESS], MARK_NONE,
            "`%.*s` %s", STR_ARG(address), why);
    diag->hint = STR("write https://host/path/x.so, oci://host/name:tag or "
                     "oci://host/name@sha256:<digest>");
    return ERR_INVALID;
}

/* A path outside of the repository means nothing to who clones it, and is not written down. */
static struct str recorded_path(struct run *run, struct str path)
{
    struct str repository = run->config ? run->config->base_path : STR_EMPTY;
    return repository.len > 0 && path_is_below(repository, path)
                   ? path_relative(run->arena, repository, path)
                   : STR_EMPTY;
}

static int read_file(struct run *run, struct str path, const struct package_taker *taker)
{
    struct arena *arena = arena_new();
    struct plugin_package package = { .shown = path, .source = recorded_path(run, path) };
    int code = file_read(arena, path, PACKAGE_MAX_BYTES, &package.content);
    if (code != 0) {
        code = refuse_file(run, path,
                code == ERR_LIMIT       ? "is larger than 256 MiB"
                : code == ERR_INVALID   ? "is no file"
                : code == ERR_NOT_FOUND ? "does not exist"
                                        : strerrordesc_np(errno));
        arena_free(arena);
        return code;
    }
    if (!package_is_signed_inside(package.content)) {
        struct str beside = arena_printf(arena, "%.*s.sig", STR_ARG(path));
        code = file_read(arena, beside, PACKAGE_MAX_SIGNATURE_BYTES, &package.signature);
        if (code != 0 && code != ERR_NOT_FOUND) {
            code = refuse_file(run, arena_dup(run->arena, beside), "is no signature");
            arena_free(arena);
            return code;
        }
    }
    code = taker->take(taker->context, &package);
    arena_free(arena);
    return code;
}

/* The digest of one file cannot be that of several: said before the first one is installed. */
static int refuse_second(struct run *run, struct str path)
{
    struct diag *diag = diag_add(&run->diags, &install_diags[INSTALL_DIGEST], MARK_NONE,
            "`%.*s` is a second plugin, and --sha256 is the digest of one", STR_ARG(path));
    diag->hint = STR("name the file instead of its folder");
    return ERR_INVALID;
}

static bool is_candidate(const struct folder_entry *entry)
{
    return entry->kind == FILE_REGULAR && str_ends_with(entry->name, STR(".so"));
}

static int read_folder(struct run *run, struct str path, const struct package_taker *taker)
{
    struct folder_entry *entries = NULL;
    size_t count = 0;
    size_t found = 0;
    int result = 0;
    if (folder_list(run->arena, path, &entries, &count) != 0) {
        return refuse_file(run, path, "cannot be read");
    }
    for (size_t i = 0; i < count; i++) {
        found += is_candidate(&entries[i]);
        if (found > 1 && taker->wants_one) {
            return refuse_second(run, path_join(run->arena, path, entries[i].name));
        }
    }
    for (size_t i = 0; i < count; i++) {
        if (is_candidate(&entries[i])) {
            int code = read_file(run, path_join(run->arena, path, entries[i].name), taker);
            result = result ? result : code;
        }
    }
    return found > 0 ? result : refuse_file(run, path, "holds no file *.so");
}

int plugin_source_read(struct run *run, struct str address, const struct package_taker *taker)
{
    if (str_starts_with(address, STR("https://"))) {
        return plugin_source_web(run, address, taker);
    }
    if (str_starts_with(address, STR("oci://"))) {
        return plugin_source_registry(run, address, taker);
    }
    if (str_find_str(address, STR("://")) >= 0) {
        return plugin_source_refuse(run, address, "has a scheme that plugins do not come over");
    }
    struct str path = path_clean(run->arena, path_join(run->arena, run->folder, address));
    return file_is_folder(path) ? read_folder(run, path, taker) : read_file(run, path, taker);
}

/* ---- what is done with them ---- */

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
    return r ? r : plugin_source_read(run, address, &taker);
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
    return plugin_source_read(run, source, &taker);
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
