/* SPDX-License-Identifier: Apache-2.0 */
/* The plain services of the mock host: call, log, clock, lookup, and the gate before all of them. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mock.h"

#define ARENA_MAX (64ULL << 20)

void misuse(struct tfa_testkit *kit, enum rule rule, const char *format, ...)
{
    struct breach *breach = pool_alloc(&kit->run, sizeof(*breach));
    char line[600];
    va_list args;

    va_start(args, format);
    (void)vsnprintf(line, sizeof(line), format, args);
    va_end(args);
    breach->rule = rule;
    breach->text = pool_text(&kit->run, line, strlen(line));
    list_add(&kit->misuse, breach);
}

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

bool call_is_stopped(const struct tfa_call *call)
{
    return call->kit->stop_at > 0 && call->services >= call->kit->stop_at;
}

int32_t service_enter(struct tfa_call *call, enum service service, const char *function)
{
    struct tfa_testkit *kit = call->kit;

    if (!pthread_equal(call->thread, pthread_self())) {
        /* Only counted: the lists belong to the other thread. Logging is allowed from any. */
        (void)atomic_fetch_add(&call->strays, service == SERVICE_LOG ? 0U : 1U);
        return TFA_E_THREAD;
    }
    call->services++;
    if (kit->current != call) {
        misuse(kit, RULE_STALE, "%s: called outside its callback", function);
        return TFA_E_STALE;
    }
    if (kit->fail_at == call->services || call_is_stopped(call)) {
        int32_t code = call_is_stopped(call) ? kit->stop_code : kit->fail_code;
        if ((service == SERVICE_BUILD || service == SERVICE_VALUE) && call->broken == 0) {
            call->broken = code; /* what is returned would lack something */
        }
        return code;
    }
    if (!phase_allows(call->shown.who.phase, service)) {
        misuse(kit, RULE_PHASE, "%s: not allowed in phase %u", function, call->shown.who.phase);
        return TFA_E_PHASE;
    }
    return TFA_OK;
}

void *host_struct(struct tfa_call *call, size_t size)
{
    uint32_t whole = (uint32_t)(size + (call->kit->is_newer ? NEWER_MORE : 0));
    char *made = pool_alloc(&call->pool, whole);

    memset(made + size, 0xA5, whole - size);
    memcpy(made, &whole, sizeof(whole));
    return made;
}

struct tfa_str str_view(const char *s)
{
    struct tfa_str view = { s, s == NULL ? 0 : strlen(s) };

    return view;
}

char *str_copy(struct pool *pool, struct tfa_str s)
{
    if ((s.ptr == NULL && s.len > 0) || !utf8_valid(s.ptr, s.len)) {
        return NULL;
    }
    return pool_text(pool, s.ptr, s.len);
}

/* Handles: the generation of the call above, the place in its table below. */
tfa_val handle_of(struct tfa_call *call, struct node *node)
{
    if (node == NULL) {
        return TFA_NONE;
    }
    if (node->handle >> 32 != call->generation) {
        list_add(&call->handles, node);
        node->handle = call->generation << 32 | call->handles.count;
    }
    return node->handle;
}

int32_t handle_node(
        struct tfa_call *call, const char *function, tfa_val v, struct node **ret_node)
{
    uint64_t index = v & 0xFFFFFFFFU;

    if (v == TFA_NONE) {
        return TFA_E_ABSENT;
    }
    if (v >> 32 != call->generation || index == 0 || index > call->handles.count) {
        misuse(call->kit, RULE_STALE, "%s: stale handle %#llx", function,
                (unsigned long long)v);
        return TFA_E_STALE;
    }
    *ret_node = call->handles.items[index - 1];
    return TFA_OK;
}

/* ---- redaction ---- */

static char *replace_all(struct pool *pool, char *text, const char *secret)
{
    struct text out = { 0 };
    const char *rest = text;
    const char *found;

    while ((found = strstr(rest, secret)) != NULL) {
        text_add(&out, rest, (size_t)(found - rest));
        text_puts(&out, "(sensitive)");
        rest = found + strlen(secret);
    }
    if (out.ptr == NULL) {
        return text;
    }
    text_puts(&out, rest);
    return text_take(&out, pool);
}

