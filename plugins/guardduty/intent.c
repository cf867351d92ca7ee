/* SPDX-License-Identifier: Apache-2.0 */
/* Reads the intent and what is known of the instance's place without asking AWS. */
#include "intent.h"

struct tfa_str role_text(enum role role)
{
    switch (role) {
    case ROLE_MANAGEMENT:
        return S("management");
    case ROLE_ADMINISTRATOR:
        return S("delegated_administrator");
    case ROLE_MEMBER:
        return S("member");
    case ROLE_STANDALONE:
        return S("standalone");
    case ROLE_UNKNOWN:
        break;
    }
    return S("");
}

static enum role role_of(struct tfa_str text)
{
    for (enum role role = ROLE_MANAGEMENT; role <= ROLE_STANDALONE; role++) {
        if (tfa_str_eq(role_text(role), text)) {
            return role;
        }
    }
    return ROLE_UNKNOWN;
}

/* The account the instance deploys to: written in the intent, known to the host, or a variable. Sets
 * *unknown when it will be known only later. */
static struct tfa_str read_account(const struct gd *gd, bool *unknown)
{
    tfa_val aws = gd_get(gd, gd->context, S("aws"));
    tfa_val vars = gd_get(gd, gd->context, S("vars"));
    tfa_val places[] = { gd_find(gd, "/account_id"), gd_get(gd, aws, S("account_id")),
        gd_get(gd, vars, S("account_id")) };
    for (unsigned i = 0; i < sizeof(places) / sizeof(*places); i++) {
        struct tfa_str text = gd_text(gd, places[i]);
        if (text.len > 0) {
            return text;
        }
        *unknown = *unknown || gd_is_unknown(gd, places[i]);
    }
    return S("");
}

/* Without a role in the intent it follows from the account ids; an intent that names no other account
 * is about this account alone. */
static enum role derive_role(const struct intent *intent)
{
    if (intent->delegated.len == 0 && intent->management.len == 0) {
        return ROLE_STANDALONE;
    }
    if (intent->account.len == 0) {
        return ROLE_UNKNOWN;
    }
    if (tfa_str_eq(intent->account, intent->delegated)) {
        return ROLE_ADMINISTRATOR;
    }
    return tfa_str_eq(intent->account, intent->management) ? ROLE_MANAGEMENT : ROLE_MEMBER;
}

static void read_place(const struct gd *gd, struct intent *intent)
{
    tfa_val role = gd_find(gd, "/role");
    tfa_val delegated = gd_find(gd, "/delegated_admin_account");
    tfa_val management = gd_find(gd, "/management_account");
    intent->delegated = gd_text(gd, delegated);
    intent->management = gd_text(gd, management);
    intent->place_unknown = gd_is_unknown(gd, role) || gd_is_unknown(gd, delegated) ||
                            gd_is_unknown(gd, management);
    intent->account = read_account(gd, &intent->place_unknown);
    if (gd_is_set(gd, role)) {
        intent->role = role_of(gd_text(gd, role));
    } else if (!intent->place_unknown) {
        intent->role = derive_role(intent);
    }
}

static bool read_regions(const struct gd *gd, struct intent *intent)
{
    tfa_val list = gd_find(gd, "/regions");
    uint64_t count = gd_count(gd, list);
    intent->regions_unknown = gd_is_unknown(gd, list);
    intent->regions = gd->kit->call->alloc(gd->call, (count + 1) * sizeof(*intent->regions));
    intent->regions_at =
            gd->kit->call->alloc(gd->call, (count + 1) * sizeof(*intent->regions_at));
    if (intent->regions == NULL || intent->regions_at == NULL) {
        return false;
    }
    for (uint64_t i = 0; i < count; i++) {
        tfa_val at = gd_at(gd, list, i);
        struct tfa_str text = gd_text(gd, at);
        intent->regions_unknown = intent->regions_unknown || gd_is_unknown(gd, at);
        if (text.len > 0) {
            intent->regions[intent->region_count] = text;
            intent->regions_at[intent->region_count++] = at;
        }
    }
    if (gd_is_set(gd, list)) {
        return true;
    }
    tfa_val vars = gd_get(gd, gd_get(gd, gd->context, S("vars")), S("region"));
    tfa_val aws = gd_get(gd, gd_get(gd, gd->context, S("aws")), S("region"));
    tfa_val at = gd_text(gd, vars).len > 0 ? vars : aws;
    intent->regions_unknown = gd_is_unknown(gd, vars);
    if (gd_text(gd, at).len > 0) {
        intent->regions[0] = gd_text(gd, at);
        intent->regions_at[0] = at;
        intent->region_count = 1;
    }
    return true;
}

