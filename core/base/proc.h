/* SPDX-License-Identifier: Apache-2.0 */
/* Running other programs. */
#ifndef TFATMOS_BASE_PROC_H
#define TFATMOS_BASE_PROC_H

#include <sys/types.h>

#include "arena.h"
#include "buf.h"

/* How a child is started. Arrays of C strings end with NULL. */
struct proc_options {
    const char *const *argv; /* argv[0] is looked up in PATH unless it has a slash */
    const char *const *env; /* the whole environment; NULL: inherited */
    const char *folder; /* working folder; NULL: ours */
    int stdin_fd; /* -1: /dev/null */
    int stdout_fd; /* -1: ours */
    int stderr_fd; /* -1: ours */
    mode_t umask; /* of the child; 0: unchanged */
    bool own_group; /* put the child in its own process group */
    bool foreground; /* with own_group: that group gets the terminal of stdin until proc_wait */
};

struct proc_status {
    bool is_signaled;
    int code; /* exit code, or the signal's number */
};

/* Starts a child with every other descriptor closed. ERR_NOT_FOUND (no such program), ERR_IO. */
int proc_start(const struct proc_options *options, pid_t *ret_pid);
/* Waits until it ends. */
int proc_wait(pid_t pid, struct proc_status *ret_status);
/* Whether a child has ended, or is none of ours; if it is, proc_wait is still to be called. */
bool proc_has_ended(pid_t pid);
/*
 * Runs to the end and adds what it writes to its standard output to `output`, which nothing else holds
 * a copy of. ERR_LIMIT when there is more than goes in. ERR_CANCELLED when `timeout_ms` after its start
 * (0: it may take as long as it likes) it has not ended, or somebody it started still has the output,
 * be it closed or not. It is killed then, with `own_group` together with all it started.
 */
int proc_collect(const struct proc_options *options, int timeout_ms, struct buf *output,
        struct proc_status *ret_status);
/* The same, with at most `max_bytes` of output as a text in the arena. */
int proc_capture(struct arena *arena, const struct proc_options *options, size_t max_bytes,
        int timeout_ms, struct str *ret_output, struct proc_status *ret_status);
/* The file that `name` means: itself when it has a slash, else the first hit in `path_list`
 * (colon-separated). False when there is none. */
bool proc_find(
        struct arena *arena, struct str name, struct str path_list, struct str *ret_path);

#endif
