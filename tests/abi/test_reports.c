/* SPDX-License-Identifier: Apache-2.0 */
/* tfa.diag/1, the phase gate, faults and the small services, on the mock host. */
#include <pthread.h>
#include <stdbool.h>

#include "probe.h"

#define V (probe->kit.value)
#define B (probe->kit.build)
#define D (probe->kit.diag)

static const char manifest[] = "tests/abi/probe.json";

static struct tfa_testkit *new_kit(struct probe *probe, const char *intent)
{
    struct tfa_testkit *kit = probe_kit(probe, manifest);

    tfa_testkit_intent(kit, intent);
    return kit;
}

static void assert_no_misuse(const struct tfa_testkit *kit)
{
    if (tfa_testkit_misuse_count(kit) > 0) {
        fail_msg("misuse: %s", tfa_testkit_misuse(kit, 0));
    }
}

static void assert_misuse(const struct tfa_testkit *kit, const char *part)
{
    for (uint64_t i = 0; i < tfa_testkit_misuse_count(kit); i++) {
        if (strstr(tfa_testkit_misuse(kit, i), part) != NULL) {
            return;
        }
    }
    fail_msg("no misuse says \"%s\"", part);
}

/* ---- findings ---- */

static int32_t report_all(
        struct probe *probe, struct tfa_call *call, tfa_val config, tfa_val other, tfa_val *ret)
{
    tfa_val rules = V->get(call, config, TFA_S("rules"));
    struct tfa_related first = { sizeof(first), 0, V->at(call, rules, 0), { NULL, 0 },
        TFA_S("first used here") };
    const struct tfa_related *const related[] = { &first };
    struct tfa_diag diag = tfa_diag_at(rules, TFA_S("PR0002"));

    (void)other;
    (void)ret;
    diag.pointer = TFA_S("/1/rank");
    diag.message = TFA_S("rank is used twice");
    diag.related = related;
    diag.related_count = 1;
    assert_int_equal(D->report(call, &diag), TFA_OK);
    /* A missing key: the place is that of the last step that exists. */
    diag.related_count = 0;
    diag.code = TFA_S("PR0001");
    diag.pointer = TFA_S("/0/name/first");
    diag.severity = TFA_SEVERITY_HINT;
    diag.remediation = TFA_S("write one");
    diag.doc_url = TFA_S("https://example.com/own");
    diag.resource = TFA_S("arn:aws:x");
    assert_int_equal(D->report(call, &diag), TFA_OK);
    /* At the key, not at the value. */
    diag.pointer = TFA_S("");
    diag.flags = TFA_DIAG_AT_KEY;
    assert_int_equal(D->report(call, &diag), TFA_OK);
    /* The intent as a whole. */
    return tfa_report(
            &probe->kit, call, TFA_NONE, TFA_S("PR0001"), TFA_S("nothing fits"), TFA_S(""));
}

static void test_findings(void **state)
{
    struct probe probe = { .validate = report_all };
    struct tfa_testkit *kit = new_kit(&probe, "a: 1\nrules:\n  - {rank: 1}\n  - {rank: 1}\n");
    const struct tfa_testkit_finding *finding;

    (void)state;
    assert_int_equal(tfa_testkit_validate(kit), TFA_OK);
    assert_no_misuse(kit);
    assert_int_equal(tfa_testkit_finding_count(kit), 4);
    finding = tfa_testkit_finding_at(kit, 0);
    assert_int_equal(finding->phase, TFA_PHASE_VALIDATE);
    assert_int_equal(finding->severity, TFA_SEVERITY_WARNING);
    assert_string_equal(finding->code, "PR0002");
    assert_string_equal(finding->remediation, "fix two");
    assert_string_equal(finding->doc_url, "https://example.com/probe#PR0002");
    assert_string_equal(finding->file, "intent.yaml");
    assert_int_equal(finding->line, 4);
    assert_int_equal(finding->column, 12);
    assert_string_equal(finding->pointer, "/rules/1/rank");
    assert_int_equal(finding->related_count, 1);
    finding = tfa_testkit_finding_at(kit, 1);
    assert_int_equal(finding->severity, TFA_SEVERITY_HINT);
    assert_string_equal(finding->remediation, "write one");
    assert_string_equal(finding->doc_url, "https://example.com/own");
    assert_string_equal(finding->resource, "arn:aws:x");
    assert_string_equal(finding->pointer, "/rules/0/name/first");
    assert_int_equal(finding->line, 3);
    assert_int_equal(finding->column, 5);
    finding = tfa_testkit_finding_at(kit, 2);
    assert_int_equal(finding->line, 2);
    assert_int_equal(finding->column, 1);
    finding = tfa_testkit_finding_at(kit, 3);
    assert_int_equal(finding->line, 1);
    assert_string_equal(finding->pointer, "");
    assert_null(tfa_testkit_finding_at(kit, 4));
    assert_ptr_equal(tfa_testkit_find(kit, "PR0002"), tfa_testkit_finding_at(kit, 0));
    assert_null(tfa_testkit_find(kit, "PR9999"));
    tfa_testkit_clear(kit);
    assert_int_equal(tfa_testkit_finding_count(kit), 0);
    tfa_testkit_free(kit);
}

