/* SPDX-License-Identifier: Apache-2.0 */
/* Sends the callbacks of a plugin to its worker and waits for what becomes of them. */
#include "worker_proxy.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "plugin_ask.h"

enum {
    UNTIMED_MS = 10000, /* for a callback without a deadline of its own */
    SHUTDOWN_MS = 2000,
    GRACE_MS = 500, /* for a plugin that was told to stop */
    SAID_MAX_BYTES = 32 << 20 /* records of one callback */
};

struct worker_proxy {
    struct tfa_plugin descriptor;
    struct str id, version;
    struct run *run;
    struct plugin *plugin;
    struct worker_link link;
    uint32_t services;
    uint32_t offers; /* WIRE_COMPONENT ... */
    struct tfa_component_v1 component;
    struct tfa_check_v1 check;
    struct wire_names names;
    uint32_t sent_count;
    uint32_t received_count;
    struct buf received;
    struct buf out;
    size_t said_bytes; /* in this callback */
    /* Of the callback in progress. */
    int64_t limit_ms; /* how long it may take, for the message */
    int64_t deadline_ms; /* CLOCK_MONOTONIC; then of the grace */
    const volatile int *cancel; /* NULL once it was told to stop */
    bool is_stopping;
    bool was_cancelled;
    struct str ended; /* why; empty while it lives */
    bool is_blameless; /* it ended, but not by its own doing */
};

/* ---- the end ---- */

/* Ends the worker; the first reason counts. */
static int end(struct worker_proxy *proxy, struct str why)
{
    if (proxy->ended.len == 0) {
        proxy->link.kill(proxy->link.context);
        proxy->ended = why;
        buf_clear(&proxy->received);
        buf_clear(&proxy->out);
    }
    return ERR_UNAVAILABLE;
}

static int end_unreadable(struct worker_proxy *proxy)
{
    return end(proxy, STR("sent what cannot be read"));
}

/* Its socket is at its end, or broken: it died, or closed it. */
static int end_dead(struct worker_proxy *proxy)
{
    enum link_event event =
            proxy->link.wait(proxy->link.context, 0, monotonic_ms() + GRACE_MS, NULL);
    proxy->link.kill(proxy->link.context);
    if (event != LINK_DEAD) {
        return end(proxy, STR("closed its connection"));
    }
    const struct worker_fate fate = proxy->link.fate(proxy->link.context, proxy->run);
    proxy->is_blameless = !fate.is_own_fault;
    return end(proxy, fate.text);
}

static int end_late(struct worker_proxy *proxy)
{
    struct arena *arena = proxy->run->arena;
    proxy->link.kill(proxy->link.context);
    /* The system may have been too slow to come to the plugin at all. */
    proxy->is_blameless =
            proxy->was_cancelled || !proxy->link.fate(proxy->link.context, proxy->run).has_run;
    if (proxy->was_cancelled) {
        return end(proxy, STR("did not stop when it was told to"));
    }
    return end(proxy, proxy->limit_ms % 1000 == 0
                              ? arena_printf(arena, "did not return within %lld s",
                                        (long long)(proxy->limit_ms / 1000))
                              : arena_printf(arena, "did not return within %lld ms",
                                        (long long)proxy->limit_ms));
}

/* ---- waiting ---- */

static void begin_waiting(
        struct worker_proxy *proxy, int64_t limit_ms, const volatile int *cancel)
{
    proxy->limit_ms = limit_ms;
    proxy->deadline_ms = monotonic_ms() + limit_ms;
    proxy->cancel = cancel;
    proxy->is_stopping = false;
    proxy->was_cancelled = false;
    proxy->said_bytes = 0;
    proxy->link.begin(proxy->link.context);
}

/* Tells it to stop, once, and gives it the time to do so. */
static int tell_stop(struct worker_proxy *proxy, bool was_cancelled)
{
    if (proxy->is_stopping) {
        return end_late(proxy);
    }
    proxy->link.stop(proxy->link.context);
    proxy->is_stopping = true;
    proxy->was_cancelled = was_cancelled;
    proxy->cancel = NULL;
    proxy->deadline_ms = monotonic_ms() + GRACE_MS;
    return 0;
}

