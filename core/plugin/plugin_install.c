/* SPDX-License-Identifier: Apache-2.0 */
/* Whether a plugin file may be placed, where, and what the lock file says of it then. */
#include "plugin_install.h"

#include "config/config.h"
#include "identity.h"
#include "plugin_place.h"
#include "plugin_trust.h"

const struct diag_kind install_diags[INSTALL_DIAG__COUNT] = { INSTALL_DIAGS(DIAG_KIND_ENTRY) };

/* One package on its way. */
struct installation {
    struct run *run;
    struct plugins *plugins;
    const struct install_request *request;
    const struct plugin_package *package;
    struct str folder; /* where it belongs */
    struct str target; /* its file there */
    const struct plugin *candidate;
    const struct plugin *present; /* the file with this id in that folder; NULL: none */
    bool is_pinned;
    struct lock_pin pin; /* when it is */
    bool is_same; /* its bytes lie there already */
};

static int refuse(struct installation *installation, enum install_diag code, struct str what,
        struct str next)
{
    struct run *run = installation->run;
    struct str shown = text_shown(run->arena, installation->package->shown);
    struct diag *diag = diag_add(&run->diags, &install_diags[code], MARK_NONE, "`%.*s` %.*s",
            STR_ARG(shown), STR_ARG(what));
    diag->hint = next;
    if (installation->candidate && installation->candidate->identity) {
        diag->plugin = installation->candidate->identity->id;
    }
    return ERR_DENIED;
}

/* A folder without configuration and stacks is nobody's repository, only where we happen to be. */
static bool has_repository(const struct installation *installation)
{
    const struct config *config = installation->run->config;
    return installation->plugins->lock.path.len > 0 && config && !config_is_nowhere(config);
}

static int find_folder(struct installation *installation)
{
    struct run *run = installation->run;
    struct str lock = installation->plugins->lock.path;
    if (installation->request->is_for_user) {
        struct str own = own_folder(run, "XDG_DATA_HOME", STR(".local/share"));
        if (own.len == 0) {
            refuse(installation, INSTALL_UNWRITABLE,
                    STR("has no place: neither XDG_DATA_HOME nor HOME is set"),
                    STR("set HOME, or install it in a repository"));
            return ERR_INVALID;
        }
        installation->folder = path_join(run->arena, own, STR("plugins"));
    } else if (!has_repository(installation)) {
        struct diag *diag = diag_add(&run->diags, &plugin_diags[PLUGIN_NO_REPOSITORY],
                MARK_NONE, "no repository: there is no plugins.d to install to");
        diag->hint = STR("run the command in a repository with atmos.yaml, or say --user");
        return ERR_INVALID;
    } else {
        installation->folder = path_join(run->arena, path_folder(lock), STR("plugins.d"));
    }
    return 0;
}

/* ---- is it a plugin, and whose ---- */

/* In the words of the judge, but about the file that was named, not about our copy. */
static int judge_state(struct installation *installation)
{
    struct run *run = installation->run;
    const struct plugin *candidate = installation->candidate;
    if (candidate->state == PLUGIN_READY || candidate->state == PLUGIN_AVAILABLE) {
        return 0;
    }
    struct str shown = text_shown(run->arena, installation->package->shown);
    struct diag *diag = diag_add(&run->diags, candidate->refusal, MARK_NONE,
            "`%.*s` %.*s; it was not installed", STR_ARG(shown), STR_ARG(candidate->reason));
    diag->plugin = candidate->identity ? candidate->identity->id : STR_EMPTY;
    return ERR_DENIED;
}

static int judge_id(struct installation *installation)
{
    struct str wanted = installation->request->id;
    struct str id = installation->candidate->identity->id;
    if (wanted.len == 0 || str_eq(wanted, id)) {
        return 0;
    }
    return refuse(installation, INSTALL_OTHER_ID,
            arena_printf(installation->run->arena, "is `%.*s` now, not `%.*s`", STR_ARG(id),
                    STR_ARG(wanted)),
            STR("install the plugin from where it is now"));
}

