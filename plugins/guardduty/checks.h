/* SPDX-License-Identifier: Apache-2.0 */
/* Checks of the account: one function per check, each run for one Region, and what they share. */
#ifndef GUARDDUTY_CHECKS_H
#define GUARDDUTY_CHECKS_H

#include "guardduty_manifest.h"
#include "intent.h"

/* A check in progress. */
struct probe {
    const struct gd *gd;
    const struct intent *intent;
    struct tfa_str region; /* where it asks */
    const char *pointer; /* the field of the intent it is about */
    uint64_t said; /* results reported so far: 0 at the end means PASS */
    int32_t failure; /* a service failed: the callback returns this code */
};

/* ---- Asking (api.c) -------------------------------------------------------------------------- */

/* One read of GuardDuty in the probe's Region. */
struct question {
    struct tfa_str operation;
    struct tfa_str method;
    struct tfa_str path; /* with {detector} and {id} */
    struct tfa_str detector;
    struct tfa_str id;
    tfa_val query;
    tfa_val body;
    const char *
            items; /* list in the answer, as JSON pointer: follow its pages; NULL: one answer */
};

/* The answer, or NULL after it was said why there is none that decides anything. */
const struct tfa_aws_answer *probe_ask(struct probe *probe, const struct question *question);

/* Asks `count` questions at once; each answer must go through probe_answer. NULL: cannot ask. */
const struct tfa_aws_answer *const *probe_ask_all(
        struct probe *probe, const struct question *questions, uint64_t count);

/* `answer` when it is a success, else NULL after saying UNKNOWN (or SKIPPED) with the reason. */
const struct tfa_aws_answer *probe_answer(
        struct probe *probe, const struct tfa_aws_answer *answer);

/* All accounts of the organization, or NULL as above. */
const struct tfa_aws_answer *probe_accounts(struct probe *probe);

/* The one detector of the Region: its id, or empty after saying UNKNOWN. */
struct tfa_str probe_detector(struct probe *probe);

/* ---- Saying (api.c) -------------------------------------------------------------------------- */

/* What is wrong, where the intent says otherwise: at `at`, or below the intent at `pointer`. */
struct fail {
    struct tfa_str code;
    tfa_val at;
    const char *pointer; /* used when `at` is TFA_NONE */
    struct tfa_str message;
    struct tfa_str expected; /* empty: not shown */
    struct tfa_str actual;
    struct tfa_str resource;
    struct tfa_str detail;
};

void probe_fail(struct probe *probe, const struct fail *fail);
void probe_unknown(struct probe *probe, struct tfa_str code, struct tfa_str message);
void probe_pending(struct probe *probe, struct tfa_str message);
void probe_skip(struct probe *probe, struct tfa_str message);

/* The answer lacks `what`: UNKNOWN. */
void probe_not_understood(struct probe *probe, struct tfa_str operation, const char *what);

/* ---- Comparing ------------------------------------------------------------------------------- */

/* The map of the list whose `key` is `text`, or TFA_NONE. */
tfa_val list_entry(const struct gd *gd, tfa_val list, struct tfa_str key, struct tfa_str text);

/* Codes of three ways in which an account's features can differ. */
struct feature_codes {
    struct tfa_str off; /* wanted, but off */
    struct tfa_str on; /* unwanted, but on */
    struct tfa_str agent; /* an agent differs */
};

/* Compares `features` of an answer with what the account should have. `owner` is "" for the detector
 * asked, else the member account the features belong to; `own` the administrator's own detector. */
void compare_features(struct probe *probe, tfa_val features, struct tfa_str owner, bool own,
        const struct feature_codes *codes);

/* ---- The checks ------------------------------------------------------------------------------ */

void check_detector(struct probe *probe); /* GD-01 */
void check_features(struct probe *probe); /* GD-02 */
void check_delegation(struct probe *probe); /* GD-03 */
void check_organization(struct probe *probe); /* GD-04 */
void check_members(struct probe *probe); /* GD-05 */
void check_member_features(struct probe *probe); /* GD-06 */
void check_coverage(struct probe *probe); /* GD-07 */
void check_export(struct probe *probe); /* GD-08 */
void check_filters(struct probe *probe); /* GD-09 */
void check_malware(struct probe *probe); /* GD-10 */
void check_administrator(struct probe *probe); /* GD-11 */

#endif
