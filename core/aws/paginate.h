/* SPDX-License-Identifier: Apache-2.0 */
/* Following page tokens and joining lists. */
#ifndef TFATMOS_AWS_PAGINATE_H
#define TFATMOS_AWS_PAGINATE_H

#include "request.h"

/* A call on its way through its pages. All zero: before the first. */
struct paginate {
    VEC(const struct value *) items;
    VEC(struct str) seen; /* tokens already followed */
    struct page_token token; /* for the next request */
    size_t pages; /* read so far */
};

enum page_step {
    PAGE_END, /* that was the last one */
    PAGE_NEXT, /* `token` is set for another request */
    PAGE_REPEATED, /* the service gave a token a second time */
    PAGE_TOO_MANY /* there is another page, but no more are allowed */
};

/*
 * Takes the items of one page and finds the next token. Without `token_out` the members of the answer
 * that services use are tried: NextToken, nextToken, NextPageToken, nextPageToken, PaginationToken,
 * NextMarker (sent as Marker); the name found is the name sent. A token that is absent, null or empty
 * ends the list.
 */
enum page_step paginate_take(struct arena *arena, struct paginate *paginate,
        const struct aws_pages *pages, const struct value *body);

/* The value a JSON pointer leads to, NULL when there is none. */
const struct value *pointer_get(
        struct arena *arena, const struct value *value, struct str pointer);

#endif
