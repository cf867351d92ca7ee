/* SPDX-License-Identifier: Apache-2.0 */
/* Reads key folders, revocation lists and policies; remembers serials. */
#include "trust_store.h"

#include <errno.h>
#include <string.h>

#include "config/config.h"
#include "serials.h"
#include "statement.h"

const struct diag_kind trust_diags[TRUST_DIAG__COUNT] = { TRUST_DIAGS(DIAG_KIND_ENTRY) };

enum {
    POLICY_MAX_BYTES = 1 << 20,
    KEYS_MAX = 4096
};

/* ---- policies ---- */

static int add_policy(struct trust_store *store, struct run *run, const struct policy *policy)
{
    struct policy *grown = ARENA_ARRAY(run->arena, struct policy, store->policy_count + 1);
    if (store->policy_count > 0) {
        memcpy(grown, store->policies, store->policy_count * sizeof(*grown));
    }
    grown[store->policy_count++] = *policy;
    store->policies = grown;
    store->is_locked = store->is_locked || policy->needs_lock;
    return 0;
}

static int read_system_policy(struct run *run, struct trust_store *store, struct str folder)
{
    struct str text;
    struct policy policy;
    struct objection objection = { 0 };
    struct str path = path_join(run->arena, folder, STR(POLICY_FILE_NAME));
    int code = trusted_file_read(
            run->arena, folder, STR(POLICY_FILE_NAME), POLICY_MAX_BYTES, &text, &objection);
    if (code == ERR_NOT_FOUND) {
        return 0;
    }
    if (code != 0) {
        struct diag *diag = diag_add(&run->diags, &trust_diags[TRUST_POLICY_INVALID], MARK_NONE,
                "the plugin policy `%.*s` is not usable: it %.*s", STR_ARG(path),
                STR_ARG(objection.reason));
        diag->hint = objection.next;
        return code;
    }
    code = policy_parse(run, text, path, sources_add(run->sources, path), &policy);
    return code == 0 ? add_policy(store, run, &policy) : code;
}

int trust_store_open(
        struct run *run, const struct plugin_options *options, struct trust_store **ret_store)
{
    struct trust_store *store = ARENA_NEW(run->arena, struct trust_store);
    const struct value *own = run->config ? config_get(run->config, "plugins.policy") : NULL;
    int code = 0;
    store->options = *options;
    store->is_locked = run->config && config_bool(run->config, "plugins.locked", false);
    for (size_t i = 0; i < PLUGIN_SYSTEM_FOLDERS && code == 0; i++) {
        if (options->system_folders[i].len > 0) {
            code = read_system_policy(run, store, options->system_folders[i]);
        }
    }
    if (code == 0 && own) {
        struct policy policy;
        code = policy_read(run, own, STR("plugins.policy of atmos.yaml"), false, &policy);
        code = code == 0 ? add_policy(store, run, &policy) : code;
    }
    if (code == 0) {
        *ret_store = store;
    }
    return code;
}

/* ---- libcrypto ---- */

bool trust_store_has_crypto(struct run *run, struct trust_store *store)
{
    if (!store->has_crypto && store->crypto_reason.len == 0) {
        store->has_crypto = crypto_library_open(&store->crypto, run->arena, CRYPTO_LIBRARY_NAME,
                                    &store->crypto_reason) == 0;
    }
    return store->has_crypto;
}

int trust_store_need_crypto(struct run *run, struct trust_store *store)
{
    if (!trust_store_has_crypto(run, store)) {
        diag_add(&run->diags, &trust_diags[TRUST_NO_CRYPTO], MARK_NONE,
                CRYPTO_LIBRARY_NAME " cannot be opened: %.*s", STR_ARG(store->crypto_reason));
        return ERR_UNAVAILABLE;
    }
    return 0;
}

/* ---- keys ---- */

const struct trusted_key *trust_store_find(const struct trust_store *store, struct str key_id)
{
    for (size_t i = 0; i < store->keys.count; i++) {
        if (str_eq(store->keys.items[i].key_id, key_id)) {
            return &store->keys.items[i];
        }
    }
    return NULL;
}

static void say_key_unused(struct run *run, struct str path, struct str reason, struct str next)
{
    struct str shown = text_shown(run->arena, path);
    struct diag *diag = diag_add(&run->diags, &trust_diags[TRUST_KEY_INVALID], MARK_NONE,
            "the key file `%.*s` is not used: it %.*s", STR_ARG(shown), STR_ARG(reason));
    diag->hint = next;
}

