/* SPDX-License-Identifier: Apache-2.0 */
/* dlopen and dlsym for a whole table. */
#include "dynamic.h"

#include <dlfcn.h>
#include <string.h>

#include "err.h"

int library_open(void *table, const struct library_symbol *symbols, struct arena *arena,
        const char *name, struct str *ret_why)
{
    void *handle = dlopen(name, RTLD_NOW | RTLD_LOCAL);
    if (!handle) {
        /* NOLINTNEXTLINE(concurrency-mt-unsafe): glibc keeps its text per thread */
        *ret_why = arena_dup(arena, str_from(dlerror()));
        return ERR_UNAVAILABLE;
    }
    for (const struct library_symbol *symbol = symbols; symbol->name; symbol++) {
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
