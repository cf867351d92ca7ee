/* SPDX-License-Identifier: Apache-2.0 */
/* R25: returns a list where a map of variables is due. */
#include "../base.h"

static int32_t bad_generate(GENERATE_ARGS)
{
    UNUSED;
    *ret = kit.build->list(call);
    return TFA_OK;
}

#define GENERATE bad_generate

#include "../plugin.h"
