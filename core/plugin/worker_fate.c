/* SPDX-License-Identifier: Apache-2.0 */
/* How a worker ended, in words. */
#include <signal.h>
#include <string.h>
#include <sys/wait.h>

#include "trust.h"
#include "worker_record.h"

void worker_record_take(struct worker_process *process)
{
    const struct worker_page *page = process->page;
    process->record = (struct worker_record){ .stage = page->stage,
        .forbidden_call = page->forbidden_call,
        .is_stack_overflow = page->is_stack_overflow != 0,
        .used_bytes = page->used_bytes,
        .memory_bytes = page->memory_bytes };
    memcpy(process->record.failure, page->failure, sizeof(page->failure));
}

static struct str exit_text(
        struct run *run, const struct worker_record *record, int code, bool *ret_is_start)
{
    size_t len = strnlen(record->failure, sizeof(record->failure));
    *ret_is_start = code == WORKER_EXIT_FAILED && record->stage < WORKER_SERVING && len > 0;
    if (*ret_is_start) {
        return text_shown(run->arena, (struct str){ record->failure, len });
    }
    if (code == WORKER_EXIT_LOST) {
        return STR("closed its connection");
    }
    if (code == 0 && (record->stage == WORKER_FINISHED || record->stage == WORKER_CONFINED)) {
        return STR("has ended in order");
    }
    return arena_printf(run->arena, "ended itself by exit(%d)", code);
}

/* A user, a service manager, or a kernel without memory sends these. */
static bool is_from_outside(int number)
{
    return number == SIGKILL || number == SIGTERM || number == SIGINT || number == SIGHUP;
}

static struct str signal_text(struct run *run, const struct worker_record *record, int number)
{
    const uint64_t mib = 1 << 20;
    unsigned long long used = record->used_bytes / mib;
    unsigned long long all = record->memory_bytes / mib;
    const char *abbreviation = sigabbrev_np(number);
    struct str ended = arena_printf(run->arena, "was ended by signal %d (SIG%s)", number,
            abbreviation ? abbreviation : "?");
    if (number == SIGXCPU) {
        return STR("used up its processor time");
    }
    if (number == SIGSYS) {
        const char *name = record->forbidden_call > 0
                                   ? forbidden_call_name(record->forbidden_call - 1)
                                   : NULL;
        return name ? arena_printf(run->arena, "made a forbidden system call (%s)", name)
                    : STR("made a forbidden system call");
    }
    if (record->is_stack_overflow) {
        return STR("overflowed its stack");
    }
    /* The request that was refused is not known, only what was in use before it. */
    if (record->used_bytes >= record->memory_bytes / 4 * 3) {
        return arena_printf(run->arena, "used up its %llu MiB of memory", all);
    }
    if (record->used_bytes >= record->memory_bytes / 8 * 3) {
        return arena_printf(run->arena, "%.*s with %llu of its %llu MiB of memory in use",
                STR_ARG(ended), used, all);
    }
    return ended;
}

struct worker_fate worker_process_fate(struct run *run, struct worker_process *process)
{
    struct worker_fate fate = { .kind = FATE_RUNNING, .text = STR("is running") };
    if (!process->is_reaped) {
        return fate;
    }
    if (process->page) {
        worker_record_take(process);
    }
    const struct worker_record *record = &process->record;
    fate.is_start_failure = record->stage < WORKER_SERVING;
    /* Before its constructors nothing is its fault. */
    bool has_run = record->stage == WORKER_LOADING || record->stage == WORKER_SERVING;
    fate.has_run = has_run;
    if (process->is_killed) {
        fate.kind = FATE_KILLED;
        fate.number = SIGKILL;
        fate.text = STR("was stopped by the program");
    } else if (WIFSIGNALED(process->status)) {
        fate.kind = FATE_SIGNALED;
        fate.number = WTERMSIG(process->status);
        fate.text = signal_text(run, record, fate.number);
        fate.is_own_fault = has_run && !is_from_outside(fate.number);
    } else {
        bool is_start = false;
        fate.kind = FATE_EXITED;
        fate.number = WEXITSTATUS(process->status);
        fate.text = exit_text(run, record, fate.number, &is_start);
        fate.is_own_fault = has_run && !is_start;
    }
    return fate;
}
