/* SPDX-License-Identifier: Apache-2.0 */
/* The checks against scripted answers: as wanted, different, converging, refused, unreadable, paged. */
#include "guardduty_test.h"

#define DETECTOR "12abc34d567e8fa901bc2d34e56789f0"
#define ANSWERS  6

struct a_case {
    const char *check;
    const char *intent;
    const char *context; /* NULL: the security account */
    const char *want; /* outcome:code:line of each result */
    struct tfa_testkit_answer answers[ANSWERS];
};

#define OK(name, text) { .action = "guardduty:" name, .body = (text) }
#define SAYS(name, code, why)                                                                  \
    { .action = "guardduty:" name, .status = (code), .error_code = (why) }
#define ONE_DETECTOR   OK("ListDetectors", "{\"detectorIds\":[\"" DETECTOR "\"]}")
#define ACCOUNTS(text) { .action = "organizations:ListAccounts", .body = (text) }

/* Only S3 is wanted: answers stay short. */
#define ONLY_S3                                                                                \
    ADMIN "protection:\n  s3: all\n  eks_audit: 'off'\n  ebs_malware: 'off'\n  rds_login: "    \
          "'off'\n"                                                                            \
          "  lambda_network: 'off'\n  runtime: 'off'\n"
#define RUNTIME_TOO                                                                            \
    ADMIN "protection:\n  s3: 'off'\n  eks_audit: 'off'\n  ebs_malware: 'off'\n  rds_login: "  \
          "'off'\n"                                                                            \
          "  lambda_network: 'off'\n  runtime:\n    mode: all\n    agents:\n      ec2: "       \
          "'off'\n"
#define S3_ON  "{\"name\":\"S3_DATA_EVENTS\",\"status\":\"ENABLED\"}"
#define S3_OFF "{\"name\":\"S3_DATA_EVENTS\",\"status\":\"DISABLED\"}"
#define BASE                                                                                   \
    "{\"name\":\"FLOW_LOGS\",\"status\":\"ENABLED\"},{\"name\":\"NOT_KNOWN_YET\",\"status\":"  \
    "\"ENABLED\"}"
#define RUNTIME(eks, fargate, ec2)                                                             \
    "{\"name\":\"RUNTIME_MONITORING\",\"status\":\"ENABLED\",\"additionalConfiguration\":["    \
    "{\"name\":\"EKS_ADDON_MANAGEMENT\",\"status\":\"" eks "\"},"                              \
    "{\"name\":\"ECS_FARGATE_AGENT_MANAGEMENT\",\"status\":\"" fargate "\"},"                  \
    "{\"name\":\"EC2_AGENT_MANAGEMENT\",\"status\":\"" ec2 "\"}]}"
#define GET(features)                                                                          \
    OK("GetDetector",                                                                          \
            "{\"status\":\"ENABLED\",\"findingPublishingFrequency\":\"FIFTEEN_MINUTES\","      \
            "\"features\":[" features "]}")

/* HTML as a simulator or a proxy says it. */
#define HTML "<!doctype html><title>404 Not Found</title>"

