/* SPDX-License-Identifier: Apache-2.0 */
/* The small path language of --query. */
#ifndef TFATMOS_OUT_QUERY_H
#define TFATMOS_OUT_QUERY_H

#include "run.h"

/*
 * query      = pipe { "," pipe }
 * pipe       = alternative { "|" alternative }
 * alternative = or { "//" or }       left unless it is null, false or nothing
 * or         = and { "or" and },  and = comparison { "and" comparison }
 * comparison = term [ ("==" | "!=" | "<" | "<=" | ">" | ">=") term ]
 * term       = ( "." | ".." | literal | "[" query "]" | "(" query ")" | map | function ) { step }
 * map        = "{" [ key ":" pipe { "," key ":" pipe } ] "}",  key = name | "text" | "(" query ")"
 * step       = .name | ."name" | ["name"] | [index] | [from:to] | [] | "?" behind one of these
 * function   = keys | length | not | select(query) | map(query) | has(query)
 * literal    = "text" | number | true | false | null
 *
 * As in yq: a step that leads nowhere gives null, one into a scalar gives nothing; an index counts
 * from the end when it is negative; maps are walked in byte order of their keys; .. is the value and
 * everything below it, the outer before the inner. Scalars are compared by their text, so 1 is equal
 * to "1"; * and ? in what stands right of == are any text and any byte; null is equal to nothing
 * else. An ordering between values that have none (maps, a number and a text) is false. With several
 * values on a side each pair is compared. A map is built for each pair of results of its keys and values.
 *
 * Not in the language, and said with their place: arithmetic, assignment, variables, patterns in names,
 * and every other function of yq or jq.
 */

/*
 * A query that gives nothing gives null. Returns ERR_PARSE with `*ret_why` ("column 5: " and one
 * phrase) for anything that is no query, for a name asked of a list and the like, and when there is
 * more than one result.
 */
int query_apply(struct run *run, const struct value *value, struct str query,
        const struct value **ret_value, struct str *ret_why);

/* Whether the query gives something for the value that is neither null nor false: a filter. */
int query_test(struct run *run, const struct value *value, struct str query, bool *ret_truth,
        struct str *ret_why);

/* Whether the result can depend on what stands below this key of the value asked: what no query can
 * reach need not be made. False for what is no query. */
bool query_reaches(struct run *run, struct str query, const char *key);

#endif
