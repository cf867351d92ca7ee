/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of purity: many processes that differ in all but the input, and callbacks in any order. */
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "lint.h"
#include "session.h"

enum {
    RUNS = 100,
    ROUNDS = 3,
    DAY_S = 86400
};

/* The first line of `a` that `b` does not have in the same place. */
static struct str first_difference(struct str a, struct str b)
{
    size_t i = 0;
    while (i < a.len && i < b.len && a.ptr[i] == b.ptr[i]) {
        i++;
    }
    size_t from = i;
    while (from > 0 && a.ptr[from - 1] != '\n') {
        from--;
    }
    size_t to = i;
    while (to < a.len && a.ptr[to] != '\n') {
        to++;
    }
    return str_sub(a, from, to < from + 300 ? to : from + 300);
}

/* ---- pure ---- */

struct run {
    struct shared *shared;
    uint64_t seed;
    int number;
};

static void shuffle_surroundings(uint64_t *seed)
{
    static const char *const zones[] = { "UTC", "Asia/Tokyo", "America/St_Johns", "XYZ+11:30" };
    static const char *const locales[] = { "C", "C.UTF-8", "de_DE.UTF-8", "tr_TR.UTF-8",
        "en_US.UTF-8" };
    static const char *const folders[] = { "/", "/tmp", "/usr", "/proc/self" };
    char text[40];
    if (random_next(seed) % 3 == 0) {
        (void)clearenv();
    }
    for (uint64_t i = random_next(seed) % 20; i > 0; i--) {
        char name[20];
        (void)snprintf(
                name, sizeof(name), "V%llu", (unsigned long long)(random_next(seed) % 1000));
        (void)snprintf(text, sizeof(text), "%llx", (unsigned long long)random_next(seed));
        (void)setenv(name, text, 1);
    }
    (void)snprintf(
            text, sizeof(text), "/home/u%llu", (unsigned long long)(random_next(seed) % 100));
    (void)setenv("HOME", text, 1);
    (void)setenv("USER", text + 6, 1);
    (void)setenv("TZ", zones[random_next(seed) % 4], 1);
    tzset();
    const char *locale = locales[random_next(seed) % 5];
    (void)setenv("LC_ALL", locale, 1);
    (void)setenv("LANG", locale, 1);
    (void)setlocale(LC_ALL, locale);
    if (chdir(folders[random_next(seed) % 4]) != 0) {
        return;
    }
    /* Other addresses for all that is allocated from now on. */
    void *volatile mapped = mmap(NULL, (random_next(seed) % 4096 + 1) * 4096, PROT_NONE,
            MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    (void)mapped;
    void *volatile kept = malloc(random_next(seed) % 100000 + 1);
    (void)kept;
    srandom((unsigned)random_next(seed));
    srand((unsigned)random_next(seed));
}

static void listen(struct conform *conform, struct buf *out)
{
    struct session session = session_new(conform, plugin_open(conform));
    if (session_init(&session) == TFA_OK) {
        for (size_t i = 0; i < conform->intents.count; i++) {
            session_intent(&session, conform->intents.items[i]);
            buf_addf(out, "intent %zu\n", i);
            session_all(&session, false, out);
        }
    }
    session_end(&session);
}

static void one_run(struct conform *conform, void *argument)
{
    struct run *run = argument;
    AUTO_BUF out = BUF_INIT(TRANSCRIPT_MAX);
    if (run->number > 0) {
        hooks_skew((int64_t)run->number * 37 * DAY_S + run->number);
        shuffle_surroundings(&run->seed);
    }
    listen(conform, &out);
    shared_set(run->shared, buf_str(&out));
}

void test_pure(struct conform *conform)
{
    AUTO_BUF first = BUF_INIT(TRANSCRIPT_MAX);
    struct run run = { .shared = shared_new(), .seed = conform->seed };
    if (run.shared == NULL) {
        skip(conform, "there is no memory to share");
        return;
    }
    for (run.number = 0; run.number < RUNS; run.number++) {
        (void)random_next(&run.seed);
        if (!aside(conform, one_run, &run)) {
            return;
        }
        if (run.number == 0) {
            buf_add(&first, shared_get(run.shared));
        } else if (!str_eq(buf_str(&first), shared_get(run.shared))) {
            struct str line = first_difference(shared_get(run.shared), buf_str(&first));
            struct str was = first_difference(buf_str(&first), shared_get(run.shared));
            failed(conform, RULE_PURE,
                    "run %d of %d with the same input answers `%.*s` instead of `%.*s`",
                    run.number + 1, RUNS, STR_ARG(line), STR_ARG(was));
            return;
        }
    }
}

/* ---- order ---- */

struct alone {
    struct shared *shared;
    size_t index;
};

/* One intent in a process that has seen nothing before. */
static void one_alone(struct conform *conform, void *argument)
{
    const struct alone *alone = argument;
    AUTO_BUF out = BUF_INIT(TRANSCRIPT_MAX);
    struct session session = session_new(conform, plugin_open(conform));
    if (session_init(&session) == TFA_OK) {
        session_intent(&session, conform->intents.items[alone->index]);
        session_all(&session, false, &out);
    }
    session_end(&session);
    shared_set(alone->shared, buf_str(&out));
}

static bool compare_one(struct session *session, size_t index, struct str expected, int life)
{
    AUTO_BUF out = BUF_INIT(TRANSCRIPT_MAX);
    session_intent(session, session->conform->intents.items[index]);
    session_all(session, false, &out);
    if (str_eq(buf_str(&out), expected)) {
        return true;
    }
    struct str line = first_difference(buf_str(&out), expected);
    struct str was = first_difference(expected, buf_str(&out));
    failed(session->conform, RULE_MEMORYLESS,
            "after other callbacks%s it answers `%.*s`, in a fresh process `%.*s`",
            life > 0 ? ", in a later life" : "", STR_ARG(line), STR_ARG(was));
    return false;
}

void test_order(struct conform *conform)
{
    struct alone alone = { .shared = shared_new() };
    struct str *expected = ARENA_ARRAY(conform->arena, struct str, conform->intents.count + 1);
    uint64_t seed = conform->seed;
    for (alone.index = 0; alone.index < conform->intents.count; alone.index++) {
        if (alone.shared == NULL || !aside(conform, one_alone, &alone)) {
            return;
        }
        expected[alone.index] = arena_dup(conform->arena, shared_get(alone.shared));
    }
    const struct tfa_plugin *plugin = plugin_open(conform);
    for (int life = 0; life < ROUNDS; life++) {
        struct session session = session_new(conform, plugin);
        if (session_init(&session) != TFA_OK) {
            if (life == 0) {
                skip(conform, "the plugin does not start");
            } else {
                failed(conform, RULE_MEMORYLESS, "starts once, and not again after shutdown");
            }
            return;
        }
        for (size_t i = 0; i < conform->intents.count * ROUNDS; i++) {
            size_t index = (size_t)(random_next(&seed) % conform->intents.count);
            if (!compare_one(&session, index, expected[index], life)) {
                return;
            }
        }
        session_end(&session);
    }
}
