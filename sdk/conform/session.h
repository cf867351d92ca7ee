/* SPDX-License-Identifier: Apache-2.0 */
/* The plugin on the mock host, within the process of a test. */
#ifndef TF_ATMOS_CONFORM_SESSION_H
#define TF_ATMOS_CONFORM_SESSION_H

#include "conform.h"
#include "mock.h"

/* One life of the plugin, from init to shutdown. */
struct session {
    struct conform *conform;
    const struct tfa_plugin *plugin;
    struct tfa_testkit *kit;
    struct str intent; /* as JSON; what `place` shows */
    bool is_strict; /* what the mock host sees is noted; else only what the test itself looks for */
    uint64_t breaches; /* of the last callback */
    enum rule only; /* with is_strict: this rule alone; RULE_NONE: every rule */
};

enum step {
    STEP_VALIDATE,
    STEP_GENERATE,
    STEP_LIST,
    STEP_RUN, /* every item of the last list */
    STEP_COUNT
};

/* Loads the file and finds the entry; a failure is noted and ends the process of the test. */
const struct tfa_plugin *plugin_open(struct conform *conform);

/* A mock host of its own for the plugin; init has not run yet. */
struct session session_new(struct conform *conform, const struct tfa_plugin *plugin);
/* shutdown, and everything is forgotten. */
void session_end(struct session *session);
/* Another intent, and what the last one produced is forgotten. */
void session_intent(struct session *session, struct str json);

/* A copy of a parsed intent as the next one, to be changed by the test. */
struct node *session_copy(struct session *session, const struct node *intent);

/* init; the code. With a failure nothing else may be called. */
int32_t session_init(struct session *session);
/* One callback (or all checks): the code, TFA_E_UNSUPPORTED where the plugin does not offer it. The
 * breaches that the mock host saw are noted as failures. */
int32_t session_step(struct session *session, enum step step);
/* validate, then generate where it found no error, list, and all checks; what came out is added to
 * `out` unless that is NULL. With `is_sound` the intent satisfies the schema, so that every callback
 * has to do its work. */
void session_all(struct session *session, bool is_sound, struct buf *out);
/* Did the findings so far hold an error? */
bool session_has_error(const struct session *session);
/* Codes, findings, results and values so far as text that is the same for the same answers. */
void session_write(const struct session *session, struct buf *out);
/* The scripted answers of --answers. */
void session_answers(struct session *session);

const char *step_name(enum step step);

/* ---- hooks.c ---- */

/* Puts our functions into the places where the plugin's calls of libc go, for its own memory and for what
 * it may not call. False where this kind of machine is not known. */
bool hooks_install(struct conform *conform, void *handle);
bool hooks_are_there(void);
/* Blocks the plugin holds, and how many it has ever asked for. */
uint64_t hooks_live(void);
uint64_t hooks_asked(void);
/* Size of some block that is held and is younger than `asked`. */
uint64_t hooks_size_since(uint64_t asked);
/* The n-th request for memory from now on fails; 0: none. True when one has failed. */
void hooks_fail(uint64_t n);
bool hooks_have_failed(void);
/* Adds to every clock the plugin reads. */
void hooks_skew(int64_t seconds);
/* The language's own runtime ends the process where memory is missing (C++ exceptions, Rust). */
bool hooks_unwinds(void);

/* ---- state.c ---- */

/* What belongs to the process and is none of the plugin's business. */
struct state;
struct state *state_new(struct conform *conform);
/* Notes every difference as a breach of the rule it belongs to, and takes the new state for granted. */
void state_compare(struct state *state, const char *after);

#endif