static int judge_trust(struct installation *installation)
{
    struct arena *arena = installation->run->arena;
    const struct install_request *request = installation->request;
    const struct plugin *candidate = installation->candidate;
    if (request->sha256.len > 0 && !str_eq(request->sha256, candidate->digest)) {
        return refuse(installation, INSTALL_DIGEST,
                arena_printf(arena, "has the SHA-256 %.*s, not the one of --sha256",
                        STR_ARG(candidate->digest)),
                STR("do not use the file; get it again, or ask its author for the digest"));
    }
    bool is_known =
            candidate->state == PLUGIN_READY || request->sha256.len > 0 ||
            (installation->is_pinned && str_eq(installation->pin.sha256, candidate->digest));
    if (is_known || request->allows_untrusted) {
        return 0;
    }
    return refuse(installation, INSTALL_UNTRUSTED,
            candidate->claimed_signer.len > 0
                    ? arena_printf(arena,
                              "is signed with key %.*s, which nobody trusts here for `%.*s`",
                              STR_ARG(candidate->claimed_signer),
                              STR_ARG(candidate->identity->id))
                    : STR("is not signed"),
            STR("trust its key with `tf-atmos plugin trust add`, give the digest its author "
                "publishes with --sha256, or place it without enabling it with --untrusted"));
}

/* ---- what is there already ---- */

/* The file with this id that counts in the folder. One in a folder that comes before would win over
 * whatever is placed. */
static int find_present(struct installation *installation)
{
    struct run *run = installation->run;
    struct str id = installation->candidate->identity->id;
    const struct plugin *winner = plugins_find(installation->plugins, id);
    enum plugin_origin here =
            installation->request->is_for_user ? PLUGIN_USER : PLUGIN_REPOSITORY;
    installation->target = path_join(
            run->arena, installation->folder, arena_printf(run->arena, "%.*s.so", STR_ARG(id)));
    for (size_t i = 0; i < plugins_count(installation->plugins); i++) {
        const struct plugin *plugin = plugins_at(installation->plugins, i);
        if (!installation->present && plugin->origin == here && plugin->identity &&
                plugin->size_bytes > 0 && str_eq(plugin->identity->id, id)) {
            installation->present = plugin;
            installation->target = plugin->path;
        }
    }
    if (winner && winner->origin < here && winner->size_bytes > 0) {
        struct str shown = plugin_shown(run, winner);
        return refuse(installation, INSTALL_EXISTS,
                arena_printf(run->arena,
                        "would never be used: `%.*s` has the id `%.*s` and comes first",
                        STR_ARG(shown), STR_ARG(id)),
                STR("remove the other file, or disable it"));
    }
    if (!installation->present && file_kind_of(installation->target) != FILE_MISSING) {
        struct str shown = text_shown(run->arena, installation->target);
        return refuse(installation, INSTALL_EXISTS,
                arena_printf(run->arena,
                        "has no place: `%.*s` is there and is no plugin with this id",
                        STR_ARG(shown)),
                STR("remove that file first"));
    }
    return 0;
}

static int compare_versions(struct installation *installation, struct str before)
{
    struct arena *arena = installation->run->arena;
    const struct install_request *request = installation->request;
    const struct plugin_identity *identity = installation->candidate->identity;
    int order = version_cmp(identity->version, before);
    struct str what = arena_printf(arena, "is %.*s %.*s, and %.*s is %s", STR_ARG(identity->id),
            STR_ARG(identity->version), STR_ARG(before),
            installation->present ? "there" : "pinned in " LOCK_FILE_NAME);
    if (order < 0 && !request->allows_downgrade) {
        return refuse(installation, INSTALL_DOWNGRADE, what,
                STR("say --allow-downgrade if an older version is meant"));
    }
    if (order == 0 && !request->is_forced) {
        return refuse(installation, INSTALL_VERSION_REUSED,
                arena_printf(arena, "has other bytes than the %.*s %.*s that is %s",
                        STR_ARG(identity->id), STR_ARG(before),
                        installation->present ? "there" : "pinned in " LOCK_FILE_NAME),
                STR("ask its author why; `tf-atmos plugin install --force` replaces it"));
    }
    if (order > 0 && !request->is_update && !request->is_forced) {
        return refuse(installation, INSTALL_EXISTS, what,
                arena_printf(arena, "tf-atmos plugin update %.*s, or say --force",
                        STR_ARG(identity->id)));
    }
    return 0;
}