static int wait_for(struct worker_proxy *proxy, short events)
{
    for (;;) {
        int code = 0;
        switch (proxy->link.wait(
                proxy->link.context, events, proxy->deadline_ms, proxy->cancel)) {
        case LINK_READY:
            return 0;
        case LINK_DEADLINE:
            code = tell_stop(proxy, false);
            break;
        case LINK_CANCELLED:
            code = tell_stop(proxy, true);
            break;
        case LINK_DEAD:
            code = end_dead(proxy);
            break;
        }
        if (code != 0) {
            return code;
        }
    }
}

/* ---- frames ---- */

static int read_all(struct worker_proxy *proxy, char *bytes, size_t len)
{
    while (len > 0) {
        ssize_t got = read(proxy->link.socket, bytes, len);
        if (got > 0) {
            bytes += got;
            len -= (size_t)got;
        } else if (got < 0 && (errno == EAGAIN || errno == EINTR)) {
            int code = wait_for(proxy, POLLIN);
            if (code != 0) {
                return code;
            }
        } else {
            return end_dead(proxy);
        }
    }
    return 0;
}

/* The next frame, which must be of that kind. */
static int read_frame(struct worker_proxy *proxy, enum wire_kind kind, struct wire_in *ret_in)
{
    char bytes[WIRE_HEADER_BYTES];
    struct wire_header header;
    int code = read_all(proxy, bytes, sizeof(bytes));
    if (code != 0) {
        return code;
    }
    if (!wire_header_get((const unsigned char *)bytes, &header) || header.kind != kind ||
            header.sequence != proxy->received_count++) {
        return end_unreadable(proxy);
    }
    proxy->said_bytes += header.length + sizeof(bytes);
    if (proxy->said_bytes > SAID_MAX_BYTES) {
        return end(proxy,
                arena_printf(proxy->run->arena, "sent more than %d MiB", SAID_MAX_BYTES >> 20));
    }
    buf_reset(&proxy->received);
    char *at = buf_reserve(&proxy->received, header.length + (size_t)1);
    code = at ? read_all(proxy, at, header.length) : end_unreadable(proxy);
    if (code != 0) {
        return code;
    }
    buf_commit(&proxy->received, header.length);
    *ret_in = wire_in_of(buf_str(&proxy->received));
    /* One that talks without pause is never waited for. */
    return monotonic_ms() > proxy->deadline_ms ? tell_stop(proxy, false) : 0;
}

static struct buf *begin_frame(struct worker_proxy *proxy)
{
    static const char header[WIRE_HEADER_BYTES] = { 0 };
    buf_reset(&proxy->out);
    buf_add(&proxy->out, (struct str){ header, sizeof(header) });
    return &proxy->out;
}

static int send_frame(struct worker_proxy *proxy, enum wire_kind kind)
{
    struct buf *out = &proxy->out;
    if (out->is_full) {
        return end(proxy, STR("asked for more than can be sent to it"));
    }
    wire_header_put((unsigned char *)out->ptr,
            &(struct wire_header){ .kind = kind,
                    .sequence = proxy->sent_count++,
                    .length = (uint32_t)(out->len - WIRE_HEADER_BYTES) });
    size_t done = 0;
    while (done < out->len) {
        ssize_t sent = send(proxy->link.socket, out->ptr + done, out->len - done, MSG_NOSIGNAL);
        if (sent > 0) {
            done += (size_t)sent;
        } else if (sent < 0 && (errno == EAGAIN || errno == EINTR)) {
            int code = wait_for(proxy, POLLOUT);
            if (code != 0) {
                return code;
            }
        } else {
            return end_dead(proxy);
        }
    }
    return 0;
}

/* ---- callbacks ---- */

/* What the worker needs to make the same callback there. */
static int send_call(struct worker_proxy *proxy, enum wire_function function,
        struct tfa_call *call, const tfa_val *handles)
{
    struct run *run = proxy->run;
    struct buf *out = begin_frame(proxy);
    int64_t left_ms = call_time_left_ms(call);
    const struct tfa_str texts[] = { call->who.stack, call->who.component, call->who.module,
        call->who.kind, call->who.check_id };
    wire_put_u64(out, function);
    wire_put_u64(out, call->generation);
    wire_put_u64(out, call->who.phase);
    wire_put_i64(out, left_ms);
    wire_put_u64(out, run->log && run->log->write ? (uint64_t)run->log->level : LOG_OFF);
    wire_put_u64(out, proxy->services);
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        wire_put_text(out, str_of(texts[i]));
    }
    for (size_t i = 0; i < 3; i++) {
        const struct slot *slot = call_find_slot(call, (uint32_t)(handles[i] & UINT32_MAX));
        wire_put_value(out, &proxy->names, run->sources, slot ? slot->value : NULL);
    }
    return send_frame(proxy, WIRE_CALL);
}