/* The first key with an id counts: the system's before the user's. */
static void read_key(struct run *run, struct trust_store *store, struct str folder,
        struct str name, const char *kind)
{
    struct str text;
    struct str reason = STR_EMPTY;
    struct trusted_key key;
    struct objection objection = { 0 };
    struct str path = path_join(run->arena, folder, name);
    int code =
            trusted_file_read(run->arena, folder, name, KEY_FILE_MAX_BYTES, &text, &objection);
    if (code != 0) {
        say_key_unused(run, path, objection.reason, objection.next);
        return;
    }
    if (key_file_read(run->arena, text, &key, &reason) != 0) {
        say_key_unused(run, path, reason, STR_EMPTY);
        return;
    }
    if (key.allowed.count == 0 && !key.is_root) {
        say_key_unused(run, path, STR("does not say what the key may sign"),
                STR("add it with tf-atmos plugin trust add --allow <id prefix>"));
        return;
    }
    key.path = path;
    key.store = kind;
    key.is_root = key.is_root && strcmp(kind, "repository") != 0;
    if (!trust_store_find(store, key.key_id)) {
        VEC_PUSH(run->arena, &store->keys, key);
    }
}

static void read_keys(
        struct run *run, struct trust_store *store, struct str folder, const char *kind)
{
    struct folder_entry *entries = NULL;
    size_t count = 0;
    if (folder_list(run->arena, folder, &entries, &count) != 0) {
        return;
    }
    for (size_t i = 0; i < count && i < KEYS_MAX; i++) {
        if (str_ends_with(entries[i].name, STR(KEY_EXTENSION))) {
            read_key(run, store, folder, entries[i].name, kind);
        }
    }
}

struct str trust_store_user_keys(struct run *run, const struct trust_store *store)
{
    struct str folder = store->options.user_folder;
    return folder.len > 0 ? path_join(run->arena, folder, STR("keys")) : STR_EMPTY;
}

/* ---- revocation lists ---- */

static const struct diag_kind *object(struct objection *ret_objection, enum trust_diag kind,
        struct str reason, struct str next)
{
    ret_objection->reason = reason;
    ret_objection->next = next;
    return &trust_diags[kind];
}

static uint64_t lowest_serial(const struct trust_store *store)
{
    uint64_t lowest = 0;
    for (size_t i = 0; i < store->policy_count; i++) {
        uint64_t wanted = store->policies[i].minimum_serial;
        lowest = wanted > lowest ? wanted : lowest;
    }
    return lowest;
}

#define GET_LIST STR("get the current list, then tf-atmos plugin trust add <list>")

const struct diag_kind *trust_store_judge_list(struct run *run, struct trust_store *store,
        struct str text, struct revocations *ret_list, struct objection *ret_objection)
{
    struct arena *arena = run->arena;
    struct revocations list;
    struct str reason = STR_EMPTY;
    uint64_t seen = 0;
    int64_t now_s = run->clock->wall_ms(run->clock->context) / 1000;
    if (revocations_read(arena, text, &list, &reason) != 0) {
        return object(ret_objection, TRUST_LIST_INVALID, reason, GET_LIST);
    }
    const struct trusted_key *root = trust_store_find(store, list.key_id);
    if (!root || !root->is_root) {
        return object(ret_objection, TRUST_LIST_INVALID,
                arena_printf(arena, "is signed with key %.*s, which is no root key here",
                        STR_ARG(list.key_id)),
                STR("tf-atmos plugin trust add --root <public key>"));
    }
    if (!trust_store_has_crypto(run, store)) {
        return object(ret_objection, TRUST_NO_CRYPTO, store->crypto_reason, STR_EMPTY);
    }
    if (!record_is_signed_by(&list.record, &store->crypto, &root->key)) {
        return object(ret_objection, TRUST_LIST_INVALID,
                STR("has a signature that its root key did not make"), GET_LIST);
    }
    if (serial_seen(run, store->options.state_folder, list.key_id, &seen) != 0) {
        return object(ret_objection, TRUST_LIST_INVALID,
                STR("cannot be judged: the file of serials seen cannot be read"),
                arena_printf(arena, "remove %.*s/" SERIALS_NAME,
                        STR_ARG(store->options.state_folder)));
    }
    uint64_t lowest = lowest_serial(store);
    seen = lowest > seen ? lowest : seen;
    if (list.serial < seen) {
        return object(ret_objection, TRUST_LIST_ROLLED_BACK,
                arena_printf(arena, "has serial %llu, and %llu is the least that counts here",
                        (unsigned long long)list.serial, (unsigned long long)seen),
                GET_LIST);
    }
    if (now_s > list.expires_s) {
        struct str since = instant_write(arena, list.expires_s);
        if (run->is_strict) {
            return object(ret_objection, TRUST_LIST_EXPIRED,
                    arena_printf(arena, "expired %.*s, and --strict is given", STR_ARG(since)),
                    GET_LIST);
        }
        diag_add(&run->diags, &trust_diags[TRUST_LIST_EXPIRED], MARK_NONE,
                "the revocation list with serial %llu expired %.*s",
                (unsigned long long)list.serial, STR_ARG(since))
                ->hint = GET_LIST;
    }
    serial_remember(run, store->options.state_folder, list.key_id, list.serial);
    *ret_list = list;
    return NULL;
}

/* A list as it was found; `serial` is only what it says of itself. */
struct found_list {
    struct str path;
    struct str text;
    uint64_t serial;
    bool is_there;
};