static const struct a_case detector_cases[] = {
    { "GD-01", ADMIN, NULL, "pass::1", { ONE_DETECTOR, GET(S3_ON) } },
    { "GD-01", ADMIN, CONTEXT_MEMBER, "pass::1",
            { ONE_DETECTOR, OK("GetDetector", "{\"status\":\"ENABLED\"}") } },
    { "GD-01", ADMIN "regions:\n  - eu-west-1\n", NULL, "fail:GD0101:2",
            { OK("ListDetectors", "{\"detectorIds\":[]}") } },
    { "GD-01", ADMIN, NULL, "fail:GD0102:1",
            { OK("ListDetectors", "{\"detectorIds\":[\"a\",\"b\"]}") } },
    { "GD-01", ADMIN, NULL, "fail:GD0102:1",
            { { .action = "guardduty:ListDetectors",
                      .times = 1,
                      .body = "{\"detectorIds\":[\"a\"],\"nextToken\":\"t\"}" },
                    { .action = "guardduty:ListDetectors",
                            .contains = "\"t\"",
                            .body = "{\"detectorIds\":[\"b\"]}" } } },
    { "GD-01", ADMIN "publish_every: 1h\n", NULL, "fail:GD0103:1 fail:GD0104:2",
            { ONE_DETECTOR,
                    OK("GetDetector", "{\"status\":\"DISABLED\",\"findingPublishingFrequency\":"
                                      "\"SIX_HOURS\"}") } },
    { "GD-01", ADMIN, NULL, "unknown:GD0903:1 unknown:GD0903:1",
            { ONE_DETECTOR, OK("GetDetector", "{\"status\":\"NEW\"}") } },
    { "GD-01", ADMIN, NULL, "unknown:GD0903:1", { OK("ListDetectors", "{}") } },
    { "GD-01", ADMIN, NULL, "unknown:GD0903:1",
            { OK("ListDetectors", "{\"detectorIds\":[7]}") } },
    { "GD-01", ADMIN, NULL, "unknown:GD0901:1",
            { SAYS("ListDetectors", 403, "AccessDeniedException") } },
    { "GD-01", ADMIN, NULL, "unknown:GD0901:1",
            { ONE_DETECTOR, SAYS("GetDetector", 403, "AccessDeniedException") } },
    { "GD-01", ADMIN, NULL, "unknown:GD0903:1",
            { { .action = "guardduty:ListDetectors", .status = 404, .body = HTML } } },
    { "GD-01", ADMIN, NULL, "unknown:GD0903:1",
            { { .action = "guardduty:ListDetectors", .body = "{\"detectorIds\":[\"a" } } },
    { "GD-01", ADMIN, NULL, "unknown:GD0902:1",
            { SAYS("ListDetectors", 400, "BadRequestException") } },
    { "GD-01", ADMIN, NULL, "unknown:GD0902:1",
            { { .action = "guardduty:ListDetectors", .outcome = TFA_AWS_THROTTLED } } },
    { "GD-01", ADMIN, NULL, "unknown:GD0902:1", { { .action = "guardduty:GetFilter" } } },
    { "GD-01", ADMIN, NULL, "skipped::1",
            { { .action = "guardduty:ListDetectors", .outcome = TFA_AWS_NOT_THERE } } },
    { "GD-01", ADMIN, NULL, "unknown:GD0904:1",
            { OK("ListDetectors", "{\"detectorIds\":[\"a\"],\"nextToken\":\"again\"}") } },
    { "GD-01", ADMIN, NULL, "unknown:GD0904:1",
            { { .action = "guardduty:ListDetectors",
                      .contains = "\"tick\"",
                      .body = "{\"detectorIds\":[\"a\"],\"nextToken\":\"tock\"}" },
                    OK("ListDetectors", "{\"detectorIds\":[\"a\"],\"nextToken\":\"tick\"}") } },

    { "GD-02", ONLY_S3, NULL, "pass::2", { ONE_DETECTOR, GET(BASE "," S3_ON) } },
    { "GD-02", ONLY_S3, NULL, "fail:GD0111:3", { ONE_DETECTOR, GET(BASE "," S3_OFF) } },
    { "GD-02", ONLY_S3, NULL, "fail:GD0111:3", { ONE_DETECTOR, GET(BASE) } },
    { "GD-02", ONLY_S3, NULL, "fail:GD0112:6",
            { ONE_DETECTOR,
                    GET(S3_ON ",{\"name\":\"RDS_LOGIN_EVENTS\",\"status\":\"ENABLED\"}") } },
    { "GD-02", ONLY_S3, NULL, "fail:GD0112:2",
            { ONE_DETECTOR,
                    GET(S3_ON ",{\"name\":\"AI_PROTECTION\",\"status\":\"ENABLED\"}") } },
    { "GD-02", ONLY_S3, NULL, "unknown:GD0903:2",
            { ONE_DETECTOR, GET("{\"name\":\"S3_DATA_EVENTS\",\"status\":\"WARMING\"}") } },
    { "GD-02", ONLY_S3, NULL, "unknown:GD0903:2",
            { ONE_DETECTOR, OK("GetDetector", "{\"status\":\"ENABLED\"}") } },
    { "GD-02", ONLY_S3, NULL, "unknown:GD0101:2",
            { OK("ListDetectors", "{\"detectorIds\":[]}") } },
    { "GD-02", RUNTIME_TOO, NULL, "pass::2",
            { ONE_DETECTOR, GET(RUNTIME("ENABLED", "ENABLED", "DISABLED")) } },
    { "GD-02", RUNTIME_TOO, NULL, "fail:GD0113:8 fail:GD0113:11",
            { ONE_DETECTOR, GET(RUNTIME("ENABLED", "DISABLED", "ENABLED")) } },
    { "GD-02", RUNTIME_TOO, NULL, "fail:GD0111:8", { ONE_DETECTOR, GET(BASE) } },
    /* A member has what the organization gives to all; "new" says nothing about it. */
    { "GD-02", ONLY_S3, CONTEXT_MEMBER, "fail:GD0111:3", { ONE_DETECTOR, GET(BASE) } },
    { "GD-02",
            ADMIN "protection: {s3: new, eks_audit: new, ebs_malware: new, rds_login: new,\n"
                  "  lambda_network: new, runtime: 'off'}\n",
            CONTEXT_MEMBER, "pass::2", { ONE_DETECTOR, GET(S3_ON) } },
    { "GD-02",
            ADMIN
            "protection: {s3: new, eks_audit: 'off', ebs_malware: 'off', rds_login: 'off',\n"
            "  lambda_network: 'off', runtime: 'off'}\n",
            NULL, "fail:GD0111:2", { ONE_DETECTOR, GET(BASE) } },
    { "GD-02",
            ONLY_S3 "member_exceptions:\n  - {account: '" MEMBER
                    "', protection: s3, status: 'off'}\n",
            CONTEXT_MEMBER, "fail:GD0112:10", { ONE_DETECTOR, GET(S3_ON) } },
};

