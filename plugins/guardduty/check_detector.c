/* SPDX-License-Identifier: Apache-2.0 */
/* GD-01, GD-02: the account's own detector and its features. */
#include "checks.h"

static const struct tfa_aws_answer *get_detector(struct probe *probe, struct tfa_str id)
{
    struct question question = { .operation = S("GetDetector"),
        .method = S("GET"),
        .path = S("/detector/{detector}"),
        .detector = id };
    return probe_ask(probe, &question);
}

static struct tfa_str detector_name(const struct probe *probe, struct tfa_str id)
{
    return gd_format(probe->gd, "detector/%.*s", STR(id));
}

/* As publish_every says it; a frequency it cannot say, as the API does. */
static struct tfa_str frequency_text(struct tfa_str frequency)
{
    if (tfa_str_eq(frequency, S("FIFTEEN_MINUTES"))) {
        return S("15m");
    }
    if (tfa_str_eq(frequency, S("ONE_HOUR"))) {
        return S("1h");
    }
    return tfa_str_eq(frequency, S("SIX_HOURS")) ? S("6h") : frequency;
}

static void check_frequency(struct probe *probe, tfa_val body, struct tfa_str id)
{
    const struct gd *gd = probe->gd;
    struct tfa_str actual = gd_get_text(gd, body, S("findingPublishingFrequency"));
    struct tfa_str wanted = probe->intent->frequency;
    /* Members take the frequency of their administrator. */
    if (!intent_owns_detector(probe->intent) || wanted.len == 0) {
        return;
    }
    if (actual.len == 0) {
        probe_not_understood(probe, S("GetDetector"), "findingPublishingFrequency");
    } else if (!tfa_str_eq(actual, wanted)) {
        struct fail fail = { .code = S(GD0104),
            .pointer = "/publish_every",
            .message = gd_format(gd,
                    "repeated findings are published every %.*s in %.*s, the intent says %.*s",
                    STR(frequency_text(actual)), STR(probe->region),
                    STR(frequency_text(wanted))),
            .expected = wanted,
            .actual = actual,
            .resource = detector_name(probe, id) };
        probe_fail(probe, &fail);
    }
}

void check_detector(struct probe *probe)
{
    const struct gd *gd = probe->gd;
    struct question question = { .operation = S("ListDetectors"),
        .method = S("GET"),
        .path = S("/detector"),
        .items = "/detectorIds" };
    const struct tfa_aws_answer *list = probe_ask(probe, &question);
    if (list == NULL) {
        return;
    }
    uint64_t count = gd_count(gd, list->items);
    if (count != 1) {
        struct fail fail = { .code = count == 0 ? S(GD0101) : S(GD0102),
            .message = gd_format(gd, "%llu detectors in %.*s instead of one",
                    (unsigned long long)count, STR(probe->region)) };
        probe_fail(probe, &fail);
        return;
    }
    struct tfa_str id = gd_text(gd, gd_at(gd, list->items, 0));
    const struct tfa_aws_answer *detector = id.len == 0 ? NULL : get_detector(probe, id);
    if (id.len == 0) {
        probe_not_understood(probe, question.operation, "detector id");
    }
    if (detector == NULL) {
        return;
    }
    struct tfa_str status = gd_get_text(gd, detector->body, S("status"));
    if (tfa_str_eq(status, S("DISABLED"))) {
        struct fail fail = { .code = S(GD0103),
            .message = gd_format(gd, "the detector in %.*s is suspended", STR(probe->region)),
            .expected = S("ENABLED"),
            .actual = status,
            .resource = detector_name(probe, id) };
        probe_fail(probe, &fail);
    } else if (!tfa_str_eq(status, S("ENABLED"))) {
        probe_not_understood(probe, S("GetDetector"), "status");
    }
    check_frequency(probe, detector->body, id);
}

/* -1: neither on nor off is known. */
static int is_on(const struct gd *gd, tfa_val entry)
{
    struct tfa_str status = gd_get_text(gd, entry, S("status"));
    if (entry == TFA_NONE || tfa_str_eq(status, S("DISABLED"))) {
        return 0;
    }
    return tfa_str_eq(status, S("ENABLED")) ? 1 : -1;
}

/* Where a difference is reported, and how the thing that differs is called. */
struct difference {
    struct tfa_str code;
    struct tfa_str name; /* "S3_DATA_EVENTS" */
    struct tfa_str owner;
    tfa_val at;
    const char *pointer;
};

