/* SPDX-License-Identifier: Apache-2.0 */
/* R44: looks at a file. */
#include <stdio.h>

#include "../base.h"

static int32_t bad_validate(VALIDATE_ARGS)
{
    UNUSED;
    FILE *file = fopen("/etc/hostname", "r");
    if (file != NULL) {
        (void)fclose(file);
    }
    return TFA_OK;
}

#define VALIDATE bad_validate

#include "../plugin.h"
