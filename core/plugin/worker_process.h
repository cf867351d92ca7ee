/* SPDX-License-Identifier: Apache-2.0 */
/* Private: the process a foreign plugin runs in: started, waited for, stopped, and how it ended. */
#ifndef TFATMOS_PLUGIN_WORKER_PROCESS_H
#define TFATMOS_PLUGIN_WORKER_PROCESS_H

#include "run.h"
#include "worker/worker.h"

/*
 * One process per plugin and run, for many calls. It has its own process group and dies with the
 * thread that started it, also when that is killed. All functions belong to that thread.
 */
struct worker_process;

struct worker_how {
    struct str program; /* worker_program_path */
    int image_fd; /* the plugin's bytes, lent for the call; -1: only close the sandbox and end */
    uint64_t memory_bytes; /* address space; 0: WORKER_MEMORY_MIB */
    uint32_t cpu_seconds; /* processor time of the whole life; 0: WORKER_CPU_SECONDS */
    bool want_strict; /* do not start where the kernel lacks Landlock or seccomp */
};

/* tf-atmos-worker beside the running program, else ../libexec/tf-atmos-worker. */
struct str worker_program_path(struct run *run);

/*
 * Starts it; whether it comes up shows at the first wait. The object lives in the run's arena, its
 * descriptors until worker_process_kill. ERR_UNAVAILABLE with a diagnostic.
 */
int worker_process_start(
        struct run *run, const struct worker_how *how, struct worker_process **ret_process);

/* Our end of its socket: a nonblocking stream. -1 after worker_process_kill. */
int worker_process_socket(const struct worker_process *process);

enum worker_event {
    WORKER_READY, /* poll_events on the socket, or its end */
    WORKER_DEADLINE,
    WORKER_CANCELLED, /* *cancel is not 0 */
    WORKER_DEAD /* ended, and everything it had sent was read; see worker_process_fate */
};

/*
 * Waits for poll_events on the socket (POLLIN, POLLOUT; 0: only for its end). The deadline is
 * CLOCK_MONOTONIC in ms, 0: none; `cancel` may be NULL. What the worker prints meanwhile goes to the developer's log.
 */
enum worker_event worker_process_wait(struct worker_process *process, short poll_events,
        int64_t deadline_monotonic_ms, const volatile int *cancel);

/*
 * Before a callback is sent: takes worker_process_cancel back, and lets the worker run on the
 * processor of this thread, which waits meanwhile: waking another processor takes longer than most
 * callbacks. A callback that lasts gets back the processors this program may use.
 */
void worker_process_begin(struct worker_process *process);

/* Tells the plugin to stop (tfa.call/1 is_cancelled). */
void worker_process_cancel(struct worker_process *process);

/* Kills the process if it still lives, waits for its end, closes everything. Again and NULL: fine. */
void worker_process_kill(struct worker_process *process);

enum worker_fate_kind {
    FATE_RUNNING,
    FATE_EXITED, /* number: exit code */
    FATE_SIGNALED, /* number: signal */
    FATE_KILLED /* by worker_process_kill */
};

/* `text` completes "the plugin ...": "was ended by signal 11 (SIGSEGV)". */
struct worker_fate {
    enum worker_fate_kind kind;
    int number;
    bool is_start_failure; /* it ended before it served */
    bool has_run; /* code of the plugin may have run */
    bool is_own_fault; /* the plugin crashed, ran into a limit or ended itself; nobody else did it */
    struct str text;
};

struct worker_fate worker_process_fate(struct run *run, struct worker_process *process);

/* How the worker is confined, to be read before the first answer of a plugin. */
struct sandbox_facts worker_process_sandbox(const struct worker_process *process);

#endif
