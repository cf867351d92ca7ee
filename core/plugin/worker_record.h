/* SPDX-License-Identifier: Apache-2.0 */
/* Private: the inside of a worker process object, and what remains of it after its end. */
#ifndef TFATMOS_PLUGIN_WORKER_RECORD_H
#define TFATMOS_PLUGIN_WORKER_RECORD_H

#include <sched.h>
#include <sys/types.h>

#include "worker_process.h"

/* The part of the shared page that tells about an end; a copy, since the page is foreign. */
struct worker_record {
    uint32_t stage;
    uint32_t forbidden_call;
    bool is_stack_overflow;
    uint64_t used_bytes;
    uint64_t memory_bytes;
    char failure[WORKER_FAILURE_BYTES];
};

struct worker_process {
    pid_t pid;
    int pid_fd; /* -1: the kernel has none */
    int socket;
    int prints; /* what it writes to stdout and stderr; -1 when closed */
    struct worker_page *page; /* NULL after the end */
    struct worker_record record; /* valid when page is NULL */
    const struct log *log;
    cpu_set_t processors; /* that the program may use; empty when it could not be told */
    int processor; /* the one the worker is kept on; -1: none */
    bool is_reaped;
    bool is_killed; /* by us, before it ended itself */
    int status; /* of waitpid */
    size_t printed_bytes;
    size_t line_used;
    char line[512];
};

/* Copies what the page says, before it goes. */
void worker_record_take(struct worker_process *process);

#endif
