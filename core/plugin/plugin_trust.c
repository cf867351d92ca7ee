/* SPDX-License-Identifier: Apache-2.0 */
/* The state of a sound plugin that did not come with the program. */
#include "plugin_trust.h"

static void set_state(struct plugin *plugin, enum plugin_state state,
        const struct diag_kind *code, struct str reason, struct str next)
{
    plugin->state = state;
    plugin->refusal = code;
    plugin->reason = reason;
    plugin->next = next;
}

static struct str enable_command(struct arena *arena, const struct plugin *plugin)
{
    return arena_printf(arena, "tf-atmos plugin enable %.*s", STR_ARG(plugin->identity->id));
}

/* Neither enabled nor signed by anybody trusted: none of its code runs. */
static void judge_stranger(struct run *run, const struct plugins *plugins,
        struct plugin *plugin, const struct signature_verdict *verdict)
{
    struct arena *arena = run->arena;
    const struct trust_store *store = plugins->trust;
    for (size_t i = 0; i < store->policy_count; i++) {
        const struct policy *policy = &store->policies[i];
        if (policy->forbids_unsigned && !policy->is_warning) {
            struct str path = path_for_shell(arena, plugin->path);
            set_state(plugin, PLUGIN_UNSIGNED, &trust_diags[TRUST_UNSIGNED],
                    arena_printf(arena, "is not signed, and `%.*s` demands it",
                            STR_ARG(policy->origin)),
                    arena_printf(arena, "tf-atmos plugin sign %.*s --key <private key>",
                            STR_ARG(path)));
            return;
        }
    }
    if (verdict->kind == SIGNATURE_UNKNOWN_KEY) {
        set_state(plugin, verdict->state, verdict->code, verdict->objection.reason,
                verdict->objection.next);
        return;
    }
    bool is_lockable = plugins->lock.path.len > 0;
    set_state(plugin, PLUGIN_AVAILABLE, &trust_diags[TRUST_UNSIGNED],
            STR("untrusted: not signed, and nobody has enabled it in this repository; none of "
                "its code runs"),
            is_lockable ? enable_command(arena, plugin)
                        : STR("enable it in a repository with atmos.yaml"));
}

/* Is the file the one that was enabled? */
static bool judge_pin(struct run *run, const struct lock_pin *pin, struct plugin *plugin,
        const struct signature_verdict *verdict)
{
    struct arena *arena = run->arena;
    struct str enable = enable_command(arena, plugin);
    struct str signer = verdict->kind == SIGNATURE_NONE ? STR_EMPTY : verdict->statement.key_id;
    if (!str_eq(plugin->digest, pin->sha256)) {
        set_state(plugin, PLUGIN_REFUSED, &plugin_diags[PLUGIN_DIGEST_DIFFERS],
                arena_printf(arena,
                        "its bytes are not those that were enabled: SHA-256 is %.*s, " //
                        LOCK_FILE_NAME " has %.*s",
                        STR_ARG(plugin->digest), STR_ARG(pin->sha256)),
                arena_printf(arena, "%.*s, if the change is wanted", STR_ARG(enable)));
    } else if (!str_eq(plugin->identity->version, pin->version)) {
        set_state(plugin, PLUGIN_REFUSED, &plugin_diags[PLUGIN_DIGEST_DIFFERS],
                arena_printf(arena, "is version %.*s, " LOCK_FILE_NAME " has %.*s",
                        STR_ARG(plugin->identity->version), STR_ARG(pin->version)),
                enable);
    } else if (pin->signer.len > 0 && !str_eq(signer, pin->signer)) {
        set_state(plugin, PLUGIN_REFUSED, &trust_diags[TRUST_SIGNER_DIFFERS],
                signer.len > 0
                        ? arena_printf(arena,
                                  "is signed with key %.*s, " LOCK_FILE_NAME " has %.*s",
                                  STR_ARG(signer), STR_ARG(pin->signer))
                        : arena_printf(arena, "is not signed, " LOCK_FILE_NAME " has key %.*s",
                                  STR_ARG(pin->signer)),
                arena_printf(arena, "%.*s, if the change is wanted", STR_ARG(enable)));
    } else {
        return true;
    }
    return false;
}

