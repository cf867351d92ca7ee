/* SPDX-License-Identifier: Apache-2.0 */
/* GD-07, GD-08: whether findings can arise, and whether they leave. */
#include "checks.h"

#define COVERAGE_USUAL 95.0
#define ISSUES_SHOWN   5

#define ONLY_UNHEALTHY                                                                         \
    "{\"filterCriteria\":{\"filterCriterion\":[{\"criterionKey\":\"COVERAGE_STATUS\","         \
    "\"filterCondition\":{\"equals\":[\"UNHEALTHY\"]}}]},\"maxResults\":50}"

/* The first unhealthy resources and what ails them; empty when AWS does not say. */
static struct tfa_str unhealthy(struct probe *probe, struct tfa_str detector)
{
    const struct gd *gd = probe->gd;
    struct question question = { .operation = S("ListCoverage"),
        .method = S("POST"),
        .path = S("/detector/{detector}/coverage"),
        .detector = detector };
    (void)gd->kit->build->from_json(gd->call, S(ONLY_UNHEALTHY), &question.body);
    /* One page tells enough; the share is known already, so a failure here is no result of its own. */
    const struct tfa_aws_answer *const *answers = probe_ask_all(probe, &question, 1);
    if (answers == NULL || answers[0]->outcome != TFA_AWS_SUCCESS) {
        return S("");
    }
    tfa_val resources = gd_get(gd, answers[0]->body, S("resources"));
    struct tfa_text text = tfa_text_new();
    for (uint64_t i = 0; i < gd_count(gd, resources) && i < ISSUES_SHOWN; i++) {
        tfa_val resource = gd_at(gd, resources, i);
        tfa_text_add(&text, i == 0 ? S("") : S(", "));
        tfa_text_add(&text, gd_get_text(gd, resource, S("resourceId")));
        tfa_text_add(&text, S(" of "));
        tfa_text_add(&text, gd_get_text(gd, resource, S("accountId")));
        tfa_text_add(&text, S(": "));
        tfa_text_add(&text, gd_get_text(gd, resource, S("issue")));
    }
    return gd_format(gd, "%.*s", STR(tfa_text_view(&text)));
}

/* A count of the answer; absent is 0, everything that is no count is -1. */
static int64_t count_of(const struct gd *gd, tfa_val counts, struct tfa_str status)
{
    int64_t number = -1;
    tfa_val v = gd_get(gd, counts, status);
    if (v == TFA_NONE) {
        return 0;
    }
    return gd->kit->value->as_int(gd->call, v, &number) == TFA_OK && number >= 0 ? number : -1;
}

void check_coverage(struct probe *probe)
{
    const struct gd *gd = probe->gd;
    if (!gd_is_set(gd, gd_find(gd, probe->pointer))) {
        probe->pointer = "/protection"; /* what made the check apply */
    }
    struct question question = { .operation = S("GetCoverageStatistics"),
        .method = S("POST"),
        .path = S("/detector/{detector}/coverage/statistics"),
        .detector = probe_detector(probe) };
    (void)gd->kit->build->from_json(
            gd->call, S("{\"statisticsType\":[\"COUNT_BY_COVERAGE_STATUS\"]}"), &question.body);
    const struct tfa_aws_answer *answer =
            question.detector.len == 0 ? NULL : probe_ask(probe, &question);
    if (answer == NULL) {
        return;
    }
    tfa_val counts = gd->kit->value->find(
            gd->call, answer->body, S("/coverageStatistics/countByCoverageStatus"));
    int64_t healthy = count_of(gd, counts, S("HEALTHY"));
    int64_t sick = count_of(gd, counts, S("UNHEALTHY"));
    if (gd->kit->value->kind(gd->call, counts) != TFA_KIND_MAP || healthy < 0 || sick < 0) {
        probe_not_understood(probe, question.operation, "countByCoverageStatus");
        return;
    }
    if (healthy == 0 && sick == 0) {
        probe_skip(probe,
                gd_format(gd, "there is no workload to cover in %.*s", STR(probe->region)));
        return;
    }
    double minimum = COVERAGE_USUAL;
    (void)gd->kit->value->as_double(
            gd->call, gd_find(gd, "/coverage_minimum_percent"), &minimum);
    double share = 100.0 * (double)healthy / ((double)healthy + (double)sick);
    if (share < minimum) {
        struct fail fail = { .code = S(GD0161),
            .message = gd_format(gd,
                    "%lld of %lld workloads in %.*s have a healthy agent (%.1f %%)",
                    (long long)healthy, (long long)healthy + (long long)sick,
                    STR(probe->region), share),
            .expected = gd_format(gd, "%.1f %%", minimum),
            .actual = gd_format(gd, "%.1f %%", share),
            .detail = unhealthy(probe, question.detector) };
        probe_fail(probe, &fail);
    }
}

