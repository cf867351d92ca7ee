/* SPDX-License-Identifier: Apache-2.0 */
/* Service "tfa.call/1": what is being called, how long it may take, memory for its duration. */
#ifndef TF_ATMOS_CALL_H
#define TF_ATMOS_CALL_H

#include <tf-atmos/abi.h>

TFA_BEGIN_DECLS

#define TFA_EXT_CALL_V1 "tfa.call/1" /* struct tfa_call_v1 */

/* The phases a callback can run in, and the services each may use (log and call: always).
 *                            value build diag lookup aws clock */
#define TFA_PHASE_INIT     1 /*              x                  plugin.h    init              */
#define TFA_PHASE_VALIDATE 2 /*   x     x    x                  component.h validate          */
#define TFA_PHASE_GENERATE 3 /*   x     x    x    x             component.h generate          */
#define TFA_PHASE_LIST_CHECKS                                                                  \
    4 /*   x     x    x    x             check.h     list              */
#define TFA_PHASE_CHECK  5 /*   x     x    x    x     x   x   check.h     run               */
#define TFA_PHASE_REVIEW 6 /*   x     x    x    x             component.h review (draft)    */
#define TFA_PHASE_PLAN   7 /*   x     x    x    x             component.h inspect (draft)   */

/* Any other use returns TFA_E_PHASE (or TFA_NONE, NULL where no code is returned) and is reported
 * by the host as misuse. In diag.h, result() belongs to TFA_PHASE_CHECK alone. Every phase but CHECK is
 * pure: same input, same findings, same bytes. New phases get new numbers; a plugin is only ever
 * called in phases of extensions it offers. */

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
