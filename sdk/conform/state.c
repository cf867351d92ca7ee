/* SPDX-License-Identifier: Apache-2.0 */
/* What belongs to the whole process, as text: before, and after each callback. */
#include <dirent.h>
#include <fenv.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>
#ifdef __x86_64__
#include <xmmintrin.h>
#endif

#include "session.h"

enum {
    STATE_MAX_BYTES = 1 << 20,
    SIGNALS = 65,
    FLUSH_TO_ZERO = 0x8040 /* bits of MXCSR: flush to zero, denormals are zero */
};

static void write_environment(struct buf *out)
{
    for (char **entry = environ; entry != NULL && *entry != NULL; entry++) {
        buf_addf(out, "%s\n", *entry);
    }
}

static void write_folder(struct buf *out)
{
    char path[4096];
    buf_add_cstr(out, getcwd(path, sizeof(path)) == NULL ? "?" : path);
}

static void write_umask(struct buf *out)
{
    mode_t mask = umask(0);
    (void)umask(mask);
    buf_addf(out, "%03o", (unsigned)mask);
}

static void write_locale(struct buf *out)
{
    const char *name = setlocale(LC_ALL, NULL);
    buf_add_cstr(out, name == NULL ? "?" : name);
}

static void write_signals(struct buf *out)
{
    sigset_t mask;
    struct itimerval timer;
    (void)sigprocmask(SIG_SETMASK, NULL, &mask);
    for (int i = 1; i < SIGNALS; i++) {
        struct sigaction action;
        if (sigaction(i, NULL, &action) == 0) {
            buf_addf(out, "%d:%p,%x,%d ", i, (void *)(uintptr_t)action.sa_handler,
                    (unsigned)action.sa_flags, sigismember(&mask, i));
        }
    }
    (void)getitimer(ITIMER_REAL, &timer);
    buf_addf(out, "timer:%d", timer.it_value.tv_sec != 0 || timer.it_value.tv_usec != 0);
}

/* Names in a folder of /proc, without the descriptor that reads it. */
static size_t write_names(const char *folder, struct buf *out)
{
    size_t count = 0;
    DIR *dir = opendir(folder);
    for (const struct dirent *entry = NULL; dir != NULL && (entry = readdir(dir)) != NULL;) {
        if (entry->d_name[0] != '.' && strtol(entry->d_name, NULL, 10) != dirfd(dir)) {
            buf_addf(out, "%s ", entry->d_name);
            count++;
        }
    }
    if (dir != NULL) {
        (void)closedir(dir);
    }
    return count;
}

static void write_descriptors(struct buf *out)
{
    (void)write_names("/proc/self/fd", out);
}

static void write_threads(struct buf *out)
{
    AUTO_BUF names = BUF_INIT(STATE_MAX_BYTES);
    size_t count = write_names("/proc/self/task", &names);
    /* One that was joined may still be on its way out of the kernel. */
    for (int i = 0; i < 10 && count > 1; i++) {
        (void)nanosleep(&(struct timespec){ .tv_nsec = 2000000 }, NULL);
        buf_reset(&names);
        count = write_names("/proc/self/task", &names);
    }
    buf_addf(out, "%zu", count);
}

static void write_limits(struct buf *out)
{
    for (int i = 0; i < RLIM_NLIMITS; i++) {
        struct rlimit limit = { 0, 0 };
        (void)getrlimit((__rlimit_resource_t)i, &limit);
        buf_addf(out, "%llu/%llu ", (unsigned long long)limit.rlim_cur,
                (unsigned long long)limit.rlim_max);
    }
    buf_addf(out, "nice %d", getpriority(PRIO_PROCESS, 0));
}

static void write_floating_point(struct buf *out)
{
    buf_addf(out, "rounding %d, traps %d", fegetround(), fegetexcept());
#ifdef __x86_64__
    buf_addf(out, ", flush to zero %u", _mm_getcsr() & FLUSH_TO_ZERO);
#endif
}

static const struct part {
    const char *name;
    void (*write)(struct buf *out);
    enum rule rule;
    bool is_short; /* both texts are shown */
} parts[] = {
    { "the environment", write_environment, RULE_SETTINGS, false },
    { "the working folder", write_folder, RULE_SETTINGS, true },
    { "the umask", write_umask, RULE_SETTINGS, true },
    { "the locale", write_locale, RULE_SETTINGS, true },
    { "signal handling", write_signals, RULE_SIGNALS, false },
    { "the open descriptors", write_descriptors, RULE_FILES, true },
    { "the number of threads", write_threads, RULE_THREADS, true },
    { "limits or priority", write_limits, RULE_LIMITS, false },
    { "the mode of floating point", write_floating_point, RULE_LIMITS, true },
};

enum {
    PART_COUNT = sizeof(parts) / sizeof(parts[0])
};

struct state {
    struct conform *conform;
    struct buf texts[PART_COUNT];
};

struct state *state_new(struct conform *conform)
{
    struct state *state = ARENA_NEW(conform->arena, struct state);
    state->conform = conform;
    for (size_t i = 0; i < PART_COUNT; i++) {
        state->texts[i] = BUF_INIT(STATE_MAX_BYTES);
        parts[i].write(&state->texts[i]);
    }
    return state;
}

void state_compare(struct state *state, const char *after)
{
    for (size_t i = 0; i < PART_COUNT; i++) {
        struct buf now = BUF_INIT(STATE_MAX_BYTES);
        parts[i].write(&now);
        if (!str_eq(buf_str(&now), buf_str(&state->texts[i]))) {
            if (parts[i].is_short) {
                failed(state->conform, parts[i].rule, "%s changed after %s: %.*s, was %.*s",
                        parts[i].name, after, STR_ARG(buf_str(&now)),
                        STR_ARG(buf_str(&state->texts[i])));
            } else {
                failed(state->conform, parts[i].rule, "%s changed after %s", parts[i].name,
                        after);
            }
        }
        buf_clear(&state->texts[i]);
        state->texts[i] = now;
    }
}
