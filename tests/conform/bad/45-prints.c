/* SPDX-License-Identifier: Apache-2.0 */
/* R45: prints what it does. */
#include <stdio.h>

#include "../base.h"

static int32_t bad_validate(VALIDATE_ARGS)
{
    UNUSED;
    (void)puts("validating");
    (void)fflush(stdout);
    return TFA_OK;
}

#define VALIDATE bad_validate

#include "../plugin.h"
