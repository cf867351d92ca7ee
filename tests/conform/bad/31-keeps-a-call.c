/* SPDX-License-Identifier: Apache-2.0 */
/* R31: asks the call of the callback before. */
#include "../base.h"

static int32_t bad_validate(VALIDATE_ARGS)
{
    UNUSED;
    static struct tfa_call *kept;

    if (kept != NULL) {
        (void)kit.call->who(kept);
    }
    kept = call;
    return TFA_OK;
}

#define VALIDATE bad_validate

#include "../plugin.h"
