/* SPDX-License-Identifier: Apache-2.0 */
/* GD-03, GD-04, GD-11: who administers GuardDuty, and what the organization's accounts get. */
#include "checks.h"

/* One administrator account of the organization. */
static void check_admin(struct probe *probe, tfa_val admin)
{
    const struct gd *gd = probe->gd;
    struct tfa_str id = gd_get_text(gd, admin, S("adminAccountId"));
    struct tfa_str status = gd_get_text(gd, admin, S("adminStatus"));
    struct tfa_str wanted = probe->intent->delegated;
    if (id.len == 0 || status.len == 0) {
        probe_not_understood(
                probe, S("ListOrganizationAdminAccounts"), "adminAccountId and adminStatus");
    } else if (!tfa_str_eq(id, wanted)) {
        struct fail fail = { .code = S(GD0122),
            .message = gd_format(gd, "account %.*s administers GuardDuty in %.*s, not %.*s",
                    STR(id), STR(probe->region), STR(wanted)),
            .expected = wanted,
            .actual = id };
        probe_fail(probe, &fail);
    } else if (!tfa_str_eq(status, S("ENABLED"))) {
        struct fail fail = { .code = S(GD0123),
            .message = gd_format(gd, "the delegation to %.*s in %.*s is in state %.*s", STR(id),
                    STR(probe->region), STR(status)),
            .expected = S("ENABLED"),
            .actual = status };
        probe_fail(probe, &fail);
    }
}

void check_delegation(struct probe *probe)
{
    const struct gd *gd = probe->gd;
    struct question question = { .operation = S("ListOrganizationAdminAccounts"),
        .method = S("GET"),
        .path = S("/admin"),
        .items = "/adminAccounts" };
    const struct tfa_aws_answer *answer = probe_ask(probe, &question);
    if (answer == NULL) {
        return;
    }
    if (gd_count(gd, answer->items) == 0) {
        struct fail fail = { .code = S(GD0121),
            .message = gd_format(gd, "the organization has no GuardDuty administrator in %.*s",
                    STR(probe->region)),
            .expected = probe->intent->delegated };
        probe_fail(probe, &fail);
    }
    TFA_EACH(gd->kit, gd->call, answer->items, i)
    {
        check_admin(probe, gd_at(gd, answer->items, i));
    }
}

/* One setting of the organization: autoEnable of a feature or of an agent. */
static void check_auto_enable(struct probe *probe, struct tfa_str code, struct tfa_str name,
        enum mode wanted, tfa_val entry, tfa_val at)
{
    const struct gd *gd = probe->gd;
    struct tfa_str actual =
            entry == TFA_NONE ? S("NONE") : gd_get_text(gd, entry, S("autoEnable"));
    if (wanted == MODE_UNKNOWN || tfa_str_eq(actual, mode_api(wanted))) {
        return;
    }
    if (actual.len == 0) {
        probe_not_understood(probe, S("DescribeOrganizationConfiguration"), "autoEnable");
        return;
    }
    struct fail fail = { .code = code,
        .at = at,
        .pointer = "/protection",
        .message = gd_format(gd, "the organization enables %.*s for %.*s in %.*s, not for %.*s",
                STR(name), STR(actual), STR(probe->region), STR(mode_api(wanted))),
        .expected = mode_api(wanted),
        .actual = actual };
    probe_fail(probe, &fail);
}

static void check_organization_features(struct probe *probe, tfa_val features)
{
    const struct gd *gd = probe->gd;
    for (unsigned i = 0; i < FEATURE__COUNT; i++) {
        const struct feature_kind *kind = feature_kind((enum feature)i);
        const struct protection *protection = &probe->intent->protections[i];
        if (!kind->organization) {
            continue;
        }
        tfa_val entry = list_entry(gd, features, S("name"), kind->name);
        check_auto_enable(
                probe, S(GD0132), kind->name, protection->mode, entry, protection->at);
        if (protection->mode == MODE_OFF || entry == TFA_NONE) {
            continue;
        }
        tfa_val additional = gd_get(gd, entry, S("additionalConfiguration"));
        for (unsigned a = 0; a < AGENT__COUNT; a++) {
            const struct agent_kind *agent = agent_kind((enum agent)a);
            tfa_val at = protection->agents_at[a];
            if (feature_has_agent((enum feature)i, (enum agent)a)) {
                check_auto_enable(probe, S(GD0133), agent->name, protection->agents[a],
                        list_entry(gd, additional, S("name"), agent->name),
                        at == TFA_NONE ? protection->at : at);
            }
        }
    }
}

