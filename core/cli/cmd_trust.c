/* SPDX-License-Identifier: Apache-2.0 */
/* plugin keygen, sign, verify, trust, permissions. */
#include "cmd.h"

static struct str argument_path(const struct invocation *invocation, size_t index)
{
    struct run *run = invocation->run;
    return path_clean(
            run->arena, path_join(run->arena, run->folder, invocation->args.items[index]));
}

static struct str passphrase(const struct run *run)
{
    return str_from(environment_get(&run->env, "TF_ATMOS_KEY_PASSPHRASE"));
}

/* A date or a time of an option; untouched when it was not given. */
static int take_time(struct invocation *invocation, const char *option, int64_t *time_s)
{
    struct run *run = invocation->run;
    struct str text = option_text(invocation, option);
    if (text.len > 0 && !instant_read(text, true, time_s)) {
        struct diag *diag = diag_add(&run->diags, &cli_diags[CLI_BAD_VALUE], MARK_NONE,
                "--%s: `%.*s` is no date", option, STR_ARG(text));
        diag->hint = STR("write it like 2026-03-01 or 2026-03-01T12:00:00Z, in UTC");
        return ERR_INVALID;
    }
    return 0;
}

static int require_option(
        struct invocation *invocation, const char *option, struct str *ret_text)
{
    *ret_text = option_text(invocation, option);
    if (ret_text->len == 0) {
        diag_add(&invocation->run->diags, &cli_diags[CLI_MISSING_OPTION], MARK_NONE,
                "`%s` needs --%s", invocation->command->path, option);
        return ERR_INVALID;
    }
    return 0;
}

static bool is_rehearsal(struct invocation *invocation, const char *what, struct str path)
{
    if (!option_flag(invocation, "dry-run")) {
        return false;
    }
    struct str shown = path_shown(invocation->run, path);
    stream_addf(invocation->out, "would %s %.*s\n", what, STR_ARG(shown));
    return true;
}

int cmd_plugin_keygen(struct invocation *invocation)
{
    struct run *run = invocation->run;
    struct plugin_options options;
    struct str path = argument_path(invocation, 0);
    struct str comment = option_text(invocation, "comment");
    struct str key_id = STR_EMPTY;
    if (is_rehearsal(invocation, "write the key", path)) {
        return 0;
    }
    plugin_options_default(run, &options);
    int r = key_generate(run, &options, path, comment, passphrase(run), &key_id);
    if (r == 0) {
        struct str shown = path_shown(run, path);
        stream_addf(invocation->out, "%.*s\n", STR_ARG(key_id));
        stream_addf(invocation->err,
                "wrote %.*s (keep it secret) and %.*s.pub (give it to who shall trust you)\n",
                STR_ARG(shown), STR_ARG(shown));
    }
    return r;
}

int cmd_plugin_sign(struct invocation *invocation)
{
    struct run *run = invocation->run;
    struct plugin_options options;
    struct sign_request request = { .file = argument_path(invocation, 0),
        .passphrase = passphrase(run),
        .is_detached = option_flag(invocation, "detached"),
        .expires_s = INT64_MAX };
    struct sign_result result;
    int r = require_option(invocation, "key", &request.key);
    r = r ? r : take_time(invocation, "expires", &request.expires_s);
    if (r) {
        return r;
    }
    request.key = path_clean(run->arena, path_join(run->arena, run->folder, request.key));
    if (is_rehearsal(invocation, "sign", request.file)) {
        return 0;
    }
    plugin_options_default(run, &options);
    r = plugin_sign(run, &options, &request, &result);
    if (r == 0) {
        struct str shown = path_shown(run, result.written);
        stream_addf(invocation->out, "signed %.*s%s%.*s with key %.*s\n",
                STR_ARG(result.id.len > 0 ? result.id : shown), result.id.len > 0 ? " " : "",
                STR_ARG(result.version), STR_ARG(result.key_id));
        if (!option_flag(invocation, "quiet")) {
            stream_addf(invocation->err, "wrote %.*s\n", STR_ARG(shown));
        }
    }
    return r;
}

