/* SPDX-License-Identifier: Apache-2.0 */
/* The static half: what the file says, read with the program's own readers. */
#include <stdio.h>
#include <string.h>

#include "conform.h"
#include "plugin/identity.h"

#define FILE_MAX_BYTES ((size_t)256 << 20)

static struct str note(const struct facts *facts, struct elf_range range)
{
    return str_sub(
            facts->bytes, (size_t)range.offset, (size_t)(range.offset + range.size_bytes));
}

/* The JSON object of a note; the reason why there is none. */
static const struct value *read_json(
        struct conform *conform, struct str text, const char *what, struct str *ret_fault)
{
    const struct value *value = NULL;
    struct diags diags;
    diags_init(&diags, conform->arena);
    if (json_read(conform->arena, conform->keys, &diags, text, str_from(what), 0, &value) !=
            0) {
        *ret_fault = diags.list.count > 0 ? diags.list.items[0].message : STR("is not JSON");
        return NULL;
    }
    return value;
}

static void read_schema(struct conform *conform)
{
    struct facts *facts = &conform->facts;
    struct diags diags;
    diags_init(&diags, conform->arena);
    facts->schema_text = note(facts, facts->elf.schema);
    if (facts->schema_text.len == 0) {
        return;
    }
    facts->schema =
            read_json(conform, facts->schema_text, "the schema note", &facts->schema_fault);
    struct schema_source source = { .arena = conform->arena,
        .diags = &diags,
        .document = facts->schema,
        .what = STR("the schema") };
    if (facts->schema && schema_compile(&source, &facts->compiled) != 0) {
        facts->schema_fault =
                diags.list.count > 0 ? diags.list.items[0].message : STR("cannot be used");
        facts->schema = NULL;
    }
}

/* Identity and catalogue are two notes; a manifest is one object. */
static void join_manifest(struct conform *conform)
{
    struct facts *facts = &conform->facts;
    struct str identity = str_trim(facts->elf.identity);
    struct str catalogue = str_trim(facts->catalogue_text);
    if (facts->catalogue == NULL || value_count(facts->catalogue) == 0) {
        facts->manifest = arena_dup(conform->arena, identity);
        return;
    }
    facts->manifest = arena_printf(conform->arena, "%.*s,%.*s",
            STR_ARG(str_sub(identity, 0, identity.len - 1)),
            STR_ARG(str_from_index(catalogue, 1)));
}

bool facts_read(struct conform *conform, const char *path)
{
    struct facts *facts = &conform->facts;
    struct elf_fault fault;
    facts->path = path;
    int r = file_read(conform->arena, str_from(path), FILE_MAX_BYTES, &facts->bytes);
    if (r != 0) {
        (void)fprintf(stderr, "tf-atmos-conform: `%s` %s\n", path,
                r == ERR_NOT_FOUND ? "does not exist"
                : r == ERR_INVALID ? "is not a regular file"
                : r == ERR_LIMIT   ? "is larger than 256 MiB"
                                   : "cannot be read");
        return false;
    }
    if (path_resolve(conform->arena, str_from(path), &facts->file) != 0) {
        facts->file = str_from(path);
    }
    struct elf_input input = elf_input_view(&facts->bytes);
    if (elf_read(conform->arena, &input, &facts->elf, &fault) != 0) {
        facts->fault = fault.reason;
        facts->elf = (struct elf_facts){ 0 };
        return true;
    }
    if (identity_read(conform->arena, conform->keys, facts->elf.identity, &facts->identity,
                &facts->identity_fault) != 0) {
        facts->identity = NULL;
    }
    read_schema(conform);
    facts->catalogue_text = note(facts, facts->elf.catalogue);
    if (facts->catalogue_text.len > 0) {
        facts->catalogue = read_json(
                conform, facts->catalogue_text, "the catalogue note", &facts->catalogue_fault);
        if (facts->catalogue && !value_is(facts->catalogue, VALUE_MAP)) {
            facts->catalogue_fault = STR("is not a JSON object");
            facts->catalogue = NULL;
        }
    }
    join_manifest(conform);
    return true;
}
