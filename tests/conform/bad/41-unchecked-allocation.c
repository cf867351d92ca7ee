/* SPDX-License-Identifier: Apache-2.0 */
/* R41: uses memory it did not get. */
#include <stdlib.h>

#include "../base.h"

static int32_t bad_validate(VALIDATE_ARGS)
{
    UNUSED;
    volatile char *copy = malloc(8);
    copy[0] = 'x';
    free((void *)(uintptr_t)copy);
    return TFA_OK;
}

#define VALIDATE bad_validate

#include "../plugin.h"