static int32_t report_badly(
        struct probe *probe, struct tfa_call *call, tfa_val config, tfa_val other, tfa_val *ret)
{
    struct tfa_diag diag = tfa_diag_at(config, TFA_S("PR0001"));
    struct tfa_result result = tfa_result_at(config, TFA_RESULT_PASS);

    (void)other;
    (void)ret;
    assert_int_equal(D->report(call, NULL), TFA_E_INVALID);
    assert_int_equal(D->report(call, &diag), TFA_E_INVALID); /* no message */
    diag.message = TFA_S("\xff");
    assert_int_equal(D->report(call, &diag), TFA_E_INVALID);
    diag.message = TFA_S("m");
    diag.code = TFA_S("");
    assert_int_equal(D->report(call, &diag), TFA_E_INVALID);
    diag.code = TFA_S("PR0001");
    diag.struct_size = 12;
    assert_int_equal(D->report(call, &diag), TFA_E_INVALID);
    diag.struct_size = sizeof(diag);
    diag.at = 999;
    assert_int_equal(D->report(call, &diag), TFA_E_STALE);
    diag.at = config;
    diag.related_count = 1; /* none there: the finding stays */
    assert_int_equal(D->report(call, &diag), TFA_OK);
    assert_int_equal(D->result(call, &result), TFA_E_PHASE);
    return TFA_OK;
}

static int32_t report_oddly(
        struct probe *probe, struct tfa_call *call, tfa_val config, tfa_val other, tfa_val *ret)
{
    struct tfa_diag diag = tfa_diag_at(config, TFA_S("XX0001"));

    (void)other;
    (void)ret;
    diag.message = TFA_S("password is hunter2-hunter2, really");
    diag.doc_url = TFA_S("http://example.com");
    diag.severity = 99;
    return D->report(call, &diag);
}

static void test_bad_findings(void **state)
{
    struct probe probe = { .validate = report_badly };
    struct tfa_testkit *kit = new_kit(&probe, "secret: !sensitive hunter2-hunter2\n");

    (void)state;
    assert_int_equal(tfa_testkit_validate(kit), TFA_OK);
    assert_int_equal(tfa_testkit_finding_count(kit), 1);
    assert_int_equal(tfa_testkit_finding_at(kit, 0)->related_count, 0);
    assert_int_equal(tfa_testkit_misuse_count(kit), 8);
    tfa_testkit_clear(kit);
    probe.validate = report_oddly;
    assert_int_equal(tfa_testkit_validate(kit), TFA_OK);
    assert_string_equal(
            tfa_testkit_finding_at(kit, 0)->message, "password is (sensitive), really");
    assert_string_equal(tfa_testkit_finding_at(kit, 0)->doc_url, "");
    assert_int_equal(tfa_testkit_finding_at(kit, 0)->severity, TFA_SEVERITY_ERROR);
    assert_misuse(kit, "not in the manifest");
    assert_misuse(kit, "not https");
    assert_misuse(kit, "sensitive");
    tfa_testkit_free(kit);
}

