/* SPDX-License-Identifier: Apache-2.0 */
/* Ed25519: keys in PEM, signing and checking whole messages. */
#include <string.h>

#include "crypto.h"

/* libcrypto's own object; the name only keeps its type out of our headers. */
static EVP_PKEY *inside(const struct private_key *key)
{
    return (EVP_PKEY *)(uintptr_t)key;
}

static struct private_key *wrap(EVP_PKEY *key)
{
    return (struct private_key *)key;
}

bool signature_holds(const struct crypto_library *crypto, const struct public_key *key,
        struct str message, const struct signature *signature)
{
    EVP_PKEY *pkey = crypto->EVP_PKEY_new_raw_public_key(
            EVP_PKEY_ED25519, NULL, key->bytes, sizeof(key->bytes));
    EVP_MD_CTX *context = crypto->EVP_MD_CTX_new();
    bool holds = pkey && context &&
                 crypto->EVP_DigestVerifyInit(context, NULL, NULL, NULL, pkey) == 1 &&
                 crypto->EVP_DigestVerify(context, signature->bytes, sizeof(signature->bytes),
                         (const unsigned char *)message.ptr, message.len) == 1;
    crypto->EVP_MD_CTX_free(context);
    crypto->EVP_PKEY_free(pkey);
    crypto->ERR_clear_error();
    return holds;
}

struct private_key *private_key_new(const struct crypto_library *crypto)
{
    return wrap(crypto->EVP_PKEY_Q_keygen(NULL, NULL, "ED25519"));
}

/* What libcrypto may ask while it reads. */
struct question {
    struct str passphrase;
    bool was_asked;
};

static int answer(char *buffer, int size, int is_writing, void *context)
{
    struct question *question = context;
    (void)is_writing;
    question->was_asked = true;
    if (question->passphrase.len == 0 || question->passphrase.len > (size_t)size) {
        return -1;
    }
    memcpy(buffer, question->passphrase.ptr, question->passphrase.len);
    return (int)question->passphrase.len;
}

int private_key_read(const struct crypto_library *crypto, struct str pem, struct str passphrase,
        struct private_key **ret_key)
{
    struct question question = { passphrase, false };
    BIO *bio = pem.len > 0 && pem.len < INT32_MAX
                       ? crypto->BIO_new_mem_buf(pem.ptr, (int)pem.len)
                       : NULL;
    EVP_PKEY *key = bio ? crypto->PEM_read_bio_PrivateKey(bio, NULL, answer, &question) : NULL;
    crypto->BIO_free(bio);
    crypto->ERR_clear_error();
    if (!key) {
        return question.was_asked ? ERR_DENIED : ERR_PARSE;
    }
    if (!crypto->EVP_PKEY_is_a(key, "ED25519")) {
        crypto->EVP_PKEY_free(key);
        return ERR_UNSUPPORTED;
    }
    *ret_key = wrap(key);
    return 0;
}

int private_key_write(const struct crypto_library *crypto, const struct private_key *key,
        struct str passphrase, struct buf *ret_pem)
{
    BIO *bio = crypto->BIO_new(crypto->BIO_s_mem());
    const EVP_CIPHER *cipher = passphrase.len > 0 ? crypto->EVP_aes_256_cbc() : NULL;
    bool is_written = bio && crypto->PEM_write_bio_PKCS8PrivateKey(bio, inside(key), cipher,
                                     cipher ? passphrase.ptr : NULL, (int)passphrase.len, NULL,
                                     NULL) == 1;
    char piece[512];
    int got = is_written ? crypto->BIO_read(bio, piece, sizeof(piece)) : 0;
    while (got > 0) {
        buf_add(ret_pem, (struct str){ piece, (size_t)got });
        got = crypto->BIO_read(bio, piece, sizeof(piece));
    }
    crypto->OPENSSL_cleanse(piece, sizeof(piece));
    crypto->BIO_free(bio);
    crypto->ERR_clear_error();
    return is_written ? 0 : ERR_UNSUPPORTED;
}

struct public_key private_key_public(
        const struct crypto_library *crypto, const struct private_key *key)
{
    struct public_key public_key;
    size_t size_bytes = sizeof(public_key.bytes);
    /* An Ed25519 key always has its public half; read and new let no other key in. */
    ENSURE(crypto->EVP_PKEY_get_raw_public_key(inside(key), public_key.bytes, &size_bytes) ==
            1);
    return public_key;
}

struct signature private_key_sign(
        const struct crypto_library *crypto, const struct private_key *key, struct str message)
{
    struct signature signature;
    size_t size_bytes = sizeof(signature.bytes);
    EVP_MD_CTX *context = crypto->EVP_MD_CTX_new();
    ENSURE(context && crypto->EVP_DigestSignInit(context, NULL, NULL, NULL, inside(key)) == 1 &&
            crypto->EVP_DigestSign(context, signature.bytes, &size_bytes,
                    (const unsigned char *)message.ptr, message.len) == 1);
    crypto->EVP_MD_CTX_free(context);
    return signature;
}

void private_key_free(const struct crypto_library *crypto, struct private_key *key)
{
    if (key) {
        crypto->EVP_PKEY_free(inside(key));
    }
}
