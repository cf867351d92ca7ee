/* SPDX-License-Identifier: Apache-2.0 */
/* YAML: whatever is read is written and reads back equal; whatever is refused has one diagnostic. */
#include <stdlib.h>

#include "value/value.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *const functions[] = { "!env", "!literal", NULL };

static int read_yaml(struct arena *arena, struct keys *keys, struct str text,
        struct str delimiter, const struct value **ret_value)
{
    struct diags diags;
    diags_init(&diags, arena);
    const struct value_limits limits = {
        .max_bytes = 1 << 20, .max_depth = 64, .max_nodes = 20000, .max_scalar_bytes = 1 << 16
    };
    struct yaml_input input = {
        .arena = arena,
        .keys = keys,
        .diags = &diags,
        .text = text,
        .file = 1,
        .limits = &limits,
        .functions = functions,
        .key_delimiter = delimiter,
    };
    int err = yaml_read(&input, ret_value);
    if ((err != 0) != (diags.error_count == 1)) {
        abort();
    }
    for (size_t i = 0; i < diags.list.count; i++) {
        if (diags.list.items[i].mark.line == 0 || diags.list.items[i].mark.column == 0) {
            abort();
        }
    }
    return err;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena = arena_new();
    struct keys *keys = keys_new(arena);
    const struct value *value = NULL;
    const struct value *again = NULL;
    struct str text = { (const char *)data, size };
    if (read_yaml(arena, keys, text, STR_EMPTY, &value) == 0 && value) {
        AUTO_BUF yaml = BUF_INIT(64 << 20);
        yaml_write(&yaml, value, NULL);
        AUTO_BUF json = BUF_INIT(64 << 20);
        json_write(&json, value, JSON_ESCAPE_HTML);
        /* Numbers may change kind on the way (1.0 is written as 1): compare what is written. */
        if (!yaml.is_full && read_yaml(arena, keys, buf_str(&yaml), STR_EMPTY, &again) == 0) {
            AUTO_BUF json_again = BUF_INIT(64 << 20);
            json_write(&json_again, again, JSON_ESCAPE_HTML);
            if (!str_eq(buf_str(&json), buf_str(&json_again))) {
                abort();
            }
        } else if (yaml.len < 1 << 15) {
            abort();
        }
    }
    const struct value *split = NULL;
    (void)read_yaml(arena, keys, text, STR("."), &split);
    arena_free(arena);
    return 0;
}