static int32_t report_too_much(
        struct probe *probe, struct tfa_call *call, tfa_val config, tfa_val other, tfa_val *ret)
{
    int32_t rc = TFA_OK;

    (void)other;
    (void)ret;
    for (int i = 0; i < 1000; i++) {
        rc = tfa_report(&probe->kit, call, config, TFA_S("PR0001"), TFA_S("again"), TFA_S(""));
        assert_int_equal(rc, TFA_OK);
    }
    rc = tfa_report(&probe->kit, call, config, TFA_S("PR0001"), TFA_S("again"), TFA_S(""));
    assert_int_equal(rc, TFA_E_LIMIT);
    return TFA_OK;
}

static void test_cap_of_findings(void **state)
{
    struct probe probe = { .validate = report_too_much };
    struct tfa_testkit *kit = new_kit(&probe, "{}");

    (void)state;
    assert_int_equal(tfa_testkit_validate(kit), TFA_OK);
    assert_int_equal(tfa_testkit_finding_count(kit), 1000);
    tfa_testkit_free(kit);
}

/* ---- results ---- */

static int32_t list_two(
        struct probe *probe, struct tfa_call *call, tfa_val config, tfa_val other, tfa_val *ret)
{
    tfa_val items = B->list(call);

    (void)config;
    (void)other;
    for (int i = 0; i < 2; i++) {
        tfa_val item = B->map(call);
        (void)B->set(call, item, TFA_S("id"),
                B->string(call, i == 0 ? TFA_S("PR-01") : TFA_S("PR-02")));
        if (i == 1) {
            (void)B->set(call, item, TFA_S("region"), B->string(call, TFA_S("us-east-1")));
            (void)B->set(call, item, TFA_S("data"), B->integer(call, 7));
        }
        (void)B->append(call, items, item);
    }
    *ret = items;
    return TFA_OK;
}

static int32_t run_two(
        struct probe *probe, struct tfa_call *call, tfa_val config, tfa_val other, tfa_val *ret)
{
    const struct tfa_who *who = probe->kit.call->who(call);
    struct tfa_result result = tfa_result_at(config, TFA_RESULT_FAIL);

    (void)ret;
    assert_int_equal(who->phase, TFA_PHASE_CHECK);
    assert_true(tfa_str_eq(who->stack, TFA_S("test")));
    assert_true(tfa_str_eq(who->kind, TFA_S("probe")));
    if (tfa_str_eq(who->check_id, TFA_S("PR-02"))) {
        assert_int_equal(tfa_get_int(&probe->kit, call, other, TFA_S("data"), 0), 7);
        result.outcome = TFA_RESULT_PENDING;
        result.retry_after_ms = 1500;
        result.message = TFA_S("AWS is converging");
        return D->result(call, &result);
    }
    result.pointer = TFA_S("/members");
    result.expected = V->get(call, config, TFA_S("secret"));
    result.actual = B->integer(call, 3);
    result.message = TFA_S("differs");
    result.resource = TFA_S("arn:aws:guardduty");
    assert_int_equal(D->result(call, &result), TFA_OK);
    result.message = TFA_S("");
    assert_int_equal(D->result(call, &result), TFA_E_INVALID);
    result.outcome = 77;
    result.message = TFA_S("odd outcome");
    return D->result(call, &result);
}

