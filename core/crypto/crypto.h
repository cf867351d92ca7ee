/* SPDX-License-Identifier: Apache-2.0 */
/* The public face of crypto/: libcrypto by table, and Ed25519 signatures through it. */
#ifndef TFATMOS_CRYPTO_CRYPTO_H
#define TFATMOS_CRYPTO_CRYPTO_H

#include <openssl/bio.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include "base/base.h"

/*
 * libcrypto is opened at run time by the commands that need it and by no other: those that call AWS,
 * and those that meet a signed plugin. Nothing here knows a plugin or a request.
 */
#define CRYPTO_LIBRARY_NAME "libcrypto.so.3"

/* Every function we call, named once: the table and the look-up at run time follow. */
#define CRYPTO_FUNCTIONS(X)                                                                    \
    X(EVP_Q_mac)                                                                               \
    X(EVP_Q_digest)                                                                            \
    X(OPENSSL_cleanse)                                                                         \
    X(ERR_clear_error)                                                                         \
    X(EVP_PKEY_Q_keygen)                                                                       \
    X(EVP_PKEY_new_raw_public_key)                                                             \
    X(EVP_PKEY_get_raw_public_key)                                                             \
    X(EVP_PKEY_is_a)                                                                           \
    X(EVP_PKEY_free)                                                                           \
    X(EVP_MD_CTX_new)                                                                          \
    X(EVP_MD_CTX_free)                                                                         \
    X(EVP_DigestSignInit)                                                                      \
    X(EVP_DigestSign)                                                                          \
    X(EVP_DigestVerifyInit)                                                                    \
    X(EVP_DigestVerify)                                                                        \
    X(EVP_aes_256_cbc)                                                                         \
    X(BIO_s_mem)                                                                               \
    X(BIO_new)                                                                                 \
    X(BIO_new_mem_buf)                                                                         \
    X(BIO_read)                                                                                \
    X(BIO_free)                                                                                \
    X(PEM_read_bio_PrivateKey)                                                                 \
    X(PEM_write_bio_PKCS8PrivateKey)

struct crypto_library {
    CRYPTO_FUNCTIONS(LIBRARY_MEMBER)
};

/* As library_open: 0, or ERR_UNAVAILABLE with the reason. */
int crypto_library_open(struct crypto_library *table, struct arena *arena, const char *name,
        struct str *ret_why);

/* ---- Ed25519 (RFC 8032, the pure form) ---- */

struct public_key {
    unsigned char bytes[32];
};

struct signature {
    unsigned char bytes[64];
};

/* True when the owner of the key signed exactly these bytes. */
bool signature_holds(const struct crypto_library *crypto, const struct public_key *key,
        struct str message, const struct signature *signature);

/* A private key, inside libcrypto's memory. */
struct private_key;

/* NULL only when libcrypto refuses Ed25519. Free with private_key_free. */
struct private_key *private_key_new(const struct crypto_library *crypto);
/*
 * Reads PKCS #8 in PEM, as `openssl genpkey -algorithm ed25519` writes it too. ERR_DENIED: encrypted,
 * and the passphrase does not open it (or is empty); ERR_PARSE: no private key; ERR_UNSUPPORTED: a key
 * of another algorithm.
 */
int private_key_read(const struct crypto_library *crypto, struct str pem, struct str passphrase,
        struct private_key **ret_key);
/* PKCS #8 in PEM; encrypted (AES-256-CBC, PBKDF2) unless the passphrase is empty. ERR_UNSUPPORTED. */
int private_key_write(const struct crypto_library *crypto, const struct private_key *key,
        struct str passphrase, struct buf *ret_pem);
struct public_key private_key_public(
        const struct crypto_library *crypto, const struct private_key *key);
struct signature private_key_sign(
        const struct crypto_library *crypto, const struct private_key *key, struct str message);
void private_key_free(const struct crypto_library *crypto, struct private_key *key);

#endif
