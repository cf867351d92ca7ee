/* SPDX-License-Identifier: Apache-2.0 */
/* Running other programs. */
#include "proc.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "err.h"
#include "file.h"
#include "monotonic.h"
#include "path.h"

extern char **environ;

bool proc_find(struct arena *arena, struct str name, struct str path_list, struct str *ret_path)
{
    struct str folder;
    bool more = path_list.len > 0;
    if (str_find(name, '/') >= 0) {
        const char *path = arena_cstr(arena, name);
        if (!file_is_regular(name) || access(path, X_OK) != 0) {
            return false;
        }
        *ret_path = str_from(path);
        return true;
    }
    while (str_split(&path_list, &more, ':', &folder)) {
        struct str path = path_join(arena, folder.len ? folder : STR("."), name);
        if (file_is_regular(path) && access(path.ptr, X_OK) == 0) {
            *ret_path = path;
            return true;
        }
    }
    return false;
}

/* Gives the terminal of stdin to a process group, from whatever group we are in. */
static bool give_terminal(pid_t group)
{
    sigset_t block;
    sigset_t before;
    sigemptyset(&block);
    sigaddset(&block, SIGTTOU);
    (void)sigprocmask(SIG_BLOCK, &block, &before);
    bool is_given = tcsetpgrp(STDIN_FILENO, group) == 0;
    (void)sigprocmask(SIG_SETMASK, &before, NULL);
    return is_given;
}

/* In the child: only async-signal-safe calls. Reports a failure through `report_fd`. */
_Noreturn static void become(const struct proc_options *options, int report_fd)
{
    static const int from_ours[] = { SIGINT, SIGTERM, SIGPIPE, SIGHUP, SIGCHLD };
    sigset_t none;
    bool is_ready = !options->own_group || setpgid(0, 0) == 0;
    if (is_ready && options->own_group && options->foreground) {
        is_ready = give_terminal(getpid());
    }
    sigemptyset(&none);
    (void)sigprocmask(SIG_SETMASK, &none, NULL);
    for (size_t i = 0; i < sizeof(from_ours) / sizeof(from_ours[0]); i++) {
        (void)signal(from_ours[i], SIG_DFL);
    }
    int stdin_fd = options->stdin_fd >= 0 ? options->stdin_fd : open("/dev/null", O_RDONLY);
    const int wanted[3] = { stdin_fd, options->stdout_fd, options->stderr_fd };
    for (int i = 0; is_ready && i < 3; i++) {
        if (wanted[i] >= 0 && wanted[i] != i) {
            is_ready = dup2(wanted[i], i) == i;
        } else if (wanted[i] == i) {
            is_ready = fcntl(i, F_SETFD, 0) == 0;
        }
    }
    if (options->umask) {
        (void)umask(options->umask);
    }
    if (is_ready && (!options->folder || chdir(options->folder) == 0)) {
        char *const *env = options->env ? (char *const *)(uintptr_t)options->env : environ;
        (void)execvpe(options->argv[0], (char *const *)(uintptr_t)options->argv, env);
    }
    int error = errno;
    ssize_t ignored = write(report_fd, &error, sizeof(error));
    (void)ignored;
    _exit(127);
}

int proc_start(const struct proc_options *options, pid_t *ret_pid)
{
    int report[2];
    if (pipe2(report, O_CLOEXEC) != 0) {
        return ERR_IO;
    }
    AUTO_FD report_in = report[0];
    AUTO_FD report_out = report[1];
    pid_t pid = fork();
    if (pid < 0) {
        return ERR_IO;
    }
    if (pid == 0) {
        become(options, report[1]);
    }
    if (options->own_group) {
        /* Also from this side: a signal sent right after must find the group. */
        (void)setpgid(pid, pid);
    }
    fd_cleanup(&report_out);
    int error = 0;
    ssize_t got;
    do {
        got = read(report_in, &error, sizeof(error));
    } while (got < 0 && errno == EINTR);
    if (got == (ssize_t)sizeof(error)) {
        struct proc_status status;
        (void)proc_wait(pid, &status);
        errno = error;
        return error == ENOENT || error == ENOTDIR ? ERR_NOT_FOUND : ERR_IO;
    }
    *ret_pid = pid;
    return 0;
}

