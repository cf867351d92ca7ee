/* SPDX-License-Identifier: Apache-2.0 */
/* Private: one plugin served to the program over a socket. */
#ifndef TFATMOS_WORKER_SESSION_H
#define TFATMOS_WORKER_SESSION_H

#include <tf-atmos/check.h>
#include <tf-atmos/clock.h>
#include <tf-atmos/component.h>
#include <tf-atmos/lookup.h>
#include <tf-atmos/plugin.h>

#include "call/call.h"
#include "wire/wire.h"

/*
 * The worker answers by itself what only reads, and keeps a list of everything else the plugin does.
 * The list crosses when the plugin asks something of the program, or returns.
 */
struct session {
    struct tfa_call call; /* first: what the plugin is given */
    int socket;
    const _Atomic uint32_t *cancel;
    atomic_bool is_lost; /* the program is gone, or said what cannot be read */
    const struct tfa_plugin *plugin;
    void *self;
    const struct tfa_component_v1 *component; /* NULL: not offered */
    const struct tfa_check_v1 *check;
    struct tfa_host host;
    uint32_t services; /* bit per service that the plugin may be given */
    struct log log;
    struct run run; /* its arena lives as long as one callback */
    struct arena *lasting;
    struct arena *brief; /* of the callback in progress */
    struct wire_names names; /* that the program has named */

    pthread_mutex_t sending;
    uint32_t sent_count;
    uint32_t received_count;
    struct buf received; /* the frame being read */
    struct buf records; /* room for a header, then what has not been sent */
    size_t misuses_told;
    bool is_broken_told;
};

static inline struct session *session_of(struct tfa_call *call)
{
    return (struct session *)call;
}

/* ---- frames (session.c) ---- */

/* Starts a frame: room for its header. */
void frame_begin(struct buf *frame);
/* Sends a frame and begins the next. Any thread. */
void frame_send(struct session *session, enum wire_kind kind, struct buf *frame);

/* ---- records (records.c) ---- */

/* Starts a record. Handles in it are told beforehand. */
struct buf *record(struct session *session, enum wire_record kind);
/* Sees to it that the program has the slot behind a handle; wrong handles are left to it. */
void tell_handle(struct session *session, tfa_val handle);
/* The same for a value that the program will look into: its maker cannot change it any more. */
void tell_value(struct session *session, tfa_val handle);
/* Adds what was broken since the last time. */
void tell_broken(struct session *session);
void records_send(struct session *session);
/* Starts a record that asks, after all that has to be known before it. */
struct buf *ask(struct session *session, enum wire_record kind);
/* Sends it and waits. False when there is no answer. */
bool ask_send(struct session *session, struct wire_in *ret_reply);

/* tfa.build/1, with each success recorded. */
extern const struct tfa_build_v1 session_build_v1;

/* ---- services (services.c) ---- */

/* For tfa_host.ext; ctx is the struct session. */
const void *session_ext(void *ctx, const char *id);
int32_t session_parse_json(struct tfa_call *call, struct str text, tfa_val *ret_value);

/* ---- the loop ---- */

/*
 * Serves the plugin until it was shut down or the program is gone: 0. ERR_IO when the socket broke in
 * the middle of a call, ERR_PARSE when the program said what cannot be read. `cancel` is looked at by the plugin's threads.
 */
int session_serve(int socket, const _Atomic uint32_t *cancel, const struct tfa_plugin *plugin);

#endif
