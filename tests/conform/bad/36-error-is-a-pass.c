/* SPDX-License-Identifier: Apache-2.0 */
/* R36: takes any answer for the one it hoped for. */
#include "../base.h"

static int32_t bad_run(RUN_ARGS)
{
    const struct tfa_aws_answer *answer = NULL;
    int32_t rc = ask(call, TFA_S("ListDetectors"), &answer);

    UNUSED;
    (void)item;
    return rc != TFA_OK ? rc
                        : tfa_result_report(&kit, call, config, TFA_RESULT_PASS, TFA_S(""),
                                  TFA_NONE, TFA_NONE);
}

#define RUN bad_run

#include "../plugin.h"
