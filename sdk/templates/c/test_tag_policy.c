/* SPDX-License-Identifier: Apache-2.0 */
/* Unit test of the plugin on the mock host. Any test framework will do; this one needs none. */
#include <stdio.h>
#include <string.h>

#include <tf-atmos/testkit.h>

#include "tag-policy_manifest.h"

#define CHECK(condition) check((condition), __LINE__, #condition)

static int failures;

static void check(int holds, int line, const char *condition)
{
    if (!holds) {
        (void)fprintf(stderr, "%s:%d: %s\n", __FILE__, line, condition);
        failures++;
    }
}

static void test_owner(struct tfa_testkit *kit)
{
    const struct tfa_testkit_finding *finding;

    tfa_testkit_intent(kit, "cost_center: cc-1\nowner: nobody\n");
    CHECK(tfa_testkit_validate(kit) == TFA_OK);
    CHECK(tfa_testkit_finding_count(kit) == 1);
    finding = tfa_testkit_find(kit, TAG0001);
    CHECK(finding != NULL && finding->line == 2 && strcmp(finding->pointer, "/owner") == 0);
    CHECK(finding != NULL &&
            strcmp(finding->message, "the owner \"nobody\" is not an e-mail address") == 0);

    tfa_testkit_clear(kit);
    tfa_testkit_intent(kit, "owner: team@example.com\n");
    CHECK(tfa_testkit_validate(kit) == TFA_OK);
    CHECK(tfa_testkit_finding_count(kit) == 0);
}

static void test_variables(struct tfa_testkit *kit)
{
    tfa_testkit_intent(kit, "owner: team@example.com\n");
    CHECK(tfa_testkit_generate(kit) == TFA_OK);
    CHECK(strcmp(tfa_testkit_vars(kit), "{\"tags\":{\"Owner\":\"team@example.com\"}}") == 0);
}

static uint32_t outcome_with(struct tfa_testkit *kit, uint32_t status, const char *body)
{
    tfa_testkit_clear(kit);
    tfa_testkit_intent(kit, "owner: team@example.com\norganization: o-exampleorg1\n");
    tfa_testkit_aws(kit, "organizations:DescribeOrganization", status, body);
    CHECK(tfa_testkit_run_checks(kit) == TFA_OK);
    CHECK(tfa_testkit_result_count(kit) == 1);
    return tfa_testkit_result_at(kit, 0)->outcome;
}

static void test_organization(struct tfa_testkit *kit)
{
    CHECK(outcome_with(kit, 200, "{\"Organization\":{\"Id\":\"o-exampleorg1\"}}") ==
            TFA_RESULT_PASS);
    CHECK(outcome_with(kit, 200, "{\"Organization\":{\"Id\":\"o-otherorg1234\"}}") ==
            TFA_RESULT_FAIL);
    CHECK(outcome_with(kit, 400, "{\"__type\":\"AWSOrganizationsNotInUseException\"}") ==
            TFA_RESULT_FAIL);
    CHECK(outcome_with(kit, 403, "{\"__type\":\"AccessDeniedException\"}") ==
            TFA_RESULT_UNKNOWN);
    CHECK(outcome_with(kit, 200, "<html>") == TFA_RESULT_UNKNOWN);
}

/* Whatever service call fails: no crash, no half of a map, and never a PASS. */
static void test_failures(struct tfa_testkit *kit)
{
    uint64_t n = 0;

    tfa_testkit_clear(kit);
    tfa_testkit_intent(kit, "owner: team@example.com\norganization: o-exampleorg1\n");
    do {
        tfa_testkit_fail_call(kit, ++n, TFA_E_MEMORY);
        CHECK((tfa_testkit_generate(kit) == TFA_OK) == (n > tfa_testkit_calls(kit)));
    } while (n <= tfa_testkit_calls(kit));
    n = 0;
    do {
        tfa_testkit_clear(kit);
        tfa_testkit_aws(kit, "organizations:DescribeOrganization", 200,
                "{\"Organization\":{\"Id\":\"o-otherorg1234\"}}");
        tfa_testkit_fail_call(kit, ++n, TFA_E_MEMORY);
        (void)tfa_testkit_run_check(kit, "{id: TAG-01}");
        for (uint64_t i = 0; i < tfa_testkit_result_count(kit); i++) {
            CHECK(tfa_testkit_result_at(kit, i)->outcome != TFA_RESULT_PASS);
        }
    } while (n <= tfa_testkit_calls(kit));
    tfa_testkit_fail_call(kit, 0, 0);
    tfa_testkit_clear(kit);
}

int main(void)
{
    struct tfa_testkit *kit = tfa_testkit_new(tfa_plugin_main_v1(), TFA_TESTKIT_MANIFEST);

    test_owner(kit);
    test_variables(kit);
    test_organization(kit);
    test_failures(kit);
    CHECK(tfa_testkit_misuse_count(kit) == 0);
    for (uint64_t i = 0; i < tfa_testkit_misuse_count(kit); i++) {
        (void)fprintf(stderr, "misuse: %s\n", tfa_testkit_misuse(kit, i));
    }
    tfa_testkit_free(kit);
    return failures == 0 ? 0 : 1;
}