static void test_results(void **state)
{
    struct probe probe = { .list = list_two, .run = run_two };
    struct tfa_testkit *kit =
            new_kit(&probe, "x: 1\nmembers: all\nsecret: !sensitive hunter2-hunter2\n");
    const struct tfa_testkit_result *result;

    (void)state;
    tfa_testkit_context(
            kit, "targets: [{alias: self, region: eu-west-1, account_id: \"111122223333\"}]\n");
    assert_int_equal(tfa_testkit_run_checks(kit), TFA_OK);
    assert_string_equal(tfa_testkit_items(kit),
            "[{\"id\":\"PR-01\"},{\"data\":7,\"id\":\"PR-02\",\"region\":\"us-east-1\"}]");
    assert_int_equal(tfa_testkit_result_count(kit), 3);
    result = tfa_testkit_result_of(kit, "PR-01");
    assert_int_equal(result->outcome, TFA_RESULT_FAIL);
    assert_int_equal(result->severity, TFA_SEVERITY_ERROR);
    assert_string_equal(result->title, "first");
    assert_string_equal(result->code, "PR0001");
    assert_string_equal(result->remediation, "fix one");
    assert_string_equal(result->expected, "\"(sensitive)\"");
    assert_string_equal(result->actual, "3");
    assert_string_equal(result->target, "self");
    assert_string_equal(result->region, "eu-west-1");
    assert_int_equal(result->line, 2);
    assert_string_equal(result->pointer, "/members");
    assert_int_equal(tfa_testkit_result_at(kit, 1)->outcome, TFA_RESULT_UNKNOWN);
    result = tfa_testkit_result_of(kit, "PR-02");
    assert_int_equal(result->outcome, TFA_RESULT_PENDING);
    assert_int_equal(result->retry_after_ms, 1500);
    assert_string_equal(result->region, "us-east-1");
    assert_misuse(kit, "has no message");
    assert_int_equal(tfa_testkit_misuse_count(kit), 1);
    tfa_testkit_free(kit);
}

static int32_t say_nothing(
        struct probe *probe, struct tfa_call *call, tfa_val config, tfa_val other, tfa_val *ret)
{
    (void)probe;
    (void)call;
    (void)config;
    (void)other;
    (void)ret;
    return TFA_OK;
}

static void test_silent_check(void **state)
{
    struct probe probe = { .run = say_nothing };
    struct tfa_testkit *kit = new_kit(&probe, "{}");

    (void)state;
    assert_int_equal(tfa_testkit_run_check(kit, "{id: PR-01}"), TFA_OK);
    assert_misuse(kit, "reported no result");
    tfa_testkit_free(kit);
}

/* ---- the phase gate ---- */

static int32_t use_everything(
        struct probe *probe, struct tfa_call *call, tfa_val config, tfa_val other, tfa_val *ret)
{
    uint32_t phase = probe->kit.call->who(call)->phase;
    bool may_value = phase != TFA_PHASE_INIT;
    bool may_lookup = may_value && phase != TFA_PHASE_VALIDATE;
    bool may_ask = phase == TFA_PHASE_CHECK;
    struct tfa_aws_request request = { 0 };
    const struct tfa_aws_answer *answer = NULL;
    tfa_val list = TFA_NONE;
    int64_t ns = 0;

    (void)other;
    assert_int_equal(
            V->kind(call, config), phase == TFA_PHASE_INIT ? TFA_E_PHASE : TFA_KIND_MAP);
    if (may_value) {
        assert_int_not_equal(B->map(call), TFA_NONE);
    }
    assert_int_equal(probe->kit.lookup->instances(call, TFA_S(""), &list),
            may_lookup ? TFA_OK : TFA_E_PHASE);
    assert_int_equal(probe->kit.clock->wall_ns(call, &ns), may_ask ? TFA_OK : TFA_E_PHASE);
    assert_int_equal(probe->kit.clock->monotonic_ns(call, &ns), may_ask ? TFA_OK : TFA_E_PHASE);
    assert_int_equal(probe->kit.aws->send(call, &request, &answer),
            may_ask ? TFA_E_INVALID : TFA_E_PHASE);
    assert_non_null(probe->kit.call->alloc(call, 0));
    probe->kit.log->write(call, TFA_LOG_INFO, TFA_S("here"), NULL, 0);
    if (may_ask) {
        return tfa_result_report(
                &probe->kit, call, config, TFA_RESULT_PASS, TFA_S(""), TFA_NONE, TFA_NONE);
    }
    if (ret != NULL) {
        *ret = TFA_NONE;
    }
    return TFA_OK;
}

