/* SPDX-License-Identifier: Apache-2.0 */
/* Schemas: a YAML list of a schema and instances; the answer does not depend on being told. */
#include <stdlib.h>

#include "schema/schema.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void validate(
        struct arena *arena, const struct schema *schema, const struct value *instance)
{
    struct diags diags;
    diags_init(&diags, arena);
    struct schema_check check = { .diags = &diags, .instance = instance, .root = STR("x") };
    int told = schema_validate(schema, &check);
    check.diags = NULL;
    int quiet = schema_validate(schema, &check);
    if ((told == 0) != (diags.list.count == 0)) {
        abort();
    }
    /* Being told takes more steps, so only one of the two may have given up. */
    if (told != quiet && told != ERR_LIMIT && quiet != ERR_LIMIT) {
        abort();
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena = arena_new();
    struct diags diags;
    const struct value *list = NULL;
    const struct value_limits limits = {
        .max_bytes = 1 << 16, .max_depth = 40, .max_nodes = 2000, .max_scalar_bytes = 1 << 12
    };
    diags_init(&diags, arena);
    const struct yaml_input input = { .arena = arena,
        .keys = keys_new(arena),
        .diags = &diags,
        .text = { (const char *)data, size },
        .limits = &limits };
    if (yaml_read(&input, &list) == 0 && value_count(list) > 0) {
        const struct schema *schema = NULL;
        const struct schema_source source = {
            .arena = arena, .diags = &diags, .document = value_at(list, 0), .what = STR("s")
        };
        size_t before = diags.list.count;
        int err = schema_compile(&source, &schema);
        if ((err != 0) != (diags.list.count == before + 1)) {
            abort();
        }
        for (size_t i = 1; err == 0 && i < value_count(list); i++) {
            validate(arena, schema, value_at(list, i));
        }
    }
    arena_free(arena);
    return 0;
}
