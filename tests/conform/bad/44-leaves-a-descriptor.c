/* SPDX-License-Identifier: Apache-2.0 */
/* R44: leaves a descriptor open. */
#include <unistd.h>

#include "../base.h"

static int32_t bad_validate(VALIDATE_ARGS)
{
    UNUSED;
    (void)!dup(0);
    return TFA_OK;
}

#define VALIDATE bad_validate

#include "../plugin.h"
