/* SPDX-License-Identifier: Apache-2.0 */
/* Plain GET requests over https. */
#include "download.h"

#include <stdlib.h>

#include "transport.h"
#include "uri.h"

#define AGENT "tf-atmos/" TFA_VERSION

enum {
    CONNECT_MS = 10000,
    IDLE_MS = 20000,
    TOTAL_MS = 600000,
    STEP_MS = 1000,
    MAX_REDIRECTS = 5,
    MAX_URL_BYTES = 8192
};

struct downloader {
    struct run *run;
    struct curl_library curl;
    struct curl_transport *transport;
};

int downloader_new(struct run *run, struct downloader **ret_downloader, struct str *ret_why)
{
    struct downloader *downloader = calloc(1, sizeof(*downloader));
    if (!downloader) {
        out_of_memory();
    }
    downloader->run = run;
    int code = curl_library_open(&downloader->curl, run->arena, "libcurl.so.4", ret_why);
    if (code == 0) {
        code = curl_transport_new(&downloader->curl, AGENT, 1, &downloader->transport);
        if (code != 0) {
            *ret_why = STR("it was found but does not start");
        }
    }
    if (code != 0) {
        free(downloader);
        return ERR_UNAVAILABLE;
    }
    *ret_downloader = downloader;
    return 0;
}

void downloader_free(struct downloader *downloader)
{
    if (downloader) {
        curl_transport_free(downloader->transport);
        free(downloader);
    }
}

/* "https://host:port" of an address. */
static struct str origin_of(struct str url)
{
    size_t end = sizeof("https://") - 1;
    while (end < url.len && url.ptr[end] != '/' && url.ptr[end] != '?' && url.ptr[end] != '#') {
        end++;
    }
    return str_sub(url, 0, end);
}

/* Where a redirect leads; empty when it may not be followed. */
static struct str redirect_of(struct arena *arena, struct str url, struct str location)
{
    struct str target = STR_EMPTY;
    if (str_starts_with(location, STR("https://"))) {
        target = arena_dup(arena, location);
    } else if (str_starts_with(location, STR("/")) && !str_starts_with(location, STR("//"))) {
        struct str origin = origin_of(url);
        target = arena_printf(arena, "%.*s%.*s", STR_ARG(origin), STR_ARG(location));
    }
    return target.len > MAX_URL_BYTES || str_find(origin_of(target), '@') >= 0 ? STR_EMPTY
                                                                               : target;
}

static bool is_redirect(int status)
{
    return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

static void send_one(struct downloader *downloader, struct exchange *exchange)
{
    struct transport transport = curl_transport_of(downloader->transport);
    transport.start(transport.context, exchange);
    while (!exchange->is_done) {
        transport.wait(transport.context, STEP_MS);
    }
}

static struct exchange exchange_for(const struct downloader *downloader,
        const struct download_request *request, struct str url, struct header *headers)
{
    struct arena *arena = downloader->run->arena;
    struct exchange exchange = { .method = STR("GET"),
        .url = arena_dup(arena, url),
        .headers = headers,
        .ca_file = arena_dup(
                arena, str_from(environment_get(&downloader->run->env, "AWS_CA_BUNDLE"))),
        .connect_ms = CONNECT_MS,
        .idle_ms = IDLE_MS,
        .total_ms = TOTAL_MS,
        .max_bytes = request->max_bytes,
        .is_fresh = true,
        .arena = arena };
    if (request->accept.len > 0) {
        headers[exchange.header_count++] = (struct header){ STR("Accept"), request->accept };
    }
    if (request->authorization.len > 0 && str_eq(origin_of(url), origin_of(request->url))) {
        headers[exchange.header_count++] =
                (struct header){ STR("Authorization"), request->authorization };
    }
    return exchange;
}

static struct str why_of(struct arena *arena, const struct exchange *exchange)
{
    static const char *const words[] = {
        [TRANSPORT_OK] = "",
        [TRANSPORT_UNREACHABLE] = "the server cannot be reached",
        [TRANSPORT_TLS] = "no secure connection",
        [TRANSPORT_TIME_OUT] = "it took too long",
        [TRANSPORT_CLOSED] = "the server closed the connection without an answer",
        [TRANSPORT_CUT] = "the answer ended before its announced end",
        [TRANSPORT_TOO_LARGE] = "the answer is larger than what is wanted here may be",
        [TRANSPORT_GARBLED] = "the answer is not HTTP",
        [TRANSPORT_FAILED] = "the request failed",
    };
    const char *what = words[exchange->error];
    return exchange->why.len > 0 && exchange->error != TRANSPORT_TOO_LARGE
                   ? arena_printf(arena, "%s: %.*s", what, STR_ARG(exchange->why))
                   : str_from(what);
}

void download_encode(struct buf *out, struct str text)
{
    uri_encode(out, text, false);
}

void download(struct downloader *downloader, const struct download_request *request,
        struct download_answer *ret_answer)
{
    struct arena *arena = downloader->run->arena;
    struct str url = request->url;
    *ret_answer = (struct download_answer){ .why = STR("too many redirects") };
    for (int i = 0; i <= MAX_REDIRECTS; i++) {
        struct header headers[2];
        struct exchange exchange = exchange_for(downloader, request, url, headers);
        send_one(downloader, &exchange);
        if (exchange.error == TRANSPORT_OK && is_redirect(exchange.status)) {
            struct str location = exchange_header(&exchange, "Location");
            url = redirect_of(arena, url, location);
            buf_clear(&exchange.answer);
            if (url.len == 0) {
                ret_answer->why = arena_printf(
                        arena, "it redirects to `%.*s`, not to https://", STR_ARG(location));
                return;
            }
            continue;
        }
        *ret_answer = (struct download_answer){
            .status = exchange.error == TRANSPORT_OK ? exchange.status : 0,
            .why = why_of(arena, &exchange),
            .content_type = exchange_header(&exchange, "Content-Type"),
            .challenge = exchange_header(&exchange, "WWW-Authenticate"),
            .digest = exchange_header(&exchange, "Docker-Content-Digest"),
            .body = exchange.answer,
        };
        return;
    }
}
