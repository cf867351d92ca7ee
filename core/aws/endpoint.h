/* SPDX-License-Identifier: Apache-2.0 */
/* Where a call is sent, and for whom it is signed. */
#ifndef TFATMOS_AWS_ENDPOINT_H
#define TFATMOS_AWS_ENDPOINT_H

#include "profile.h"
#include "service.h"

struct endpoint {
    struct str base; /* "https://guardduty.eu-west-1.amazonaws.com", no slash at the end */
    struct str
            host; /* as in the Host header: lower case, with the port unless it is the usual one */
    struct str path; /* put before every path, "/prefix"; mostly empty */
    struct str region; /* to sign for */
    struct str service; /* to sign for */
    struct str ca_file; /* certificate authorities to trust; empty: the system's */
    bool is_loopback; /* this machine: no proxy */
};

/* What is asked for. */
struct endpoint_query {
    struct run *run;
    const struct profiles *profiles;
    struct str profile; /* whose settings count */
    struct str service;
    struct str region; /* of the call or the client; empty: environment, then profile */
};

/*
 * Region: query, AWS_REGION, AWS_DEFAULT_REGION, the profile's. Address: AWS_ENDPOINT_URL_<SERVICE>,
 * AWS_ENDPOINT_URL, the profile's `services` section, its `endpoint_url`, else made from the tables;
 * AWS_IGNORE_CONFIGURED_ENDPOINT_URLS=true (or the profile's setting) leaves out the first four. An
 * address set by hand changes neither signing name nor Region. Plain http only to loopback.
 *
 * Returns AWS_OK, AWS_ABSENT or AWS_BAD_CALL; with the last two a fault in the run's arena.
 */
enum aws_outcome endpoint_find(const struct endpoint_query *query,
        struct endpoint *ret_endpoint, const struct aws_fault **ret_fault);

/*
 * Reads "http[s]://host[:port][/path]" into base, host, path and is_loopback. NULL, or why it is not
 * usable, in words that fit after "the address".
 */
const char *endpoint_parse(struct arena *arena, struct str url, struct endpoint *ret_endpoint);

#endif
