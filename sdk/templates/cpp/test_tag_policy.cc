/* SPDX-License-Identifier: Apache-2.0 */
/* Unit test of the plugin on the mock host. Any test framework will do; this one needs none. */
#include <cstdio>
#include <string>

#include <tf-atmos/testkit.h>

#include "tag-policy_manifest.h"

#define CHECK(condition) check((condition), __LINE__, #condition)

namespace
{

int failures;

void check(bool holds, int line, const char *condition)
{
    if (!holds) {
        (void)std::fprintf(stderr, "%s:%d: %s\n", __FILE__, line, condition);
        failures++;
    }
}

const char *const intent = "owner: team@example.com\norganization: o-exampleorg1\n";

void test_owner(tfa_testkit *kit)
{
    tfa_testkit_intent(kit, "cost_center: cc-1\nowner: nobody\n");
    CHECK(tfa_testkit_validate(kit) == TFA_OK);
    CHECK(tfa_testkit_finding_count(kit) == 1);
    const tfa_testkit_finding *finding = tfa_testkit_find(kit, TAG0001);
    CHECK(finding != nullptr && finding->line == 2);
    CHECK(finding != nullptr && std::string("/owner") == finding->pointer);
    CHECK(finding != nullptr &&
            std::string("the owner \"nobody\" is not an e-mail address") == finding->message);

    tfa_testkit_clear(kit);
    tfa_testkit_intent(kit, intent);
    CHECK(tfa_testkit_validate(kit) == TFA_OK);
    CHECK(tfa_testkit_finding_count(kit) == 0);
}

void test_variables(tfa_testkit *kit)
{
    tfa_testkit_intent(kit, "owner: team@example.com\n");
    CHECK(tfa_testkit_generate(kit) == TFA_OK);
    CHECK(std::string("{\"tags\":{\"Owner\":\"team@example.com\"}}") == tfa_testkit_vars(kit));
}

std::uint32_t outcome_with(tfa_testkit *kit, std::uint32_t status, const char *body)
{
    tfa_testkit_clear(kit);
    tfa_testkit_intent(kit, intent);
    tfa_testkit_aws(kit, "organizations:DescribeOrganization", status, body);
    CHECK(tfa_testkit_run_checks(kit) == TFA_OK);
    CHECK(tfa_testkit_result_count(kit) == 1);
    return tfa_testkit_result_at(kit, 0)->outcome;
}

void test_organization(tfa_testkit *kit)
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
void test_failures(tfa_testkit *kit)
{
    tfa_testkit_clear(kit);
    tfa_testkit_intent(kit, intent);
    std::uint64_t n = 0;
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
        for (std::uint64_t i = 0; i < tfa_testkit_result_count(kit); i++) {
            CHECK(tfa_testkit_result_at(kit, i)->outcome != TFA_RESULT_PASS);
        }
    } while (n <= tfa_testkit_calls(kit));
    tfa_testkit_fail_call(kit, 0, 0);
    tfa_testkit_clear(kit);
}

} // namespace

int main()
{
    tfa_testkit *kit = tfa_testkit_new(tfa_plugin_main_v1(), TFA_TESTKIT_MANIFEST);

    test_owner(kit);
    test_variables(kit);
    test_organization(kit);
    test_failures(kit);
    CHECK(tfa_testkit_misuse_count(kit) == 0);
    for (std::uint64_t i = 0; i < tfa_testkit_misuse_count(kit); i++) {
        (void)std::fprintf(stderr, "misuse: %s\n", tfa_testkit_misuse(kit, i));
    }
    tfa_testkit_free(kit);
    return failures == 0 ? 0 : 1;
}
