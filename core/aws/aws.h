/* SPDX-License-Identifier: Apache-2.0 */
/* The public face of aws/: one client that finds credentials and endpoints, signs, sends, retries. */
#ifndef TFATMOS_AWS_AWS_H
#define TFATMOS_AWS_AWS_H

#include <signal.h>

#include "aws_diag.h"
#include "download.h"
#include "run.h"
#include "value/value.h"

/*
 * Calls go in as values and come back as values. Nothing here adds a diagnostic for a call that
 * failed: what AWS says may be a fact the caller is looking for ("not subscribed"). Every answer that
 * is not AWS_OK carries a `fault`, ready to be reported with aws_fault_report by a caller for whom it
 * is an error.
 *
 * libcurl and libcrypto are opened by aws_client_new and by nothing else. A client belongs to one
 * thread. Secrets stay inside the client: they are wiped when it ends and are cut out of every text
 * that leaves it.
 */
struct aws_client;
struct transport; /* transport.h */

/* The kinds of wire protocol; 0: as the table of services says. */
enum aws_protocol {
    AWS_PROTOCOL_OF_SERVICE,
    AWS_REST_JSON, /* method, path, query; JSON body */
    AWS_JSON_1_0, /* POST / with X-Amz-Target */
    AWS_JSON_1_1
};

/* What became of a call. */
enum aws_outcome {
    AWS_OK, /* 2xx with a body that could be read (or none) */
    AWS_REJECTED, /* the service answered with an error of its own: `code` may be a fact */
    AWS_NOT_FOUND, /* the same, and the code says that the thing does not exist */
    AWS_DENIED, /* no permission for `action` */
    AWS_BAD_CREDENTIALS, /* none found, unusable, expired, or not accepted */
    AWS_THROTTLED, /* still throttled after all retries */
    AWS_SERVER_FAULT, /* 5xx after all retries */
    AWS_UNREACHABLE, /* no connection: refused, no such host, TLS, closed without an answer */
    AWS_TIMED_OUT, /* some phase took longer than its limit */
    AWS_UNREADABLE, /* not what the protocol promises: HTML, truncated, too large, a redirect */
    AWS_ABSENT, /* the service does not exist in this partition: skip, do not fail */
    AWS_BAD_CALL, /* could not be sent: no region, bad endpoint, unknown label, ... */
    AWS_CANCELLED
};

enum {
    /* Not to be repeated once AWS may have seen it: for calls that change something. */
    AWS_CALL_ONCE = 1u << 0
};

/* How to follow pages. All zero: one page. */
struct aws_pages {
    struct str
            items; /* JSON pointer to the list in each answer, "/detectorIds"; empty: no paging */
    struct str token_out; /* JSON pointer to the next token; empty: as the service does it */
    struct str
            token_in; /* name in the request; empty: as the service does it. Goes into `query`
                          * for REST calls without a body, else into `body`. */
    size_t max_pages; /* 0: 100 */
};

/* One call. All texts and values are borrowed until the batch returns. */
struct aws_call {
    enum aws_protocol protocol;
    unsigned flags; /* AWS_CALL_... */
    struct str service; /* "guardduty"; service.h lists the known ones, others are taken to be
                         * regional, signed with this name */
    struct str operation; /* "ListDetectors" */
    struct str action; /* IAM action when it is not service:operation */
    struct str method; /* REST only; empty: GET without a body, else POST */
    struct str
            path; /* REST only: "/detector/{id}/member", plain text, encoded here; empty: "/" */
    const struct value *labels; /* map that fills {name}, slashes encoded; {name+} keeps them */
    const struct value *query; /* REST only: map of scalars, or lists of them (repeated key) */
    struct str target_prefix; /* JSON 1.x, without the dot; empty: as the service does it */
    const struct value *body; /* NULL: none for REST, {} for JSON 1.x */
    struct str body_text; /* instead of `body`, sent as it is */
    struct aws_pages pages;
    struct str region; /* empty: the client's, the environment's, the profile's */
    struct str profile; /* credentials; empty: the client's */
    struct str
            account; /* names whose limits count and who is meant in messages; may be empty */
};

