/* SPDX-License-Identifier: Apache-2.0 */
/* R50: registers an exit handler. */
#include <stdlib.h>

#include "../base.h"

static void handler(void)
{
}

static int32_t bad_validate(VALIDATE_ARGS)
{
    UNUSED;
    static int is_registered;

    if (!is_registered) {
        is_registered = atexit(handler) == 0;
    }
    return TFA_OK;
}

#define VALIDATE bad_validate

#include "../plugin.h"
