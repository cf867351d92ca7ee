/* SPDX-License-Identifier: Apache-2.0 */
/* seccomp: the system calls that remain to a worker, as a table and the filter made from it. */
#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "confine.h"

#if defined(__x86_64__)
#define NATIVE_ARCH AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define NATIVE_ARCH AUDIT_ARCH_AARCH64
#else
#define NATIVE_ARCH 0
#endif

/* Calls of the other number tables of one machine (x32) carry this bit. */
#define FOREIGN_NUMBERS 0x40000000U

#define ALLOW      SECCOMP_RET_ALLOW
#define SAY(error) (SECCOMP_RET_ERRNO | (error))
/* A signal, so that the handler can note which call it was; the call itself never happens. */
#define END SECCOMP_RET_TRAP

/* What all threads share and no other process does; anything less is a process of its own. */
#define THREAD_FLAGS (CLONE_VM | CLONE_SIGHAND | CLONE_THREAD)
#define CLONE_NEW_ANY                                                                          \
    (CLONE_NEWNS | CLONE_NEWCGROUP | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWUSER |             \
            CLONE_NEWPID | CLONE_NEWNET)

enum condition {
    ALWAYS,
    MASKED, /* (argument & mask) == value */
    OWN_PID /* argument is the worker's process */
};

/* The first row that fits decides; only the low half of an argument is looked at, so rows use it for
 * ints and flags alone. */
struct call_rule {
    int number;
    uint32_t action;
    enum condition condition;
    uint32_t argument;
    uint32_t mask;
    uint32_t value;
};

#define PLAIN(name)      { .number = SYS_##name, .action = ALLOW }
#define DENY(name, what) { .number = SYS_##name, .action = (what) }
#define ONLY(name, arg, bits, wanted)                                                          \
    { .number = SYS_##name,                                                                    \
        .action = ALLOW,                                                                       \
        .condition = MASKED,                                                                   \
        .argument = (arg),                                                                     \
        .mask = (bits),                                                                        \
        .value = (wanted) }
#define ALL_BITS 0xffffffffU

