/* SPDX-License-Identifier: Apache-2.0 */
/* Findings for the user: places in files, diagnostics, and the list that collects them. */
#ifndef TFATMOS_BASE_DIAG_H
#define TFATMOS_BASE_DIAG_H

#include "arena.h"
#include "err.h"
#include "vec.h"

/*
 * A place in a source file. `file` is an id of the sources table (0: no file), `line` and `column`
 * are 1-based (0: unknown); the column counts code points.
 */
struct mark {
    uint32_t file;
    uint32_t line;
    uint32_t column;
};

#define MARK_NONE ((struct mark){ 0, 0, 0 })

/* The files marks point into. Ids start at 1 and follow the order of addition. */
struct sources;

struct sources *sources_new(struct arena *arena);
/* The id of the file shown as `path`; adding the same path again gives the same id. The path is
 * kept as given: the caller decides whether it is relative to the repository. */
uint32_t sources_add(struct sources *sources, struct str path);
/* The path of an id, empty for 0 or an unknown id. */
struct str sources_path(const struct sources *sources, uint32_t file);
/* Remembers the folder that relative paths are read against when lines are shown (out/). */
void sources_set_root(struct sources *sources, struct str folder);
struct str sources_root(const struct sources *sources);

enum diag_severity {
    DIAG_ERROR,
    DIAG_WARNING,
    DIAG_INFO,
    DIAG_HINT
};

/* Results of post-apply checks travel as diagnostics too; DIAG_NO_CHECK for all others. */
enum diag_check {
    DIAG_NO_CHECK,
    DIAG_CHECK_PASS,
    DIAG_CHECK_FAIL,
    DIAG_CHECK_PENDING,
    DIAG_CHECK_SKIPPED,
    DIAG_CHECK_UNKNOWN
};

/*
 * A kind of diagnostic: one static object per kind, declared through the X-macro table of its
 * module, so that every id that can be printed is also known to `explain` and the docs.
 */
struct diag_kind {
    const char *id; /* stable for ever, e.g. "stack/import-not-found" */
    enum diag_severity severity;
    int exit_code; /* enum exit_code of the command, when this is the worst error */
    const char *title; /* what, in general */
    const char *cause; /* why it happens */
    const char *fix; /* what to do */
};

/*
 * In core/<m>/<m>_diag.h:
 *   #define STACK_DIAGS(X) \
 *       X(STACK_IMPORT_NOT_FOUND, "stack/import-not-found", DIAG_ERROR, EXIT_DATA, "title", "cause", \
 *               "fix")
 *   enum stack_diag { STACK_DIAGS(DIAG_KIND_ENUM) STACK_DIAG__COUNT };
 *   extern const struct diag_kind stack_diags[STACK_DIAG__COUNT];
 * in one .c of the module:
 *   const struct diag_kind stack_diags[STACK_DIAG__COUNT] = {STACK_DIAGS(DIAG_KIND_ENTRY)};
 * and to speak: diag_add(diags, &stack_diags[STACK_IMPORT_NOT_FOUND], mark, "...", ...);
 */
#define DIAG_KIND_ENUM(name, id, severity, exit_code, title, cause, fix) name,
#define DIAG_KIND_ENTRY(name, id, severity, exit_code, title, cause, fix)                      \
    { (id), (severity), (exit_code), (title), (cause), (fix) },

/* A second place worth seeing, e.g. the earlier of two definitions. */
struct diag_related {
    struct mark mark;
    struct str message;
};

/* One finding. All text lives in the arena of the list it was added to. */
struct diag {
    const char *id; /* of the kind, or the plugin's own code */
    enum diag_severity severity;
    enum diag_check check;
    int exit_code;
    struct str message; /* one line: what failed, naming the subject */
    struct str detail; /* why, may have several lines; may be empty */
    struct str hint; /* what to do; may be empty */
    struct str doc_url; /* may be empty */
    struct mark mark; /* where; MARK_NONE when no file is involved */
    uint32_t span; /* code points to underline from the mark, 0: one caret */
    struct str stack; /* subject; empty when the finding is not about an instance */
    struct str component;
    struct str plugin; /* id of the plugin that said it, empty for the core */
    struct str check_id; /* of a check result, e.g. "GD-01" */
    struct str resource; /* ARN or Terraform address, may be empty */
    struct str expected; /* of a check, may be empty */
    struct str actual;
    struct str
            pointer; /* JSON pointer of the offending value within its instance, may be empty */
    const struct diag_related *related;
    size_t related_count;
};

/* The list. Not thread-safe: each thread collects its own and the owner appends them in order. */
struct diags {
    struct arena *arena;
    VEC(struct diag) list;
    size_t error_count;
    size_t warning_count;
};

void diags_init(struct diags *diags, struct arena *arena);

/*
 * Adds a finding of `kind` at `mark` with a formatted message and returns it, so that the caller
 * can set detail, hint and subject. The pointer is valid until the next addition.
 */
struct diag *diag_add(struct diags *diags, const struct diag_kind *kind, struct mark mark,
        const char *format, ...) __attribute__((format(printf, 4, 5)));
/* Same for a finding built by hand (plugins); text is copied. Counts it. */
struct diag *diag_append(struct diags *diags, const struct diag *diag);
/* Formatted text in the list's arena, for hints and details. */
struct str diag_text(struct diags *diags, const char *format, ...)
        __attribute__((format(printf, 2, 3)));
/* Adds a related place to the finding last added. */
void diag_relate(struct diags *diags, struct mark mark, struct str message);

/* Sorts by file path, line, column, then order of addition, and drops exact repetitions. */
void diags_sort(struct diags *diags, const struct sources *sources);
/* The exit code of the worst error: 0 without errors; the first error's code decides. */
int diags_exit_code(const struct diags *diags);

#endif
