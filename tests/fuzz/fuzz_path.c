/* SPDX-License-Identifier: Apache-2.0 */
/* Paths: the first line is a folder, the second a name in it; what cleaning and joining promise holds. */

#include "base/base.h"
#include "must.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str text = { (const char *)data, size };
    ptrdiff_t end = str_find(text, '\n');
    struct str folder = end < 0 ? text : str_sub(text, 0, (size_t)end);
    struct str name = end < 0 ? STR_EMPTY : str_from_index(text, (size_t)end + 1);
    struct arena *arena = arena_new();

    struct str clean = path_clean(arena, folder);
    must(str_eq(path_clean(arena, clean), clean));
    struct str top = path_join(arena, STR("/top"), folder);
    struct str joined = path_join(arena, top, name);
    must(str_eq(path_clean(arena, joined), joined));
    if (path_is_absolute(top) && path_is_absolute(joined)) {
        struct str relative = path_relative(arena, top, joined);
        must(str_eq(path_join(arena, top, relative), joined));
        must(path_is_below(top, joined) ==
                !(str_eq(relative, STR("..")) || str_starts_with(relative, STR("../"))));
    }
    (void)path_base(name);
    (void)path_extension(name);
    (void)path_folder(name);
    arena_free(arena);
    return 0;
}
