/* SPDX-License-Identifier: Apache-2.0 */
/* Signing: request line, headers, an empty line, body; canonical forms are canonical. */
#include <string.h>

#include "aws/sigv4.h"
#include "must.h"

/* Hashing is not what is tested here: the functions below stand for libcrypto. */
static unsigned char *stub_mac(OSSL_LIB_CTX *context, const char *name, const char *properties,
        const char *algorithm, const OSSL_PARAM *parameters, const void *key, size_t key_len,
        const unsigned char *text, size_t text_len, unsigned char *out, size_t out_size,
        size_t *out_len)
{
    (void)context;
    (void)name;
    (void)properties;
    (void)algorithm;
    (void)parameters;
    memset(out, (int)(key_len + text_len), out_size);
    out[0] = (unsigned char)(out[0] ^ (key_len > 0 ? *(const unsigned char *)key : 0) ^
                             (text_len > 0 ? text[text_len - 1] : 0));
    *out_len = out_size;
    return out;
}

static int stub_digest(OSSL_LIB_CTX *context, const char *name, const char *properties,
        const void *text, size_t text_len, unsigned char *out, size_t *out_len)
{
    (void)context;
    (void)name;
    (void)properties;
    must(text != NULL);
    memset(out, (int)text_len, 32);
    *out_len = 32;
    return 1;
}

static void stub_cleanse(void *bytes, size_t size)
{
    memset(bytes, 0, size);
}

static const struct crypto_library crypto = {
    .EVP_Q_mac = stub_mac, .EVP_Q_digest = stub_digest, .OPENSSL_cleanse = stub_cleanse
};

static void check_query(struct arena *arena, struct str query)
{
    AUTO_BUF once = BUF_INIT(BUF_UNBOUNDED);
    AUTO_BUF twice = BUF_INIT(BUF_UNBOUNDED);
    struct uri_pairs pairs = { 0 };
    struct uri_pairs again = { 0 };
    uri_pairs_read(arena, &pairs, query);
    uri_pairs_sort(&pairs);
    uri_pairs_write(&once, &pairs);
    uri_pairs_read(arena, &again, buf_str(&once));
    uri_pairs_sort(&again);
    uri_pairs_write(&twice, &again);
    must(str_eq(buf_str(&once), buf_str(&twice)));
}

static void check_path(struct str path)
{
    for (unsigned flags = 0; flags < 4; flags++) {
        AUTO_BUF out = BUF_INIT(BUF_UNBOUNDED);
        uri_canonical_path(&out, path, flags);
        must(out.len > 0);
        for (size_t i = 0; i < out.len; i++) {
            char byte = out.ptr[i];
            must(byte > ' ' && byte <= '~' && byte != '?' && byte != '#');
        }
        if (flags == 0) {
            must(out.ptr[0] == '/' && str_find_str(buf_str(&out), STR("//")) < 0);
        }
    }
}

static size_t read_headers(struct str *rest, bool *more, struct header *headers, size_t most)
{
    size_t count = 0;
    struct str line;
    while (count < most && str_split(rest, more, '\n', &line) && line.len > 0) {
        ptrdiff_t colon = str_find(line, ':');
        if (colon > 0) {
            headers[count++] = (struct header){ str_sub(line, 0, (size_t)colon),
                str_from_index(line, (size_t)colon + 1) };
        }
    }
    return count;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str rest = { (const char *)data, size };
    struct arena *arena = arena_new();
    struct header headers[16];
    struct str line = STR_EMPTY;
    bool more = true;
    str_split(&rest, &more, '\n', &line);
    ptrdiff_t mark = str_find(line, '?');
    struct str path = mark < 0 ? line : str_sub(line, 0, (size_t)mark);
    struct str query = mark < 0 ? STR_EMPTY : str_from_index(line, (size_t)mark + 1);
    size_t count = read_headers(&rest, &more, headers, 16);
    struct credentials *credentials =
            credentials_new(STR("AKID"), STR("secret"), size % 2 ? STR("token") : STR_EMPTY);
    struct sigv4 signer;
    sigv4_init(&signer, &crypto);
    for (unsigned flags = 0; flags < 32; flags++) {
        struct sigv4_request request = { STR("GET"), path, query, headers, count, rest };
        struct sigv4_scope scope = { credentials, STR("eu-west-1"), STR("s3"),
            (int64_t)size * 86400, 3600, flags };
        struct sigv4_signature signature;
        struct sigv4_steps steps;
        must(sigv4_sign(&signer, arena, &request, &scope, &signature, &steps) == 0);
        must(strlen(signature.hex) == 64);
        must((flags & SIGV4_QUERY) ? signature.query.len > 64
                                   : signature.authorization.len > 64);
        must(str_starts_with(steps.canonical, STR("GET\n")));
    }
    check_path(path);
    check_query(arena, query);
    sigv4_clear(&signer);
    credentials_free(credentials);
    arena_free(arena);
    return 0;
}
