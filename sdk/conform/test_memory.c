/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of memory and of giving up: leaks, failing allocations and services, cancelling. */
#include <signal.h>
#include <stdio.h>

#include "lint.h"
#include "session.h"

enum {
    LIVES = 10,
    CALLS = 100,
    INTENTS = 4, /* with which every failure is tried */
    FAILURES_MAX = 1500, /* of one kind */
    STOP_MS = 3000 /* how long a callback may take to notice */
};

static size_t some(const struct conform *conform)
{
    return conform->intents.count < INTENTS ? conform->intents.count : INTENTS;
}

/* The intents spread over the list: the smallest, and others. */
static struct str some_intent(const struct conform *conform, size_t index)
{
    return conform->intents.items[index * conform->intents.count / some(conform)];
}

static bool one_life(struct conform *conform, const struct tfa_plugin *plugin)
{
    struct session session = session_new(conform, plugin);
    bool has_started = session_init(&session) == TFA_OK;
    for (size_t i = 0; has_started && i < some(conform); i++) {
        session_intent(&session, some_intent(conform, i));
        session_answers(&session);
        session_all(&session, false, NULL);
    }
    session_end(&session);
    return has_started;
}

/* ---- leaks ---- */

static void judge_calls(struct conform *conform, const struct tfa_plugin *plugin)
{
    struct session session = session_new(conform, plugin);
    uint64_t early = 0;
    uint64_t asked = 0;
    if (session_init(&session) != TFA_OK) {
        return;
    }
    for (int i = 0; i < 2 * CALLS; i++) {
        if (i == CALLS) {
            early = hooks_live();
            asked = hooks_asked();
        }
        session_intent(&session, some_intent(conform, (size_t)i % some(conform)));
        session_all(&session, false, NULL);
    }
    if (hooks_live() >= early + CALLS / INTENTS) {
        failed(conform, RULE_LEAK, "%d intents more leave %llu blocks more, one of %llu bytes",
                CALLS, (unsigned long long)(hooks_live() - early),
                (unsigned long long)hooks_size_since(asked));
    }
    session_end(&session);
}

void test_leaks(struct conform *conform)
{
    const struct tfa_plugin *plugin = plugin_open(conform);
    if (!hooks_are_there()) {
        skip(conform, "the memory of plugins cannot be counted on this kind of machine");
        return;
    }
    /* What the first life keeps may be a table made once. */
    if (!one_life(conform, plugin)) {
        skip(conform, "the plugin does not start");
        return;
    }
    uint64_t before = hooks_live();
    uint64_t asked = hooks_asked();
    for (int i = 0; i < LIVES; i++) {
        (void)one_life(conform, plugin);
    }
    if (hooks_live() >= before + LIVES) {
        failed(conform, RULE_LEAK,
                "%d lives from init to shutdown leave %llu blocks, one of %llu bytes", LIVES,
                (unsigned long long)(hooks_live() - before),
                (unsigned long long)hooks_size_since(asked));
        return;
    }
    judge_calls(conform, plugin);
}

/* ---- failing allocations ---- */

/* `usual` is what a life leaves anyway. */
static void fail_one(struct conform *conform, const struct tfa_plugin *plugin, uint64_t number,
        uint64_t usual)
{
    char what[60];
    uint64_t before = hooks_live();
    uint64_t asked = hooks_asked();
    (void)snprintf(
            what, sizeof(what), "with allocation %llu failing", (unsigned long long)number);
    place(conform, what, STR_EMPTY);
    hooks_fail(number);
    (void)one_life(conform, plugin);
    hooks_fail(0);
    place(conform, what, STR_EMPTY);
    if (hooks_live() > before + usual) {
        failed(conform, RULE_NO_MEMORY, "leaves a block of %llu bytes when an allocation fails",
                (unsigned long long)hooks_size_since(asked));
    }
}

