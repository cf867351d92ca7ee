/* SPDX-License-Identifier: Apache-2.0 */
/* Service "tfa.diag/1": findings about the configuration and results of checks.
 *
 * Everything a plugin has to say to the user goes through here. The host adds plugin, stack, component
 * and, from the value handle, file, line, column and JSON pointer; it removes control characters,
 * redacts sensitive text, sorts, and renders text, JSON, SARIF and CI annotations.
 *
 * Writing: one sentence, lower-case start, no full stop, quote what the user wrote. Say the problem in
 * `message` ("rank 3 is used by two filters") and an imperative in `remediation` ("give each filter
 * its own rank"). */
#ifndef TF_ATMOS_DIAG_H
#define TF_ATMOS_DIAG_H

#include <tf-atmos/abi.h>

TFA_BEGIN_DECLS

#define TFA_EXT_DIAG_V1 "tfa.diag/1" /* struct tfa_diag_v1 */

/* Severities. An error makes the command fail and stops it before anything is written. */
#define TFA_SEVERITY_DEFAULT 0 /* the severity the manifest gives this code */
#define TFA_SEVERITY_ERROR   1
#define TFA_SEVERITY_WARNING 2
#define TFA_SEVERITY_INFO    3
#define TFA_SEVERITY_HINT    4

/* Bits of `flags`. */
#define TFA_DIAG_AT_KEY 1 /* point at the key of the value, not at the value: misspelt keys */

/* Another place that explains the finding. */
struct tfa_related {
    uint32_t struct_size;
    uint32_t flags; /* TFA_DIAG_... */
    tfa_val at;
    struct tfa_str pointer;
    struct tfa_str message; /* "first used here" */
};

/* One finding. Zero-initialise, set struct_size and what is known. */
struct tfa_diag {
    uint32_t struct_size;
    uint32_t severity; /* TFA_SEVERITY_... */
    uint32_t flags; /* TFA_DIAG_... */
    uint32_t related_count; /* entries of `related`: 16 are kept, malformed ones dropped */
    struct tfa_str code; /* required: a code of the manifest's catalogue */
    tfa_val at; /* the value meant; TFA_NONE, or written nowhere: the intent as a whole */
    /* JSON pointer below `at`; where it leads to nothing (a missing key) the place is that of the
     * last step that exists, or of its key */
    struct tfa_str pointer;
    struct tfa_str message; /* required, at most 1,000 bytes are kept */
    struct tfa_str detail; /* optional paragraph: why it matters; 4,000 bytes */
    struct tfa_str remediation; /* empty: the `fix` of the catalogue; 1,000 bytes */
    /* https only; empty: `documentation` of the manifest + "#" + code */
    struct tfa_str doc_url;
    struct tfa_str resource; /* ARN or Terraform address it is about */
    const struct tfa_related *const *related;
};

/* Outcome of a check. Zero is "unknown", so that nothing passes by being forgotten. */
#define TFA_RESULT_UNKNOWN 0 /* could not find out: no permission, unreadable answer */
#define TFA_RESULT_PASS    1 /* the account was read and is as intended */
#define TFA_RESULT_FAIL    2 /* the account was read and differs from the intent */
#define TFA_RESULT_PENDING 3 /* AWS is converging: ask again after retry_after_ms */
#define TFA_RESULT_SKIPPED 4 /* not applicable: not intended, or absent in this partition */

/* One result of a check. A check may report several, one per account, region or resource.
 * An API error is never PASS and, unless it proves the point (a "not subscribed" error), never FAIL. */
struct tfa_result {
    uint32_t struct_size;
    uint32_t outcome; /* TFA_RESULT_... */
    uint32_t severity; /* of a FAIL; TFA_SEVERITY_DEFAULT: that of `code` */
    uint32_t flags; /* TFA_DIAG_... */
    uint32_t related_count; /* entries of `related` */
    uint32_t retry_after_ms; /* PENDING: earliest useful next look; 0: the host decides */
    struct tfa_str check_id; /* empty: the check that runs; else a check of the catalogue */
    struct tfa_str title; /* empty: the title in the catalogue */
    struct tfa_str code; /* of a FAIL, or the reason of another; empty: that of the check */
    tfa_val at; /* the intent that was checked: where the user would change it */
    struct tfa_str pointer; /* JSON pointer below `at` */
    tfa_val expected; /* what the intent asks for; TFA_NONE: not shown */
    tfa_val actual; /* what the account has; TFA_NONE: not shown */
    struct tfa_str message; /* required unless PASS */
    struct tfa_str detail; /* why; for UNKNOWN the summary of the AWS answer */
    struct tfa_str remediation; /* empty: the `fix` of the code */
    struct tfa_str doc_url; /* as in tfa_diag */
    struct tfa_str resource; /* ARN of what was looked at */
    struct tfa_str target; /* alias of the target; empty: that of the check item */
    struct tfa_str region; /* empty: that of the check item */
    const struct tfa_related *const *related;
};

struct tfa_diag_v1 {
    /* Reports a finding. Unknown severities count as error. A code outside the catalogue is shown
     * and reported as misuse. After 1,000 findings of one callback the rest is counted, not kept:
     * TFA_E_LIMIT. TFA_E_INVALID (nothing is reported), TFA_E_STALE, TFA_E_PHASE, TFA_E_MEMORY.
     * [init validate generate list check review plan] [callback thread] */
    int32_t (*report)(struct tfa_call *call, const struct tfa_diag *diag);

    /* Reports the outcome of a check; unknown outcomes count as TFA_RESULT_UNKNOWN. Codes as above.
     * [check] [callback thread] */
    int32_t (*result)(struct tfa_call *call, const struct tfa_result *result);
};

TFA_END_DECLS

#endif
