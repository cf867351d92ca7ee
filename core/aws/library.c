/* SPDX-License-Identifier: Apache-2.0 */
/* Opening libcurl and libcrypto at run time. */
#include "library.h"

#include <dlfcn.h>
#include <string.h>

/* One function of a table: its name and its place. */
struct symbol {
    const char *name;
    size_t offset;
};

#define CURL_SYMBOL(function)   { #function, offsetof(struct curl_library, function) },
#define CRYPTO_SYMBOL(function) { #function, offsetof(struct crypto_library, function) },

static const struct symbol curl_symbols[] = { CURL_FUNCTIONS(CURL_SYMBOL){ NULL, 0 } };
static const struct symbol crypto_symbols[] = { CRYPTO_FUNCTIONS(CRYPTO_SYMBOL){ NULL, 0 } };

static int fill(void *table, const struct symbol *symbols, struct arena *arena,
        const char *name, struct str *ret_why)
{
    void *handle = dlopen(name, RTLD_NOW | RTLD_LOCAL);
    if (!handle) {
        /* NOLINTNEXTLINE(concurrency-mt-unsafe): glibc keeps its text per thread */
        *ret_why = arena_dup(arena, str_from(dlerror()));
        return ERR_UNAVAILABLE;
    }
    for (const struct symbol *symbol = symbols; symbol->name; symbol++) {
        void *address = dlsym(handle, symbol->name);
        if (!address) {
            *ret_why = arena_printf(arena, "%s: it has no function %s", name, symbol->name);
            return ERR_UNAVAILABLE;
        }
        /* ISO C has no cast from object to function pointer; POSIX gives them one size. */
        memcpy((char *)table + symbol->offset, (const void *)&address, sizeof(address));
    }
    return 0;
}

int curl_library_open(
        struct curl_library *table, struct arena *arena, const char *name, struct str *ret_why)
{
    return fill(table, curl_symbols, arena, name, ret_why);
}

int crypto_library_open(struct crypto_library *table, struct arena *arena, const char *name,
        struct str *ret_why)
{
    return fill(table, crypto_symbols, arena, name, ret_why);
}
