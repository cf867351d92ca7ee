/* SPDX-License-Identifier: Apache-2.0 */
/* Giving up rights, one kind after the other, before foreign code is mapped. */
#include "confine.h"

#include <errno.h>
#include <linux/capability.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Sanitizers reserve terabytes and start threads and pipes of their own. */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define IS_SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define IS_SANITIZED 1
#endif
#endif
#ifndef IS_SANITIZED
#define IS_SANITIZED 0
#endif

static bool fail(struct worker_page *page, const char *what)
{
    (void)snprintf(
            page->failure, sizeof(page->failure), "%s: %s", what, strerrordesc_np(errno));
    return false;
}

static bool refuse(struct worker_page *page, const char *what)
{
    (void)snprintf(page->failure, sizeof(page->failure), "%s", what);
    return false;
}

/* Lowers a limit; one that is lower already stays. */
static bool limit(__rlimit_resource_t resource, rlim_t soft, rlim_t hard)
{
    struct rlimit now;
    if (getrlimit(resource, &now) != 0) {
        return false;
    }
    hard = hard < now.rlim_max ? hard : now.rlim_max;
    now = (struct rlimit){ .rlim_cur = soft < hard ? soft : hard, .rlim_max = hard };
    return setrlimit(resource, &now) == 0;
}

static bool limit_resources(const struct worker_page *page)
{
    enum {
        FILES = 32,
        STACK_BYTES = 8 << 20,
        /* Counts all processes and threads of the user, so it can only stop a flood. */
        THREADS_OF_USER = 4096
    };

    const rlim_t cpu = page->cpu_seconds;
    if (!IS_SANITIZED && !limit(RLIMIT_AS, page->memory_bytes, page->memory_bytes)) {
        return false;
    }
    return limit(RLIMIT_CPU, cpu, cpu + 2) && limit(RLIMIT_STACK, STACK_BYTES, STACK_BYTES) &&
           limit(RLIMIT_NOFILE, FILES, FILES) && limit(RLIMIT_FSIZE, 0, 0) &&
           limit(RLIMIT_CORE, 0, 0) && limit(RLIMIT_MEMLOCK, 0, 0) &&
           limit(RLIMIT_MSGQUEUE, 0, 0) &&
           limit(RLIMIT_NPROC, THREADS_OF_USER, THREADS_OF_USER);
}

/* A worker of root's is root without powers. */
static bool drop_capabilities(void)
{
    struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
    struct __user_cap_data_struct none[_LINUX_CAPABILITY_U32S_3] = { { 0 } };
    return syscall(SYS_capset, &header, none) == 0;
}

/* Ends with the host, also when that is gone already. */
static bool follow_host(const struct worker_page *page)
{
    return prctl(PR_SET_PDEATHSIG, SIGKILL) == 0 && getppid() == page->host_pid;
}

bool confine(struct worker_page *page)
{
    (void)umask(077);
    if (chdir("/") != 0 || !drop_capabilities() ||
            prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 || prctl(PR_SET_DUMPABLE, 0) != 0) {
        return fail(page, "cannot give up its rights");
    }
    if (!follow_host(page)) {
        return refuse(page, "was left alone by the program that started it");
    }
    if (!limit_resources(page)) {
        return fail(page, "cannot lower its limits");
    }
    int abi = landlock_close(WORKER_IMAGE_FD);
    if (abi < 0) {
        return fail(page, "cannot close itself in by Landlock");
    }
    page->landlock_abi = (uint32_t)abi;
    if (abi == 0 && page->want_strict) {
        return refuse(page, "the kernel has no Landlock, which --strict requires");
    }
    int has_seccomp = IS_SANITIZED ? 0 : seccomp_close();
    if (has_seccomp < 0) {
        return fail(page, "cannot close itself in by seccomp");
    }
    page->has_seccomp = (uint32_t)has_seccomp;
    if (has_seccomp == 0 && !IS_SANITIZED && !limit(RLIMIT_NPROC, 0, 0)) {
        return fail(page, "cannot forbid itself new processes");
    }
    if (has_seccomp == 0 && page->want_strict && !IS_SANITIZED) {
        return refuse(page, "the kernel has no seccomp, which --strict requires");
    }
    return true;
}
