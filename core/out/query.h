/* SPDX-License-Identifier: Apache-2.0 */
/* The small path language of --query. */
#ifndef TFATMOS_OUT_QUERY_H
#define TFATMOS_OUT_QUERY_H

#include "run.h"

/*
 * query = stage { "|" stage }
 * stage = "." | "keys" | "length" | path
 * path  = step { step },  step = .name | ."name" | ["name"] | [index]; the first dot may stand alone
 *
 * A step that leads nowhere gives null, as the reference does; an index counts from the end when it
 * is negative; keys are in byte order. Returns ERR_PARSE with `*ret_why` (one phrase) for anything
 * else, and for a step into a scalar, keys of a scalar, length of a number or boolean.
 */
int query_apply(struct run *run, const struct value *value, struct str query,
        const struct value **ret_value, struct str *ret_why);

#endif
