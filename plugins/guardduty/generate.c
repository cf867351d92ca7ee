/* SPDX-License-Identifier: Apache-2.0 */
/* Generation: the variables of the Terraform module (terraform/variables.tf) from the intent.
 *
 * Only what the account's role has resources for is generated. Values that stand for something the
 * user wrote keep its place, so that a report can lead from a variable to the line it comes from. */
#include "guardduty_manifest.h"
#include "intent.h"

/* Text that stands for what is written at `from`. */
static tfa_val derived(const struct gd *gd, struct tfa_str text, tfa_val from)
{
    return gd->kit->build->derived(gd->call, gd_string(gd, text), from);
}

static tfa_val new_map(const struct gd *gd)
{
    return gd->kit->build->map(gd->call);
}

/* Copies a member of the intent under the same or another name, if it is written. */
static void copy(
        const struct gd *gd, tfa_val to, struct tfa_str name, tfa_val from, struct tfa_str key)
{
    tfa_val v = gd_get(gd, from, key);
    if (gd_is_set(gd, v)) {
        gd_set(gd, to, name, v);
    }
}

static void add_place(const struct gd *gd, const struct intent *intent, tfa_val vars)
{
    gd_set(gd, vars, S("account_role"),
            derived(gd, role_text(intent->role), gd_find(gd, "/role")));
    copy(gd, vars, S("delegated_administrator_account_id"), gd->config,
            S("delegated_admin_account"));
    tfa_val regions = gd->kit->build->list(gd->call);
    for (uint64_t i = 0; i < intent->region_count; i++) {
        (void)gd->kit->build->append(gd->call, regions, intent->regions_at[i]);
    }
    gd_set(gd, vars, S("regions"), regions);
    tfa_val region = gd_get(gd, gd_get(gd, gd->context, S("vars")), S("region"));
    if (!gd_is_set(gd, region) && intent->region_count > 0) {
        gd_set(gd, vars, S("region"), intent->regions_at[0]);
    }
    copy(gd, vars, S("permissions_boundary"), gd->config, S("permissions_boundary"));
    if (intent->role == ROLE_MANAGEMENT) {
        copy(gd, vars, S("manage_service_access"), gd->config, S("manage_service_access"));
    }
}

static struct tfa_str status_of(enum mode mode)
{
    return mode == MODE_OFF ? S("DISABLED") : S("ENABLED");
}

/* {status, auto_enable} of a feature or an agent. */
static tfa_val setting(
        const struct gd *gd, const struct intent *intent, enum mode mode, bool organization)
{
    tfa_val map = new_map(gd);
    bool spreads = organization && intent->role == ROLE_ADMINISTRATOR;
    gd_set_text(gd, map, S("status"), status_of(mode));
    gd_set_text(gd, map, S("auto_enable"), mode_api(spreads ? mode : MODE_OFF));
    return map;
}

/* Every known feature, the unwanted ones too: AWS enables what a request leaves out. Of the two runtime
 * features only the one that counts, since AWS refuses requests that name both. */
static tfa_val features(const struct gd *gd, const struct intent *intent)
{
    tfa_val map = new_map(gd);
    for (unsigned i = 0; i < FEATURE__COUNT; i++) {
        enum feature feature = (enum feature)i;
        const struct feature_kind *kind = feature_kind(feature);
        const struct protection *protection = &intent->protections[feature];
        if (kind->agents != 0 && feature != intent->runtime) {
            continue;
        }
        tfa_val one = setting(gd, intent, protection->mode, kind->organization);
        tfa_val additional = kind->agents == 0 ? TFA_NONE : new_map(gd);
        for (unsigned a = 0; a < AGENT__COUNT; a++) {
            if (feature_has_agent(feature, (enum agent)a)) {
                gd_set(gd, additional, agent_kind((enum agent)a)->name,
                        gd->kit->build->derived(gd->call,
                                setting(gd, intent, protection->agents[a], kind->organization),
                                protection->agents_at[a]));
            }
        }
        gd_set(gd, one, S("additional"), additional);
        gd_set(gd, map, kind->name, gd->kit->build->derived(gd->call, one, protection->at));
    }
    return map;
}

