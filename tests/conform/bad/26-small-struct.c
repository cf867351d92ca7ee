/* SPDX-License-Identifier: Apache-2.0 */
/* R26: reports a finding without its size. */
#include "../base.h"

static int32_t bad_validate(VALIDATE_ARGS)
{
    UNUSED;
    struct tfa_diag diag = tfa_diag_at(config, TFA_S("BAD0001"));
    diag.struct_size = 8;
    diag.message = TFA_S("something");
    (void)kit.diag->report(call, &diag);
    return TFA_OK;
}

#define VALIDATE bad_validate

#include "../plugin.h"
