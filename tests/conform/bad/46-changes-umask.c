/* SPDX-License-Identifier: Apache-2.0 */
/* R46: changes the umask. */
#include <sys/stat.h>

#include "../base.h"

static int32_t bad_validate(VALIDATE_ARGS)
{
    UNUSED;
    (void)umask(0077);
    return TFA_OK;
}

#define VALIDATE bad_validate

#include "../plugin.h"
