/* SPDX-License-Identifier: Apache-2.0 */
/* What this system offers to keep foreign plugins in. */
#include "image.h"
#include "plugin_sandbox.h"
#include "worker_process.h"

/* Why a worker without a plugin does not end in order; empty when it does. */
static struct str try_worker(struct run *run, struct str program)
{
    enum {
        PATIENCE_MS = 10000
    };
    struct worker_process *process = NULL;
    const struct worker_how how = { .program = program, .image_fd = -1 };
    /* What would be a finding of a run is a row of a report here. */
    struct run quiet = *run;
    diags_init(&quiet.diags, run->arena);
    if (worker_process_start(&quiet, &how, &process) != 0) {
        return quiet.diags.list.items[0].message;
    }
    (void)worker_process_wait(process, 0, monotonic_ms() + PATIENCE_MS, NULL);
    worker_process_kill(process);
    struct worker_fate fate = worker_process_fate(run, process);
    bool is_fine = fate.kind == FATE_EXITED && fate.number == 0;
    return is_fine ? STR_EMPTY : arena_printf(run->arena, "it %.*s", STR_ARG(fate.text));
}

struct plugin_sandbox plugin_sandbox_examine(struct run *run)
{
    const struct sandbox_facts facts = sandbox_probe();
    struct plugin_sandbox sandbox = { .program = worker_program_path(run),
        .landlock_abi = facts.landlock_abi,
        .has_seccomp = facts.has_seccomp,
        .has_sealed_memory = image_can_be_sealed() };
    sandbox.trouble = try_worker(run, sandbox.program);
    return sandbox;
}
