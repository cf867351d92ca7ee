/* SPDX-License-Identifier: Apache-2.0 */
/* Service "tfa.aws/1" (draft): reading from AWS, for checks.
 *
 * The plugin names service, operation, target and region; the host finds endpoint and credentials,
 * signs, sends, retries with jitter, throttles and records. No credential enters plugin memory.
 * Only actions listed in the manifest's aws_actions are sent, and only reading ones; everything else
 * is TFA_E_POLICY with zero bytes sent. Identical requests of one run may be answered from memory.
 *
 * Draft until three wire protocols have proved it: what does not fit becomes "tfa.aws/2", and hosts
 * need not keep this revision as long as others. What stands here never changes under its id.
 * All functions: [check] [callback thread].
 *
 * A call has two results. The return code says whether an answer exists at all: TFA_OK, or
 * TFA_E_POLICY, TFA_E_INVALID, TFA_E_CANCELLED, TFA_E_DEADLINE, TFA_E_PHASE, TFA_E_STALE, TFA_E_MEMORY.
 * The answer's `outcome` says what AWS, or the way to it, said.
 *
 * XML answers are read as the map inside <OperationResult> (or the root element): elements are keys,
 * texts are strings, repeated elements and lists of <member> or <item> are lists. */
#ifndef TF_ATMOS_AWS_H
#define TF_ATMOS_AWS_H

#include <tf-atmos/abi.h>

TFA_BEGIN_DECLS

#define TFA_EXT_AWS_V1 "tfa.aws/1" /* struct tfa_aws_v1 */

/* Wire protocols. 0 is not one, so that it is never forgotten. */
#define TFA_AWS_REST_JSON 1 /* method, path, query; JSON body */
#define TFA_AWS_JSON_1_0  2 /* POST / with X-Amz-Target: target_prefix.operation */
#define TFA_AWS_JSON_1_1  3 /* the same, other content type */
#define TFA_AWS_QUERY     4 /* POST / form with Action and Version, XML answer */
#define TFA_AWS_EC2       5 /* as QUERY, EC2's way of lists */
#define TFA_AWS_REST_XML  6 /* method, path, query; XML body */

/* One request. Zero-initialise, set struct_size. */
struct tfa_aws_request {
    uint32_t struct_size;
    uint32_t protocol; /* TFA_AWS_... */
    uint32_t flags; /* TFA_AWS_FRESH */
    uint32_t reserved; /* 0 */
    /* "guardduty", "organizations": names the endpoint and, with the operation, the IAM action */
    struct tfa_str service;
    struct tfa_str operation; /* "ListDetectors" */
    struct tfa_str action; /* IAM action when it is not service:operation; else empty */
    struct tfa_str target; /* alias of a target; empty: that of the check item */
    struct tfa_str region; /* empty: that of the check item. Global services: the host knows */
    struct tfa_str method; /* REST: "GET", "POST"; empty: POST for the other protocols */
    struct tfa_str path; /* REST: "/detector/{id}/member"; empty: "/" */
    tfa_val path_parts; /* map that fills {name}, percent-encoded; {name+} keeps slashes */
    tfa_val query; /* map of string, number, bool, or list of these (repeated key) */
    struct tfa_str target_prefix; /* JSON_1_x: "AWSOrganizationsV20161128" */
    struct tfa_str version; /* QUERY, EC2: API version, "2010-05-08" */
    /* map sent as JSON or as form members; TFA_NONE: none, or {} where the protocol needs one */
    tfa_val body;
    struct tfa_str body_text; /* instead of `body`, sent as it is; both: TFA_E_INVALID */
};

/* Bit of `flags`: ask AWS again even if this run already knows the answer. */
#define TFA_AWS_FRESH 1

/* How to follow pages. */
struct tfa_aws_pages {
    uint32_t struct_size;
    uint32_t max_pages; /* 0: 100 */
    uint32_t flags; /* 0 */
    uint32_t reserved; /* 0 */
    struct tfa_str items; /* JSON pointer to the list in each answer: "/detectorIds" */
    struct tfa_str token_out; /* JSON pointer to the next token in the answer: "/nextToken" */
    /* name of the token in the request: "nextToken"; put into `query` of REST requests without a
     * body, else into `body` */
    struct tfa_str token_in;
};

/* What became of a request. */
#define TFA_AWS_NO_ANSWER      0 /* none: unreachable, timed out, TLS, unknown protocol */
#define TFA_AWS_SUCCESS        1 /* 2xx with a body that could be read, or without one */
#define TFA_AWS_ERROR          2 /* AWS answered with an error: see error_code; may be a fact */
#define TFA_AWS_DENIED         3 /* no permission: error_code, and `action` says which */
#define TFA_AWS_THROTTLED      4 /* still throttled after all retries */
#define TFA_AWS_FAULT          5 /* 5xx after all retries */
#define TFA_AWS_UNREADABLE     6 /* not what the protocol promises: HTML, truncated, too large */
#define TFA_AWS_NO_CREDENTIALS 7 /* nothing to sign with, or the role cannot be assumed */
#define TFA_AWS_NOT_THERE      8 /* absent from this partition: SKIPPED, not FAIL */
#define TFA_AWS_BUDGET         9 /* the user's limit of requests is spent */
#define TFA_AWS_INCOMPLETE     10 /* pages without end: a token came twice, or max_pages */

/* One answer. Owned by the host, valid until the callback returns. */
struct tfa_aws_answer {
    uint32_t struct_size;
    uint32_t outcome; /* TFA_AWS_SUCCESS, ...; plugins treat unknown ones as FAULT */
    uint32_t http_status; /* of the last attempt; 0 without an answer */
    uint32_t attempts; /* requests really sent; 0 when answered from memory */
    uint32_t pages; /* pages read: 0 without a SUCCESS, else 1 unless paginated */
    uint32_t complete; /* 1 when no page is missing; 0 makes `items` a part only */
    tfa_val body; /* the answer, for pages the last one; JSON null members are absent */
    tfa_val items; /* paginate: the lists of all pages joined, also after an error */
    struct tfa_str error_code; /* "AccessDeniedException", shortened to its name */
    struct tfa_str error_message;
    struct tfa_str action; /* IAM action that was needed: "guardduty:ListDetectors" */
    struct tfa_str account_id; /* where it was asked; empty when not known */
    struct tfa_str region;
    struct tfa_str request_id;
    struct tfa_str summary; /* one line for `detail` of an UNKNOWN result */
};

struct tfa_aws_v1 {
    /* Sends one request. */
    int32_t (*send)(struct tfa_call *call, const struct tfa_aws_request *request,
            const struct tfa_aws_answer **ret_answer);

    /* Sends `count` requests (at most 1,000), in parallel as far as limits allow, and returns as many
     * answers in the same order. One malformed or forbidden request: its code, and none is sent. */
    int32_t (*batch)(struct tfa_call *call, const struct tfa_aws_request *const *requests,
            uint64_t count, const struct tfa_aws_answer *const **ret_answers);

    /* Sends a request and follows its pages until an answer has no token (absent, null or empty).
     * After a failing page the outcome is that of the failure; a token that repeats and max_pages end
     * the reading early with TFA_AWS_INCOMPLETE. Then complete is 0, and items is what was read. */
    int32_t (*paginate)(struct tfa_call *call, const struct tfa_aws_request *request,
            const struct tfa_aws_pages *pages, const struct tfa_aws_answer **ret_answer);
};

TFA_END_DECLS

#endif
