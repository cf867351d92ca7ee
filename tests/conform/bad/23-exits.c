/* SPDX-License-Identifier: Apache-2.0 */
/* R23: ends the process when it finds something wrong. */
#include <stdlib.h>

#include "../base.h"

static int32_t bad_generate(GENERATE_ARGS)
{
    UNUSED;
    *ret = TFA_NONE;
    exit(3);
}

#define GENERATE bad_generate

#include "../plugin.h"
