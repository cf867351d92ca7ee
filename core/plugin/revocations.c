/* SPDX-License-Identifier: Apache-2.0 */
/* Revocation lists. */
#include "revocations.h"

#include <string.h>

#include "identity.h"
#include "statement.h"

/* The word before the next blank, cut off *rest. */
static struct str take_word(struct str *rest)
{
    ptrdiff_t blank = str_find(*rest, ' ');
    struct str word = blank < 0 ? *rest : str_sub(*rest, 0, (size_t)blank);
    *rest = blank < 0 ? STR_EMPTY : str_from_index(*rest, (size_t)blank + 1);
    return word;
}

/* "id version": `count` versions behind an id. */
static bool is_id_with(struct str value, size_t count)
{
    bool is_valid = is_plugin_id(take_word(&value));
    for (size_t i = 0; i < count; i++) {
        is_valid = is_valid && is_version(take_word(&value));
    }
    return is_valid && value.len == 0;
}

static bool is_range(struct str value)
{
    return is_id_with(value, 2);
}

static bool is_minimum(struct str value)
{
    return is_id_with(value, 1);
}

#define LINES_MAX ((size_t)REVOCATIONS_MAX_BYTES)

static const struct record_field fields[] = {
    { "key", is_key_id, 1, 1 },
    { "serial", is_number, 1, 1 },
    { "issued", is_instant, 1, 1 },
    { "expires", is_instant, 1, 1 },
    { "revoke-key", is_key_id, 0, LINES_MAX },
    { "revoke-sha256", is_digest, 0, LINES_MAX },
    { "revoke-id", is_range, 0, LINES_MAX },
    { "minimum", is_minimum, 0, LINES_MAX },
    { "signature", is_signature, 1, 1 },
    { NULL, NULL, 0, 0 },
};

int revocations_read(struct arena *arena, struct str text, struct revocations *ret_list,
        struct str *ret_reason)
{
    struct revocations list = { 0 };
    if (text.len > REVOCATIONS_MAX_BYTES) {
        *ret_reason = STR("is longer than 1 MiB");
        return ERR_PARSE;
    }
    int code = record_read(
            arena, text, STR(REVOCATIONS_HEADING), fields, &list.record, ret_reason);
    if (code != 0) {
        return code;
    }
    list.key_id = record_value(&list.record, "key");
    (void)str_to_u64(record_value(&list.record, "serial"), &list.serial);
    (void)instant_read(record_value(&list.record, "issued"), false, &list.issued_s);
    (void)instant_read(record_value(&list.record, "expires"), false, &list.expires_s);
    *ret_list = list;
    return 0;
}

int revocations_sign(struct arena *arena, struct str text, const struct crypto_library *crypto,
        const struct private_key *key, struct str *ret_text, struct str *ret_reason)
{
    AUTO_BUF made = BUF_INIT(REVOCATIONS_MAX_BYTES);
    struct public_key public_key = private_key_public(crypto, key);
    struct revocations list;
    struct str rest = text;
    struct str line;
    bool more = true;
    (void)str_split(&rest, &more, '\n', &line);
    buf_addf(&made, "%.*s\n", STR_ARG(line));
    record_add(&made, "key", public_key_id(arena, &public_key));
    while (str_split(&rest, &more, '\n', &line)) {
        bool is_replaced = str_starts_with(line, STR("key: ")) ||
                           str_starts_with(line, STR("signature: ")) ||
                           (line.len == 0 && !more);
        if (!is_replaced) {
            buf_addf(&made, "%.*s\n", STR_ARG(line));
        }
    }
    record_sign(arena, &made, crypto, key);
    if (made.is_full) {
        *ret_reason = STR("is longer than 1 MiB");
        return ERR_PARSE;
    }
    struct str signed_text = arena_dup(arena, buf_str(&made));
    int code = revocations_read(arena, signed_text, &list, ret_reason);
    if (code == 0) {
        *ret_text = signed_text;
    }
    return code;
}

static bool has_line(const struct revocations *list, const char *name, struct str wanted)
{
    struct str value;
    size_t index = 0;
    while (record_next(&list->record, name, &index, &value)) {
        if (str_eq(value, wanted)) {
            return true;
        }
    }
    return false;
}

bool revokes_key(const struct revocations *list, struct str key_id)
{
    return has_line(list, "revoke-key", key_id);
}

bool revokes_digest(const struct revocations *list, struct str sha256)
{
    return has_line(list, "revoke-sha256", sha256);
}

bool revokes_version(const struct revocations *list, struct str id, struct str version)
{
    struct str value;
    size_t index = 0;
    while (record_next(&list->record, "revoke-id", &index, &value)) {
        bool is_meant = str_eq(take_word(&value), id);
        struct str from = take_word(&value);
        if (is_meant && version_cmp(from, version) <= 0 && version_cmp(version, value) <= 0) {
            return true;
        }
    }
    return false;
}

bool demands_later(const struct revocations *list, struct str id, struct str version,
        struct str *ret_minimum)
{
    struct str value;
    size_t index = 0;
    while (record_next(&list->record, "minimum", &index, &value)) {
        if (str_eq(take_word(&value), id) && version_cmp(version, value) < 0) {
            *ret_minimum = value;
            return true;
        }
    }
    return false;
}