static const struct call_rule rules[] = {
    /* the socket, and files that are open */
    PLAIN(read), PLAIN(write), PLAIN(readv), PLAIN(writev), PLAIN(recvfrom), PLAIN(recvmsg),
    PLAIN(sendto), PLAIN(sendmsg), PLAIN(ppoll), PLAIN(pread64), PLAIN(lseek), PLAIN(close),
    PLAIN(fstat), PLAIN(newfstatat), PLAIN(dup), PLAIN(dup3), PLAIN(pipe2), PLAIN(eventfd2),
    PLAIN(epoll_create1), PLAIN(epoll_ctl), PLAIN(epoll_pwait), PLAIN(getdents64),
    ONLY(fcntl, 1, ALL_BITS, F_GETFD), ONLY(fcntl, 1, ALL_BITS, F_SETFD),
    ONLY(fcntl, 1, ALL_BITS, F_GETFL), ONLY(fcntl, 1, ALL_BITS, F_SETFL),
    ONLY(fcntl, 1, ALL_BITS, F_DUPFD_CLOEXEC), DENY(fcntl, SAY(EPERM)),
    /* shared libraries: what Landlock leaves to read */
    ONLY(openat, 2, O_ACCMODE | O_CREAT | O_TRUNC, O_RDONLY), DENY(openat, SAY(EACCES)),
    /* memory */
    PLAIN(mmap), PLAIN(mprotect), PLAIN(munmap), PLAIN(mremap), PLAIN(madvise), PLAIN(brk),
    /* threads: clone3 hides its flags from filters, the C library then falls back to clone */
    PLAIN(futex), PLAIN(rseq), PLAIN(set_robust_list), PLAIN(set_tid_address),
    PLAIN(sched_yield), PLAIN(sched_getaffinity), PLAIN(gettid), PLAIN(exit), PLAIN(exit_group),
    DENY(clone3, SAY(ENOSYS)), ONLY(clone, 0, THREAD_FLAGS | CLONE_NEW_ANY, THREAD_FLAGS),
    DENY(clone, END), ONLY(prctl, 0, ALL_BITS, PR_SET_NAME), DENY(prctl, SAY(EPERM)),
    /* signals: the note about a forbidden call stays ours, pretending keeps run times content */
    { SYS_rt_sigaction, SAY(0), MASKED, 0, ALL_BITS, SIGSYS }, PLAIN(rt_sigaction),
    PLAIN(rt_sigprocmask), PLAIN(rt_sigreturn), PLAIN(sigaltstack),
    { SYS_tgkill, ALLOW, OWN_PID, 0, 0, 0 }, DENY(tgkill, END),
    { SYS_kill, ALLOW, OWN_PID, 0, 0, 0 }, DENY(kill, END),
    /* time, chance, and who am I */
    PLAIN(clock_gettime), PLAIN(clock_getres), PLAIN(clock_nanosleep), PLAIN(nanosleep),
    PLAIN(gettimeofday), PLAIN(getrandom), PLAIN(getpid), PLAIN(getppid), PLAIN(getuid),
    PLAIN(geteuid), PLAIN(getgid), PLAIN(getegid), PLAIN(uname), PLAIN(getrusage),
    PLAIN(getcpu), PLAIN(restart_syscall),
    /* its own limits, which can only sink; not those of others */
    ONLY(prlimit64, 0, ALL_BITS, 0), DENY(prlimit64, SAY(EPERM)),
#ifdef __x86_64__
    /* calls that newer machines no longer have */
    PLAIN(poll), PLAIN(time), PLAIN(dup2), PLAIN(epoll_wait),
    ONLY(open, 1, O_ACCMODE | O_CREAT | O_TRUNC, O_RDONLY), DENY(open, SAY(EACCES)),
    DENY(fork, END), DENY(vfork, END), PLAIN(arch_prctl),
#endif
    /* libraries look for a network, and for memory with a name, before anybody asked them to: as on
     * a machine that has none, they go on without */
    DENY(socket, SAY(EACCES)), DENY(socketpair, SAY(EACCES)), DENY(connect, SAY(EACCES)),
    DENY(bind, SAY(EACCES)), DENY(listen, SAY(EACCES)), DENY(accept, SAY(EACCES)),
    DENY(accept4, SAY(EACCES)), DENY(memfd_create, SAY(ENOSYS)),
    /* what nobody does by mistake ends the worker; the rest is "no such call" */
    DENY(execve, END), DENY(execveat, END), DENY(ptrace, END), DENY(process_vm_readv, END),
    DENY(process_vm_writev, END), DENY(tkill, END), DENY(rt_sigqueueinfo, END),
    DENY(rt_tgsigqueueinfo, END), DENY(pidfd_open, END), DENY(pidfd_send_signal, END),
    DENY(pidfd_getfd, END), DENY(setsid, END), DENY(setpgid, END), DENY(bpf, END),
    DENY(io_uring_setup, END), DENY(keyctl, END), DENY(add_key, END), DENY(request_key, END),
    DENY(perf_event_open, END), DENY(userfaultfd, END), DENY(mount, END), DENY(umount2, END),
    DENY(pivot_root, END), DENY(chroot, END), DENY(unshare, END), DENY(setns, END),
    DENY(init_module, END), DENY(finit_module, END), DENY(kexec_load, END), DENY(reboot, END),
    DENY(setuid, END), DENY(setgid, END), DENY(setreuid, END), DENY(setregid, END),
    DENY(setresuid, END), DENY(setresgid, END), DENY(setgroups, END), DENY(capset, END)
};

/* Names of the calls that end a worker, for its obituary. */
#define NAME(name) { SYS_##name, #name }

