/* SPDX-License-Identifier: Apache-2.0 */
/* Generation: the variables of each role as a whole, single rules, and the same bytes each time. */
#include <locale.h>
#include <stdlib.h>
#include <unistd.h>

#include "guardduty_test.h"

#define FULL                                                                                   \
    ADMIN "regions: [eu-west-1, eu-central-1]\n"                                               \
          "members: new\n"                                                                     \
          "publish_every: 1h\n"                                                                \
          "existing_detectors: {eu-west-1: 12abc34d567e8fa901bc2d34e56789f0}\n"                \
          "protection:\n"                                                                      \
          "  s3: new\n"                                                                        \
          "  eks_audit: 'off'\n"                                                               \
          "  ai_analyst: 'on'\n"                                                               \
          "  runtime: {mode: all, agents: {fargate: new, ec2: 'off'}}\n"                       \
          "member_exceptions:\n"                                                               \
          "  - {account: '" MEMBER                                                             \
          "', protection: runtime, status: 'on', agents: {eks: 'off'},\n"                      \
          "     regions: [eu-central-1]}\n"                                                    \
          "export: {bucket_arn: 'arn:aws:s3:::org-findings/gd', kms_key_arn: 'arn:key'}\n"     \
          "s3_malware:\n"                                                                      \
          "  - {bucket: uploads, region: eu-central-1, prefixes: [in/], tag_objects: false}\n" \
          "suppress:\n"                                                                        \
          "  - name: scanner\n"                                                                \
          "    rank: 7\n"                                                                      \
          "    description: ours\n"                                                            \
          "    regions: [eu-west-1]\n"                                                         \
          "    when:\n"                                                                        \
          "      type: ['Recon:EC2/Portscan']\n"                                               \
          "      severity: {greater_than_or_equal: 2, less_than: 7}\n"                         \
          "      accountId: {not_equals: ['" MEMBER "']}\n"                                    \
          "trusted_ip_lists: [{name: office, location: 's3://lists/office', entries: 10}]\n"   \
          "threat_lists: [{name: bad, location: 's3://lists/bad', format: STIX, activate: "    \
          "false}]\n"                                                                          \
          "notify: {severity_at_least: 4, subscribers: {soc: {protocol: email, endpoint: "     \
          "a@b.c}}}\n"                                                                         \
          "coverage_minimum_percent: 90\n"                                                     \
          "wait_minutes: 5\n"

