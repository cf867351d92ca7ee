/* SPDX-License-Identifier: Apache-2.0 */
/* tfa.aws/1 on the mock host: requests, answers, policy, pages. */
#include "probe.h"

#define V (probe->kit.value)
#define B (probe->kit.build)
#define A (probe->kit.aws)

static const char manifest[] = "tests/abi/probe.json";

static struct tfa_aws_request rest(struct tfa_str operation, struct tfa_str path)
{
    struct tfa_aws_request request =
            tfa_aws_request_to(TFA_AWS_REST_JSON, TFA_S("guardduty"), operation);

    request.method = TFA_S("GET");
    request.path = path;
    return request;
}

static int32_t pass(struct probe *probe, struct tfa_call *call)
{
    return tfa_result_report(
            &probe->kit, call, TFA_NONE, TFA_RESULT_PASS, TFA_S(""), TFA_NONE, TFA_NONE);
}

static struct tfa_testkit *new_kit(struct probe *probe)
{
    struct tfa_testkit *kit = probe_kit(probe, manifest);

    tfa_testkit_context(kit,
            "targets:\n"
            "  - {alias: self, region: eu-west-1, account_id: \"111122223333\"}\n"
            "  - {alias: management, region: us-east-1}\n");
    return kit;
}

static int32_t run(struct tfa_testkit *kit)
{
    return tfa_testkit_run_check(kit, "{id: PR-01}");
}

/* ---- what is sent ---- */

static int32_t send_rest(
        struct probe *probe, struct tfa_call *call, tfa_val config, tfa_val other, tfa_val *ret)
{
    struct tfa_aws_request request =
            rest(TFA_S("GetDetector"), TFA_S("/detector/{id}/tags/{arn+}"));
    const struct tfa_aws_answer *answer = NULL;

    (void)config;
    (void)other;
    (void)ret;
    request.path_parts = B->map(call);
    (void)B->set(call, request.path_parts, TFA_S("id"), B->string(call, TFA_S("a/b c")));
    (void)B->set(call, request.path_parts, TFA_S("arn"), B->string(call, TFA_S("arn:x/y")));
    request.query = B->map(call);
    (void)B->set(call, request.query, TFA_S("max"), B->integer(call, 5));
    request.target = TFA_S("management");
    assert_int_equal(A->send(call, &request, &answer), TFA_OK);
    assert_int_equal(answer->outcome, TFA_AWS_SUCCESS);
    assert_int_equal(answer->http_status, 200);
    assert_int_equal(answer->complete, 1);
    assert_true(tfa_str_eq(answer->action, TFA_S("guardduty:GetDetector")));
    assert_true(
            tfa_str_eq(tfa_get_str(&probe->kit, call, answer->body, TFA_S("status"), TFA_S("")),
                    TFA_S("ENABLED")));
    return pass(probe, call);
}

static int32_t send_json(
        struct probe *probe, struct tfa_call *call, tfa_val config, tfa_val other, tfa_val *ret)
{
    struct tfa_aws_request request =
            tfa_aws_request_to(TFA_AWS_JSON_1_1, TFA_S("organizations"), TFA_S("ListAccounts"));
    const struct tfa_aws_answer *answer = NULL;

    (void)config;
    (void)other;
    (void)ret;
    request.target_prefix = TFA_S("AWSOrganizationsV20161128");
    request.body = B->map(call);
    (void)B->set(call, request.body, TFA_S("MaxResults"), B->integer(call, 20));
    request.region = TFA_S("us-east-1");
    assert_int_equal(A->send(call, &request, &answer), TFA_OK);
    assert_int_equal(answer->outcome, TFA_AWS_NO_ANSWER);
    assert_true(answer->summary.len > 0);
    return tfa_result_no_answer(&probe->kit, call, config, answer);
}

static void test_requests(void **state)
{
    struct probe probe = { .run = send_rest };
    struct tfa_testkit *kit = new_kit(&probe);
    const struct tfa_testkit_request *request;

    (void)state;
    tfa_testkit_aws(kit, "guardduty:GetDetector", 200, "{\"status\":\"ENABLED\"}");
    assert_int_equal(run(kit), TFA_OK);
    assert_int_equal(tfa_testkit_request_count(kit), 1);
    request = tfa_testkit_request_at(kit, 0);
    assert_string_equal(request->action, "guardduty:GetDetector");
    assert_string_equal(request->path, "/detector/a%2Fb%20c/tags/arn%3Ax/y");
    assert_string_equal(request->query, "{\"max\":5}");
    assert_string_equal(request->body, "");
    assert_string_equal(request->method, "GET");
    assert_string_equal(request->target, "management");
    probe.run = send_json;
    tfa_testkit_clear(kit);
    assert_int_equal(run(kit), TFA_OK);
    request = tfa_testkit_request_at(kit, 0);
    assert_string_equal(request->method, "POST");
    assert_string_equal(request->path, "/");
    assert_string_equal(request->body, "{\"MaxResults\":20}");
    assert_string_equal(request->region, "us-east-1");
    assert_int_equal(tfa_testkit_result_at(kit, 0)->outcome, TFA_RESULT_UNKNOWN);
    assert_int_equal(tfa_testkit_misuse_count(kit), 0);
    tfa_testkit_free(kit);
}

