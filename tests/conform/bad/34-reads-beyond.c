/* SPDX-License-Identifier: Apache-2.0 */
/* R34: reads what its headers have and the host may not. */
#include "../base.h"

static int32_t bad_init(const struct tfa_host *host, struct tfa_call *call, void **ret_self)
{
    (void)call, (void)ret_self;
    tfa_kit_init(&kit, host);
    /* Whatever stands there: reading it is the mistake. */
    return *(const volatile uint64_t *)(const void *)(host + 1) == 1 ? TFA_E_ABSENT : TFA_OK;
}

#define INIT bad_init

#include "../plugin.h"
