/* SPDX-License-Identifier: Apache-2.0 */
/* The life of a callback: begin, gate, broken rules, end; and tfa.call/1 and tfa.clock/1. */
#include <errno.h>
#include <stdarg.h>
#include <string.h>

#include "host.h"

static bool phase_allows(uint32_t phase, enum service service)
{
    switch (service) {
    case SERVICE_CALL:
    case SERVICE_LOG:
    case SERVICE_DIAG:
        return true;
    case SERVICE_VALUE:
    case SERVICE_BUILD:
        return phase != TFA_PHASE_INIT;
    case SERVICE_LOOKUP:
        return phase != TFA_PHASE_INIT && phase != TFA_PHASE_VALIDATE;
    case SERVICE_CLOCK:
    case SERVICE_AWS:
        return phase == TFA_PHASE_CHECK;
    }
    return false;
}

static const char *phase_name(uint32_t phase)
{
    static const char *const names[] = { "?", "init", "validate", "generate", "list", "check",
        "review", "plan" };
    return names[phase < sizeof(names) / sizeof(names[0]) ? phase : 0];
}

static struct tfa_call *call_of(struct run *run, struct plugin *plugin)
{
    struct plugin_runtime *runtime = plugin->runtime;
    if (!runtime->call) {
        runtime->call = ARENA_NEW(run->arena, struct tfa_call);
        if (pthread_mutex_init(&runtime->call->log_mutex, NULL) != 0) {
            BUG("pthread_mutex_init");
        }
    }
    return runtime->call;
}

struct tfa_call *call_begin(struct run *run, struct plugins *plugins, struct plugin *plugin,
        uint32_t phase, const char *function, const struct plugin_binding *binding,
        int64_t budget_ms)
{
    struct tfa_call *call = call_of(run, plugin);
    ENSURE(!atomic_load(&call->is_active)); /* a plugin is never entered twice */
    /* 0 would make handles that look like none. */
    plugins->generation = plugins->generation == UINT32_MAX ? 1 : plugins->generation + 1;
    call->run = run;
    call->plugins = plugins;
    call->plugin = plugin;
    call->binding = binding;
    call->thread = pthread_self();
    call->generation = plugins->generation;
    call->function = function;
    call->scratch = arena_new();
    memset(&call->slots, 0, sizeof(call->slots));
    call->buckets = NULL;
    call->bucket_count = 0;
    call->allocated_bytes = 0;
    call->deadline_ms =
            budget_ms > 0 ? run->clock->monotonic_ms(run->clock->context) + budget_ms : 0;
    call->broken = TFA_OK;
    call->broken_why = STR_EMPTY;
    call->finding_count = 0;
    call->dropped_count = 0;
    call->error_count = 0;
    call->result_count = 0;
    call->retry_after_ms = 0;
    call->context = NULL;
    call->item = NULL;
    call->tally = (struct plugin_tally){ 0 };
    memset(&call->secrets, 0, sizeof(call->secrets));
    memset(&call->misuses, 0, sizeof(call->misuses));
    atomic_store(&call->wrong_thread, NULL);
    call->who = (struct tfa_who){ .struct_size = sizeof(struct tfa_who), .phase = phase };
    if (binding) {
        call->who.stack = tfa_str_from(binding->instance->stack);
        call->who.component = tfa_str_from(binding->instance->name);
        call->who.module = tfa_str_from(binding->instance->folder);
        call->who.kind = tfa_str_from(binding->kind);
    }
    atomic_store(&call->is_active, true);
    return call;
}

static void report_misuses(struct tfa_call *call)
{
    const char *stray = atomic_exchange(&call->wrong_thread, NULL);
    const char *late = atomic_exchange(&call->late, NULL);
    if (stray) {
        call_misuse(call, "%s was called on a thread that may not call it", stray);
    }
    if (late) {
        call_misuse(call, "%s was called after its callback had returned", late);
    }
    for (size_t i = 0; i < call->misuses.count; i++) {
        struct diag *diag = diag_add(&call->run->diags, &plugin_diags[PLUGIN_MISUSE],
                call->binding ? call->binding->mark : MARK_NONE,
                "plugin `%.*s` broke a rule in %s: %.*s", STR_ARG(call->plugin->identity->id),
                call->function, STR_ARG(call->misuses.items[i]));
        diag->plugin = call->plugin->identity->id;
        if (call->binding) {
            diag->stack = call->binding->instance->stack;
            diag->component = call->binding->instance->name;
        }
    }
    if (call->dropped_count > 0) {
        struct diag *diag = diag_add(&call->run->diags, &plugin_diags[PLUGIN_FINDINGS_CAPPED],
                call->binding ? call->binding->mark : MARK_NONE,
                "plugin `%.*s` reported %zu more findings, which are not shown",
                STR_ARG(call->plugin->identity->id), call->dropped_count);
        diag->plugin = call->plugin->identity->id;
    }
}

