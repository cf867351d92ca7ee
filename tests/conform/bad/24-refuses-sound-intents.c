/* SPDX-License-Identifier: Apache-2.0 */
/* R24: fails where a key is missing that the schema does not require. */
#include "../base.h"

static int32_t bad_validate(VALIDATE_ARGS)
{
    UNUSED;
    return tfa_is_set(&kit, call, get(call, config, TFA_S("name"))) ? TFA_OK : TFA_E_INVALID;
}

#define VALIDATE bad_validate

#include "../plugin.h"
