/* SPDX-License-Identifier: Apache-2.0 */
/* What a worker notes about its own end, from signal handlers. */
#include "obituary.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/syscall.h>
#include <ucontext.h>
#include <unistd.h>

/* A handler has nothing but these: written once, before foreign code is mapped. */
static struct worker_page *the_page;
static int statm_fd = -1;
static uint64_t page_bytes;
static _Alignas(16) char handler_stack[32768];

/* The first number of /proc/self/statm. */
static uint64_t used_bytes(void)
{
    char text[64];
    uint64_t pages = 0;
    ssize_t got = pread(statm_fd, text, sizeof(text), 0);
    for (ssize_t i = 0; i < got && text[i] >= '0' && text[i] <= '9'; i++) {
        pages = pages * 10 + (uint64_t)(text[i] - '0');
    }
    return pages * page_bytes;
}

static uintptr_t stack_pointer(const ucontext_t *context)
{
#if defined(__x86_64__)
    return (uintptr_t)context->uc_mcontext.gregs[REG_RSP];
#elif defined(__aarch64__)
    return (uintptr_t)context->uc_mcontext.sp;
#else
    (void)context;
    return 0;
#endif
}

/* A fault right at the stack pointer: memory of a living stack does not fault. */
static bool is_stack_fault(const siginfo_t *info, const void *context)
{
    const uintptr_t near = 65536;
    uintptr_t address = (uintptr_t)info->si_addr;
    uintptr_t pointer = stack_pointer(context);
    return pointer > near && address > pointer - near && address < pointer + near;
}

static void note_end(int signal_number, siginfo_t *info, void *context)
{
    enum {
        BY_SECCOMP = 1 /* SYS_SECCOMP of si_code */
    };

    the_page->used_bytes = used_bytes();
    if (signal_number == SIGSYS && info->si_code == BY_SECCOMP) {
        the_page->forbidden_call = 1U + (uint32_t)info->si_syscall;
    } else if (signal_number == SIGSEGV && info->si_code > 0) {
        the_page->is_stack_overflow = is_stack_fault(info, context);
    }
    /* The handler is gone by now: the same signal again ends the process. */
    (void)syscall(SYS_tgkill, getpid(), (pid_t)syscall(SYS_gettid), signal_number);
}

bool obituary_prepare(struct worker_page *page)
{
    static const int signals[] = { SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGSYS, SIGXCPU };
    const stack_t stack = { .ss_sp = handler_stack, .ss_size = sizeof(handler_stack) };
    struct sigaction action = { .sa_sigaction = note_end,
        .sa_flags = (int)(SA_SIGINFO | SA_ONSTACK | SA_RESETHAND | SA_NODEFER) };
    the_page = page;
    page_bytes = (uint64_t)sysconf(_SC_PAGESIZE);
    statm_fd = open("/proc/self/statm", O_RDONLY | O_CLOEXEC);
    sigemptyset(&action.sa_mask);
    if (sigaltstack(&stack, NULL) != 0) {
        return false;
    }
    for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]); i++) {
        if (sigaction(signals[i], &action, NULL) != 0) {
            return false;
        }
    }
    return true;
}
