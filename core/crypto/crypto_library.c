/* SPDX-License-Identifier: Apache-2.0 */
/* The table of libcrypto. */
#include "crypto.h"

#define CRYPTO_SYMBOL(function) { #function, offsetof(struct crypto_library, function) },

static const struct library_symbol symbols[] = { CRYPTO_FUNCTIONS(CRYPTO_SYMBOL){ NULL, 0 } };

int crypto_library_open(struct crypto_library *table, struct arena *arena, const char *name,
        struct str *ret_why)
{
    return library_open(table, symbols, arena, name, ret_why);
}
