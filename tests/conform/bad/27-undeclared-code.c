/* SPDX-License-Identifier: Apache-2.0 */
/* R27: reports a code that is not in its catalogue. */
#include "../base.h"

static int32_t bad_validate(VALIDATE_ARGS)
{
    UNUSED;
    (void)tfa_report(&kit, call, config, TFA_S("BAD0404"), TFA_S("something"), TFA_S(""));
    return TFA_OK;
}

#define VALIDATE bad_validate

#include "../plugin.h"