/* A mode, written as text or as the member `mode` of a map. */
static enum mode read_mode(const struct gd *gd, tfa_val at, enum mode usual)
{
    if (!gd_is_set(gd, at)) {
        return usual;
    }
    if (gd_is_unknown(gd, at)) {
        return MODE_UNKNOWN;
    }
    if (gd->kit->value->kind(gd->call, at) == TFA_KIND_MAP) {
        return read_mode(gd, gd_get(gd, at, S("mode")), MODE_ALL);
    }
    return mode_of(gd_text(gd, at));
}

static void read_protection(const struct gd *gd, enum feature feature, struct protection *ret)
{
    const struct feature_kind *kind = feature_kind(feature);
    ret->at = gd_get(gd, gd_find(gd, "/protection"), kind->key);
    ret->mode = read_mode(gd, ret->at, kind->usual);
    tfa_val agents = gd_get(gd, ret->at, S("agents"));
    for (unsigned i = 0; i < AGENT__COUNT; i++) {
        enum agent agent = (enum agent)i;
        enum mode usual = feature_has_agent(feature, agent) ? ret->mode : MODE_OFF;
        ret->agents_at[agent] = gd_get(gd, agents, agent_kind(agent)->key);
        ret->agents[agent] = read_mode(gd, ret->agents_at[agent], usual);
    }
}

/* Runtime monitoring of EKS alone, where it is asked for, takes the place of the newer plan. */
static void choose_runtime(struct intent *intent)
{
    struct protection *newer = &intent->protections[FEATURE_RUNTIME];
    bool legacy = intent->protections[FEATURE_EKS_RUNTIME].mode != MODE_OFF;
    intent->runtime = FEATURE_RUNTIME;
    if (legacy && (newer->at == TFA_NONE || newer->mode == MODE_OFF)) {
        intent->runtime = FEATURE_EKS_RUNTIME;
        newer->mode = MODE_OFF;
        for (unsigned i = 0; i < AGENT__COUNT; i++) {
            if (newer->agents_at[i] == TFA_NONE) {
                newer->agents[i] = MODE_OFF;
            }
        }
    }
}

static struct tfa_str read_frequency(const struct gd *gd)
{
    tfa_val at = gd_find(gd, "/publish_every");
    struct tfa_str text = gd_text(gd, at);
    if (gd_is_unknown(gd, at)) {
        return S("");
    }
    if (tfa_str_eq(text, S("1h"))) {
        return S("ONE_HOUR");
    }
    return tfa_str_eq(text, S("6h")) ? S("SIX_HOURS") : S("FIFTEEN_MINUTES");
}

bool intent_read(const struct gd *gd, struct intent *ret_intent)
{
    struct intent intent = { .members = read_mode(gd, gd_find(gd, "/members"), MODE_ALL),
        .frequency = read_frequency(gd) };
    read_place(gd, &intent);
    if (!read_regions(gd, &intent)) {
        return false;
    }
    for (unsigned i = 0; i < FEATURE__COUNT; i++) {
        read_protection(gd, (enum feature)i, &intent.protections[i]);
    }
    choose_runtime(&intent);
    *ret_intent = intent;
    return true;
}

