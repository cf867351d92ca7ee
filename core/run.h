/* SPDX-License-Identifier: Apache-2.0 */
/* The one object passed everywhere from config/ upward; created in main, never global. */
#ifndef TFATMOS_RUN_H
#define TFATMOS_RUN_H

#include "value/value.h"

struct config;

/* The environment as the process received it: "NAME=value" strings, ending with NULL. */
struct environment {
    const char *const *items;
};

/* Time, replaceable in tests. */
struct clock {
    int64_t (*wall_ms)(void *context); /* Unix time */
    int64_t (*monotonic_ms)(void *context); /* never goes back */
    void (*sleep_ms)(void *context, int64_t duration_ms);
    void *context;
};

/*
 * Everything a step needs beside its input. The arena lives until the process ends; what a step
 * produces goes there. Findings go to `diags`, developer lines to `log`.
 */
struct run {
    struct arena *arena;
    struct keys *keys;
    struct sources *sources;
    struct diags diags;
    const struct log *log;
    struct environment env;
    const struct clock *clock;
    struct str folder; /* the working folder, absolute, after --chdir */
    const struct config *config; /* NULL until config_load has run */
    /* Called when the configuration is known, for what acts on the program as a whole; may be NULL. */
    int (*configured)(void *context);
    void *configured_context;
    bool is_strict; /* --strict: warnings about input become errors */
};

/* Value of a variable, or NULL when unset. Only this looks into the environment. */
const char *environment_get(const struct environment *env, const char *name);

/* Where scratch files go: TMPDIR when it is an absolute path, else /tmp. */
struct str temporary_folder(const struct environment *env);

/* Adds to a map of results: a value, or a text, under a key that has no place of its own. */
void row_put(
        struct run *run, struct value_builder *row, const char *key, const struct value *value);
void row_put_text(struct run *run, struct value_builder *row, const char *key, struct str text);

/* A run with system clock and given environment; the arena is made here. */
void run_init(struct run *run, char *const *environment, const struct log *log);
void run_clear(struct run *run);

#endif