int cmd_plugin_verify(struct invocation *invocation)
{
    struct run *run = invocation->run;
    struct config_options config = invocation_config_options(invocation);
    struct plugins *plugins = NULL;
    struct plugin *plugin = NULL;
    int r = pipeline_discover(run, &config, &plugins);
    if (!plugins) {
        return r;
    }
    r = plugin_candidate(run, plugins, argument_path(invocation, 0), &plugin);
    if (r == 0) {
        print_ordered(invocation, plugin_candidate_value(run, plugin));
        r = plugin_candidate_say(run, plugin);
    }
    return r;
}

int cmd_plugin_trust_add(struct invocation *invocation)
{
    struct run *run = invocation->run;
    struct plugin_options options;
    struct trust_request request = { .file = argument_path(invocation, 0),
        .is_root = option_flag(invocation, "root"),
        .from_s = INT64_MIN,
        .until_s = INT64_MAX };
    struct str written = STR_EMPTY;
    request.allowed = option_list(invocation, "allow", &request.allowed_count);
    int r = take_time(invocation, "from", &request.from_s);
    r = r ? r : take_time(invocation, "until", &request.until_s);
    if (r || is_rehearsal(invocation, "trust", request.file)) {
        return r;
    }
    plugin_options_default(run, &options);
    r = trust_add(run, &options, &request, &written);
    if (r == 0) {
        stream_addf(invocation->out, "wrote %.*s\n", STR_ARG(written));
    }
    return r;
}

int cmd_plugin_trust_remove(struct invocation *invocation)
{
    struct run *run = invocation->run;
    struct plugin_options options;
    struct str key_id = invocation->args.items[0];
    struct str removed = STR_EMPTY;
    if (is_rehearsal(invocation, "no longer trust key", key_id)) {
        return 0;
    }
    plugin_options_default(run, &options);
    int r = trust_remove(run, &options, key_id, &removed);
    if (r == 0) {
        stream_addf(invocation->out, "removed %.*s\n", STR_ARG(removed));
    }
    return r;
}

int cmd_plugin_trust_list(struct invocation *invocation)
{
    struct config_options config = invocation_config_options(invocation);
    struct plugins *plugins = NULL;
    int r = pipeline_discover(invocation->run, &config, &plugins);
    if (plugins) {
        print_ordered(invocation, trust_list_value(invocation->run, plugins));
        r = r ? r : invocation->run->diags.error_count > 0 ? ERR_DENIED : 0;
    }
    return r;
}

/* A resource for each document, ready for a module. */
static void print_resources(
        struct invocation *invocation, const struct value *const *documents, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        AUTO_BUF text = BUF_INIT(BUF_UNBOUNDED);
        json_write(&text, documents[i], JSON_KEEP_ORDER);
        stream_addf(invocation->out,
                "%sresource \"aws_iam_policy\" \"tf_atmos_checks_%zu\" {\n"
                "  name   = \"tf-atmos-checks-%zu\"\n"
                "  policy = <<JSON\n%.*s\nJSON\n}\n",
                i > 0 ? "\n" : "", i + 1, i + 1, STR_ARG(buf_str(&text)));
    }
}

int cmd_plugin_permissions(struct invocation *invocation)
{
    struct run *run = invocation->run;
    struct config_options config = invocation_config_options(invocation);
    struct str id = invocation->args.count > 0 ? invocation->args.items[0] : STR_EMPTY;
    struct str_list actions;
    size_t count = 0;
    int r = pipeline_permissions(run, &config, option_text(invocation, "stack"), id, &actions);
    if (r) {
        return r;
    }
    const struct value *const *documents = permissions_documents(run, &actions, &count);
    if (str_eq_cstr(option_format(invocation), "terraform")) {
        print_resources(invocation, documents, count);
    } else if (count == 1) {
        print_ordered(invocation, documents[0]);
    } else {
        print_ordered(invocation, value_list_new(run->arena, documents, count, MARK_NONE));
    }
    if (count != 1 && !option_flag(invocation, "quiet")) {
        stream_addf(invocation->err,
                count == 0 ? "no plugin asks AWS for anything\n"
                           : "%zu policies, because one may have %d characters\n",
                count, PERMISSIONS_MAX_CHARACTERS);
    }
    return 0;
}
