/* SPDX-License-Identifier: Apache-2.0 */
/* A throw-away repository and a run inside it, for tests of config/ and of what stands above. */
#ifndef TFATMOS_TESTS_REPOSITORY_H
#define TFATMOS_TESTS_REPOSITORY_H

#include "check.h"
#include "config/config.h"

/* Start with repository_open, end with repository_close; findings are in `run.diags`. */
struct repository {
    struct run run;
    struct str folder; /* absolute, symbolic links resolved */
    const char *variables[16]; /* the environment; NULL at the end */
};

static inline void repository_open(struct repository *repository)
{
    *repository = (struct repository){ 0 };
    run_init(&repository->run, NULL, NULL);
    struct str folder = scratch_folder(repository->run.arena);
    assert_int_equal(path_resolve(repository->run.arena, folder, &repository->folder), 0);
    repository->run.folder = repository->folder;
    repository->run.env.items = repository->variables;
}

static inline void repository_close(struct repository *repository)
{
    run_clear(&repository->run);
}

/* The same as set-up and tear-down of a test, whose state it is then. */
static inline int repository_setup(void **state)
{
    struct repository *repository = calloc(1, sizeof(*repository));
    assert_non_null(repository);
    repository_open(repository);
    *state = repository;
    return 0;
}

static inline int repository_teardown(void **state)
{
    repository_close(*state);
    free(*state);
    return 0;
}

static inline void repository_write(
        struct repository *repository, const char *name, const char *content)
{
    (void)scratch_file(repository->run.arena, repository->folder, name, content);
}

/* Adds "NAME=value" to the environment of the run. */
static inline void repository_setenv(struct repository *repository, const char *variable)
{
    size_t count = 0;
    while (repository->variables[count]) {
        count++;
    }
    assert_true(count + 1 < sizeof(repository->variables) / sizeof(repository->variables[0]));
    repository->variables[count] = variable;
}

/* The findings as text, one "file:line:column: severity: id: message" a line, sorted. */
static inline struct str repository_findings(struct repository *repository)
{
    static const char *const words[] = { "error", "warning", "info", "hint" };
    struct run *run = &repository->run;
    struct buf text = BUF_INIT(1 << 20);
    diags_sort(&run->diags, run->sources);
    for (size_t i = 0; i < run->diags.list.count; i++) {
        const struct diag *diag = &run->diags.list.items[i];
        buf_addf(&text, "%.*s:%u:%u: %s: %s: %.*s\n",
                STR_ARG(sources_path(run->sources, diag->mark.file)), diag->mark.line,
                diag->mark.column, words[diag->severity], diag->id, STR_ARG(diag->message));
    }
    struct str copy = arena_dup(run->arena, buf_str(&text));
    buf_clear(&text);
    return copy;
}

/* Exactly these findings and no other. */
#define assert_findings(repository, expected)                                                  \
    check_str(repository_findings(repository), (expected), "findings", __FILE__, __LINE__)

#endif
