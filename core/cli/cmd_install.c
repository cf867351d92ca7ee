/* SPDX-License-Identifier: Apache-2.0 */
/* plugin install, update, remove. */
#include "cmd.h"

static struct install_request request_of(struct invocation *invocation)
{
    return (struct install_request){
        .allows_downgrade = option_flag(invocation, "allow-downgrade"),
        .accepts_signer = option_flag(invocation, "accept-signer"),
        .is_dry_run = option_flag(invocation, "dry-run"),
    };
}

static void tell_pin(struct invocation *invocation, const struct install_result *result)
{
    if (result->has_pin_changed && !option_flag(invocation, "quiet")) {
        stream_addf(invocation->err, "%s tf-atmos.lock.json; commit it with the repository\n",
                option_flag(invocation, "dry-run") ? "would change" : "changed");
    }
}

struct teller {
    struct invocation *invocation;
    size_t count;
};

/* "installed com.example.audit 1.4.0 (before: 1.3.0), signed by Example Inc.: plugins.d/x.so". */
static void tell(void *context, const struct install_result *result)
{
    struct teller *teller = context;
    struct invocation *invocation = teller->invocation;
    teller->count++;
    bool is_dry_run = option_flag(invocation, "dry-run");
    bool is_update = str_eq_cstr(str_from(invocation->command->path), "plugin update");
    struct str shown = path_shown(invocation->run, result->path);
    stream_addf(invocation->out, "%s %.*s %.*s",
            !result->is_placed ? is_update ? "up to date:" : "already there:"
            : is_update        ? is_dry_run ? "would update" : "updated"
            : is_dry_run       ? "would install"
                               : "installed",
            STR_ARG(result->id), STR_ARG(result->version));
    if (result->is_placed && result->before.len > 0) {
        stream_addf(invocation->out, " (before: %.*s)", STR_ARG(result->before));
    }
    if (result->signer.len > 0) {
        stream_addf(invocation->out, ", signed by %.*s", STR_ARG(result->signer));
    }
    stream_addf(invocation->out, ": %.*s\n", STR_ARG(shown));
    tell_pin(invocation, result);
    if (!result->is_enabled) {
        stream_addf(invocation->err,
                "none of its code runs until you enable it: tf-atmos plugin enable %.*s\n",
                STR_ARG(result->id));
    }
}

/* --sha256 as 64 digits; the word some tools write before them may stand there. */
static int take_digest(struct invocation *invocation, struct str *ret_digest)
{
    struct str text = option_text(invocation, "sha256");
    if (str_starts_with(text, STR("sha256:"))) {
        text = str_from_index(text, sizeof("sha256:") - 1);
    }
    if (text.len > 0 && !is_hex(text, 64)) {
        struct diag *diag = diag_add(&invocation->run->diags, &cli_diags[CLI_BAD_VALUE],
                MARK_NONE, "--sha256: `%.*s` is no SHA-256", STR_ARG(text));
        diag->hint = STR("write 64 lower-case hexadecimal digits, as `sha256sum` prints them");
        return ERR_INVALID;
    }
    *ret_digest = text;
    return 0;
}

int cmd_plugin_install(struct invocation *invocation)
{
    struct config_options config = invocation_config_options(invocation);
    struct teller teller = { .invocation = invocation };
    const struct install_listener listener = { tell, &teller };
    struct install_request request = request_of(invocation);
    request.is_forced = option_flag(invocation, "force");
    request.is_for_user = option_flag(invocation, "user");
    request.allows_untrusted = option_flag(invocation, "untrusted");
    int r = take_digest(invocation, &request.sha256);
    return r ? r
             : pipeline_plugin_install(invocation->run, &config, invocation->args.items[0],
                       &request, &listener);
}

int cmd_plugin_update(struct invocation *invocation)
{
    struct config_options config = invocation_config_options(invocation);
    struct teller teller = { .invocation = invocation };
    const struct install_listener listener = { tell, &teller };
    const struct install_request request = request_of(invocation);
    struct str id = invocation->args.count > 0 ? invocation->args.items[0] : STR_EMPTY;
    int r = pipeline_plugin_update(invocation->run, &config, id, &request, &listener);
    if (r == 0 && teller.count == 0) {
        stream_addf(invocation->err, "no plugin has a recorded source to look at\n");
    }
    return r;
}

int cmd_plugin_remove(struct invocation *invocation)
{
    struct config_options config = invocation_config_options(invocation);
    bool is_dry_run = option_flag(invocation, "dry-run");
    struct install_result result;
    int r = pipeline_plugin_remove(
            invocation->run, &config, invocation->args.items[0], is_dry_run, &result);
    if (r == 0) {
        struct str shown = path_shown(invocation->run, result.path);
        stream_addf(invocation->out, "%s %.*s %.*s%s%.*s\n",
                is_dry_run ? "would remove" : "removed", STR_ARG(result.id),
                STR_ARG(result.before), result.is_placed ? ": " : "", STR_ARG(shown));
        tell_pin(invocation, &result);
    }
    return r;
}
