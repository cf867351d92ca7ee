/* SPDX-License-Identifier: Apache-2.0 */
/* The process a foreign plugin runs in: started, waited for, stopped. */
#include "worker_process.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "plugin_diag.h"
#include "private_file.h"
#include "worker_record.h"

enum {
    SAFE_FD = 16, /* the child's descriptors are below, ours above */
    SLICE_MS = 50, /* how long a wait may overlook what has no descriptor */
    BRIEF_MS = 5, /* how long a callback is kept on one processor */
    PRINT_MAX_BYTES = 64 << 10 /* of one worker; the rest is dropped */
};

/* ---- what it gets ---- */

static int make_page(struct run *run, const struct worker_how *how,
        struct worker_page **ret_page, int *ret_fd)
{
    AUTO_FD fd = -1;
    int code = private_memory_open(run, "tf-atmos-worker-page", &fd);
    if (code != 0 || ftruncate(fd, sizeof(struct worker_page)) != 0) {
        return ERR_IO;
    }
    /* A page that could shrink would be a way to end the host. */
    (void)fcntl(fd, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL);
    struct worker_page *page =
            mmap(NULL, sizeof(struct worker_page), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (page == MAP_FAILED) {
        return ERR_IO;
    }
    page->size_bytes = sizeof(struct worker_page);
    page->host_pid = getpid();
    page->memory_bytes =
            how->memory_bytes ? how->memory_bytes : (uint64_t)WORKER_MEMORY_MIB << 20;
    page->cpu_seconds = how->cpu_seconds ? how->cpu_seconds : WORKER_CPU_SECONDS;
    page->want_strict = how->want_strict;
    (void)snprintf(page->version, sizeof(page->version), "%s", TFA_VERSION);
    *ret_page = page;
    *ret_fd = fd;
    fd = -1;
    return 0;
}

/* Both ends of what connects us, all above SAFE_FD. */
struct lines {
    int socket, child_socket;
    int prints, child_prints;
    int image, page;
};

static void lines_close(struct lines *lines)
{
    fd_cleanup(&lines->socket);
    fd_cleanup(&lines->child_socket);
    fd_cleanup(&lines->prints);
    fd_cleanup(&lines->child_prints);
    fd_cleanup(&lines->image);
    fd_cleanup(&lines->page);
}

static bool raise_fd(int *fd)
{
    int raised = fcntl(*fd, F_DUPFD_CLOEXEC, SAFE_FD);
    close(*fd);
    *fd = raised;
    return raised >= 0;
}

static bool lines_open(struct lines *lines, int image_fd)
{
    int ends[2];
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) {
        return false;
    }
    lines->socket = ends[0];
    lines->child_socket = ends[1];
    if (fcntl(lines->socket, F_SETFL, O_NONBLOCK) != 0 || pipe2(ends, O_CLOEXEC) != 0) {
        return false;
    }
    lines->prints = ends[0];
    lines->child_prints = ends[1];
    if (image_fd >= 0) {
        lines->image = fcntl(image_fd, F_DUPFD_CLOEXEC, SAFE_FD);
    }
    return fcntl(lines->prints, F_SETFL, O_NONBLOCK) == 0 && raise_fd(&lines->child_socket) &&
           raise_fd(&lines->child_prints) && raise_fd(&lines->page) &&
           (image_fd < 0 || lines->image >= 0);
}

/* ---- start ---- */

static int add_actions(posix_spawn_file_actions_t *actions, const struct lines *lines)
{
    int error = posix_spawn_file_actions_addopen(actions, 0, "/dev/null", O_RDONLY, 0);
    error = error ? error : posix_spawn_file_actions_adddup2(actions, lines->child_prints, 1);
    error = error ? error : posix_spawn_file_actions_adddup2(actions, lines->child_prints, 2);
    error = error ? error
                  : posix_spawn_file_actions_adddup2(
                            actions, lines->child_socket, WORKER_SOCKET_FD);
    error = error ? error
                  : posix_spawn_file_actions_adddup2(actions, lines->page, WORKER_PAGE_FD);
    if (error == 0 && lines->image >= 0) {
        return posix_spawn_file_actions_adddup2(actions, lines->image, WORKER_IMAGE_FD);
    }
    /* Something of ours could have this number. */
    return error ? error : posix_spawn_file_actions_addclose(actions, WORKER_IMAGE_FD);
}

