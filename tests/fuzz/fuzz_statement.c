/* SPDX-License-Identifier: Apache-2.0 */
/* The end of a plugin file: a footer, and a statement before it. */
#include "plugin/statement.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena = arena_new();
    struct str text = { (const char *)data, size };
    struct statement statement;
    struct str reason = STR_EMPTY;
    size_t length = 0;
    struct str footer =
            str_from_index(text, size > TRAILER_FOOTER_BYTES ? size - TRAILER_FOOTER_BYTES : 0);
    if (trailer_find(footer, size, &length)) {
        ENSURE(length + TRAILER_FOOTER_BYTES < size || length == 0);
        text = str_sub(text, size - TRAILER_FOOTER_BYTES - length, size - TRAILER_FOOTER_BYTES);
    }
    int code = statement_read(arena, text, &statement, &reason);
    ENSURE((code != 0) == (reason.len > 0));
    if (code == 0) {
        /* One spelling only: its fields written again are its text. */
        AUTO_BUF again = BUF_INIT(STATEMENT_MAX_BYTES);
        buf_add(&again, STR(STATEMENT_HEADING "\n"));
        for (size_t i = 0; i < statement.record.count; i++) {
            struct record_line line = statement.record.lines[i];
            record_add(&again, arena_cstr(arena, line.name), line.value);
        }
        ENSURE(str_eq(buf_str(&again), text));
        ENSURE(statement.sha256.len == 64 && statement.id.len > 0);
    }
    arena_free(arena);
    return 0;
}