static void test_phases(void **state)
{
    struct probe probe = { .init = use_everything,
        .validate = use_everything,
        .generate = use_everything,
        .list = use_everything,
        .run = use_everything };
    struct tfa_testkit *kit = new_kit(&probe, "{}");

    (void)state;
    assert_int_equal(tfa_testkit_init(kit), TFA_OK);
    assert_int_equal(tfa_testkit_misuse_count(kit), 5);
    assert_misuse(kit, "value.kind: not allowed in phase 1");
    tfa_testkit_clear(kit);
    assert_int_equal(tfa_testkit_validate(kit), TFA_OK);
    assert_int_equal(tfa_testkit_misuse_count(kit), 4);
    assert_misuse(kit, "lookup.instances: not allowed in phase 2");
    tfa_testkit_clear(kit);
    assert_int_equal(tfa_testkit_generate(kit), TFA_OK);
    assert_int_equal(tfa_testkit_misuse_count(kit), 3);
    tfa_testkit_clear(kit);
    assert_int_equal(tfa_testkit_list_checks(kit), TFA_OK);
    assert_int_equal(tfa_testkit_misuse_count(kit), 3);
    tfa_testkit_clear(kit);
    assert_int_equal(tfa_testkit_run_check(kit, "{id: PR-01}"), TFA_OK);
    assert_int_equal(tfa_testkit_misuse_count(kit), 1); /* the empty request */
    assert_int_equal(tfa_testkit_log_count(kit), 1);
    tfa_testkit_free(kit);
}

static int32_t see_targets(
        struct probe *probe, struct tfa_call *call, tfa_val config, tfa_val other, tfa_val *ret)
{
    tfa_val targets = V->get(call, other, TFA_S("targets"));
    uint32_t phase = probe->kit.call->who(call)->phase;

    (void)config;
    assert_true(tfa_is_set(&probe->kit, call, V->get(call, other, TFA_S("vars"))));
    assert_int_equal(V->count(call, targets), phase == TFA_PHASE_LIST_CHECKS ? 1 : 0);
    if (ret != NULL) {
        *ret = TFA_NONE;
    }
    return TFA_OK;
}

static void test_only_checks_know_targets(void **state)
{
    struct probe probe = {
        .validate = see_targets, .generate = see_targets, .list = see_targets
    };
    struct tfa_testkit *kit = new_kit(&probe, "{}");

    (void)state;
    assert_int_equal(tfa_testkit_validate(kit), TFA_OK);
    assert_int_equal(tfa_testkit_generate(kit), TFA_OK);
    assert_int_equal(tfa_testkit_list_checks(kit), TFA_OK);
    assert_no_misuse(kit);
    tfa_testkit_free(kit);
}

static int32_t build_in_init(
        struct probe *probe, struct tfa_call *call, tfa_val config, tfa_val other, tfa_val *ret)
{
    (void)config;
    (void)other;
    (void)ret;
    assert_int_equal(B->map(call), TFA_NONE);
    return TFA_OK;
}

static void test_build_in_init(void **state)
{
    struct probe probe = { .init = build_in_init };
    struct tfa_testkit *kit = new_kit(&probe, "{}");

    (void)state;
    assert_int_equal(tfa_testkit_init(kit), TFA_E_PHASE);
    assert_int_equal(tfa_testkit_validate(kit), TFA_E_PHASE);
    tfa_testkit_free(kit);
    assert_int_equal(probe.shutdowns, 0);
}

/* ---- calls after the callback, and from other threads ---- */

static int32_t keep_call(
        struct probe *probe, struct tfa_call *call, tfa_val config, tfa_val other, tfa_val *ret)
{
    (void)other;
    (void)ret;
    probe->kept_call = call;
    probe->kept = config;
    return TFA_OK;
}

static void *on_another_thread(void *argument)
{
    struct probe *probe = argument;
    struct tfa_str text = { NULL, 0 };

    assert_int_equal(probe->kit.call->cancelled(probe->kept_call), 0);
    assert_int_equal(
            probe->kit.value->text(probe->kept_call, probe->kept, &text), TFA_E_THREAD);
    assert_int_equal(probe->kit.build->map(probe->kept_call), TFA_NONE);
    return NULL;
}

