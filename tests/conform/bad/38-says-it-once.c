/* SPDX-License-Identifier: Apache-2.0 */
/* R38: reports a finding only the first time. */
#include "../base.h"

static int32_t bad_validate(VALIDATE_ARGS)
{
    UNUSED;
    static int has_said;

    if (!has_said) {
        has_said = 1;
        (void)say(call, config, TFA_S("this is the first one"));
    }
    return TFA_OK;
}

#define VALIDATE bad_validate

#include "../plugin.h"
