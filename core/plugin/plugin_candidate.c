/* SPDX-License-Identifier: Apache-2.0 */
/* Any file, judged as somebody who would install it must see it. */
#include "plugin_trust.h"

int plugin_candidate(
        struct run *run, struct plugins *plugins, struct str path, struct plugin **ret_plugin)
{
    struct plugin *plugin = NULL;
    int code = plugin_examine_path(run, path, &plugin);
    if (code != 0) {
        return code;
    }
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
    row_put_shown(run, &builder, "path", plugin->path);
    row_put_shown(run, &builder, "id", plugin->identity ? plugin->identity->id : STR_EMPTY);
    row_put_shown(
            run, &builder, "version", plugin->identity ? plugin->identity->version : STR_EMPTY);
    row_put_shown(run, &builder, "sha256", plugin->digest);
    row_put_shown(run, &builder, "key", plugin->claimed_signer);
    row_put_shown(run, &builder, "signer", plugin->signer_name);
    row_put_shown(run, &builder, "signed",
            is_signed ? instant_write(run->arena, plugin->signed_s) : STR_EMPTY);
    row_put_shown(run, &builder, "expires",
            is_signed && plugin->signature_ends_s != INT64_MAX
                    ? instant_write(run->arena, plugin->signature_ends_s)
                    : STR_EMPTY);
    row_put_shown(run, &builder, "state", str_from(plugin_state_name(plugin->state)));
    row_put_shown(
            run, &builder, "code", plugin->refusal ? str_from(plugin->refusal->id) : STR_EMPTY);
    row_put_shown(run, &builder, "reason", plugin->reason);
    row_put_shown(run, &builder, "next", plugin->next);
    return value_builder_map(&builder);
}
