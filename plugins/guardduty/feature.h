/* SPDX-License-Identifier: Apache-2.0 */
/* What GuardDuty can protect: the names of the intent beside those of the API. */
#ifndef GUARDDUTY_FEATURE_H
#define GUARDDUTY_FEATURE_H

#include <stdbool.h>

#include <tf-atmos/tfa.h>

/* Managed security agents, in the order the API lists them. */
enum agent {
    AGENT_EKS,
    AGENT_FARGATE,
    AGENT_EC2,
    AGENT__COUNT,
};

/* Protection plans, sorted as they are shown. */
enum feature {
    FEATURE_S3,
    FEATURE_EKS_AUDIT,
    FEATURE_EBS_MALWARE,
    FEATURE_RDS_LOGIN,
    FEATURE_LAMBDA_NETWORK,
    FEATURE_AI,
    FEATURE_AI_ANALYST,
    FEATURE_EKS_RUNTIME,
    FEATURE_RUNTIME,
    FEATURE__COUNT,
};

/* Who gets something, narrow to wide: a wider mode has the greater number. */
enum mode {
    MODE_OFF,
    MODE_NEW,
    MODE_ALL,
    MODE_UNKNOWN, /* the value is known only later: judge nothing that depends on it */
};

struct agent_kind {
    struct tfa_str key; /* "eks" under protection.runtime.agents */
    struct tfa_str name; /* "EKS_ADDON_MANAGEMENT" */
};

struct feature_kind {
    struct tfa_str key; /* "s3" under protection */
    struct tfa_str name; /* "S3_DATA_EVENTS" */
    enum mode usual; /* when the intent does not say */
    bool organization; /* the organization can enable it for its accounts */
    unsigned agents; /* bit 1 << AGENT_... for each agent it has */
};

const struct agent_kind *agent_kind(enum agent agent);
const struct feature_kind *feature_kind(enum feature feature);

/* Does the feature have this agent? */
bool feature_has_agent(enum feature feature, enum agent agent);

/* The feature with this key of the intent; FEATURE__COUNT for none. */
enum feature feature_by_key(struct tfa_str key);

/* "ALL", "NEW", "NONE" as the organization's configuration says it. */
struct tfa_str mode_api(enum mode mode);

/* "all", "new", "off" as the intent says it. */
struct tfa_str mode_text(enum mode mode);

/* The mode a text of the intent means; "on" is MODE_ALL, anything else MODE_OFF. */
enum mode mode_of(struct tfa_str text);

#endif
