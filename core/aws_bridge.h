/* SPDX-License-Identifier: Apache-2.0 */
/* Between plugins and AWS: the service table that plugin/ declares, filled with the client of aws/. */
#ifndef TFATMOS_AWS_BRIDGE_H
#define TFATMOS_AWS_BRIDGE_H

#include "aws/aws.h"
#include "plugin/plugin.h"

/*
 * The client is made at the first request, so that a run whose checks ask nothing opens no library
 * and reads no credentials. When it cannot be made, every request is answered with "no answer" and
 * the reason, which has then also been said once as a diagnostic.
 */
struct aws_bridge {
    struct run *run;
    struct aws_options options;
    struct aws_client *client;
    struct str failure; /* why there is no client, once tried */
};

void aws_bridge_init(
        struct aws_bridge *bridge, struct run *run, const struct aws_options *options);
/* The table; valid as long as the bridge. */
struct plugin_aws_service aws_bridge_service(struct aws_bridge *bridge);
void aws_bridge_clear(struct aws_bridge *bridge);

#endif
