/* SPDX-License-Identifier: Apache-2.0 */
/* Regular expressions: the first line is a pattern, the rest a text. */
#include <stdlib.h>

#include "base/base.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What matches somewhere has its place, and the groups lie in the text. */
static void check_find(
        const struct regex *regex, const struct regex *finding, struct str subject)
{
    struct regex_span spans[32];
    size_t end = 0;
    bool is_found = regex_find(finding, subject, 0, spans, &end);
    if (is_found != regex_search(regex, subject) || end > subject.len) {
        abort();
    }
    for (size_t i = 0; is_found && i < regex_group_count(finding); i++) {
        bool is_unused = i > 0 && spans[i].from == SIZE_MAX && spans[i].to == SIZE_MAX;
        if (!is_unused && (spans[i].from > spans[i].to || spans[i].to > subject.len)) {
            abort();
        }
    }
}

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
    const struct regex *finding = NULL;
    if (err == 0 && regex_compile_groups(arena, pattern, &finding, &error) == 0) {
        check_find(regex, finding, subject);
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