void call_end(struct tfa_call *call)
{
    report_misuses(call);
    /* A log line on another thread may be under way: it holds the mutex while it looks. */
    pthread_mutex_lock(&call->log_mutex);
    atomic_store(&call->is_active, false);
    pthread_mutex_unlock(&call->log_mutex);
    arena_free(call->scratch);
    call->scratch = NULL;
    memset(&call->slots, 0, sizeof(call->slots));
    memset(&call->secrets, 0, sizeof(call->secrets));
    memset(&call->misuses, 0, sizeof(call->misuses));
}

void call_misuse(struct tfa_call *call, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    struct str text = arena_vprintf(call->run->arena, format, args);
    va_end(args);
    for (size_t i = 0; i < call->misuses.count; i++) {
        if (str_eq(call->misuses.items[i], text)) {
            return;
        }
    }
    if (call->misuses.count < 16) {
        VEC_PUSH(call->scratch, &call->misuses, text);
    }
}

int32_t call_enter(struct tfa_call *call, enum service service, const char *function)
{
    if (!call) {
        return TFA_E_INVALID;
    }
    if (!atomic_load(&call->is_active)) {
        atomic_store(&call->late, function);
        return TFA_E_STALE;
    }
    if (!pthread_equal(call->thread, pthread_self())) {
        atomic_store(&call->wrong_thread, function);
        return TFA_E_THREAD;
    }
    if (!phase_allows(call->who.phase, service)) {
        call_misuse(call, "%s may not be used in the phase %s", function,
                phase_name(call->who.phase));
        return TFA_E_PHASE;
    }
    return TFA_OK;
}

/* ---- tfa.call/1 ---- */

static const struct tfa_who *call_who(struct tfa_call *call)
{
    /* Also between callbacks: who is read, never written, while a callback runs. */
    static const struct tfa_who nobody = { .struct_size = sizeof(struct tfa_who) };
    return call ? &call->who : &nobody;
}

static int32_t call_cancelled(struct tfa_call *call)
{
    if (!call || !atomic_load(&call->is_active)) {
        return 1;
    }
    const volatile int *cancel = call->plugins->world.cancel;
    return cancel && *cancel != 0 ? 1 : 0;
}

static int64_t call_time_left_ms(struct tfa_call *call)
{
    if (!call || !atomic_load(&call->is_active)) {
        return 0;
    }
    if (call->deadline_ms == 0) {
        return INT64_MAX;
    }
    const struct clock *clock = call->run->clock;
    int64_t left = call->deadline_ms - clock->monotonic_ms(clock->context);
    return left > 0 ? left : 0;
}

static void call_progress(
        struct tfa_call *call, uint64_t done, uint64_t total, struct tfa_str what)
{
    if (call_enter(call, SERVICE_CALL, "call.progress") == TFA_OK && is_good_text(what)) {
        struct str text = call_text(call, what, 200);
        log_at(call->run->log, LOG_DEBUG, "plugin %.*s: %.*s %llu/%llu",
                STR_ARG(call->plugin->identity->id), STR_ARG(text), (unsigned long long)done,
                (unsigned long long)total);
    }
}

static void *call_alloc(struct tfa_call *call, uint64_t size)
{
    if (call_enter(call, SERVICE_CALL, "call.alloc") != TFA_OK ||
            size > CALL_MEMORY_MAX - call->allocated_bytes) {
        return NULL;
    }
    call->allocated_bytes += size;
    return arena_alloc(call->scratch, size > 0 ? (size_t)size : 1);
}

const struct tfa_call_v1 host_call_v1 = { call_who, call_cancelled, call_time_left_ms,
    call_progress, call_alloc };

/* ---- tfa.clock/1 ---- */

static int32_t clock_wall_ns(struct tfa_call *call, int64_t *ret_ns)
{
    int32_t rc = call_enter(call, SERVICE_CLOCK, "clock.wall_ns");
    if (rc == TFA_OK && !ret_ns) {
        return TFA_E_INVALID;
    }
    if (rc == TFA_OK) {
        *ret_ns = call->run->clock->wall_ms(call->run->clock->context) * 1000000;
    }
    return rc;
}

static int32_t clock_monotonic_ns(struct tfa_call *call, int64_t *ret_ns)
{
    int32_t rc = call_enter(call, SERVICE_CLOCK, "clock.monotonic_ns");
    if (rc == TFA_OK && !ret_ns) {
        return TFA_E_INVALID;
    }
    if (rc == TFA_OK) {
        *ret_ns = call->run->clock->monotonic_ms(call->run->clock->context) * 1000000;
    }
    return rc;
}

const struct tfa_clock_v1 host_clock_v1 = { clock_wall_ns, clock_monotonic_ns };
