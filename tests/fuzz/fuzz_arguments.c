/* SPDX-License-Identifier: Apache-2.0 */
/* Command lines: each line of the input is one argument. */
#include <stdlib.h>

#include "cli/cli.h"

#define MAX_ARGUMENTS 64

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *environment[] = { NULL };
    const char *arguments[MAX_ARGUMENTS];
    size_t count = 0;
    struct str rest = { (const char *)data, size };
    struct str piece;
    bool more = true;
    struct run run;

    run_init(&run, environment, NULL);
    while (count < MAX_ARGUMENTS && str_split(&rest, &more, '\n', &piece)) {
        arguments[count++] = arena_cstr(run.arena, piece);
    }
    struct invocation invocation = { .run = &run };
    int err = parse_arguments(&invocation, arguments, count);
    if ((err != 0) != (run.diags.error_count == 1)) {
        abort();
    }
    if (err == 0 && invocation.command) {
        for (size_t i = 0; i < invocation.bindings.count; i++) {
            (void)option_text(&invocation, invocation.bindings.items[i].option->name);
        }
    }
    run_clear(&run);
    return 0;
}