int proc_wait(pid_t pid, struct proc_status *ret_status)
{
    int status = 0;
    while (waitpid(pid, &status, 0) < 0) {
        if (errno != EINTR) {
            return ERR_IO;
        }
    }
    if (isatty(STDIN_FILENO) && tcgetpgrp(STDIN_FILENO) == pid) {
        (void)give_terminal(getpgrp());
    }
    ret_status->is_signaled = WIFSIGNALED(status);
    ret_status->code = ret_status->is_signaled ? WTERMSIG(status) : WEXITSTATUS(status);
    return 0;
}

bool proc_has_ended(pid_t pid)
{
    siginfo_t info = { .si_pid = 0 };
    return waitid(P_PID, (id_t)pid, &info, WEXITED | WNOHANG | WNOWAIT) != 0 ||
           info.si_pid == pid;
}

/* How long poll may sleep: -1 when there is no end. */
static int left_ms(int64_t end_ms)
{
    int64_t left = end_ms - monotonic_ms();
    return end_ms == 0 ? -1 : left < 0 ? 0 : (int)left;
}

/* Reads a piece into the buffer, or one byte beside it when it has no room: 0 at the end. */
static int read_piece(int fd, struct buf *output, bool *ret_at_end)
{
    enum {
        PIECE_BYTES = 16 * 1024
    };

    char beyond;
    size_t room = output->max - output->len;
    size_t size = room > PIECE_BYTES ? PIECE_BYTES : room;
    ssize_t got = read(fd, size > 0 ? buf_reserve(output, size) : &beyond, size > 0 ? size : 1);
    if (got < 0) {
        return errno == EINTR ? 0 : ERR_IO;
    }
    if (got > 0 && size == 0) {
        return ERR_LIMIT;
    }
    if (got > 0) {
        buf_commit(output, (size_t)got);
    }
    *ret_at_end = got == 0;
    return 0;
}

/* Until the child, and whoever else has it, closes the pipe. */
static int drain(int fd, struct buf *output, int64_t end_ms)
{
    bool is_at_end = false;
    while (!is_at_end) {
        struct pollfd wait = { .fd = fd, .events = POLLIN };
        int ready = poll(&wait, 1, left_ms(end_ms));
        if (ready == 0) {
            return ERR_CANCELLED;
        }
        if (ready < 0 && errno != EINTR) {
            return ERR_IO;
        }
        int code = ready > 0 ? read_piece(fd, output, &is_at_end) : 0;
        if (code != 0) {
            return code;
        }
    }
    return 0;
}

/* One that has closed its output may still run. */
static int await_end(pid_t pid, int64_t end_ms)
{
    enum {
        STEP_MS = 5 /* where the kernel has no pidfd to wait on */
    };

    AUTO_FD pid_fd = (int)syscall(SYS_pidfd_open, pid, 0u);
    while (end_ms != 0 && !proc_has_ended(pid)) {
        int left = left_ms(end_ms);
        if (left == 0) {
            return ERR_CANCELLED;
        }
        struct pollfd wait = { .fd = pid_fd, .events = POLLIN };
        (void)poll(&wait, 1, pid_fd < 0 && left > STEP_MS ? STEP_MS : left);
    }
    return 0;
}

int proc_collect(const struct proc_options *options, int timeout_ms, struct buf *output,
        struct proc_status *ret_status)
{
    int ends[2];
    pid_t pid = -1;
    if (pipe2(ends, O_CLOEXEC) != 0) {
        return ERR_IO;
    }
    AUTO_FD in = ends[0];
    AUTO_FD out = ends[1];
    struct proc_options mine = *options;
    mine.stdout_fd = out;
    int64_t end_ms = timeout_ms > 0 ? monotonic_ms() + timeout_ms : 0;
    int code = proc_start(&mine, &pid);
    if (code != 0) {
        return code;
    }
    fd_cleanup(&out);
    code = drain(in, output, end_ms);
    code = code == 0 ? await_end(pid, end_ms) : code;
    if (code != 0) {
        (void)kill(mine.own_group ? -pid : pid, SIGKILL);
    }
    int waited = proc_wait(pid, ret_status);
    return code != 0 ? code : waited;
}

int proc_capture(struct arena *arena, const struct proc_options *options, size_t max_bytes,
        int timeout_ms, struct str *ret_output, struct proc_status *ret_status)
{
    AUTO_BUF output = BUF_INIT(max_bytes);
    int code = proc_collect(options, timeout_ms, &output, ret_status);
    if (code == 0) {
        *ret_output = arena_dup(arena, buf_str(&output));
    }
    return code;
}
