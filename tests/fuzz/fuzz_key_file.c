/* SPDX-License-Identifier: Apache-2.0 */
/* Key files with any content: refused with one reason, or written again as they were. */
#include "plugin/key_file.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena = arena_new();
    struct str text = { (const char *)data, size };
    struct trusted_key key;
    struct str reason = STR_EMPTY;
    int code = key_file_read(arena, text, &key, &reason);
    ENSURE((code != 0) == (reason.len > 0));
    if (code == 0) {
        struct trusted_key again;
        struct str written = key_file_write(arena, &key);
        ENSURE(str_eq(written, text));
        ENSURE(key_file_read(arena, written, &again, &reason) == 0);
        (void)key_covers(&key, STR("com.example.audit"));
    }
    arena_free(arena);
    return 0;
}
