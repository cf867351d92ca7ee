/* SPDX-License-Identifier: Apache-2.0 */
/* Public key files. */
#include "key_file.h"

#include <string.h>

#include "identity.h"
#include "statement.h"

bool is_key_scope(struct str text)
{
    return str_eq(text, STR("*")) || is_plugin_id(text);
}

static bool is_role(struct str value)
{
    return str_eq(value, STR("root"));
}

static bool is_public(struct str value)
{
    return is_hex(value, 64);
}

static const struct record_field fields[] = {
    { "key", is_key_id, 1, 1 },
    { "public", is_public, 1, 1 },
    { "comment", is_record_text, 0, 1 },
    { "role", is_role, 0, 1 },
    { "allow", is_key_scope, 0, 64 },
    { "from", is_instant, 0, 1 },
    { "until", is_instant, 0, 1 },
    { NULL, NULL, 0, 0 },
};

int key_file_read(struct arena *arena, struct str text, struct trusted_key *ret_key,
        struct str *ret_reason)
{
    struct trusted_key key = { .from_s = INT64_MIN, .until_s = INT64_MAX };
    struct record record;
    VEC(struct str) allowed = { 0 };
    struct str scope;
    size_t index = 0;
    if (text.len > KEY_FILE_MAX_BYTES) {
        *ret_reason = STR("is longer than 16 KiB");
        return ERR_PARSE;
    }
    int code = record_read(arena, text, STR(KEY_HEADING), fields, &record, ret_reason);
    if (code != 0) {
        return code;
    }
    (void)hex_read(record_value(&record, "public"), key.key.bytes, sizeof(key.key.bytes));
    key.key_id = record_value(&record, "key");
    if (!str_eq(key.key_id, public_key_id(arena, &key.key))) {
        *ret_reason = STR("has a `key` that does not belong to its `public`");
        return ERR_PARSE;
    }
    while (record_next(&record, "allow", &index, &scope)) {
        VEC_PUSH(arena, &allowed, scope);
    }
    key.comment = record_value(&record, "comment");
    key.allowed = (struct str_list){ allowed.items, allowed.count };
    key.is_root = record_value(&record, "role").len > 0;
    (void)instant_read(record_value(&record, "from"), false, &key.from_s);
    (void)instant_read(record_value(&record, "until"), false, &key.until_s);
    *ret_key = key;
    return 0;
}

struct str key_file_write(struct arena *arena, const struct trusted_key *key)
{
    AUTO_BUF text = BUF_INIT(KEY_FILE_MAX_BYTES);
    buf_add(&text, STR(KEY_HEADING "\n"));
    record_add(&text, "key", key->key_id);
    record_add(&text, "public", hex_write(arena, key->key.bytes, sizeof(key->key.bytes)));
    if (key->comment.len > 0) {
        record_add(&text, "comment", key->comment);
    }
    if (key->is_root) {
        record_add(&text, "role", STR("root"));
    }
    for (size_t i = 0; i < key->allowed.count; i++) {
        record_add(&text, "allow", key->allowed.items[i]);
    }
    if (key->from_s != INT64_MIN) {
        record_add(&text, "from", instant_write(arena, key->from_s));
    }
    if (key->until_s != INT64_MAX) {
        record_add(&text, "until", instant_write(arena, key->until_s));
    }
    return arena_dup(arena, buf_str(&text));
}

bool key_covers(const struct trusted_key *key, struct str id)
{
    for (size_t i = 0; i < key->allowed.count; i++) {
        struct str scope = key->allowed.items[i];
        if (str_eq(scope, STR("*")) || str_eq(scope, id) ||
                (str_starts_with(id, scope) && id.ptr[scope.len] == '.')) {
            return true;
        }
    }
    return false;
}
