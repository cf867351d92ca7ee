/* SPDX-License-Identifier: Apache-2.0 */
/* Regular expressions: the first line is a pattern, the rest a text. */
#include <stdlib.h>

#include "base/base.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str text = { (const char *)data, size };
    ptrdiff_t end = str_find(text, '\n');
    struct str pattern = end < 0 ? text : str_sub(text, 0, (size_t)end);
    struct str subject = end < 0 ? STR_EMPTY : str_from_index(text, (size_t)end + 1);
    struct arena *arena = arena_new();
    const struct regex *regex = NULL;
    struct regex_error error = { NULL, 0 };
    int err = regex_compile(arena, pattern, &regex, &error);
    if (err != 0 && (!error.message || error.offset > pattern.len)) {
        abort();
    }
    if (err == 0) {
        bool is_found = regex_search(regex, subject);
        /* A group around the whole and an alternative that never matches change nothing. */
        const struct str pieces[] = { STR("(?:"), pattern, STR(")|[]") };
        struct str wrapped = arena_join(arena, pieces, 3, STR_EMPTY);
        const struct regex *again = NULL;
        if (regex_compile(arena, wrapped, &again, &error) == 0 &&
                regex_search(again, subject) != is_found) {
            abort();
        }
    }
    arena_free(arena);
    return 0;
}
