/* SPDX-License-Identifier: Apache-2.0 */
/* Which checks apply to an instance, and running one of them. */
#include "checks.h"

/* One check: for which role, for which field of the intent. */
struct check {
    struct tfa_str id;
    const char *pointer;
    bool (*applies)(const struct gd *gd, const struct intent *intent, struct tfa_str region);
    void (*run)(struct probe *probe);
};

static bool always(const struct gd *gd, const struct intent *intent, struct tfa_str region)
{
    (void)gd;
    (void)region;
    return intent_owns_detector(intent) || intent->role == ROLE_MEMBER;
}

static bool for_management(
        const struct gd *gd, const struct intent *intent, struct tfa_str region)
{
    (void)gd;
    (void)region;
    return intent->role == ROLE_MANAGEMENT;
}

static bool for_administrator(
        const struct gd *gd, const struct intent *intent, struct tfa_str region)
{
    (void)gd;
    (void)region;
    return intent->role == ROLE_ADMINISTRATOR;
}

static bool for_member(const struct gd *gd, const struct intent *intent, struct tfa_str region)
{
    (void)gd;
    (void)region;
    return intent->role == ROLE_MEMBER;
}

static bool with_members(
        const struct gd *gd, const struct intent *intent, struct tfa_str region)
{
    return for_administrator(gd, intent, region) && intent->members != MODE_OFF;
}

static bool with_runtime(
        const struct gd *gd, const struct intent *intent, struct tfa_str region)
{
    (void)gd;
    (void)region;
    return intent_owns_detector(intent) &&
           intent->protections[intent->runtime].mode != MODE_OFF;
}

static bool with_export(const struct gd *gd, const struct intent *intent, struct tfa_str region)
{
    (void)region;
    return intent_owns_detector(intent) && gd_is_set(gd, gd_find(gd, "/export"));
}

static bool for_owner(const struct gd *gd, const struct intent *intent, struct tfa_str region)
{
    (void)gd;
    (void)region;
    return intent_owns_detector(intent);
}

static bool with_malware(
        const struct gd *gd, const struct intent *intent, struct tfa_str region)
{
    tfa_val plans = gd_find(gd, "/s3_malware");
    TFA_EACH(gd->kit, gd->call, plans, i)
    {
        struct tfa_str own = gd_get_text(gd, gd_at(gd, plans, i), S("region"));
        if (own.len == 0 ? intent->region_count == 1 : tfa_str_eq(own, region)) {
            return true;
        }
    }
    return false;
}

static const struct check table[] = {
    { TFA_S_INIT(CHECK_GD_01), "/regions", always, check_detector },
    { TFA_S_INIT(CHECK_GD_02), "/protection", always, check_features },
    { TFA_S_INIT(CHECK_GD_03), "/delegated_admin_account", for_management, check_delegation },
    { TFA_S_INIT(CHECK_GD_04), "/protection", for_administrator, check_organization },
    { TFA_S_INIT(CHECK_GD_05), "/members", with_members, check_members },
    { TFA_S_INIT(CHECK_GD_06), "/protection", with_members, check_member_features },
    { TFA_S_INIT(CHECK_GD_07), "/coverage_minimum_percent", with_runtime, check_coverage },
    { TFA_S_INIT(CHECK_GD_08), "/export", with_export, check_export },
    { TFA_S_INIT(CHECK_GD_09), "/suppress", for_owner, check_filters },
    { TFA_S_INIT(CHECK_GD_10), "/s3_malware", with_malware, check_malware },
    { TFA_S_INIT(CHECK_GD_11), "/delegated_admin_account", for_member, check_administrator },
};

int32_t guardduty_list_checks(const struct gd *gd, tfa_val *ret_items)
{
    struct intent intent;
    if (!intent_read(gd, &intent)) {
        return TFA_E_MEMORY;
    }
    tfa_val items = gd->kit->build->list(gd->call);
    for (unsigned i = 0; i < sizeof(table) / sizeof(*table); i++) {
        for (uint64_t r = 0; r < intent.region_count; r++) {
            if (!table[i].applies(gd, &intent, intent.regions[r])) {
                continue;
            }
            tfa_val item = gd->kit->build->map(gd->call);
            gd_set_text(gd, item, S("id"), table[i].id);
            gd_set_text(gd, item, S("region"), intent.regions[r]);
            (void)gd->kit->build->append(gd->call, items, item);
        }
    }
    *ret_items = items;
    return TFA_OK;
}

int32_t guardduty_run_check(const struct gd *gd, tfa_val item)
{
    struct tfa_str id = gd_get_text(gd, item, S("id"));
    struct intent intent;
    if (!intent_read(gd, &intent)) {
        return TFA_E_MEMORY;
    }
    for (unsigned i = 0; i < sizeof(table) / sizeof(*table); i++) {
        if (!tfa_str_eq(table[i].id, id)) {
            continue;
        }
        struct probe probe = { .gd = gd,
            .intent = &intent,
            .region = gd_get_text(gd, item, S("region")),
            .pointer = table[i].pointer };
        table[i].run(&probe);
        if (probe.said == 0 && probe.failure == TFA_OK) {
            struct tfa_result pass = tfa_result_at(gd->config, TFA_RESULT_PASS);
            pass.pointer = tfa_str_of(probe.pointer);
            pass.flags = TFA_DIAG_AT_KEY;
            probe.failure = gd->kit->diag->result(gd->call, &pass);
        }
        return probe.failure;
    }
    return TFA_E_INVALID;
}
