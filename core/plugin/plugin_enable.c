/* SPDX-License-Identifier: Apache-2.0 */
/* plugin enable, disable and reset: changes of the lock file and of the quarantine. */
#include "plugin_trust.h"

static int refuse(struct run *run, const struct plugin *plugin, const struct diag_kind *code,
        struct str reason)
{
    struct str shown = plugin_shown(run, plugin);
    struct diag *diag = diag_add(&run->diags, code ? code : &plugin_diags[PLUGIN_NOT_USABLE],
            MARK_NONE, "plugin `%.*s` cannot be enabled: `%.*s` %.*s",
            STR_ARG(plugin->identity->id), STR_ARG(shown), STR_ARG(reason));
    diag->hint = plugin->next;
    diag->plugin = plugin->identity->id;
    return ERR_DENIED;
}

int plugins_may_change(struct run *run, const struct plugins *plugins)
{
    if (plugins->trust->is_locked) {
        struct str path = plugins->lock.path;
        diag_add(&run->diags, &trust_diags[TRUST_LOCK_DRIFT], MARK_NONE,
                "`%.*s` may not change: it is locked",
                STR_ARG(path.len > 0 ? path : STR(LOCK_FILE_NAME)));
        return ERR_DENIED;
    }
    return 0;
}

int plugins_commit(struct run *run, struct plugins *plugins, const struct plugin_lock *lock)
{
    int code = plugins_may_change(run, plugins);
    code = code == 0 ? lock_write(run, lock) : code;
    if (code == 0) {
        plugins->lock = *lock;
        plugins_judge(run, plugins);
    }
    return code;
}

/* Pins the file as it is, with its signer, unless a signature, a list or a policy speaks against it. */
static int pin(struct run *run, struct plugins *plugins, struct plugin *plugin,
        struct plugin_lock *lock)
{
    const struct plugin_identity *identity = plugin->identity;
    trust_judge(run, plugins, plugin, true);
    if (plugin->state != PLUGIN_READY && plugin->state != PLUGIN_AVAILABLE) {
        int code = refuse(run, plugin, plugin->refusal, plugin->reason);
        plugins_judge(run, plugins);
        return code;
    }
    struct lock_pin before = { 0 };
    (void)lock_find(NULL, lock, identity->id, &before);
    lock_set_pin(run, lock, identity->id,
            (struct lock_pin){ .version = identity->version,
                    .sha256 = plugin->digest,
                    .signer = plugin->signer,
                    .source = before.source,
                    .kinds = identity->kinds,
                    .components = identity->components });
    return 0;
}

int plugin_enable(
        struct run *run, struct plugins *plugins, struct plugin *plugin, bool *ret_changed)
{
    struct plugin_lock lock = plugins->lock;
    const struct plugin_identity *identity = plugin->identity;
    if (!identity || plugin->runtime->judged != PLUGIN_READY) {
        return identity ? refuse(run, plugin, plugin->refusal, plugin->reason) : ERR_DENIED;
    }
    for (size_t i = 0; i < plugins->disabled_count; i++) {
        if (glob_match(plugins->disabled[i], identity->id)) {
            return refuse(
                    run, plugin, NULL, STR("is disabled by plugins.disabled in atmos.yaml"));
        }
    }
    if (plugin->state == PLUGIN_READY &&
            (plugin->is_pinned || plugin->origin == PLUGIN_BUNDLED)) {
        *ret_changed = false;
        return 0;
    }
    lock_set_disabled(run, &lock, identity->id, false);
    if (lock_disables(&lock, identity->id)) {
        return refuse(run, plugin, NULL,
                STR("is disabled by a pattern in the \"disabled\" list of " LOCK_FILE_NAME));
    }
    int code = plugin->origin == PLUGIN_BUNDLED ? 0 : pin(run, plugins, plugin, &lock);
    code = code == 0 ? plugins_commit(run, plugins, &lock) : code;
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
    int code = plugins_commit(run, plugins, &lock);
    if (code == 0) {
        *ret_changed = true;
    }
    return code;
}

int plugins_reset(struct run *run, struct plugins *plugins, struct str id, size_t *ret_count)
{
    struct plugin *plugin = NULL;
    int code = quarantine_clear(run, id, ret_count);
    if (code == 0 && *ret_count == 0 && id.len > 0) {
        return plugins_select(run, plugins, id, &plugin);
    }
    quarantine_read(run, &plugins->quarantine);
    plugins_judge(run, plugins);
    return code;
}
