/* SPDX-License-Identifier: Apache-2.0 */
/* Statements and trailers, read as hostile text. */
#include "statement.h"

#include <assert.h>
#include <string.h>

#include "identity.h"

#define FOOTER_BEGIN "tf-atmos-statement:"

static_assert(sizeof(FOOTER_BEGIN) - 1 + 8 + 1 == TRAILER_FOOTER_BYTES, "footer");

/* "1.0": two numbers. */
static bool is_abi(struct str value)
{
    ptrdiff_t dot = str_find(value, '.');
    return dot > 0 && is_number(str_sub(value, 0, (size_t)dot)) &&
           is_number(str_from_index(value, (size_t)dot + 1));
}

static const struct record_field fields[] = {
    { "key", is_key_id, 1, 1 },
    { "id", is_plugin_id, 1, 1 },
    { "version", is_version, 1, 1 },
    { "abi", is_abi, 1, 1 },
    { "size", is_number, 1, 1 },
    { "sha256", is_digest, 1, 1 },
    { "issued", is_instant, 1, 1 },
    { "expires", is_instant, 0, 1 },
    { "signature", is_signature, 1, 1 },
    { NULL, NULL, 0, 0 },
};

int statement_read(struct arena *arena, struct str text, struct statement *ret_statement,
        struct str *ret_reason)
{
    struct statement read = { .expires_s = INT64_MAX };
    if (text.len > STATEMENT_MAX_BYTES) {
        *ret_reason = STR("is longer than 4096 bytes");
        return ERR_PARSE;
    }
    int code =
            record_read(arena, text, STR(STATEMENT_HEADING), fields, &read.record, ret_reason);
    if (code != 0) {
        return code;
    }
    read.key_id = record_value(&read.record, "key");
    read.id = record_value(&read.record, "id");
    read.version = record_value(&read.record, "version");
    read.abi = record_value(&read.record, "abi");
    read.sha256 = record_value(&read.record, "sha256");
    (void)str_to_u64(record_value(&read.record, "size"), &read.size_bytes);
    (void)instant_read(record_value(&read.record, "issued"), false, &read.issued_s);
    (void)instant_read(record_value(&read.record, "expires"), false, &read.expires_s);
    *ret_statement = read;
    return 0;
}

struct str statement_write(struct arena *arena, const struct statement *statement,
        const struct crypto_library *crypto, const struct private_key *key)
{
    AUTO_BUF text = BUF_INIT(STATEMENT_MAX_BYTES);
    buf_add(&text, STR(STATEMENT_HEADING "\n"));
    record_add(&text, "key", statement->key_id);
    record_add(&text, "id", statement->id);
    record_add(&text, "version", statement->version);
    record_add(&text, "abi", statement->abi);
    record_add(&text, "size",
            arena_printf(arena, "%llu", (unsigned long long)statement->size_bytes));
    record_add(&text, "sha256", statement->sha256);
    record_add(&text, "issued", instant_write(arena, statement->issued_s));
    if (statement->expires_s != INT64_MAX) {
        record_add(&text, "expires", instant_write(arena, statement->expires_s));
    }
    record_sign(arena, &text, crypto, key);
    return arena_dup(arena, buf_str(&text));
}

bool trailer_find(struct str footer, uint64_t size_bytes, size_t *ret_length)
{
    unsigned char bytes[4];
    if (footer.len != TRAILER_FOOTER_BYTES || !str_starts_with(footer, STR(FOOTER_BEGIN))) {
        return false;
    }
    bool is_whole =
            footer.ptr[TRAILER_FOOTER_BYTES - 1] == '\n' &&
            hex_read(str_sub(footer, sizeof(FOOTER_BEGIN) - 1, TRAILER_FOOTER_BYTES - 1), bytes,
                    sizeof(bytes));
    size_t length = is_whole ? (size_t)bytes[0] << 24 | (size_t)bytes[1] << 16 |
                                       (size_t)bytes[2] << 8 | (size_t)bytes[3]
                             : 0;
    bool is_possible =
            length <= STATEMENT_MAX_BYTES && length + TRAILER_FOOTER_BYTES < size_bytes;
    *ret_length = is_possible ? length : 0;
    return true;
}

struct str trailer_footer(struct arena *arena, size_t length)
{
    return arena_printf(arena, FOOTER_BEGIN "%08x\n", (unsigned)length);
}

struct str public_key_id(struct arena *arena, const struct public_key *key)
{
    struct sha256_digest digest = sha256_of((struct str){ (const char *)key->bytes, 32 });
    return hex_write(arena, digest.bytes, 8);
}