/* Makes the calls that come in until the callback has returned. */
static int follow(struct worker_proxy *proxy, struct replay *replay)
{
    while (!replay->is_done) {
        int code = read_frame(proxy, WIRE_RECORDS, &replay->in);
        if (code != 0) {
            return code;
        }
        replay->want_reply = false;
        replay->reply = begin_frame(proxy);
        if (!replay_records(replay)) {
            return end_unreadable(proxy);
        }
        code = replay->want_reply ? send_frame(proxy, WIRE_REPLY) : 0;
        if (code != 0) {
            return code;
        }
    }
    return 0;
}

/* Enters the plugin: the code it returned, and the handle. */
static int32_t enter(struct worker_proxy *proxy, enum wire_function function,
        struct tfa_call *call, const tfa_val *handles, struct replay *replay)
{
    *replay = (struct replay){
        .call = call, .services = proxy->services, .names = &proxy->names
    };
    int64_t left_ms = call_time_left_ms(call);
    int code = proxy->ended.len > 0 ? ERR_UNAVAILABLE : 0;
    begin_waiting(proxy, left_ms == INT64_MAX ? UNTIMED_MS : left_ms, call->cancel);
    if (host_of(call)->budget_ms > 0) {
        proxy->limit_ms = host_of(call)->budget_ms; /* a part of it may be over */
    }
    code = code == 0 ? send_call(proxy, function, call, handles) : code;
    code = code == 0 ? wait_for(proxy, POLLIN) : code;
    code = code == 0 ? follow(proxy, replay) : code;
    if (code != 0) {
        host_of(call)->ended = proxy->ended;
        /* There is one thing to say about it. */
        call->misuses.count = 0;
        return TFA_E_INTERNAL;
    }
    return replay->rc;
}

static int32_t proxy_init(const struct tfa_host *host, struct tfa_call *call, void **ret_self)
{
    static const tfa_val nothing[3] = { TFA_NONE, TFA_NONE, TFA_NONE };
    struct worker_proxy *proxy = host_of(call)->plugin->runtime->proxy;
    struct replay replay;
    (void)host;
    int32_t rc = enter(proxy, WIRE_INIT, call, nothing, &replay);
    if (rc == TFA_OK) {
        proxy->offers = replay.offers;
        *ret_self = proxy;
    }
    return rc;
}

static void proxy_shutdown(void *self)
{
    struct worker_proxy *proxy = self;
    struct replay replay = { .names = &proxy->names };
    if (proxy->ended.len == 0) {
        begin_waiting(proxy, SHUTDOWN_MS, NULL);
        wire_put_u64(begin_frame(proxy), WIRE_SHUTDOWN);
        if (send_frame(proxy, WIRE_CALL) != 0 || follow(proxy, &replay) != 0) {
            plugin_say_ended(proxy->run, proxy->plugin, NULL, "shutdown", proxy->ended);
        }
    }
}

static int32_t proxy_validate(
        void *self, struct tfa_call *call, tfa_val config, tfa_val context)
{
    const tfa_val handles[3] = { config, context, TFA_NONE };
    struct replay replay;
    return enter(self, WIRE_VALIDATE, call, handles, &replay);
}

static int32_t proxy_generate(
        void *self, struct tfa_call *call, tfa_val config, tfa_val context, tfa_val *ret_vars)
{
    const tfa_val handles[3] = { config, context, TFA_NONE };
    struct replay replay;
    int32_t rc = enter(self, WIRE_GENERATE, call, handles, &replay);
    *ret_vars = replay.handle;
    return rc;
}

static int32_t proxy_list(
        void *self, struct tfa_call *call, tfa_val config, tfa_val context, tfa_val *ret_items)
{
    const tfa_val handles[3] = { config, context, TFA_NONE };
    struct replay replay;
    int32_t rc = enter(self, WIRE_LIST, call, handles, &replay);
    *ret_items = replay.handle;
    return rc;
}

