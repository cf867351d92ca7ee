/* SPDX-License-Identifier: Apache-2.0 */
/* R49: changes how numbers are rounded. */
#include <fenv.h>

#include "../base.h"

static int32_t bad_validate(VALIDATE_ARGS)
{
    UNUSED;
    (void)fesetround(FE_UPWARD);
    return TFA_OK;
}

#define VALIDATE bad_validate

#include "../plugin.h"
