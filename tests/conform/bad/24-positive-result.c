/* SPDX-License-Identifier: Apache-2.0 */
/* R24: returns the number of its findings. */
#include "../base.h"

static int32_t bad_validate(VALIDATE_ARGS)
{
    UNUSED;
    return 1;
}

#define VALIDATE bad_validate

#include "../plugin.h"
