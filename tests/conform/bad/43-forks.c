/* SPDX-License-Identifier: Apache-2.0 */
/* R43: forks. */
#include <unistd.h>

#include "../base.h"

static int32_t bad_validate(VALIDATE_ARGS)
{
    UNUSED;
    if (fork() == 0) {
        _exit(0);
    }
    return TFA_OK;
}

#define VALIDATE bad_validate

#include "../plugin.h"
