/* SPDX-License-Identifier: Apache-2.0 */
/* Validation: every code once where it must speak, with its line, and beside it where it must not. */
#include "guardduty_test.h"

struct a_case {
    const char *intent;
    const char *context; /* NULL: the security account */
    const char *want; /* codes with lines, in order */
};

#define RULE(more) ADMIN "suppress:\n  - name: scanner\n    rank: 1\n" more
#define TYPE       "    when: {type: ['Recon:EC2/Portscan']}\n"
#define TWO        "regions: [eu-west-1, eu-central-1]\n"

static const struct a_case cases[] = {
    /* place in the organization */
    { "{}", CONTEXT_ALONE, "" },
    { ADMIN, NULL, "" },
    { ADMIN, CONTEXT_MEMBER, "" },
    { ADMIN, CONTEXT_ALONE, "GD0001:1" },
    { ADMIN "role: member\n", CONTEXT_ALONE, "" },
    { ADMIN "account_id: '" SECURITY "'\n", CONTEXT_ALONE, "" },
    { ADMIN, "{vars: {region: eu-west-1}, aws: {account_id: '" SECURITY "'}}", "" },
    { "delegated_admin_account: !unknown\n", CONTEXT_ALONE, "" },
    { "role: member\n", CONTEXT_ALONE, "GD0002:1" },
    { "role: delegated_administrator\n", CONTEXT_ALONE, "GD0002:1" },
    { "management_account: '" MANAGEMENT "'\n", CONTEXT_ALONE, "GD0001:1 GD0002:1" },
    { ADMIN "role: delegated_administrator\n", CONTEXT_MEMBER, "GD0003:2" },
    { ADMIN "role: member\n", NULL, "GD0003:2" },
    { ADMIN "role: management\n", NULL, "GD0003:2" },
    { ADMIN "role: management\nmanagement_account: '" MANAGEMENT "'\n", CONTEXT_MEMBER,
            "GD0003:2" },
    { ADMIN "role: management\nmanagement_account: '" MEMBER "'\n", CONTEXT_MEMBER, "" },
    { ADMIN "management_account: '" SECURITY "'\n", NULL, "GD0004:1" },
    { ADMIN "management_account: '" MANAGEMENT "'\n", NULL, "" },

    /* Regions */
    { "{}", "vars: {}", "GD0005:1" },
    { "regions: [eu-west-1]\n", "vars: {}", "" },
    { "{}", "aws: {region: eu-west-1}", "" },
    { "{}", "vars:\n  region: !unknown\n", "" },
    { "regions:\n  - eu-west-1\n  - cn-north-1\n", "vars: {}", "GD0006:3" },
    { "regions: [us-gov-west-1, us-gov-east-1]\n", "vars: {}", "" },
    { "existing_detectors:\n  us-east-1: 12abc34d567e8fa901bc2d34e56789f0\n", CONTEXT_ALONE,
            "GD0007:2" },
    { "existing_detectors:\n  eu-west-1: 12abc34d567e8fa901bc2d34e56789f0\n", CONTEXT_ALONE,
            "" },
    { RULE("    regions: [us-east-1]\n" TYPE), NULL, "GD0007:5" },

    /* protection */
    { "protection:\n  runtime: all\n  eks_runtime: all\n", CONTEXT_ALONE, "GD0010:3" },
    { "protection:\n  runtime: 'off'\n  eks_runtime: all\n", CONTEXT_ALONE, "GD0011:3" },
    { "protection:\n  eks_runtime: all\n", CONTEXT_ALONE, "GD0011:2" },
    { "protection:\n  runtime: all\n  eks_runtime: 'off'\n", CONTEXT_ALONE, "" },
    { "protection:\n  runtime:\n    mode: 'off'\n    agents: {eks: all}\n", CONTEXT_ALONE,
            "GD0012:4" },
    { "protection:\n  runtime:\n    mode: 'off'\n    agents: {eks: 'off'}\n", CONTEXT_ALONE,
            "" },
    { "protection:\n  runtime:\n    mode: new\n    agents: {ec2: all}\n", CONTEXT_ALONE,
            "GD0013:4" },
    { "protection:\n  runtime:\n    mode: new\n    agents: {ec2: new}\n", CONTEXT_ALONE, "" },
    { "protection:\n  runtime:\n    mode: !unknown\n    agents: {ec2: all}\n", CONTEXT_ALONE,
            "" },
    { "protection:\n  runtime:\n    mode: all\n    agents: {eks: 'off', fargate: 'off', ec2: "
      "'off'}\n",
            CONTEXT_ALONE, "GD0014:4" },
    { "protection:\n  runtime:\n    mode: all\n    agents: {eks: 'off', fargate: 'off'}\n",
            CONTEXT_ALONE, "" },
    { "protection:\n  eks_runtime: {mode: all,\n    agents: {ec2: all}}\n", CONTEXT_ALONE,
            "GD0011:2 GD0015:3" },
    { "protection:\n  ai_analyst: all\n", CONTEXT_ALONE, "GD0016:2" },
    { "protection:\n  ai_analyst: new\n", CONTEXT_ALONE, "GD0016:2" },
    { "protection:\n  ai_analyst: 'on'\n", CONTEXT_ALONE, "" },
    { ADMIN "members: none\n", NULL, "GD0017:2" },
    { ADMIN "members: new\n", NULL, "" },
    { "members: none\n", CONTEXT_ALONE, "" },

    /* export and notification */
    { "export:\n  bucket_arn: 'arn:aws:s3:::b'\n", CONTEXT_ALONE, "GD0020:1" },
    { "export:\n  kms_key_arn: 'arn:aws:kms:eu-west-1:" SECURITY ":key/1'\n", CONTEXT_ALONE,
            "GD0021:1" },
    { "export:\n  create: true\n", CONTEXT_ALONE, "" },
    { "export:\n  bucket_arn: 'arn:aws:s3:::b/x'\n  kms_key_arn: "
      "'arn:aws:kms:eu-west-1:" SECURITY ":key/1'\n",
            CONTEXT_ALONE, "" },
    { "export:\n  bucket_arn: !unknown\n  kms_key_arn: !unknown\n", CONTEXT_ALONE, "" },
    { "export:\n  bucket_arn: 'arn:aws-cn:s3:::b'\n  kms_key_arn: "
      "'arn:aws-cn:kms:cn-north-1:" SECURITY ":key/1'\n",
            CONTEXT_ALONE, "GD0022:2 GD0022:3" },
    { "regions: [cn-north-1]\nexport:\n  bucket_arn: 'arn:aws-cn:s3:::b'\n  kms_key_arn: "
      "'arn:aws-cn:kms:cn-north-1:" SECURITY ":key/1'\n",
            CONTEXT_ALONE, "" },
    { "export:\n  create: true\n  bucket_arn: 'arn:aws:s3:::b'\n", CONTEXT_ALONE, "GD0023:3" },
    { "export:\n  bucket_arn: 'arn:aws:s3:::b/x'\n  prefix: y\n  kms_key_arn: "
      "'arn:aws:kms:eu-west-1:" SECURITY ":key/1'\n",
            CONTEXT_ALONE, "GD0024:3" },
    { "export:\n  create: true\n  kms_key_arn: 'arn:aws:kms:us-east-1:" SECURITY ":key/1'\n",
            CONTEXT_ALONE, "GD0025:3" },
    { "export:\n  create: true\n  kms_key_arn: 'arn:aws:kms:eu-west-1:" SECURITY ":key/1'\n",
            CONTEXT_ALONE, "" },
    { "notify:\n  severity_at_least: 4\n", CONTEXT_ALONE, "GD0071:1" },
    { "notify:\n  subscribers: {soc: {protocol: email, endpoint: soc@example.com}}\n",
            CONTEXT_ALONE, "" },
    { "notify:\n  sns_topic_arn: 'arn:aws:sns:eu-west-1:" SECURITY ":soc'\n", CONTEXT_ALONE,
            "" },
    { "notify:\n  sns_topic_arn: 'arn:aws-us-gov:sns:us-gov-west-1:" SECURITY ":soc'\n",
            CONTEXT_ALONE, "GD0022:2" },
    { "protection: {runtime: 'off'}\ncoverage_minimum_percent: 90\n", CONTEXT_ALONE,
            "GD0070:2" },
    { "coverage_minimum_percent: 90\n", CONTEXT_ALONE, "" },

    /* suppression rules */
    { RULE(TYPE), NULL, "" },
    { ADMIN "suppress:\n  - name: ab\n    rank: 1\n" TYPE, NULL, "GD0030:3" },
    { ADMIN "suppress:\n  - name: 'a b c'\n    rank: 1\n" TYPE, NULL, "GD0030:3" },
    { ADMIN "suppress:\n  - name: "
            "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\n"
            "    rank: 1\n" TYPE,
            NULL, "GD0030:3" },
    { ADMIN "suppress:\n  - name: scanner\n    rank: 0\n" TYPE, NULL, "GD0031:4" },
    { ADMIN "suppress:\n  - name: scanner\n    rank: 101\n" TYPE, NULL, "GD0031:4" },
    { ADMIN "suppress:\n  - name: scanner\n    rank: 100\n" TYPE, NULL, "" },
    { RULE(TYPE) "  - name: other\n    rank: 1\n" TYPE, NULL, "GD0032:7" },
    { RULE(TYPE) "  - name: other\n    rank: 2\n" TYPE, NULL, "" },
    { TWO RULE("    regions: [eu-west-1]\n" TYPE) "  - name: other\n    rank: 1\n"
                                                  "    regions: [eu-central-1]\n" TYPE,
            NULL, "" },
    { RULE("    when: {severity: [4, 5, 6]}\n"), NULL, "GD0034:5" },
    { RULE("    when:\n      severity: {equals: [4]}\n"), NULL, "GD0034:6" },
    { RULE("    when:\n      severity: {less_than: 8}\n"), NULL, "GD0035:6" },
    { RULE("    when:\n      severity: {less_than_or_equal: 7}\n"), NULL, "GD0035:6" },
    { RULE("    when:\n      severity: {greater_than_or_equal: 4}\n"), NULL, "GD0035:6" },
    { RULE("    when:\n      accountId: ['" MEMBER "']\n"), NULL, "GD0035:5" },
    { RULE("    when:\n      accountId: ['" MEMBER "']\n    allow_high: true\n"), NULL, "" },
    { RULE("    when:\n      accountId: ['" MEMBER "']\n    action: noop\n"), NULL, "" },
    { RULE("    when:\n      severity: {less_than: 7}\n"), NULL, "" },
    { RULE("    when:\n      type: {not_equals: ['Recon:EC2/Portscan']}\n"), NULL, "GD0035:5" },
    { RULE("    when: !unknown\n"), NULL, "" },
    { RULE(TYPE) "  - name: scanner\n    rank: 2\n" TYPE, NULL, "GD0036:6" },
    { RULE("    when:\n      severity: {greater_than: 4, less_than: 5}\n"), NULL, "GD0037:6" },
    { RULE("    when:\n      severity: {greater_than: 3, less_than: 5}\n"), NULL, "" },
    { RULE("    when: {}\n"), NULL, "GD0038:5" },
    { RULE("    when:\n      severity: {less_than: 4, less_than_or_equal: 5}\n"), NULL,
            "GD0039:6" },
    { RULE("    when:\n      updatedAt: {equals: ['1'], less_than: 5}\n      type: [a]\n"),
            NULL, "GD0039:6" },

    /* address lists */
    { "trusted_ip_lists:\n  - {name: a, location: 's3://b/a'}\n  - {name: b, location: "
      "'s3://b/b'}\n",
            CONTEXT_ALONE, "GD0040:3" },
    { "trusted_ip_lists:\n  - {name: a, location: 's3://b/a'}\n"
      "  - {name: b, location: 's3://b/b', activate: false}\n",
            CONTEXT_ALONE, "" },
    { TWO "trusted_ip_lists:\n  - {name: a, location: 's3://b/a', regions: [eu-west-1]}\n"
          "  - {name: b, location: 's3://b/b', regions: [eu-central-1]}\n",
            CONTEXT_ALONE, "" },
    { "trusted_ip_lists:\n  - {name: a, location: 's3://b/a', entries: 2001}\n", CONTEXT_ALONE,
            "GD0041:2" },
    { "trusted_ip_lists:\n  - {name: a, location: 's3://b/a', entries: 2000}\n", CONTEXT_ALONE,
            "" },
    { "threat_lists:\n  - {name: a, location: 's3://b/a', entries: 250001}\n", CONTEXT_ALONE,
            "GD0042:2" },
    { "threat_lists:\n  - {name: a, location: 's3://b/a', entries: 250000}\n", CONTEXT_ALONE,
            "" },
    { "threat_lists:\n  - {name: a, location: s}\n  - {name: b, location: s}\n  - {name: c, "
      "location: s}\n"
      "  - {name: d, location: s}\n  - {name: e, location: s}\n  - {name: f, location: s}\n",
            CONTEXT_ALONE, "" },
    { "threat_lists:\n  - {name: a, location: s}\n  - {name: b, location: s}\n  - {name: c, "
      "location: s}\n"
      "  - {name: d, location: s}\n  - {name: e, location: s}\n  - {name: f, location: s}\n"
      "  - {name: g, location: s}\n",
            CONTEXT_ALONE, "GD0043:8" },
    { "threat_lists:\n  - {name: a, location: 's3://b/a'}\n  - {name: a, location: "
      "'s3://b/b'}\n",
            CONTEXT_ALONE, "GD0044:3" },
    { "threat_lists:\n  - {name: a, location: s,\n     regions: [us-east-1]}\n", CONTEXT_ALONE,
            "GD0007:3" },

    /* malware protection */
    { "s3_malware:\n  - bucket: b\n    prefixes: [a, b, c, d, e]\n", CONTEXT_ALONE, "" },
    { "s3_malware:\n  - bucket: b\n    prefixes: [a, b, c, d, e, f]\n", CONTEXT_ALONE,
            "GD0050:3" },
    { "s3_malware:\n  - bucket: b\n  - bucket: b\n", CONTEXT_ALONE, "GD0051:3" },
    { "s3_malware:\n  - bucket: b\n    region: us-east-1\n", CONTEXT_ALONE, "GD0052:3" },
    { TWO "s3_malware:\n  - bucket: b\n", CONTEXT_ALONE, "GD0054:3" },
    { TWO "s3_malware:\n  - bucket: b\n    region: eu-central-1\n", CONTEXT_ALONE, "" },
    { "s3_malware:\n  - bucket: b\n    role_arn: 'arn:aws-cn:iam::" SECURITY ":role/x'\n",
            CONTEXT_ALONE, "GD0022:3" },

    /* member exceptions */
    { ADMIN "member_exceptions:\n  - {account: '" MEMBER "', protection: s3, status: 'off'}\n",
            NULL, "" },
    { ADMIN "member_exceptions:\n  - {account: '" SECURITY
            "', protection: s3, status: 'off'}\n",
            NULL, "GD0060:3" },
    { ADMIN "member_exceptions:\n  - {account: '" MEMBER
            "', protection: ai_analyst, status: 'off'}\n",
            NULL, "GD0016:3" },
    { ADMIN "member_exceptions:\n  - {account: '" MEMBER "', protection: s3, status: 'off'}\n"
            "  - {account: '" MEMBER "', protection: s3, status: 'on'}\n",
            NULL, "GD0061:4" },
    { ADMIN "member_exceptions:\n  - {account: '" MEMBER "', protection: s3, status: 'off'}\n"
            "  - {account: '" MEMBER "', protection: runtime, status: 'off'}\n",
            NULL, "" },
    { ADMIN "member_exceptions:\n  - {account: '" MEMBER
            "', protection: s3, status: 'off', agents: {eks: "
            "'on'}}\n",
            NULL, "GD0062:3" },
    { ADMIN "member_exceptions:\n  - {account: '" MEMBER
            "', protection: runtime, status: 'off', agents: "
            "{eks: 'on'}}\n",
            NULL, "GD0012:3" },
    { ADMIN "member_exceptions:\n  - {account: '" MEMBER
            "', protection: eks_runtime, status: 'on', agents: "
            "{ec2: 'on'}}\n",
            NULL, "GD0015:3" },
    { ADMIN "member_exceptions:\n  - {account: '" MEMBER "', protection: s3, status: 'off',\n"
            "     regions: [us-east-1]}\n",
            NULL, "GD0007:4" },
};

