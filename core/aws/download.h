/* SPDX-License-Identifier: Apache-2.0 */
/* Plain GET requests over https, for what is not AWS: the carrier is the client's, nothing else of it. */
#ifndef TFATMOS_AWS_DOWNLOAD_H
#define TFATMOS_AWS_DOWNLOAD_H

#include "run.h"

/* Opens libcurl; belongs to one thread. */
struct downloader;

/* ERR_UNAVAILABLE with the reason in `ret_why` (the run's arena), and no diagnostic. */
int downloader_new(struct run *run, struct downloader **ret_downloader, struct str *ret_why);
void downloader_free(struct downloader *downloader); /* NULL is fine */

struct download_request {
    struct str url; /* https:// only, without a user name */
    struct str accept; /* media types; empty: any */
    struct str
            authorization; /* sent to the origin of `url` only, never after a redirect to another;
                               * empty: none */
    size_t max_bytes;
};

struct download_answer {
    int status; /* HTTP status; 0: there was none, and `why` says why */
    struct str why;
    struct str content_type, challenge, digest; /* Content-Type, WWW-Authenticate,
                                                 * Docker-Content-Digest; may be empty */
    struct buf body; /* the caller clears it, whatever the outcome */
};

/*
 * Follows at most 5 redirects, to https:// only. No cookies, no stored credentials, no content
 * encodings: what is in `body` is what was sent. Connecting has 10 s, a pause 20 s, the whole 10
 * minutes. AWS_CA_BUNDLE names the certificates to trust, else the system's count. Each request has a
 * connection of its own, so that nothing a server sends after one answer is taken for the next. Texts
 * live in the run's arena. A body shorter than its announced length, or longer than max_bytes, is no answer.
 */
void download(struct downloader *downloader, const struct download_request *request,
        struct download_answer *ret_answer);

/* Adds the text as a value of a query: everything but A-Z a-z 0-9 - _ . ~ as %XX. */
void download_encode(struct buf *out, struct str text);

#endif
