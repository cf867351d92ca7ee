/* SPDX-License-Identifier: Apache-2.0 */
/* What the signature of a plugin file is worth. */
#include "plugin_trust.h"

enum {
    CLOCK_SLACK_S = 300 /* clocks of signer and user may differ so much */
};

static void object(struct signature_verdict *verdict, enum trust_diag code,
        enum plugin_state state, struct str reason, struct str next)
{
    verdict->kind = SIGNATURE_BAD;
    verdict->code = &trust_diags[code];
    verdict->state = state;
    verdict->objection = (struct objection){ .reason = reason, .next = next };
}

#define GET_AGAIN   STR("get the file again from its author")
#define GET_ANOTHER STR("get another version of the plugin")

/* The statement is about this file, down to the byte. */
static bool judge_subject(
        struct run *run, const struct plugin *plugin, struct signature_verdict *verdict)
{
    const struct statement *statement = &verdict->statement;
    const struct plugin_identity *identity = plugin->identity;
    const struct plugin_signature *signature = &plugin->runtime->signature;
    struct str abi = arena_printf(
            run->arena, "%u.%u", (unsigned)identity->abi_major, (unsigned)identity->abi_minor);
    if (!str_eq(statement->id, identity->id) ||
            !str_eq(statement->version, identity->version) || !str_eq(statement->abi, abi)) {
        object(verdict, TRUST_STATEMENT_DIFFERS, PLUGIN_REFUSED,
                arena_printf(run->arena,
                        "is signed as `%.*s` %.*s for interface %.*s, its metadata says `%.*s` "
                        "%.*s for %.*s",
                        STR_ARG(statement->id), STR_ARG(statement->version),
                        STR_ARG(statement->abi), STR_ARG(identity->id),
                        STR_ARG(identity->version), STR_ARG(abi)),
                GET_AGAIN);
        return false;
    }
    if (statement->size_bytes != signature->content_bytes ||
            !str_eq(statement->sha256, signature->content_digest)) {
        object(verdict, TRUST_CONTENT_CHANGED, PLUGIN_REFUSED,
                arena_printf(run->arena,
                        "is not what was signed: %llu bytes with SHA-256 %.*s, signed were "
                        "%llu with %.*s",
                        (unsigned long long)signature->content_bytes,
                        STR_ARG(signature->content_digest),
                        (unsigned long long)statement->size_bytes, STR_ARG(statement->sha256)),
                GET_AGAIN);
        return false;
    }
    return true;
}

static bool judge_dates(struct run *run, struct signature_verdict *verdict)
{
    struct arena *arena = run->arena;
    const struct statement *statement = &verdict->statement;
    const struct trusted_key *key = verdict->key;
    int64_t now_s = run->clock->wall_ms(run->clock->context) / 1000;
    if (statement->issued_s > now_s + CLOCK_SLACK_S || statement->issued_s < key->from_s) {
        struct str when = instant_write(arena, statement->issued_s);
        bool is_future = statement->issued_s > now_s + CLOCK_SLACK_S;
        object(verdict, TRUST_SIGNATURE_EARLY, PLUGIN_REFUSED,
                is_future ? arena_printf(arena, "was signed %.*s, which is in the future",
                                    STR_ARG(when))
                          : arena_printf(arena, "was signed %.*s, before its key could be used",
                                    STR_ARG(when)),
                is_future ? STR("set the clock of this machine") : GET_ANOTHER);
        return false;
    }
    if (now_s > key->until_s) {
        struct str when = instant_write(arena, key->until_s);
        object(verdict, TRUST_KEY_EXPIRED, PLUGIN_EXPIRED,
                arena_printf(arena, "is signed with key %.*s, which was trusted until %.*s",
                        STR_ARG(key->key_id), STR_ARG(when)),
                STR("get a version signed with a newer key"));
        return false;
    }
    if (now_s > statement->expires_s) {
        struct str when = instant_write(arena, statement->expires_s);
        object(verdict, TRUST_SIGNATURE_EXPIRED, PLUGIN_EXPIRED,
                arena_printf(arena, "has a signature that expired %.*s", STR_ARG(when)),
                STR("get a newer signature or version"));
        return false;
    }
    return true;
}