#define FULL_VARS                                                                              \
    "{\"account_role\":\"delegated_administrator\",\"auto_enable_organization_members\":"      \
    "\"NEW\","                                                                                 \
    "\"delegated_administrator_account_id\":\"222233334444\","                                 \
    "\"existing_detector_ids\":{\"eu-west-1\":\"12abc34d567e8fa901bc2d34e56789f0\"},"          \
    "\"export\":{\"bucket_arn\":\"arn:aws:s3:::org-findings\",\"kms_key_arn\":\"arn:key\","    \
    "\"prefix\":\"gd\"},"                                                                      \
    "\"features\":{"                                                                           \
    "\"AI_ANALYST\":{\"auto_enable\":\"NONE\",\"status\":\"ENABLED\"},"                        \
    "\"AI_PROTECTION\":{\"auto_enable\":\"NONE\",\"status\":\"DISABLED\"},"                    \
    "\"EBS_MALWARE_PROTECTION\":{\"auto_enable\":\"ALL\",\"status\":\"ENABLED\"},"             \
    "\"EKS_AUDIT_LOGS\":{\"auto_enable\":\"NONE\",\"status\":\"DISABLED\"},"                   \
    "\"LAMBDA_NETWORK_LOGS\":{\"auto_enable\":\"ALL\",\"status\":\"ENABLED\"},"                \
    "\"RDS_LOGIN_EVENTS\":{\"auto_enable\":\"ALL\",\"status\":\"ENABLED\"},"                   \
    "\"RUNTIME_MONITORING\":{\"additional\":{"                                                 \
    "\"EC2_AGENT_MANAGEMENT\":{\"auto_enable\":\"NONE\",\"status\":\"DISABLED\"},"             \
    "\"ECS_FARGATE_AGENT_MANAGEMENT\":{\"auto_enable\":\"NEW\",\"status\":\"ENABLED\"},"       \
    "\"EKS_ADDON_MANAGEMENT\":{\"auto_enable\":\"ALL\",\"status\":\"ENABLED\"}},"              \
    "\"auto_enable\":\"ALL\",\"status\":\"ENABLED\"},"                                         \
    "\"S3_DATA_EVENTS\":{\"auto_enable\":\"NEW\",\"status\":\"ENABLED\"}},"                    \
    "\"filters\":{\"scanner\":{\"action\":\"ARCHIVE\",\"criteria\":{"                          \
    "\"accountId\":{\"not_equals\":[\"333344445555\"]},"                                       \
    "\"severity\":{\"greater_than_or_equal\":\"2\",\"less_than\":\"7\"},"                      \
    "\"type\":{\"equals\":[\"Recon:EC2/Portscan\"]}},"                                         \
    "\"description\":\"ours\",\"rank\":7,\"regions\":[\"eu-west-1\"]}},"                       \
    "\"finding_publishing_frequency\":\"ONE_HOUR\","                                           \
    "\"member_features\":{\"333344445555/eu-central-1/"                                        \
    "runtime\":{\"account_id\":\"333344445555\","                                              \
    "\"additional\":{\"EC2_AGENT_MANAGEMENT\":\"ENABLED\",\"ECS_FARGATE_AGENT_MANAGEMENT\":"   \
    "\"ENABLED\",\"EKS_ADDON_MANAGEMENT\":\"DISABLED\"},\"name\":\"RUNTIME_MONITORING\","      \
    "\"region\":\"eu-central-1\",\"status\":\"ENABLED\"}},"                                    \
    "\"notify\":{\"severity_at_least\":4,\"subscribers\":{\"soc\":{\"endpoint\":\"a@b.c\","    \
    "\"protocol\":\"email\"}}},"                                                               \
    "\"regions\":[\"eu-west-1\",\"eu-central-1\"],"                                            \
    "\"s3_malware\":{\"uploads\":{\"bucket\":\"uploads\",\"prefixes\":[\"in/\"],"              \
    "\"region\":\"eu-central-1\",\"tag_objects\":false}},"                                     \
    "\"threat_lists\":{\"bad\":{\"activate\":false,\"format\":\"STIX\","                       \
    "\"location\":\"s3://lists/bad\"}},"                                                       \
    "\"trusted_ip_lists\":{\"office\":{\"location\":\"s3://lists/office\"}}}"

static void assert_vars(const char *intent, const char *context, const char *want)
{
    struct tfa_testkit *kit = kit_new(intent, context);
    assert_int_equal(tfa_testkit_generate(kit), TFA_OK);
    assert_string_equal(tfa_testkit_vars(kit), want);
    kit_free(kit);
}

static void assert_var(
        const char *intent, const char *context, const char *pointer, const char *want)
{
    struct tfa_testkit *kit = kit_new(intent, context);
    assert_int_equal(tfa_testkit_generate(kit), TFA_OK);
    const char *got = tfa_testkit_var(kit, pointer);
    if (want == NULL) {
        assert_null(got);
    } else {
        assert_non_null(got);
        assert_string_equal(got, want);
    }
    kit_free(kit);
}

static void test_administrator(void **state)
{
    (void)state;
    assert_vars(FULL, CONTEXT_SECURITY, FULL_VARS);
}

static void test_other_roles(void **state)
{
    (void)state;
    assert_vars(ADMIN "role: management\nmanage_service_access: false\n", CONTEXT_ALONE,
            "{\"account_role\":\"management\",\"delegated_administrator_account_id\":"
            "\"222233334444\","
            "\"manage_service_access\":false,\"regions\":[\"eu-west-1\"],\"s3_malware\":{}}");
    assert_vars(ADMIN "s3_malware: [{bucket: b}]\n", CONTEXT_MEMBER,
            "{\"account_role\":\"member\",\"delegated_administrator_account_id\":"
            "\"222233334444\","
            "\"regions\":[\"eu-west-1\"],\"s3_malware\":{\"b\":{\"bucket\":\"b\",\"region\":"
            "\"eu-west-1\"}}}");
    /* A standalone account has its own detector and nothing of an organization. */
    assert_var("{}", CONTEXT_ALONE, "/account_role", "\"standalone\"");
    assert_var("{}", CONTEXT_ALONE, "/features/S3_DATA_EVENTS",
            "{\"auto_enable\":\"NONE\",\"status\":\"ENABLED\"}");
    assert_var("{}", CONTEXT_ALONE, "/auto_enable_organization_members", NULL);
    assert_var("{}", CONTEXT_ALONE, "/member_features", NULL);
}

