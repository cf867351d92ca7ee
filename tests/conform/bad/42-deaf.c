/* SPDX-License-Identifier: Apache-2.0 */
/* R42: asks again until AWS answers, also when it is told to stop. */
#include "../base.h"

static int32_t bad_run(RUN_ARGS)
{
    const struct tfa_aws_answer *answer = NULL;

    UNUSED;
    (void)item;
    while (ask(call, TFA_S("ListDetectors"), &answer) != TFA_OK) {
        /* once more */
    }
    return tfa_result_no_answer(&kit, call, config, answer);
}

#define RUN bad_run

#include "../plugin.h"