static char *hide_within(struct pool *pool, char *text, const struct node *node, bool sensitive)
{
    sensitive = sensitive || node->sensitive;
    if (sensitive && node->text != NULL && node->text_len >= 4) {
        text = replace_all(pool, text, node->text);
    }
    for (size_t i = 0; i < node->count; i++) {
        text = hide_within(pool, text, node->entries[i].node, sensitive);
    }
    return text;
}

char *hide_secrets(struct tfa_testkit *kit, struct pool *pool, const char *text)
{
    char *copy = pool_text(pool, text, strlen(text));
    char *clean = hide_within(pool, copy, kit->intent, false);

    clean = hide_within(pool, clean, kit->context, false);
    if (clean != copy) {
        misuse(kit, RULE_SECRET, "a sensitive text was given to the user: \"%s\"", clean);
    }
    return clean;
}

/* ---- tfa.call/1 ---- */

/* The questions any thread may ask; on the callback's own, a call that is over is noticed. */
static void ask(struct tfa_call *call, const char *function)
{
    if (pthread_equal(call->thread, pthread_self()) && call->kit->current != call) {
        misuse(call->kit, RULE_STALE, "%s: called outside its callback", function);
    }
}

static const struct tfa_who *call_who(struct tfa_call *call)
{
    ask(call, "call.who");
    return &call->shown.who;
}

static int32_t call_cancelled(struct tfa_call *call)
{
    ask(call, "call.cancelled");
    return call->kit->cancelled != 0 || call_is_stopped(call) ? 1 : 0;
}

static int64_t call_time_left_ms(struct tfa_call *call)
{
    ask(call, "call.time_left_ms");
    return call_is_stopped(call) ? 0 : INT64_MAX;
}

static void call_progress(
        struct tfa_call *call, uint64_t done, uint64_t total, struct tfa_str what)
{
    (void)call;
    (void)done;
    (void)total;
    (void)what;
}

static void *call_alloc(struct tfa_call *call, uint64_t size)
{
    if (service_enter(call, SERVICE_CALL, "call.alloc") != TFA_OK) {
        return NULL;
    }
    if (size > ARENA_MAX || call->allocated + size > ARENA_MAX) {
        return NULL;
    }
    call->allocated += size;
    return pool_alloc(&call->pool, size);
}

const struct tfa_call_v1 mock_call = { call_who, call_cancelled, call_time_left_ms,
    call_progress, call_alloc };

/* ---- tfa.log/1 ---- */

static int32_t log_enabled(struct tfa_call *call, uint32_t level)
{
    (void)call;
    return level <= TFA_LOG_TRACE ? 1 : 0;
}

static void add_field(struct tfa_call *call, struct text *line, const struct tfa_field *field)
{
    struct node *node = NULL;

    text_puts(line, " ");
    text_add(line, field->key.ptr, field->key.len);
    text_puts(line, "=");
    if (field->value == TFA_NONE) {
        text_add(line, field->text.ptr, field->text.len);
    } else if (handle_node(call, "log.write", field->value, &node) == TFA_OK) {
        text_puts(line, node_json_text(&call->pool, node, true));
    }
}

static void log_write(struct tfa_call *call, uint32_t level, struct tfa_str message,
        const struct tfa_field *fields, uint64_t count)
{
    static const char *const names[] = { "?", "error", "warn", "info", "debug", "trace" };
    struct tfa_testkit *kit = call->kit;
    struct text line = { 0 };
    char *text;

    if (service_enter(call, SERVICE_LOG, "log.write") != TFA_OK) {
        return;
    }
    text_puts(&line, names[level <= TFA_LOG_TRACE ? level : 0]);
    text_puts(&line, " ");
    text_add(&line, message.ptr, message.len);
    for (uint64_t i = 0; i < count; i++) {
        add_field(call, &line, &fields[i]);
    }
    text = text_take(&line, &kit->run);
    text = hide_within(&kit->run, text, kit->intent, false);
    list_add(&kit->logs, hide_within(&kit->run, text, kit->context, false));
}