static int32_t proxy_run(
        void *self, struct tfa_call *call, tfa_val config, tfa_val context, tfa_val item)
{
    const tfa_val handles[3] = { config, context, item };
    struct replay replay;
    return enter(self, WIRE_RUN, call, handles, &replay);
}

/* Tables with the holes of the plugin's own. */
static const void *proxy_ext(void *self, const char *id)
{
    static const char there; /* a table nobody looks into */
    struct worker_proxy *proxy = self;
    if (strcmp(id, TFA_EXT_COMPONENT_V1) == 0 && (proxy->offers & WIRE_COMPONENT) != 0) {
        if ((proxy->offers & WIRE_COMPONENT_WHOLE) != 0) {
            proxy->component = (struct tfa_component_v1){ proxy_validate, proxy_generate };
        }
        return &proxy->component;
    }
    if (strcmp(id, TFA_EXT_CHECK_V1) == 0 && (proxy->offers & WIRE_CHECK) != 0) {
        if ((proxy->offers & WIRE_CHECK_WHOLE) != 0) {
            proxy->check = (struct tfa_check_v1){ proxy_list, proxy_run };
        }
        return &proxy->check;
    }
    if (strcmp(id, TFA_EXT_REVIEW_V1) == 0) {
        return (proxy->offers & WIRE_REVIEW) != 0 ? &there : NULL;
    }
    if (strcmp(id, TFA_EXT_PLAN_V1) == 0) {
        return (proxy->offers & WIRE_PLAN) != 0 ? &there : NULL;
    }
    return NULL;
}

/* ---- the beginning ---- */

static const char *get_cstr(struct worker_proxy *proxy, struct wire_in *in)
{
    struct tfa_str view = wire_get_view(in);
    return view.ptr ? arena_cstr(proxy->run->arena, str_of(view)) : NULL;
}

static void read_hello(struct worker_proxy *proxy, const struct plugin_world *world)
{
    struct wire_in in;
    begin_waiting(proxy, deadline_ms(world, proxy->plugin->identity, DEADLINE_CALLBACK, NULL),
            world->cancel);
    if (read_frame(proxy, WIRE_HELLO, &in) != 0) {
        return;
    }
    if (!str_eq_cstr(wire_get_text(&in), wire_build)) {
        proxy->is_blameless = true;
        (void)end(proxy, STR("runs in a worker of another build of tf-atmos"));
        return;
    }
    struct tfa_plugin *plugin = &proxy->descriptor;
    plugin->struct_size = wire_get_u32(&in);
    plugin->abi_major = wire_get_u32(&in);
    plugin->min_minor = wire_get_u32(&in);
    plugin->id = get_cstr(proxy, &in);
    plugin->version = get_cstr(proxy, &in);
    plugin->init = proxy_init;
    plugin->shutdown = proxy_shutdown;
    plugin->ext = wire_get_u64(&in) != 0 ? proxy_ext : NULL;
    if (in.is_bad || in.at != in.end || plugin->struct_size > sizeof(*plugin)) {
        (void)end_unreadable(proxy);
    }
}

struct worker_proxy *worker_proxy_open(struct run *run, struct plugin *plugin,
        const struct worker_link *link, const struct plugin_world *world)
{
    struct worker_proxy *proxy = ARENA_NEW(run->arena, struct worker_proxy);
    proxy->run = run;
    proxy->plugin = plugin;
    proxy->link = *link;
    proxy->services = services_of(plugin);
    proxy->names.arena = run->arena;
    proxy->received = BUF_INIT(WIRE_FRAME_MAX + 1);
    proxy->out = BUF_INIT(WIRE_FRAME_MAX);
    read_hello(proxy, world);
    return proxy;
}

const struct tfa_plugin *worker_proxy_descriptor(const struct worker_proxy *proxy)
{
    return &proxy->descriptor;
}

struct str worker_proxy_ended(const struct worker_proxy *proxy)
{
    return proxy->ended;
}

bool worker_proxy_is_own_fault(const struct worker_proxy *proxy)
{
    return proxy->ended.len > 0 && !proxy->is_blameless;
}

void worker_proxy_close(struct worker_proxy *proxy)
{
    (void)end(proxy, STR("was shut down"));
}
