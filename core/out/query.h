/* SPDX-License-Identifier: Apache-2.0 */
/* The small path language of --query. */
#ifndef TFATMOS_OUT_QUERY_H
#define TFATMOS_OUT_QUERY_H

#include "run.h"

/*
 * query      = alternative { "|" alternative }
 * alternative = or { "//" or }       left unless it is null, false or nothing
 * or         = and { "or" and },  and = comparison { "and" comparison }
 * comparison = term [ ("==" | "!=" | "<" | "<=" | ">" | ">=") term ]
 * term       = ( "." | literal | "[" query "]" | "(" query ")" | function ) { step }
 * step       = .name | ."name" | ["name"] | [index] | [from:to] | []
 * function   = keys | length | not | select(query) | map(query) | has(query)
 * literal    = "text" | integer | true | false | null
 *
 * As in yq: a step that leads nowhere gives null; an index counts from the end when it is negative;
 * keys are in byte order; * and ? in a text right of == stand for any text and any byte; an ordering
 * between values that have none (maps, a number and a text) is false.
 */

/*
 * A query that gives nothing gives null. Returns ERR_PARSE with `*ret_why` (one phrase) for anything
 * that is no query, for a step into a scalar and the like, and when there is more than one result.
 */
int query_apply(struct run *run, const struct value *value, struct str query,
        const struct value **ret_value, struct str *ret_why);

/* Whether the query gives something for the value that is neither null nor false: a filter. */
int query_test(struct run *run, const struct value *value, struct str query, bool *ret_truth,
        struct str *ret_why);

#endif
