/* SPDX-License-Identifier: Apache-2.0 */
/* Validation of protection plans, their agents, and member accounts that differ. */
#include "validate.h"

static void check_agents(const struct gd *gd, const struct intent *intent, enum feature feature)
{
    const struct protection *protection = &intent->protections[feature];
    const struct feature_kind *kind = feature_kind(feature);
    for (unsigned i = 0; i < AGENT__COUNT; i++) {
        tfa_val at = protection->agents_at[i];
        enum mode mode = protection->agents[i];
        struct tfa_str key = agent_kind((enum agent)i)->key;
        if (at == TFA_NONE || mode == MODE_UNKNOWN || protection->mode == MODE_UNKNOWN) {
            continue;
        }
        if (!feature_has_agent(feature, (enum agent)i)) {
            gd_report(gd, at, S(GD0015),
                    gd_format(gd, "%.*s has no agent \"%.*s\"", STR(kind->key), STR(key)));
        } else if (mode != MODE_OFF && protection->mode == MODE_OFF) {
            gd_report(gd, at, S(GD0012),
                    gd_format(gd, "agent \"%.*s\" is \"%.*s\" while %.*s is off", STR(key),
                            STR(mode_text(mode)), STR(kind->key)));
        } else if (mode > protection->mode) {
            gd_report(gd, at, S(GD0013),
                    gd_format(gd, "agent \"%.*s\" is \"%.*s\" while %.*s is only \"%.*s\"",
                            STR(key), STR(mode_text(mode)), STR(kind->key),
                            STR(mode_text(protection->mode))));
        }
    }
}

static void check_runtime(const struct gd *gd, const struct intent *intent)
{
    const struct protection *newer = &intent->protections[FEATURE_RUNTIME];
    const struct protection *legacy = &intent->protections[FEATURE_EKS_RUNTIME];
    if (newer->mode == MODE_UNKNOWN || legacy->mode == MODE_UNKNOWN) {
        return;
    }
    if (newer->mode != MODE_OFF && legacy->mode != MODE_OFF) {
        gd_report_second(gd, legacy->at, newer->at, S(GD0010),
                S("runtime and eks_runtime cannot both be on"));
    } else if (legacy->mode != MODE_OFF) {
        gd_report(gd, legacy->at, S(GD0011), S("eks_runtime is superseded by runtime"));
    }
    bool any = false;
    for (unsigned i = 0; i < AGENT__COUNT; i++) {
        any = any || newer->agents[i] != MODE_OFF;
    }
    if (newer->mode != MODE_OFF && !any) {
        gd_report(gd, gd_get(gd, newer->at, S("agents")), S(GD0014),
                S("runtime is on, but no agent is managed"));
    }
    if (newer->mode == MODE_OFF && legacy->mode == MODE_OFF) {
        tfa_val minimum = gd_find(gd, "/coverage_minimum_percent");
        if (gd_is_set(gd, minimum)) {
            gd_report(gd, minimum, S(GD0070), S("there is no runtime coverage to measure"));
        }
    }
}

static bool reaches_organization(const struct intent *intent)
{
    for (unsigned i = 0; i < FEATURE__COUNT; i++) {
        enum mode mode = intent->protections[i].mode;
        if (feature_kind((enum feature)i)->organization && mode != MODE_OFF &&
                mode != MODE_UNKNOWN) {
            return true;
        }
    }
    return false;
}

void validate_protection(const struct gd *gd, const struct intent *intent)
{
    check_runtime(gd, intent);
    check_agents(gd, intent, FEATURE_RUNTIME);
    check_agents(gd, intent, FEATURE_EKS_RUNTIME);
    tfa_val analyst = intent->protections[FEATURE_AI_ANALYST].at;
    struct tfa_str mode = gd_text(gd, analyst);
    if (tfa_str_eq(mode, S("all")) || tfa_str_eq(mode, S("new"))) {
        gd_report(gd, analyst, S(GD0016),
                gd_format(gd,
                        "ai_analyst cannot be \"%.*s\", it exists only on the administrator's "
                        "detector",
                        STR(mode)));
    }
    if (intent->role == ROLE_ADMINISTRATOR && intent->members == MODE_OFF &&
            reaches_organization(intent)) {
        gd_report(gd, gd_find(gd, "/members"), S(GD0017),
                S("members is \"none\" while protection is meant for other accounts"));
    }
}