/* Lists speak of any file, signed or not. */
static bool judge_revocations(struct run *run, struct trust_store *store, struct plugin *plugin)
{
    struct arena *arena = run->arena;
    const struct plugin_identity *identity = plugin->identity;
    struct str minimum = STR_EMPTY;
    trust_store_read(run, store);
    if (store->fault) {
        set_state(plugin, PLUGIN_REFUSED, store->fault, store->fault_objection.reason,
                store->fault_objection.next);
        return false;
    }
    for (size_t i = 0; i < store->lists.count; i++) {
        const struct revocations *list = &store->lists.items[i];
        if (revokes_digest(list, plugin->digest) ||
                revokes_digest(list, plugin->runtime->signature.content_digest)) {
            set_state(plugin, PLUGIN_REVOKED, &trust_diags[TRUST_DIGEST_REVOKED],
                    STR("was revoked: a revocation list names its SHA-256"),
                    STR("get another version of the plugin"));
            return false;
        }
        if (revokes_version(list, identity->id, identity->version)) {
            set_state(plugin, PLUGIN_REVOKED, &trust_diags[TRUST_VERSION_REVOKED],
                    arena_printf(arena, "was revoked: a revocation list names version %.*s",
                            STR_ARG(identity->version)),
                    STR("get another version of the plugin"));
            return false;
        }
        if (demands_later(list, identity->id, identity->version, &minimum)) {
            set_state(plugin, PLUGIN_REVOKED, &trust_diags[TRUST_VERSION_ROLLED_BACK],
                    arena_printf(arena,
                            "is version %.*s, and a revocation list demands %.*s at least",
                            STR_ARG(identity->version), STR_ARG(minimum)),
                    arena_printf(arena, "get version %.*s or a later one", STR_ARG(minimum)));
            return false;
        }
    }
    return true;
}

/* Said once for a plugin, whenever the set is judged again. */
static void warn(struct run *run, struct plugin *plugin, struct str objection)
{
    if (!plugin->runtime->is_policy_said) {
        struct diag *diag = diag_add(&run->diags, &trust_diags[TRUST_FORBIDDEN_SOON], MARK_NONE,
                "plugin `%.*s` %.*s", STR_ARG(plugin->identity->id), STR_ARG(objection));
        diag->plugin = plugin->identity->id;
        plugin->runtime->is_policy_said = true;
    }
}

static bool judge_policies(struct run *run, const struct trust_store *store,
        struct plugin *plugin, bool wants_warnings)
{
    const struct policy_subject subject = { plugin->identity->id, plugin->signer,
        plugin->is_sandboxed };
    for (size_t i = 0; i < store->policy_count; i++) {
        struct str objection = policy_objection(run->arena, &store->policies[i], &subject);
        if (objection.len == 0) {
            continue;
        }
        if (!store->policies[i].is_warning) {
            set_state(plugin, PLUGIN_REFUSED, &trust_diags[TRUST_FORBIDDEN], objection,
                    STR("ask whoever keeps the policy"));
            return false;
        }
        if (wants_warnings) {
            warn(run, plugin, objection);
        }
    }
    return true;
}

static struct str signer_shown(struct arena *arena, const struct trusted_key *key)
{
    /* NOLINTNEXTLINE(clang-analyzer-core.NullDereference): asked for good signatures alone */
    return key->comment.len > 0 ? arena_printf(arena, "%.*s (key %.*s)", STR_ARG(key->comment),
                                          STR_ARG(key->key_id))
                                : arena_printf(arena, "key %.*s", STR_ARG(key->key_id));
}