static const struct a_case organization_cases[] = {
    { "GD-03", ADMIN "role: management\n", CONTEXT_ALONE, "pass::1",
            { OK("ListOrganizationAdminAccounts",
                    "{\"adminAccounts\":[{\"adminAccountId\":\"" SECURITY
                    "\",\"adminStatus\":\"ENABLED\"}]}") } },
    { "GD-03", ADMIN "role: management\n", CONTEXT_ALONE, "fail:GD0121:1",
            { OK("ListOrganizationAdminAccounts", "{\"adminAccounts\":[]}") } },
    { "GD-03", ADMIN "role: management\n", CONTEXT_ALONE, "fail:GD0122:1",
            { OK("ListOrganizationAdminAccounts",
                    "{\"adminAccounts\":[{\"adminAccountId\":\"" MEMBER
                    "\",\"adminStatus\":\"ENABLED\"}]}") } },
    { "GD-03", ADMIN "role: management\n", CONTEXT_ALONE, "fail:GD0123:1",
            { OK("ListOrganizationAdminAccounts",
                    "{\"adminAccounts\":[{\"adminAccountId\":\"" SECURITY
                    "\",\"adminStatus\":\"DISABLE_IN_PROGRESS\"}]}") } },
    { "GD-03", ADMIN "role: management\n", CONTEXT_ALONE, "unknown:GD0903:1",
            { OK("ListOrganizationAdminAccounts", "{\"adminAccounts\":[{}]}") } },
    { "GD-03", ADMIN "role: management\n", CONTEXT_ALONE, "unknown:GD0901:1",
            { SAYS("ListOrganizationAdminAccounts", 403, "AccessDeniedException") } },

#define ORG(members, features)                                                                 \
    OK("DescribeOrganizationConfiguration",                                                    \
            "{\"memberAccountLimitReached\":false,"                                            \
            "\"autoEnableOrganizationMembers\":\"" members "\",\"features\":[" features "]}")
#define AUTO(name, mode) "{\"name\":\"" name "\",\"autoEnable\":\"" mode "\"}"
    { "GD-04", ONLY_S3, NULL, "pass::2",
            { ONE_DETECTOR, ORG("ALL", AUTO("S3_DATA_EVENTS", "ALL")) } },
    { "GD-04", ONLY_S3 "members: all\n", NULL, "fail:GD0131:9",
            { ONE_DETECTOR, ORG("NEW", AUTO("S3_DATA_EVENTS", "ALL")) } },
    { "GD-04", ONLY_S3, NULL, "fail:GD0132:3",
            { ONE_DETECTOR, ORG("ALL", AUTO("S3_DATA_EVENTS", "NEW")) } },
    { "GD-04", ONLY_S3, NULL, "fail:GD0132:3", { ONE_DETECTOR, ORG("ALL", "") } },
    { "GD-04", ONLY_S3, NULL, "fail:GD0132:4",
            { ONE_DETECTOR, ORG("ALL", AUTO("S3_DATA_EVENTS", "ALL") "," AUTO(
                                               "EKS_AUDIT_LOGS", "NEW")) } },
    { "GD-04", ONLY_S3, NULL, "fail:GD0134:1",
            { ONE_DETECTOR,
                    OK("DescribeOrganizationConfiguration",
                            "{\"memberAccountLimitReached\":true,"
                            "\"autoEnableOrganizationMembers\":"
                            "\"ALL\",\"features\":[" AUTO("S3_DATA_EVENTS", "ALL") "]}") } },
    { "GD-04", RUNTIME_TOO, NULL, "fail:GD0133:11",
            { ONE_DETECTOR,
                    ORG("ALL", "{\"name\":\"RUNTIME_MONITORING\",\"autoEnable\":\"ALL\","
                               "\"additionalConfiguration\":[" AUTO("EKS_ADDON_MANAGEMENT",
                                       "ALL") "," AUTO("ECS_FARGATE_AGENT_MANAGEMENT",
                                       "ALL") "," AUTO("EC2_AGENT_MANAGEMENT", "ALL") "]}") } },
    { "GD-04", ONLY_S3, NULL, "unknown:GD0903:2",
            { ONE_DETECTOR, { .action = "guardduty:DescribeOrganizationConfiguration",
                                    .status = 404,
                                    .body = HTML } } },
    { "GD-04", ONLY_S3, NULL, "unknown:GD0903:2",
            { ONE_DETECTOR, OK("DescribeOrganizationConfiguration", "{}") } },
    { "GD-04", ONLY_S3, NULL, "unknown:GD0903:2",
            { ONE_DETECTOR, OK("DescribeOrganizationConfiguration",
                                    "{\"features\":[" AUTO("S3_DATA_EVENTS", "ALL") "]}") } },
    /* The features come on two pages. */
    { "GD-04", ONLY_S3, NULL, "pass::2",
            { ONE_DETECTOR,
                    { .action = "guardduty:DescribeOrganizationConfiguration",
                            .contains = "\"t\"",
                            .body = "{\"autoEnableOrganizationMembers\":\"ALL\",\"features\":[]"
                                    "}" },
                    OK("DescribeOrganizationConfiguration",
                            "{\"autoEnableOrganizationMembers\":\"ALL\",\"nextToken\":\"t\","
                            "\"features\":[" AUTO("S3_DATA_EVENTS", "ALL") "]}") } },

    { "GD-11", ADMIN, CONTEXT_MEMBER, "pass::1",
            { ONE_DETECTOR, OK("GetAdministratorAccount",
                                    "{\"administrator\":{\"accountId\":\"" SECURITY
                                    "\",\"relationshipStatus\":\"Enabled\"}}") } },
    { "GD-11", ADMIN, CONTEXT_MEMBER, "fail:GD0201:1",
            { ONE_DETECTOR, OK("GetAdministratorAccount", "{}") } },
    { "GD-11", ADMIN, CONTEXT_MEMBER, "fail:GD0202:1",
            { ONE_DETECTOR, OK("GetAdministratorAccount",
                                    "{\"administrator\":{\"accountId\":\"" MANAGEMENT
                                    "\",\"relationshipStatus\":\"Enabled\"}}") } },
    { "GD-11", ADMIN, CONTEXT_MEMBER, "fail:GD0203:1",
            { ONE_DETECTOR, OK("GetAdministratorAccount",
                                    "{\"administrator\":{\"accountId\":\"" SECURITY
                                    "\",\"relationshipStatus\":\"Disabled\"}}") } },
    { "GD-11", ADMIN, CONTEXT_MEMBER, "unknown:GD0903:1",
            { ONE_DETECTOR, OK("GetAdministratorAccount",
                                    "{\"administrator\":{\"AccountId\":\"" SECURITY "\"}}") } },
};

#define MEMBERS(list)     OK("ListMembers", "{\"members\":[" list "],\"nextToken\":\"\"}")
#define IS(account, what) "{\"accountId\":\"" account "\",\"relationshipStatus\":\"" what "\"}"
#define ORGANIZATION                                                                           \
    ACCOUNTS(                                                                                  \
            "{\"Accounts\":[{\"Id\":\"" SECURITY "\",\"Status\":\"ACTIVE\"},{\"Id\":\"" MEMBER \
            "\",\"State\":\"ACTIVE\"},{\"Id\":\"999999999999\",\"Status\":\"SUSPENDED\"}]}")