/* Against the file that is there and the one that is pinned, which need not be the same. */
static int judge_present(struct installation *installation)
{
    struct run *run = installation->run;
    const struct plugin *candidate = installation->candidate;
    const struct plugin *present = installation->present;
    const struct lock_pin *pin = &installation->pin;
    int code = 0;
    if (present) {
        struct plugin copy = *present;
        installation->is_same = (copy.digest.len > 0 || plugin_hash(run, &copy) == 0) &&
                                str_eq(copy.digest, candidate->digest);
        if (!installation->is_same) {
            code = compare_versions(installation, present->identity->version);
        }
    }
    bool is_other = installation->is_pinned && !str_eq(pin->sha256, candidate->digest);
    if (code == 0 && is_other) {
        code = compare_versions(installation, pin->version);
    }
    if (code == 0 && installation->is_pinned && pin->signer.len > 0 &&
            !str_eq(pin->signer, candidate->signer) && !installation->request->accepts_signer) {
        code = refuse(installation, INSTALL_SIGNER,
                candidate->signer.len > 0
                        ? arena_printf(run->arena,
                                  "is signed with key %.*s, " LOCK_FILE_NAME " has %.*s",
                                  STR_ARG(candidate->signer), STR_ARG(pin->signer))
                        : arena_printf(run->arena,
                                  "is not signed by a trusted key, " LOCK_FILE_NAME
                                  " has key %.*s",
                                  STR_ARG(pin->signer)),
                STR("ask its author whether the key was changed; then say --accept-signer"));
    }
    return code;
}

/* ---- doing it ---- */

static int pin_it(struct installation *installation, struct install_result *result)
{
    const struct plugin *candidate = installation->candidate;
    const struct plugin_identity *identity = candidate->identity;
    struct plugins *plugins = installation->plugins;
    struct plugin_lock lock = plugins->lock;
    struct lock_pin pin = { .version = identity->version,
        .sha256 = candidate->digest,
        .signer = candidate->signer,
        .source = installation->package->source,
        .kinds = identity->kinds,
        .components = identity->components };
    bool is_trusted =
            candidate->state == PLUGIN_READY || installation->request->sha256.len > 0 ||
            (installation->is_pinned && str_eq(installation->pin.sha256, candidate->digest));
    result->is_enabled = candidate->state == PLUGIN_READY;
    if (!is_trusted || !has_repository(installation)) {
        return 0;
    }
    result->is_pinned = true;
    result->is_enabled = true;
    result->has_pin_changed = !installation->is_pinned ||
                              !str_eq(pin.sha256, installation->pin.sha256) ||
                              !str_eq(pin.signer, installation->pin.signer) ||
                              !str_eq(pin.source, installation->pin.source);
    if (installation->request->is_dry_run || !result->has_pin_changed) {
        return 0;
    }
    lock_set_pin(installation->run, &lock, identity->id, pin);
    return plugins_commit(installation->run, plugins, &lock);
}

static int judge(struct installation *installation, struct str file)
{
    struct run *run = installation->run;
    struct plugin *candidate = NULL;
    int code = plugin_candidate(run, installation->plugins, file, &candidate);
    if (code != 0) {
        return code;
    }
    installation->candidate = candidate;
    code = judge_state(installation);
    if (code == 0) {
        installation->is_pinned = lock_find(run->arena, &installation->plugins->lock,
                candidate->identity->id, &installation->pin);
        code = judge_id(installation);
    }
    code = code == 0 ? judge_trust(installation) : code;
    code = code == 0 ? find_present(installation) : code;
    return code == 0 ? judge_present(installation) : code;
}

static int place(struct installation *installation, const struct staging *staging,
        struct install_result *result)
{
    const struct plugin *candidate = installation->candidate;
    const struct plugin *present = installation->present;
    int code = 0;
    *result = (struct install_result){ .id = candidate->identity->id,
        .version = candidate->identity->version,
        .before = present ? present->identity->version : STR_EMPTY,
        .path = installation->target,
        .signer = candidate->signer_name.len > 0 ? candidate->signer_name : candidate->signer,
        .is_placed = !installation->is_same };
    /* A signature beside the same bytes may be a new one. */
    bool has_work = !installation->is_same || installation->package->signature.len > 0;
    if (has_work && !installation->request->is_dry_run) {
        code = staging_place(installation->run, staging, installation->target);
    }
    return code == 0 ? pin_it(installation, result) : code;
}

