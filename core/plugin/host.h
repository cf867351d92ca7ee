/* SPDX-License-Identifier: Apache-2.0 */
/* Private: one callback as the program sees it, and the tables plugins call. */
#ifndef TFATMOS_PLUGIN_HOST_H
#define TFATMOS_PLUGIN_HOST_H

#include <tf-atmos/aws.h>
#include <tf-atmos/clock.h>
#include <tf-atmos/diag.h>
#include <tf-atmos/log.h>
#include <tf-atmos/lookup.h>

#include "call/call.h"
#include "plugin_set.h"

enum {
    CALL_FINDING_MAX = 1000
};

/* What the program knows about a callback; one per plugin. */
struct host_call {
    struct tfa_call call; /* first: what the plugin is given */
    struct plugins *plugins;
    struct plugin *plugin;
    const struct plugin_binding *binding; /* NULL in init */
    size_t finding_count;
    size_t dropped_count;
    size_t error_count;
    size_t result_count;
    uint32_t retry_after_ms; /* largest asked for by a pending result */
    const struct value *context; /* map given to the plugin */
    const struct value *item; /* check item that runs */
    struct plugin_tally tally;
    int64_t budget_ms; /* how long it may take in all; 0: as long as it likes */
    struct str ended; /* why the plugin's worker ended in it; empty: it did not */
};

static inline struct host_call *host_of(struct tfa_call *call)
{
    return (struct host_call *)call;
}

/* ---- callbacks (host_call.c) ---- */

/* Begins a callback on the calling thread; `binding` may be NULL. Never fails. */
struct tfa_call *call_begin(struct run *run, struct plugins *plugins, struct plugin *plugin,
        uint32_t phase, const char *function, const struct plugin_binding *binding,
        int64_t budget_ms);
/* Ends it, reports what rules were broken, frees what lived for its duration. */
void call_end(struct tfa_call *call);

/* ---- texts ---- */

/* For people: cut to `max` bytes at a character, control characters and secrets replaced; copied to
 * the run's arena. */
struct str call_text(struct tfa_call *call, struct tfa_str text, size_t max);
/* Replaces secrets and what looks like credentials (redact.c); the same text when there are none. */
struct str redact(
        struct arena *arena, struct str text, const struct str *secrets, size_t count);

/* ---- the context (host_context.c) ---- */

const struct value *context_new(struct run *run, const struct instance *instance,
        struct str kind, const struct value *targets);
/* The target with this alias in a context, NULL when there is none. */
const struct value *context_target(const struct value *context, struct str alias);

/* ---- tables ---- */

/* Does this host have the service? */
bool host_offers(struct str id);
/* One bit per enum service that the plugin's manifest lists. */
uint32_t services_of(const struct plugin *plugin);
/* For tfa_host.ext: the table when the plugin's manifest lists the id. ctx is the struct plugin. */
const void *host_ext(void *ctx, const char *id);

extern const struct tfa_diag_v1 host_diag_v1;
extern const struct tfa_log_v1 host_log_v1;
extern const struct tfa_call_v1 host_call_v1;
extern const struct tfa_lookup_v1 host_lookup_v1;
extern const struct tfa_clock_v1 host_clock_v1;
extern const struct tfa_aws_v1 host_aws_v1;

#endif