static void check_enrollment(struct probe *probe, tfa_val body)
{
    const struct gd *gd = probe->gd;
    struct tfa_str actual = gd_get_text(gd, body, S("autoEnableOrganizationMembers"));
    struct tfa_str wanted = mode_api(probe->intent->members);
    if (actual.len == 0) {
        probe_not_understood(
                probe, S("DescribeOrganizationConfiguration"), "autoEnableOrganizationMembers");
    } else if (probe->intent->members != MODE_UNKNOWN && !tfa_str_eq(actual, wanted)) {
        struct fail fail = { .code = S(GD0131),
            .pointer = "/members",
            .message = gd_format(gd, "accounts are enrolled as %.*s in %.*s, not as %.*s",
                    STR(actual), STR(probe->region), STR(wanted)),
            .expected = wanted,
            .actual = actual };
        probe_fail(probe, &fail);
    }
    if (gd_truth(gd, gd_get(gd, body, S("memberAccountLimitReached")), false)) {
        struct fail fail = { .code = S(GD0134),
            .pointer = "/members",
            .message = gd_format(gd, "the limit of member accounts is reached in %.*s",
                    STR(probe->region)) };
        probe_fail(probe, &fail);
    }
}

void check_organization(struct probe *probe)
{
    struct question question = { .operation = S("DescribeOrganizationConfiguration"),
        .method = S("GET"),
        .path = S("/detector/{detector}/admin"),
        .detector = probe_detector(probe),
        .items = "/features" };
    const struct tfa_aws_answer *answer =
            question.detector.len == 0 ? NULL : probe_ask(probe, &question);
    if (answer == NULL) {
        return;
    }
    check_enrollment(probe, answer->body);
    check_organization_features(probe, answer->items);
}

void check_administrator(struct probe *probe)
{
    const struct gd *gd = probe->gd;
    struct question question = { .operation = S("GetAdministratorAccount"),
        .method = S("GET"),
        .path = S("/detector/{detector}/administrator"),
        .detector = probe_detector(probe) };
    const struct tfa_aws_answer *answer =
            question.detector.len == 0 ? NULL : probe_ask(probe, &question);
    if (answer == NULL) {
        return;
    }
    tfa_val administrator = gd_get(gd, answer->body, S("administrator"));
    struct tfa_str id = gd_get_text(gd, administrator, S("accountId"));
    struct tfa_str status = gd_get_text(gd, administrator, S("relationshipStatus"));
    struct tfa_str wanted = probe->intent->delegated;
    struct fail fail = { .expected = wanted, .actual = id };
    if (gd_count(gd, administrator) == 0) {
        fail.code = S(GD0201);
        fail.message =
                gd_format(gd, "the account has no administrator in %.*s", STR(probe->region));
    } else if (id.len == 0 || status.len == 0) {
        probe_not_understood(probe, question.operation, "accountId and relationshipStatus");
        return;
    } else if (!tfa_str_eq(id, wanted)) {
        fail.code = S(GD0202);
        fail.message = gd_format(gd, "the account is administered by %.*s in %.*s, not by %.*s",
                STR(id), STR(probe->region), STR(wanted));
    } else if (!tfa_str_eq(status, S("Enabled"))) {
        fail.code = S(GD0203);
        fail.message = gd_format(gd, "the relationship to %.*s in %.*s is in state \"%.*s\"",
                STR(id), STR(probe->region), STR(status));
        fail.expected = S("Enabled");
        fail.actual = status;
    } else {
        return;
    }
    probe_fail(probe, &fail);
}
