/* SPDX-License-Identifier: Apache-2.0 */
/* GD-05, GD-06: every account of the organization is a member, with the wanted features. */
#include <stdlib.h>
#include <string.h>

#include "checks.h"

#define BATCH_ACCOUNTS 50 /* what GetMemberDetectors takes */

/* The members of the detector here; NULL when there is no answer, or no detector: that is said. */
static const struct tfa_aws_answer *list_members(
        struct probe *probe, struct tfa_str *ret_detector)
{
    const struct gd *gd = probe->gd;
    struct tfa_str detector = probe_detector(probe);
    if (detector.len == 0) {
        return NULL;
    }
    *ret_detector = detector;
    tfa_val query = gd->kit->build->map(gd->call);
    gd_set_text(gd, query, S("onlyAssociated"), S("false"));
    gd_set_text(gd, query, S("maxResults"), S("50"));
    struct question question = { .operation = S("ListMembers"),
        .method = S("GET"),
        .path = S("/detector/{detector}/member"),
        .detector = detector,
        .query = query,
        .items = "/members" };
    return probe_ask(probe, &question);
}

static bool is_enabled(struct tfa_str status)
{
    return tfa_str_eq(status, S("Enabled"));
}

/* States that pass by themselves while AWS enrolls an account. */
static bool is_converging(struct tfa_str status)
{
    return tfa_str_eq(status, S("Created")) || tfa_str_eq(status, S("Invited")) ||
           tfa_str_eq(status, S("EmailVerificationInProgress"));
}

static void judge_member(struct probe *probe, struct tfa_str account, struct tfa_str status)
{
    const struct gd *gd = probe->gd;
    if (is_enabled(status)) {
        return;
    }
    if (is_converging(status)) {
        probe_pending(probe, gd_format(gd, "account %.*s is being enrolled in %.*s (%.*s)",
                                     STR(account), STR(probe->region), STR(status)));
    } else if (tfa_str_eq(status, S("RegionDisabled"))) {
        probe_skip(probe, gd_format(gd, "account %.*s has not opted in to Region %.*s",
                                  STR(account), STR(probe->region)));
    } else if (status.len == 0) {
        probe_not_understood(probe, S("ListMembers"), "relationshipStatus");
    } else {
        struct fail fail = { .code = S(GD0142),
            .message = gd_format(gd, "member %.*s is in state \"%.*s\" in %.*s", STR(account),
                    STR(status), STR(probe->region)),
            .expected = S("Enabled"),
            .actual = status,
            .resource = account };
        probe_fail(probe, &fail);
    }
}

/* Accounts that should be members: active, and not the administrator itself. Status is on its way out
 * of the API in favour of State. */
static bool should_be_member(const struct probe *probe, tfa_val account)
{
    const struct gd *gd = probe->gd;
    struct tfa_str state = gd_get_text(gd, account, S("State"));
    if (state.len == 0) {
        state = gd_get_text(gd, account, S("Status"));
    }
    return tfa_str_eq(state, S("ACTIVE")) &&
           !tfa_str_eq(gd_get_text(gd, account, S("Id")), probe->intent->delegated);
}

static int compare_texts(const void *a, const void *b)
{
    const struct tfa_str *left = a;
    const struct tfa_str *right = b;
    uint64_t common = left->len < right->len ? left->len : right->len;
    int order = common == 0 ? 0 : memcmp(left->ptr, right->ptr, common);
    return order != 0 ? order : (left->len > right->len) - (left->len < right->len);
}

/* Account ids of the members, sorted: an organization may have many thousands. NULL: no memory. */
static const struct tfa_str *member_ids(const struct gd *gd, tfa_val members)
{
    uint64_t count = gd_count(gd, members);
    struct tfa_str *ids = gd->kit->call->alloc(gd->call, count * sizeof(*ids));
    for (uint64_t i = 0; ids != NULL && i < count; i++) {
        ids[i] = gd_get_text(gd, gd_at(gd, members, i), S("accountId"));
    }
    if (ids != NULL) {
        qsort(ids, count, sizeof(*ids), compare_texts);
    }
    return ids;
}

static void find_strangers(struct probe *probe, tfa_val members)
{
    const struct gd *gd = probe->gd;
    const struct tfa_aws_answer *accounts = probe_accounts(probe);
    if (accounts == NULL) {
        return;
    }
    if (gd_count(gd, accounts->items) == 0) {
        /* At least our own is in it. */
        probe_not_understood(probe, S("ListAccounts"), "account");
        return;
    }
    const struct tfa_str *ids = member_ids(gd, members);
    if (ids == NULL) {
        probe->failure = TFA_E_MEMORY;
        return;
    }
    TFA_EACH(gd->kit, gd->call, accounts->items, i)
    {
        tfa_val account = gd_at(gd, accounts->items, i);
        struct tfa_str id = gd_get_text(gd, account, S("Id"));
        if (should_be_member(probe, account) &&
                bsearch(&id, ids, gd_count(gd, members), sizeof(*ids), compare_texts) == NULL) {
            struct fail fail = { .code = S(GD0141),
                .message = gd_format(gd, "account %.*s is not a member in %.*s", STR(id),
                        STR(probe->region)),
                .expected = S("Enabled"),
                .resource = id };
            probe_fail(probe, &fail);
        }
    }
}

