/* SPDX-License-Identifier: Apache-2.0 */
/* Which AWS actions a plugin may ever ask for: those that read, and hand out no secret. */
#ifndef TFATMOS_PLUGIN_AWS_POLICY_H
#define TFATMOS_PLUGIN_AWS_POLICY_H

#include "base/base.h"

/* "service:Operation". */
bool aws_action_is_valid(struct str action);

/* NULL when the action only reads; else what completes "which ...", a constant text. */
const char *aws_action_refusal(struct str action);

/*
 * Is this REST request a read, whatever it calls itself? GET and HEAD are. POST is when the pair of
 * service and operation is known to be a read done by POST, and the path template is the one of that
 * operation. Everything else is not.
 */
bool aws_rest_is_read(
        struct str service, struct str operation, struct str method, struct str path);

#endif
