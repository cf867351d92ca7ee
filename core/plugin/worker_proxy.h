/* SPDX-License-Identifier: Apache-2.0 */
/* Private: a plugin in another process, with the face of one in this process. */
#ifndef TFATMOS_PLUGIN_WORKER_PROXY_H
#define TFATMOS_PLUGIN_WORKER_PROXY_H

#include "host.h"
#include "wire/wire.h"
#include "worker_process.h"

enum link_event {
    LINK_READY, /* the socket is ready, or at its end */
    LINK_DEADLINE,
    LINK_CANCELLED, /* *cancel is not 0 */
    LINK_DEAD /* ended, and everything it had sent was read */
};

/* The process behind a proxy. */
struct worker_link {
    int socket; /* nonblocking stream */
    /* Waits for poll events on the socket (0: for its end alone) until a time of CLOCK_MONOTONIC; `cancel` may be NULL. */
    enum link_event (*wait)(void *context, short events, int64_t deadline_monotonic_ms,
            const volatile int *cancel);
    /* A callback is about to be sent: what was said with `stop` before is forgotten. */
    void (*begin)(void *context);
    /* Tells the plugin to stop what it does. */
    void (*stop)(void *context);
    /* Ends it for good; twice is fine. */
    void (*kill)(void *context);
    /* How it ended. */
    struct worker_fate (*fate)(void *context, struct run *run);
    void *context;
};

/*
 * A proxy is a struct tfa_plugin whose functions cross to the worker. It believes nothing of what comes
 * back: all of it are calls of the interface, made on the tables a plugin in this process would use.
 * When the worker dies, says what cannot be read, or does not return in time, the callback returns
 * TFA_E_INTERNAL, host_call.ended says why, and the plugin is not entered any more.
 */
struct worker_proxy;

/* Reads the worker's first frame, for as long as one callback may take. A proxy, perhaps one that has
 * ended. Lives in the run's arena. */
struct worker_proxy *worker_proxy_open(struct run *run, struct plugin *plugin,
        const struct worker_link *link, const struct plugin_world *world);
/* Its descriptor, to be judged as any; valid as long as the proxy. */
const struct tfa_plugin *worker_proxy_descriptor(const struct worker_proxy *proxy);
/* Why it ended; empty while it lives. */
struct str worker_proxy_ended(const struct worker_proxy *proxy);
/* Whether the plugin brought that about: not the user, the system, or the loader. */
bool worker_proxy_is_own_fault(const struct worker_proxy *proxy);
/* The end of the process, however far it came. */
void worker_proxy_close(struct worker_proxy *proxy);

/* ---- records (worker_replay.c) ---- */

/* One callback whose records come in. */
struct replay {
    struct tfa_call *call; /* NULL in shutdown */
    uint32_t services; /* bit per enum service that the plugin may use */
    struct wire_names *names; /* named to the worker */
    struct wire_in in; /* the records of one frame */
    struct buf *reply; /* frame to send when want_reply */
    bool want_reply;
    bool is_done; /* the callback has returned: */
    int32_t rc;
    tfa_val handle;
    uint32_t offers;
};

/* Makes the calls of one frame. False when there is one that no plugin could have made. */
bool replay_records(struct replay *replay);

#endif
