/* SPDX-License-Identifier: Apache-2.0 */
/* The life of a callback: begin, gate, broken rules, end; and what tfa.call/1 needs no host for. */
#include "call.h"

#include <errno.h>
#include <stdarg.h>
#include <string.h>

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

void call_init(struct tfa_call *call)
{
    if (pthread_mutex_init(&call->log_mutex, NULL) != 0) {
        BUG("pthread_mutex_init");
    }
}

void call_clear(struct tfa_call *call)
{
    pthread_mutex_destroy(&call->log_mutex);
}

void call_open(struct tfa_call *call, struct run *run, uint32_t phase, const char *function)
{
    ENSURE(!atomic_load(&call->is_active)); /* a plugin is never entered twice */
    call->run = run;
    call->thread = pthread_self();
    call->function = function;
    call->scratch = arena_new();
    memset(&call->slots, 0, sizeof(call->slots));
    call->buckets = NULL;
    call->bucket_count = 0;
    call->allocated_bytes = 0;
    call->copied_count = 0;
    call->deadline_ms = 0;
    call->broken = TFA_OK;
    call->broken_why = STR_EMPTY;
    memset(&call->secrets, 0, sizeof(call->secrets));
    memset(&call->misuses, 0, sizeof(call->misuses));
    atomic_store(&call->wrong_thread, NULL);
    call->who = (struct tfa_who){ .struct_size = sizeof(struct tfa_who), .phase = phase };
    atomic_store(&call->is_active, true);
}

void call_note_strays(struct tfa_call *call)
{
    const char *stray = atomic_exchange(&call->wrong_thread, NULL);
    const char *late = atomic_exchange(&call->late, NULL);
    if (stray) {
        call_misuse(call, "%s was called on a thread that may not call it", stray);
    }
    if (late) {
        call_misuse(call, "%s was called after its callback had returned", late);
    }
}

void call_close(struct tfa_call *call)
{
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
    if (call->misuses.count < CALL_MISUSE_MAX) {
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

const struct tfa_who *call_who(struct tfa_call *call)
{
    /* Also between callbacks: who is read, never written, while a callback runs. */
    static const struct tfa_who nobody = { .struct_size = sizeof(struct tfa_who) };
    return call ? &call->who : &nobody;
}

int32_t call_cancelled(struct tfa_call *call)
{
    if (!call || !atomic_load(&call->is_active)) {
        return 1;
    }
    return call->cancel && *call->cancel != 0 ? 1 : 0;
}

int64_t call_time_left_ms(struct tfa_call *call)
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

void *call_alloc(struct tfa_call *call, uint64_t size)
{
    if (call_enter(call, SERVICE_CALL, "call.alloc") != TFA_OK ||
            size > CALL_MEMORY_MAX - call->allocated_bytes) {
        return NULL;
    }
    call->allocated_bytes += size;
    return arena_alloc(call->scratch, size > 0 ? (size_t)size : 1);
}
