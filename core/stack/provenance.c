/* SPDX-License-Identifier: Apache-2.0 */
/* Where each value of an instance was written, as text for comments. */
#include "stack_internal.h"

/* How many imports lead from the instance's manifest to each file, by the shortest way. */
struct provenance instance_provenance(struct run *run, const struct instance *instance)
{
    VEC(const struct manifest *) level = { 0 };
    struct provenance provenance = { .run = run };
    struct manifest **closure = instance->origin->closure;
    provenance.count = instance->origin->from->file + 1;
    for (size_t i = 0; i < instance->origin->closure_count; i++) {
        size_t file = closure[i]->from->file;
        provenance.count = file < provenance.count ? provenance.count : file + 1;
    }
    unsigned *depths = ARENA_ARRAY(run->arena, unsigned, provenance.count);
    depths[instance->origin->from->file] = 1;
    VEC_PUSH(run->arena, &level, instance->origin);
    for (size_t at = 0; at < level.count; at++) {
        const struct manifest *manifest = level.items[at];
        for (size_t i = 0; i < manifest->import_count; i++) {
            unsigned *depth = &depths[manifest->imports[i]->from->file];
            if (*depth == 0) {
                *depth = depths[manifest->from->file] + 1;
                VEC_PUSH(run->arena, &level, manifest->imports[i]);
            }
        }
    }
    provenance.depths = depths;
    return provenance;
}

struct str provenance_text(const struct provenance *provenance, struct mark mark)
{
    struct run *run = provenance->run;
    if (mark.file == 0) {
        return STR_EMPTY;
    }
    struct str shown = sources_path(run->sources, mark.file);
    struct str stacks =
            path_relative(run->arena, sources_root(run->sources), run->config->stacks_folder);
    unsigned depth = mark.file < provenance->count ? provenance->depths[mark.file] : 0;
    if (depth == 0) {
        return arena_printf(run->arena, "∴ %.*s:%u", STR_ARG(shown), mark.line);
    }
    if (str_starts_with(shown, stacks) && shown.len > stacks.len + 1) {
        shown = str_from_index(shown, stacks.len + 1);
    }
    return arena_printf(run->arena, "%s [%u] %.*s:%u", depth == 1 ? "●" : "○", depth,
            STR_ARG(shown), mark.line);
}
