/* SPDX-License-Identifier: Apache-2.0 */
/* The start of the names of files derived for an instance (spec 4.4). */
#include "stack_internal.h"

void instance_stem(struct resolver *r, struct instance *instance)
{
    struct arena *arena = r->run->arena;
    bool has_base = !str_eq(instance->folder, instance->name);
    struct str leaf = path_base(instance->name);
    struct str prefix = path_folder(has_base ? instance->folder : instance->name);
    struct str pieces[3] = { instance->stack };
    size_t count = 1;
    if (prefix.len) {
        pieces[count++] = prefix;
    }
    pieces[count++] = leaf;
    instance->file_stem = without_slashes(arena, arena_join(arena, pieces, count, STR("-")));
}
