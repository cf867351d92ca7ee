/* SPDX-License-Identifier: Apache-2.0 */
/* The start of the names of files derived for an instance (spec 4.4). */
#include "stack_internal.h"

void instance_stem(struct resolver *r, struct instance *instance)
{
    struct arena *arena = r->run->arena;
    bool has_base = !str_eq(instance->folder, instance->name);
    struct str leaf = path_base(instance->name);
    struct str prefix = path_folder(has_base ? instance->folder : instance->name);
    struct str stem =
            prefix.len
                    ? arena_printf(arena, "%.*s-%.*s-%.*s", STR_ARG(instance->stack),
                              STR_ARG(prefix), STR_ARG(leaf))
                    : arena_printf(arena, "%.*s-%.*s", STR_ARG(instance->stack), STR_ARG(leaf));
    instance->file_stem = without_slashes(arena, stem);
}
