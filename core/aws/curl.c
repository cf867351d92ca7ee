/* SPDX-License-Identifier: Apache-2.0 */
/* The transport over libcurl's multi interface. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#include "transport.h"

enum {
    MAX_HEADER_BYTES = 65536,
    MAX_SPARE = 16, /* handles kept for reuse */
    MAX_CONNECTIONS = 32,
    CONNECTION_AGE_S = 30 /* AWS closes idle connections; do not meet it doing so */
};

struct curl_transport {
    const struct curl_library *curl;
    CURLM *multi;
    const char *agent;
    CURL *spare[MAX_SPARE];
    size_t spare_count;
};

struct str exchange_header(const struct exchange *exchange, const char *name)
{
    size_t len = strlen(name);
    for (size_t i = 0; i < exchange->answer_headers.count; i++) {
        const struct header *header = &exchange->answer_headers.items[i];
        if (header->name.len == len && strncasecmp(header->name.ptr, name, len) == 0) {
            return header->value;
        }
    }
    return STR_EMPTY;
}

/* ---- SIGPIPE: OpenSSL writes without MSG_NOSIGNAL, and a process-wide handler is not ours ---- */

struct pipe_guard {
    sigset_t before;
    bool was_pending;
};

static struct pipe_guard pipe_block(void)
{
    struct pipe_guard guard;
    sigset_t pending;
    sigset_t pipe;
    sigemptyset(&pipe);
    sigaddset(&pipe, SIGPIPE);
    sigpending(&pending);
    guard.was_pending = sigismember(&pending, SIGPIPE) == 1;
    pthread_sigmask(SIG_BLOCK, &pipe, &guard.before);
    return guard;
}

static void pipe_restore(const struct pipe_guard *guard)
{
    sigset_t pending;
    sigset_t pipe;
    sigpending(&pending);
    if (!guard->was_pending && sigismember(&pending, SIGPIPE) == 1) {
        const struct timespec now = { 0, 0 };
        sigemptyset(&pipe);
        sigaddset(&pipe, SIGPIPE);
        sigtimedwait(&pipe, NULL, &now);
    }
    pthread_sigmask(SIG_SETMASK, &guard->before, NULL);
}

/* ---- callbacks ---- */

/* NOLINTNEXTLINE(readability-non-const-parameter): the type is libcurl's */
static size_t take_body(char *bytes, size_t size, size_t count, void *context)
{
    struct exchange *exchange = context;
    size_t len = size * count;
    buf_add(&exchange->answer, (struct str){ bytes, len });
    return exchange->answer.is_full ? 0 : len;
}

/* NOLINTNEXTLINE(readability-non-const-parameter): the type is libcurl's */
static size_t take_header(char *bytes, size_t size, size_t count, void *context)
{
    struct exchange *exchange = context;
    struct str line = { bytes, size * count };
    exchange->answer_header_bytes += line.len;
    if (exchange->answer_header_bytes > MAX_HEADER_BYTES) {
        exchange->answer.is_full = true;
        return 0;
    }
    if (str_starts_with(line, STR("HTTP/"))) {
        exchange->answer_headers.count = 0; /* an interim answer came before */
        return line.len;
    }
    ptrdiff_t colon = str_find(line, ':');
    if (colon > 0) {
        struct header header = {
            arena_dup(exchange->arena, str_sub(line, 0, (size_t)colon)),
            arena_dup(exchange->arena, str_trim(str_from_index(line, (size_t)colon + 1))),
        };
        VEC_PUSH(exchange->arena, &exchange->answer_headers, header);
    }
    return line.len;
}

/* ---- starting ---- */

static void fail(struct exchange *exchange, enum transport_error error, struct str why)
{
    exchange->error = error;
    exchange->why = arena_dup(exchange->arena, why);
    exchange->is_done = true;
}

/* The header lines, which hold signature and session token: wiped by free_lines. */
static struct curl_slist *make_lines(
        struct curl_transport *transport, const struct exchange *exchange)
{
    struct curl_slist *lines = NULL;
    for (size_t i = 0; i < exchange->header_count + 1; i++) {
        AUTO_SECRET_BUF line = BUF_INIT(BUF_UNBOUNDED);
        if (i == exchange->header_count) {
            buf_add_cstr(&line, "Expect:"); /* no waiting for 100 Continue */
        } else {
            const struct header *header = &exchange->headers[i];
            buf_reserve(&line, header->name.len + header->value.len + 3);
            buf_add(&line, header->name);
            buf_add(&line, header->value.len > 0 ? STR(": ") : STR(":"));
            buf_add(&line, header->value);
        }
        struct curl_slist *longer = transport->curl->curl_slist_append(lines, line.ptr);
        if (!longer) {
            out_of_memory();
        }
        lines = longer;
    }
    return lines;
}

