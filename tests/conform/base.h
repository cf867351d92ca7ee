/* SPDX-License-Identifier: Apache-2.0 */
/* First half of the bad plugins: what their one misbehavior may use. plugin.h is the other half. */
#ifndef TFATMOS_TESTS_CONFORM_BASE_H
#define TFATMOS_TESTS_CONFORM_BASE_H

#include <tf-atmos/tfa.h>

/* One plugin, one process: the services stand where every function finds them. */
static struct tfa_kit kit;

__attribute__((unused)) static tfa_val get(
        struct tfa_call *call, tfa_val config, struct tfa_str key)
{
    return kit.value->get(call, config, key);
}

/* Reports a finding of the declared code. */
__attribute__((unused)) static int32_t say(
        struct tfa_call *call, tfa_val at, struct tfa_str message)
{
    return tfa_report(&kit, call, at, TFA_S("BAD0001"), message, TFA_S(""));
}

/* Asks for the detectors of the account. */
__attribute__((unused)) static int32_t ask(struct tfa_call *call, struct tfa_str operation,
        const struct tfa_aws_answer **ret_answer)
{
    struct tfa_aws_request request =
            tfa_aws_request_to(TFA_AWS_REST_JSON, TFA_S("guardduty"), operation);

    request.method = TFA_S("GET");
    request.path = TFA_S("/detector");
    return kit.aws->send(call, &request, ret_answer);
}

#define VALIDATE_ARGS void *self, struct tfa_call *call, tfa_val config, tfa_val context
#define GENERATE_ARGS VALIDATE_ARGS, tfa_val *ret
#define RUN_ARGS      VALIDATE_ARGS, tfa_val item
#define UNUSED        (void)self, (void)call, (void)config, (void)context

#endif
