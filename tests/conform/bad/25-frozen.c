/* SPDX-License-Identifier: Apache-2.0 */
/* R25: changes a map after it has put it into another. */
#include "../base.h"

static int32_t bad_generate(GENERATE_ARGS)
{
    tfa_val inner = kit.build->map(call);

    UNUSED;
    *ret = kit.build->map(call);
    (void)kit.build->set(call, *ret, TFA_S("inner"), inner);
    (void)kit.build->set(call, inner, TFA_S("late"), kit.build->boolean(call, 1));
    return TFA_OK;
}

#define GENERATE bad_generate

#include "../plugin.h"
