/* SPDX-License-Identifier: Apache-2.0 */
/* Checks of the test plugin: settings.probe.checks lists the items, `data` says what each does. */
#include "probe.h"

static int32_t list_checks(
        void *self, struct tfa_call *call, tfa_val config, tfa_val context, tfa_val *ret_items)
{
    const struct probe *probe = self;
    (void)context;
    *ret_items = probe->kit.value->get(call, config, TFA_S("checks"));
    return acts(probe, call, config, "list fails") ? TFA_E_INTERNAL : TFA_OK;
}

static struct tfa_aws_request request_for(struct tfa_str act)
{
    struct tfa_aws_request request =
            tfa_aws_request_to(TFA_AWS_REST_JSON, TFA_S("guardduty"), TFA_S("ListDetectors"));
    request.path = TFA_S("/detector");
    if (tfa_str_eq(act, TFA_S("undeclared"))) {
        request.operation = TFA_S("ListMembers");
    } else if (tfa_str_eq(act, TFA_S("write"))) {
        request.operation = TFA_S("DeleteDetector");
        request.method = TFA_S("DELETE");
    } else if (tfa_str_eq(act, TFA_S("disguised"))) {
        /* Declared and reading by name, a write by what is sent. */
        request.method = TFA_S("DELETE");
    } else if (tfa_str_eq(act, TFA_S("alias"))) {
        request.operation = TFA_S("CreateDetector");
        request.action = TFA_S("guardduty:ListDetectors");
    } else if (tfa_str_eq(act, TFA_S("form"))) {
        request.protocol = TFA_AWS_QUERY;
        request.service = TFA_S("sts");
        request.operation = TFA_S("GetCallerIdentity");
        request.body_text = TFA_S("Action=AssumeRole");
    } else if (tfa_str_eq(act, TFA_S("target"))) {
        request.target = TFA_S("nowhere");
    }
    return request;
}

/* Sends one request and passes when the code is the one wanted. */
static int32_t ask_aws(const struct tfa_kit *kit, struct tfa_call *call, struct tfa_str act)
{
    struct tfa_aws_request request = request_for(act);
    const struct tfa_aws_answer *answer = NULL;
    int32_t rc = kit->aws->send(call, &request, &answer);
    if (rc != TFA_OK) {
        return rc;
    }
    if (answer->outcome != TFA_AWS_SUCCESS) {
        return tfa_result_no_answer(kit, call, TFA_NONE, answer);
    }
    return tfa_result_report(kit, call, TFA_NONE, TFA_RESULT_PASS, TFA_S("answered"), TFA_NONE,
            kit->value->find(call, answer->body, TFA_S("/detectorIds")));
}

static int32_t run_check(
        void *self, struct tfa_call *call, tfa_val config, tfa_val context, tfa_val item)
{
    const struct probe *probe = self;
    const struct tfa_kit *kit = &probe->kit;
    struct tfa_str act = tfa_get_str(kit, call, item, TFA_S("data"), TFA_S(""));
    tfa_val text = kit->value->get(call, config, TFA_S("text"));
    int64_t now = 0;
    (void)context;
    if (tfa_str_eq(act, TFA_S("pass"))) {
        return tfa_result_report(
                kit, call, text, TFA_RESULT_PASS, TFA_S(""), TFA_NONE, TFA_NONE);
    }
    if (tfa_str_eq(act, TFA_S("fail"))) {
        return tfa_result_report(kit, call, text, TFA_RESULT_FAIL, TFA_S("it differs"), text,
                kit->build->string(call, TFA_S("something else")));
    }
    if (tfa_str_eq(act, TFA_S("silent"))) {
        return TFA_OK;
    }
    if (tfa_str_eq(act, TFA_S("breaks"))) {
        return TFA_E_INTERNAL;
    }
    if (tfa_str_eq(act, TFA_S("pass then break")) ||
            tfa_str_eq(act, TFA_S("pass then spoil"))) {
        (void)tfa_result_report(
                kit, call, text, TFA_RESULT_PASS, TFA_S(""), TFA_NONE, TFA_NONE);
        if (tfa_str_eq(act, TFA_S("pass then break"))) {
            return TFA_E_MEMORY;
        }
        (void)kit->build->string(call, TFA_S("\xff")); /* a failed call of build.h sticks */
        return TFA_OK;
    }
    if (tfa_str_eq(act, TFA_S("skip"))) {
        return tfa_result_report(
                kit, call, text, TFA_RESULT_SKIPPED, TFA_S("not here"), TFA_NONE, TFA_NONE);
    }
    if (tfa_str_eq(act, TFA_S("settle"))) {
        /* Pending until the clock says ten seconds. */
        struct tfa_result result = tfa_result_at(text, TFA_RESULT_PENDING);
        if (kit->clock->monotonic_ns(call, &now) != TFA_OK) {
            return TFA_E_INTERNAL;
        }
        result.outcome = now >= 10000000000 ? TFA_RESULT_PASS : TFA_RESULT_PENDING;
        result.message = TFA_S("still converging");
        result.retry_after_ms = 3000;
        return kit->diag->result(call, &result);
    }
    return ask_aws(kit, call, act);
}

const struct tfa_check_v1 probe_check = { list_checks, run_check };