/* What went wrong with a call, in the words of a diagnostic. It has no mark: a credentials file is
 * named with its line in the text, never shown. */
struct aws_fault {
    const struct diag_kind *kind;
    struct str message; /* names service, operation, region and request id */
    struct str detail; /* may be empty */
    struct str hint; /* what to do */
};

/* One answer; lives in the arena given to aws_call_batch. */
struct aws_answer {
    enum aws_outcome outcome;
    int status; /* HTTP status of the last attempt, 0: there was none */
    unsigned attempts; /* requests sent, all pages together */
    unsigned pages; /* pages read */
    bool is_complete; /* no page is missing */
    struct str code; /* error code of AWS without namespace, "AccessDeniedException" */
    struct str text; /* its message: one line, cut to a sane length, without secrets */
    struct str request_id;
    struct str action; /* "guardduty:ListDetectors" */
    struct str region; /* where it was sent; empty when that was not found out */
    struct str endpoint; /* scheme, host and port it was sent to; may be empty */
    const struct value *body; /* of the last page that was read; NULL: none */
    const struct value
            *items; /* with paging: the lists of all pages joined, also after a fault */
    const struct aws_fault *fault; /* NULL exactly when outcome is AWS_OK */
};

/* Zero means the default, for every member. Times in milliseconds. */
struct aws_options {
    struct str profile; /* asked for by the user: then keys in the environment do not count */
    struct str region; /* of calls that name none */
    const volatile sig_atomic_t *cancel; /* looked at several times a second */
    int64_t connect_ms; /* until connected, TLS included; 5 s */
    int64_t idle_ms; /* without a byte, rounded up to seconds; 10 s */
    int64_t attempt_ms; /* one request and its answer; 30 s */
    int64_t call_ms; /* one call: all attempts, waiting and pages; 120 s */
    size_t max_attempts; /* AWS_MAX_ATTEMPTS, else 3 */
    size_t max_parallel; /* requests under way; 16 */
    size_t max_parallel_per_service; /* for one account, service and region; 6 */
    size_t max_answer_bytes; /* one response body; 32 MiB */
    /* For tests: what carries requests (NULL: libcurl), and chance in [0, 1). */
    const struct transport *transport;
    double (*random)(void *context);
    void *random_context;
};

/*
 * Opens the libraries and prepares a client; `options` may be NULL and is copied. ERR_UNAVAILABLE
 * with one diagnostic when a library is missing. Reads no credentials yet.
 */
int aws_client_new(
        struct run *run, const struct aws_options *options, struct aws_client **ret_client);
/* Wipes the secrets and closes the connections. NULL is fine. */
void aws_client_free(struct aws_client *client);

/*
 * Sends `count` calls, in parallel as far as the limits allow, and fills as many answers in the same
 * order; everything in them lives in `arena`. After `time_ms` (0: no such limit) calls without an
 * answer have timed out. Returns 0 however the calls fared, ERR_CANCELLED when the cancel flag went up
 * (the answers are filled all the same).
 */
int aws_call_batch(struct aws_client *client, struct arena *arena,
        const struct aws_call *const *calls, size_t count, int64_t time_ms,
        struct aws_answer *answers);

/* Adds the fault as a diagnostic and returns it, so that the caller can set the subject. */
struct diag *aws_fault_report(struct diags *diags, const struct aws_fault *fault);

/* The IAM action a call needs, "guardduty:ListDetectors"; needs no client. */
struct str aws_call_action(struct arena *arena, const struct aws_call *call);

/* "ok", "denied", ... as used in JSON and logs. */
const char *aws_outcome_name(enum aws_outcome outcome);

/*
 * Where the credentials of a profile (empty: the client's) come from, for `doctor`: "environment", or
 * "profile `dev` in /home/me/.aws/credentials:4". Contains no secret. On failure the fault (in the run's
 * arena) and ERR_DENIED.
 */
int aws_client_credentials(struct aws_client *client, struct str profile,
        struct str *ret_source, const struct aws_fault **ret_fault);

#endif
