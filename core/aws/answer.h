/* SPDX-License-Identifier: Apache-2.0 */
/* From what came over the wire to what it means. */
#ifndef TFATMOS_AWS_ANSWER_H
#define TFATMOS_AWS_ANSWER_H

#include "fault.h"
#include "retry.h"
#include "transport.h"

/* What an exchange came to. Texts are clean (foreign_text) and live in the arena. */
struct verdict {
    enum aws_outcome outcome;
    enum aws_diag kind; /* of the fault; meaningless with AWS_OK */
    enum retry_kind retry;
    int64_t asked_ms; /* how long the service wants us to wait; -1: it did not say */
    bool is_clock; /* AWS says that our time is wrong */
    bool may_be_clock; /* a refused signature, which a wrong clock explains too */
    bool has_date;
    int64_t date_s; /* of the Date header */
    struct str code;
    struct str text;
    struct str request_id;
    struct str what; /* how a message goes on after "guardduty ListDetectors in eu-west-1: " */
    struct str detail;
    const struct value *body;
};

/* What is needed to read one. */
struct answer_input {
    struct arena *arena;
    struct keys *keys;
    const struct exchange *exchange;
    struct str endpoint; /* as shown in messages */
    struct str action; /* the IAM action, for a denial */
    const struct str *secrets; /* cut out of every text */
    size_t secret_count;
};

/*
 * The body of a 2xx is parsed whatever its content type says. The error code comes from the header
 * x-amzn-errortype, else from `__type`, `code` or `Code` of the body, without namespace or address.
 */
void answer_read(const struct answer_input *input, struct verdict *ret_verdict);

#endif