static const struct {
    int number;
    const char *name;
} names[] = {
#ifdef __x86_64__
    NAME(fork), NAME(vfork),
#endif
    { SYS_clone, "fork" }, NAME(kill), NAME(tgkill), NAME(execve), NAME(execveat), NAME(ptrace),
    NAME(process_vm_readv), NAME(process_vm_writev), NAME(tkill), NAME(rt_sigqueueinfo),
    NAME(rt_tgsigqueueinfo), NAME(pidfd_open), NAME(pidfd_send_signal), NAME(pidfd_getfd),
    NAME(setsid), NAME(setpgid), NAME(bpf), NAME(io_uring_setup), NAME(keyctl), NAME(add_key),
    NAME(request_key), NAME(perf_event_open), NAME(userfaultfd), NAME(mount), NAME(umount2),
    NAME(pivot_root), NAME(chroot), NAME(unshare), NAME(setns), NAME(init_module),
    NAME(finit_module), NAME(kexec_load), NAME(reboot), NAME(setuid), NAME(setgid),
    NAME(setreuid), NAME(setregid), NAME(setresuid), NAME(setresgid), NAME(setgroups),
    NAME(capset)
};
#undef NAME

const char *forbidden_call_name(uint32_t number)
{
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if ((uint32_t)names[i].number == number) {
            return names[i].name;
        }
    }
    return NULL;
}

enum {
    PROLOGUE = 6,
    PER_RULE = 6,
    RULE_COUNT = sizeof(rules) / sizeof(rules[0]),
    PROGRAM_SIZE = PROLOGUE + RULE_COUNT * PER_RULE + 1
};

struct program {
    struct sock_filter steps[PROGRAM_SIZE];
    unsigned short count;
};

static void add_step(struct program *program, struct sock_filter step)
{
    program->steps[program->count++] = step;
}

static void load(struct program *program, size_t offset)
{
    add_step(program, (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, (uint32_t)offset));
}

static void skip_unless_equal(struct program *program, uint32_t value, unsigned char steps)
{
    add_step(program, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, value, 0, steps));
}

static void give(struct program *program, uint32_t action)
{
    add_step(program, (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, action));
}

/* The number of the call is loaded before and after each rule. */
static void add_rule(struct program *program, const struct call_rule *rule, pid_t pid)
{
    /* Both machines we build for keep the low half of an argument first. */
    const size_t argument = offsetof(struct seccomp_data, args) + rule->argument * 8U;
    if (rule->condition == ALWAYS) {
        skip_unless_equal(program, (uint32_t)rule->number, 1);
        give(program, rule->action);
        return;
    }
    uint32_t mask = rule->condition == OWN_PID ? ALL_BITS : rule->mask;
    uint32_t value = rule->condition == OWN_PID ? (uint32_t)pid : rule->value;
    skip_unless_equal(program, (uint32_t)rule->number, 5);
    load(program, argument);
    add_step(program, (struct sock_filter)BPF_STMT(BPF_ALU | BPF_AND | BPF_K, mask));
    skip_unless_equal(program, value, 1);
    give(program, rule->action);
    load(program, offsetof(struct seccomp_data, nr));
}

int seccomp_close(void)
{
    struct program program = { .count = 0 };
    const pid_t pid = getpid();
    if (NATIVE_ARCH == 0) {
        return 0;
    }
    load(&program, offsetof(struct seccomp_data, arch));
    add_step(&program,
            (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, NATIVE_ARCH, 1, 0));
    give(&program, SECCOMP_RET_KILL_PROCESS);
    load(&program, offsetof(struct seccomp_data, nr));
    add_step(&program,
            (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, FOREIGN_NUMBERS, 0, 1));
    give(&program, SECCOMP_RET_KILL_PROCESS);
    for (size_t i = 0; i < RULE_COUNT; i++) {
        add_rule(&program, &rules[i], pid);
    }
    give(&program, SAY(ENOSYS));
    const struct sock_fprog filter = { .len = program.count, .filter = program.steps };
    if (syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0U, &filter) != 0) {
        return errno == ENOSYS || errno == EINVAL ? 0 : -1;
    }
    return 1;
}
