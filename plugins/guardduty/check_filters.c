/* SPDX-License-Identifier: Apache-2.0 */
/* GD-09: the rules of the intent are there as written, and no other rule archives findings. */
#include "checks.h"

/* A comparison as the intent writes it, and the two names the API has for it. */
struct comparison {
    struct tfa_str key;
    struct tfa_str name;
    struct tfa_str old_name;
    bool list;
};

static const struct comparison comparisons[] = {
    { TFA_S_INIT("equals"), TFA_S_INIT("equals"), TFA_S_INIT("eq"), true },
    { TFA_S_INIT("not_equals"), TFA_S_INIT("notEquals"), TFA_S_INIT("neq"), true },
    { TFA_S_INIT("matches"), TFA_S_INIT("matches"), TFA_S_INIT("matches"), true },
    { TFA_S_INIT("not_matches"), TFA_S_INIT("notMatches"), TFA_S_INIT("notMatches"), true },
    { TFA_S_INIT("greater_than"), TFA_S_INIT("greaterThan"), TFA_S_INIT("gt"), false },
    { TFA_S_INIT("greater_than_or_equal"), TFA_S_INIT("greaterThanOrEqual"), TFA_S_INIT("gte"),
            false },
    { TFA_S_INIT("less_than"), TFA_S_INIT("lessThan"), TFA_S_INIT("lt"), false },
    { TFA_S_INIT("less_than_or_equal"), TFA_S_INIT("lessThanOrEqual"), TFA_S_INIT("lte"),
            false },
};

static bool list_holds(const struct gd *gd, tfa_val list, struct tfa_str text)
{
    TFA_EACH(gd->kit, gd->call, list, i)
    {
        if (tfa_str_eq(gd_scalar_text(gd, gd_at(gd, list, i)), text)) {
            return true;
        }
    }
    return false;
}

/* The same values in whatever order. */
static bool same_set(const struct gd *gd, tfa_val a, tfa_val b)
{
    bool same = true;
    TFA_EACH(gd->kit, gd->call, a, i)
    {
        same = same && list_holds(gd, b, gd_scalar_text(gd, gd_at(gd, a, i)));
    }
    TFA_EACH(gd->kit, gd->call, b, j)
    {
        same = same && list_holds(gd, a, gd_scalar_text(gd, gd_at(gd, b, j)));
    }
    return same;
}

/* The API answers a comparison under its new name, its old one, or both; an empty list means none. */
static tfa_val actual_of(
        const struct gd *gd, tfa_val condition, const struct comparison *comparison)
{
    tfa_val v = gd_get(gd, condition, comparison->name);
    if (v == TFA_NONE || (comparison->list && gd_count(gd, v) == 0)) {
        v = gd_get(gd, condition, comparison->old_name);
    }
    return comparison->list && gd_count(gd, v) == 0 ? TFA_NONE : v;
}

static bool same_condition(const struct gd *gd, tfa_val wanted, tfa_val actual)
{
    bool plain = gd->kit->value->kind(gd->call, wanted) == TFA_KIND_LIST;
    for (unsigned i = 0; i < sizeof(comparisons) / sizeof(*comparisons); i++) {
        tfa_val want =
                plain ? (i == 0 ? wanted : TFA_NONE) : gd_get(gd, wanted, comparisons[i].key);
        tfa_val have = actual_of(gd, actual, &comparisons[i]);
        if ((want == TFA_NONE) != (have == TFA_NONE)) {
            return false;
        }
        if (want != TFA_NONE &&
                (comparisons[i].list ? !same_set(gd, want, have)
                                     : gd->kit->value->equal(gd->call, want, have) != 1)) {
            return false;
        }
    }
    return true;
}

/* The first field whose condition differs, or empty. */
static struct tfa_str different_field(const struct gd *gd, tfa_val when, tfa_val criterion)
{
    TFA_EACH(gd->kit, gd->call, when, i)
    {
        struct tfa_str field = gd_key_at(gd, when, i);
        if (!same_condition(gd, gd_at(gd, when, i), gd_get(gd, criterion, field))) {
            return field;
        }
    }
    TFA_EACH(gd->kit, gd->call, criterion, j)
    {
        struct tfa_str field = gd_key_at(gd, criterion, j);
        if (gd_get(gd, when, field) == TFA_NONE) {
            return field;
        }
    }
    return S("");
}

static void say_different(struct probe *probe, tfa_val rule, struct tfa_str what,
        struct tfa_str expected, struct tfa_str actual)
{
    const struct gd *gd = probe->gd;
    struct fail fail = { .code = S(GD0183),
        .at = rule,
        .message = gd_format(gd, "%.*s of rule \"%.*s\" differs in %.*s", STR(what),
                STR(gd_get_text(gd, rule, S("name"))), STR(probe->region)),
        .expected = expected,
        .actual = actual };
    probe_fail(probe, &fail);
}