/* An exception's agents, against its own status. */
static void check_exception_agents(const struct gd *gd, tfa_val entry, enum feature feature)
{
    tfa_val agents = gd_get(gd, entry, S("agents"));
    const struct feature_kind *kind = feature_kind(feature);
    if (!gd_is_set(gd, agents)) {
        return;
    }
    if (kind->agents == 0) {
        gd_report(gd, agents, S(GD0062), gd_format(gd, "%.*s has no agents", STR(kind->key)));
        return;
    }
    struct tfa_str status = gd_get_text(gd, entry, S("status"));
    for (unsigned i = 0; i < AGENT__COUNT; i++) {
        tfa_val at = gd_get(gd, agents, agent_kind((enum agent)i)->key);
        struct tfa_str key = agent_kind((enum agent)i)->key;
        if (!gd_is_set(gd, at) || gd_is_unknown(gd, at)) {
            continue;
        }
        if (!feature_has_agent(feature, (enum agent)i)) {
            gd_report(gd, at, S(GD0015),
                    gd_format(gd, "%.*s has no agent \"%.*s\"", STR(kind->key), STR(key)));
        } else if (mode_of(gd_text(gd, at)) != MODE_OFF && tfa_str_eq(status, S("off"))) {
            gd_report(gd, at, S(GD0012),
                    gd_format(gd, "agent \"%.*s\" is on while %.*s is off", STR(key),
                            STR(kind->key)));
        }
    }
}

static void check_repeated(
        const struct gd *gd, const struct intent *intent, tfa_val list, uint64_t index)
{
    tfa_val entry = gd_at(gd, list, index);
    for (uint64_t i = 0; i < index; i++) {
        tfa_val other = gd_at(gd, list, i);
        if (tfa_str_eq(gd_get_text(gd, other, S("account")),
                    gd_get_text(gd, entry, S("account"))) &&
                tfa_str_eq(gd_get_text(gd, other, S("protection")),
                        gd_get_text(gd, entry, S("protection"))) &&
                gd_get_text(gd, entry, S("account")).len > 0 &&
                entries_meet(gd, intent, other, entry)) {
            gd_report_second(gd, entry, other, S(GD0061),
                    gd_format(gd, "account %.*s has two exceptions for %.*s",
                            STR(gd_get_text(gd, entry, S("account"))),
                            STR(gd_get_text(gd, entry, S("protection")))));
            return;
        }
    }
}

void validate_members(const struct gd *gd, const struct intent *intent)
{
    tfa_val list = gd_find(gd, "/member_exceptions");
    TFA_EACH(gd->kit, gd->call, list, i)
    {
        tfa_val entry = gd_at(gd, list, i);
        tfa_val account = gd_get(gd, entry, S("account"));
        tfa_val protection = gd_get(gd, entry, S("protection"));
        enum feature feature = feature_by_key(gd_text(gd, protection));
        if (intent->delegated.len > 0 && tfa_str_eq(gd_text(gd, account), intent->delegated)) {
            gd_report(gd, account, S(GD0060),
                    gd_format(gd, "account %.*s is the administrator, not a member",
                            STR(intent->delegated)));
        }
        if (feature == FEATURE_AI_ANALYST) {
            gd_report(gd, protection, S(GD0016),
                    S("ai_analyst does not exist in member accounts"));
        } else if (feature != FEATURE__COUNT) {
            check_exception_agents(gd, entry, feature);
        }
        check_repeated(gd, intent, list, i);
        validate_entry_regions(gd, intent, entry);
    }
}
