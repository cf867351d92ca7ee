/* SPDX-License-Identifier: Apache-2.0 */
/* R28: points at a value it made itself. */
#include "../base.h"

static int32_t bad_validate(VALIDATE_ARGS)
{
    UNUSED;
    (void)say(call, kit.build->string(call, TFA_S("made")), TFA_S("something"));
    return TFA_OK;
}

#define VALIDATE bad_validate

#include "../plugin.h"
