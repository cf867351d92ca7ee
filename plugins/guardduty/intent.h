/* SPDX-License-Identifier: Apache-2.0 */
/* The intent, read: place in the organization, Regions, protection. Lists of the intent (suppress,
 * s3_malware, ...) are read where they are used. */
#ifndef GUARDDUTY_INTENT_H
#define GUARDDUTY_INTENT_H

#include "feature.h"
#include "guardduty.h"

enum role {
    ROLE_UNKNOWN, /* nothing says so: GD0001, or the value is known only later */
    ROLE_MANAGEMENT,
    ROLE_ADMINISTRATOR,
    ROLE_MEMBER,
    ROLE_STANDALONE,
};

struct protection {
    enum mode mode;
    enum mode agents[AGENT__COUNT]; /* MODE_OFF for agents the feature does not have */
    tfa_val at; /* TFA_NONE: not written */
    tfa_val agents_at[AGENT__COUNT];
};

/* Texts are views on the configuration. Everything lives until the callback returns. */
struct intent {
    enum role role;
    struct tfa_str account; /* empty: not known */
    struct tfa_str delegated; /* empty: not written */
    struct tfa_str management; /* empty: not written */
    bool place_unknown; /* one of the three, or role, is known only later */

    struct tfa_str *regions; /* governed, as they were written; 0 of them: GD0005 */
    tfa_val *regions_at;
    uint64_t region_count;
    bool regions_unknown; /* regions, or one of them, is known only later */

    enum mode members; /* MODE_OFF is "none" */
    struct tfa_str frequency; /* as the API says it; empty: known only later */
    struct protection protections[FEATURE__COUNT];
    enum feature runtime; /* FEATURE_RUNTIME or FEATURE_EKS_RUNTIME: the one that counts */
};

/* Reads the intent; never fails on content. False: no memory. */
bool intent_read(const struct gd *gd, struct intent *ret_intent);

/* Does the account's own detector belong to this instance? */
bool intent_owns_detector(const struct intent *intent);

bool intent_governs(const struct intent *intent, struct tfa_str region);

/* Partition of a Region by its name: "aws" for names that say nothing else. */
struct tfa_str region_partition(struct tfa_str region);

/* "delegated_administrator", ... */
struct tfa_str role_text(enum role role);

/* Does the entry hold in the Region? */
bool entry_holds_in(const struct gd *gd, tfa_val entry, struct tfa_str region);

/* What a member account gets: organization's mode, then its exceptions. MODE_NEW means either. */
struct wanted {
    enum mode mode;
    enum mode agents[AGENT__COUNT];
    tfa_val at; /* where the intent says so; TFA_NONE: by default */
    tfa_val agents_at[AGENT__COUNT];
};
struct wanted intent_wanted_of_member(const struct gd *gd, const struct intent *intent,
        enum feature feature, struct tfa_str account, struct tfa_str region);

#endif
