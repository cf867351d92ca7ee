/* SPDX-License-Identifier: Apache-2.0 */
/* One callback of a plugin in progress: the gate, handles, tfa.value/1 and tfa.build/1. */
#ifndef TFATMOS_CALL_CALL_H
#define TFATMOS_CALL_CALL_H

#include <pthread.h>
#include <stdatomic.h>

#include <tf-atmos/build.h>
#include <tf-atmos/call.h>
#include <tf-atmos/value.h>

#include "run.h"

/*
 * Both hosts of a plugin link this folder: the program itself (plugin/) and the worker (worker/), so
 * that a plugin cannot tell them apart. Whoever enters the plugin opens a call, makes the handles it
 * is given and closes the call. What the two hosts know beyond that stands behind a struct tfa_call of
 * their own, as its first member.
 */

enum {
    CALL_VALUE_MAX = 1000000, /* handles of one callback */
    CALL_DEPTH_MAX = 256, /* containers within containers that a plugin makes */
    CALL_MISUSE_MAX = 16, /* broken rules that are told apart */
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
    uint32_t depth; /* containers of drafts within it, at most */
    bool is_shared; /* in a worker: the program has this slot too */
};

/*
 * Used again for each callback of a plugin. `is_active` is false between callbacks, so that a pointer
 * kept by the plugin is noticed; handles carry the generation.
 */
struct tfa_call {
    /* Set by the owner, before call_open. */
    uint32_t generation; /* not 0, different for each callback */
    struct mark mark; /* where something without a place of its own is said to be */
    const volatile int *cancel; /* not 0: the callback should stop; may be NULL */
    /* Makes a value of the text of build.from_json: TFA_OK, TFA_E_INVALID, TFA_E_LIMIT. */
    int32_t (*parse_json)(struct tfa_call *call, struct str text, tfa_val *ret_value);

    struct run *run;
    atomic_bool is_active;
    pthread_t thread;
    struct tfa_who who;
    const char *function; /* of the plugin, for messages: "component.validate" */
    struct arena *scratch; /* until the callback returns */
    VEC(struct slot) slots; /* slot number n is item n - 1 */
    uint32_t *buckets;
    size_t bucket_count;
    size_t allocated_bytes;
    size_t copied_count; /* values that build.sensitive copied */
    int64_t deadline_ms; /* monotonic; 0: none */

    int32_t broken; /* first failure of tfa.build/1 */
    struct str broken_why;
    VEC(struct str) secrets; /* texts of sensitive values, never shown */
    VEC(struct str) misuses; /* rules broken on the callback thread */
    _Atomic(const char *) wrong_thread; /* function that another thread called */
    pthread_mutex_t log_mutex;
    /* Kept across callbacks. */
    _Atomic(const char *) late; /* function called between callbacks */
};

/* ---- callbacks ---- */

/* Once per object, which is zeroed memory. */
void call_init(struct tfa_call *call);
void call_clear(struct tfa_call *call);
/* Begins a callback on the calling thread. Never fails; who.phase is set, the rest of who is empty. */
void call_open(struct tfa_call *call, struct run *run, uint32_t phase, const char *function);
/* Notes what other threads did wrong. */
void call_note_strays(struct tfa_call *call);
/* Ends the callback and frees what lived for its duration. */
void call_close(struct tfa_call *call);
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

/*
 * The program and a worker number their slots alike, but only those that crossed are on both sides: the
 * others are holes, which no handle may name. Makes holes until there are `count` slots; false when
 * there are more already, or there would be too many.
 */
bool call_pad(struct tfa_call *call, size_t count);
/* Makes slot `number`, a hole or still to come, a root without a place in the instance. */
bool handle_define_root(struct tfa_call *call, uint32_t number, const struct value *value);
/* Makes slot `number`, a hole or still to come, the entry `ordinal` of a slot that was not made by the
 * plugin. False when that cannot be. */
bool handle_define_child(
        struct tfa_call *call, uint32_t number, uint32_t parent, uint32_t ordinal);

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
/* Adds the scalar texts below sensitive values. */
void collect_secrets(struct tfa_call *call, const struct value *value, bool is_sensitive);

/* ---- tables ---- */

extern const struct tfa_value_v1 call_value_v1;
extern const struct tfa_build_v1 call_build_v1;

/* Of tfa.call/1 all but progress. */
const struct tfa_who *call_who(struct tfa_call *call);
int32_t call_cancelled(struct tfa_call *call);
int64_t call_time_left_ms(struct tfa_call *call);
void *call_alloc(struct tfa_call *call, uint64_t size);

#endif
