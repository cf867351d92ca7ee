/* SPDX-License-Identifier: Apache-2.0 */
/* The tables of protection plans and agents (API names as of botocore 1.44). */
#include "feature.h"

static const struct agent_kind agents[AGENT__COUNT] = {
    [AGENT_EKS] = { TFA_S_INIT("eks"), TFA_S_INIT("EKS_ADDON_MANAGEMENT") },
    [AGENT_FARGATE] = { TFA_S_INIT("fargate"), TFA_S_INIT("ECS_FARGATE_AGENT_MANAGEMENT") },
    [AGENT_EC2] = { TFA_S_INIT("ec2"), TFA_S_INIT("EC2_AGENT_MANAGEMENT") },
};

/* Runtime monitoring is one plan with two names; which of them is meant, intent.c decides. AI
 * protection is off by default: not every Region has it. */
static const struct feature_kind features[FEATURE__COUNT] = {
    [FEATURE_S3] = { TFA_S_INIT("s3"), TFA_S_INIT("S3_DATA_EVENTS"), MODE_ALL, true, 0 },
    [FEATURE_EKS_AUDIT] =
            {
                    TFA_S_INIT("eks_audit"),
                    TFA_S_INIT("EKS_AUDIT_LOGS"),
                    MODE_ALL,
                    true,
                    0,
            },
    [FEATURE_EBS_MALWARE] =
            {
                    TFA_S_INIT("ebs_malware"),
                    TFA_S_INIT("EBS_MALWARE_PROTECTION"),
                    MODE_ALL,
                    true,
                    0,
            },
    [FEATURE_RDS_LOGIN] =
            {
                    TFA_S_INIT("rds_login"),
                    TFA_S_INIT("RDS_LOGIN_EVENTS"),
                    MODE_ALL,
                    true,
                    0,
            },
    [FEATURE_LAMBDA_NETWORK] =
            {
                    TFA_S_INIT("lambda_network"),
                    TFA_S_INIT("LAMBDA_NETWORK_LOGS"),
                    MODE_ALL,
                    true,
                    0,
            },
    [FEATURE_AI] = { TFA_S_INIT("ai"), TFA_S_INIT("AI_PROTECTION"), MODE_OFF, true, 0 },
    [FEATURE_AI_ANALYST] =
            {
                    TFA_S_INIT("ai_analyst"),
                    TFA_S_INIT("AI_ANALYST"),
                    MODE_OFF,
                    false,
                    0,
            },
    [FEATURE_EKS_RUNTIME] =
            {
                    TFA_S_INIT("eks_runtime"),
                    TFA_S_INIT("EKS_RUNTIME_MONITORING"),
                    MODE_OFF,
                    true,
                    1U << AGENT_EKS,
            },
    [FEATURE_RUNTIME] =
            {
                    TFA_S_INIT("runtime"),
                    TFA_S_INIT("RUNTIME_MONITORING"),
                    MODE_ALL,
                    true,
                    1U << AGENT_EKS | 1U << AGENT_FARGATE | 1U << AGENT_EC2,
            },
};

const struct agent_kind *agent_kind(enum agent agent)
{
    return &agents[agent];
}

const struct feature_kind *feature_kind(enum feature feature)
{
    return &features[feature];
}

bool feature_has_agent(enum feature feature, enum agent agent)
{
    return (features[feature].agents & 1U << (unsigned)agent) != 0;
}

enum feature feature_by_key(struct tfa_str key)
{
    for (unsigned i = 0; i < FEATURE__COUNT; i++) {
        if (tfa_str_eq(features[i].key, key)) {
            return (enum feature)i;
        }
    }
    return FEATURE__COUNT;
}

struct tfa_str mode_api(enum mode mode)
{
    return mode == MODE_ALL ? TFA_S("ALL") : mode == MODE_NEW ? TFA_S("NEW") : TFA_S("NONE");
}

struct tfa_str mode_text(enum mode mode)
{
    return mode == MODE_ALL ? TFA_S("all") : mode == MODE_NEW ? TFA_S("new") : TFA_S("off");
}

enum mode mode_of(struct tfa_str text)
{
    if (tfa_str_eq(text, TFA_S("all")) || tfa_str_eq(text, TFA_S("on"))) {
        return MODE_ALL;
    }
    return tfa_str_eq(text, TFA_S("new")) ? MODE_NEW : MODE_OFF;
}