static void free_lines(struct curl_transport *transport, struct curl_slist *lines)
{
    for (struct curl_slist *line = lines; line; line = line->next) {
        explicit_bzero(line->data, strlen(line->data));
    }
    transport->curl->curl_slist_free_all(lines);
}

/* Sets one option and remembers the first refusal. */
#define SET(option, value)                                                                     \
    do {                                                                                       \
        CURLcode set_code = curl->curl_easy_setopt(easy, (option), (value));                   \
        code = code != CURLE_OK ? code : set_code;                                             \
    } while (0)

static CURLcode set_method(
        const struct curl_library *curl, CURL *easy, const struct exchange *exchange)
{
    CURLcode code = CURLE_OK;
    bool is_get = str_eq(exchange->method, STR("GET"));
    bool is_head = str_eq(exchange->method, STR("HEAD"));
    bool is_bare_delete = str_eq(exchange->method, STR("DELETE")) && exchange->body.len == 0;
    if (is_head) {
        SET(CURLOPT_NOBODY, 1L);
    } else if (!is_get && !is_bare_delete) {
        SET(CURLOPT_POST, 1L);
        SET(CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)exchange->body.len);
        SET(CURLOPT_POSTFIELDS, exchange->body.len > 0 ? exchange->body.ptr : "");
    }
    if (!is_get && !is_head) {
        SET(CURLOPT_CUSTOMREQUEST, exchange->method.ptr);
    }
    return code;
}