void check_members(struct probe *probe)
{
    const struct gd *gd = probe->gd;
    struct tfa_str detector;
    const struct tfa_aws_answer *members = list_members(probe, &detector);
    if (members == NULL) {
        return;
    }
    TFA_EACH(gd->kit, gd->call, members->items, i)
    {
        tfa_val member = gd_at(gd, members->items, i);
        judge_member(probe, gd_get_text(gd, member, S("accountId")),
                gd_get_text(gd, member, S("relationshipStatus")));
    }
    if (probe->intent->members == MODE_ALL) {
        find_strangers(probe, members->items);
    }
}

/* Ids of the enabled members from *next on, at most a batch; moves *next behind them. */
static tfa_val next_batch(const struct gd *gd, tfa_val members, uint64_t *next)
{
    tfa_val ids = gd->kit->build->list(gd->call);
    uint64_t count = gd_count(gd, members);
    for (uint64_t taken = 0; *next < count && taken < BATCH_ACCOUNTS; (*next)++) {
        tfa_val member = gd_at(gd, members, *next);
        if (is_enabled(gd_get_text(gd, member, S("relationshipStatus")))) {
            (void)gd->kit->build->append(gd->call, ids, gd_get(gd, member, S("accountId")));
            taken++;
        }
    }
    return ids;
}

static void judge_batch(struct probe *probe, const struct tfa_aws_answer *answer)
{
    static const struct feature_codes codes = { TFA_S_INIT(GD0151), TFA_S_INIT(GD0152),
        TFA_S_INIT(GD0153) };
    const struct gd *gd = probe->gd;
    tfa_val members = gd_get(gd, answer->body, S("members"));
    tfa_val unprocessed = gd_get(gd, answer->body, S("unprocessedAccounts"));
    if (gd->kit->value->kind(gd->call, members) != TFA_KIND_LIST) {
        probe_not_understood(probe, S("GetMemberDetectors"), "members");
        return;
    }
    TFA_EACH(gd->kit, gd->call, members, i)
    {
        tfa_val member = gd_at(gd, members, i);
        tfa_val features = gd_get(gd, member, S("features"));
        if (gd->kit->value->kind(gd->call, features) != TFA_KIND_LIST) {
            probe_not_understood(probe, S("GetMemberDetectors"), "features");
            continue;
        }
        compare_features(
                probe, features, gd_get_text(gd, member, S("accountId")), false, &codes);
    }
    TFA_EACH(gd->kit, gd->call, unprocessed, u)
    {
        tfa_val account = gd_at(gd, unprocessed, u);
        probe_unknown(probe, S(GD0902),
                gd_format(gd, "AWS did not tell about account %.*s in %.*s: %.*s",
                        STR(gd_get_text(gd, account, S("accountId"))), STR(probe->region),
                        STR(gd_get_text(gd, account, S("result")))));
    }
}

void check_member_features(struct probe *probe)
{
    const struct gd *gd = probe->gd;
    struct tfa_str detector;
    const struct tfa_aws_answer *members = list_members(probe, &detector);
    if (members == NULL) {
        return;
    }
    uint64_t most = gd_count(gd, members->items) / BATCH_ACCOUNTS + 1;
    struct question *questions = gd->kit->call->alloc(gd->call, most * sizeof(*questions));
    if (questions == NULL) {
        probe->failure = TFA_E_MEMORY;
        return;
    }
    uint64_t count = 0;
    for (uint64_t next = 0; next < gd_count(gd, members->items) && count < most;) {
        tfa_val ids = next_batch(gd, members->items, &next);
        if (gd_count(gd, ids) == 0) {
            break;
        }
        tfa_val body = gd->kit->build->map(gd->call);
        gd_set(gd, body, S("accountIds"), ids);
        questions[count++] = (struct question){ .operation = S("GetMemberDetectors"),
            .method = S("POST"),
            .path = S("/detector/{detector}/member/detector/get"),
            .detector = detector,
            .body = body };
    }
    if (count == 0) {
        probe_skip(
                probe, gd_format(gd, "there is no enabled member in %.*s", STR(probe->region)));
        return;
    }
    const struct tfa_aws_answer *const *answers = probe_ask_all(probe, questions, count);
    for (uint64_t i = 0; answers != NULL && i < count; i++) {
        if (probe_answer(probe, answers[i]) != NULL) {
            judge_batch(probe, answers[i]);
        }
    }
}