static void test_every_case(void **state)
{
    (void)state;
    unsigned wrong = 0;
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        const char *context = cases[i].context == NULL ? CONTEXT_SECURITY : cases[i].context;
        struct tfa_testkit *kit = kit_new(cases[i].intent, context);
        char line[1000];
        assert_int_equal(tfa_testkit_validate(kit), TFA_OK);
        if (strcmp(findings_line(kit, line, sizeof(line)), cases[i].want) != 0) {
            print_error("case %zu found \"%s\", wanted \"%s\" in\n%s\n", i, line, cases[i].want,
                    cases[i].intent);
            wrong++;
        }
        kit_free(kit);
    }
    assert_int_equal(wrong, 0);
}

/* Every finding says what is wrong, what to do, and where to read on. */
static void test_findings_are_complete(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        const char *context = cases[i].context == NULL ? CONTEXT_SECURITY : cases[i].context;
        struct tfa_testkit *kit = kit_new(cases[i].intent, context);
        assert_int_equal(tfa_testkit_validate(kit), TFA_OK);
        for (uint64_t f = 0; f < tfa_testkit_finding_count(kit); f++) {
            const struct tfa_testkit_finding *finding = tfa_testkit_finding_at(kit, f);
            size_t length = strlen(finding->message);
            assert_true(length > 10);
            assert_true(finding->message[length - 1] != '.');
            assert_true(strlen(finding->remediation) > 5);
            assert_non_null(strstr(finding->doc_url, "https://"));
        }
        kit_free(kit);
    }
}

