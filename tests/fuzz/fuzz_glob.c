/* SPDX-License-Identifier: Apache-2.0 */
/* Globs: the first line is a pattern, the second a path. */
#include <stdlib.h>

#include "base/base.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str text = { (const char *)data, size };
    ptrdiff_t end = str_find(text, '\n');
    struct str pattern = end < 0 ? text : str_sub(text, 0, (size_t)end);
    struct str path = end < 0 ? STR_EMPTY : str_from_index(text, (size_t)end + 1);

    bool is_valid = glob_is_valid(pattern);
    (void)glob_match(pattern, path);
    /* A plain text matches itself and nothing else. */
    if (is_valid && !glob_has_magic(pattern) && str_find(pattern, '\\') < 0) {
        if (!glob_match(pattern, pattern) ||
                glob_match(pattern, path) != str_eq(pattern, path)) {
            abort();
        }
    }
    return 0;
}