static int set_attributes(posix_spawnattr_t *attributes)
{
    sigset_t none;
    sigset_t all;
    sigemptyset(&none);
    sigfillset(&all);
    int error = posix_spawnattr_setflags(
            attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    error = error ? error : posix_spawnattr_setpgroup(attributes, 0);
    error = error ? error : posix_spawnattr_setsigmask(attributes, &none);
    return error ? error : posix_spawnattr_setsigdefault(attributes, &all);
}

/* 0 or an errno. */
static int spawn(const char *program, const struct lines *lines, pid_t *ret_pid)
{
    char name[] = "tf-atmos-worker";
    char *const argv[] = { name, NULL };
    char *const environment[] = { NULL };
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    int error = posix_spawn_file_actions_init(&actions);
    if (error != 0) {
        return error;
    }
    error = posix_spawnattr_init(&attributes);
    if (error == 0) {
        error = set_attributes(&attributes);
        error = error ? error : add_actions(&actions, lines);
        error = error ? error
                      : posix_spawn(ret_pid, program, &actions, &attributes, argv, environment);
        (void)posix_spawnattr_destroy(&attributes);
    }
    (void)posix_spawn_file_actions_destroy(&actions);
    return error;
}

struct str worker_program_path(struct run *run)
{
    return program_companion(
            run->arena, STR("tf-atmos-worker"), STR("../" TFA_LIBEXECDIR "/tf-atmos-worker"));
}

static int refuse(struct run *run, struct str program, int error)
{
    (void)diag_add(&run->diags, &plugin_diags[PLUGIN_WORKER_MISSING], MARK_NONE,
            "the worker program `%.*s` cannot be started: %s", STR_ARG(program),
            strerrordesc_np(error));
    return ERR_UNAVAILABLE;
}

int worker_process_start(
        struct run *run, const struct worker_how *how, struct worker_process **ret_process)
{
    struct lines lines = { -1, -1, -1, -1, -1, -1 };
    struct worker_page *page = NULL;
    pid_t pid = -1;
    bool is_ready =
            make_page(run, how, &page, &lines.page) == 0 && lines_open(&lines, how->image_fd);
    int error = is_ready ? spawn(arena_cstr(run->arena, how->program), &lines, &pid) : errno;
    if (error != 0) {
        if (page) {
            (void)munmap(page, sizeof(*page));
        }
        lines_close(&lines);
        return refuse(run, how->program, error);
    }
    struct worker_process *process = ARENA_NEW(run->arena, struct worker_process);
    *process = (struct worker_process){ .pid = pid,
        .pid_fd = (int)syscall(SYS_pidfd_open, pid, 0U),
        .socket = lines.socket,
        .prints = lines.prints,
        .page = page,
        .log = run->log,
        .processor = -1 };
    if (sched_getaffinity(0, sizeof(process->processors), &process->processors) != 0) {
        CPU_ZERO(&process->processors);
    }
    lines.socket = -1;
    lines.prints = -1;
    lines_close(&lines);
    *ret_process = process;
    return 0;
}

/* ---- life ---- */

int worker_process_socket(const struct worker_process *process)
{
    return process->socket;
}

/* Shown a line at a time, so that an unfinished one waits for its rest. */
static void log_prints(struct worker_process *process, bool is_last)
{
    size_t start = 0;
    for (size_t i = 0; i < process->line_used; i++) {
        if (process->line[i] == '\n') {
            log_at(process->log, LOG_DEBUG, "worker %d: %.*s", (int)process->pid,
                    (int)(i - start), process->line + start);
            start = i + 1;
        }
    }
    bool is_full = start == 0 && process->line_used == sizeof(process->line);
    if ((is_last || is_full) && process->line_used > start) {
        log_at(process->log, LOG_DEBUG, "worker %d: %.*s", (int)process->pid,
                (int)(process->line_used - start), process->line + start);
        start = process->line_used;
    }
    process->line_used -= start;
    memmove(process->line, process->line + start, process->line_used);
}

/* A plugin that prints without end must neither block nor fill anything. */
static void read_prints(struct worker_process *process)
{
    char piece[1024];
    for (int i = 0; i < 64 && process->prints >= 0; i++) {
        ssize_t got = read(process->prints, piece, sizeof(piece));
        if (got == 0 || (got < 0 && errno != EINTR && errno != EAGAIN)) {
            fd_cleanup(&process->prints);
        }
        if (got <= 0) {
            return;
        }
        size_t count = (size_t)got;
        for (size_t k = 0; k < count && process->printed_bytes < PRINT_MAX_BYTES; k++) {
            process->line[process->line_used++] = piece[k];
            process->printed_bytes++;
            if (process->line_used == sizeof(process->line)) {
                log_prints(process, false);
            }
        }
        log_prints(process, false);
    }
}

/* True when it has ended; its status is kept. `options`: WNOHANG or 0. */
static bool reap(struct worker_process *process, int options)
{
    siginfo_t info = { .si_pid = 0 };
    if (process->is_reaped) {
        return true;
    }
    while (waitid(P_PID, (id_t)process->pid, &info, WEXITED | WNOWAIT | options) < 0) {
        if (errno != EINTR) {
            info.si_pid = process->pid; /* somebody else waited for it: it is gone */
            break;
        }
    }
    if (info.si_pid == 0) {
        return false;
    }
    /* It cannot have children; where the kernel could not forbid them, they end here. The number is
     * still taken by the dead process, so this hits nobody else. */
    (void)kill(-process->pid, SIGKILL);
    while (waitpid(process->pid, &process->status, 0) < 0 && errno == EINTR) {
    }
    process->is_reaped = true;
    read_prints(process);
    log_prints(process, true);
    return true;
}

/* ---- processors ---- */

static void keep_near(struct worker_process *process)
{
    cpu_set_t one;
    int processor = sched_getcpu();
    if (processor == process->processor || processor < 0 || processor >= CPU_SETSIZE ||
            CPU_COUNT(&process->processors) < 2 || process->is_reaped) {
        return;
    }
    CPU_ZERO(&one);
    CPU_SET((size_t)processor, &one);
    if (sched_setaffinity(process->pid, sizeof(one), &one) == 0) {
        process->processor = processor;
    }
}

/* The thread that waits stays where it is: it would be woken on a processor that sleeps. */
static void stay(const struct worker_process *process, bool is_waiting)
{
    cpu_set_t one;
    if (process->processor < 0) {
        return;
    }
    CPU_ZERO(&one);
    CPU_SET((size_t)process->processor, &one);
    (void)sched_setaffinity(0, sizeof(one), is_waiting ? &one : &process->processors);
}

/* Its other threads too: those it started meanwhile were born on that one processor. */
static void let_go(struct worker_process *process)
{
    char path[64];
    if (process->processor < 0 || process->is_reaped) {
        return;
    }
    process->processor = -1;
    (void)snprintf(path, sizeof(path), "/proc/%d/task", (int)process->pid);
    DIR *tasks = opendir(path);
    /* NOLINTNEXTLINE(concurrency-mt-unsafe): the stream is ours alone */
    for (struct dirent *task = tasks ? readdir(tasks) : NULL; task; task = readdir(tasks)) {
        pid_t thread = (pid_t)strtol(task->d_name, NULL, 10);
        if (thread > 0) {
            (void)sched_setaffinity(thread, sizeof(process->processors), &process->processors);
        }
    }
    if (tasks) {
        (void)closedir(tasks);
    }
}

/* ---- waiting ---- */

/* The answer it gave before it ended counts. */
static bool has_unread(const struct worker_process *process)
{
    int count = 0;
    return ioctl(process->socket, FIONREAD, &count) == 0 && count > 0;
}

static int patience_ms(
        const struct worker_process *process, int64_t deadline, const volatile int *cancel)
{
    int64_t left = deadline > 0 ? deadline - monotonic_ms() : INT32_MAX;
    left = left < 0 ? 0 : left > INT32_MAX ? INT32_MAX : left;
    /* A signal may set *cancel just before we sleep; without a pidfd a death wakes nobody. */
    bool is_sliced = cancel || process->pid_fd < 0;
    int64_t slice = process->processor >= 0 ? BRIEF_MS : is_sliced ? SLICE_MS : left;
    return (int)(left > slice ? slice : left);
}

/* The other end is closed and nothing is left to read. A process closes its descriptors a moment
 * before it counts as ended, so a plugin that closed the socket is one that still lives after that. */
static bool ends_after_hangup(struct worker_process *process)
{
    enum {
        MOMENT_MS = 200
    };

    const int64_t end = monotonic_ms() + MOMENT_MS;
    while (!reap(process, WNOHANG) && monotonic_ms() < end) {
        struct pollfd death = { .fd = process->pid_fd, .events = POLLIN };
        (void)poll(&death, 1, process->pid_fd >= 0 ? MOMENT_MS : 1);
    }
    return process->is_reaped;
}

/* What happened on the socket, of poll_events or its end; 0 when it was something else or nothing. */
static short sleep_until_news(struct worker_process *process, short poll_events, int timeout_ms)
{
    struct pollfd fds[] = { { .fd = poll_events != 0 ? process->socket : -1,
                                    .events = poll_events },
        { .fd = process->is_reaped ? -1 : process->pid_fd, .events = POLLIN },
        { .fd = process->prints, .events = POLLIN } };
    stay(process, true);
    int count = poll(fds, sizeof(fds) / sizeof(fds[0]), process->is_reaped ? 0 : timeout_ms);
    stay(process, false);
    if (count == 0) {
        let_go(process);
    }
    if (count > 0 && fds[2].revents != 0) {
        read_prints(process);
    }
    return (short)(count > 0 ? fds[0].revents : 0);
}

enum worker_event worker_process_wait(struct worker_process *process, short poll_events,
        int64_t deadline_monotonic_ms, const volatile int *cancel)
{
    for (;;) {
        if (process->socket < 0) {
            return WORKER_DEAD;
        }
        if (cancel && *cancel != 0) {
            return WORKER_CANCELLED;
        }
        short happened = sleep_until_news(
                process, poll_events, patience_ms(process, deadline_monotonic_ms, cancel));
        if ((happened & POLLIN) != 0 && (happened & (POLLHUP | POLLERR)) == 0) {
            return WORKER_READY; /* most waits end so; whether it lives shows when there is no more */
        }
        bool has_ended = reap(process, WNOHANG);
        bool is_unread = (poll_events & POLLIN) != 0 && has_unread(process);
        if (has_ended) {
            return is_unread ? WORKER_READY : WORKER_DEAD;
        }
        if (happened != 0) {
            bool is_closed = (happened & (POLLHUP | POLLERR)) != 0 && !is_unread;
            return is_closed && ends_after_hangup(process) ? WORKER_DEAD : WORKER_READY;
        }
        if (deadline_monotonic_ms > 0 && monotonic_ms() >= deadline_monotonic_ms) {
            return WORKER_DEADLINE;
        }
    }
}

void worker_process_begin(struct worker_process *process)
{
    if (process->page) {
        process->page->cancel = 0;
        keep_near(process);
    }
}

void worker_process_cancel(struct worker_process *process)
{
    if (process->page) {
        process->page->cancel = 1;
    }
}

void worker_process_kill(struct worker_process *process)
{
    if (!process || !process->page) {
        return;
    }
    if (!reap(process, WNOHANG)) {
        process->is_killed = true;
        (void)kill(-process->pid, SIGKILL);
        (void)kill(process->pid, SIGKILL);
        (void)reap(process, 0);
    }
    worker_record_take(process);
    (void)munmap(process->page, sizeof(*process->page));
    process->page = NULL;
    fd_cleanup(&process->socket);
    process->socket = -1;
    fd_cleanup(&process->prints);
    process->prints = -1;
    fd_cleanup(&process->pid_fd);
    process->pid_fd = -1;
}

struct sandbox_facts worker_process_sandbox(const struct worker_process *process)
{
    const struct worker_page *page = process->page;
    return page ? (struct sandbox_facts){ .landlock_abi = (int)page->landlock_abi,
        .has_seccomp = page->has_seccomp != 0 }
                : (struct sandbox_facts){ 0 };
}