static bool is_key_revoked(const struct trust_store *store, struct str key_id)
{
    for (size_t i = 0; i < store->lists.count; i++) {
        if (revokes_key(&store->lists.items[i], key_id)) {
            return true;
        }
    }
    return false;
}

static void judge_unknown(
        struct run *run, const struct plugin *plugin, struct signature_verdict *verdict)
{
    verdict->kind = SIGNATURE_UNKNOWN_KEY;
    verdict->code = &trust_diags[TRUST_KEY_UNKNOWN];
    verdict->state = PLUGIN_AVAILABLE;
    verdict->objection.reason = arena_printf(run->arena,
            "untrusted: signed with key %.*s, which is not trusted here",
            STR_ARG(verdict->statement.key_id));
    verdict->objection.next =
            arena_printf(run->arena, "tf-atmos plugin trust add <public key> --allow %.*s",
                    STR_ARG(plugin->identity->id));
}

static bool judge_key(struct run *run, struct trust_store *store, const struct plugin *plugin,
        struct signature_verdict *verdict)
{
    const struct statement *statement = &verdict->statement;
    if (!trust_store_has_crypto(run, store)) {
        object(verdict, TRUST_NO_CRYPTO, PLUGIN_REFUSED,
                arena_printf(run->arena, "has a signature that cannot be checked: %.*s",
                        STR_ARG(store->crypto_reason)),
                STR("install libcrypto of OpenSSL 3"));
        return false;
    }
    if (!record_is_signed_by(&statement->record, &store->crypto, &verdict->key->key)) {
        object(verdict, TRUST_SIGNATURE_BAD, PLUGIN_REFUSED,
                arena_printf(run->arena, "has a signature that key %.*s did not make",
                        STR_ARG(statement->key_id)),
                GET_AGAIN);
        return false;
    }
    if (!key_covers(verdict->key, plugin->identity->id)) {
        struct str shown = text_shown(run->arena, verdict->key->path);
        object(verdict, TRUST_KEY_SCOPE, PLUGIN_REFUSED,
                arena_printf(run->arena,
                        "is signed with key %.*s, which may not sign this id (`%.*s`)",
                        STR_ARG(statement->key_id), STR_ARG(shown)),
                GET_AGAIN);
        return false;
    }
    return true;
}

void signature_judge(struct run *run, struct trust_store *store, const struct plugin *plugin,
        struct signature_verdict *ret_verdict)
{
    const struct plugin_signature *signature = &plugin->runtime->signature;
    struct str reason = STR("is cut off, empty or too long");
    *ret_verdict = (struct signature_verdict){ .kind = SIGNATURE_NONE };
    if (!signature->is_there) {
        return;
    }
    if (signature->objection.reason.len > 0) {
        object(ret_verdict, TRUST_STATEMENT_MALFORMED, PLUGIN_REFUSED,
                arena_printf(run->arena, "has a signature beside it that %.*s",
                        STR_ARG(signature->objection.reason)),
                signature->objection.next);
        ret_verdict->code =
                signature->objection.code ? signature->objection.code : ret_verdict->code;
        return;
    }
    if (signature->text.len == 0 || statement_read(run->arena, signature->text,
                                            &ret_verdict->statement, &reason) != 0) {
        object(ret_verdict, TRUST_STATEMENT_MALFORMED, PLUGIN_REFUSED,
                arena_printf(run->arena, "has a signature that %.*s", STR_ARG(reason)),
                GET_AGAIN);
        return;
    }
    trust_store_read(run, store);
    struct str key_id = ret_verdict->statement.key_id;
    ret_verdict->key = trust_store_find(store, key_id);
    if (is_key_revoked(store, key_id)) {
        object(ret_verdict, TRUST_KEY_REVOKED, PLUGIN_REVOKED,
                arena_printf(run->arena, "is signed with key %.*s, which was revoked",
                        STR_ARG(key_id)),
                STR("get a version signed with another key"));
    } else if (!ret_verdict->key || ret_verdict->key->allowed.count == 0) {
        judge_unknown(run, plugin, ret_verdict);
    } else if (judge_key(run, store, plugin, ret_verdict) &&
               judge_subject(run, plugin, ret_verdict) && judge_dates(run, ret_verdict)) {
        ret_verdict->kind = SIGNATURE_GOOD;
    }
}
