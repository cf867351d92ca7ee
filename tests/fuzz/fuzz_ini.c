/* SPDX-License-Identifier: Apache-2.0 */
/* Shared AWS files: whatever stands in them, values are views into the text and places are right. */
#include <string.h>

#include "aws/ini.h"
#include "must.h"

static void check_entry(const struct ini_entry *entry, struct str text, uint32_t lines)
{
    must(entry->name.len > 0 && entry->line >= 1 && entry->line <= lines);
    must(entry->value.len == 0 ||
            (entry->value.ptr >= text.ptr &&
                    entry->value.ptr + entry->value.len <= text.ptr + text.len));
    must(str_find(entry->value, '\n') < 0);
    must(str_eq(str_trim(entry->value), entry->value));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str text = { (const char *)data, size };
    struct arena *arena = arena_new();
    struct ini ini = { 0 };
    uint32_t line = 0;
    const char *why = NULL;
    uint32_t lines = 1;
    for (size_t i = 0; i < size; i++) {
        lines += data[i] == '\n';
    }
    if (ini_parse(arena, text, &ini, &line, &why) != 0) {
        must(why != NULL && line >= 1 && line <= lines);
    }
    for (size_t i = 0; i < ini.sections.count; i++) {
        const struct ini_section *section = &ini.sections.items[i];
        must(section->name.len > 0);
        for (size_t k = 0; k < section->entries.count; k++) {
            check_entry(&section->entries.items[k], text, lines);
        }
    }
    arena_free(arena);
    return 0;
}
