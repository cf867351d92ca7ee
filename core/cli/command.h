/* SPDX-License-Identifier: Apache-2.0 */
/* The tables everything a user can type comes from: commands, options, and one parsed command line. */
#ifndef TFATMOS_CLI_COMMAND_H
#define TFATMOS_CLI_COMMAND_H

#include "out/out.h"

/* ---- options ---- */

enum option_kind {
    OPTION_FLAG, /* --name, --no-name, --name=false */
    OPTION_COUNT, /* a flag that counts: -vv */
    OPTION_TEXT, /* --name value: the last one wins */
    OPTION_LIST /* --name value: adds up; commas separate too */
};

enum {
    OPTION_HIDDEN = 1u << 0, /* not in help or completion */
    OPTION_ATMOS = 1u << 1, /* ATMOS_<NAME> is read too */
    OPTION_CONFIG = 1u << 2, /* ATMOS_<NAME> is read by the configuration, not here */
    OPTION_WHOLE = 1u << 3, /* OPTION_LIST whose values are not split at commas */
    OPTION_TYPED = 1u << 4, /* only on the command line, never from a variable */
    OPTION_REPOSITORY = 1u << 5 /* ATMOS_<NAME> in `env` of the configuration counts, too */
};

/* What completes an option's value or an argument. */
enum completion {
    COMPLETE_NOTHING,
    COMPLETE_FILE,
    COMPLETE_FOLDER,
    COMPLETE_STACK,
    COMPLETE_COMPONENT,
    COMPLETE_PLUGIN,
    COMPLETE_DIAGNOSTIC,
    COMPLETE_TOPIC
};

/*
 * One option. Its environment variable is TF_ATMOS_<NAME> with "-" as "_"; a flag beats the variable,
 * the variable beats `standard`. Options of one name have one kind in all commands.
 */
struct option {
    const char *name; /* without dashes */
    char letter; /* 0: none */
    enum option_kind kind;
    unsigned flags;
    const char *value; /* "<file>", for help; NULL for flags */
    const char *const *choices; /* allowed values, ends with NULL; NULL: any */
    unsigned least, most; /* a number within these; 0 and 0: any text */
    const char *standard; /* default as text; NULL: none */
    enum completion completion;
    const char *help; /* one sentence, lower-case start, no full stop */
    const char *unsupported; /* why it cannot be used yet; NULL: it can */
    const char *const
            *declined; /* of an unsupported one: values that ask for nothing; may be NULL */
};

/* ---- commands ---- */

/* What a command needs before its function runs, beside the run object. */
enum {
    NEED_CONFIG = 1u << 0, /* atmos.yaml is found and read, or its defaults */
    NEED_STACKS = 1u << 1, /* and names a stacks folder */
    NEED_PLUGINS = 1u << 2,
    NEED_TERRAFORM = 1u << 3,
    NEED_AWS = 1u << 4
};

enum {
    COMMAND_HIDDEN = 1u << 0,
    COMMAND_MUTATES = 1u << 1, /* writes files or changes resources: honors --dry-run */
    COMMAND_PASSES =
            1u << 2, /* options it does not know, and further arguments, go to terraform */
    COMMAND_NAMES = 1u << 3 /* shows names alone: templates and functions in values stay text */
};

/* What a command may exit with beside what all do, and what `needs` implies: see exits.c. */
enum {
    EXITS_FINDINGS = 1u << 0, /* 1 */
    EXITS_PASSED = 1u << 1, /* 2 to 63 */
    EXITS_DATA = 1u << 2, /* 65 */
    EXITS_UNAVAILABLE = 1u << 3, /* 69 */
    EXITS_TEMPORARY = 1u << 4, /* 75 */
    EXITS_PERMISSION = 1u << 5, /* 77 */
    EXITS_CONFIG = 1u << 6, /* 78 */
    EXITS_INTERRUPTED = 1u << 7 /* 130 */
};

struct invocation;

/* Returns an exit code, or a negative code after a diagnostic was added. */
typedef int command_fn(struct invocation *invocation);

struct example {
    const char *line; /* without the program's name */
    const char *says; /* what it does, one line */
};

struct command {
    const char *path; /* "describe component" */
    const char *group; /* heading in the overview */
    const char *summary; /* one line, lower-case start, no full stop */
    const char *arguments; /* "<component>", "[component]"; NULL: it takes none */
    const char *description; /* paragraphs separated by an empty line; may be NULL */
    const struct example *examples; /* ends with line == NULL */
    const struct option *const *options; /* beside the global ones; ends with NULL */
    const char *const
            *formats; /* ends with NULL; the first is the default. NULL: no --format */
    unsigned min_args;
    unsigned max_args;
    unsigned needs;
    unsigned exits;
    unsigned flags;
    enum completion completion; /* of the first argument */
    command_fn *function;
};

/* In the order of the overview: groups together, common commands first. */
extern const struct command commands[];
extern const size_t command_count;
extern const struct option *const global_options[]; /* ends with NULL */

/* Headings of the overview, in order; end with NULL. */
extern const char *const command_groups[];

/* By exact path; NULL when there is none. */
const struct command *command_find(struct str path);
/* True when some command's path begins with these words ("describe"). */
bool command_is_prefix(struct str words);
/* An option of the command (may be NULL) or a global one. */
const struct option *option_find(const struct command *command, struct str name);
const struct option *option_find_letter(const struct command *command, char letter);
/* An option of that name or letter in any command: enough to know whether a value follows. */
const struct option *option_find_any(struct str name);
const struct option *option_find_any_letter(char letter);

/* --format and --json for commands with formats, else nothing; ends with NULL. */
const struct option *const *command_format_options(const struct command *command);

/* TF_ATMOS_<NAME>, or ATMOS_<NAME>; in the arena. */
struct str option_variable(
        struct arena *arena, const char *prefix, const struct option *option);

/* ---- one parsed command line ---- */

struct binding {
    const struct option *option;
    struct str value; /* "true" or "false" for flags */
    const char *variable; /* environment variable it came from, NULL: command line */
};

struct invocation {
    struct run *run;
    struct stream *out; /* product */
    struct stream *err; /* talk */
    const struct command *command; /* NULL: none was named */
    struct str words; /* command words as typed, when there is no command */
    VEC(struct binding) bindings;
    VEC(struct str) args; /* arguments of the command */
    VEC(struct str) rest; /* behind "--", and what goes to terraform */
    size_t passed_count; /* how many of `rest` stood before "--" */
    bool has_reported; /* the command wrote its findings itself */
};

/*
 * Reads a command line (argv without the program's name) and the environment into the invocation.
 * On a usage error adds one diagnostic and returns ERR_INVALID; what was understood so far is kept,
 * so that --help and --color still count.
 */
int parse_arguments(
        struct invocation *invocation, const char *const *arguments, size_t argument_count);

/* Sets what neither the command line nor the environment did, from `env` of the configuration (a map or
 * NULL). ERR_INVALID after a diagnostic. */
int parse_repository_variables(struct invocation *invocation, const struct value *env);

/* Values of options; `name` must be an option of the command or global. */
bool option_flag(const struct invocation *invocation, const char *name);
bool option_is_given(const struct invocation *invocation, const char *name);
unsigned option_count(const struct invocation *invocation, const char *name);
/* The last value, else the default, else empty text. */
struct str option_text(const struct invocation *invocation, const char *name);
/* All values in order. */
const struct str *option_list(
        const struct invocation *invocation, const char *name, size_t *ret_count);

/* --format, or the command's first format. */
struct str option_format(const struct invocation *invocation);

#endif
