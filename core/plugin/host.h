/* SPDX-License-Identifier: Apache-2.0 */
/* Private: one callback in progress, its handles, and the tables plugins call. */
#ifndef TFATMOS_PLUGIN_HOST_H
#define TFATMOS_PLUGIN_HOST_H

#include <pthread.h>
#include <stdatomic.h>

#include <tf-atmos/aws.h>
#include <tf-atmos/build.h>
#include <tf-atmos/call.h>
#include <tf-atmos/clock.h>
#include <tf-atmos/diag.h>
#include <tf-atmos/log.h>
#include <tf-atmos/lookup.h>
#include <tf-atmos/value.h>

#include "plugin_set.h"

enum {
    CALL_VALUE_MAX = 1000000, /* handles of one callback */
    CALL_FINDING_MAX = 1000,
    CALL_MEMORY_MAX = 64 << 20
};

/* A map or list under construction. */
struct draft {
    bool is_map;
    struct value_builder map;
    VEC(const struct value *) list;
    VEC(uint32_t) list_slots; /* where the entries came from, by position */
    struct map map_slots; /* the same by key: slot number as a pointer */
};

/*
 * What a handle stands for: a value with the way it was reached, so that findings can tell where in
 * the instance it lies, or a draft until it is frozen (then `value` is set too).
 */
struct slot {
    const struct value *value;
    struct draft *draft;
    uint32_t parent; /* slot number; 0: a root, or made by the plugin */
    uint32_t ordinal; /* position within the parent */
    struct str pointer; /* of a root: its place in the instance; empty: no place there */
    uint32_t next; /* of the same hash chain */
};

/*
 * One per plugin, used again for each callback. `is_active` is false between callbacks, so that a
 * pointer kept by the plugin is noticed; handles carry the generation.
 */
struct tfa_call {
    struct run *run;
    struct plugins *plugins;
    struct plugin *plugin;
    const struct plugin_binding *binding; /* NULL in init */
    atomic_bool is_active;
    pthread_t thread;
    uint32_t generation;
    struct tfa_who who;
    const char *function; /* of the plugin, for messages: "component.validate" */
    struct arena *scratch; /* until the callback returns */
    VEC(struct slot) slots; /* slot number n is item n - 1 */
    uint32_t *buckets;
    size_t bucket_count;
    size_t allocated_bytes;
    int64_t deadline_ms; /* monotonic; 0: none */

    int32_t broken; /* first failure of tfa.build/1 */
    struct str broken_why;
    size_t finding_count;
    size_t dropped_count;
    size_t error_count;
    size_t result_count;
    uint32_t retry_after_ms; /* largest asked for by a pending result */
    const struct value *context; /* map given to the plugin */
    const struct value *item; /* check item that runs */
    struct plugin_tally tally;
    VEC(struct str) secrets; /* texts of sensitive values, never shown */
    VEC(struct str) misuses; /* rules broken on the callback thread */
    _Atomic(const char *) wrong_thread; /* function that another thread called */
    pthread_mutex_t log_mutex;
    /* Kept across callbacks. */
    _Atomic(const char *) late; /* function called between callbacks */
};

/* ---- callbacks (host_call.c) ---- */

/* Begins a callback on the calling thread; `binding` may be NULL. Never fails. */
struct tfa_call *call_begin(struct run *run, struct plugins *plugins, struct plugin *plugin,
        uint32_t phase, const char *function, const struct plugin_binding *binding,
        int64_t budget_ms);
/* Ends it, reports what rules were broken, frees what lived for its duration. */
void call_end(struct tfa_call *call);
/* Notes a broken rule; the same one is kept once. */
void call_misuse(struct tfa_call *call, const char *format, ...)
        __attribute__((format(printf, 2, 3)));

enum service {
    SERVICE_CALL,
    SERVICE_LOG,
    SERVICE_DIAG,
    SERVICE_VALUE,
    SERVICE_BUILD,
    SERVICE_LOOKUP,
    SERVICE_CLOCK,
    SERVICE_AWS
};

