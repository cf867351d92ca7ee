/* SPDX-License-Identifier: Apache-2.0 */
/* Service "tfa.call/1": what is being called, how long it may take, memory for its duration. */
#ifndef TF_ATMOS_CALL_H
#define TF_ATMOS_CALL_H

#include <tf-atmos/abi.h>

TFA_BEGIN_DECLS

#define TFA_EXT_CALL_V1 "tfa.call/1" /* struct tfa_call_v1 */

/* The phases a callback can run in. */
#define TFA_PHASE_INIT        1 /* plugin.h: init */
#define TFA_PHASE_VALIDATE    2 /* component.h: validate */
#define TFA_PHASE_GENERATE    3 /* component.h: generate */
#define TFA_PHASE_LIST_CHECKS 4 /* check.h: list */
#define TFA_PHASE_CHECK       5 /* check.h: run */
#define TFA_PHASE_REVIEW      6 /* component.h: review_all (draft) */
#define TFA_PHASE_PLAN        7 /* component.h: inspect (draft) */

/* Which services a phase may use:
 *
 *                 log call diag value build lookup clock aws
 *   INIT           x   x    x
 *   VALIDATE       x   x    x     x     x
 *   GENERATE       x   x    x     x     x     x
 *   LIST_CHECKS    x   x    x     x     x     x
 *   CHECK          x   x    x     x     x     x      x    x
 *   REVIEW, PLAN   x   x    x     x     x     x
 *
 * Of diag.h, result() belongs to CHECK alone. Any other use returns TFA_E_PHASE (TFA_NONE, 0 or NULL
 * where no code is returned) and the host reports it as misuse. Every phase but CHECK is pure: same
 * input, same findings, same bytes. New phases get new numbers; a plugin is only called in phases of
 * extensions it offers. In the headers, [list] means LIST_CHECKS and [all] every phase. */

/* Who is being called. Owned by the host, valid until the callback returns. */
struct tfa_who {
    uint32_t struct_size;
    uint32_t phase; /* TFA_PHASE_... */
    struct tfa_str stack; /* logical name of the stack; empty in INIT and REVIEW */
    struct tfa_str component; /* name of the component in the stack, as the user types it */
    struct tfa_str module; /* root module it is an instance of, "vpc" or "net/vpc" */
    struct tfa_str kind; /* which of the plugin's kinds is meant */
    struct tfa_str check_id; /* in CHECK: the check that runs */
};

struct tfa_call_v1 {
    /* Identity of this callback; never NULL. [all phases] [any thread] */
    const struct tfa_who *(*who)(struct tfa_call *call);

    /* 1 when the callback should stop: clean up and return TFA_E_CANCELLED. Ask in every loop that
     * can take longer than 50 ms; a deaf plugin is ended after a grace period. [all] [any thread] */
    int32_t (*cancelled)(struct tfa_call *call);

    /* Milliseconds left for this callback, 0 when over, INT64_MAX when unlimited. For giving up in
     * time, never for deciding what to find. [all] [any thread] */
    int64_t (*time_left_ms)(struct tfa_call *call);

    /* Tells how far the callback is; `total` 0 means unknown, `what` is a few words. The host
     * decides whether and how often it is shown. Never an error. [all] [callback thread] */
    void (*progress)(struct tfa_call *call, uint64_t done, uint64_t total, struct tfa_str what);

    /* Zeroed memory for this callback: released by the host when it returns, never by the plugin.
     * Aligned for every type. Size 0 gives a valid pointer. NULL when the cap (64 MiB per callback
     * unless configured) is reached: return TFA_E_MEMORY. [all] [callback thread] */
    void *(*alloc)(struct tfa_call *call, uint64_t size);
};

TFA_END_DECLS

#endif
