/* SPDX-License-Identifier: Apache-2.0 */
/* R33: logs without asking whether there is a log. */
#include "../base.h"

static int32_t bad_validate(VALIDATE_ARGS)
{
    UNUSED;
    kit.log->write(call, TFA_LOG_DEBUG, TFA_S("validating"), NULL, 0);
    return TFA_OK;
}

#define VALIDATE bad_validate

#include "../plugin.h"
