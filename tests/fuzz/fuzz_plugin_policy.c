/* SPDX-License-Identifier: Apache-2.0 */
/* Policies with any content: one diagnostic, or a policy that judges. */
#include "plugin/policy.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct run run;
    struct policy policy;
    run_init(&run, NULL, NULL);
    int code = policy_parse(
            &run, (struct str){ (const char *)data, size }, STR("policy.json"), 1, &policy);
    ENSURE((code != 0) == (run.diags.error_count == 1));
    if (code == 0) {
        const struct policy_subject subject = { STR_INIT("com.example.audit"),
            STR_INIT("0123456789abcdef"), false };
        const struct policy_subject stranger = { STR_INIT("com.example.audit"), { NULL, 0 },
            false };
        struct str objection = policy_objection(run.arena, &policy, &subject);
        /* What a signer may not, nobody without a signature may. */
        ENSURE(objection.len == 0 || policy_objection(run.arena, &policy, &stranger).len > 0);
    }
    run_clear(&run);
    return 0;
}
