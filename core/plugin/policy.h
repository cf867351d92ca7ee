/* SPDX-License-Identifier: Apache-2.0 */
/* What an organization, or a repository, demands of plugins that did not come with the program. */
#ifndef TFATMOS_PLUGIN_POLICY_H
#define TFATMOS_PLUGIN_POLICY_H

#include "plugin_identity.h"
#include "run.h"

#define POLICY_FILE_NAME "policy.json"

/*
 * The same keys in policy.json of a system folder and under plugins.policy of atmos.yaml; every policy
 * must be met, so that the stricter one wins. A key that is not known is an error.
 */
struct policy {
    struct str origin; /* for messages */
    bool is_warning; /* mode "warn": what it forbids is only said */
    bool limits_ids, limits_signers;
    struct str_list allowed; /* globs of ids; when limits_ids */
    struct str_list denied;
    struct str_list signers; /* key ids; when limits_signers */
    bool forbids_unsigned;
    bool needs_sandbox;
    bool needs_lock;
    bool trusts_repository; /* keys in the repository count; system policies only */
    uint64_t minimum_serial; /* of the revocation list */
};

/* What a policy judges. */
struct policy_subject {
    struct str id;
    struct str key_id; /* of a signature that holds, by a trusted key; else empty */
    bool is_sandboxed;
};

/* One diagnostic and ERR_INVALID when the policy cannot be used. */
int policy_read(struct run *run, const struct value *root, struct str origin, bool is_system,
        struct policy *ret_policy);
/* The same for JSON text; ERR_PARSE, ERR_LIMIT too. */
int policy_parse(struct run *run, struct str text, struct str origin, uint32_t file,
        struct policy *ret_policy);

/* Empty when the policy allows it, else what completes "the plugin ...". */
struct str policy_objection(
        struct arena *arena, const struct policy *policy, const struct policy_subject *subject);

#endif
