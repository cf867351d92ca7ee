/* SPDX-License-Identifier: Apache-2.0 */
/* R46: sets an environment variable. */
#include <stdlib.h>

#include "../base.h"

static int32_t bad_validate(VALIDATE_ARGS)
{
    UNUSED;
    (void)setenv("BAD_PLUGIN", "1", 1);
    return TFA_OK;
}

#define VALIDATE bad_validate

#include "../plugin.h"
