/* SPDX-License-Identifier: Apache-2.0 */
/* Which plugins run in a process of their own, and how that process is used by a proxy. */
#include "worker_process.h"
#include "worker_proxy.h"

static enum link_event wait_process(
        void *context, short events, int64_t deadline_monotonic_ms, const volatile int *cancel)
{
    switch (worker_process_wait(context, events, deadline_monotonic_ms, cancel)) {
    case WORKER_READY:
        return LINK_READY;
    case WORKER_DEADLINE:
        return LINK_DEADLINE;
    case WORKER_CANCELLED:
        return LINK_CANCELLED;
    case WORKER_DEAD:
        break;
    }
    return LINK_DEAD;
}

static void begin_process(void *context)
{
    worker_process_begin(context);
}

static void stop_process(void *context)
{
    worker_process_cancel(context);
}

static void kill_process(void *context)
{
    worker_process_kill(context);
}

static struct worker_fate process_fate(void *context, struct run *run)
{
    return worker_process_fate(run, context);
}

static int open_process(
        struct run *run, struct plugin *plugin, int image_fd, struct worker_link *ret_link)
{
    struct worker_process *process = NULL;
    struct worker_how how = {
        .program = worker_program_path(run), .image_fd = image_fd, .want_strict = run->is_strict
    };
    (void)plugin;
    int code = worker_process_start(run, &how, &process);
    if (code == 0) {
        *ret_link = (struct worker_link){ .socket = worker_process_socket(process),
            .wait = wait_process,
            .begin = begin_process,
            .stop = stop_process,
            .kill = kill_process,
            .fate = process_fate,
            .context = process };
    }
    return code;
}

void isolation_init(struct run *run, struct isolation *isolation)
{
    struct str text = run->config ? config_text(run->config, "plugins.isolate") : STR_EMPTY;
    isolation->want_all = str_eq(text, STR("all"));
    isolation->open = open_process;
}