bool intent_owns_detector(const struct intent *intent)
{
    return intent->role == ROLE_ADMINISTRATOR || intent->role == ROLE_STANDALONE;
}

bool intent_governs(const struct intent *intent, struct tfa_str region)
{
    for (uint64_t i = 0; i < intent->region_count; i++) {
        if (tfa_str_eq(intent->regions[i], region)) {
            return true;
        }
    }
    return false;
}

struct tfa_str region_partition(struct tfa_str region)
{
    static const struct {
        struct tfa_str start;
        struct tfa_str partition;
    } table[] = {
        { TFA_S_INIT("cn-"), TFA_S_INIT("aws-cn") },
        { TFA_S_INIT("us-gov-"), TFA_S_INIT("aws-us-gov") },
        { TFA_S_INIT("us-iso-"), TFA_S_INIT("aws-iso") },
        { TFA_S_INIT("us-isob-"), TFA_S_INIT("aws-iso-b") },
        { TFA_S_INIT("eu-isoe-"), TFA_S_INIT("aws-iso-e") },
        { TFA_S_INIT("us-isof-"), TFA_S_INIT("aws-iso-f") },
        { TFA_S_INIT("eusc-"), TFA_S_INIT("aws-eusc") },
    };

    for (unsigned i = 0; i < sizeof(table) / sizeof(*table); i++) {
        if (str_starts(region, table[i].start)) {
            return table[i].partition;
        }
    }
    return S("aws");
}

bool entry_holds_in(const struct gd *gd, tfa_val entry, struct tfa_str region)
{
    tfa_val own = gd_get(gd, entry, S("regions"));
    if (!gd_is_set(gd, own)) {
        return true;
    }
    TFA_EACH(gd->kit, gd->call, own, i)
    {
        if (tfa_str_eq(gd_text(gd, gd_at(gd, own, i)), region)) {
            return true;
        }
    }
    return false;
}

/* Lays one member exception over what the organization wants. */
static void apply_exception(
        const struct gd *gd, enum feature feature, tfa_val entry, struct wanted *wanted)
{
    tfa_val agents = gd_get(gd, entry, S("agents"));
    wanted->at = entry;
    wanted->mode = mode_of(gd_get_text(gd, entry, S("status")));
    for (unsigned i = 0; i < AGENT__COUNT; i++) {
        enum agent agent = (enum agent)i;
        tfa_val at = gd_get(gd, agents, agent_kind(agent)->key);
        enum mode usual = feature_has_agent(feature, agent) ? wanted->mode : MODE_OFF;
        wanted->agents_at[agent] = at;
        wanted->agents[agent] = gd_is_set(gd, at) ? mode_of(gd_text(gd, at)) : usual;
    }
}

struct wanted intent_wanted_of_member(const struct gd *gd, const struct intent *intent,
        enum feature feature, struct tfa_str account, struct tfa_str region)
{
    const struct protection *protection = &intent->protections[feature];
    struct wanted wanted = { .mode = protection->mode, .at = protection->at };
    for (unsigned i = 0; i < AGENT__COUNT; i++) {
        wanted.agents[i] = protection->agents[i];
        wanted.agents_at[i] = protection->agents_at[i];
    }
    if (!feature_kind(feature)->organization) {
        wanted.mode = MODE_NEW; /* the member's own affair */
    }
    tfa_val exceptions = gd_find(gd, "/member_exceptions");
    TFA_EACH(gd->kit, gd->call, exceptions, i)
    {
        tfa_val entry = gd_at(gd, exceptions, i);
        if (tfa_str_eq(gd_get_text(gd, entry, S("account")), account) &&
                feature_by_key(gd_get_text(gd, entry, S("protection"))) == feature &&
                entry_holds_in(gd, entry, region)) {
            apply_exception(gd, feature, entry, &wanted);
        }
    }
    return wanted;
}