void test_no_memory(struct conform *conform)
{
    const struct tfa_plugin *plugin = plugin_open(conform);
    if (!hooks_are_there() || hooks_unwinds()) {
        skip(conform,
                hooks_are_there()
                        ? "the plugin's language ends the process itself when memory is missing"
                        : "the memory of plugins cannot be counted on this kind of machine");
        return;
    }
    (void)one_life(conform, plugin);
    uint64_t asked = hooks_asked();
    uint64_t before = hooks_live();
    (void)one_life(conform, plugin);
    uint64_t total = hooks_asked() - asked;
    uint64_t usual = hooks_live() > before ? hooks_live() - before : 0;
    uint64_t step = total / FAILURES_MAX + 1;
    conform->record->crash_rule = RULE_NO_MEMORY;
    conform->record->hang_rule = RULE_NO_MEMORY;
    for (uint64_t n = 1; n <= total; n += step) {
        fail_one(conform, plugin, n, usual);
    }
    if (total == 0) {
        skip(conform, "the plugin allocates no memory of its own");
    }
}

/* ---- failing services ---- */

/* Every service call of one callback fails in turn. */
static void fail_services(struct session *session, struct str intent, enum step step)
{
    uint64_t calls = 0;
    uint64_t n = 0;
    do {
        session_intent(session, intent);
        session_answers(session);
        if (step == STEP_RUN && session_step(session, STEP_LIST) != TFA_OK) {
            return;
        }
        tfa_testkit_fail_call(session->kit, ++n, TFA_E_MEMORY);
        (void)session_step(session, step);
        tfa_testkit_fail_call(session->kit, 0, 0);
        calls = tfa_testkit_calls(session->kit);
        for (uint64_t i = 0; i < tfa_testkit_result_count(session->kit); i++) {
            const struct tfa_testkit_result *result = tfa_testkit_result_at(session->kit, i);
            /* Without scripted answers a pass is another rule's business. */
            if (result->outcome == TFA_RESULT_PASS && n <= calls &&
                    session->conform->answers.count > 0) {
                failed(session->conform, RULE_NO_MEMORY,
                        "%s passed though a service it used had failed", result->check_id);
            }
        }
    } while (n <= calls && n < FAILURES_MAX);
}

void test_services(struct conform *conform)
{
    struct session session = session_new(conform, plugin_open(conform));
    if (session_init(&session) != TFA_OK) {
        skip(conform, "the plugin does not start");
        return;
    }
    conform->record->crash_rule = RULE_NO_MEMORY;
    conform->record->hang_rule = RULE_NO_MEMORY;
    for (size_t i = 0; i < some(conform); i++) {
        for (enum step step = STEP_VALIDATE; step < STEP_COUNT; step++) {
            fail_services(&session, some_intent(conform, i), step);
        }
    }
    session_end(&session);
}

/* ---- cancelling ---- */

static void stop_steps(struct session *session, struct str intent, enum step step, int32_t code)
{
    uint64_t calls = 0;
    uint64_t n = 0;
    do {
        session_intent(session, intent);
        if (step == STEP_RUN && session_step(session, STEP_LIST) != TFA_OK) {
            return;
        }
        session->kit->stop_at = ++n;
        session->kit->stop_code = code;
        int64_t start = monotonic_ms();
        (void)session_step(session, step);
        session->kit->stop_at = 0;
        calls = tfa_testkit_calls(session->kit);
        if (monotonic_ms() - start > STOP_MS) {
            failed(session->conform, RULE_CANCEL,
                    "%s went on for %lld ms after it was told to stop", step_name(step),
                    (long long)(monotonic_ms() - start));
            return;
        }
    } while (n <= calls && n < FAILURES_MAX);
}

void test_cancel(struct conform *conform)
{
    struct session session = session_new(conform, plugin_open(conform));
    if (session_init(&session) != TFA_OK) {
        skip(conform, "the plugin does not start");
        return;
    }
    conform->record->hang_rule = RULE_CANCEL;
    for (size_t i = 0; i < some(conform); i++) {
        for (enum step step = STEP_VALIDATE; step < STEP_COUNT; step++) {
            stop_steps(&session, some_intent(conform, i), step,
                    i % 2 == 0 ? TFA_E_CANCELLED : TFA_E_DEADLINE);
        }
    }
    session_end(&session);
}
