/* SPDX-License-Identifier: Apache-2.0 */
/* Changing and showing the trust stores. */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "plugin_trust.h"

static int refuse(struct run *run, struct str path, struct str reason, struct str next)
{
    struct str shown = text_shown(run->arena, path);
    struct diag *diag = diag_add(&run->diags, &trust_diags[TRUST_ADD_REFUSED], MARK_NONE,
            "`%.*s` is not added: it %.*s", STR_ARG(shown), STR_ARG(reason));
    diag->hint = next;
    return ERR_INVALID;
}

static int write_store(
        struct run *run, struct str path, struct str content, struct str *ret_path)
{
    if (folder_create(path_folder(path), 0700) != 0 ||
            file_write_atomic(path, content, 0644) != 0) {
        int error = errno;
        diag_add(&run->diags, &trust_diags[TRUST_UNWRITABLE], MARK_NONE,
                "`%.*s` cannot be written: %s", STR_ARG(path), strerrordesc_np(error));
        return ERR_IO;
    }
    *ret_path = path;
    return 0;
}

static int add_key(struct run *run, const struct trust_store *store,
        const struct trust_request *request, struct str text, struct str *ret_written)
{
    struct trusted_key key;
    struct str reason = STR_EMPTY;
    struct str folder = trust_store_user_keys(run, store);
    if (key_file_read(run->arena, text, &key, &reason) != 0) {
        return refuse(run, request->file, reason, STR_EMPTY);
    }
    for (size_t i = 0; i < request->allowed_count; i++) {
        if (!is_key_scope(request->allowed[i])) {
            struct str shown = text_shown(run->arena, request->allowed[i]);
            return refuse(run, request->file,
                    arena_printf(run->arena, "cannot be allowed `%.*s`, which is no id prefix",
                            STR_ARG(shown)),
                    STR("write it like com.example, or * for every id"));
        }
    }
    if (request->allowed_count == 0 && !request->is_root) {
        return refuse(run, request->file,
                STR("is a key, and the command does not say what it may sign"),
                STR("name an id prefix, --allow com.example, or --root for revocation lists"));
    }
    key.allowed = (struct str_list){ request->allowed, request->allowed_count };
    key.is_root = request->is_root;
    key.from_s = request->from_s;
    key.until_s = request->until_s;
    return write_store(run,
            path_join(run->arena, folder,
                    arena_printf(run->arena, "%.*s" KEY_EXTENSION, STR_ARG(key.key_id))),
            key_file_write(run->arena, &key), ret_written);
}

static int add_list(struct run *run, struct trust_store *store,
        const struct trust_request *request, struct str text, struct str *ret_written)
{
    struct revocations list;
    struct objection objection = { 0 };
    int code = trust_store_need_crypto(run, store);
    if (code != 0) {
        return code;
    }
    trust_store_read(run, store);
    const struct diag_kind *fault = trust_store_judge_list(run, store, text, &list, &objection);
    if (fault) {
        struct str shown = text_shown(run->arena, request->file);
        struct diag *diag = diag_add(&run->diags, fault, MARK_NONE,
                "the revocation list `%.*s` is not added: it %.*s", STR_ARG(shown),
                STR_ARG(objection.reason));
        diag->hint = objection.next;
        return ERR_DENIED;
    }
    return write_store(run,
            path_join(run->arena, store->options.user_folder, STR(REVOCATIONS_NAME)), text,
            ret_written);
}

int trust_add(struct run *run, const struct plugin_options *options,
        const struct trust_request *request, struct str *ret_written)
{
    struct trust_store *store = NULL;
    struct str text;
    int code = trust_store_open(run, options, &store);
    if (code != 0) {
        return code;
    }
    if (options->user_folder.len == 0) {
        return refuse(run, request->file, STR("has no place: HOME is not set"), STR_EMPTY);
    }
    code = file_read(run->arena, request->file, REVOCATIONS_MAX_BYTES, &text);
    if (code != 0) {
        return refuse(run, request->file,
                code == ERR_LIMIT ? STR("is larger than 1 MiB") : STR("cannot be read"),
                STR_EMPTY);
    }
    return str_starts_with(text, STR(REVOCATIONS_HEADING "\n"))
                   ? add_list(run, store, request, text, ret_written)
                   : add_key(run, store, request, text, ret_written);
}

