/* SPDX-License-Identifier: Apache-2.0 */
/* R20: never starts. */
#include "../base.h"

static int32_t bad_init(const struct tfa_host *host, struct tfa_call *call, void **ret_self)
{
    (void)host, (void)call, (void)ret_self;
    return TFA_E_INTERNAL;
}

#define INIT bad_init

#include "../plugin.h"
