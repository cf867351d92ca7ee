/* SPDX-License-Identifier: Apache-2.0 */
/* Endpoint addresses and Regions: what is accepted is safe to send a signed request to. */
#include <string.h>

#include "aws/endpoint.h"
#include "must.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str text = { (const char *)data, size };
    struct arena *arena = arena_new();
    struct endpoint endpoint;
    struct endpoint again;
    enum partition partition;
    if (!endpoint_parse(arena, text, &endpoint)) {
        struct str whole =
                arena_printf(arena, "%.*s%.*s", STR_ARG(endpoint.base), STR_ARG(endpoint.path));
        must(endpoint.is_loopback || str_starts_with(endpoint.base, STR("https://")));
        must(endpoint.path.len == 0 || endpoint.path.ptr[0] == '/');
        must(strpbrk(whole.ptr, "\r\n \t?#@\\") == NULL && strlen(whole.ptr) == whole.len);
        must(!endpoint_parse(arena, whole, &again));
        must(str_eq(endpoint.base, again.base) && str_eq(endpoint.path, again.path));
    }
    if (partition_of(text, &partition)) {
        must(size <= 32 && strspn(arena_cstr(arena, text),
                                   "abcdefghijklmnopqrstuvwxyz-0123456789") == size);
    }
    arena_free(arena);
    return 0;
}
