/* SPDX-License-Identifier: Apache-2.0 */
/* From a call to the request on the wire: path, query, body, headers of the protocol. */
#ifndef TFATMOS_AWS_REQUEST_H
#define TFATMOS_AWS_REQUEST_H

#include "fault.h"
#include "service.h"

/* Everything but endpoint and signature. */
struct wire {
    struct str method;
    struct str path; /* encoded, begins with a slash */
    struct str query; /* encoded, without `?` */
    struct str body;
    struct str content_type; /* empty: no such header */
    struct str target; /* X-Amz-Target; empty: none */
};

/* A page token to put into the request; an empty name: the first page. */
struct page_token {
    struct str name;
    struct str text;
};

/*
 * Builds the request. ERR_INVALID with a fault when the call cannot be sent as it is: an unknown
 * method, a path without slash, a label missing, empty or `.` or `..`, a value of a kind that has no
 * place there.
 */
int request_build(struct arena *arena, struct keys *keys, const struct aws_call *call,
        const struct page_token *token, struct wire *ret_wire,
        const struct aws_fault **ret_fault);

/* The protocol of a call: its own, else the service's, else REST-JSON. */
enum aws_protocol call_protocol(const struct aws_call *call);

/* "guardduty ListDetectors" (or "guardduty GET /detector"), for messages. */
struct str call_name(struct arena *arena, const struct aws_call *call);

#endif
