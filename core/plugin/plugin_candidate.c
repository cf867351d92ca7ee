/* SPDX-License-Identifier: Apache-2.0 */
/* Any file, judged as somebody who would install it must see it. */
#include "plugin_trust.h"

int plugin_candidate(
        struct run *run, struct plugins *plugins, struct str path, struct plugin **ret_plugin)
{
    struct trusted_folder folder;
    struct str absolute = path_clean(run->arena, path_join(run->arena, run->folder, path));
    trusted_folder_open(run->arena, path_folder(absolute), NO_GROUP, &folder);
    if (folder.fd < 0) {
        diag_add(&run->diags, &plugin_diags[PLUGIN_FILE_INVALID], MARK_NONE, "%.*s",
                STR_ARG(folder.objection.reason));
        return ERR_INVALID;
    }
    struct plugin *plugin =
            plugin_examine(run, &folder, path_base(absolute), PLUGIN_ENVIRONMENT);
    trusted_folder_close(&folder);
    const struct objection *objection = &plugin->runtime->objection;
    if (plugin->runtime->judged == PLUGIN_READY) {
        trust_judge(run, plugins, plugin, true);
    } else {
        plugin->state = plugin->runtime->judged;
        plugin->refusal =
                objection->code ? objection->code : &plugin_diags[PLUGIN_FILE_INVALID];
        plugin->reason = objection->reason;
        plugin->next = objection->next;
    }
    *ret_plugin = plugin;
    return 0;
}

int plugin_candidate_say(struct run *run, const struct plugin *plugin)
{
    if (plugin->state == PLUGIN_READY) {
        return 0;
    }
    struct str shown = plugin_shown(run, plugin);
    struct diag *diag = diag_add(&run->diags, plugin->refusal, MARK_NONE, "`%.*s` %.*s",
            STR_ARG(shown), STR_ARG(plugin->reason));
    diag->hint = plugin->next;
    diag->plugin = plugin->identity ? plugin->identity->id : STR_EMPTY;
    return ERR_DENIED;
}

const struct value *plugin_candidate_value(struct run *run, const struct plugin *plugin)
{
    struct value_builder builder;
    bool is_signed = plugin->claimed_signer.len > 0;
    value_builder_init(&builder, run->arena, MARK_NONE);
    row_put_text(run, &builder, "path", plugin->path);
    row_put_text(run, &builder, "id", plugin->identity ? plugin->identity->id : STR_EMPTY);
    row_put_text(
            run, &builder, "version", plugin->identity ? plugin->identity->version : STR_EMPTY);
    row_put_text(run, &builder, "sha256", plugin->digest);
    row_put_text(run, &builder, "key", plugin->claimed_signer);
    row_put_text(run, &builder, "signer", plugin->signer_name);
    row_put_text(run, &builder, "signed",
            is_signed ? instant_write(run->arena, plugin->signed_s) : STR_EMPTY);
    row_put_text(run, &builder, "expires",
            is_signed && plugin->signature_ends_s != INT64_MAX
                    ? instant_write(run->arena, plugin->signature_ends_s)
                    : STR_EMPTY);
    row_put_text(run, &builder, "state", str_from(plugin_state_name(plugin->state)));
    row_put_text(
            run, &builder, "code", plugin->refusal ? str_from(plugin->refusal->id) : STR_EMPTY);
    row_put_text(run, &builder, "reason", plugin->reason);
    row_put_text(run, &builder, "next", plugin->next);
    return value_builder_map(&builder);
}