static int32_t use_a_thread(
        struct probe *probe, struct tfa_call *call, tfa_val config, tfa_val other, tfa_val *ret)
{
    pthread_t thread;

    (void)keep_call(probe, call, config, other, ret);
    assert_int_equal(pthread_create(&thread, NULL, on_another_thread, probe), 0);
    assert_int_equal(pthread_join(thread, NULL), 0);
    return TFA_OK;
}

/* Where a value that nobody wrote is pointed at, and a pointer is none. */
static int32_t point_nowhere(
        struct probe *probe, struct tfa_call *call, tfa_val config, tfa_val other, tfa_val *ret)
{
    struct tfa_diag diag =
            tfa_diag_at(probe->kit.build->string(call, TFA_S("made")), TFA_S("PR0001"));

    (void)other;
    (void)ret;
    if (probe->kept_call != NULL) {
        assert_int_equal(probe->kit.call->cancelled(probe->kept_call), 0);
    }
    probe->kept_call = call;
    diag.message = TFA_S("m");
    assert_int_equal(D->report(call, &diag), TFA_OK);
    diag.at = config;
    diag.pointer = TFA_S("no slash");
    return D->report(call, &diag);
}

static void test_rules(void **state)
{
    struct probe probe = { .validate = point_nowhere };
    struct tfa_testkit *kit = new_kit(&probe, "{}");

    (void)state;
    assert_int_equal(tfa_testkit_validate(kit), TFA_OK);
    assert_int_equal(tfa_testkit_misuse_count(kit), 2);
    assert_string_equal(tfa_testkit_misuse_rule(kit, 0), "R28");
    assert_string_equal(tfa_testkit_misuse_rule(kit, 1), "R28");
    assert_null(tfa_testkit_misuse_rule(kit, 2));
    tfa_testkit_clear(kit);
    assert_int_equal(tfa_testkit_validate(kit), TFA_OK); /* asks the call of before */
    assert_string_equal(tfa_testkit_misuse_rule(kit, 0), "R31");
    tfa_testkit_free(kit);
}

static void test_threads(void **state)
{
    struct probe probe = { .validate = use_a_thread };
    struct tfa_testkit *kit = new_kit(&probe, "{}");

    (void)state;
    assert_int_equal(tfa_testkit_validate(kit), TFA_E_THREAD);
    tfa_testkit_free(kit);
}

/* ---- faults on order ---- */

static int32_t copy_members(
        struct probe *probe, struct tfa_call *call, tfa_val config, tfa_val other, tfa_val *ret)
{
    tfa_val map = B->map(call);

    (void)other;
    (void)B->set(call, map, TFA_S("m"), V->get(call, config, TFA_S("members")));
    if (probe->kit.call->alloc(call, 100) == NULL) {
        return TFA_E_MEMORY;
    }
    *ret = map;
    return TFA_OK;
}

static void test_faults(void **state)
{
    struct probe probe = { .generate = copy_members };
    struct tfa_testkit *kit = new_kit(&probe, "members: all\n");
    uint64_t calls;

    (void)state;
    assert_int_equal(tfa_testkit_generate(kit), TFA_OK);
    calls = tfa_testkit_calls(kit);
    assert_int_equal(calls, 4);
    for (uint64_t n = 1; n <= calls; n++) {
        tfa_testkit_fail_call(kit, n, TFA_E_MEMORY);
        assert_int_equal(tfa_testkit_generate(kit), TFA_E_MEMORY);
        assert_string_equal(tfa_testkit_vars(kit), "");
    }
    tfa_testkit_fail_call(kit, 0, 0);
    assert_int_equal(tfa_testkit_generate(kit), TFA_OK);
    assert_string_equal(tfa_testkit_vars(kit), "{\"m\":\"all\"}");
    tfa_testkit_free(kit);
}

/* ---- small services ---- */

static int32_t small_services(
        struct probe *probe, struct tfa_call *call, tfa_val config, tfa_val other, tfa_val *ret)
{
    struct tfa_field fields[] = {
        { TFA_S("n"), TFA_S("1"), TFA_NONE, 0 },
        { TFA_S("v"), { NULL, 0 }, config, 0 },
    };
    tfa_val found = TFA_NONE;
    int64_t ns = 0;