static void compare_rule(struct probe *probe, tfa_val rule, tfa_val body)
{
    const struct gd *gd = probe->gd;
    bool noop = tfa_str_eq(gd_get_text(gd, rule, S("action")), S("noop"));
    struct tfa_str action = gd_get_text(gd, body, S("action"));
    struct tfa_str wanted = noop ? S("NOOP") : S("ARCHIVE");
    tfa_val rank = gd_get(gd, body, S("rank"));
    tfa_val criterion = gd->kit->value->find(gd->call, body, S("/findingCriteria/criterion"));
    if (gd->kit->value->kind(gd->call, criterion) != TFA_KIND_MAP || action.len == 0) {
        probe_not_understood(probe, S("GetFilter"), "action and findingCriteria");
        return;
    }
    if (!tfa_str_eq(action, wanted)) {
        say_different(probe, rule, S("the action"), wanted, action);
    }
    if (rank != TFA_NONE &&
            gd->kit->value->equal(gd->call, rank, gd_get(gd, rule, S("rank"))) != 1) {
        say_different(probe, rule, S("the rank"),
                gd_scalar_text(gd, gd_get(gd, rule, S("rank"))), gd_scalar_text(gd, rank));
    }
    struct tfa_str field = different_field(gd, gd_get(gd, rule, S("when")), criterion);
    if (field.len > 0) {
        say_different(
                probe, rule, gd_format(gd, "the condition on %.*s", STR(field)), S(""), S(""));
    }
}

/* A filter that exists, beside the rule of the same name or TFA_NONE. */
static void judge_filter(struct probe *probe, tfa_val rule, struct tfa_str name,
        const struct tfa_aws_answer *answer)
{
    const struct gd *gd = probe->gd;
    if (probe_answer(probe, answer) == NULL) {
        return;
    }
    if (rule != TFA_NONE) {
        compare_rule(probe, rule, answer->body);
        return;
    }
    struct tfa_str action = gd_get_text(gd, answer->body, S("action"));
    if (tfa_str_eq(action, S("ARCHIVE"))) {
        struct fail fail = { .code = S(GD0182),
            .message = gd_format(gd,
                    "filter \"%.*s\" archives findings in %.*s and is not in the intent",
                    STR(name), STR(probe->region)),
            .actual = action };
        probe_fail(probe, &fail);
    } else if (action.len == 0) {
        probe_not_understood(probe, S("GetFilter"), "action");
    }
}

static tfa_val rule_called(const struct probe *probe, struct tfa_str name)
{
    const struct gd *gd = probe->gd;
    tfa_val rule = list_entry(gd, gd_find(gd, "/suppress"), S("name"), name);
    return entry_holds_in(gd, rule, probe->region) ? rule : TFA_NONE;
}

static void ask_filters(struct probe *probe, struct tfa_str detector,
        const struct tfa_str *names, uint64_t count)
{
    const struct gd *gd = probe->gd;
    struct question *questions = gd->kit->call->alloc(gd->call, count * sizeof(*questions));
    if (questions == NULL) {
        probe->failure = TFA_E_MEMORY;
        return;
    }
    for (uint64_t i = 0; i < count; i++) {
        questions[i] = (struct question){ .operation = S("GetFilter"),
            .method = S("GET"),
            .path = S("/detector/{detector}/filter/{id}"),
            .detector = detector,
            .id = names[i] };
    }
    const struct tfa_aws_answer *const *answers =
            count == 0 ? NULL : probe_ask_all(probe, questions, count);
    for (uint64_t i = 0; answers != NULL && i < count; i++) {
        judge_filter(probe, rule_called(probe, names[i]), names[i], answers[i]);
    }
}

/* Names of all filters there are; where AWS does not list them, those of the intent, so that at least
 * these are compared. */
static uint64_t filter_names(
        struct probe *probe, const struct tfa_aws_answer *listed, struct tfa_str *ret_names)
{
    const struct gd *gd = probe->gd;
    tfa_val rules = gd_find(gd, "/suppress");
    uint64_t count = 0;
    if (listed != NULL) {
        TFA_EACH(gd->kit, gd->call, listed->items, i)
        {
            ret_names[count++] = gd_text(gd, gd_at(gd, listed->items, i));
        }
        return count;
    }
    TFA_EACH(gd->kit, gd->call, rules, r)
    {
        if (entry_holds_in(gd, gd_at(gd, rules, r), probe->region)) {
            ret_names[count++] = gd_get_text(gd, gd_at(gd, rules, r), S("name"));
        }
    }
    return count;
}

static void find_missing(struct probe *probe, const struct tfa_aws_answer *listed)
{
    const struct gd *gd = probe->gd;
    tfa_val rules = gd_find(gd, "/suppress");
    TFA_EACH(gd->kit, gd->call, rules, i)
    {
        tfa_val rule = gd_at(gd, rules, i);
        struct tfa_str name = gd_get_text(gd, rule, S("name"));
        if (entry_holds_in(gd, rule, probe->region) && !list_holds(gd, listed->items, name)) {
            struct fail fail = { .code = S(GD0181),
                .at = rule,
                .message = gd_format(gd, "there is no filter \"%.*s\" in %.*s", STR(name),
                        STR(probe->region)) };
            probe_fail(probe, &fail);
        }
    }
}

void check_filters(struct probe *probe)
{
    const struct gd *gd = probe->gd;
    struct question question = { .operation = S("ListFilters"),
        .method = S("GET"),
        .path = S("/detector/{detector}/filter"),
        .detector = probe_detector(probe),
        .items = "/filterNames" };
    if (question.detector.len == 0) {
        return;
    }
    const struct tfa_aws_answer *listed = probe_ask(probe, &question);
    if (probe->failure != TFA_OK) {
        return;
    }
    uint64_t most = gd_count(gd, gd_find(gd, "/suppress"));
    most += listed == NULL ? 0 : gd_count(gd, listed->items);
    struct tfa_str *names = gd->kit->call->alloc(gd->call, most * sizeof(*names));
    if (names == NULL) {
        probe->failure = TFA_E_MEMORY;
        return;
    }
    if (listed != NULL) {
        find_missing(probe, listed);
    }
    ask_filters(probe, question.detector, names, filter_names(probe, listed, names));
}
