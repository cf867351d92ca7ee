/* SPDX-License-Identifier: Apache-2.0 */
/* The tables of partitions and services. */
#include "service.h"

#include <string.h>

const struct partition_entry partitions[PARTITION__COUNT] = {
    [PARTITION_AWS] = { "aws", "amazonaws.com" },
    [PARTITION_CHINA] = { "aws-cn", "amazonaws.com.cn" },
    [PARTITION_GOV] = { "aws-us-gov", "amazonaws.com" },
};

#define NOT_IN_CHINA (1u << PARTITION_CHINA)
#define NOT_IN_GOV   (1u << PARTITION_GOV)

static const struct service services[] = {
    { .id = "access-analyzer", .variable = "ACCESSANALYZER", .protocol = AWS_REST_JSON },
    { .id = "account",
            .variable = "ACCOUNT",
            .protocol = AWS_REST_JSON,
            .is_global = true,
            .absent_in = NOT_IN_GOV,
            .home = { "us-east-1", "cn-northwest-1", NULL } },
    { .id = "budgets",
            .variable = "BUDGETS",
            .protocol = AWS_JSON_1_1,
            .target_prefix = "AWSBudgetServiceGateway",
            .is_global = true,
            .has_plain_host = true,
            .absent_in = NOT_IN_GOV,
            .home = { "us-east-1", "cn-northwest-1", NULL } },
    { .id = "ce",
            .variable = "COST_EXPLORER",
            .protocol = AWS_JSON_1_1,
            .target_prefix = "AWSInsightsIndexService",
            .is_global = true,
            .absent_in = NOT_IN_GOV,
            .home = { "us-east-1", "cn-northwest-1", NULL } },
    { .id = "compute-optimizer",
            .variable = "COMPUTE_OPTIMIZER",
            .protocol = AWS_JSON_1_0,
            .target_prefix = "ComputeOptimizerService" },
    { .id = "config",
            .variable = "CONFIG_SERVICE",
            .protocol = AWS_JSON_1_1,
            .target_prefix = "StarlingDoveService" },
    { .id = "cost-optimization-hub",
            .variable = "COST_OPTIMIZATION_HUB",
            .protocol = AWS_JSON_1_0,
            .target_prefix = "CostOptimizationHubService",
            .is_global = true,
            .absent_in = NOT_IN_CHINA | NOT_IN_GOV,
            .home = { "us-east-1", NULL, NULL } },
    { .id = "guardduty", .variable = "GUARDDUTY", .protocol = AWS_REST_JSON },
    { .id = "network-firewall",
            .variable = "NETWORK_FIREWALL",
            .protocol = AWS_JSON_1_0,
            .target_prefix = "NetworkFirewall_20201112" },
    { .id = "organizations",
            .variable = "ORGANIZATIONS",
            .protocol = AWS_JSON_1_1,
            .target_prefix = "AWSOrganizationsV20161128",
            .is_global = true,
            .home = { "us-east-1", "cn-northwest-1", "us-gov-west-1" } },
    { .id = "securityhub", .variable = "SECURITYHUB", .protocol = AWS_REST_JSON },
    { .id = "service-quotas",
            .prefix = "servicequotas",
            .variable = "SERVICE_QUOTAS",
            .protocol = AWS_JSON_1_1,
            .target_prefix = "ServiceQuotasV20190624" },
    { .id = "tagging",
            .iam = "tag",
            .variable = "RESOURCE_GROUPS_TAGGING_API",
            .protocol = AWS_JSON_1_1,
            .target_prefix = "ResourceGroupsTaggingAPI_20170126" },
};

static bool is_word(struct str text, bool digits)
{
    for (size_t i = 0; i < text.len; i++) {
        char byte = text.ptr[i];
        if (digits ? byte < '0' || byte > '9' : byte < 'a' || byte > 'z') {
            return false;
        }
    }
    return text.len > 0;
}

bool partition_of(struct str region, enum partition *ret_partition)
{
    static const char *const areas[] = { "us", "eu", "ap", "sa", "ca", "me", "af", "il", "mx" };
    struct str parts[4];
    size_t count = 0;
    struct str rest = region;
    bool more = true;
    struct str part;
    while (str_split(&rest, &more, '-', &part)) {
        if (count == 4) {
            return false;
        }
        parts[count++] = part;
    }
    bool is_gov = count == 4 && str_eq(parts[0], STR("us")) && str_eq(parts[1], STR("gov"));
    if (region.len > 32 || (count != 3 && !is_gov) || !is_word(parts[count - 1], true) ||
            !is_word(parts[count - 2], false) || str_eq(parts[count - 2], STR("gov"))) {
        return false;
    }
    if (is_gov || str_eq(parts[0], STR("cn"))) {
        *ret_partition = is_gov ? PARTITION_GOV : PARTITION_CHINA;
        return true;
    }
    for (size_t i = 0; i < sizeof(areas) / sizeof(areas[0]); i++) {
        if (str_eq_cstr(parts[0], areas[i])) {
            *ret_partition = PARTITION_AWS;
            return true;
        }
    }
    return false;
}

const struct service *service_find(struct str name)
{
    for (size_t i = 0; i < sizeof(services) / sizeof(services[0]); i++) {
        const struct service *service = &services[i];
        if (str_eq_cstr(name, service->id) ||
                (service->prefix && str_eq_cstr(name, service->prefix))) {
            return service;
        }
    }
    return NULL;
}

const struct service *service_table(size_t *ret_count)
{
    *ret_count = sizeof(services) / sizeof(services[0]);
    return services;
}