static void add_member_feature(const struct gd *gd, const struct intent *intent, tfa_val map,
        tfa_val entry, uint64_t region)
{
    enum feature feature = feature_by_key(gd_get_text(gd, entry, S("protection")));
    if (feature == FEATURE__COUNT || !entry_holds_in(gd, entry, intent->regions[region])) {
        return;
    }
    struct tfa_str account = gd_get_text(gd, entry, S("account"));
    struct wanted wanted =
            intent_wanted_of_member(gd, intent, feature, account, intent->regions[region]);
    tfa_val one = new_map(gd);
    gd_set(gd, one, S("account_id"), gd_get(gd, entry, S("account")));
    gd_set(gd, one, S("region"), intent->regions_at[region]);
    gd_set_text(gd, one, S("name"), feature_kind(feature)->name);
    gd_set(gd, one, S("status"),
            derived(gd, status_of(wanted.mode), gd_get(gd, entry, S("status"))));
    tfa_val additional = new_map(gd);
    for (unsigned a = 0; a < AGENT__COUNT; a++) {
        if (feature_has_agent(feature, (enum agent)a)) {
            gd_set_text(gd, additional, agent_kind((enum agent)a)->name,
                    status_of(wanted.agents[a]));
        }
    }
    gd_set(gd, one, S("additional"), additional);
    gd_set(gd, map,
            gd_format(gd, "%.*s/%.*s/%.*s", STR(account), STR(intent->regions[region]),
                    STR(feature_kind(feature)->key)),
            gd->kit->build->derived(gd->call, one, entry));
}

static void add_organization(const struct gd *gd, const struct intent *intent, tfa_val vars)
{
    struct tfa_str members = mode_api(intent->members);
    gd_set(gd, vars, S("auto_enable_organization_members"),
            derived(gd, members, gd_find(gd, "/members")));
    tfa_val exceptions = gd_find(gd, "/member_exceptions");
    tfa_val map = new_map(gd);
    TFA_EACH(gd->kit, gd->call, exceptions, i)
    {
        for (uint64_t r = 0; r < intent->region_count; r++) {
            add_member_feature(gd, intent, map, gd_at(gd, exceptions, i), r);
        }
    }
    gd_set(gd, vars, S("member_features"), map);
}

/* bucket_arn may end in a prefix, which is a variable member of its own. */
static void add_export(const struct gd *gd, tfa_val vars)
{
    tfa_val export = gd_find(gd, "/export");
    if (!gd_is_set(gd, export)) {
        return;
    }
    tfa_val map = new_map(gd);
    tfa_val bucket = gd_get(gd, export, S("bucket_arn"));
    struct tfa_str arn = gd_text(gd, bucket);
    uint64_t slash = str_find(arn, '/');
    copy(gd, map, S("create"), export, S("create"));
    copy(gd, map, S("bucket_name"), export, S("bucket_name"));
    copy(gd, map, S("prefix"), export, S("prefix"));
    copy(gd, map, S("kms_key_arn"), export, S("kms_key_arn"));
    if (slash < arn.len) {
        gd_set(gd, map, S("bucket_arn"), derived(gd, str_to(arn, slash), bucket));
        gd_set(gd, map, S("prefix"), derived(gd, str_from(arn, slash + 1), bucket));
    } else {
        copy(gd, map, S("bucket_arn"), export, S("bucket_arn"));
    }
    gd_set(gd, vars, S("export"), map);
}

/* A list of strings and numbers as a list of strings, which is what the API takes. */
static tfa_val texts(const struct gd *gd, tfa_val list)
{
    tfa_val made = gd->kit->build->list(gd->call);
    TFA_EACH(gd->kit, gd->call, list, i)
    {
        tfa_val v = gd_at(gd, list, i);
        (void)gd->kit->build->append(gd->call, made, derived(gd, gd_scalar_text(gd, v), v));
    }
    return made;
}

static tfa_val criterion(const struct gd *gd, tfa_val condition)
{
    tfa_val made = new_map(gd);
    if (gd->kit->value->kind(gd->call, condition) == TFA_KIND_LIST) {
        gd_set(gd, made, S("equals"), texts(gd, condition));
    }
    TFA_EACH(gd->kit, gd->call, condition, i)
    {
        struct tfa_str key = gd_key_at(gd, condition, i);
        tfa_val v = gd_at(gd, condition, i);
        if (key.len == 0) {
            break; /* a list, done above */
        }
        bool list = gd->kit->value->kind(gd->call, v) == TFA_KIND_LIST;
        gd_set(gd, made, key, list ? texts(gd, v) : derived(gd, gd_scalar_text(gd, v), v));
    }
    return gd->kit->build->derived(gd->call, made, condition);
}