static const struct a_case member_cases[] = {
    { "GD-05", ADMIN "members: all\n", NULL, "pass::2",
            { ONE_DETECTOR, MEMBERS(IS(MEMBER, "Enabled")), ORGANIZATION } },
    { "GD-05", ADMIN "members: all\n", NULL, "fail:GD0141:2",
            { ONE_DETECTOR, MEMBERS(""), ORGANIZATION } },
    { "GD-05", ADMIN "members: new\n", NULL, "pass::2", { ONE_DETECTOR, MEMBERS("") } },
    { "GD-05", ADMIN "members: all\n", NULL, "fail:GD0142:2",
            { ONE_DETECTOR, MEMBERS(IS(MEMBER, "Removed")), ORGANIZATION } },
    { "GD-05", ADMIN "members: all\n", NULL, "pending::2",
            { ONE_DETECTOR, MEMBERS(IS(MEMBER, "Created")), ORGANIZATION } },
    { "GD-05", ADMIN "members: all\n", NULL, "skipped::2",
            { ONE_DETECTOR, MEMBERS(IS(MEMBER, "RegionDisabled")), ORGANIZATION } },
    { "GD-05", ADMIN "members: all\n", NULL, "unknown:GD0903:2",
            { ONE_DETECTOR, MEMBERS("{\"accountId\":\"" MEMBER "\"}"), ORGANIZATION } },
    { "GD-05", ADMIN "members: all\n", NULL, "unknown:GD0901:2",
            { ONE_DETECTOR, MEMBERS(IS(MEMBER, "Enabled")),
                    { .action = "organizations:ListAccounts",
                            .status = 400,
                            .error_code = "AccessDeniedException" } } },
    { "GD-05", ADMIN "members: all\n", NULL, "unknown:GD0903:2",
            { ONE_DETECTOR,
                    { .action = "guardduty:ListMembers", .status = 404, .body = HTML } } },
    { "GD-05", ADMIN "members: all\n", NULL, "unknown:GD0903:2",
            { ONE_DETECTOR, MEMBERS(IS(MEMBER, "Enabled")), ACCOUNTS("{\"Accounts\":[]}") } },
    /* Both lists come on two pages, and the second one holds what matters. */
    { "GD-05", ADMIN "members: all\n", NULL, "fail:GD0141:2",
            { ONE_DETECTOR, MEMBERS(IS(MEMBER, "Enabled")),
                    { .action = "organizations:ListAccounts",
                            .contains = "\"page2\"",
                            .body = "{\"Accounts\":[{\"Id\":\"444455556666\",\"Status\":"
                                    "\"ACTIVE\"}]}" },
                    ACCOUNTS("{\"Accounts\":[{\"Id\":\"" MEMBER
                             "\",\"Status\":\"ACTIVE\"}],\"NextToken\":\"page2\"}") } },

#define DETECTORS(members, rest)                                                               \
    OK("GetMemberDetectors", "{\"members\":[" members "],\"unprocessedAccounts\":[" rest "]}")
#define HAS(account, features) "{\"accountId\":\"" account "\",\"features\":[" features "]}"
    { "GD-06", ONLY_S3, NULL, "pass::2",
            { ONE_DETECTOR, MEMBERS(IS(MEMBER, "Enabled")),
                    DETECTORS(HAS(MEMBER, S3_ON), "") } },
    { "GD-06", ONLY_S3, NULL, "fail:GD0151:3",
            { ONE_DETECTOR, MEMBERS(IS(MEMBER, "Enabled")),
                    DETECTORS(HAS(MEMBER, S3_OFF), "") } },
    { "GD-06", ONLY_S3, NULL, "fail:GD0152:7",
            { ONE_DETECTOR, MEMBERS(IS(MEMBER, "Enabled")),
                    DETECTORS(HAS(MEMBER, S3_ON ",{\"name\":\"LAMBDA_NETWORK_LOGS\",\"status\":"
                                                "\"ENABLED\"}"),
                            "") } },
    { "GD-06",
            ONLY_S3 "member_exceptions:\n  - {account: '" MEMBER
                    "', protection: s3, status: 'off'}\n",
            NULL, "fail:GD0152:10",
            { ONE_DETECTOR, MEMBERS(IS(MEMBER, "Enabled")),
                    DETECTORS(HAS(MEMBER, S3_ON), "") } },
    { "GD-06", RUNTIME_TOO, NULL, "fail:GD0153:11",
            { ONE_DETECTOR, MEMBERS(IS(MEMBER, "Enabled")),
                    DETECTORS(HAS(MEMBER, RUNTIME("ENABLED", "ENABLED", "ENABLED")), "") } },
    { "GD-06", ONLY_S3, NULL, "unknown:GD0902:2",
            { ONE_DETECTOR, MEMBERS(IS(MEMBER, "Enabled")),
                    DETECTORS("",
                            "{\"accountId\":\"" MEMBER "\",\"result\":\"not a member\"}") } },
    { "GD-06", ONLY_S3, NULL, "unknown:GD0903:2",
            { ONE_DETECTOR, MEMBERS(IS(MEMBER, "Enabled")), OK("GetMemberDetectors", "{}") } },
    { "GD-06", ONLY_S3, NULL, "unknown:GD0903:2",
            { ONE_DETECTOR, MEMBERS(IS(MEMBER, "Enabled")),
                    DETECTORS("{\"accountId\":\"" MEMBER "\"}", "") } },
    { "GD-06", ONLY_S3, NULL, "skipped::2", { ONE_DETECTOR, MEMBERS(IS(MEMBER, "Removed")) } },
    { "GD-06", ONLY_S3, NULL, "unknown:GD0901:2",
            { ONE_DETECTOR, MEMBERS(IS(MEMBER, "Enabled")),
                    SAYS("GetMemberDetectors", 403, "AccessDeniedException") } },
};

#define STATISTICS(counts)                                                                     \
    OK("GetCoverageStatistics",                                                                \
            "{\"coverageStatistics\":{\"countByCoverageStatus\":{" counts "}}}")
#define EXPORT                                                                                 \
    ADMIN "export:\n  bucket_arn: 'arn:aws:s3:::org-findings/gd'\n  kms_key_arn: "             \
          "'arn:aws:kms:eu-west-1:" SECURITY ":key/1'\n"
#define DESTINATIONS                                                                           \
    OK("ListPublishingDestinations",                                                           \
            "{\"destinations\":[{\"destinationId\":\"d1\",\"destinationType\":\"S3\","         \
            "\"status\":\"PUBLISHING\"}]}")
#define DESTINATION(status, arn, key)                                                          \
    OK("DescribePublishingDestination",                                                        \
            "{\"status\":\"" status "\",\"destinationProperties\":{\"destinationArn\":\"" arn  \
            "\",\"kmsKeyArn\":\"arn:aws:kms:eu-west-1:" SECURITY ":key/" key "\"}}")
#define BUCKET "arn:aws:s3:::org-findings/gd"