static CURLcode set_limits(
        const struct curl_library *curl, CURL *easy, const struct exchange *exchange)
{
    CURLcode code = CURLE_OK;
    int64_t idle_s = (exchange->idle_ms + 999) / 1000;
    SET(CURLOPT_CONNECTTIMEOUT_MS, (long)exchange->connect_ms);
    SET(CURLOPT_LOW_SPEED_LIMIT, 1L);
    SET(CURLOPT_LOW_SPEED_TIME, (long)(idle_s > 0 ? idle_s : 1));
    SET(CURLOPT_TIMEOUT_MS, (long)exchange->total_ms);
    SET(CURLOPT_PROTOCOLS_STR, "http,https");
    SET(CURLOPT_FOLLOWLOCATION, 0L);
    SET(CURLOPT_NOSIGNAL, 1L);
    SET(CURLOPT_MAXAGE_CONN, (long)CONNECTION_AGE_S);
    SET(CURLOPT_TCP_KEEPALIVE, 1L);
    SET(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
    SET(CURLOPT_DISALLOW_USERNAME_IN_URL, 1L);
    SET(CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
    SET(CURLOPT_FRESH_CONNECT, exchange->is_fresh ? 1L : 0L);
    SET(CURLOPT_FORBID_REUSE, exchange->is_fresh ? 1L : 0L);
    if (exchange->is_loopback) {
        SET(CURLOPT_NOPROXY, "*");
    }
    if (exchange->ca_file.len > 0) {
        SET(CURLOPT_CAINFO, exchange->ca_file.ptr);
    }
    return code;
}

static CURLcode set_up(struct curl_transport *transport, CURL *easy, struct exchange *exchange)
{
    const struct curl_library *curl = transport->curl;
    CURLcode code = set_method(curl, easy, exchange);
    CURLcode limits = set_limits(curl, easy, exchange);
    code = code != CURLE_OK ? code : limits;
    exchange->lines = make_lines(transport, exchange);
    SET(CURLOPT_URL, exchange->url.ptr);
    SET(CURLOPT_PATH_AS_IS, 1L); /* what was signed is what is sent */
    SET(CURLOPT_HTTPHEADER, exchange->lines);
    SET(CURLOPT_USERAGENT, transport->agent);
    SET(CURLOPT_WRITEFUNCTION, take_body);
    SET(CURLOPT_WRITEDATA, exchange);
    SET(CURLOPT_HEADERFUNCTION, take_header);
    SET(CURLOPT_HEADERDATA, exchange);
    SET(CURLOPT_PRIVATE, exchange);
    return code;
}

#undef SET

static void put_away(struct curl_transport *transport, struct exchange *exchange)
{
    CURL *easy = exchange->handle;
    free_lines(transport, exchange->lines);
    exchange->lines = NULL;
    exchange->handle = NULL;
    if (transport->spare_count < MAX_SPARE) {
        transport->curl->curl_easy_reset(easy);
        transport->spare[transport->spare_count++] = easy;
    } else {
        transport->curl->curl_easy_cleanup(easy);
    }
}

static void start(void *context, struct exchange *exchange)
{
    struct curl_transport *transport = context;
    CURL *easy = transport->spare_count > 0 ? transport->spare[--transport->spare_count]
                                            : transport->curl->curl_easy_init();
    if (!easy) {
        out_of_memory();
    }
    exchange->handle = easy;
    exchange->answer = BUF_INIT(exchange->max_bytes);
    CURLcode code = set_up(transport, easy, exchange);
    if (code != CURLE_OK) {
        fail(exchange, TRANSPORT_FAILED, str_from(transport->curl->curl_easy_strerror(code)));
        put_away(transport, exchange);
        return;
    }
    if (transport->curl->curl_multi_add_handle(transport->multi, easy) != CURLM_OK) {
        fail(exchange, TRANSPORT_FAILED, STR("libcurl refused the request"));
        put_away(transport, exchange);
    }
}

/* ---- ending ---- */

static enum transport_error error_of(CURLcode code, const struct exchange *exchange)
{
    static const struct {
        CURLcode code;
        enum transport_error error;
    } table[] = {
        { CURLE_OK, TRANSPORT_OK }, { CURLE_COULDNT_RESOLVE_PROXY, TRANSPORT_UNREACHABLE },
        { CURLE_COULDNT_RESOLVE_HOST, TRANSPORT_UNREACHABLE },
        { CURLE_COULDNT_CONNECT, TRANSPORT_UNREACHABLE },
        { CURLE_PROXY, TRANSPORT_UNREACHABLE },
        { CURLE_OPERATION_TIMEDOUT, TRANSPORT_TIME_OUT },
        { CURLE_SSL_CONNECT_ERROR, TRANSPORT_TLS },
        { CURLE_PEER_FAILED_VERIFICATION, TRANSPORT_TLS },
        { CURLE_SSL_CACERT_BADFILE, TRANSPORT_TLS }, { CURLE_SSL_CERTPROBLEM, TRANSPORT_TLS },
        { CURLE_SSL_ISSUER_ERROR, TRANSPORT_TLS }, { CURLE_SSL_CIPHER, TRANSPORT_TLS },
        { CURLE_PARTIAL_FILE, TRANSPORT_CUT }, { CURLE_GOT_NOTHING, TRANSPORT_CLOSED },
        { CURLE_SEND_ERROR, TRANSPORT_CLOSED }, { CURLE_WEIRD_SERVER_REPLY, TRANSPORT_GARBLED },
        { CURLE_UNSUPPORTED_PROTOCOL, TRANSPORT_GARBLED }, /* HTTP/0.9 */
    };

    if (exchange->answer.is_full) {
        return TRANSPORT_TOO_LARGE;
    }
    if (code == CURLE_RECV_ERROR) {
        bool has_begun = exchange->answer.len > 0 || exchange->answer_headers.count > 0;
        return has_begun ? TRANSPORT_CUT : TRANSPORT_CLOSED;
    }
    for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
        if (table[i].code == code) {
            return table[i].error;
        }
    }
    return TRANSPORT_FAILED;
}

/* Why, in words of ours where libcurl's are vague. */
static struct str why_of(const struct curl_library *curl, CURL *easy, CURLcode code,
        const struct exchange *exchange)
{
    curl_off_t connected_us = 0;
    curl_off_t total_us = 0;
    long os_error = 0;
    if (exchange->error == TRANSPORT_TIME_OUT) {
        curl->curl_easy_getinfo(easy, CURLINFO_PRETRANSFER_TIME_T, &connected_us);
        curl->curl_easy_getinfo(easy, CURLINFO_TOTAL_TIME_T, &total_us);
        bool is_total = total_us / 1000 >= exchange->total_ms - 1;
        bool is_connecting = connected_us == 0;
        const char *what = is_connecting ? "not connected within"
                           : is_total    ? "no complete answer within"
                                         : "not a byte for";
        int64_t limit_ms = is_connecting ? exchange->connect_ms
                           : is_total    ? exchange->total_ms
                                         : exchange->idle_ms;
        return arena_printf(exchange->arena, "%s %lld.%lld s", what,
                (long long)(limit_ms / 1000), (long long)(limit_ms % 1000 / 100));
    }
    if (exchange->error == TRANSPORT_UNREACHABLE &&
            curl->curl_easy_getinfo(easy, CURLINFO_OS_ERRNO, &os_error) == CURLE_OK &&
            os_error > 0 && strerrordesc_np((int)os_error)) {
        return str_from(strerrordesc_np((int)os_error));
    }
    return arena_dup(exchange->arena, str_from(curl->curl_easy_strerror(code)));
}

static void finish(struct curl_transport *transport, CURL *easy, CURLcode code)
{
    const struct curl_library *curl = transport->curl;
    struct exchange *exchange = NULL;
    long status = 0;
    curl->curl_easy_getinfo(easy, CURLINFO_PRIVATE, &exchange);
    curl->curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
    curl->curl_multi_remove_handle(transport->multi, easy);
    exchange->status = (int)status;
    exchange->error = error_of(code, exchange);
    if (exchange->error != TRANSPORT_OK) {
        exchange->why = why_of(curl, easy, code, exchange);
    }
    exchange->is_done = true;
    put_away(transport, exchange);
}

static bool collect(struct curl_transport *transport)
{
    bool is_any = false;
    int left = 0;
    CURLMsg *message = transport->curl->curl_multi_info_read(transport->multi, &left);
    while (message) {
        if (message->msg == CURLMSG_DONE) {
            finish(transport, message->easy_handle, message->data.result);
            is_any = true;
        }
        message = transport->curl->curl_multi_info_read(transport->multi, &left);
    }
    return is_any;
}

static void wait_some(void *context, int64_t at_most_ms)
{
    struct curl_transport *transport = context;
    struct pipe_guard guard = pipe_block();
    int running = 0;
    transport->curl->curl_multi_perform(transport->multi, &running);
    if (!collect(transport)) {
        int timeout_ms = (int)(at_most_ms > 60000 ? 60000 : at_most_ms < 0 ? 0 : at_most_ms);
        transport->curl->curl_multi_poll(transport->multi, NULL, 0, timeout_ms, NULL);
        transport->curl->curl_multi_perform(transport->multi, &running);
        collect(transport);
    }
    pipe_restore(&guard);
}

static void stop(void *context, struct exchange *exchange)
{
    struct curl_transport *transport = context;
    if (exchange->handle) {
        struct pipe_guard guard = pipe_block();
        transport->curl->curl_multi_remove_handle(transport->multi, exchange->handle);
        put_away(transport, exchange);
        fail(exchange, TRANSPORT_FAILED, STR("given up"));
        pipe_restore(&guard);
    }
}

/* ---- life ---- */

int curl_transport_new(const struct curl_library *curl, const char *agent,
        size_t max_connections_per_host, struct curl_transport **ret_transport)
{
    if (curl->curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
        return ERR_UNAVAILABLE;
    }
    struct curl_transport *transport = calloc(1, sizeof(*transport));
    if (!transport) {
        out_of_memory();
    }
    transport->curl = curl;
    transport->agent = agent;
    transport->multi = curl->curl_multi_init();
    if (!transport->multi) {
        curl->curl_global_cleanup();
        free(transport);
        return ERR_UNAVAILABLE;
    }
    CURLM *multi = transport->multi;
    curl->curl_multi_setopt(multi, CURLMOPT_PIPELINING, (long)CURLPIPE_NOTHING);
    curl->curl_multi_setopt(
            multi, CURLMOPT_MAX_HOST_CONNECTIONS, (long)max_connections_per_host);
    curl->curl_multi_setopt(multi, CURLMOPT_MAX_TOTAL_CONNECTIONS, (long)MAX_CONNECTIONS);
    curl->curl_multi_setopt(multi, CURLMOPT_MAXCONNECTS, (long)MAX_CONNECTIONS);
    *ret_transport = transport;
    return 0;
}

void curl_transport_free(struct curl_transport *transport)
{
    if (!transport) {
        return;
    }
    struct pipe_guard guard = pipe_block(); /* TLS says good-bye on closing */
    for (size_t i = 0; i < transport->spare_count; i++) {
        transport->curl->curl_easy_cleanup(transport->spare[i]);
    }
    transport->curl->curl_multi_cleanup(transport->multi);
    transport->curl->curl_global_cleanup();
    pipe_restore(&guard);
    free(transport);
}

struct transport curl_transport_of(struct curl_transport *transport)
{
    return (struct transport){ start, wait_some, stop, transport };
}
