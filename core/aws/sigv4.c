/* SPDX-License-Identifier: Apache-2.0 */
/* Canonical request, string to sign, signature. */
#include "sigv4.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ALGORITHM "AWS4-HMAC-SHA256"

enum {
    HASH_BYTES = 32
};

static void to_hex(const unsigned char *bytes, char *hex)
{
    static const char digits[] = "0123456789abcdef";
    for (size_t i = 0; i < HASH_BYTES; i++) {
        hex[2 * i] = digits[bytes[i] >> 4];
        hex[2 * i + 1] = digits[bytes[i] & 15];
    }
    hex[2 * HASH_BYTES] = '\0';
}

static int hash_hex(const struct crypto_library *crypto, struct str text, char *hex)
{
    unsigned char digest[HASH_BYTES];
    size_t len = sizeof(digest);
    if (!crypto->EVP_Q_digest(
                NULL, "SHA256", NULL, text.ptr ? text.ptr : "", text.len, digest, &len)) {
        return ERR_UNAVAILABLE;
    }
    to_hex(digest, hex);
    return 0;
}

static int hmac(const struct crypto_library *crypto, const void *key, size_t key_len,
        struct str text, unsigned char *mac)
{
    size_t len = 0;
    const unsigned char *bytes = (const unsigned char *)(text.ptr ? text.ptr : "");
    return crypto->EVP_Q_mac(NULL, "HMAC", NULL, "SHA256", NULL, key, key_len, bytes, text.len,
                   mac, HASH_BYTES, &len) &&
                           len == HASH_BYTES
                   ? 0
                   : ERR_UNAVAILABLE;
}

/* ---- headers ---- */

/* A header made ready: lower-case name, trimmed value, runs of white space as one blank. */
struct ready_header {
    struct str name;
    struct str value;
    size_t order;
};

static struct str lower(struct arena *arena, struct str text)
{
    char *copy = arena_cstr(arena, text);
    for (size_t i = 0; i < text.len; i++) {
        if (copy[i] >= 'A' && copy[i] <= 'Z') {
            copy[i] = (char)(copy[i] - 'A' + 'a');
        }
    }
    return (struct str){ copy, text.len };
}

static struct str collapse(struct arena *arena, struct str text)
{
    struct str trimmed = str_trim(text);
    char *out = arena_alloc(arena, trimmed.len + 1);
    size_t len = 0;
    for (size_t i = 0; i < trimmed.len; i++) {
        if (!char_is_blank(trimmed.ptr[i])) {
            out[len++] = trimmed.ptr[i];
        } else if (len > 0 && out[len - 1] != ' ') {
            out[len++] = ' ';
        }
    }
    return (struct str){ out, len };
}

static int cmp_headers(const void *left, const void *right)
{
    const struct ready_header *a = left;
    const struct ready_header *b = right;
    int order = str_cmp(a->name, b->name);
    return order != 0 ? order : (a->order > b->order) - (a->order < b->order);
}

/* What the canonical request is made of. */
struct draft {
    struct ready_header *headers;
    size_t header_count;
    struct str signed_names; /* "host;x-amz-date" */
    struct uri_pairs query;
    struct stamp stamp;
    struct str credential; /* "AKID/20150830/us-east-1/service/aws4_request" */
};

/* The headers to sign, sorted by name; equal names keep their order. The token is not copied. */
static void ready_headers(struct arena *arena, const struct sigv4_request *request,
        const struct sigv4_scope *scope, const struct sigv4_signature *signature,
        struct draft *draft)
{
    struct header added[3];
    size_t added_count = 0;
    if (!(scope->flags & SIGV4_QUERY)) {
        added[added_count++] =
                (struct header){ STR("x-amz-date"), str_from(draft->stamp.text) };
        if (scope->flags & SIGV4_SIGN_BODY) {
            added[added_count++] = (struct header){ STR("x-amz-content-sha256"),
                str_from(signature->body_hash) };
        }
        if (scope->credentials->token.len > 0 && !(scope->flags & SIGV4_TOKEN_AFTER)) {
            added[added_count++] =
                    (struct header){ STR("x-amz-security-token"), scope->credentials->token };
        }
    }
    size_t count = request->header_count + added_count;
    draft->headers = ARENA_ARRAY(arena, struct ready_header, count);
    draft->header_count = count;
    for (size_t i = 0; i < count; i++) {
        bool is_ours = i >= request->header_count;
        const struct header *header =
                is_ours ? &added[i - request->header_count] : &request->headers[i];
        draft->headers[i] = (struct ready_header){
            lower(arena, header->name),
            is_ours ? str_trim(header->value) : collapse(arena, header->value),
            i,
        };
    }
    qsort(draft->headers, count, sizeof(draft->headers[0]), cmp_headers);