int trust_remove(struct run *run, const struct plugin_options *options, struct str key_id,
        struct str *ret_removed)
{
    struct trust_store *store = NULL;
    int code = trust_store_open(run, options, &store);
    if (code != 0) {
        return code;
    }
    trust_store_read(run, store);
    const struct trusted_key *key = trust_store_find(store, key_id);
    if (!key) {
        struct str shown = text_shown(run->arena, key_id);
        diag_add(&run->diags, &trust_diags[TRUST_KEY_UNKNOWN], MARK_NONE,
                "no trusted key has the id `%.*s`", STR_ARG(shown))
                ->hint = STR("tf-atmos plugin trust list shows the keys");
        return ERR_NOT_FOUND;
    }
    if (strcmp(key->store, "user") != 0) {
        diag_add(&run->diags, &trust_diags[TRUST_ADD_REFUSED], MARK_NONE,
                "key %.*s is trusted by the %s, not by you: `%.*s`", STR_ARG(key->key_id),
                key->store, STR_ARG(key->path));
        return ERR_DENIED;
    }
    if (unlink(arena_cstr(run->arena, key->path)) != 0) {
        int error = errno;
        diag_add(&run->diags, &trust_diags[TRUST_UNWRITABLE], MARK_NONE,
                "`%.*s` cannot be removed: %s", STR_ARG(key->path), strerrordesc_np(error));
        return ERR_IO;
    }
    *ret_removed = key->path;
    return 0;
}

/* ---- what is shown ---- */

static void put_time(
        struct run *run, struct value_builder *builder, const char *key, int64_t time_s)
{
    bool is_set = time_s != INT64_MIN && time_s != INT64_MAX;
    row_put_shown(run, builder, key, is_set ? instant_write(run->arena, time_s) : STR_EMPTY);
}

static const struct value *key_value(struct run *run, const struct trusted_key *key)
{
    struct value_builder builder;
    const struct value **allowed =
            ARENA_ARRAY(run->arena, const struct value *, key->allowed.count + 1);
    for (size_t i = 0; i < key->allowed.count; i++) {
        allowed[i] = value_string_new(run->arena, key->allowed.items[i], MARK_NONE);
    }
    value_builder_init(&builder, run->arena, MARK_NONE);
    row_put_shown(run, &builder, "key", key->key_id);
    row_put_shown(run, &builder, "comment", key->comment);
    row_put_shown(run, &builder, "store", str_from(key->store));
    row_put(run, &builder, "root", value_bool_new(run->arena, key->is_root, MARK_NONE));
    row_put(run, &builder, "allow",
            value_list_new(run->arena, allowed, key->allowed.count, MARK_NONE));
    put_time(run, &builder, "from", key->from_s);
    put_time(run, &builder, "until", key->until_s);
    row_put_shown(run, &builder, "path", key->path);
    return value_builder_map(&builder);
}

static const struct value *list_value(struct run *run, const struct revocations *list)
{
    struct value_builder builder;
    value_builder_init(&builder, run->arena, MARK_NONE);
    row_put_shown(run, &builder, "key", list->key_id);
    row_put(run, &builder, "serial",
            value_int_new(run->arena, (int64_t)list->serial, MARK_NONE));
    put_time(run, &builder, "issued", list->issued_s);
    put_time(run, &builder, "expires", list->expires_s);
    return value_builder_map(&builder);
}

const struct value *trust_list_value(struct run *run, const struct plugins *plugins)
{
    struct trust_store *store = plugins->trust;
    struct value_builder builder;
    VEC(const struct value *) keys = { 0 };
    VEC(const struct value *) lists = { 0 };
    VEC(const struct value *) policies = { 0 };
    trust_store_read(run, store);
    for (size_t i = 0; i < store->keys.count; i++) {
        VEC_PUSH(run->arena, &keys, key_value(run, &store->keys.items[i]));
    }
    for (size_t i = 0; i < store->lists.count; i++) {
        VEC_PUSH(run->arena, &lists, list_value(run, &store->lists.items[i]));
    }
    for (size_t i = 0; i < store->policy_count; i++) {
        VEC_PUSH(run->arena, &policies,
                value_string_new(run->arena, store->policies[i].origin, MARK_NONE));
    }
    value_builder_init(&builder, run->arena, MARK_NONE);
    row_put(run, &builder, "keys",
            value_list_new(run->arena, keys.items, keys.count, MARK_NONE));
    row_put(run, &builder, "revocations",
            value_list_new(run->arena, lists.items, lists.count, MARK_NONE));
    row_put(run, &builder, "policies",
            value_list_new(run->arena, policies.items, policies.count, MARK_NONE));
    if (store->fault) {
        struct diag *diag = diag_add(&run->diags, store->fault, MARK_NONE,
                "no plugin from elsewhere runs: it %.*s",
                STR_ARG(store->fault_objection.reason));
        diag->hint = store->fault_objection.next;
    }
    return value_builder_map(&builder);
}
