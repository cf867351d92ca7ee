/* SPDX-License-Identifier: Apache-2.0 */
/* R31: uses a value of the callback before. */
#include "../base.h"

static int32_t bad_validate(VALIDATE_ARGS)
{
    UNUSED;
    static tfa_val kept;

    if (kept != TFA_NONE) {
        (void)kit.value->kind(call, kept);
    }
    kept = config;
    return TFA_OK;
}

#define VALIDATE bad_validate

#include "../plugin.h"
