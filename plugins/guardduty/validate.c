/* SPDX-License-Identifier: Apache-2.0 */
/* Validation: the place in the organization, the Regions, and the call of all other parts. */
#include "validate.h"

/* What the account ids say against the role, or empty. */
static struct tfa_str contradiction(const struct gd *gd, const struct intent *intent)
{
    bool is_delegated = tfa_str_eq(intent->account, intent->delegated);
    bool is_management = tfa_str_eq(intent->account, intent->management);
    if (intent->role == ROLE_ADMINISTRATOR && intent->delegated.len > 0 && !is_delegated) {
        return gd_format(gd, "account %.*s cannot be the delegated administrator, that is %.*s",
                STR(intent->account), STR(intent->delegated));
    }
    if (intent->role == ROLE_MANAGEMENT && intent->management.len > 0 && !is_management) {
        return gd_format(gd, "account %.*s cannot be the management account, that is %.*s",
                STR(intent->account), STR(intent->management));
    }
    if (intent->role == ROLE_MANAGEMENT && intent->management.len == 0 && is_delegated) {
        return gd_format(gd,
                "account %.*s is the delegated administrator, not the management account",
                STR(intent->account));
    }
    if (intent->role == ROLE_MEMBER && is_delegated) {
        return gd_format(gd, "account %.*s is the delegated administrator, not a member",
                STR(intent->account));
    }
    return S("");
}

void validate_place(const struct gd *gd, const struct intent *intent)
{
    if (intent->place_unknown) {
        return;
    }
    if (intent->role == ROLE_UNKNOWN) {
        gd_report(gd, gd->config, S(GD0001),
                S("nothing says whether this account administers GuardDuty or is a member"));
    }
    if (intent->role != ROLE_STANDALONE && intent->delegated.len == 0) {
        struct tfa_str role = role_text(intent->role);
        gd_report_under(gd, "/delegated_admin_account", S(GD0002),
                role.len == 0
                        ? S("delegated_admin_account is not set")
                        : gd_format(gd,
                                  "delegated_admin_account is not set, role \"%.*s\" needs it",
                                  STR(role)));
    }
    struct tfa_str wrong = intent->account.len == 0 ? S("") : contradiction(gd, intent);
    if (wrong.len > 0) {
        gd_report_under(gd, "/role", S(GD0003), wrong);
    }
    if (intent->delegated.len > 0 && tfa_str_eq(intent->delegated, intent->management)) {
        gd_report(gd, gd_find(gd, "/delegated_admin_account"), S(GD0004),
                gd_format(gd, "management account %.*s administers GuardDuty itself",
                        STR(intent->delegated)));
    }
}

void validate_regions(const struct gd *gd, const struct intent *intent)
{
    if (intent->region_count == 0 && !intent->regions_unknown) {
        gd_report_under(gd, "/regions", S(GD0005), S("no Region is given"));
    }
    for (uint64_t i = 1; i < intent->region_count; i++) {
        struct tfa_str first = region_partition(intent->regions[0]);
        struct tfa_str own = region_partition(intent->regions[i]);
        if (!tfa_str_eq(first, own)) {
            gd_report(gd, intent->regions_at[i], S(GD0006),
                    gd_format(gd, "Region %.*s is in partition %.*s, %.*s is in %.*s",
                            STR(intent->regions[i]), STR(own), STR(intent->regions[0]),
                            STR(first)));
        }
    }
    tfa_val detectors = gd_find(gd, "/existing_detectors");
    TFA_EACH(gd->kit, gd->call, detectors, i)
    {
        struct tfa_str region = gd_key_at(gd, detectors, i);
        if (!intent->regions_unknown && !intent_governs(intent, region)) {
            gd_report(gd, gd_at(gd, detectors, i), S(GD0007),
                    gd_format(gd, "Region %.*s is not governed", STR(region)));
        }
    }
}

void validate_entry_regions(const struct gd *gd, const struct intent *intent, tfa_val entry)
{
    tfa_val own = gd_get(gd, entry, S("regions"));
    TFA_EACH(gd->kit, gd->call, own, i)
    {
        tfa_val at = gd_at(gd, own, i);
        struct tfa_str region = gd_text(gd, at);
        if (region.len > 0 && !intent->regions_unknown && !intent_governs(intent, region)) {
            gd_report(gd, at, S(GD0007),
                    gd_format(gd, "Region %.*s is not governed", STR(region)));
        }
    }
}

void validate_partition(const struct gd *gd, const struct intent *intent, tfa_val arn)
{
    struct tfa_str text = gd_text(gd, arn);
    if (text.len == 0 || intent->region_count == 0) {
        return;
    }
    struct tfa_str rest = str_from(text, str_find(text, ':') + 1);
    struct tfa_str partition = str_to(rest, str_find(rest, ':'));
    struct tfa_str wanted = region_partition(intent->regions[0]);
    if (!tfa_str_eq(partition, wanted)) {
        gd_report(gd, arn, S(GD0022),
                gd_format(gd, "the ARN is of partition %.*s, Region %.*s of %.*s",
                        STR(partition), STR(intent->regions[0]), STR(wanted)));
    }
}

tfa_val first_with_same(const struct gd *gd, tfa_val list, uint64_t index, struct tfa_str key)
{
    struct tfa_str own = gd_get_text(gd, gd_at(gd, list, index), key);
    for (uint64_t i = 0; own.len > 0 && i < index; i++) {
        tfa_val at = gd_get(gd, gd_at(gd, list, i), key);
        if (tfa_str_eq(gd_text(gd, at), own)) {
            return at;
        }
    }
    return TFA_NONE;
}

bool entries_meet(const struct gd *gd, const struct intent *intent, tfa_val a, tfa_val b)
{
    for (uint64_t i = 0; i < intent->region_count; i++) {
        if (entry_holds_in(gd, a, intent->regions[i]) &&
                entry_holds_in(gd, b, intent->regions[i])) {
            return true;
        }
    }
    return false;
}

int32_t guardduty_validate(const struct gd *gd)
{
    struct intent intent;
    if (!intent_read(gd, &intent)) {
        return TFA_E_MEMORY;
    }
    validate_place(gd, &intent);
    validate_regions(gd, &intent);
    validate_protection(gd, &intent);
    validate_members(gd, &intent);
    validate_export(gd, &intent);
    validate_notify(gd, &intent);
    validate_rules(gd, &intent);
    validate_lists(gd, &intent);
    validate_malware(gd, &intent);
    return TFA_OK;
}
