/* SPDX-License-Identifier: Apache-2.0 */
/* R22: waits for a number that never comes. */
#include "../base.h"

static int32_t bad_validate(VALIDATE_ARGS)
{
    UNUSED;
    tfa_val count = get(call, config, TFA_S("count"));
    while (kit.value->kind(call, count) == TFA_KIND_BOOL) {
        /* nothing changes a value */
    }
    return TFA_OK;
}

#define VALIDATE bad_validate

#include "../plugin.h"