    AUTO_BUF names = BUF_INIT(BUF_UNBOUNDED);
    for (size_t i = 0; i < count; i++) {
        if (i == 0 || !str_eq(draft->headers[i].name, draft->headers[i - 1].name)) {
            if (i > 0) {
                buf_add_byte(&names, ';');
            }
            buf_add(&names, draft->headers[i].name);
        }
    }
    draft->signed_names = arena_dup(arena, buf_str(&names));
}

/* ---- query ---- */

/* The parameters of a presigned URL, without the signature. */
static void add_presign(struct arena *arena, const struct sigv4_scope *scope,
        const struct draft *draft, struct uri_pairs *pairs)
{
    uri_pairs_add(arena, pairs, STR("X-Amz-Algorithm"), STR(ALGORITHM));
    uri_pairs_add(arena, pairs, STR("X-Amz-Credential"), draft->credential);
    uri_pairs_add(arena, pairs, STR("X-Amz-Date"), str_from(draft->stamp.text));
    uri_pairs_add(arena, pairs, STR("X-Amz-SignedHeaders"), draft->signed_names);
    uri_pairs_add(arena, pairs, STR("X-Amz-Expires"),
            arena_printf(arena, "%lld", (long long)scope->expires_s));
}

static void add_token(
        struct arena *arena, const struct sigv4_scope *scope, struct uri_pairs *pairs)
{
    if (scope->credentials->token.len > 0) {
        uri_pairs_add(arena, pairs, STR("X-Amz-Security-Token"), scope->credentials->token);
    }
}

static void ready_query(struct arena *arena, const struct sigv4_request *request,
        const struct sigv4_scope *scope, struct draft *draft)
{
    uri_pairs_read(arena, &draft->query, request->query);
    if (scope->flags & SIGV4_QUERY) {
        add_presign(arena, scope, draft, &draft->query);
        if (!(scope->flags & SIGV4_TOKEN_AFTER)) {
            add_token(arena, scope, &draft->query);
        }
    }
    uri_pairs_sort(&draft->query);
}

/* The query to send: what the request had, untouched, then ours, then the signature. */
static struct str query_to_send(struct arena *arena, const struct sigv4_request *request,
        const struct sigv4_scope *scope, const struct draft *draft, const char *signature)
{
    AUTO_SECRET_BUF out = BUF_INIT(BUF_UNBOUNDED);
    struct uri_pairs pairs = { 0 };
    add_presign(arena, scope, draft, &pairs);
    add_token(arena, scope, &pairs);
    buf_add(&out, request->query);
    if (out.len > 0) {
        buf_add_byte(&out, '&');
    }
    uri_pairs_write(&out, &pairs);
    buf_addf(&out, "&X-Amz-Signature=%s", signature);
    return arena_dup(arena, buf_str(&out));
}

/* ---- the three steps ---- */

/* An upper bound, so that the buffer never grows while it holds the token. */
static size_t canonical_bound(const struct sigv4_request *request, const struct draft *draft)
{
    size_t bound = request->method.len + 9 * request->path.len + draft->signed_names.len + 256;
    for (size_t i = 0; i < draft->query.list.count; i++) {
        const struct uri_pair *pair = &draft->query.list.items[i];
        bound += pair->name.len + pair->value.len + 2;
    }
    for (size_t i = 0; i < draft->header_count; i++) {
        bound += draft->headers[i].name.len + draft->headers[i].value.len + 2;
    }
    return bound;
}

static void write_canonical(struct buf *out, const struct sigv4_request *request,
        const struct sigv4_scope *scope, const struct draft *draft, const char *body_hash)
{
    unsigned path_flags = 0;
    path_flags |= scope->flags & SIGV4_KEEP_SEGMENTS ? URI_KEEP_SEGMENTS : 0;
    path_flags |= scope->flags & SIGV4_ENCODED_ONCE ? URI_ENCODED_ONCE : 0;
    buf_add(out, request->method);
    buf_add_byte(out, '\n');
    uri_canonical_path(out, request->path, path_flags);
    buf_add_byte(out, '\n');
    uri_pairs_write(out, &draft->query);
    for (size_t i = 0; i < draft->header_count; i++) {
        const struct ready_header *header = &draft->headers[i];
        bool is_repeated = i > 0 && str_eq(header->name, draft->headers[i - 1].name);
        if (is_repeated) {
            buf_add_byte(out, ',');
        } else {
            buf_add_byte(out, '\n');
            buf_add(out, header->name);
            buf_add_byte(out, ':');
        }
        buf_add(out, header->value);
    }
    buf_add_cstr(out, "\n\n");
    buf_add(out, draft->signed_names);
    buf_add_byte(out, '\n');
    buf_add_cstr(out, body_hash);
}

