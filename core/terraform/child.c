/* SPDX-License-Identifier: Apache-2.0 */
/* One terraform process: its output through files, interrupts passed on one by one. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "terraform_private.h"

enum {
    POLL_MS = 20, /* how far the shown output may lag behind */
    CHILD_UMASK = 077 /* plan files and local state hold secrets in clear */
};

/* One output stream of the child: a file without a name, written by it and followed by us. */
struct follower {
    int fd;
    int stream;
    off_t shown;
};

/*
 * An anonymous file: when our reader dies, terraform goes on writing instead of being killed by a
 * closed pipe in the middle of an apply.
 */
static int open_output(struct run *run)
{
    char *path = arena_cstr(run->arena,
            path_join(run->arena, temporary_folder(&run->env), STR("tf-atmos-output-XXXXXX")));
    int fd = mkostemp(path, O_APPEND | O_CLOEXEC);
    if (fd >= 0) {
        (void)unlink(path);
    }
    return fd;
}

static void follow(const struct terraform_request *request, struct follower *follower)
{
    char piece[64 * 1024];
    for (;;) {
        ssize_t got = pread(follower->fd, piece, sizeof(piece), follower->shown);
        if (got <= 0) {
            return;
        }
        follower->shown += got;
        if (request->output) {
            request->output(
                    request->context, follower->stream, (struct str){ piece, (size_t)got });
        }
    }
}

static void say(const struct terraform_request *request, struct str line)
{
    if (request->say) {
        request->say(request->context, line);
    }
}

/* The first two interrupts are terraform's to handle; the third ends everything. */
static void pass_on(const struct terraform_request *request, pid_t pid, struct child_end *end)
{
    end->interrupts++;
    switch (end->interrupts) {
    case 1:
        say(request, STR("interrupted: waiting for terraform to stop; once more to hurry it"));
        (void)kill(pid, SIGINT);
        break;
    case 2:
        say(request, STR("interrupted again: terraform stops now; once more to kill it"));
        (void)kill(pid, SIGINT);
        break;
    default:
        say(request, STR("killing terraform; the state may be behind what was created"));
        (void)kill(-pid, SIGKILL);
        break;
    }
}

static void take_signals(int signal_fd, const struct terraform_request *request, pid_t pid,
        struct child_end *end)
{
    struct signalfd_siginfo info;
    while (read(signal_fd, &info, sizeof(info)) == (ssize_t)sizeof(info)) {
        end->signal = (int)info.ssi_signo;
        pass_on(request, pid, end);
    }
}

/* Until the child is gone: passes signals on and shows what it writes. */
static void attend(const struct terraform_request *request, pid_t pid, int signal_fd,
        struct follower followers[2], struct child_end *end)
{
    AUTO_FD pid_fd = (int)syscall(SYS_pidfd_open, pid, 0u);
    bool is_running = true;
    while (is_running) {
        struct pollfd waits[2] = { { .fd = signal_fd, .events = POLLIN },
            { .fd = pid_fd, .events = POLLIN } };
        bool has_output = followers[0].fd >= 0;
        int ready = poll(waits, 2, pid_fd < 0 || has_output ? POLL_MS : -1);
        if (ready > 0 && (waits[0].revents & POLLIN)) {
            take_signals(signal_fd, request, pid, end);
        }
        for (size_t i = 0; has_output && i < 2; i++) {
            follow(request, &followers[i]);
        }
        if (pid_fd >= 0) {
            is_running = !(ready > 0 && (waits[1].revents & POLLIN));
        } else {
            /* No pidfd on this kernel: ask without taking the status. */
            is_running = !proc_has_ended(pid);
        }
    }
}

static const char **to_argv(struct run *run, struct str program, const struct words *args)
{
    const char **argv = ARENA_ARRAY(run->arena, const char *, args->count + 2);
    argv[0] = arena_cstr(run->arena, program);
    for (size_t i = 0; i < args->count; i++) {
        argv[i + 1] = arena_cstr(run->arena, args->items[i]);
    }
    return argv;
}

static int refuse(
        struct run *run, const struct terraform_request *request, struct str program, int error)
{
    struct diag *diag = diag_add(&run->diags, &terraform_diags[TERRAFORM_CHILD], MARK_NONE,
            "cannot start \"%.*s\": %s", STR_ARG(program), strerrordesc_np(error));
    diag->stack = request->instance->stack;
    diag->component = request->instance->name;
    return ERR_IO;
}

static int start_and_attend(struct run *run, const struct terraform_request *request,
        const struct proc_options *options, struct follower followers[2], struct child_end *end)
{
    sigset_t signals;
    sigset_t before;
    pid_t pid = -1;
    struct proc_status status;
    sigemptyset(&signals);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGHUP);
    if (sigprocmask(SIG_BLOCK, &signals, &before) != 0) {
        return refuse(run, request, str_from(options->argv[0]), errno);
    }
    AUTO_FD signal_fd = signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK);
    int code = proc_start(options, &pid);
    if (code != 0) {
        code = refuse(run, request, str_from(options->argv[0]), errno);
    } else {
        attend(request, pid, signal_fd, followers, end);
        (void)proc_wait(pid, &status);
        end->is_signaled = status.is_signaled;
        end->code = status.code;
    }
    (void)sigprocmask(SIG_SETMASK, &before, NULL);
    return code;
}

int child_run(struct run *run, const struct terraform_request *request, struct str program,
        const struct words *args, const char *const *env, struct child_end *ret_end)
{
    bool is_shared = request->has_terminal;
    AUTO_FD out = is_shared ? -1 : open_output(run);
    AUTO_FD err = is_shared ? -1 : open_output(run);
    if (!is_shared && (out < 0 || err < 0)) {
        return refuse(run, request, program, errno);
    }
    const char **argv = to_argv(run, program, args);
    struct proc_options options = {
        .argv = argv,
        .env = env,
        .folder = request->instance->path.ptr,
        .stdin_fd = STDIN_FILENO,
        .stdout_fd = out,
        .stderr_fd = err,
        .umask = CHILD_UMASK,
        .own_group = true,
        .foreground = is_shared,
    };
    struct follower followers[2] = { { out, 1, 0 }, { err, 2, 0 } };
    struct child_end end = { 0 };
    int code = start_and_attend(run, request, &options, followers, &end);
    if (code == 0) {
        *ret_end = end;
    }
    return code;
}
