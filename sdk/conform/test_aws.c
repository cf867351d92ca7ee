/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of checks: every kind of error for every request, and answers of any shape. */
#include <stdio.h>

#include "lint.h"
#include "session.h"

enum {
    REQUESTS_MAX = 60
};

static const struct error {
    const char *name;
    uint32_t outcome;
    uint32_t status;
    const char *code;
    bool may_fail; /* the error itself can be the fact that was looked for */
} errors[] = {
    { "no answer", TFA_AWS_NO_ANSWER, 0, "", false },
    { "an error of the service", TFA_AWS_ERROR, 400, "BadRequestException", true },
    { "no permission", TFA_AWS_DENIED, 403, "AccessDeniedException", false },
    { "throttled", TFA_AWS_THROTTLED, 429, "ThrottlingException", false },
    { "a fault of the service", TFA_AWS_FAULT, 500, "InternalServerErrorException", false },
    { "unreadable", TFA_AWS_UNREADABLE, 502, "", false },
    { "no credentials", TFA_AWS_NO_CREDENTIALS, 403, "ExpiredTokenException", false },
    { "not in this partition", TFA_AWS_NOT_THERE, 0, "", false },
    { "the limit of requests", TFA_AWS_BUDGET, 0, "", false },
    { "an outcome of a later minor", 99, 0, "", false },
};

static void judge(struct session *session, const struct error *error)
{
    for (uint64_t i = 0; i < tfa_testkit_result_count(session->kit); i++) {
        const struct tfa_testkit_result *result = tfa_testkit_result_at(session->kit, i);
        if (result->outcome == TFA_RESULT_PASS ||
                (result->outcome == TFA_RESULT_FAIL && !error->may_fail)) {
            failed(session->conform, RULE_AWS_ERROR, "%s %s when the answer was: %s",
                    result->check_id, result->outcome == TFA_RESULT_PASS ? "passed" : "failed",
                    error->name);
        }
    }
}

/* One item, its n-th and all later requests end in the error; the number of requests. */
static uint64_t try_error(
        struct session *session, size_t item, const struct error *error, uint64_t n)
{
    struct tfa_testkit_answer answer = { .action = "",
        .status = error->status,
        .outcome = error->outcome,
        .error_code = error->code,
        .body = error->outcome == TFA_AWS_UNREADABLE ? "<html>" : "{\"message\":\"no\"}" };
    char what[120];
    struct tfa_testkit *kit = session->kit;
    session_intent(session, session->intent);
    session_answers(session);
    if (session_step(session, STEP_LIST) != TFA_OK || kit->items == NULL ||
            item >= kit->items->count) {
        return 0;
    }
    (void)snprintf(what, sizeof(what), "run of %s, request %llu answered with: %s",
            node_text_of(kit->items->entries[item].node, "id"), (unsigned long long)n,
            error->name);
    place(session->conform, what, session->intent);
    kit->error_at = n;
    kit->error = answer;
    uint64_t before = kit->misuse.count;
    (void)kit_run_item(kit, kit->items->entries[item].node);
    session->conform->record->callbacks++;
    kit->error_at = 0;
    for (uint64_t i = before; i < kit->misuse.count; i++) {
        const struct breach *breach = kit->misuse.items[i];
        failed(session->conform, breach->rule, "%s", breach->text);
    }
    uint64_t requests = tfa_testkit_request_count(kit);
    if (requests >= n) {
        judge(session, error);
    }
    return requests;
}

void test_aws_errors(struct conform *conform)
{
    struct session session = session_new(conform, plugin_open(conform));
    uint64_t tried = 0;
    if (session_init(&session) != TFA_OK) {
        skip(conform, "the plugin does not start");
        return;
    }
    for (size_t i = 0; i < conform->intents.count; i++) {
        session_intent(&session, conform->intents.items[i]);
        if (session_step(&session, STEP_LIST) != TFA_OK || session.kit->items == NULL) {
            continue;
        }
        size_t items = session.kit->items->count;
        for (size_t item = 0; item < items; item++) {
            for (size_t e = 0; e < sizeof(errors) / sizeof(errors[0]); e++) {
                for (uint64_t n = 1; n <= REQUESTS_MAX; n++) {
                    if (try_error(&session, item, &errors[e], n) < n) {
                        break;
                    }
                    tried++;
                }
            }
        }
    }
    if (tried == 0) {
        skip(conform,
                "no check asks AWS for any of the intents; give one that does with --intent");
    }
    session_end(&session);
}

/* ---- answers of any shape ---- */

void test_aws_answers(struct conform *conform)
{
    static const char *const bodies[] = { "{}", "[]", "null", "\"text\"", "7", "",
        "{\"a\":{\"b\":[{\"c\":null}]}}", "{\"nextToken\":\"same\"}",
        "{\"NextToken\":\"same\"}", "[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]" };
    const struct str_list *actions = &conform->facts.identity->aws_actions;
    struct session session = session_new(conform, plugin_open(conform));
    if (session_init(&session) != TFA_OK) {
        skip(conform, "the plugin does not start");
        return;
    }
    session.is_strict = true;
    for (size_t b = 0; b < sizeof(bodies) / sizeof(bodies[0]); b++) {
        for (size_t i = 0; i < conform->intents.count; i++) {
            session_intent(&session, conform->intents.items[i]);
            for (size_t a = 0; a < actions->count; a++) {
                tfa_testkit_aws(session.kit, arena_cstr(conform->arena, actions->items[a]), 200,
                        bodies[b]);
            }
            (void)session_step(&session, STEP_LIST);
            (void)session_step(&session, STEP_RUN);
        }
    }
    session_end(&session);
}
