/* SPDX-License-Identifier: Apache-2.0 */
/* A process per test: limits, streams into files that must stay empty, a record both sides see. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "conform.h"

enum {
    ADDRESS_SPACE_GB = 4,
    WALL_FACTOR =
            4, /* the limit is processor time; a busy machine or a sleep may take longer */
    OPEN_FILES_MAX = 128,
    ALIKE_MAX = 4 /* failures of one rule that are kept */
};

/* ---- the record ---- */

__attribute__((format(printf, 3, 0))) static struct failure *new_failure(
        struct conform *conform, enum rule rule, const char *format, va_list args)
{
    struct record *record = conform->record;
    char text[FAILURE_TEXT_MAX];
    (void)vsnprintf(text, sizeof(text), format, args);
    size_t alike = 0;
    for (uint32_t i = 0; i < record->failure_count && i < FAILURE_MAX; i++) {
        if (record->failures[i].rule == rule && strcmp(record->failures[i].text, text) == 0) {
            return NULL;
        }
        alike += record->failures[i].rule == rule ? 1 : 0;
    }
    if (record->failure_count >= FAILURE_MAX || alike >= ALIKE_MAX) {
        record->more++;
        return NULL;
    }
    struct failure *failure = &record->failures[record->failure_count++];
    failure->rule = rule;
    memcpy(failure->text, text, sizeof(text));
    memcpy(failure->place, record->place, sizeof(failure->place));
    memcpy(failure->input, record->input, sizeof(failure->input));
    memcpy(failure->replay, record->replay, sizeof(failure->replay));
    return failure;
}

void failed(struct conform *conform, enum rule rule, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    (void)new_failure(conform, rule, format, args);
    va_end(args);
}

void failed_for_good(struct conform *conform, enum rule rule, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    (void)new_failure(conform, rule, format, args);
    va_end(args);
    conform->record->is_on_purpose = 1;
    (void)syscall(SYS_exit_group, 0);
    abort();
}

void skip(struct conform *conform, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    (void)vsnprintf(conform->record->skipped, sizeof(conform->record->skipped), format, args);
    va_end(args);
}

void place(struct conform *conform, const char *what, struct str input)
{
    struct record *record = conform->record;
    (void)snprintf(record->place, sizeof(record->place), "%s", what);
    (void)snprintf(record->input, sizeof(record->input), "%.*s%s",
            (int)(input.len < INPUT_MAX - 8 ? input.len : INPUT_MAX - 8),
            input.len > 0 ? input.ptr : "", input.len < INPUT_MAX - 8 ? "" : " ...");
}

/* ---- the process ---- */

static void limit(__rlimit_resource_t resource, rlim_t value, rlim_t most)
{
    struct rlimit limit = { value, most };
    (void)setrlimit(resource, &limit);
}

