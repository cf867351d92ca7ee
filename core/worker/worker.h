/* SPDX-License-Identifier: Apache-2.0 */
/* The public face of worker/: what the program and its worker process agree on beside the frames. */
#ifndef TFATMOS_WORKER_WORKER_H
#define TFATMOS_WORKER_WORKER_H

#include "base/base.h"

/*
 * A worker is the program `tf-atmos-worker` with one plugin in it. It is started with an empty
 * environment and these descriptors, confines itself, maps the plugin and serves calls until the
 * socket is closed. Both sides come from one build; nothing here is promised to anybody else.
 */
enum worker_fd {
    WORKER_SOCKET_FD = 3,
    WORKER_IMAGE_FD = 4, /* the plugin's bytes; not open: confine, report, end */
    WORKER_PAGE_FD = 5,
    WORKER__FD_END = 6
};

/* How far a worker has come. */
enum worker_stage {
    WORKER_STARTING,
    WORKER_CONFINED, /* the sandbox is closed; no code of the plugin has run */
    WORKER_LOADING, /* constructors of the plugin may run */
    WORKER_SERVING,
    WORKER_FINISHED /* it ended in order */
};

enum worker_limit {
    WORKER_MEMORY_MIB = 512,
    WORKER_CPU_SECONDS =
            600, /* of one worker's whole life; deadlines of calls are the host's */
    WORKER_FAILURE_BYTES = 256
};

/* The worker could not start; `failure` says why. */
#define WORKER_EXIT_FAILED 120
/* The socket broke, or what came was not readable, in the middle of a call. */
#define WORKER_EXIT_LOST 121

/*
 * The page both sides map. What the worker writes a plugin can write too: it is only believed as far
 * as it describes the end of that plugin, and shown as foreign text.
 */
struct worker_page {
    /* Set by the host before the start. */
    uint32_t size_bytes; /* sizeof(struct worker_page) */
    int32_t host_pid;
    char version[32];
    uint64_t memory_bytes;
    uint32_t cpu_seconds;
    uint32_t want_strict; /* refuse to start without Landlock or seccomp */

    /* Set by the host at any time: the plugin should stop what it does. */
    _Atomic uint32_t cancel;

    /* Set by the worker. */
    _Atomic uint32_t stage;
    _Atomic uint32_t landlock_abi; /* 0: not confined by Landlock */
    _Atomic uint32_t has_seccomp;
    _Atomic uint32_t forbidden_call; /* 1 + number of the system call that ended it */
    _Atomic uint32_t is_stack_overflow;
    _Atomic uint64_t used_bytes; /* address space in use when it ended */
    char failure[WORKER_FAILURE_BYTES]; /* why it could not start, NUL-terminated */
};

/* The sandbox of this kernel, asked without entering it. */
struct sandbox_facts {
    int landlock_abi; /* 0: none */
    bool has_seccomp;
};

struct sandbox_facts sandbox_probe(void);

/* A system call that ends a worker, by its number here ("execve"); NULL for others. */
const char *forbidden_call_name(uint32_t number);

#endif