static void add_filters(const struct gd *gd, tfa_val vars)
{
    tfa_val rules = gd_find(gd, "/suppress");
    tfa_val map = new_map(gd);
    TFA_EACH(gd->kit, gd->call, rules, i)
    {
        tfa_val rule = gd_at(gd, rules, i);
        tfa_val when = gd_get(gd, rule, S("when"));
        tfa_val action = gd_get(gd, rule, S("action"));
        tfa_val one = new_map(gd);
        tfa_val criteria = new_map(gd);
        TFA_EACH(gd->kit, gd->call, when, c)
        {
            gd_set(gd, criteria, gd_key_at(gd, when, c), criterion(gd, gd_at(gd, when, c)));
        }
        copy(gd, one, S("description"), rule, S("description"));
        copy(gd, one, S("rank"), rule, S("rank"));
        copy(gd, one, S("regions"), rule, S("regions"));
        bool noop = tfa_str_eq(gd_text(gd, action), S("noop"));
        gd_set(gd, one, S("action"), derived(gd, noop ? S("NOOP") : S("ARCHIVE"), action));
        gd_set(gd, one, S("criteria"), criteria);
        gd_set(gd, map, gd_get_text(gd, rule, S("name")),
                gd->kit->build->derived(gd->call, one, rule));
    }
    gd_set(gd, vars, S("filters"), map);
}

static void add_lists(
        const struct gd *gd, tfa_val vars, const char *pointer, struct tfa_str name)
{
    tfa_val lists = gd_find(gd, pointer);
    tfa_val map = new_map(gd);
    TFA_EACH(gd->kit, gd->call, lists, i)
    {
        tfa_val list = gd_at(gd, lists, i);
        tfa_val one = new_map(gd);
        copy(gd, one, S("location"), list, S("location"));
        copy(gd, one, S("format"), list, S("format"));
        copy(gd, one, S("activate"), list, S("activate"));
        copy(gd, one, S("regions"), list, S("regions"));
        gd_set(gd, map, gd_get_text(gd, list, S("name")),
                gd->kit->build->derived(gd->call, one, list));
    }
    gd_set(gd, vars, name, map);
}

static void add_malware(const struct gd *gd, const struct intent *intent, tfa_val vars)
{
    tfa_val plans = gd_find(gd, "/s3_malware");
    tfa_val map = new_map(gd);
    TFA_EACH(gd->kit, gd->call, plans, i)
    {
        tfa_val plan = gd_at(gd, plans, i);
        tfa_val one = new_map(gd);
        if (intent->region_count > 0) {
            gd_set(gd, one, S("region"), intent->regions_at[0]);
        }
        copy(gd, one, S("bucket"), plan, S("bucket"));
        copy(gd, one, S("region"), plan, S("region"));
        copy(gd, one, S("prefixes"), plan, S("prefixes"));
        copy(gd, one, S("tag_objects"), plan, S("tag_objects"));
        copy(gd, one, S("role_arn"), plan, S("role_arn"));
        copy(gd, one, S("kms_key_arn"), plan, S("kms_key_arn"));
        gd_set(gd, map, gd_get_text(gd, plan, S("bucket")),
                gd->kit->build->derived(gd->call, one, plan));
    }
    gd_set(gd, vars, S("s3_malware"), map);
}

int32_t guardduty_generate(const struct gd *gd, tfa_val *ret_vars)
{
    struct intent intent;
    if (!intent_read(gd, &intent)) {
        return TFA_E_MEMORY;
    }
    tfa_val vars = new_map(gd);
    add_place(gd, &intent, vars);
    if (intent_owns_detector(&intent)) {
        copy(gd, vars, S("existing_detector_ids"), gd->config, S("existing_detectors"));
        gd_set(gd, vars, S("finding_publishing_frequency"),
                derived(gd, intent.frequency, gd_find(gd, "/publish_every")));
        gd_set(gd, vars, S("features"), features(gd, &intent));
        add_export(gd, vars);
        add_filters(gd, vars);
        add_lists(gd, vars, "/trusted_ip_lists", S("trusted_ip_lists"));
        add_lists(gd, vars, "/threat_lists", S("threat_lists"));
        copy(gd, vars, S("notify"), gd->config, S("notify"));
        copy(gd, vars, S("kms_key_arn"), gd->config, S("kms_key_arn"));
    }
    if (intent.role == ROLE_ADMINISTRATOR) {
        add_organization(gd, &intent, vars);
    }
    add_malware(gd, &intent, vars);
    *ret_vars = vars;
    return TFA_OK;
}