/* ---- what is refused ---- */

static int32_t send_badly(
        struct probe *probe, struct tfa_call *call, tfa_val config, tfa_val other, tfa_val *ret)
{
    const struct tfa_aws_request good = rest(TFA_S("ListDetectors"), TFA_S("/detector"));
    struct tfa_aws_request bad[13];
    static const int32_t codes[13] = { TFA_E_POLICY, TFA_E_POLICY, TFA_E_POLICY, TFA_E_INVALID,
        TFA_E_INVALID, TFA_E_INVALID, TFA_E_INVALID, TFA_E_INVALID, TFA_E_INVALID,
        TFA_E_INVALID, TFA_E_INVALID, TFA_E_STALE, TFA_E_POLICY };
    const struct tfa_aws_request *two[] = { &good, &bad[0] };
    const struct tfa_aws_answer *answer = NULL;
    const struct tfa_aws_answer *const *answers = NULL;

    (void)config;
    (void)other;
    (void)ret;
    for (size_t i = 0; i < 13; i++) {
        bad[i] = good;
    }
    bad[0].operation = TFA_S("ListFilters"); /* not declared */
    bad[1].operation = TFA_S("DeleteDetector"); /* not reading */
    bad[2].target = TFA_S("nowhere");
    bad[3].protocol = 0;
    bad[4].method = TFA_S("");
    bad[5].path = TFA_S("/detector/{id}"); /* without path_parts */
    bad[6].body = B->list(call);
    bad[7].body = B->map(call);
    bad[7].body_text = TFA_S("{}");
    bad[8].protocol = TFA_AWS_JSON_1_1; /* without target_prefix */
    bad[9].protocol = TFA_AWS_QUERY; /* without version */
    bad[10].struct_size = 8;
    bad[11].query = 12345;
    bad[12].action = TFA_S("guardduty:UpdateDetector");
    for (size_t i = 0; i < 13; i++) {
        int32_t rc = A->send(call, &bad[i], &answer);
        if (rc != codes[i] || answer != NULL) {
            fail_msg("request %zu: %d, wanted %d", i, rc, codes[i]);
        }
    }
    assert_int_equal(A->send(call, NULL, &answer), TFA_E_INVALID);
    assert_int_equal(A->batch(call, two, 2, &answers), TFA_E_POLICY);
    assert_null(answers);
    return pass(probe, call);
}

static void test_refusals(void **state)
{
    struct probe probe = { .run = send_badly };
    struct tfa_testkit *kit = new_kit(&probe);

    (void)state;
    assert_int_equal(run(kit), TFA_OK);
    assert_int_equal(tfa_testkit_request_count(kit), 0);
    assert_int_equal(tfa_testkit_misuse_count(kit), 15);
    tfa_testkit_free(kit);
}

/* ---- from answer to outcome ---- */

static int32_t note_outcome(
        struct probe *probe, struct tfa_call *call, tfa_val config, tfa_val other, tfa_val *ret)
{
    const struct tfa_aws_request request = rest(TFA_S("ListDetectors"), TFA_S("/detector"));
    const struct tfa_aws_answer *answer = NULL;

    (void)config;
    (void)other;
    (void)ret;
    assert_int_equal(A->send(call, &request, &answer), TFA_OK);
    probe->kept = answer->outcome;
    assert_true(answer->outcome == TFA_AWS_SUCCESS || answer->summary.len > 0);
    return pass(probe, call);
}

