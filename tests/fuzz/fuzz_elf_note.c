/* SPDX-License-Identifier: Apache-2.0 */
/* The ELF reader and the identity reader on any bytes: what a plugin folder may hold. */
#include <string.h>

#include "plugin/elf_note.h"
#include "plugin/identity.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena = arena_new();
    struct str view = { (const char *)data, size };
    struct elf_input input = elf_input_view(&view);
    struct elf_facts facts;
    struct elf_fault fault = { 0 };
    if (elf_read(arena, &input, &facts, &fault) != 0) {
        ENSURE(fault.reason.len > 0);
        arena_free(arena);
        return 0;
    }
    ENSURE(facts.identity.len > 0 && facts.needed_count <= ELF_NEEDED_MAX);
    const struct elf_range ranges[] = { facts.schema, facts.catalogue };
    for (size_t i = 0; i < 2; i++) {
        struct str content;
        ENSURE(ranges[i].size_bytes == 0 ||
                elf_read_range(arena, &input, ranges[i], &content) == 0);
    }
    const struct plugin_identity *identity = NULL;
    struct str reason = STR_EMPTY;
    if (identity_read(arena, keys_new(arena), facts.identity, &identity, &reason) == 0) {
        ENSURE(is_plugin_id(identity->id) && is_version(identity->version) &&
                identity->kinds.count > 0);
    } else {
        ENSURE(reason.len > 0);
    }
    arena_free(arena);
    return 0;
}