static void compare(struct probe *probe, const struct difference *difference, enum mode wanted,
        tfa_val entry)
{
    const struct gd *gd = probe->gd;
    int on = is_on(gd, entry);
    if (wanted == MODE_UNKNOWN || wanted == MODE_NEW) {
        return;
    }
    if (on < 0) {
        probe_unknown(probe, S(GD0903),
                gd_format(gd, "status of %.*s in %.*s is \"%.*s\", which is not known",
                        STR(difference->name), STR(probe->region),
                        STR(gd_get_text(gd, entry, S("status")))));
        return;
    }
    bool want = wanted == MODE_ALL;
    if (want == (on == 1)) {
        return;
    }
    struct tfa_str owner = difference->owner;
    struct fail fail = { .code = difference->code,
        .at = difference->at,
        .pointer = difference->pointer,
        .message = gd_format(gd, "%.*s is %s in %.*s%s%.*s, the intent wants it %s",
                STR(difference->name), want ? "off" : "on", STR(probe->region),
                owner.len > 0 ? " of account " : "", STR(owner), want ? "on" : "off"),
        .expected = want ? S("ENABLED") : S("DISABLED"),
        .actual = want ? S("DISABLED") : S("ENABLED") };
    probe_fail(probe, &fail);
}

static struct wanted wanted_of(
        const struct probe *probe, enum feature feature, struct tfa_str account, bool own)
{
    struct wanted wanted =
            intent_wanted_of_member(probe->gd, probe->intent, feature, account, probe->region);
    if (!own) {
        return wanted;
    }
    /* "new" is about accounts that join later: the administrator itself has it. */
    const struct protection *protection = &probe->intent->protections[feature];
    wanted.mode = protection->mode == MODE_NEW ? MODE_ALL : protection->mode;
    wanted.at = protection->at;
    for (unsigned i = 0; i < AGENT__COUNT; i++) {
        enum mode mode = protection->agents[i];
        wanted.agents[i] = mode == MODE_NEW ? MODE_ALL : mode;
        wanted.agents_at[i] = protection->agents_at[i];
    }
    return wanted;
}

void compare_features(struct probe *probe, tfa_val features, struct tfa_str owner, bool own,
        const struct feature_codes *codes)
{
    const struct gd *gd = probe->gd;
    struct tfa_str account = owner.len > 0 ? owner : probe->intent->account;
    for (unsigned i = 0; i < FEATURE__COUNT; i++) {
        const struct feature_kind *kind = feature_kind((enum feature)i);
        struct wanted wanted = wanted_of(probe, (enum feature)i, account, own);
        tfa_val entry = list_entry(gd, features, S("name"), kind->name);
        struct difference difference = { .code = wanted.mode == MODE_OFF ? codes->on
                                                                         : codes->off,
            .name = kind->name,
            .owner = owner,
            .at = wanted.at,
            .pointer = gd_format(gd, "/protection/%.*s", STR(kind->key)).ptr };
        compare(probe, &difference, wanted.mode, entry);
        if (wanted.mode == MODE_OFF || is_on(gd, entry) != 1) {
            continue;
        }
        tfa_val additional = gd_get(gd, entry, S("additionalConfiguration"));
        for (unsigned a = 0; a < AGENT__COUNT; a++) {
            const struct agent_kind *agent = agent_kind((enum agent)a);
            difference.code = codes->agent;
            difference.name = agent->name;
            difference.at = wanted.agents_at[a] != TFA_NONE ? wanted.agents_at[a] : wanted.at;
            if (feature_has_agent((enum feature)i, (enum agent)a)) {
                compare(probe, &difference, wanted.agents[a],
                        list_entry(gd, additional, S("name"), agent->name));
            }
        }
    }
}

void check_features(struct probe *probe)
{
    static const struct feature_codes codes = { TFA_S_INIT(GD0111), TFA_S_INIT(GD0112),
        TFA_S_INIT(GD0113) };
    struct tfa_str id = probe_detector(probe);
    const struct tfa_aws_answer *detector = id.len == 0 ? NULL : get_detector(probe, id);
    if (detector == NULL) {
        return;
    }
    tfa_val features = gd_get(probe->gd, detector->body, S("features"));
    if (probe->gd->kit->value->kind(probe->gd->call, features) != TFA_KIND_LIST) {
        probe_not_understood(probe, S("GetDetector"), "features");
        return;
    }
    compare_features(probe, features, S(""), intent_owns_detector(probe->intent), &codes);
}
