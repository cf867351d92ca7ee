/* SPDX-License-Identifier: Apache-2.0 */
/* R30: asks for the time where there is none. */
#include "../base.h"

static int32_t bad_validate(VALIDATE_ARGS)
{
    UNUSED;
    int64_t now = 0;
    if (kit.clock != NULL) {
        (void)kit.clock->wall_ns(call, &now);
    }
    return TFA_OK;
}

#define VALIDATE bad_validate

#include "../plugin.h"
