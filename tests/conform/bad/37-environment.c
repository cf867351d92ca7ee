/* SPDX-License-Identifier: Apache-2.0 */
/* R37: generates from the environment. */
#include <stdlib.h>

#include "../base.h"

static int32_t bad_generate(GENERATE_ARGS)
{
    const char *home = getenv("HOME");

    UNUSED;
    *ret = kit.build->map(call);
    return kit.build->set(call, *ret, TFA_S("made"), kit.build->string(call, tfa_str_of(home)));
}

#define GENERATE bad_generate

#include "../plugin.h"
