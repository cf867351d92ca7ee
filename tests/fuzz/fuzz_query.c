/* SPDX-License-Identifier: Apache-2.0 */
/* Queries: the first line is a query, the rest the JSON it is asked of. */
#include <stdlib.h>

#include "out/out.h"
#include "value/value.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str text = { (const char *)data, size };
    ptrdiff_t end = str_find(text, '\n');
    struct str query = end < 0 ? text : str_sub(text, 0, (size_t)end);
    struct str json = end < 0 ? STR("{}") : str_from_index(text, (size_t)end + 1);
    char *environment[] = { NULL };
    struct run run;
    const struct value *value = NULL;
    const struct value *found = NULL;
    struct str why = STR_EMPTY;

    run_init(&run, environment, NULL);
    if (json_read(run.arena, run.keys, &run.diags, json, STR("input"), 1, &value) == 0) {
        int err = query_apply(&run, value, query, &found, &why);
        (void)query_reaches(&run, query, "a");
        /* An answer or a reason, never both or neither. */
        if ((err == 0) != (found != NULL) || (err != 0) != (why.len > 0)) {
            abort();
        }
    }
    run_clear(&run);
    return 0;
}