static void prepare(const struct conform *conform, const int streams[2])
{
    int null = open("/dev/null", O_RDONLY | O_CLOEXEC);
    (void)setpgid(0, 0);
    (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (null >= 0) {
        (void)dup2(null, STDIN_FILENO);
        (void)close(null);
    }
    (void)dup2(streams[0], STDOUT_FILENO);
    (void)dup2(streams[1], STDERR_FILENO);
    (void)close(streams[0]);
    (void)close(streams[1]);
    rlim_t seconds = (conform->limit_ms + 999) / 1000;
    limit(RLIMIT_CORE, 0, 0);
    limit(RLIMIT_CPU, seconds, seconds + 2);
    limit(RLIMIT_NOFILE, OPEN_FILES_MAX, OPEN_FILES_MAX);
    if (!conform->is_sanitized) {
        limit(RLIMIT_AS, (rlim_t)ADDRESS_SPACE_GB << 30, (rlim_t)ADDRESS_SPACE_GB << 30);
    }
}

/* The beginning of what was written to a stream, for a message. */
static size_t read_back(int fd, char *ret_text, size_t size)
{
    ssize_t got = pread(fd, ret_text, size - 1, 0);
    ret_text[got > 0 ? got : 0] = '\0';
    for (char *c = ret_text; *c != '\0'; c++) {
        *c = (char)((unsigned char)*c < ' ' || *c == 0x7f ? ' ' : *c);
    }
    return got > 0 ? (size_t)got : 0;
}

static void judge_streams(struct conform *conform, const int streams[2])
{
    static const char *const names[] = { "output", "error" };
    char text[120];
    for (int i = 0; i < 2; i++) {
        if (read_back(streams[i], text, sizeof(text)) > 0) {
            failed(conform, RULE_STREAMS, "wrote to standard %s: \"%s\"", names[i], text);
        }
    }
}

/* Waits for the end or the limit; true when it came to the limit. */
static bool wait_for(pid_t pid, unsigned limit_ms, int *ret_status)
{
    int pidfd = (int)syscall(SYS_pidfd_open, pid, 0);
    struct pollfd poll_fd = { .fd = pidfd, .events = POLLIN };
    bool is_late = false;
    int ready;
    do {
        ready = pidfd < 0 ? 1 : poll(&poll_fd, 1, (int)limit_ms);
    } while (ready < 0 && errno == EINTR);
    if (ready == 0) {
        is_late = true;
        (void)kill(pid, SIGKILL);
    }
    while (waitpid(pid, ret_status, 0) < 0 && errno == EINTR) {
    }
    (void)kill(-pid, SIGKILL); /* whatever the plugin has started */
    if (pidfd >= 0) {
        (void)close(pidfd);
    }
    return is_late;
}

static const char *signal_name(int number)
{
    const char *name = sigabbrev_np(number);
    return name == NULL ? "?" : name;
}

static void judge_end(struct conform *conform, bool is_late, int status, int error_stream)
{
    struct record *record = conform->record;
    char said[200];
    (void)read_back(error_stream, said, sizeof(said));
    if (is_late || (WIFSIGNALED(status) &&
                           (WTERMSIG(status) == SIGXCPU || WTERMSIG(status) == SIGKILL))) {
        failed(conform, record->hang_rule, "did not return within %u ms%s",
                conform->limit_ms * (is_late ? WALL_FACTOR : 1),
                is_late ? "" : " of processor time");
    } else if (WIFSIGNALED(status)) {
        failed(conform, record->crash_rule, "was ended by signal %d (SIG%s)%s%s",
                WTERMSIG(status), signal_name(WTERMSIG(status)), said[0] == '\0' ? "" : ": ",
                said);
    } else if (!record->is_done && !record->is_on_purpose) {
        failed(conform,
                conform->is_sanitized && WEXITSTATUS(status) != 0 ? record->crash_rule
                                                                  : RULE_EXITS,
                "ended the process with exit status %d", WEXITSTATUS(status));
    }
}

static struct record *new_record(void)
{
    void *memory = mmap(NULL, sizeof(struct record), PROT_READ | PROT_WRITE,
            MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) {
        out_of_memory();
    }
    struct record *record = memory;
    record->hang_rule = RULE_HANG;
    record->crash_rule = RULE_CRASH;
    return record;
}

/* What the record says, out of shared memory and terminated whatever was done to it. */
static void take_record(struct conform *conform, struct outcome *outcome)
{
    struct record *record = arena_copy(conform->arena, conform->record, sizeof(*record));
    outcome->failures = record->failures;
    outcome->failure_count =
            record->failure_count < FAILURE_MAX ? record->failure_count : FAILURE_MAX;
    for (size_t i = 0; i < outcome->failure_count; i++) {
        struct failure *failure = &record->failures[i];
        failure->rule = failure->rule < RULE_COUNT ? failure->rule : RULE_CRASH;
        failure->text[sizeof(failure->text) - 1] = '\0';
        failure->place[sizeof(failure->place) - 1] = '\0';
        failure->input[sizeof(failure->input) - 1] = '\0';
        failure->replay[sizeof(failure->replay) - 1] = '\0';
    }
    record->skipped[sizeof(record->skipped) - 1] = '\0';
    outcome->more = record->more;
    outcome->callbacks = record->callbacks;
    outcome->why = str_from(record->skipped);
    outcome->verdict = outcome->failure_count > 0 ? VERDICT_FAILED
                       : outcome->why.len > 0     ? VERDICT_SKIPPED
                                                  : VERDICT_PASSED;
}

struct outcome test_run(struct conform *conform, const struct test *test)
{
    struct outcome outcome = { .test = test };
    int streams[2] = { memfd_create("stdout", MFD_CLOEXEC),
        memfd_create("stderr", MFD_CLOEXEC) };
    int64_t start_us = monotonic_us();
    int status = 0;
    conform->record = new_record();
    (void)fflush(NULL);
    pid_t pid = fork();
    if (pid < 0) {
        skip(conform, "no process could be started: error %d", errno);
    } else if (pid == 0) {
        prepare(conform, streams);
        test->run(conform);
        conform->record->is_done = 1;
        (void)syscall(SYS_exit_group, 0);
    } else {
        bool is_late = wait_for(pid, conform->limit_ms * WALL_FACTOR, &status);
        judge_end(conform, is_late, status, streams[1]);
        if (conform->record->is_done || conform->record->is_on_purpose) {
            judge_streams(conform, streams);
        }
    }
    take_record(conform, &outcome);
    (void)munmap(conform->record, sizeof(*conform->record));
    conform->record = NULL;
    (void)close(streams[0]);
    (void)close(streams[1]);
    outcome.seconds = (double)(monotonic_us() - start_us) / 1e6;
    return outcome;
}

bool aside(struct conform *conform, void (*body)(struct conform *conform, void *argument),
        void *argument)
{
    int status = 0;
    pid_t pid = fork();
    if (pid < 0) {
        return false;
    }
    if (pid == 0) {
        body(conform, argument);
        (void)syscall(SYS_exit_group, 7);
    }
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR) {
    }
    if (WIFSIGNALED(status)) {
        failed_for_good(conform, conform->record->crash_rule, "was ended by signal %d (SIG%s)",
                WTERMSIG(status), signal_name(WTERMSIG(status)));
    }
    if (conform->record->is_on_purpose) {
        (void)syscall(SYS_exit_group, 0); /* it has noted why */
    }
    if (WEXITSTATUS(status) != 7) {
        failed_for_good(conform, RULE_EXITS, "ended the process with exit status %d",
                WEXITSTATUS(status));
    }
    return true;
}