/* The gate: TFA_OK, or the code a function has to return (call missing, over, other thread, phase). */
int32_t call_enter(struct tfa_call *call, enum service service, const char *function);

/* ---- handles ---- */

/* The handle of a root: a value with its place in the instance ("/settings/guardduty"; empty text:
 * none). TFA_NONE for NULL. */
tfa_val handle_root(struct tfa_call *call, const struct value *value, struct str pointer);
/* The handle of an entry of a value; the same entry has the same handle. */
tfa_val handle_child(struct tfa_call *call, uint32_t parent, uint32_t ordinal);
tfa_val handle_draft(struct tfa_call *call, bool is_map);
/* A made value that keeps the place of slot `like` (0: none). */
tfa_val handle_made(struct tfa_call *call, const struct value *value, uint32_t like);
/* Slot number of a handle: TFA_E_ABSENT for TFA_NONE, TFA_E_STALE (noted) for a wrong one. */
int32_t handle_slot(
        struct tfa_call *call, const char *function, tfa_val handle, uint32_t *ret_slot);
tfa_val handle_of_slot(const struct tfa_call *call, uint32_t slot);
/* The slot of that number; NULL when there is none. */
struct slot *call_find_slot(struct tfa_call *call, uint32_t slot);
/* The same for a number that handle_slot has let through. */
struct slot *call_slot(struct tfa_call *call, uint32_t slot);
/* The value behind a handle, freezing drafts; codes as handle_slot. */
int32_t handle_value(struct tfa_call *call, const char *function, tfa_val handle,
        const struct value **ret_value);
const struct value *slot_freeze(struct tfa_call *call, uint32_t number);

/* JSON pointer of a slot within the instance; empty when it has no place there. */
struct str slot_pointer(struct tfa_call *call, uint32_t number);
/* Where a slot was written, or the nearest thing around it; `is_key`: the key that holds it. */
struct mark slot_mark(struct tfa_call *call, uint32_t number, bool is_key);
/* Adds "/step" with ~ and / escaped. */
void pointer_add_step(struct buf *out, struct str step);
/* Follows a JSON pointer as far as there is something: true when to its end. */
bool slot_find(struct tfa_call *call, uint32_t slot, struct str pointer, uint32_t *ret_slot);

/* ---- texts ---- */

struct str str_of(struct tfa_str text);
struct tfa_str tfa_str_from(struct str text);
/* Is it UTF-8 without NUL bytes, and a sane view? */
bool is_good_text(struct tfa_str text);
/* For people: cut to `max` bytes at a character, control characters and secrets replaced; copied to
 * the run's arena. */
struct str call_text(struct tfa_call *call, struct tfa_str text, size_t max);
/* Replaces secrets and what looks like credentials (redact.c); the same text when there are none. */
struct str redact(
        struct arena *arena, struct str text, const struct str *secrets, size_t count);
/* Adds the scalar texts below sensitive values. */
void collect_secrets(struct tfa_call *call, const struct value *value, bool is_sensitive);

/* ---- the context (host_context.c) ---- */

const struct value *context_new(struct run *run, const struct instance *instance,
        struct str kind, const struct value *targets);
/* The target with this alias in a context, NULL when there is none. */
const struct value *context_target(const struct value *context, struct str alias);

/* ---- tables ---- */

/* Does this host have the service? */
bool host_offers(struct str id);
/* For tfa_host.ext: the table when the plugin's manifest lists the id. ctx is the struct plugin. */
const void *host_ext(void *ctx, const char *id);

extern const struct tfa_value_v1 host_value_v1;
extern const struct tfa_build_v1 host_build_v1;
extern const struct tfa_diag_v1 host_diag_v1;
extern const struct tfa_log_v1 host_log_v1;
extern const struct tfa_call_v1 host_call_v1;
extern const struct tfa_lookup_v1 host_lookup_v1;
extern const struct tfa_clock_v1 host_clock_v1;
extern const struct tfa_aws_v1 host_aws_v1;

#endif
