/* SPDX-License-Identifier: Apache-2.0 */
/* Return codes of the core, exit codes of the program, and the two ways to give up. */
#ifndef TFATMOS_BASE_ERR_H
#define TFATMOS_BASE_ERR_H

/*
 * Functions return 0 or one of these negative codes. The code says only what a caller may want to
 * branch on; what went wrong is said once, as a diagnostic (diag.h), by the function that saw it.
 */
enum err {
    ERR_IO = -1, /* the operating system refused an operation on a file or socket */
    ERR_NOT_FOUND = -2, /* the thing asked for does not exist */
    ERR_PARSE = -3, /* text that is not what it should be */
    ERR_INVALID = -4, /* readable, but not allowed here */
    ERR_CONFLICT = -5, /* two things that cannot both hold */
    ERR_DENIED = -6, /* permission, trust or policy */
    ERR_UNAVAILABLE = -7, /* something needed is missing or does not answer */
    ERR_CANCELLED = -8, /* the user or a deadline stopped it */
    ERR_LIMIT = -9, /* larger or deeper than the documented bound */
    ERR_UNSUPPORTED = -10 /* known, but this version cannot do it */
};

/* Exit codes of the program; one meaning each, documented in `help exit-codes`. */
enum exit_code {
    EXIT_OK = 0,
    EXIT_FINDINGS = 1,
    EXIT_CHANGES = 2,
    EXIT_USAGE = 64,
    EXIT_DATA = 65,
    EXIT_UNAVAILABLE = 69,
    EXIT_INTERNAL = 70,
    EXIT_IO = 74,
    EXIT_TEMPORARY = 75,
    EXIT_PERMISSION = 77,
    EXIT_CONFIG = 78
};

/* Prints "internal error" with the place and ends the process with EXIT_INTERNAL. */
_Noreturn void bug_at(const char *file, int line, const char *what);
#define BUG(what)         bug_at(__FILE__, __LINE__, (what))
#define ENSURE(condition) ((condition) ? (void)0 : BUG(#condition))

/* Memory is exhausted: prints one line and ends the process with EXIT_INTERNAL. */
_Noreturn void out_of_memory(void);

#endif
