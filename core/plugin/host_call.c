/* SPDX-License-Identifier: Apache-2.0 */
/* A callback from the side of the program: begin, end, broken rules; tfa.call/1 and tfa.clock/1. */
#include "host.h"

static int32_t parse_json(struct tfa_call *call, struct str text, tfa_val *ret_value)
{
    const struct value *value = NULL;
    struct diags ignored;
    diags_init(&ignored, call->scratch);
    int code = json_read(call->run->arena, call->run->keys, &ignored, text,
            STR("text of a plugin"), 0, &value);
    if (code != 0 || !value) {
        return code == ERR_LIMIT ? TFA_E_LIMIT : TFA_E_INVALID;
    }
    *ret_value = handle_made(call, value, 0);
    return *ret_value == TFA_NONE ? TFA_E_LIMIT : TFA_OK;
}

static struct host_call *call_of(struct run *run, struct plugin *plugin)
{
    struct plugin_runtime *runtime = plugin->runtime;
    if (!runtime->call) {
        runtime->call = ARENA_NEW(run->arena, struct host_call);
        call_init(&runtime->call->call);
    }
    return runtime->call;
}

struct tfa_call *call_begin(struct run *run, struct plugins *plugins, struct plugin *plugin,
        uint32_t phase, const char *function, const struct plugin_binding *binding,
        int64_t budget_ms)
{
    struct host_call *host = call_of(run, plugin);
    struct tfa_call *call = &host->call;
    /* 0 would make handles that look like none. */
    plugins->generation = plugins->generation == UINT32_MAX ? 1 : plugins->generation + 1;
    call->generation = plugins->generation;
    call->mark = binding ? binding->mark : MARK_NONE;
    call->cancel = plugins->world.cancel;
    call->parse_json = parse_json;
    host->plugins = plugins;
    host->plugin = plugin;
    host->binding = binding;
    host->finding_count = 0;
    host->dropped_count = 0;
    host->error_count = 0;
    host->result_count = 0;
    host->retry_after_ms = 0;
    host->context = NULL;
    host->item = NULL;
    host->tally = (struct plugin_tally){ 0 };
    host->ended = STR_EMPTY;
    host->budget_ms = budget_ms;
    call_open(call, run, phase, function);
    if (budget_ms > 0) {
        call->deadline_ms = run->clock->monotonic_ms(run->clock->context) + budget_ms;
    }
    if (binding) {
        call->who.stack = tfa_str_from(binding->instance->stack);
        call->who.component = tfa_str_from(binding->instance->name);
        call->who.module = tfa_str_from(binding->instance->folder);
        call->who.kind = tfa_str_from(binding->kind);
    }
    return call;
}

static struct diag *say(struct tfa_call *call, enum plugin_diag kind, struct str text)
{
    const struct host_call *host = host_of(call);
    struct diag *diag =
            diag_add(&call->run->diags, &plugin_diags[kind], call->mark, "%.*s", STR_ARG(text));
    diag->plugin = host->plugin->identity->id;
    if (host->binding) {
        diag->stack = host->binding->instance->stack;
        diag->component = host->binding->instance->name;
    }
    return diag;
}

void call_end(struct tfa_call *call)
{
    struct arena *arena = call->run->arena;
    const struct host_call *host = host_of(call);
    struct str id = host->plugin->identity->id;
    call_note_strays(call);
    for (size_t i = 0; i < call->misuses.count; i++) {
        (void)say(call, PLUGIN_MISUSE,
                arena_printf(arena, "plugin `%.*s` broke a rule in %s: %.*s", STR_ARG(id),
                        call->function, STR_ARG(call->misuses.items[i])));
    }
    if (host->dropped_count > 0) {
        (void)say(call, PLUGIN_FINDINGS_CAPPED,
                arena_printf(arena,
                        "plugin `%.*s` reported %zu more findings, which are not shown",
                        STR_ARG(id), host->dropped_count));
    }
    call_close(call);
}

/* ---- tfa.call/1 ---- */

static void call_progress(
        struct tfa_call *call, uint64_t done, uint64_t total, struct tfa_str what)
{
    if (call_enter(call, SERVICE_CALL, "call.progress") == TFA_OK && is_good_text(what)) {
        struct str text = call_text(call, what, 200);
        log_at(call->run->log, LOG_DEBUG, "plugin %.*s: %.*s %llu/%llu",
                STR_ARG(host_of(call)->plugin->identity->id), STR_ARG(text),
                (unsigned long long)done, (unsigned long long)total);
    }
}

const struct tfa_call_v1 host_call_v1 = { call_who, call_cancelled, call_time_left_ms,
    call_progress, call_alloc };

/* ---- tfa.clock/1 ---- */

static int32_t read_clock(struct tfa_call *call, const char *function,
        int64_t (*read_ms)(void *context), int64_t *ret_ns)
{
    int32_t rc = call_enter(call, SERVICE_CLOCK, function);
    if (rc == TFA_OK && !ret_ns) {
        return TFA_E_INVALID;
    }
    if (rc == TFA_OK) {
        /* NOLINTNEXTLINE(clang-analyzer-core.NullDereference): call_enter lets no NULL pass */
        *ret_ns = read_ms(call->run->clock->context) * 1000000;
    }
    return rc;
}

static int32_t clock_wall_ns(struct tfa_call *call, int64_t *ret_ns)
{
    return read_clock(call, "clock.wall_ns", call ? call->run->clock->wall_ms : NULL, ret_ns);
}

static int32_t clock_monotonic_ns(struct tfa_call *call, int64_t *ret_ns)
{
    return read_clock(
            call, "clock.monotonic_ns", call ? call->run->clock->monotonic_ms : NULL, ret_ns);
}

const struct tfa_clock_v1 host_clock_v1 = { clock_wall_ns, clock_monotonic_ns };
