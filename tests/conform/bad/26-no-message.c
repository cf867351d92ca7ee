/* SPDX-License-Identifier: Apache-2.0 */
/* R26: reports a finding without a message. */
#include "../base.h"

static int32_t bad_validate(VALIDATE_ARGS)
{
    UNUSED;
    (void)say(call, config, TFA_S(""));
    return TFA_OK;
}

#define VALIDATE bad_validate

#include "../plugin.h"