const struct tfa_log_v1 mock_log = { log_enabled, log_write };

/* ---- tfa.clock/1 ---- */

static int32_t clock_wall_ns(struct tfa_call *call, int64_t *ret_ns)
{
    int32_t rc = service_enter(call, SERVICE_CLOCK, "clock.wall_ns");

    if (rc == TFA_OK) {
        *ret_ns = call->kit->wall_ns;
    }
    return rc;
}

static int32_t clock_monotonic_ns(struct tfa_call *call, int64_t *ret_ns)
{
    int32_t rc = service_enter(call, SERVICE_CLOCK, "clock.monotonic_ns");

    if (rc == TFA_OK) {
        *ret_ns = call->kit->monotonic_ns;
    }
    return rc;
}

const struct tfa_clock_v1 mock_clock = { clock_wall_ns, clock_monotonic_ns };

/* ---- tfa.lookup/1 ---- */

static int32_t lookup_instance(struct tfa_call *call, struct tfa_str stack,
        struct tfa_str component, tfa_val *ret_instance)
{
    struct tfa_testkit *kit = call->kit;
    int32_t rc = service_enter(call, SERVICE_LOOKUP, "lookup.instance");

    if (rc != TFA_OK) {
        return rc;
    }
    stack = stack.len == 0 ? call->shown.who.stack : stack;
    for (size_t i = 0; i < kit->instances.count; i++) {
        struct node *node = kit->instances.items[i];
        if (tfa_str_eq(stack, str_view(node_text_of(node, "stack"))) &&
                tfa_str_eq(component, str_view(node_text_of(node, "component")))) {
            *ret_instance = handle_of(call, node);
            return TFA_OK;
        }
    }
    return TFA_E_ABSENT;
}

static int by_stack_component(const void *a, const void *b)
{
    const struct node *x = *(const struct node *const *)a;
    const struct node *y = *(const struct node *const *)b;
    int order = strcmp(node_text_of(x, "stack"), node_text_of(y, "stack"));

    return order != 0 ? order
                      : strcmp(node_text_of(x, "component"), node_text_of(y, "component"));
}

static bool has_kind(const struct node *instance, struct tfa_str kind)
{
    const struct node *kinds = node_key(instance, "kinds");

    if (kind.len == 0) {
        return true;
    }
    for (size_t i = 0; kinds != NULL && i < kinds->count; i++) {
        const struct node *node = kinds->entries[i].node;
        if (node->text != NULL && tfa_str_eq(kind, str_view(node->text))) {
            return true;
        }
    }
    return false;
}

static int32_t lookup_instances(struct tfa_call *call, struct tfa_str kind, tfa_val *ret_list)
{
    static const char *const keys[] = { "stack", "component", "module" };
    struct tfa_testkit *kit = call->kit;
    int32_t rc = service_enter(call, SERVICE_LOOKUP, "lookup.instances");
    struct node *list;

    if (rc != TFA_OK) {
        return rc;
    }
    if (kit->instances.count > 0) {
        qsort((void *)kit->instances.items, kit->instances.count, sizeof(void *),
                by_stack_component);
    }
    list = node_new(&call->pool, TFA_KIND_LIST);
    list->frozen = true;
    for (size_t i = 0; i < kit->instances.count; i++) {
        const struct node *instance = kit->instances.items[i];
        if (has_kind(instance, kind)) {
            struct node *entry = node_new(&call->pool, TFA_KIND_MAP);
            entry->frozen = true;
            for (size_t k = 0; k < sizeof(keys) / sizeof(keys[0]); k++) {
                const char *text = node_text_of(instance, keys[k]);
                (void)node_add(&call->pool, entry, keys[k], strlen(keys[k]),
                        node_scalar(&call->pool, TFA_KIND_STRING, text, strlen(text)));
            }
            (void)node_add(&call->pool, list, NULL, 0, entry);
        }
    }
    *ret_list = handle_of(call, list);
    return TFA_OK;
}

const struct tfa_lookup_v1 mock_lookup = { lookup_instance, lookup_instances };
