/* SPDX-License-Identifier: Apache-2.0 */
/* plugin enable and plugin disable: changes of the lock file. */
#include "plugin_set.h"

static int refuse(struct run *run, const struct plugin *plugin, struct str reason)
{
    struct str shown = plugin_shown(run, plugin);
    struct diag *diag = diag_add(&run->diags, &plugin_diags[PLUGIN_NOT_USABLE], MARK_NONE,
            "plugin `%.*s` cannot be enabled: `%.*s` %.*s", STR_ARG(plugin->identity->id),
            STR_ARG(shown), STR_ARG(reason));
    diag->hint = plugin->next;
    diag->plugin = plugin->identity->id;
    return ERR_DENIED;
}

/* Writes what changed and takes it over; on failure the set stays as it was. */
static int commit(struct run *run, struct plugins *plugins, const struct plugin_lock *lock)
{
    int code = lock_write(run, lock);
    if (code == 0) {
        plugins->lock = *lock;
        plugins_judge(run, plugins);
    }
    return code;
}

int plugin_enable(
        struct run *run, struct plugins *plugins, struct plugin *plugin, bool *ret_changed)
{
    struct plugin_lock lock = plugins->lock;
    const struct plugin_identity *identity = plugin->identity;
    if (!identity || plugin->runtime->judged != PLUGIN_READY) {
        return identity ? refuse(run, plugin, plugin->reason) : ERR_DENIED;
    }
    for (size_t i = 0; i < plugins->disabled_count; i++) {
        if (glob_match(plugins->disabled[i], identity->id)) {
            return refuse(run, plugin, STR("is disabled by plugins.disabled in atmos.yaml"));
        }
    }
    if (plugin->state == PLUGIN_READY) {
        *ret_changed = false;
        return 0;
    }
    lock_set_disabled(run, &lock, identity->id, false);
    if (lock_disables(&lock, identity->id)) {
        return refuse(run, plugin,
                STR("is disabled by a pattern in the \"disabled\" list of " LOCK_FILE_NAME));
    }
    if (plugin->origin != PLUGIN_BUNDLED) {
        if (plugin_hash(run, plugin) != 0) {
            return refuse(run, plugin, STR("cannot be read"));
        }
        lock_set_pin(run, &lock, identity->id,
                (struct lock_pin){ .version = identity->version,
                        .sha256 = plugin->digest,
                        .kinds = identity->kinds,
                        .components = identity->components });
    }
    int code = commit(run, plugins, &lock);
    if (code == 0) {
        *ret_changed = true;
    }
    return code;
}

int plugin_disable(
        struct run *run, struct plugins *plugins, struct plugin *plugin, bool *ret_changed)
{
    struct plugin_lock lock = plugins->lock;
    struct lock_pin pin;
    if (!plugin->identity) {
        return ERR_DENIED;
    }
    struct str id = plugin->identity->id;
    bool is_pinned = lock_find(NULL, &lock, id, &pin);
    bool is_off = plugin->origin == PLUGIN_BUNDLED ? lock_disables(&lock, id) : true;
    if (!is_pinned && is_off) {
        *ret_changed = false;
        return 0;
    }
    lock_remove_pin(run, &lock, id);
    if (plugin->origin == PLUGIN_BUNDLED) {
        lock_set_disabled(run, &lock, id, true);
    }
    int code = commit(run, plugins, &lock);
    if (code == 0) {
        *ret_changed = true;
    }
    return code;
}