int plugin_install(struct run *run, struct plugins *plugins,
        const struct install_request *request, const struct plugin_package *package,
        struct install_result *ret_result)
{
    struct installation installation = {
        .run = run, .plugins = plugins, .request = request, .package = package
    };
    struct staging staging = { 0 };
    struct install_result result = { 0 };
    int code = plugins_may_change(run, plugins);
    code = code == 0 ? find_folder(&installation) : code;
    if (code == 0) {
        struct str folder =
                request->is_dry_run ? temporary_folder(&run->env) : installation.folder;
        code = staging_fill(run, folder, package, &staging);
    }
    code = code == 0 ? judge(&installation, staging.file) : code;
    code = code == 0 ? place(&installation, &staging, &result) : code;
    staging_clear(run, &staging);
    if (code == 0) {
        *ret_result = result;
    }
    return code;
}

int plugin_remove(struct run *run, struct plugins *plugins, struct str id, bool is_dry_run,
        struct install_result *ret_result)
{
    struct plugin *plugin = NULL;
    struct plugin_lock lock = plugins->lock;
    struct lock_pin pin;
    int code = plugins_may_change(run, plugins);
    code = code == 0 ? plugins_select(run, plugins, id, &plugin) : code;
    if (code != 0) {
        return code;
    }
    if (plugin->origin != PLUGIN_REPOSITORY && plugin->origin != PLUGIN_USER) {
        struct str shown = plugin_shown(run, plugin);
        struct diag *diag = diag_add(&run->diags, &install_diags[INSTALL_NOT_OURS], MARK_NONE,
                plugin->origin == PLUGIN_BUNDLED
                        ? "plugin `%.*s` comes with tf-atmos: `%.*s` is not removed"
                        : "plugin `%.*s` lies outside of plugins.d: `%.*s` is not removed",
                STR_ARG(id), STR_ARG(shown));
        diag->hint = arena_printf(run->arena, "tf-atmos plugin disable %.*s", STR_ARG(id));
        return ERR_DENIED;
    }
    bool has_file = !str_eq(plugin->path, lock.path); /* a pin alone has the lock file's path */
    struct install_result result = { .id = plugin->identity->id,
        .before = plugin->identity->version,
        .path = has_file ? plugin->path : STR_EMPTY,
        .is_placed = has_file,
        .has_pin_changed = lock_find(NULL, &lock, id, &pin) };
    if (has_file && !is_dry_run) {
        code = placed_remove(run, plugin->path);
    }
    if (code == 0 && result.has_pin_changed && !is_dry_run) {
        lock_remove_pin(run, &lock, id);
        code = plugins_commit(run, plugins, &lock);
    }
    if (code == 0) {
        *ret_result = result;
    }
    return code;
}

/* ---- sources ---- */

struct str plugin_source(const struct plugins *plugins, struct str id)
{
    struct lock_pin pin = { 0 };
    return lock_find(NULL, &plugins->lock, id, &pin) ? pin.source : STR_EMPTY;
}

struct str_list plugins_with_source(struct run *run, const struct plugins *plugins)
{
    struct str_list ids = lock_ids(run->arena, &plugins->lock);
    struct str *found = ARENA_ARRAY(run->arena, struct str, ids.count + 1);
    size_t count = 0;
    for (size_t i = 0; i < ids.count; i++) {
        if (plugin_source(plugins, ids.items[i]).len > 0) {
            found[count++] = ids.items[i];
        }
    }
    return (struct str_list){ found, count };
}

bool package_is_signed_inside(struct str content)
{
    size_t length = 0;
    if (content.len <= TRAILER_FOOTER_BYTES) {
        return false;
    }
    return trailer_find(
            str_from_index(content, content.len - TRAILER_FOOTER_BYTES), content.len, &length);
}
