/* SPDX-License-Identifier: Apache-2.0 */
/* R23: ends the process by a system call. */
#include <sys/syscall.h>
#include <unistd.h>

#include "../base.h"

static int32_t bad_generate(GENERATE_ARGS)
{
    UNUSED;
    *ret = TFA_NONE;
    (void)syscall(SYS_exit_group, 0);
    return TFA_OK;
}

#define GENERATE bad_generate

#include "../plugin.h"
