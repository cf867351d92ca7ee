/* SPDX-License-Identifier: Apache-2.0 */
/* What counts as reading from AWS. */
#include <stdio.h>
#include <string.h>

#include "check.h"
#include "plugin/aws_policy.h"
#include "plugin/aws_reads.h"

static void actions(void **state)
{
    (void)state;
    static const char *const good[] = { "guardduty:ListDetectors", "sts:GetCallerIdentity",
        "securityhub:BatchGetSecurityControls", "ce:GetCostAndUsage", "ec2:DescribeVpcs",
        "iam:SimulatePrincipalPolicy", "s3:HeadBucket" };
    static const char *const writes[] = { "guardduty:DeleteDetector", "ec2:RunInstances",
        "iam:GenerateCredentialReport", "sts:AssumeRole", "ec2:Getaway", "ec2:Listen",
        "guardduty:UpdateDetector", "kms:Decrypt" };
    static const char *const secret[] = { "secretsmanager:GetSecretValue", "ssm:GetParameter",
        "sts:GetSessionToken", "ecr:GetAuthorizationToken", "s3:GetObject" };
    static const char *const bad[] = { "", ":", "guardduty", "guardduty:", ":List",
        "guardduty:*", "guardduty:list", "GuardDuty:ListDetectors", "guardduty:List Detectors",
        "a:b:C", "guardduty:List*" };
    for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
        assert_null(aws_action_refusal(str_from(good[i])));
    }
    for (size_t i = 0; i < sizeof(writes) / sizeof(writes[0]); i++) {
        assert_string_equal(aws_action_refusal(str_from(writes[i])), "does not only read");
    }
    for (size_t i = 0; i < sizeof(secret) / sizeof(secret[0]); i++) {
        assert_string_equal(
                aws_action_refusal(str_from(secret[i])), "hands out secrets or data");
    }
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        assert_false(aws_action_is_valid(str_from(bad[i])));
        assert_non_null(aws_action_refusal(str_from(bad[i])));
    }
}

static bool is_read(const char *operation, const char *method, const char *path)
{
    return aws_rest_is_read(
            STR("guardduty"), str_from(operation), str_from(method), str_from(path));
}

static void rest(void **state)
{
    (void)state;
    assert_true(is_read("ListDetectors", "GET", "/detector"));
    assert_true(is_read("GetDetector", "GET", "/detector/{detector}"));
    assert_true(is_read("ListCoverage", "POST", "/detector/{detector}/coverage"));
    assert_true(is_read("ListCoverage", "POST", "/detector/12abc/coverage"));
    /* A write that calls itself a read. */
    assert_false(is_read("ListDetectors", "DELETE", "/detector/x"));
    assert_false(is_read("ListDetectors", "POST", "/detector"));
    assert_false(is_read("ListCoverage", "POST", "/detector"));
    assert_false(is_read("ListCoverage", "POST", "/detector/{detector}/filter"));
    assert_false(is_read("ListCoverage", "PUT", "/detector/{detector}/coverage"));
    assert_false(is_read("ListCoverage", "post", "/detector/{detector}/coverage"));
    /* Labels that could become more than one segment, and other ways to bend a path. */
    assert_false(is_read("ListCoverage", "POST", "/detector/{detector+}/coverage"));
    assert_false(is_read("ListCoverage", "POST", "/detector/{a}{b}/coverage"));
    assert_false(is_read("ListCoverage", "POST", "/detector//coverage"));
    assert_false(is_read("ListCoverage", "POST", "/detector/{}/coverage"));
    assert_false(is_read("ListDetectors", "GET", "/detector?x=1"));
    assert_false(is_read("ListDetectors", "GET", "/../admin"));
    assert_false(is_read("ListDetectors", "GET", "/detector%2Fx"));
    assert_false(is_read("ListDetectors", "GET", "/detector\r\nHost: x"));
}

static void table(void **state)
{
    (void)state;
    for (size_t i = 0; i < aws_post_read_count; i++) {
        const struct aws_post_read *read = &aws_post_reads[i];
        char action[256];
        (void)snprintf(action, sizeof(action), "%s:%s", read->service, read->operation);
        assert_null(aws_action_refusal(str_from(action)));
        assert_int_equal(read->path[0], '/');
        if (i > 0) {
            int order = strcmp(aws_post_reads[i - 1].service, read->service);
            assert_true(order < 0 || (order == 0 && strcmp(aws_post_reads[i - 1].operation,
                                                            read->operation) < 0));
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(actions),
        cmocka_unit_test(rest),
        cmocka_unit_test(table),
    };
    return RUN_TESTS(tests);
}