    (void)other;
    (void)ret;
    assert_int_equal(probe->kit.call->cancelled(call), 1);
    assert_true(probe->kit.call->time_left_ms(call) > 0);
    probe->kit.call->progress(call, 1, 2, TFA_S("half"));
    assert_null(probe->kit.call->alloc(call, (64ULL << 20) + 1));
    probe->kit.log->write(call, TFA_LOG_WARN, TFA_S("hi hunter2-hunter2"), fields, 2);
    assert_int_equal(probe->kit.clock->wall_ns(call, &ns), TFA_OK);
    assert_int_equal(ns, 1767225600LL * 1000000000LL + 5);
    assert_int_equal(
            probe->kit.lookup->instance(call, TFA_S(""), TFA_S("vpc"), &found), TFA_OK);
    assert_int_equal(tfa_get_int(&probe->kit, call, V->get(call, found, TFA_S("vars")),
                             TFA_S("size"), 0),
            12);
    assert_int_equal(probe->kit.lookup->instance(call, TFA_S("prod"), TFA_S("vpc"), &found),
            TFA_E_ABSENT);
    assert_int_equal(probe->kit.lookup->instances(call, TFA_S("net"), &found), TFA_OK);
    assert_int_equal(V->count(call, found), 2);
    assert_true(tfa_str_eq(
            tfa_get_str(&probe->kit, call, V->at(call, found, 0), TFA_S("stack"), TFA_S("")),
            TFA_S("other")));
    return tfa_result_report(
            &probe->kit, call, config, TFA_RESULT_PASS, TFA_S(""), TFA_NONE, TFA_NONE);
}

static void test_small_services(void **state)
{
    struct probe probe = { .run = small_services };
    struct tfa_testkit *kit = new_kit(&probe, "s: !sensitive hunter2-hunter2\nk: 1\n");

    (void)state;
    tfa_testkit_instance(kit, "{stack: test, component: vpc, kinds: [net], vars: {size: 12}}");
    tfa_testkit_instance(kit, "{stack: other, component: vpc, kinds: [net]}");
    tfa_testkit_instance(kit, "{stack: test, component: iam}");
    tfa_testkit_cancel(kit, 1);
    tfa_testkit_advance(kit, 5);
    assert_int_equal(tfa_testkit_run_check(kit, "{id: PR-01}"), TFA_OK);
    assert_no_misuse(kit);
    assert_string_equal(tfa_testkit_log(kit, 0),
            "warn hi (sensitive) n=1 v={\"k\":1,\"s\":\"(sensitive)\"}");
    tfa_testkit_free(kit);
}

static int32_t see_what_is_there(
        struct probe *probe, struct tfa_call *call, tfa_val config, tfa_val other, tfa_val *ret)
{
    (void)call;
    (void)config;
    (void)other;
    (void)ret;
    assert_null(probe->kit.log);
    assert_non_null(probe->kit.value);
    return TFA_OK;
}

static void test_hidden_and_unlisted(void **state)
{
    struct probe probe = { .init = see_what_is_there };
    struct tfa_testkit *kit = probe_kit(&probe, manifest);

    (void)state;
    tfa_testkit_hide(kit, TFA_EXT_LOG_V1);
    assert_int_equal(tfa_testkit_init(kit), TFA_OK);
    assert_int_equal(tfa_testkit_review(kit), TFA_E_UNSUPPORTED);
    tfa_testkit_free(kit);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_findings),
        cmocka_unit_test(test_bad_findings),
        cmocka_unit_test(test_cap_of_findings),
        cmocka_unit_test(test_results),
        cmocka_unit_test(test_silent_check),
        cmocka_unit_test(test_phases),
        cmocka_unit_test(test_only_checks_know_targets),
        cmocka_unit_test(test_build_in_init),
        cmocka_unit_test(test_rules),
        cmocka_unit_test(test_threads),
        cmocka_unit_test(test_faults),
        cmocka_unit_test(test_small_services),
        cmocka_unit_test(test_hidden_and_unlisted),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
