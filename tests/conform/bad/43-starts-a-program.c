/* SPDX-License-Identifier: Apache-2.0 */
/* R43: asks another program. */
#include <stdlib.h>

#include "../base.h"

static int32_t bad_validate(VALIDATE_ARGS)
{
    UNUSED;
    (void)!system("true");
    return TFA_OK;
}

#define VALIDATE bad_validate

#include "../plugin.h"
