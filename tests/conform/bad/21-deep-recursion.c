/* SPDX-License-Identifier: Apache-2.0 */
/* R21: walks values with a large frame for every level. */
#include "../base.h"

static int32_t deepest(struct tfa_call *call, tfa_val v)
{
    volatile char frame[200000];
    int32_t most = 0;

    frame[0] = 1;
    TFA_EACH(&kit, call, v, i)
    {
        int32_t below = deepest(call, kit.value->at(call, v, i));
        most = below > most ? below : most;
    }
    return most + frame[0];
}

static int32_t bad_validate(VALIDATE_ARGS)
{
    UNUSED;
    if (deepest(call, config) > 1000) {
        return TFA_E_LIMIT;
    }
    return TFA_OK;
}

#define VALIDATE bad_validate

#include "../plugin.h"
