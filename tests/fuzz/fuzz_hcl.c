/* SPDX-License-Identifier: Apache-2.0 */
/* Terraform files, native and JSON: read to the end or refused with exactly one finding; places are real. */

#include "hcl/hcl.h"
#include "must.h"

static void check_body(const struct hcl_input *input, const struct hcl_body *body, size_t depth)
{
    must(depth <= HCL_MAX_DEPTH);
    for (size_t i = 0; i < body->attribute_count; i++) {
        const struct hcl_attribute *attribute = &body->attributes[i];
        struct hcl_body pairs = { 0 };
        must(attribute->mark.line >= 1 && attribute->mark.column >= 1);
        must(hcl_attribute_find(body, attribute->name.ptr) != NULL);
        if (hcl_object_read(input, attribute, &pairs)) {
            must(pairs.block_count == 0);
        }
    }
    for (size_t i = 0; i < body->block_count; i++) {
        must(body->blocks[i].mark.line >= 1 && body->blocks[i].mark.column >= 1);
        must(body->blocks[i].type.len > 0);
        check_body(input, &body->blocks[i].body, depth + 1);
    }
}

static void check(const uint8_t *data, size_t size, bool is_json)
{
    struct arena *arena = arena_new();
    struct diags diags;
    struct hcl_body body = { 0 };
    diags_init(&diags, arena);
    struct hcl_input input = { .arena = arena,
        .keys = keys_new(arena),
        .diags = &diags,
        .text = { (const char *)data, size },
        .file = 1 };
    int code = is_json ? hcl_read_json(&input, &body) : hcl_read(&input, &body);
    must(diags.list.count == (code == 0 ? 0 : 1));
    if (code == 0) {
        check_body(&input, &body, 0);
        must(diags.list.count == 0);
    }
    arena_free(arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    check(data, size, false);
    check(data, size, true);
    return 0;
}
