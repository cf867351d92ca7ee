/* SPDX-License-Identifier: Apache-2.0 */
/* Tests on hosts older and newer than the plugin, and on hosts without optional extensions. */
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "lint.h"
#include "session.h"

enum {
    MINOR_AHEAD = 9
};

/* One listening, in a process of its own. */
struct listening {
    struct shared *shared;
    struct tfa_host *host; /* NULL: the ordinary one */
    bool is_newer;
};

static void listen(struct conform *conform, void *argument)
{
    const struct listening *listening = argument;
    AUTO_BUF out = BUF_INIT(TRANSCRIPT_MAX);
    struct session session = session_new(conform, plugin_open(conform));
    if (listening->host != NULL) {
        listening->host->ctx = session.kit;
        session.kit->host = listening->host;
        session.kit->is_newer = listening->is_newer;
    }
    if (session_init(&session) != TFA_OK) {
        shared_set(listening->shared, STR("does not start"));
        return;
    }
    for (size_t i = 0; i < conform->intents.count; i++) {
        session_intent(&session, conform->intents.items[i]);
        session_all(&session, false, &out);
    }
    session_end(&session);
    shared_set(listening->shared, buf_str(&out));
}

/* The same on `host` as on the ordinary one? */
static void compare(
        struct conform *conform, struct tfa_host *host, bool is_newer, const char *what)
{
    struct listening usual = { .shared = shared_new() };
    struct listening other = { shared_new(), host, is_newer };
    if (usual.shared == NULL || other.shared == NULL || !aside(conform, listen, &usual)) {
        skip(conform, "there is no memory to share");
        return;
    }
    if (str_eq_cstr(shared_get(usual.shared), "does not start")) {
        skip(conform, "the plugin does not start");
        return;
    }
    conform->record->crash_rule = RULE_SIZES;
    if (!aside(conform, listen, &other)) {
        return;
    }
    if (str_eq_cstr(shared_get(other.shared), "does not start")) {
        failed(conform, RULE_SIZES, "does not start on %s", what);
    } else if (!str_eq(shared_get(usual.shared), shared_get(other.shared))) {
        failed(conform, RULE_SIZES, "answers differently on %s", what);
    }
}

void test_older_host(struct conform *conform)
{
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    char *memory =
            mmap(NULL, 2 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED || mprotect(memory + page, page, PROT_NONE) != 0) {
        skip(conform, "there is no memory to protect");
        return;
    }
    /* The struct of minor 0 ends where the memory ends. */
    struct tfa_host host = { sizeof(host), TFA_ABI_MAJOR, conform->facts.identity->abi_minor, 0,
        NULL, host_ext };
    void *end = memory + page - sizeof(host);
    struct tfa_host *last = end;
    memcpy(last, &host, sizeof(host));
    compare(conform, last, false, "an older host");
}

void test_newer_host(struct conform *conform)
{
    struct {
        struct tfa_host host;
        unsigned char more[64];
    } larger = { { sizeof(larger), TFA_ABI_MAJOR, TFA_ABI_MINOR + MINOR_AHEAD, 0x80000000U,
                         NULL, host_ext },
        { 0 } };

    memset(larger.more, 0xA5, sizeof(larger.more));
    compare(conform, &larger.host, true, "a newer host");
}

/* ---- without optional extensions ---- */

/* What every callback returned; in the order of the calls. */
VEC_TYPE(codes, int32_t);

/* All callbacks with one extension hidden; NULL hides all, "" none. False when it does not start. */
static bool try_without(struct conform *conform, const struct tfa_plugin *plugin,
        const char *hidden, struct codes *ret_codes)
{
    const struct str_list *optional = &conform->facts.identity->optional;
    struct session session = session_new(conform, plugin);
    for (size_t i = 0; i < optional->count; i++) {
        const char *id = arena_cstr(conform->arena, optional->items[i]);
        if (hidden == NULL || strcmp(id, hidden) == 0) {
            tfa_testkit_hide(session.kit, id);
        }
    }
    if (session_init(&session) != TFA_OK) {
        session_end(&session);
        return false;
    }
    for (size_t i = 0; i < conform->intents.count; i++) {
        session_intent(&session, conform->intents.items[i]);
        for (enum step step = STEP_VALIDATE; step <= STEP_LIST; step++) {
            VEC_PUSH(conform->arena, ret_codes, session_step(&session, step));
        }
        (void)session_step(&session, STEP_RUN);
    }
    session_end(&session);
    return true;
}

static void judge_without(struct conform *conform, const struct tfa_plugin *plugin,
        const char *hidden, const struct codes *usual)
{
    const char *shown = hidden == NULL ? "every optional extension" : hidden;
    struct codes codes = { 0 };
    if (!try_without(conform, plugin, hidden, &codes)) {
        failed(conform, RULE_OPTIONAL, "does not start without %s", shown);
    }
    for (size_t i = 0; i < codes.count && i < usual->count; i++) {
        if (codes.items[i] < 0 && usual->items[i] != codes.items[i]) {
            failed(conform, RULE_OPTIONAL, "%s returned %d without %s",
                    step_name((enum step)(i % STEP_RUN)), codes.items[i], shown);
            return;
        }
    }
}

void test_optional(struct conform *conform)
{
    const struct str_list *optional = &conform->facts.identity->optional;
    if (optional->count == 0) {
        skip(conform, "the plugin lists no optional extension");
        return;
    }
    const struct tfa_plugin *plugin = plugin_open(conform);
    struct codes usual = { 0 };
    if (!try_without(conform, plugin, "", &usual)) {
        skip(conform, "the plugin does not start");
        return;
    }
    conform->record->crash_rule = RULE_OPTIONAL;
    for (size_t i = 0; i < optional->count; i++) {
        judge_without(conform, plugin, arena_cstr(conform->arena, optional->items[i]), &usual);
    }
    judge_without(conform, plugin, NULL, &usual);
}
