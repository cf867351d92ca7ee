/* SPDX-License-Identifier: Apache-2.0 */
/* R34: refuses a host that has more than it knows. */
#include "../base.h"

static int32_t bad_init(const struct tfa_host *host, struct tfa_call *call, void **ret_self)
{
    (void)call, (void)ret_self;
    tfa_kit_init(&kit, host);
    return host->struct_size == sizeof(*host) ? TFA_OK : TFA_E_INTERNAL;
}

#define INIT bad_init

#include "../plugin.h"
