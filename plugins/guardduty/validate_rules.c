/* SPDX-License-Identifier: Apache-2.0 */
/* Validation of suppression rules: names, ranks, and conditions that archive too much or nothing. */
#include "validate.h"

#define RULES_MAX     100
#define RANK_MAX      100
#define NAME_MIN      3
#define NAME_MAX      64
#define HIGH_SEVERITY 7

/* Comparisons by which a field is bound, the strict one of a side first. */
static const struct tfa_str lower_keys[] = { TFA_S_INIT("greater_than"),
    TFA_S_INIT("greater_than_or_equal") };
static const struct tfa_str upper_keys[] = { TFA_S_INIT("less_than"),
    TFA_S_INIT("less_than_or_equal") };
static const struct tfa_str list_keys[] = { TFA_S_INIT("equals"), TFA_S_INIT("not_equals"),
    TFA_S_INIT("matches"), TFA_S_INIT("not_matches") };

/* The whole numbers a condition lets through at most. */
struct bounds {
    int64_t lowest;
    int64_t highest;
    unsigned lower_count;
    unsigned upper_count;
};

static void check_name(const struct gd *gd, tfa_val list, uint64_t index)
{
    tfa_val at = gd_get(gd, gd_at(gd, list, index), S("name"));
    struct tfa_str name = gd_text(gd, at);
    if (name.len == 0) {
        return;
    }
    bool good = name.len >= NAME_MIN && name.len <= NAME_MAX;
    for (uint64_t i = 0; i < name.len; i++) {
        char c = name.ptr[i];
        good = good && ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                               (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-');
    }
    if (!good) {
        gd_report(gd, at, S(GD0030),
                gd_format(gd, "\"%.*s\" is not a name GuardDuty takes", STR(name)));
    }
    tfa_val first = first_with_same(gd, list, index, S("name"));
    if (first != TFA_NONE) {
        gd_report_second(gd, at, first, S(GD0036),
                gd_format(gd, "two rules are called \"%.*s\"", STR(name)));
    }
}

static void check_rank(
        const struct gd *gd, const struct intent *intent, tfa_val list, uint64_t index)
{
    tfa_val entry = gd_at(gd, list, index);
    tfa_val at = gd_get(gd, entry, S("rank"));
    int64_t rank = 0;
    if (gd->kit->value->as_int(gd->call, at, &rank) != TFA_OK) {
        return;
    }
    if (rank < 1 || rank > RANK_MAX) {
        gd_report(gd, at, S(GD0031),
                gd_format(gd, "rank %lld is not between 1 and %d", (long long)rank, RANK_MAX));
    }
    for (uint64_t i = 0; i < index; i++) {
        tfa_val other = gd_at(gd, list, i);
        tfa_val first = gd_get(gd, other, S("rank"));
        if (gd->kit->value->equal(gd->call, first, at) == 1 &&
                entries_meet(gd, intent, other, entry)) {
            gd_report_second(gd, at, first, S(GD0032),
                    gd_format(gd, "rank %lld is used by \"%.*s\" already", (long long)rank,
                            STR(gd_get_text(gd, other, S("name")))));
            return;
        }
    }
}

static struct bounds read_bounds(const struct gd *gd, tfa_val condition)
{
    struct bounds bounds = { INT64_MIN, INT64_MAX, 0, 0 };
    for (unsigned i = 0; i < 2; i++) {
        int64_t number = 0;
        if (gd->kit->value->as_int(gd->call, gd_get(gd, condition, lower_keys[i]), &number) ==
                TFA_OK) {
            int64_t lowest = i == 0 && number < INT64_MAX ? number + 1 : number;
            bounds.lowest = lowest > bounds.lowest ? lowest : bounds.lowest;
            bounds.lower_count++;
        }
        if (gd->kit->value->as_int(gd->call, gd_get(gd, condition, upper_keys[i]), &number) ==
                TFA_OK) {
            int64_t highest = i == 0 && number > INT64_MIN ? number - 1 : number;
            bounds.highest = highest < bounds.highest ? highest : bounds.highest;
            bounds.upper_count++;
        }
    }
    return bounds;
}

static void check_condition(
        const struct gd *gd, struct tfa_str field, tfa_val condition, struct bounds bounds)
{
    unsigned lists = 0;
    for (unsigned i = 0; i < sizeof(list_keys) / sizeof(*list_keys); i++) {
        lists += gd_is_set(gd, gd_get(gd, condition, list_keys[i]));
    }
    unsigned ranges = bounds.lower_count + bounds.upper_count;
    if ((lists > 0 && ranges > 0) || bounds.lower_count > 1 || bounds.upper_count > 1) {
        gd_report(gd, condition, S(GD0039),
                gd_format(gd, "the comparisons of %.*s contradict each other", STR(field)));
    } else if (bounds.lowest > bounds.highest) {
        gd_report(gd, condition, S(GD0037),
                gd_format(gd, "no finding can meet the bounds of %.*s", STR(field)));
    }
    bool by_value = lists > 0 || gd->kit->value->kind(gd->call, condition) == TFA_KIND_LIST;
    if (by_value && tfa_str_eq(field, S("severity"))) {
        gd_report(gd, condition, S(GD0034), S("severity is compared with single values"));
    }
}

/* Is the field limited to values that were chosen one by one? */
static bool names_values(const struct gd *gd, tfa_val condition)
{
    return gd->kit->value->kind(gd->call, condition) == TFA_KIND_LIST ||
           gd_is_set(gd, gd_get(gd, condition, S("equals"))) ||
           gd_is_set(gd, gd_get(gd, condition, S("matches")));
}

/* Severities are fractions: "at most 6" and "below 7" stay under 7, "at most 7" does not. A rule that
 * names its finding types was written with their severity in mind. */
static bool reaches_high(const struct gd *gd, tfa_val when)
{
    tfa_val severity = gd_get(gd, when, S("severity"));
    if (!gd_is_set(gd, severity)) {
        return !names_values(gd, gd_get(gd, when, S("type")));
    }
    if (gd_is_unknown(gd, severity) ||
            gd->kit->value->kind(gd->call, severity) == TFA_KIND_LIST ||
            names_values(gd, severity)) {
        return false; /* GD0034 speaks */
    }
    return read_bounds(gd, severity).highest >= HIGH_SEVERITY;
}

static void check_when(const struct gd *gd, tfa_val entry)
{
    tfa_val when = gd_get(gd, entry, S("when"));
    if (gd_is_unknown(gd, when)) {
        return;
    }
    if (gd_count(gd, when) == 0) {
        gd_report(gd, gd_is_set(gd, when) ? when : entry, S(GD0038),
                S("the rule has no condition"));
        return;
    }
    TFA_EACH(gd->kit, gd->call, when, i)
    {
        tfa_val condition = gd_at(gd, when, i);
        if (!gd_is_unknown(gd, condition)) {
            check_condition(gd, gd_key_at(gd, when, i), condition, read_bounds(gd, condition));
        }
    }
    bool archives = !tfa_str_eq(gd_get_text(gd, entry, S("action")), S("noop"));
    if (archives && reaches_high(gd, when) &&
            !gd_truth(gd, gd_get(gd, entry, S("allow_high")), false)) {
        tfa_val severity = gd_get(gd, when, S("severity"));
        gd_report(gd, gd_is_set(gd, severity) ? severity : when, S(GD0035),
                gd_format(gd, "rule \"%.*s\" archives findings of severity 7 and above",
                        STR(gd_shown(gd, gd_get(gd, entry, S("name"))))));
    }
}

void validate_rules(const struct gd *gd, const struct intent *intent)
{
    tfa_val list = gd_find(gd, "/suppress");
    if (gd_count(gd, list) > RULES_MAX) {
        gd_report(gd, gd_at(gd, list, RULES_MAX), S(GD0033),
                gd_format(gd, "%llu rules, GuardDuty holds %d",
                        (unsigned long long)gd_count(gd, list), RULES_MAX));
    }
    TFA_EACH(gd->kit, gd->call, list, i)
    {
        check_name(gd, list, i);
        check_rank(gd, intent, list, i);
        check_when(gd, gd_at(gd, list, i));
        validate_entry_regions(gd, intent, gd_at(gd, list, i));
    }
}