static const struct a_case findings_cases[] = {
    { "GD-07", ADMIN, NULL, "pass::1",
            { ONE_DETECTOR, STATISTICS("\"HEALTHY\":95,\"UNHEALTHY\":5") } },
    { "GD-07", ADMIN "coverage_minimum_percent: 90\n", NULL, "fail:GD0161:2",
            { ONE_DETECTOR, STATISTICS("\"HEALTHY\":10,\"UNHEALTHY\":140"),
                    OK("ListCoverage",
                            "{\"resources\":[{\"resourceId\":\"i-0abc\",\"accountId\":\"" MEMBER
                            "\",\"issue\":\"VPC_ENDPOINT_NOT_FOUND\"}]}") } },
    { "GD-07", ADMIN, NULL, "fail:GD0161:1",
            { ONE_DETECTOR, STATISTICS("\"UNHEALTHY\":1"),
                    SAYS("ListCoverage", 403, "AccessDeniedException") } },
    { "GD-07", ADMIN, NULL, "skipped::1", { ONE_DETECTOR, STATISTICS("") } },
    { "GD-07", ADMIN, NULL, "unknown:GD0903:1",
            { ONE_DETECTOR, STATISTICS("\"HEALTHY\":\"many\"") } },
    { "GD-07", ADMIN, NULL, "unknown:GD0903:1",
            { ONE_DETECTOR, OK("GetCoverageStatistics", "{}") } },
    { "GD-07", ADMIN, NULL, "unknown:GD0903:1",
            { ONE_DETECTOR, { .action = "guardduty:GetCoverageStatistics",
                                    .status = 404,
                                    .body = HTML } } },

    { "GD-08", EXPORT, NULL, "pass::2",
            { ONE_DETECTOR, DESTINATIONS, DESTINATION("PUBLISHING", BUCKET, "1") } },
    { "GD-08", EXPORT, NULL, "pass::2",
            { ONE_DETECTOR, DESTINATIONS, DESTINATION("PUBLISHING", BUCKET "/", "1") } },
    { "GD-08", ADMIN "export:\n  create: true\n", NULL, "pass::2",
            { ONE_DETECTOR, DESTINATIONS, DESTINATION("PUBLISHING", BUCKET, "1") } },
    { "GD-08", ADMIN "export:\n  create: true\n  bucket_name: other\n", NULL, "fail:GD0172:2",
            { ONE_DETECTOR, DESTINATIONS, DESTINATION("PUBLISHING", BUCKET, "1") } },
    { "GD-08", EXPORT, NULL, "fail:GD0171:2",
            { ONE_DETECTOR, OK("ListPublishingDestinations", "{\"destinations\":[]}") } },
    { "GD-08", EXPORT, NULL, "fail:GD0172:3",
            { ONE_DETECTOR, DESTINATIONS,
                    DESTINATION("PUBLISHING", "arn:aws:s3:::other", "1") } },
    { "GD-08", EXPORT, NULL, "fail:GD0172:4",
            { ONE_DETECTOR, DESTINATIONS, DESTINATION("PUBLISHING", BUCKET, "2") } },
    { "GD-08", EXPORT, NULL, "fail:GD0173:2",
            { ONE_DETECTOR, DESTINATIONS, DESTINATION("STOPPED", BUCKET, "1") } },
    { "GD-08", EXPORT, NULL, "fail:GD0173:2",
            { ONE_DETECTOR, DESTINATIONS,
                    DESTINATION("UNABLE_TO_PUBLISH_FIX_DESTINATION_PROPERTY", BUCKET, "1") } },
    { "GD-08", EXPORT, NULL, "pending::2",
            { ONE_DETECTOR, DESTINATIONS, DESTINATION("PENDING_VERIFICATION", BUCKET, "1") } },
    { "GD-08", EXPORT, NULL, "unknown:GD0903:2",
            { ONE_DETECTOR, DESTINATIONS, DESTINATION("DREAMING", BUCKET, "1") } },
    { "GD-08", EXPORT, NULL, "unknown:GD0903:2 unknown:GD0903:2",
            { ONE_DETECTOR, DESTINATIONS, OK("DescribePublishingDestination", "{}") } },
    { "GD-08", EXPORT, NULL, "unknown:GD0901:2",
            { ONE_DETECTOR, DESTINATIONS,
                    SAYS("DescribePublishingDestination", 403, "AccessDeniedException") } },

#define RULE                                                                                   \
    ADMIN "suppress:\n  - name: scanner\n    rank: 1\n    when:\n      type: "                 \
          "['Recon:EC2/Portscan']\n"                                                           \
          "      severity: {less_than: 7}\n"
#define FILTERS(names) OK("ListFilters", "{\"filterNames\":[" names "]}")
#define FILTER(action, rank, criterion)                                                        \
    "{\"name\":\"scanner\",\"action\":\"" action "\",\"rank\":" rank                           \
    ",\"findingCriteria\":{\"criterion\":{" criterion "}}}"
#define CRITERION                                                                              \
    "\"type\":{\"eq\":[\"Recon:EC2/Portscan\"],\"equals\":[\"Recon:EC2/"                       \
    "Portscan\"]},\"severity\":{\"lessThan\":7}"
    { "GD-09", RULE, NULL, "pass::2",
            { ONE_DETECTOR, FILTERS("\"scanner\""),
                    OK("GetFilter", FILTER("ARCHIVE", "1", CRITERION)) } },
    { "GD-09", RULE, NULL, "pass::2",
            { ONE_DETECTOR, FILTERS("\"scanner\""),
                    OK("GetFilter", FILTER("ARCHIVE", "1",
                                            "\"type\":{\"eq\":[\"Recon:EC2/"
                                            "Portscan\"]},\"severity\":{\"lt\":7}")) } },
    { "GD-09", RULE, NULL, "fail:GD0181:3", { ONE_DETECTOR, FILTERS("") } },
    { "GD-09", RULE, NULL, "fail:GD0182:2",
            { ONE_DETECTOR, FILTERS("\"scanner\",\"quiet\""),
                    { .action = "guardduty:GetFilter",
                            .path = "/detector/" DETECTOR "/filter/quiet",
                            .body = "{\"action\":\"ARCHIVE\"}" },
                    OK("GetFilter", FILTER("ARCHIVE", "1", CRITERION)) } },
    { "GD-09", ADMIN, NULL, "pass::1",
            { ONE_DETECTOR, FILTERS("\"view\""), OK("GetFilter", "{\"action\":\"NOOP\"}") } },
    { "GD-09", ADMIN, NULL, "unknown:GD0903:1",
            { ONE_DETECTOR, FILTERS("\"view\""), OK("GetFilter", "{}") } },
    { "GD-09", RULE, NULL, "fail:GD0183:3",
            { ONE_DETECTOR, FILTERS("\"scanner\""),
                    OK("GetFilter", FILTER("NOOP", "1", CRITERION)) } },
    { "GD-09", RULE, NULL, "fail:GD0183:3",
            { ONE_DETECTOR, FILTERS("\"scanner\""),
                    OK("GetFilter", FILTER("ARCHIVE", "2", CRITERION)) } },
    { "GD-09", RULE, NULL, "fail:GD0183:3",
            { ONE_DETECTOR, FILTERS("\"scanner\""),
                    OK("GetFilter",
                            FILTER("ARCHIVE", "1",
                                    "\"type\":{\"equals\":[\"Recon:EC2/Portscan\"]}")) } },
    { "GD-09", RULE, NULL, "fail:GD0183:3",
            { ONE_DETECTOR, FILTERS("\"scanner\""),
                    OK("GetFilter", FILTER("ARCHIVE", "1",
                                            CRITERION ",\"region\":{\"equals\":[\"x\"]}")) } },
    { "GD-09", RULE, NULL, "fail:GD0183:3",
            { ONE_DETECTOR, FILTERS("\"scanner\""),
                    OK("GetFilter", FILTER("ARCHIVE", "1",
                                            "\"type\":{\"equals\":[\"Recon:EC2/"
                                            "Portscan\",\"Other\"]},\"severity\":{\"lessThan\":"
                                            "7}")) } },
    /* The list is refused, the rule of the intent is looked at all the same. */
    { "GD-09", RULE, NULL, "unknown:GD0901:2 fail:GD0183:3",
            { ONE_DETECTOR, SAYS("ListFilters", 403, "AccessDeniedException"),
                    OK("GetFilter", FILTER("NOOP", "1", CRITERION)) } },
    { "GD-09", RULE, NULL, "unknown:GD0902:2",
            { ONE_DETECTOR, { .action = "guardduty:ListFilters", .status = 500, .body = HTML },
                    OK("GetFilter", FILTER("ARCHIVE", "1", CRITERION)) } },
    { "GD-09", RULE, NULL, "unknown:GD0902:2",
            { ONE_DETECTOR, FILTERS("\"scanner\""),
                    SAYS("GetFilter", 400, "BadRequestException") } },

#define MALWARE ADMIN "s3_malware:\n  - bucket: uploads\n    prefixes: [in/, up/]\n"
#define PLANS                                                                                  \
    OK("ListMalwareProtectionPlans",                                                           \
            "{\"malwareProtectionPlans\":[{\"malwareProtectionPlanId\":\"p1\"}]}")
#define PLAN(status, bucket, prefixes, tagging)                                                \
    OK("GetMalwareProtectionPlan",                                                             \
            "{\"arn\":\"arn:plan\",\"role\":\"arn:role\",\"protectedResource\":{\"s3Bucket\":" \
            "{\"bucketName\":\"" bucket "\",\"objectPrefixes\":[" prefixes                     \
            "]}},\"actions\":{\"tagging\":{\"status\":\"" tagging "\"}},\"status\":\"" status  \
            "\",\"statusReasons\":[{\"code\":\"ACCESS\",\"message\":\"no\"}]}")
    { "GD-10", MALWARE, NULL, "pass::2",
            { PLANS, PLAN("ACTIVE", "uploads", "\"up/\",\"in/\"", "ENABLED") } },
    { "GD-10", MALWARE, NULL, "fail:GD0191:3",
            { OK("ListMalwareProtectionPlans", "{\"malwareProtectionPlans\":[]}") } },
    { "GD-10", MALWARE, NULL, "fail:GD0191:3",
            { PLANS, PLAN("ACTIVE", "other", "", "ENABLED") } },
    { "GD-10", MALWARE, NULL, "fail:GD0192:3",
            { PLANS, PLAN("WARNING", "uploads", "\"up/\",\"in/\"", "ENABLED") } },
    { "GD-10", MALWARE, NULL, "fail:GD0192:3",
            { PLANS, PLAN("ERROR", "uploads", "\"up/\",\"in/\"", "ENABLED") } },
    { "GD-10", MALWARE, NULL, "unknown:GD0903:2",
            { PLANS, PLAN("WAITING", "uploads", "\"up/\",\"in/\"", "ENABLED") } },
    { "GD-10", MALWARE, NULL, "fail:GD0193:3",
            { PLANS, PLAN("ACTIVE", "uploads", "\"up/\"", "ENABLED") } },
    { "GD-10", MALWARE, NULL, "fail:GD0193:3",
            { PLANS, PLAN("ACTIVE", "uploads", "\"up/\",\"in/\"", "DISABLED") } },
    { "GD-10", MALWARE "    role_arn: 'arn:aws:iam::" SECURITY ":role/x'\n", NULL,
            "fail:GD0193:3",
            { PLANS, PLAN("ACTIVE", "uploads", "\"up/\",\"in/\"", "ENABLED") } },
    { "GD-10", MALWARE, NULL, "unknown:GD0901:2",
            { PLANS, SAYS("GetMalwareProtectionPlan", 403, "AccessDeniedException") } },
    { "GD-10", MALWARE, NULL, "unknown:GD0903:2",
            { { .action = "guardduty:ListMalwareProtectionPlans",
                    .status = 404,
                    .body = HTML } } },
};

