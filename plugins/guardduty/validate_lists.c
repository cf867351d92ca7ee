/* SPDX-License-Identifier: Apache-2.0 */
/* Validation against quotas of address lists and of malware protection for S3. */
#include "validate.h"

#define TRUSTED_LISTS_MAX   1
#define TRUSTED_ENTRIES_MAX 2000
#define THREAT_LISTS_MAX    6
#define THREAT_ENTRIES_MAX  250000
#define PREFIXES_MAX        5
#define PLANS_USUAL         25

/* One kind of address list and its quotas. */
struct list_kind {
    const char *pointer;
    const char *noun;
    int64_t active_max;
    int64_t entries_max;
    struct tfa_str too_many;
    struct tfa_str too_long;
};

/* The entry that is one too many in some Region, or TFA_NONE. */
static tfa_val surplus_list(
        const struct gd *gd, const struct intent *intent, tfa_val list, int64_t active_max)
{
    for (uint64_t r = 0; r < intent->region_count; r++) {
        int64_t active = 0;
        TFA_EACH(gd->kit, gd->call, list, i)
        {
            tfa_val entry = gd_at(gd, list, i);
            bool counts = gd_truth(gd, gd_get(gd, entry, S("activate")), true) &&
                          entry_holds_in(gd, entry, intent->regions[r]);
            active += counts ? 1 : 0;
            if (counts && active > active_max) {
                return entry;
            }
        }
    }
    return TFA_NONE;
}

static void check_lists(
        const struct gd *gd, const struct intent *intent, const struct list_kind *kind)
{
    tfa_val list = gd_find(gd, kind->pointer);
    tfa_val surplus = surplus_list(gd, intent, list, kind->active_max);
    if (surplus != TFA_NONE) {
        gd_report(gd, surplus, kind->too_many,
                gd_format(gd, "a Region keeps at most %lld active %s",
                        (long long)kind->active_max, kind->noun));
    }
    TFA_EACH(gd->kit, gd->call, list, i)
    {
        tfa_val entry = gd_at(gd, list, i);
        tfa_val entries = gd_get(gd, entry, S("entries"));
        int64_t number = 0;
        if (gd->kit->value->as_int(gd->call, entries, &number) == TFA_OK &&
                number > kind->entries_max) {
            gd_report(gd, entries, kind->too_long,
                    gd_format(gd, "%lld entries, at most %lld fit", (long long)number,
                            (long long)kind->entries_max));
        }
        tfa_val first = first_with_same(gd, list, i, S("name"));
        if (first != TFA_NONE) {
            gd_report_second(gd, gd_get(gd, entry, S("name")), first, S(GD0044),
                    gd_format(gd, "two lists are called \"%.*s\"",
                            STR(gd_get_text(gd, entry, S("name")))));
        }
        validate_entry_regions(gd, intent, entry);
    }
}

void validate_lists(const struct gd *gd, const struct intent *intent)
{
    static const struct list_kind trusted = {
        .pointer = "/trusted_ip_lists",
        .noun = "trusted list",
        .active_max = TRUSTED_LISTS_MAX,
        .entries_max = TRUSTED_ENTRIES_MAX,
        .too_many = TFA_S_INIT(GD0040),
        .too_long = TFA_S_INIT(GD0041),
    };
    static const struct list_kind threat = {
        .pointer = "/threat_lists",
        .noun = "threat lists",
        .active_max = THREAT_LISTS_MAX,
        .entries_max = THREAT_ENTRIES_MAX,
        .too_many = TFA_S_INIT(GD0043),
        .too_long = TFA_S_INIT(GD0042),
    };
    check_lists(gd, intent, &trusted);
    check_lists(gd, intent, &threat);
}

static void check_plan_region(const struct gd *gd, const struct intent *intent, tfa_val entry)
{
    tfa_val at = gd_get(gd, entry, S("region"));
    struct tfa_str region = gd_text(gd, at);
    if (gd_is_unknown(gd, at) || intent->regions_unknown) {
        return;
    }
    if (region.len == 0 && intent->region_count > 1) {
        gd_report(gd, gd_get(gd, entry, S("bucket")), S(GD0054),
                gd_format(gd, "nothing says in which Region bucket \"%.*s\" is",
                        STR(gd_shown(gd, gd_get(gd, entry, S("bucket"))))));
    } else if (region.len > 0 && !intent_governs(intent, region)) {
        gd_report(gd, at, S(GD0052), gd_format(gd, "Region %.*s is not governed", STR(region)));
    }
}

void validate_malware(const struct gd *gd, const struct intent *intent)
{
    tfa_val list = gd_find(gd, "/s3_malware");
    if (gd_count(gd, list) > PLANS_USUAL) {
        gd_report(gd, gd_at(gd, list, PLANS_USUAL), S(GD0053),
                gd_format(gd, "%llu buckets, the usual quota is about %d",
                        (unsigned long long)gd_count(gd, list), PLANS_USUAL));
    }
    TFA_EACH(gd->kit, gd->call, list, i)
    {
        tfa_val entry = gd_at(gd, list, i);
        tfa_val prefixes = gd_get(gd, entry, S("prefixes"));
        if (gd_count(gd, prefixes) > PREFIXES_MAX) {
            gd_report(gd, gd_at(gd, prefixes, PREFIXES_MAX), S(GD0050),
                    gd_format(gd, "%llu prefixes, a plan takes %d",
                            (unsigned long long)gd_count(gd, prefixes), PREFIXES_MAX));
        }
        tfa_val first = first_with_same(gd, list, i, S("bucket"));
        if (first != TFA_NONE) {
            gd_report_second(gd, gd_get(gd, entry, S("bucket")), first, S(GD0051),
                    gd_format(gd, "bucket \"%.*s\" is named twice",
                            STR(gd_get_text(gd, entry, S("bucket")))));
        }
        check_plan_region(gd, intent, entry);
        validate_partition(gd, intent, gd_get(gd, entry, S("role_arn")));
        validate_partition(gd, intent, gd_get(gd, entry, S("kms_key_arn")));
    }
}