static void test_outcomes(void **state)
{
    static const struct {
        uint32_t status;
        const char *error_code;
        const char *body;
        uint32_t outcome;
    } cases[] = {
        { 200, NULL, "{}", TFA_AWS_SUCCESS },
        { 200, NULL, "", TFA_AWS_SUCCESS },
        { 302, NULL, "{}", TFA_AWS_UNREADABLE },
        { 200, NULL, "<html>", TFA_AWS_UNREADABLE },
        { 200, NULL, "{\"a\":", TFA_AWS_UNREADABLE },
        { 403, "AccessDeniedException", "{}", TFA_AWS_DENIED },
        { 400, NULL, "{\"__type\":\"x#AccessDeniedException\"}", TFA_AWS_DENIED },
        { 401, "InvalidAccessException:http://x", "{}", TFA_AWS_ERROR },
        { 400, NULL, "{\"__type\":\"BadRequestException\"}", TFA_AWS_ERROR },
        { 400, NULL, "{\"Code\":\"BadRequestException\"}", TFA_AWS_ERROR },
        { 429, NULL, "{}", TFA_AWS_THROTTLED },
        { 400, "ThrottlingException", "{}", TFA_AWS_THROTTLED },
        { 400, "TooManyRequestsException", "{}", TFA_AWS_THROTTLED },
        { 500, NULL, "<html>", TFA_AWS_FAULT },
        { 503, NULL, "{}", TFA_AWS_FAULT },
        { 404, NULL, "<html>", TFA_AWS_UNREADABLE },
        { 404, NULL, "{}", TFA_AWS_ERROR },
        { 404, NULL, "[]", TFA_AWS_UNREADABLE },
        { 403, NULL, "{}", TFA_AWS_DENIED },
        { 403, NULL, "<html>", TFA_AWS_UNREADABLE },
        { 403, "SubscriptionRequiredException", "{}", TFA_AWS_ERROR },
        { 403, "ExpiredTokenException", "{}", TFA_AWS_NO_CREDENTIALS },
        { 500, "InternalServerErrorException", "{}", TFA_AWS_FAULT },
        { 404, "ResourceNotFoundException", "{}", TFA_AWS_ERROR },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct probe probe = { .run = note_outcome };
        struct tfa_testkit *kit = new_kit(&probe);
        struct tfa_testkit_answer answer = { .action = "guardduty:ListDetectors",
            .status = cases[i].status,
            .error_code = cases[i].error_code,
            .body = cases[i].body };
        tfa_testkit_aws_add(kit, &answer);
        assert_int_equal(run(kit), TFA_OK);
        if (probe.kept != cases[i].outcome) {
            fail_msg("case %zu: outcome %d", i, (int)probe.kept);
        }
        tfa_testkit_free(kit);
    }
}

static int32_t forced(
        struct probe *probe, struct tfa_call *call, tfa_val config, tfa_val other, tfa_val *ret)
{
    const struct tfa_aws_request request = rest(TFA_S("ListDetectors"), TFA_S("/detector"));
    const struct tfa_aws_answer *answer = NULL;

    (void)other;
    (void)ret;
    assert_int_equal(A->send(call, &request, &answer), TFA_OK);
    return tfa_result_no_answer(&probe->kit, call, config, answer);
}

static void test_forced_outcome_and_times(void **state)
{
    struct probe probe = { .run = forced };
    struct tfa_testkit *kit = new_kit(&probe);
    struct tfa_testkit_answer answer = { .action = "guardduty:ListDetectors",
        .outcome = TFA_AWS_NOT_THERE,
        .region = "eu-west-1",
        .path = "/detector",
        .times = 1 };

    (void)state;
    tfa_testkit_aws_add(kit, &answer);
    assert_int_equal(run(kit), TFA_OK);
    assert_int_equal(run(kit), TFA_OK);
    assert_int_equal(tfa_testkit_run_check(kit, "{id: PR-01, region: us-east-1}"), TFA_OK);
    assert_int_equal(tfa_testkit_result_at(kit, 0)->outcome, TFA_RESULT_SKIPPED);
    assert_int_equal(tfa_testkit_result_at(kit, 1)->outcome, TFA_RESULT_UNKNOWN);
    assert_int_equal(tfa_testkit_result_at(kit, 2)->outcome, TFA_RESULT_UNKNOWN);
    tfa_testkit_free(kit);
}

/* ---- many ---- */

static int32_t send_three(
        struct probe *probe, struct tfa_call *call, tfa_val config, tfa_val other, tfa_val *ret)
{
    struct tfa_aws_request requests[3];
    const struct tfa_aws_request *pointers[3];
    const struct tfa_aws_answer *const *answers = NULL;
    static const char *const regions[] = { "eu-west-1", "eu-north-1", "us-east-1" };