static struct tfa_testkit *run(const struct a_case *c)
{
    struct tfa_testkit *kit =
            kit_new(c->intent, c->context == NULL ? CONTEXT_SECURITY : c->context);
    for (unsigned i = 0; i < ANSWERS && c->answers[i].action != NULL; i++) {
        tfa_testkit_aws_add(kit, &c->answers[i]);
    }
    char item[100];
    (void)snprintf(item, sizeof(item), "{id: %s, region: eu-west-1}", c->check);
    assert_int_equal(tfa_testkit_run_check(kit, item), TFA_OK);
    return kit;
}

static void run_table(const struct a_case *table, size_t count)
{
    unsigned wrong = 0;
    for (size_t i = 0; i < count; i++) {
        struct tfa_testkit *kit = run(&table[i]);
        char line[1000];
        if (strcmp(results_line(kit, line, sizeof(line)), table[i].want) != 0) {
            print_error("%s case %zu found \"%s\", wanted \"%s\"\n", table[i].check, i, line,
                    table[i].want);
            wrong++;
        }
        for (uint64_t r = 0; r < tfa_testkit_result_count(kit); r++) {
            const struct tfa_testkit_result *result = tfa_testkit_result_at(kit, r);
            assert_string_equal(result->region, "eu-west-1");
            assert_true(result->outcome == TFA_RESULT_PASS || strlen(result->message) > 10);
        }
        kit_free(kit);
    }
    assert_int_equal(wrong, 0);
}

