/* SPDX-License-Identifier: Apache-2.0 */
/* The two ways to give up: a bug of ours, and no memory. */
#include "err.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

void bug_at(const char *file, int line, const char *what)
{
    (void)fprintf(stderr,
            "tf-atmos: internal error: %s (%s:%d)\n"
            "please report this with the command and the output of `tf-atmos version`\n",
            what, file, line);
    _Exit(EXIT_INTERNAL);
}

void out_of_memory(void)
{
    static const char text[] = "tf-atmos: out of memory; no file was changed\n";
    /* write, not stdio: stdio may allocate. */
    ssize_t ignored = write(STDERR_FILENO, text, sizeof(text) - 1);
    (void)ignored;
    _Exit(EXIT_INTERNAL);
}
