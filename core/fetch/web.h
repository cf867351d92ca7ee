/* SPDX-License-Identifier: Apache-2.0 */
/* What fetching from a web server and from a registry share. */
#ifndef TFATMOS_FETCH_WEB_H
#define TFATMOS_FETCH_WEB_H

#include "aws/aws.h"
#include "fetch.h"

/* Opens libcurl, or one diagnostic and ERR_UNAVAILABLE. */
int web_open(struct run *run, struct downloader **ret_downloader);

/*
 * Says that the answer is not what is wanted, by its status or by what kept it away: one diagnostic and
 * ERR_UNAVAILABLE, or ERR_DENIED when the server asks who we are.
 */
int web_refuse(struct run *run, struct str address, const struct download_answer *answer);

/* Says that fetching failed for this reason; ERR_UNAVAILABLE. */
int web_fail(struct run *run, struct str address, struct str why);

/* Is it a file that could be a plugin? Else a diagnostic says what it looks like. */
int web_expect_plugin(
        struct run *run, struct str address, const struct download_answer *answer);

/* Characters of an address: printable ASCII, neither a user name nor a fragment nor a step upward. */
bool web_is_address(struct str address);

#endif
