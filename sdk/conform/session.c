/* SPDX-License-Identifier: Apache-2.0 */
/* The plugin on the mock host: one life, one callback, everything it says as text. */
#include "session.h"

#include <dlfcn.h>
#include <stdio.h>
#include <string.h>

const char *step_name(enum step step)
{
    static const char *const names[STEP_COUNT] = { "validate", "generate", "list", "run" };
    return names[step];
}

const struct tfa_plugin *plugin_open(struct conform *conform)
{
    const struct tfa_plugin *(*entry)(void) = NULL;
    place(conform, "while it is loaded", STR_EMPTY);
    void *handle = dlopen(conform->facts.file.ptr, RTLD_NOW | RTLD_LOCAL);
    if (handle == NULL) {
        failed_for_good(conform, RULE_LIBRARIES, "cannot be loaded: %s", dlerror());
    }
    void *symbol = dlsym(handle, TFA_ENTRY_SYMBOL);
    if (symbol == NULL) {
        failed_for_good(conform, RULE_EXPORTS, "has no function " TFA_ENTRY_SYMBOL);
    }
    (void)hooks_install(conform, handle);
    memcpy(&entry, &symbol, sizeof(entry));
    place(conform, TFA_ENTRY_SYMBOL, STR_EMPTY);
    const struct tfa_plugin *plugin = entry();
    place(conform, "", STR_EMPTY);
    return plugin;
}

struct session session_new(struct conform *conform, const struct tfa_plugin *plugin)
{
    struct session session = { .conform = conform, .plugin = plugin, .only = RULE_NONE };
    session.kit = kit_new(
            plugin, "the notes", conform->facts.manifest.ptr, conform->facts.manifest.len);
    session_intent(&session, STR("{}"));
    tfa_testkit_context(session.kit,
            "{aws: {account_id: '111122223333', region: eu-west-1, partition: aws},"
            " vars: {region: eu-west-1, account_id: '111122223333'},"
            " targets: [{alias: self, account_id: '111122223333', region: eu-west-1,"
            " partition: aws}, {alias: management, account_id: '222233334444',"
            " region: eu-west-1, partition: aws}]}");
    return session;
}

void session_answers(struct session *session)
{
    const struct texts *answers = &session->conform->answers;
    for (size_t i = 0; i < answers->count; i++) {
        const char *error = NULL;
        struct pool *pool = &session->kit->run;
        const struct node *node =
                json_parse(pool, answers->items[i].ptr, answers->items[i].len, &error);
        kit_add_answer(session->kit, node);
    }
}

void session_intent(struct session *session, struct str json)
{
    session->intent = json;
    tfa_testkit_clear(session->kit);
    tfa_testkit_intent(session->kit, json.ptr); /* always followed by NUL */
}

struct node *session_copy(struct session *session, const struct node *intent)
{
    session->intent = STR_EMPTY;
    tfa_testkit_clear(session->kit);
    session->kit->intent = node_copy(&session->kit->run, intent, false);
    return session->kit->intent;
}

void session_end(struct session *session)
{
    place(session->conform, "shutdown", session->intent);
    kit_end(session->kit); /* and kept: a call of it may be used too late */
    place(session->conform, "", STR_EMPTY);
}

/* What the mock host saw since the last look. */
static void judge(struct session *session, uint64_t from)
{
    session->breaches = session->kit->misuse.count - from;
    for (uint64_t i = from; i < session->kit->misuse.count && session->is_strict; i++) {
        const struct breach *breach = session->kit->misuse.items[i];
        if (session->only != RULE_NONE && breach->rule != session->only) {
            continue;
        }
        failed(session->conform, breach->rule, "%s", breach->text);
    }
}

int32_t session_init(struct session *session)
{
    uint64_t before = session->kit->misuse.count;
    place(session->conform, "init", STR_EMPTY);
    int32_t rc = tfa_testkit_init(session->kit);
    session->conform->record->callbacks++;
    judge(session, before);
    return rc;
}