/* Everything is known; `pin` is NULL for a plugin that is not enabled, or a candidate. */
static void judge_known(struct run *run, struct plugins *plugins, struct plugin *plugin,
        const struct lock_pin *pin, const struct signature_verdict *verdict)
{
    struct trust_store *store = plugins->trust;
    struct arena *arena = run->arena;
    if (verdict->kind == SIGNATURE_BAD) {
        set_state(plugin, verdict->state, verdict->code, verdict->objection.reason,
                verdict->objection.next);
        return;
    }
    if (pin && !judge_pin(run, pin, plugin, verdict)) {
        return;
    }
    if (!judge_revocations(run, store, plugin)) {
        return;
    }
    bool is_stranger = !pin && verdict->kind != SIGNATURE_GOOD;
    /* A stranger does not run; as a candidate it is told beforehand what would forbid it. */
    if (is_stranger && !plugin->is_candidate) {
        judge_stranger(run, plugins, plugin, verdict);
        return;
    }
    if (!judge_policies(run, store, plugin, !plugin->is_candidate)) {
        return;
    }
    if (is_stranger) {
        judge_stranger(run, plugins, plugin, verdict);
        return;
    }
    struct str signer =
            verdict->kind == SIGNATURE_GOOD ? signer_shown(arena, verdict->key) : STR_EMPTY;
    struct str where = plugin->is_sandboxed ? STR("runs in a worker process")
                                            : STR("runs inside tf-atmos, without a sandbox");
    if (!pin && store->is_locked && plugins->lock.path.len > 0 && !plugin->is_candidate) {
        set_state(plugin, PLUGIN_REFUSED, &trust_diags[TRUST_LOCK_DRIFT],
                STR("is signed, but not in " LOCK_FILE_NAME ", and only what is there may run "
                    "(locked)"),
                enable_command(arena, plugin));
        return;
    }
    set_state(plugin, PLUGIN_READY, NULL,
            pin ? arena_printf(arena, "enabled in " LOCK_FILE_NAME "%s%.*s; %.*s",
                          signer.len > 0 ? ", signed by " : "", STR_ARG(signer), STR_ARG(where))
                : arena_printf(arena, "signed by %.*s; %.*s", STR_ARG(signer), STR_ARG(where)),
            STR_EMPTY);
}

void trust_judge(
        struct run *run, struct plugins *plugins, struct plugin *plugin, bool is_candidate)
{
    struct lock_pin pin;
    struct signature_verdict verdict;
    bool is_pinned =
            !is_candidate && lock_find(NULL, &plugins->lock, plugin->identity->id, &pin);
    plugin->signer = STR_EMPTY;
    plugin->signer_name = STR_EMPTY;
    plugin->is_candidate = is_candidate;
    plugin->is_sandboxed = plugin_is_isolated(plugins, plugin);
    verdict = (struct signature_verdict){ .kind = SIGNATURE_NONE };
    if (!is_pinned && !is_candidate && !plugin->runtime->signature.is_there) {
        judge_stranger(run, plugins, plugin, &verdict);
        return;
    }
    if (plugin_hash(run, plugin) != 0) {
        set_state(plugin, PLUGIN_REFUSED, &plugin_diags[PLUGIN_FILE_INVALID],
                STR("cannot be read to its end"), STR("make the file readable"));
        return;
    }
    signature_judge(run, plugins->trust, plugin, &verdict);
    plugin->is_signed_here = verdict.key != NULL;
    plugin->claimed_signer = verdict.statement.key_id;
    plugin->signed_s = verdict.statement.issued_s;
    plugin->signature_ends_s = verdict.statement.expires_s;
    if (verdict.kind == SIGNATURE_GOOD) {
        /* NOLINTNEXTLINE(clang-analyzer-core.NullDereference): a good signature is one of a key */
        plugin->signer = verdict.key->key_id;
        plugin->signer_name = verdict.key->comment;
    }
    judge_known(run, plugins, plugin, is_pinned ? &pin : NULL, &verdict);
}

static void say_drift(
        struct run *run, struct str id, struct str reason, struct str next, size_t *count)
{
    struct diag *diag = diag_add(&run->diags, &trust_diags[TRUST_LOCK_DRIFT], MARK_NONE,
            "plugin `%.*s` is not as " LOCK_FILE_NAME " has it: %.*s", STR_ARG(id),
            STR_ARG(reason));
    diag->hint = next;
    diag->plugin = id;
    *count += 1;
}

int trust_check_lock(struct run *run, struct plugins *plugins)
{
    size_t count = 0;
    if (!plugins->trust->is_locked) {
        return 0;
    }
    for (size_t i = 0; i < plugins->list.count; i++) {
        const struct plugin *plugin = plugins->list.items[i];
        bool is_outside = plugin->refusal == &trust_diags[TRUST_LOCK_DRIFT];
        bool is_wrong = plugin->is_pinned && plugin->state != PLUGIN_READY &&
                        plugin->state != PLUGIN_SHADOWED && plugin->state != PLUGIN_DISABLED &&
                        plugin->state != PLUGIN_QUARANTINED;
        if (is_outside || is_wrong) {
            say_drift(run, plugin->identity->id, plugin->reason, plugin->next, &count);
        }
    }
    return count > 0 ? ERR_DENIED : 0;
}

const char *plugin_host_name(const struct plugin *plugin)
{
    return plugin->is_sandboxed ? "worker" : "process";
}
