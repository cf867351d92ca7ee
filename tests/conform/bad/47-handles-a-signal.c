/* SPDX-License-Identifier: Apache-2.0 */
/* R47: takes a signal for itself. */
#include <signal.h>

#include "../base.h"

static int32_t bad_validate(VALIDATE_ARGS)
{
    UNUSED;
    (void)signal(SIGPIPE, SIG_IGN);
    return TFA_OK;
}

#define VALIDATE bad_validate

#include "../plugin.h"
