/* SPDX-License-Identifier: Apache-2.0 */
/* R35: asks AWS for what it did not declare. */
#include "../base.h"

static int32_t bad_run(RUN_ARGS)
{
    const struct tfa_aws_answer *answer = NULL;
    int32_t rc = ask(call, TFA_S("ListMembers"), &answer);

    UNUSED;
    (void)item;
    return rc;
}

#define RUN bad_run

#include "../plugin.h"
