/* SPDX-License-Identifier: Apache-2.0 */
/* What carries one HTTP request and brings its answer: libcurl, or a script in tests. */
#ifndef TFATMOS_AWS_TRANSPORT_H
#define TFATMOS_AWS_TRANSPORT_H

#include "library.h"
#include "sigv4.h"

enum transport_error {
    TRANSPORT_OK, /* there is a status, whatever it says */
    TRANSPORT_UNREACHABLE, /* no such host, refused, no route */
    TRANSPORT_TLS, /* certificate or handshake */
    TRANSPORT_TIME_OUT,
    TRANSPORT_CLOSED, /* connected, but no answer began */
    TRANSPORT_CUT, /* the answer ended before its announced end */
    TRANSPORT_TOO_LARGE, /* more than max_bytes of body, or too many headers */
    TRANSPORT_GARBLED, /* not HTTP */
    TRANSPORT_FAILED /* anything else */
};

/* One request and its answer. The first half is the caller's and stays untouched until it is done. */
struct exchange {
    struct str method;
    struct str url; /* sent as it is; NUL-terminated */
    const struct header *headers; /* besides Host, Content-Length and User-Agent */
    size_t header_count;
    struct str body;
    struct str ca_file; /* NUL-terminated; empty: the system's */
    bool is_loopback; /* never through a proxy */
    bool is_fresh; /* on a connection of its own: sent once, and answered by its own answer only */
    int64_t connect_ms;
    int64_t idle_ms;
    int64_t total_ms;
    size_t max_bytes;
    struct arena *arena; /* for the answer's headers and `why` */

    bool is_done;
    enum transport_error error;
    struct str why; /* the transport's words for an error */
    int status;
    struct buf answer; /* body; the caller clears it */
    VEC(struct header) answer_headers;
    size_t answer_header_bytes;
    void *handle; /* the transport's own */
    void *lines; /* the transport's own */
};

/* The answer's header of this name (any case); empty when there is none. The first one counts. */
struct str exchange_header(const struct exchange *exchange, const char *name);

struct transport {
    /* Begins an exchange; a failure to begin is an exchange that is done with an error. */
    void (*start)(void *context, struct exchange *exchange);
    /* Works on all exchanges for at most this long, returns earlier when one got done. */
    void (*wait)(void *context, int64_t at_most_ms);
    /* Gives up an exchange that is under way. */
    void (*stop)(void *context, struct exchange *exchange);
    void *context;
};

/* The one over libcurl: one multi handle, connections kept and used again. */
struct curl_transport;

/* ERR_UNAVAILABLE when libcurl cannot be started. `agent` is the User-Agent. */
int curl_transport_new(const struct curl_library *curl, const char *agent,
        size_t max_connections_per_host, struct curl_transport **ret_transport);
void curl_transport_free(struct curl_transport *transport); /* NULL is fine */
struct transport curl_transport_of(struct curl_transport *transport);

#endif