static void set_fault(struct run *run, struct trust_store *store, const struct diag_kind *code,
        struct str path)
{
    struct str shown = text_shown(run->arena, path);
    store->fault = code;
    store->fault_objection.reason =
            arena_printf(run->arena, "cannot be judged: the revocation list `%.*s` %.*s",
                    STR_ARG(shown), STR_ARG(store->fault_objection.reason));
}

static void find_list(
        struct run *run, struct trust_store *store, struct str folder, struct found_list *found)
{
    struct revocations list;
    struct str reason;
    int code = trusted_file_read(run->arena, folder, STR(REVOCATIONS_NAME),
            REVOCATIONS_MAX_BYTES, &found->text, &store->fault_objection);
    found->path = path_join(run->arena, folder, STR(REVOCATIONS_NAME));
    found->is_there = code == 0;
    if (code != 0 && code != ERR_NOT_FOUND) {
        set_fault(run, store, &trust_diags[TRUST_LIST_INVALID], found->path);
    }
    if (code == 0 && revocations_read(run->arena, found->text, &list, &reason) == 0) {
        found->serial = list.serial;
    }
}

/* One place may lag behind another: an older list of the same root key adds nothing. */
static bool is_superseded(struct run *run, const struct trust_store *store, struct str text)
{
    struct revocations list;
    struct str reason;
    if (revocations_read(run->arena, text, &list, &reason) != 0) {
        return false;
    }
    for (size_t i = 0; i < store->lists.count; i++) {
        if (str_eq(store->lists.items[i].key_id, list.key_id)) {
            return true;
        }
    }
    return false;
}

/* The highest serial first, so that one that was seen is not taken for a step back. */
static void read_lists(struct run *run, struct trust_store *store)
{
    struct found_list found[PLUGIN_SYSTEM_FOLDERS + 1] = { 0 };
    for (size_t i = 0; i <= PLUGIN_SYSTEM_FOLDERS && !store->fault; i++) {
        struct str folder = i < PLUGIN_SYSTEM_FOLDERS ? store->options.system_folders[i]
                                                      : store->options.user_folder;
        if (folder.len > 0) {
            find_list(run, store, folder, &found[i]);
        }
    }
    while (!store->fault) {
        struct found_list *highest = NULL;
        struct revocations list;
        for (size_t i = 0; i <= PLUGIN_SYSTEM_FOLDERS; i++) {
            if (found[i].is_there && (!highest || found[i].serial > highest->serial)) {
                highest = &found[i];
            }
        }
        if (!highest) {
            return;
        }
        highest->is_there = false;
        if (is_superseded(run, store, highest->text)) {
            continue;
        }
        const struct diag_kind *fault = trust_store_judge_list(
                run, store, highest->text, &list, &store->fault_objection);
        if (fault) {
            set_fault(run, store, fault, highest->path);
        } else {
            VEC_PUSH(run->arena, &store->lists, list);
        }
    }
}

/* A list that was there and is gone hides what it revoked. */
static void demand_lists(struct run *run, struct trust_store *store)
{
    struct str gone = STR_EMPTY;
    bool is_wanted = lowest_serial(store) > 0 && store->lists.count == 0;
    for (size_t i = 0; i < store->keys.count && !is_wanted; i++) {
        const struct trusted_key *key = &store->keys.items[i];
        uint64_t seen = 0;
        bool is_there = !key->is_root;
        for (size_t k = 0; k < store->lists.count; k++) {
            is_there = is_there || str_eq(store->lists.items[k].key_id, key->key_id);
        }
        if (!is_there &&
                serial_seen(run, store->options.state_folder, key->key_id, &seen) == 0 &&
                seen > 0) {
            is_wanted = true;
            gone = key->key_id;
        }
    }
    if (is_wanted && !store->fault) {
        store->fault = object(&store->fault_objection, TRUST_LIST_ROLLED_BACK,
                gone.len > 0
                        ? arena_printf(run->arena,
                                  "cannot be judged: the revocation list of root key %.*s is "
                                  "gone",
                                  STR_ARG(gone))
                        : STR("cannot be judged: a policy demands a revocation list, and there "
                              "is none"),
                GET_LIST);
    }
}

void trust_store_read(struct run *run, struct trust_store *store)
{
    const struct plugin_options *options = &store->options;
    bool trusts_repository = false;
    if (store->is_read) {
        return;
    }
    store->is_read = true;
    for (size_t i = 0; i < PLUGIN_SYSTEM_FOLDERS; i++) {
        if (options->system_folders[i].len > 0) {
            read_keys(run, store,
                    path_join(run->arena, options->system_folders[i], STR("keys")), "system");
        }
    }
    if (options->user_folder.len > 0) {
        read_keys(run, store, trust_store_user_keys(run, store), "user");
    }
    for (size_t i = 0; i < store->policy_count; i++) {
        trusts_repository = trusts_repository || store->policies[i].trusts_repository;
    }
    if (trusts_repository && options->repository.len > 0) {
        read_keys(run, store, path_join(run->arena, options->repository, STR(REPOSITORY_KEYS)),
                "repository");
    }
    read_lists(run, store);
    demand_lists(run, store);
}