/* 101 rules with one condition each; the 101st is too many, and its rank is too high as well. */
static void test_too_many_rules(void **state)
{
    (void)state;
    static char intent[20000];
    size_t used = (size_t)snprintf(intent, sizeof(intent), "suppress:\n");
    for (unsigned i = 1; i <= 101; i++) {
        used += (size_t)snprintf(intent + used, sizeof(intent) - used,
                "  - {name: rule%u, rank: %u, when: {type: [a]}}\n", i, i);
    }
    struct tfa_testkit *kit = kit_new(intent, CONTEXT_ALONE);
    char line[1000];
    assert_int_equal(tfa_testkit_validate(kit), TFA_OK);
    assert_string_equal(findings_line(kit, line, sizeof(line)), "GD0033:102 GD0031:102");
    kit_free(kit);
}

static void test_many_buckets(void **state)
{
    (void)state;
    static char intent[4000];
    for (unsigned count = 25; count <= 26; count++) {
        size_t used = (size_t)snprintf(intent, sizeof(intent), "s3_malware:\n");
        for (unsigned i = 1; i <= count; i++) {
            used += (size_t)snprintf(
                    intent + used, sizeof(intent) - used, "  - {bucket: bucket%u}\n", i);
        }
        struct tfa_testkit *kit = kit_new(intent, CONTEXT_ALONE);
        char line[1000];
        assert_int_equal(tfa_testkit_validate(kit), TFA_OK);
        assert_string_equal(
                findings_line(kit, line, sizeof(line)), count == 26 ? "GD0053:27" : "");
        kit_free(kit);
    }
}

