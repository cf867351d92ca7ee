/* SPDX-License-Identifier: Apache-2.0 */
/* R49: changes a limit of the process. */
#include <sys/resource.h>

#include "../base.h"

static int32_t bad_validate(VALIDATE_ARGS)
{
    UNUSED;
    struct rlimit limit = { 64, 64 };

    (void)setrlimit(RLIMIT_NOFILE, &limit);
    return TFA_OK;
}

#define VALIDATE bad_validate

#include "../plugin.h"
