/* SPDX-License-Identifier: Apache-2.0 */
/* The arguments of the hosts here are files. */
#ifndef TFATMOS_TESTS_READ_FILE_H
#define TFATMOS_TESTS_READ_FILE_H

#include <stdio.h>
#include <stdlib.h>

/* The text of a file with something in it, of at most 1 MiB; the caller frees it. Ends the program when
 * there is none. */
static inline char *read_file(const char *path)
{
    static const size_t max = 1 << 20;
    char *text = calloc(1, max + 1);
    FILE *file = fopen(path, "rb");

    if (text == NULL || file == NULL || fread(text, 1, max, file) == 0) {
        (void)fprintf(stderr, "cannot read %s\n", path);
        exit(2);
    }
    (void)fclose(file);
    return text;
}

#endif
