/* SPDX-License-Identifier: Apache-2.0 */
/* A worker without a sandbox, for tests of what crosses: a fork that maps the plugin and serves it. */
#ifndef TFATMOS_TESTS_FORK_WORKER_H
#define TFATMOS_TESTS_FORK_WORKER_H

#include <dlfcn.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../check.h"
#include "plugin/plugin_set.h"
#include "plugin/worker_proxy.h"
#include "worker/session.h"
#include "worker/worker.h"

struct fork_worker {
    int socket;
    pid_t pid;
    int status;
    _Atomic uint32_t *cancel;
};

static inline enum link_event fork_wait(
        void *context, short events, int64_t deadline_ms, const volatile int *cancel)
{
    struct fork_worker *worker = context;
    for (;;) {
        if (events == 0 && waitpid(worker->pid, &worker->status, WNOHANG) > 0) {
            worker->pid = 0;
            (void)close(worker->socket);
            return LINK_DEAD;
        }
        struct pollfd fd = { .fd = worker->socket, .events = events };
        if (poll(&fd, events ? 1 : 0, 5) > 0) {
            return LINK_READY;
        }
        if (cancel && *cancel != 0) {
            return LINK_CANCELLED;
        }
        if (monotonic_ms() >= deadline_ms) {
            return LINK_DEADLINE;
        }
    }
}

static inline void fork_stop(void *context)
{
    struct fork_worker *worker = context;
    *worker->cancel = 1;
}

static inline void fork_begin(void *context)
{
    struct fork_worker *worker = context;
    *worker->cancel = 0;
}

static inline void fork_kill(void *context)
{
    struct fork_worker *worker = context;
    if (worker->pid > 0) {
        (void)kill(worker->pid, SIGKILL);
        (void)waitpid(worker->pid, &worker->status, 0);
        worker->pid = 0;
        (void)close(worker->socket);
    }
}

static inline struct str fork_end_text(const struct fork_worker *worker, struct run *run)
{
    if (WIFEXITED(worker->status) && WEXITSTATUS(worker->status) == WORKER_EXIT_LOST) {
        return STR("closed its connection");
    }
    return WIFSIGNALED(worker->status) ? arena_printf(run->arena, "was ended by signal %d",
                                                 WTERMSIG(worker->status))
                                       : arena_printf(run->arena, "exited with code %d",
                                                 WEXITSTATUS(worker->status));
}

static inline struct worker_fate fork_fate(void *context, struct run *run)
{
    return (struct worker_fate){
        .has_run = true, .is_own_fault = true, .text = fork_end_text(context, run)
    };
}

static inline void fork_serve(int socket, int image, const _Atomic uint32_t *cancel)
{
    char path[64];
    const struct tfa_plugin *(*entry)(void) = NULL;
    /* Those of the test program would go on with the next test. */
    static const int signals[] = { SIGSEGV, SIGABRT, SIGBUS, SIGFPE, SIGILL };
    for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]); i++) {
        (void)signal(signals[i], SIG_DFL);
    }
    (void)snprintf(path, sizeof(path), "/proc/self/fd/%d", image);
    void *handle = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    void *symbol = handle ? dlsym(handle, TFA_ENTRY_SYMBOL) : NULL;
    memcpy((void *)&entry, (const void *)&symbol, sizeof(entry));
    _exit(!entry                                          ? WORKER_EXIT_FAILED
            : session_serve(socket, cancel, entry()) == 0 ? 0
                                                          : WORKER_EXIT_LOST);
}

static inline int fork_open(
        struct run *run, struct plugin *plugin, int image_fd, struct worker_link *ret_link)
{
    int pair[2];
    struct fork_worker *worker = ARENA_NEW(run->arena, struct fork_worker);
    (void)plugin;
    worker->cancel = mmap(NULL, sizeof(*worker->cancel), PROT_READ | PROT_WRITE,
            MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    assert_true(worker->cancel != MAP_FAILED);
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair), 0);
    worker->pid = fork();
    assert_true(worker->pid >= 0);
    if (worker->pid == 0) {
        (void)close(pair[0]);
        fork_serve(pair[1], image_fd, worker->cancel);
    }
    (void)close(pair[1]);
    assert_int_equal(fcntl(pair[0], F_SETFL, O_NONBLOCK), 0);
    worker->socket = pair[0];
    *ret_link = (struct worker_link){ pair[0], fork_wait, fork_begin, fork_stop, fork_kill,
        fork_fate, worker };
    return 0;
}

/* From here on all plugins run in forks. */
static inline void isolate_in_forks(struct plugins *plugins)
{
    plugins->isolation = (struct isolation){ .want_all = true, .open = fork_open };
}

#endif