    (void)config;
    (void)other;
    (void)ret;
    for (size_t i = 0; i < 3; i++) {
        requests[i] = rest(TFA_S("ListDetectors"), TFA_S("/detector"));
        requests[i].region = tfa_str_of(regions[i]);
        pointers[i] = &requests[i];
    }
    assert_int_equal(A->batch(call, pointers, 3, &answers), TFA_OK);
    for (size_t i = 0; i < 3; i++) {
        assert_true(tfa_str_eq(answers[i]->region, tfa_str_of(regions[i])));
    }
    assert_int_equal(answers[0]->outcome, TFA_AWS_SUCCESS);
    assert_int_equal(answers[1]->outcome, TFA_AWS_FAULT);
    assert_int_equal(answers[2]->outcome, TFA_AWS_SUCCESS);
    assert_int_equal(A->batch(call, NULL, 0, &answers), TFA_OK);
    assert_int_equal(A->batch(call, NULL, 1, &answers), TFA_E_INVALID);
    assert_int_equal(A->batch(call, pointers, 1001, &answers), TFA_E_INVALID);
    return pass(probe, call);
}

static void test_batch(void **state)
{
    struct probe probe = { .run = send_three };
    struct tfa_testkit *kit = new_kit(&probe);
    struct tfa_testkit_answer fault = {
        .action = "guardduty:ListDetectors", .region = "eu-north-1", .status = 500
    };

    (void)state;
    tfa_testkit_aws_add(kit, &fault);
    tfa_testkit_aws(kit, "guardduty:ListDetectors", 200, "{}");
    assert_int_equal(run(kit), TFA_OK);
    assert_int_equal(tfa_testkit_request_count(kit), 3);
    tfa_testkit_free(kit);
}

static int32_t read_pages(
        struct probe *probe, struct tfa_call *call, tfa_val config, tfa_val other, tfa_val *ret)
{
    const struct tfa_aws_request request =
            rest(TFA_S("ListMembers"), TFA_S("/detector/x/member"));
    struct tfa_aws_pages pages = { .struct_size = sizeof(pages),
        .max_pages = 5,
        .items = TFA_S("/members"),
        .token_out = TFA_S("/nextToken"),
        .token_in = TFA_S("nextToken") };
    const struct tfa_aws_answer *answer = NULL;

    (void)config;
    (void)other;
    (void)ret;
    assert_int_equal(A->paginate(call, &request, &pages, &answer), TFA_OK);
    probe->kept = answer->pages * 100 + answer->complete * 10 + V->count(call, answer->items);
    return pass(probe, call);
}

static uint64_t pages_with(const struct tfa_testkit_answer *answers, size_t count)
{
    struct probe probe = { .run = read_pages };
    struct tfa_testkit *kit = new_kit(&probe);

    for (size_t i = 0; i < count; i++) {
        tfa_testkit_aws_add(kit, &answers[i]);
    }
    assert_int_equal(run(kit), TFA_OK);
    tfa_testkit_free(kit);
    return probe.kept;
}

#define LIST "guardduty:ListMembers"

static void test_pages(void **state)
{
    const struct tfa_testkit_answer three[] = {
        { .action = LIST,
                .contains = "\"nextToken\":\"t1\"",
                .body = "{\"members\":[3],\"nextToken\":\"t2\"}" },
        { .action = LIST,
                .contains = "\"nextToken\":\"t2\"",
                .body = "{\"members\":[4],\"nextToken\":\"\"}" },
        { .action = LIST, .body = "{\"members\":[1,2],\"nextToken\":\"t1\"}" },
    };
    const struct tfa_testkit_answer same = { .action = LIST,
        .body = "{\"members\":[1],\"nextToken\":\"t\"}" };
    const struct tfa_testkit_answer broken[] = {
        { .action = LIST, .contains = "t1", .status = 500 },
        { .action = LIST, .body = "{\"members\":[1,2],\"nextToken\":\"t1\"}" },
    };
    const struct tfa_testkit_answer single = { .action = LIST, .body = "{\"members\":[1]}" };

    (void)state;
    assert_int_equal(pages_with(three, 3), 314);
    assert_int_equal(pages_with(&single, 1), 111);
    /* A token that repeats ends the reading instead of looping. */
    assert_int_equal(pages_with(&same, 1), 202);
    /* A failing page: what was read so far, and not complete. */
    assert_int_equal(pages_with(broken, 2), 102);
    assert_int_equal(pages_with(NULL, 0), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_requests),
        cmocka_unit_test(test_refusals),
        cmocka_unit_test(test_outcomes),
        cmocka_unit_test(test_forced_outcome_and_times),
        cmocka_unit_test(test_batch),
        cmocka_unit_test(test_pages),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