/* What is said is exact: the second place, and what the user wrote. */
static void test_messages(void **state)
{
    (void)state;
    struct tfa_testkit *kit =
            kit_new(RULE(TYPE) "  - name: other\n    rank: 1\n" TYPE, CONTEXT_SECURITY);
    assert_int_equal(tfa_testkit_validate(kit), TFA_OK);
    const struct tfa_testkit_finding *finding = tfa_testkit_find(kit, GD0032);
    assert_non_null(finding);
    assert_string_equal(finding->message, "rank 1 is used by \"scanner\" already");
    assert_string_equal(finding->pointer, "/suppress/1/rank");
    assert_int_equal(finding->related_count, 1);
    assert_int_equal(finding->severity, TFA_SEVERITY_ERROR);
    kit_free(kit);
}

/* Whatever service fails, validation ends without harm and says when it did not take place. */
static void test_failing_services(void **state)
{
    (void)state;
    struct tfa_testkit *kit =
            kit_new(RULE(TYPE) "s3_malware:\n  - bucket: b\n", CONTEXT_SECURITY);
    assert_int_equal(tfa_testkit_validate(kit), TFA_OK);
    uint64_t calls = tfa_testkit_calls(kit);
    for (uint64_t n = 1; n <= calls; n++) {
        tfa_testkit_clear(kit);
        tfa_testkit_fail_call(kit, n, TFA_E_MEMORY);
        int32_t code = tfa_testkit_validate(kit);
        assert_true(code == TFA_OK || code == TFA_E_MEMORY);
    }
    tfa_testkit_free(kit);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_case),
        cmocka_unit_test(test_findings_are_complete),
        cmocka_unit_test(test_too_many_rules),
        cmocka_unit_test(test_many_buckets),
        cmocka_unit_test(test_messages),
        cmocka_unit_test(test_failing_services),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
