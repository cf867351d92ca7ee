/* SPDX-License-Identifier: Apache-2.0 */
/* Between plugins and AWS: the service table that plugin/ declares, filled with the client of aws/. */
#ifndef TFATMOS_AWS_BRIDGE_H
#define TFATMOS_AWS_BRIDGE_H

#include "aws/aws.h"
#include "plugin/plugin.h"

/*
 * The client is made at the first request, so that a run whose checks ask nothing opens no library
 * and reads no credentials. When it cannot be made, every request is answered with "no answer" and
 * the reason, which has then also been said once as a diagnostic. Requests only read, so one that was
 * answered is not sent again, unless the plugin asks for a fresh answer.
 */
struct aws_bridge {
    struct run *run;
    struct aws_options options;
    struct aws_client *client;
    struct str failure; /* why there is no client, once tried */
    struct map answers; /* by everything that makes a request: what this run already knows */
    struct map faults; /* what kept calls from an answer: the first of each kind and endpoint */
};

void aws_bridge_init(
        struct aws_bridge *bridge, struct run *run, const struct aws_options *options);
/* The table; valid as long as the bridge. */
struct plugin_aws_service aws_bridge_service(struct aws_bridge *bridge);
/*
 * Says once, as errors with their help and exit code, what kept calls from an answer: no credentials, an
 * endpoint that does not answer or answers nonsense. For a run that learned nothing of the account;
 * where other checks were made, the findings that are unknown carry the reason.
 */
void aws_bridge_report(struct aws_bridge *bridge);
void aws_bridge_clear(struct aws_bridge *bridge);

#endif
