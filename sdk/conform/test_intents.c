/* SPDX-License-Identifier: Apache-2.0 */
/* Tests with intents that satisfy the schema: sound ones, sensitive ones, random ones. */
#include <stdio.h>
#include <string.h>

#include "lint.h"
#include "session.h"

/* A check that got no answer has seen nothing. */
static void judge_unanswered(struct session *session)
{
    for (uint64_t i = 0; i < tfa_testkit_result_count(session->kit); i++) {
        const struct tfa_testkit_result *result = tfa_testkit_result_at(session->kit, i);
        if (result->outcome == TFA_RESULT_PASS && tfa_testkit_request_count(session->kit) > 0) {
            failed(session->conform, RULE_AWS_ERROR, "%s passed though AWS did not answer",
                    result->check_id);
        }
    }
}

void test_intents(struct conform *conform)
{
    struct session session = session_new(conform, plugin_open(conform));
    session.is_strict = true;
    int32_t rc = session_init(&session);
    if (rc != TFA_OK) {
        failed(conform, RULE_STARTS, "init returned %d with every extension there", rc);
        return;
    }
    for (size_t i = 0; i < conform->intents.count; i++) {
        session_intent(&session, conform->intents.items[i]);
        session_all(&session, true, NULL);
        judge_unanswered(&session);
    }
    const struct tfa_plugin *plugin = session.plugin;
    session_end(&session);
    if (plugin_open(conform) != plugin) {
        failed(conform, RULE_ENTRY, "the entry function returned two different descriptors");
    }
}

/* ---- secrets ---- */

static const char secret_stem[] = "pl4nted-s3cret-";

/* Replaces the n-th string below by a secret; counts down. */
static struct node *plant(struct pool *pool, struct node *node, size_t *n)
{
    if (node->kind == TFA_KIND_STRING) {
        if ((*n)-- == 0) {
            const char *text = pool_format(pool, "%s%p", secret_stem, (void *)node);
            node->text = pool_text(pool, text, strlen(text));
            node->text_len = strlen(text);
            node->sensitive = true;
            return node;
        }
        return NULL;
    }
    for (size_t i = 0; i < node->count; i++) {
        struct node *planted = plant(pool, node->entries[i].node, n);
        if (planted != NULL) {
            return planted;
        }
    }
    return NULL;
}

/* A part of what was generated that holds the secret in clear and is not marked. Keys have no mark. */
static bool is_in_clear(const struct node *node, bool sensitive, const char *secret)
{
    sensitive = sensitive || node->sensitive;
    if (!sensitive && node->text != NULL && strstr(node->text, secret) != NULL) {
        return true;
    }
    for (size_t i = 0; i < node->count; i++) {
        if (is_in_clear(node->entries[i].node, sensitive, secret)) {
            return true;
        }
    }
    return false;
}

/* True when there was an n-th string. */
static bool try_secret(
        struct session *session, struct str intent, size_t n, size_t *planted_count)
{
    session_intent(session, intent);
    struct node *copy = node_copy(&session->kit->run, session->kit->intent, false);
    struct node *planted = plant(&session->kit->run, copy, &n);
    if (planted == NULL) {
        return false;
    }
    /* Only where the schema takes any text could a secret stand. */
    if (!intent_is_valid(
                session->conform, str_from(node_json_text(&session->kit->run, copy, false)))) {
        return true;
    }
    ++*planted_count;
    session->kit->intent = copy;
    session->intent = str_from(node_json_text(&session->kit->run, copy, true));
    session_all(session, false, NULL);
    place(session->conform, "generate", session->intent);
    if (session->kit->vars != NULL && is_in_clear(session->kit->vars, false, planted->text)) {
        failed(session->conform, RULE_SECRET,
                "a variable holds a sensitive text and is not marked sensitive");
    }
    return true;
}

void test_secrets(struct conform *conform)
{
    struct session session = session_new(conform, plugin_open(conform));
    if (session_init(&session) != TFA_OK) {
        skip(conform, "the plugin does not start");
        return;
    }
    session.is_strict = true;
    session.only = RULE_SECRET;
    size_t planted = 0;
    for (size_t i = 0; i < conform->intents.count; i++) {
        for (size_t n = 0;
                n < 40 && try_secret(&session, conform->intents.items[i], n, &planted); n++) {
        }
    }
    if (planted == 0) {
        skip(conform, "no intent has a text that could be secret");
    }
    session_end(&session);
}

/* ---- fuzz ---- */

/* Turns one random node into something else. */
static void disturb(struct pool *pool, struct node *node, uint64_t *seed)
{
    while (node->count > 0 && random_next(seed) % 4 != 0) {
        node = node->entries[random_next(seed) % node->count].node;
    }
    node->kind = 1 + (int32_t)(random_next(seed) % 7);
    node->count = node->kind == TFA_KIND_LIST || node->kind == TFA_KIND_MAP ? node->count : 0;
    if (node->kind == TFA_KIND_MAP && node->count > 0 && node->entries[0].key == NULL) {
        node->count = 0;
    }
    static const char *const texts[] = { "0", "-1", "true", "", "1e999", "x",
        "arn:aws:iam::111122223333:role/r", "9223372036854775808" };
    const char *text = texts[random_next(seed) % 8];
    if (node->kind == TFA_KIND_NUMBER && !number_is_json(text, strlen(text))) {
        text = "7";
    }
    node->text = node->kind == TFA_KIND_LIST || node->kind == TFA_KIND_MAP
                         ? NULL
                         : pool_text(pool, text, strlen(text));
    node->text_len = node->text == NULL ? 0 : strlen(text);
}

static void run_case(struct session *session, uint64_t seed)
{
    struct conform *conform = session->conform;
    struct arena *scratch = arena_new();
    uint64_t dice = seed;
    struct str json = intent_sample(
            conform, scratch, random_next(&dice), (int)(random_next(&dice) % 101));
    session_intent(session, json);
    struct node *copy = node_copy(&session->kit->run, session->kit->intent, false);
    for (uint64_t i = random_next(&dice) % 4; i > 0; i--) {
        disturb(&session->kit->run, copy, &dice);
    }
    session->kit->intent = copy;
    session->intent = str_from(node_json_text(&session->kit->run, copy, false));
    (void)snprintf(conform->record->replay, sizeof(conform->record->replay),
            "--test fuzz --seed %llu --cases 1", (unsigned long long)seed);
    if (copy->kind == TFA_KIND_MAP) {
        session_all(session, false, NULL);
    }
    session->intent = STR_EMPTY;
    arena_free(scratch);
}

void test_fuzz(struct conform *conform)
{
    struct session session = session_new(conform, plugin_open(conform));
    if (session_init(&session) != TFA_OK) {
        skip(conform, "the plugin does not start");
        return;
    }
    session.is_strict = true;
    for (unsigned i = 0; i < conform->cases; i++) {
        run_case(&session, conform->seed + i);
    }
    conform->record->replay[0] = '\0';
    session_end(&session);
}
