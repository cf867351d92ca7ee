/* SPDX-License-Identifier: Apache-2.0 */
/* JSON: whatever is read is written, compact and indented, and reads back the same. */
#include <stdlib.h>

#include "value/value.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int read_json(
        struct arena *arena, struct keys *keys, struct str text, const struct value **ret_value)
{
    struct diags diags;
    diags_init(&diags, arena);
    int err = json_read(arena, keys, &diags, text, STR("input"), 1, ret_value);
    if ((err != 0) != (diags.error_count == 1)) {
        abort();
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
    if (read_json(arena, keys, text, &value) == 0) {
        AUTO_BUF compact = BUF_INIT(64 << 20);
        AUTO_BUF wide = BUF_INIT(64 << 20);
        json_write(&compact, value, JSON_COMPACT);
        json_write(&wide, value, JSON_ESCAPE_HTML);
        if (read_json(arena, keys, buf_str(&wide), &again) != 0) {
            abort();
        }
        AUTO_BUF compact_again = BUF_INIT(64 << 20);
        json_write(&compact_again, again, JSON_COMPACT);
        if (!str_eq(buf_str(&compact), buf_str(&compact_again))) {
            abort();
        }
    }
    arena_free(arena);
    return 0;
}
