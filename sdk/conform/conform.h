/* SPDX-License-Identifier: Apache-2.0 */
/* Inside of tf-atmos-conform: one run over one plugin file, and what its parts offer each other. */
#ifndef TF_ATMOS_CONFORM_H
#define TF_ATMOS_CONFORM_H

#include "base/base.h"
#include "plugin/elf_note.h"
#include "plugin/plugin_identity.h"
#include "rules.h"
#include "schema/schema.h"

/*
 * The runner reads the file once, makes intents from its schema, and forks a process for every test. A
 * test writes what it finds into a record that both processes see, so that a crash, a hang or an exit
 * of the plugin ends that test alone and still says what was being done.
 */

enum {
    FAILURE_MAX = 40,
    FAILURE_TEXT_MAX = 700,
    INPUT_MAX = 1600,
    PLACE_MAX = 200
};

/* One breach of a rule. */
struct failure {
    enum rule rule;
    char text[FAILURE_TEXT_MAX];
    char place[PLACE_MAX]; /* callback and kind of input; may be empty */
    char input[INPUT_MAX]; /* the intent as JSON, perhaps cut; may be empty */
    char replay[PLACE_MAX]; /* options that do it again; may be empty */
};

/* Shared memory of one test. Whatever the plugin does to it, the texts are read with their limits. */
struct record {
    char place[PLACE_MAX]; /* what runs right now */
    char input[INPUT_MAX];
    char replay[PLACE_MAX];
    char skipped[FAILURE_TEXT_MAX]; /* why nothing was tested; empty: it was */
    uint32_t is_done; /* the test came to its end */
    uint32_t is_on_purpose; /* the process ends itself after a failure it has noted */
    enum rule hang_rule; /* what a hang would break now */
    enum rule crash_rule; /* what a crash would break now */
    uint64_t callbacks;
    uint32_t failure_count;
    uint32_t more; /* failures that had no room */
    struct failure failures[FAILURE_MAX];
};

/* What the file says without running any of it. */
struct facts {
    const char *path; /* as given */
    struct str file; /* absolute: the loader searches for names without a slash */
    struct str bytes;
    struct elf_facts elf;
    struct str fault; /* why elf could not be read; empty: it was */
    struct str schema_text, catalogue_text;
    const struct plugin_identity *identity; /* NULL: wrong, identity_fault says why */
    struct str identity_fault;
    const struct value *schema; /* NULL without a schema note, or a damaged one */
    struct str schema_fault; /* empty: it is fine or not there */
    const struct schema *compiled;
    const struct value *catalogue;
    struct str catalogue_fault;
    struct str
            manifest; /* identity and catalogue as one JSON object, as the mock host takes it */
};

VEC_TYPE(texts, struct str);

struct conform {
    struct arena *arena;
    struct keys *keys;
    struct facts facts;
    struct texts intents; /* JSON objects that satisfy the schema; the first is the smallest */
    struct texts answers; /* scripted AWS answers, JSON objects */
    size_t tried; /* objects made to find them */
    uint64_t seed;
    unsigned cases; /* of the fuzz test */
    unsigned limit_ms; /* processor time of one test */
    bool is_sanitized; /* the runner itself: limits of address space make no sense then */
    struct record *record;
};

enum {
    NEED_LOAD = 1, /* the file can be loaded and its descriptor used */
    NEED_COMPONENT = 2, /* provides tfa.component/1 */
    NEED_CHECK = 4, /* provides tfa.check/1 */
    NEED_SCHEMA = 8
};

struct test {
    const char *name;
    const char *group;
    const char *says; /* what holds when it passes */
    unsigned needs;
    void (*run)(struct conform *conform);
};

extern const struct test tests[];
extern const size_t test_count;

/* What became of a test. */
enum verdict {
    VERDICT_PASSED,
    VERDICT_FAILED,
    VERDICT_SKIPPED
};

struct outcome {
    const struct test *test;
    enum verdict verdict;
    struct str why; /* of skipping */
    const struct failure *failures;
    size_t failure_count;
    size_t more;
    uint64_t callbacks;
    double seconds;
};

/* ---- facts.c, intents.c, pattern.c ---- */

/* Reads what can be read; false (with a message on standard error) when the file itself cannot be. */
bool facts_read(struct conform *conform, const char *path);
/* Fills conform->intents from the schema and the given files. False: a file is no intent. */
bool intents_make(struct conform *conform, const struct texts *files);
/* A JSON text sampled from the schema; not always valid. `fill` 0 the least, 100 everything. */
struct str intent_sample(struct conform *conform, struct arena *arena, uint64_t seed, int fill);
/* Is this JSON text an intent the host would hand over? */
bool intent_is_valid(const struct conform *conform, struct str json);
/* Adds a text that the pattern matches, where that is possible. */
void pattern_sample(struct arena *arena, struct str pattern, uint64_t *seed, struct buf *out);
/* The next random number. */
uint64_t random_next(uint64_t *seed);

/* ---- child.c ---- */

/* Runs one test in a process of its own. */
struct outcome test_run(struct conform *conform, const struct test *test);
/* Notes a breach; called within a test. The same text counts once. */
__attribute__((format(printf, 3, 4))) void failed(
        struct conform *conform, enum rule rule, const char *format, ...);
/* The same, then ends the process of the test: after what cannot be undone. */
__attribute__((noreturn, format(printf, 3, 4))) void failed_for_good(
        struct conform *conform, enum rule rule, const char *format, ...);
__attribute__((format(printf, 2, 3))) void skip(
        struct conform *conform, const char *format, ...);
/* Says what is done next, for whoever reads about a crash; `input` may be empty. */
void place(struct conform *conform, const char *what, struct str input);
/* Runs `body` in one more process; false when it did not come back with 0. */
bool aside(struct conform *conform, void (*body)(struct conform *conform, void *argument),
        void *argument);

/* ---- shared.c ---- */

enum {
    TRANSCRIPT_MAX = 8 << 20 /* of everything a plugin says in one process */
};

/* A text that one process writes and others read. */
struct shared;
struct shared *shared_new(void); /* NULL without memory */
void shared_set(struct shared *shared, struct str text); /* cut at TRANSCRIPT_MAX */
struct str shared_get(const struct shared *shared);

/* ---- report.c ---- */

enum report_format {
    REPORT_TERMINAL,
    REPORT_JSON,
    REPORT_JUNIT
};

struct report {
    struct conform *conform;
    enum report_format format;
    bool has_color;
    bool is_verbose;
    const struct outcome *outcomes;
    size_t count;
};

/* One line as soon as a test is done; only on a terminal. */
void report_line(const struct report *report, const struct outcome *outcome);
void report_whole(const struct report *report);

#endif
