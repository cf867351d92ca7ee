/* SPDX-License-Identifier: Apache-2.0 */
/* Files of the test kit: answers recorded and played again, golden files, and the glue for CMocka. */
#include <stdio.h>
#include <unistd.h>

#include <tf-atmos/testkit_cmocka.h>

#include "probe.h"

#define B (probe->kit.build)

static const char manifest[] = "tests/abi/probe.json";

static int32_t ask_twice(
        struct probe *probe, struct tfa_call *call, tfa_val config, tfa_val other, tfa_val *ret)
{
    struct tfa_aws_request request =
            tfa_aws_request_to(TFA_AWS_REST_JSON, TFA_S("guardduty"), TFA_S("ListDetectors"));
    const struct tfa_aws_answer *answer = NULL;
    uint32_t outcome = TFA_RESULT_UNKNOWN;

    (void)config;
    (void)other;
    (void)ret;
    request.method = TFA_S("GET");
    request.path = TFA_S("/detector");
    assert_int_equal(probe->kit.aws->send(call, &request, &answer), TFA_OK);
    request.query = B->map(call);
    (void)B->set(call, request.query, TFA_S("next"), B->string(call, TFA_S("2")));
    if (answer->outcome == TFA_AWS_SUCCESS) {
        assert_int_equal(probe->kit.aws->send(call, &request, &answer), TFA_OK);
        outcome = answer->outcome == TFA_AWS_UNREADABLE ? TFA_RESULT_PASS : TFA_RESULT_FAIL;
    }
    return tfa_result_report(&probe->kit, call, TFA_NONE, outcome, TFA_S("seen"),
            probe->kit.value->find(call, answer->body, TFA_S("/ids/0")), TFA_NONE);
}

static int32_t find_one(
        struct probe *probe, struct tfa_call *call, tfa_val config, tfa_val other, tfa_val *ret)
{
    tfa_val name = probe->kit.value->get(call, config, TFA_S("name"));

    (void)other;
    (void)ret;
    return tfa_report(&probe->kit, call, name, TFA_S("PR0002"), TFA_S("odd\nname"), TFA_S(""));
}

static int32_t make_one(
        struct probe *probe, struct tfa_call *call, tfa_val config, tfa_val other, tfa_val *ret)
{
    *ret = B->map(call);
    (void)other;
    return B->set(
            call, *ret, TFA_S("name"), probe->kit.value->get(call, config, TFA_S("name")));
}

/* What stands for AWS while recording: a list first, then something that is no JSON. */
static int32_t pretend(void *user, const struct tfa_testkit_request *request,
        struct tfa_testkit_answer *ret_answer)
{
    int *count = user;

    assert_string_equal(request->path, "/detector");
    ret_answer->body = ++*count == 1 ? "{\"ids\": [1.50, \"a\"]}" : "<html>";
    return 1;
}

static char folder[] = "/tmp/tfa-kit-XXXXXX";

static int make_folder(void **state)
{
    *state = mkdtemp(folder);
    return *state == NULL;
}

static int drop_folder(void **state)
{
    char path[64];

    (void)snprintf(path, sizeof(path), "%s/file", (const char *)*state);
    (void)unlink(path);
    return rmdir(*state);
}

static void test_recorded_answers_are_played_again(void **state)
{
    struct probe probe = { .run = ask_twice };
    struct tfa_testkit *kit = probe_kit(&probe, manifest);
    char path[64];
    int asked = 0;

    (void)snprintf(path, sizeof(path), "%s/file", (const char *)*state);
    tfa_testkit_aws_ask(kit, pretend, &asked);
    TFA_ASSERT_OK(tfa_testkit_run_check(kit, "{id: PR-01}"));
    TFA_ASSERT_RESULT(kit, "PR-01", TFA_RESULT_PASS);
    assert_int_equal(asked, 2);
    tfa_testkit_aws_save(kit, path);

    /* Nobody is asked any more, and the file says as much as AWS did. */
    for (int i = 0; i < 2; i++) {
        tfa_testkit_clear(kit);
        tfa_testkit_aws_ask(kit, NULL, NULL);
        tfa_testkit_aws_load(kit, path);
        TFA_ASSERT_OK(tfa_testkit_run_check(kit, "{id: PR-01}"));
        TFA_ASSERT_RESULT(kit, "PR-01", TFA_RESULT_PASS);
    }
    assert_int_equal(asked, 2);
    /* Each recorded answer serves once. */
    tfa_testkit_aws_load(kit, path);
    TFA_ASSERT_OK(tfa_testkit_run_check(kit, "{id: PR-01}"));
    TFA_ASSERT_OK(tfa_testkit_run_check(kit, "{id: PR-01}"));
    assert_int_equal(tfa_testkit_result_at(kit, 2)->outcome, TFA_RESULT_UNKNOWN);
    tfa_testkit_free(kit);
    assert_int_equal(unlink(path), 0);
}

static void test_who_is_asked_may_have_no_answer(void **state)
{
    struct probe probe = { .run = ask_twice };
    struct tfa_testkit *kit = probe_kit(&probe, manifest);

    (void)state;
    TFA_ASSERT_OK(tfa_testkit_run_check(kit, "{id: PR-01}"));
    TFA_ASSERT_RESULT(kit, "PR-01", TFA_RESULT_UNKNOWN);
    tfa_testkit_free(kit);
}

static void test_golden_file(void **state)
{
    struct probe probe = { .validate = find_one, .generate = make_one, .run = ask_twice };
    struct tfa_testkit *kit = probe_kit(&probe, manifest);
    char path[64];

    (void)snprintf(path, sizeof(path), "%s/file", (const char *)*state);
    tfa_testkit_intent(kit, "name: x\n");
    TFA_ASSERT_OK(tfa_testkit_generate(kit));
    TFA_ASSERT_VARS(kit, "{\"name\":\"x\"}");
    TFA_ASSERT_NO_FINDINGS(kit);
    TFA_ASSERT_OK(tfa_testkit_validate(kit));
    TFA_ASSERT_FINDING(kit, "PR0002", "/name");
    tfa_testkit_aws_load(kit, "tests/abi/answers.json");
    TFA_ASSERT_OK(tfa_testkit_run_check(kit, "{id: PR-01, region: eu-west-1}"));
    TFA_ASSERT_NO_MISUSE(kit);
    TFA_ASSERT_GOLDEN(kit, "tests/abi/report.golden");

    /* Taken over when told to; what differs is said. */
    assert_int_equal(setenv("TFA_UPDATE_GOLDEN", "1", 1), 0);
    assert_int_equal(tfa_testkit_golden(kit, path), 1);
    assert_int_equal(unsetenv("TFA_UPDATE_GOLDEN"), 0);
    assert_int_equal(tfa_testkit_golden(kit, path), 1);
    TFA_ASSERT_OK(tfa_testkit_validate(kit));
    assert_int_equal(tfa_testkit_golden(kit, path), 0);
    assert_false(tfa_has_finding(kit, "PR0002", "/other"));
    assert_false(tfa_has_result(kit, "PR-02", TFA_RESULT_PASS));
    tfa_testkit_free(kit);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_recorded_answers_are_played_again),
        cmocka_unit_test(test_who_is_asked_may_have_no_answer),
        cmocka_unit_test(test_golden_file),
    };

    return cmocka_run_group_tests(tests, make_folder, drop_folder);
}
