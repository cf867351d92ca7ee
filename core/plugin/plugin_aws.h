/* SPDX-License-Identifier: Apache-2.0 */
/* The way from plugins to AWS: a table filled in by the pipeline, since aws/ stands to the right. */
#ifndef TFATMOS_PLUGIN_PLUGIN_AWS_H
#define TFATMOS_PLUGIN_PLUGIN_AWS_H

#include "value/value.h"

/*
 * One request that the policy let through: the plugin declared its action and it only reads. Numbers
 * of `protocol` and `outcome` are those of <tf-atmos/aws.h> (TFA_AWS_...). Texts and values are
 * borrowed until the call returns.
 */
struct plugin_aws_request {
    uint32_t protocol;
    bool is_fresh; /* do not answer from memory */
    struct str service, operation;
    struct str action; /* never empty: "guardduty:ListDetectors" */
    struct str method, path; /* may be empty, see the header of the SDK */
    const struct value *labels; /* fills {name} in the path; may be NULL */
    const struct value *query; /* may be NULL */
    const struct value *body; /* may be NULL */
    struct str body_text;
    struct str target_prefix, version;
    /* Where to ask: the target's map {alias, account_id, region, partition, ...}, never NULL. */
    const struct value *target;
    struct str region; /* empty: the service's global one or the client's own */
    /* Pages, when `items` is not empty. */
    struct str items, token_out, token_in;
    uint32_t max_pages;
};

/* One answer; everything lives in the arena of the call. */
struct plugin_aws_answer {
    uint32_t outcome;
    uint32_t http_status;
    uint32_t attempts;
    uint32_t pages;
    bool is_complete;
    const struct value *body; /* may be NULL */
    const struct value *items; /* may be NULL */
    struct str error_code, error_message, action, account_id, region, request_id;
    struct str summary; /* one line for people */
};

struct plugin_aws_service {
    /*
     * Sends `count` requests, as parallel as limits allow, and fills as many answers. `time_left_ms`
     * bounds the whole. 0 however the requests fared; ERR_CANCELLED.
     */
    int (*send)(void *context, struct arena *arena, const struct plugin_aws_request *requests,
            size_t count, int64_t time_left_ms, struct plugin_aws_answer *answers);
    void *context;
};

#endif
