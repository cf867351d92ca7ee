/* SPDX-License-Identifier: Apache-2.0 */
/* R37: generates from the date. */
#include <time.h>

#include "../base.h"

static int32_t bad_generate(GENERATE_ARGS)
{
    int64_t today = (int64_t)(time(NULL) / 86400);

    UNUSED;
    *ret = kit.build->map(call);
    return kit.build->set(call, *ret, TFA_S("made"), kit.build->integer(call, today));
}

#define GENERATE bad_generate

#include "../plugin.h"
