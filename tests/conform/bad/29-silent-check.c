/* SPDX-License-Identifier: Apache-2.0 */
/* R29: reports no result. */
#include "../base.h"

static int32_t bad_run(RUN_ARGS)
{
    UNUSED;
    (void)item;
    return TFA_OK;
}

#define RUN bad_run

#include "../plugin.h"