/* The signing key, from the cache or derived. The pointer is valid until the next call. */
static int signing_key(struct sigv4 *signer, const struct sigv4_scope *scope,
        const struct stamp *stamp, const unsigned char **ret_key)
{
    const struct credentials *credentials = scope->credentials;
    char name[sizeof(signer->keys[0].name)];
    int len = snprintf(name, sizeof(name), "%.*s/%.8s/%.*s/%.*s", STR_ARG(credentials->key_id),
            stamp->text, STR_ARG(scope->region), STR_ARG(scope->service));
    bool is_cached = len > 0 && (size_t)len < sizeof(name);
    for (size_t i = 0; is_cached && i < SIGV4_KEYS; i++) {
        if (strcmp(signer->keys[i].name, name) == 0) {
            *ret_key = signer->keys[i].bytes;
            return 0;
        }
    }
    struct sigv4_key *slot = &signer->keys[signer->next];
    signer->next = (signer->next + 1) % SIGV4_KEYS;
    signer->derived++;
    slot->name[0] = '\0';

    AUTO_SECRET_BUF seed = BUF_INIT(BUF_UNBOUNDED);
    buf_reserve(&seed, credentials->secret.len + 8);
    buf_add_cstr(&seed, "AWS4");
    buf_add(&seed, credentials->secret);
    const struct str parts[] = { { stamp->text, 8 }, scope->region, scope->service,
        STR("aws4_request") };
    const void *key = seed.ptr;
    size_t key_len = seed.len;
    unsigned char mac[HASH_BYTES];
    int err = 0;
    for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]) && err == 0; i++) {
        err = hmac(signer->crypto, key, key_len, parts[i], mac);
        memcpy(slot->bytes, mac, sizeof(mac));
        key = slot->bytes;
        key_len = sizeof(slot->bytes);
    }
    signer->crypto->OPENSSL_cleanse(mac, sizeof(mac));
    if (err == 0 && is_cached) {
        memcpy(slot->name, name, sizeof(name));
    }
    *ret_key = slot->bytes;
    return err;
}

int sigv4_sign(struct sigv4 *signer, struct arena *arena, const struct sigv4_request *request,
        const struct sigv4_scope *scope, struct sigv4_signature *ret_signature,
        struct sigv4_steps *ret_steps)
{
    struct sigv4_signature signature = { .stamp = stamp_of(scope->time_s) };
    struct draft draft = { .stamp = signature.stamp };
    struct str date = { signature.stamp.text, 8 };
    struct str tail = arena_printf(arena, "%.*s/%.*s/%.*s/aws4_request", STR_ARG(date),
            STR_ARG(scope->region), STR_ARG(scope->service));
    draft.credential = arena_printf(
            arena, "%.*s/%.*s", STR_ARG(scope->credentials->key_id), STR_ARG(tail));
    int err = hash_hex(signer->crypto, request->body, signature.body_hash);
    if (err != 0) {
        return err;
    }
    ready_headers(arena, request, scope, &signature, &draft);
    ready_query(arena, request, scope, &draft);

    AUTO_SECRET_BUF canonical = BUF_INIT(BUF_UNBOUNDED);
    buf_reserve(&canonical, canonical_bound(request, &draft));
    write_canonical(&canonical, request, scope, &draft, signature.body_hash);
    char hash[2 * HASH_BYTES + 1];
    err = hash_hex(signer->crypto, buf_str(&canonical), hash);
    if (err != 0) {
        return err;
    }
    struct str to_sign = arena_printf(
            arena, "%s\n%s\n%.*s\n%s", ALGORITHM, signature.stamp.text, STR_ARG(tail), hash);

    const unsigned char *key = NULL;
    unsigned char mac[HASH_BYTES];
    err = signing_key(signer, scope, &signature.stamp, &key);
    if (err == 0) {
        err = hmac(signer->crypto, key, HASH_BYTES, to_sign, mac);
    }
    if (err != 0) {
        return err;
    }
    to_hex(mac, signature.hex);
    if (scope->flags & SIGV4_QUERY) {
        signature.query = query_to_send(arena, request, scope, &draft, signature.hex);
    } else {
        signature.authorization = arena_printf(arena,
                "%s Credential=%.*s, SignedHeaders=%.*s, Signature=%s", ALGORITHM,
                STR_ARG(draft.credential), STR_ARG(draft.signed_names), signature.hex);
    }
    if (ret_steps) {
        ret_steps->canonical = arena_dup(arena, buf_str(&canonical));
        ret_steps->string_to_sign = to_sign;
    }
    *ret_signature = signature;
    return 0;
}

void sigv4_init(struct sigv4 *signer, const struct crypto_library *crypto)
{
    *signer = (struct sigv4){ .crypto = crypto };
}

void sigv4_clear(struct sigv4 *signer)
{
    explicit_bzero(signer, sizeof(*signer));
}