/* Every item of the last list; the first negative code, or TFA_OK. */
static int32_t run_items(struct tfa_testkit *kit)
{
    int32_t first = TFA_OK;
    for (size_t i = 0; kit->items != NULL && i < kit->items->count; i++) {
        const struct node *item = kit->items->entries[i].node;
        if (item->kind == TFA_KIND_MAP) {
            int32_t rc = kit_run_item(kit, item);
            first = first == TFA_OK ? rc : first;
        }
    }
    return first;
}

int32_t session_step(struct session *session, enum step step)
{
    static int32_t (*const functions[STEP_COUNT])(struct tfa_testkit *) = {
        tfa_testkit_validate, tfa_testkit_generate, tfa_testkit_list_checks, run_items
    };
    uint64_t before = session->kit->misuse.count;
    place(session->conform, step_name(step), session->intent);
    int32_t rc = functions[step](session->kit);
    session->conform->record->callbacks++;
    judge(session, before);
    return rc;
}

bool session_has_error(const struct session *session)
{
    for (uint64_t i = 0; i < tfa_testkit_finding_count(session->kit); i++) {
        if (tfa_testkit_finding_at(session->kit, i)->severity == TFA_SEVERITY_ERROR) {
            return true;
        }
    }
    return false;
}

static void write_finding(const struct tfa_testkit_finding *finding, struct buf *out)
{
    buf_addf(out, "finding %u %u %s %s:%u:%u %s\n  %s\n  %s\n  %s\n  %s %s\n", finding->phase,
            finding->severity, finding->code, finding->file, finding->line, finding->column,
            finding->pointer, finding->message, finding->detail, finding->remediation,
            finding->doc_url, finding->resource);
}

static void write_result(const struct tfa_testkit_result *result, struct buf *out)
{
    buf_addf(out, "result %u %s %s %s %s:%u %s\n  %s\n  %s\n  %s %s\n  %s %s %s\n",
            result->outcome, result->check_id, result->code, result->title, result->file,
            result->line, result->pointer, result->message, result->detail, result->target,
            result->region, result->expected, result->actual, result->resource);
}

void session_write(const struct session *session, struct buf *out)
{
    const struct tfa_testkit *kit = session->kit;
    for (uint64_t i = 0; i < tfa_testkit_finding_count(kit); i++) {
        write_finding(tfa_testkit_finding_at(kit, i), out);
    }
    for (uint64_t i = 0; i < tfa_testkit_result_count(kit); i++) {
        write_result(tfa_testkit_result_at(kit, i), out);
    }
    buf_addf(out, "variables %s\nchecks %s\n", tfa_testkit_vars(kit), tfa_testkit_items(kit));
}

/* A callback that an intent of the right form gives no reason to fail. */
static void must_work(struct session *session, enum step step, int32_t rc)
{
    /* After a breach the mock host has made the code negative itself. */
    if (rc < 0 && rc != TFA_E_UNSUPPORTED && session->is_strict && session->breaches == 0 &&
            !(step == STEP_GENERATE && session_has_error(session))) {
        failed(session->conform, RULE_RESULT,
                "%s returned %d for an intent that satisfies the schema", step_name(step), rc);
    }
}

void session_all(struct session *session, bool is_sound, struct buf *out)
{
    bool go_on = true;
    for (enum step step = STEP_VALIDATE; step < STEP_COUNT && go_on; step++) {
        if (step == STEP_GENERATE && session_has_error(session)) {
            break; /* the host asks nothing more of an intent with errors */
        }
        int32_t rc = session_step(session, step);
        if (is_sound && step != STEP_RUN) {
            must_work(session, step, rc);
        }
        if (out != NULL) {
            buf_addf(out, "%s %d\n", step_name(step), rc);
        }
        go_on = rc == TFA_OK || rc == TFA_E_UNSUPPORTED;
    }
    if (out != NULL) {
        session_write(session, out);
    }
}