#define RUN(name)                                                                              \
    static void test_##name(void **state)                                                      \
    {                                                                                          \
        (void)state;                                                                           \
        run_table(name##_cases, sizeof(name##_cases) / sizeof(*name##_cases));                 \
    }
RUN(detector)
RUN(organization)
RUN(member)
RUN(findings)
#undef RUN

/* What a failing check says is exact: both sides, the line of the intent, the place in AWS. */
static void test_messages(void **state)
{
    (void)state;
    struct tfa_testkit *kit = run(&(struct a_case){
            "GD-01", ADMIN "publish_every: 1h\n", NULL, "", { ONE_DETECTOR, GET(S3_ON) } });
    const struct tfa_testkit_result *result = tfa_testkit_result_at(kit, 0);
    assert_string_equal(result->message,
            "repeated findings are published every 15m in eu-west-1, the intent says 1h");
    assert_string_equal(result->expected, "\"ONE_HOUR\"");
    assert_string_equal(result->actual, "\"FIFTEEN_MINUTES\"");
    assert_string_equal(result->pointer, "/publish_every");
    assert_string_equal(result->resource, "detector/" DETECTOR);
    kit_free(kit);
    kit = run(&(struct a_case){ "GD-01", ADMIN, NULL, "",
            { ONE_DETECTOR, SAYS("GetDetector", 403, "AccessDeniedException") } });
    assert_string_equal(tfa_testkit_result_at(kit, 0)->message,
            "no permission for guardduty:GetDetector in eu-west-1");
    kit_free(kit);

    static const struct {
        uint32_t outcome;
        const char *message;
    } failures[] = {
        { TFA_AWS_NO_ANSWER, "guardduty:ListDetectors failed in eu-west-1: no answer" },
        { TFA_AWS_THROTTLED, "guardduty:ListDetectors failed in eu-west-1: too many requests" },
        { TFA_AWS_FAULT, "guardduty:ListDetectors failed in eu-west-1: the service is faulty" },
        { TFA_AWS_NO_CREDENTIALS,
                "guardduty:ListDetectors failed in eu-west-1: no credentials" },
        { TFA_AWS_BUDGET,
                "guardduty:ListDetectors failed in eu-west-1: the limit of requests is spent" },
        { 1000, "guardduty:ListDetectors failed in eu-west-1: the service is faulty" },
    };

    for (size_t i = 0; i < sizeof(failures) / sizeof(*failures); i++) {
        struct a_case c = { "GD-01", ADMIN, NULL, "",
            { { .action = "guardduty:ListDetectors", .outcome = failures[i].outcome } } };
        if (failures[i].outcome == TFA_AWS_NO_ANSWER) {
            c.answers[0].action = NULL; /* nothing is scripted */
        }
        kit = run(&c);
        assert_string_equal(tfa_testkit_result_at(kit, 0)->message, failures[i].message);
        assert_int_equal(tfa_testkit_result_at(kit, 0)->outcome, TFA_RESULT_UNKNOWN);
        kit_free(kit);
    }
    kit = run(&findings_cases[1]);
    assert_string_equal(tfa_testkit_result_at(kit, 0)->detail,
            "i-0abc of " MEMBER ": VPC_ENDPOINT_NOT_FOUND");
    kit_free(kit);
}

/* Members are asked about in batches of fifty. */
static void test_member_batches(void **state)
{
    (void)state;
    static char members[20000];
    size_t used = (size_t)snprintf(members, sizeof(members), "{\"members\":[");
    for (unsigned i = 0; i < 51; i++) {
        used += (size_t)snprintf(members + used, sizeof(members) - used,
                "%s{\"accountId\":\"%012u\",\"relationshipStatus\":\"Enabled\"}",
                i > 0 ? "," : "", i);
    }
    (void)snprintf(members + used, sizeof(members) - used, "]}");
    struct tfa_testkit *kit = kit_new(ONLY_S3, CONTEXT_SECURITY);
    tfa_testkit_aws(kit, "guardduty:ListDetectors", 200, "{\"detectorIds\":[\"d\"]}");
    tfa_testkit_aws(kit, "guardduty:ListMembers", 200, members);
    tfa_testkit_aws(kit, "guardduty:GetMemberDetectors", 200, "{\"members\":[]}");
    assert_int_equal(tfa_testkit_run_check(kit, "{id: GD-06, region: eu-west-1}"), TFA_OK);
    assert_int_equal(tfa_testkit_request_count(kit), 4);
    assert_non_null(strstr(tfa_testkit_request_at(kit, 2)->body, "\"000000000049\""));
    assert_null(strstr(tfa_testkit_request_at(kit, 2)->body, "\"000000000050\""));
    assert_string_equal(
            tfa_testkit_request_at(kit, 3)->body, "{\"accountIds\":[\"000000000050\"]}");
    assert_string_equal(tfa_testkit_request_at(kit, 1)->query,
            "{\"maxResults\":\"50\",\"onlyAssociated\":\"false\"}");
    kit_free(kit);
}

/* A large organization: every second account is no member, and each is named once. */
static void test_large_organization(void **state)
{
    (void)state;

    enum {
        ACCOUNT_COUNT = 1500
    };

    static char members[ACCOUNT_COUNT * 80];
    static char accounts[ACCOUNT_COUNT * 80];
    size_t used = (size_t)snprintf(members, sizeof(members), "{\"members\":[");
    size_t filled = (size_t)snprintf(accounts, sizeof(accounts), "{\"Accounts\":[");
    for (unsigned i = ACCOUNT_COUNT; i > 0; i--) {
        filled += (size_t)snprintf(accounts + filled, sizeof(accounts) - filled,
                "%s{\"Id\":\"%012u\",\"Status\":\"ACTIVE\"}", i < ACCOUNT_COUNT ? "," : "", i);
        if (i % 2 == 0) {
            used += (size_t)snprintf(members + used, sizeof(members) - used,
                    "%s{\"accountId\":\"%012u\",\"relationshipStatus\":\"Enabled\"}",
                    i < ACCOUNT_COUNT ? "," : "", i);
        }
    }
    (void)snprintf(members + used, sizeof(members) - used, "]}");
    (void)snprintf(accounts + filled, sizeof(accounts) - filled, "]}");
    struct tfa_testkit *kit = kit_new(ADMIN, CONTEXT_SECURITY);
    tfa_testkit_aws(kit, "guardduty:ListDetectors", 200, "{\"detectorIds\":[\"d\"]}");
    tfa_testkit_aws(kit, "guardduty:ListMembers", 200, members);
    tfa_testkit_aws(kit, "organizations:ListAccounts", 200, accounts);
    assert_int_equal(tfa_testkit_run_check(kit, "{id: GD-05, region: eu-west-1}"), TFA_OK);
    assert_int_equal(tfa_testkit_result_count(kit), ACCOUNT_COUNT / 2);
    assert_string_equal(tfa_testkit_result_at(kit, 0)->resource, "000000001499");
    assert_string_equal(tfa_testkit_result_at(kit, 0)->code, GD0141);
    kit_free(kit);
}

/* Which checks an account's role has, in which Regions. */
static void test_list(void **state)
{
    (void)state;

    static const struct {
        const char *intent;
        const char *context;
        const char *want;
    } lists[] = {
        { ADMIN "members: none\nprotection: {runtime: 'off'}\n", CONTEXT_SECURITY,
                "GD-01 GD-02 GD-04 GD-09 " },
        { ADMIN, CONTEXT_SECURITY, "GD-01 GD-02 GD-04 GD-05 GD-06 GD-07 GD-09 " },
        { EXPORT "s3_malware: [{bucket: b}]\n", CONTEXT_SECURITY,
                "GD-01 GD-02 GD-04 GD-05 GD-06 GD-07 GD-08 GD-09 GD-10 " },
        { ADMIN, CONTEXT_MEMBER, "GD-01 GD-02 GD-11 " },
        { ADMIN "role: management\n", CONTEXT_ALONE, "GD-03 " },
        { "{}", CONTEXT_ALONE, "GD-01 GD-02 GD-07 GD-09 " },
        { "regions: [eu-west-1, us-east-1]\ns3_malware: [{bucket: b, region: us-east-1}]\n"
          "protection: {runtime: 'off'}\n",
                CONTEXT_ALONE, "GD-01 GD-01 GD-02 GD-02 GD-09 GD-09 GD-10 " },
    };

    for (size_t i = 0; i < sizeof(lists) / sizeof(*lists); i++) {
        struct tfa_testkit *kit = kit_new(lists[i].intent, lists[i].context);
        assert_int_equal(tfa_testkit_list_checks(kit), TFA_OK);
        char ids[400] = "";
        const char *rest = tfa_testkit_items(kit);
        while ((rest = strstr(rest, "\"id\":\"")) != NULL) {
            size_t used = strlen(ids);
            (void)snprintf(ids + used, sizeof(ids) - used, "%.5s ", rest + 6);
            rest++;
        }
        assert_string_equal(ids, lists[i].want);
        kit_free(kit);
    }
}

/* Without the AWS service nothing can be found out, and nothing passes. */
static void test_host_without_aws(void **state)
{
    (void)state;
    struct tfa_testkit *kit = kit_new(ADMIN, CONTEXT_SECURITY);
    tfa_testkit_hide(kit, "tfa.aws/1");
    tfa_testkit_intent(kit, EXPORT "s3_malware: [{bucket: b}]\n");
    assert_int_equal(tfa_testkit_run_checks(kit), TFA_OK);
    assert_true(tfa_testkit_result_count(kit) > 0);
    for (uint64_t i = 0; i < tfa_testkit_result_count(kit); i++) {
        assert_int_equal(tfa_testkit_result_at(kit, i)->outcome, TFA_RESULT_UNKNOWN);
    }
    kit_free(kit);
}

/* Whatever service fails, nothing breaks, and a check that could not run has not passed. */
static void test_failing_services(void **state)
{
    (void)state;
    const struct a_case *const failing[] = { &detector_cases[5], &findings_cases[1],
        &member_cases[1] };
    for (size_t c = 0; c < sizeof(failing) / sizeof(*failing); c++) {
        struct tfa_testkit *kit = run(failing[c]);
        uint64_t calls = tfa_testkit_calls(kit);
        tfa_testkit_free(kit);
        for (uint64_t n = 1; n <= calls; n++) {
            kit = kit_new(failing[c]->intent, CONTEXT_SECURITY);
            for (unsigned i = 0; i < ANSWERS && failing[c]->answers[i].action != NULL; i++) {
                tfa_testkit_aws_add(kit, &failing[c]->answers[i]);
            }
            char item[100];
            (void)snprintf(
                    item, sizeof(item), "{id: %s, region: eu-west-1}", failing[c]->check);
            tfa_testkit_fail_call(kit, n, TFA_E_MEMORY);
            int32_t code = tfa_testkit_run_check(kit, item);
            for (uint64_t r = 0; code != TFA_OK && r < tfa_testkit_result_count(kit); r++) {
                assert_int_not_equal(tfa_testkit_result_at(kit, r)->outcome, TFA_RESULT_PASS);
            }
            tfa_testkit_free(kit);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_detector),
        cmocka_unit_test(test_organization),
        cmocka_unit_test(test_member),
        cmocka_unit_test(test_findings),
        cmocka_unit_test(test_messages),
        cmocka_unit_test(test_member_batches),
        cmocka_unit_test(test_large_organization),
        cmocka_unit_test(test_list),
        cmocka_unit_test(test_host_without_aws),
        cmocka_unit_test(test_failing_services),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