/* The bucket and prefix the intent means, as AWS says it; empty when the module chooses the name. */
static struct tfa_str wanted_destination(const struct probe *probe)
{
    const struct gd *gd = probe->gd;
    tfa_val export = gd_find(gd, "/export");
    struct tfa_str arn = gd_get_text(gd, export, S("bucket_arn"));
    struct tfa_str name = gd_get_text(gd, export, S("bucket_name"));
    struct tfa_str prefix = gd_get_text(gd, export, S("prefix"));
    if (arn.len == 0 && name.len > 0) {
        arn = gd_format(
                gd, "arn:%.*s:s3:::%.*s", STR(region_partition(probe->region)), STR(name));
    }
    return arn.len == 0 || prefix.len == 0 ? arn
                                           : gd_format(gd, "%.*s/%.*s", STR(arn), STR(prefix));
}

static struct tfa_str without_slash(struct tfa_str text)
{
    while (text.len > 0 && text.ptr[text.len - 1] == '/') {
        text.len--;
    }
    return text;
}

static void compare_destination(struct probe *probe, tfa_val body)
{
    const struct gd *gd = probe->gd;
    tfa_val properties = gd_get(gd, body, S("destinationProperties"));
    struct tfa_str arn = without_slash(gd_get_text(gd, properties, S("destinationArn")));
    struct tfa_str key = gd_get_text(gd, properties, S("kmsKeyArn"));
    struct tfa_str wanted = without_slash(wanted_destination(probe));
    struct tfa_str wanted_key = gd_get_text(gd, gd_find(gd, "/export"), S("kms_key_arn"));
    if (arn.len == 0) {
        probe_not_understood(probe, S("DescribePublishingDestination"), "destinationArn");
        return;
    }
    if (wanted.len > 0 && !tfa_str_eq(arn, wanted)) {
        struct fail fail = { .code = S(GD0172),
            .pointer = "/export/bucket_arn",
            .message = gd_format(
                    gd, "findings of %.*s go to \"%.*s\"", STR(probe->region), STR(arn)),
            .expected = wanted,
            .actual = arn };
        probe_fail(probe, &fail);
    }
    if (wanted_key.len > 0 && !tfa_str_eq(key, wanted_key)) {
        struct fail fail = { .code = S(GD0172),
            .pointer = "/export/kms_key_arn",
            .message = gd_format(
                    gd, "findings of %.*s are encrypted with another key", STR(probe->region)),
            .expected = wanted_key,
            .actual = key };
        probe_fail(probe, &fail);
    }
}

static void judge_destination(struct probe *probe, tfa_val body)
{
    const struct gd *gd = probe->gd;
    struct tfa_str status = gd_get_text(gd, body, S("status"));
    if (tfa_str_eq(status, S("PENDING_VERIFICATION"))) {
        probe_pending(probe,
                gd_format(gd, "AWS still verifies the export of %.*s", STR(probe->region)));
    } else if (tfa_str_eq(status, S("UNABLE_TO_PUBLISH_FIX_DESTINATION_PROPERTY")) ||
               tfa_str_eq(status, S("STOPPED"))) {
        struct fail fail = { .code = S(GD0173),
            .message = gd_format(
                    gd, "the export of %.*s is in state %.*s", STR(probe->region), STR(status)),
            .expected = S("PUBLISHING"),
            .actual = status };
        probe_fail(probe, &fail);
    } else if (!tfa_str_eq(status, S("PUBLISHING"))) {
        probe_not_understood(probe, S("DescribePublishingDestination"), "status");
    }
    compare_destination(probe, body);
}

void check_export(struct probe *probe)
{
    const struct gd *gd = probe->gd;
    struct question question = { .operation = S("ListPublishingDestinations"),
        .method = S("GET"),
        .path = S("/detector/{detector}/publishingDestination"),
        .detector = probe_detector(probe),
        .items = "/destinations" };
    const struct tfa_aws_answer *answer =
            question.detector.len == 0 ? NULL : probe_ask(probe, &question);
    if (answer == NULL) {
        return;
    }
    tfa_val destination = list_entry(gd, answer->items, S("destinationType"), S("S3"));
    if (destination == TFA_NONE) {
        struct fail fail = { .code = S(GD0171),
            .message = gd_format(gd, "findings of %.*s are not exported", STR(probe->region)),
            .expected = wanted_destination(probe) };
        probe_fail(probe, &fail);
        return;
    }
    struct question detail = { .operation = S("DescribePublishingDestination"),
        .method = S("GET"),
        .path = S("/detector/{detector}/publishingDestination/{id}"),
        .detector = question.detector,
        .id = gd_get_text(gd, destination, S("destinationId")) };
    if (detail.id.len == 0) {
        probe_not_understood(probe, question.operation, "destinationId");
        return;
    }
    const struct tfa_aws_answer *described = probe_ask(probe, &detail);
    if (described != NULL) {
        judge_destination(probe, described->body);
    }
}