static void test_single_rules(void **state)
{
    (void)state;
    /* Of the two runtime features only the one that counts. */
    assert_var("protection: {eks_runtime: all}", CONTEXT_ALONE, "/features/RUNTIME_MONITORING",
            NULL);
    assert_var("protection: {eks_runtime: all}", CONTEXT_ALONE,
            "/features/EKS_RUNTIME_MONITORING",
            "{\"additional\":{\"EKS_ADDON_MANAGEMENT\":{\"auto_enable\":\"NONE\",\"status\":"
            "\"ENABLED\"}},\"auto_enable\":\"NONE\",\"status\":\"ENABLED\"}");
    assert_var("protection: {runtime: 'off'}", CONTEXT_ALONE,
            "/features/RUNTIME_MONITORING/status", "\"DISABLED\"");
    assert_var("protection: {runtime: 'off'}", CONTEXT_ALONE,
            "/features/RUNTIME_MONITORING/additional/EC2_AGENT_MANAGEMENT/status",
            "\"DISABLED\"");
    /* The home Region is the user's, else the first governed one. */
    assert_var("regions: [us-east-1, us-west-2]", CONTEXT_ALONE, "/region", NULL);
    assert_var("regions: [us-east-1, us-west-2]", "vars: {}", "/region", "\"us-east-1\"");
    assert_var("publish_every: 6h", CONTEXT_ALONE, "/finding_publishing_frequency",
            "\"SIX_HOURS\"");
    assert_var("{}", CONTEXT_ALONE, "/finding_publishing_frequency", "\"FIFTEEN_MINUTES\"");
    assert_var("export: {create: true, bucket_name: b, prefix: p}", CONTEXT_ALONE, "/export",
            "{\"bucket_name\":\"b\",\"create\":true,\"prefix\":\"p\"}");
    assert_var("{}", CONTEXT_ALONE, "/export", NULL);
    assert_var("suppress: [{name: abc, rank: 1, action: noop, when: {type: [x]}}]",
            CONTEXT_ALONE, "/filters/abc/action", "\"NOOP\"");
    /* Numbers in lists become texts, account ids keep their zeros. */
    assert_var("suppress: [{name: abc, rank: 1, when: {port: [22, '0080']}}]", CONTEXT_ALONE,
            "/filters/abc/criteria/port/equals", "[\"22\",\"0080\"]");
}

/* The same input gives the same bytes, whatever surrounds the process. */
static void test_determinism(void **state)
{
    (void)state;
    static const char *const locales[] = { "C", "C.UTF-8", "POSIX" };
    for (int i = 0; i < 100; i++) {
        char number[20];
        (void)snprintf(number, sizeof(number), "UTC%d", i % 12);
        assert_int_equal(setenv("TZ", number, 1), 0);
        assert_int_equal(setenv("AWS_REGION", number, 1), 0);
        (void)setlocale(LC_ALL, locales[i % 3]);
        assert_vars(FULL, CONTEXT_SECURITY, FULL_VARS);
    }
    assert_int_equal(unsetenv("TZ"), 0);
    assert_int_equal(unsetenv("AWS_REGION"), 0);
}

/* When a service fails, nothing half-made comes out. */
static void test_failing_services(void **state)
{
    (void)state;
    struct tfa_testkit *kit = kit_new(FULL, CONTEXT_SECURITY);
    assert_int_equal(tfa_testkit_generate(kit), TFA_OK);
    uint64_t calls = tfa_testkit_calls(kit);
    for (uint64_t n = 1; n <= calls; n += 1 + n / 20) {
        tfa_testkit_clear(kit);
        tfa_testkit_fail_call(kit, n, TFA_E_MEMORY);
        int32_t code = tfa_testkit_generate(kit);
        assert_int_equal(code == TFA_OK, tfa_testkit_vars(kit)[0] != '\0');
    }
    tfa_testkit_free(kit);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_administrator),
        cmocka_unit_test(test_other_roles),
        cmocka_unit_test(test_single_rules),
        cmocka_unit_test(test_determinism),
        cmocka_unit_test(test_failing_services),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
