/* SPDX-License-Identifier: Apache-2.0 */
/* How stack/ adds findings; included by stack_internal.h, which declares the resolver. */
#ifndef TFATMOS_STACK_SAY_H
#define TFATMOS_STACK_SAY_H

#include "stack.h"

struct resolver;

/*
 * Adds a finding, an error unless `kind` is a warning, and remembers the code of the first error.
 * A problem is said once: the other manifests that have it are named with the first. The pointer is
 * valid until the next finding; for one that is said already it leads to a spare that nobody reads.
 */
struct diag *resolver_say(struct resolver *r, enum stack_diag kind, struct mark mark,
        const char *format, ...) __attribute__((format(printf, 4, 5)));
/* A warning, or an error for commands about the whole repository. */
struct diag *resolver_say_checked(struct resolver *r, enum stack_diag kind, struct mark mark,
        const char *format, ...) __attribute__((format(printf, 4, 5)));

/*
 * For what older versions accept: a warning when the user asked for that (`stacks.lenient`), else an
 * error that names the switch. Kinds that are warnings by themselves stay so for commands about one
 * instance.
 */
struct diag *resolver_say_lenient(struct resolver *r, enum stack_diag kind, struct mark mark,
        const char *format, ...) __attribute__((format(printf, 4, 5)));

/* A warning, or an error with --strict. */
struct diag *resolver_say_strict(struct resolver *r, enum stack_diag kind, struct mark mark,
        const char *format, ...) __attribute__((format(printf, 4, 5)));

/* The finding was said before: no more work need go into it. */
bool resolver_is_repeated(const struct resolver *r, const struct diag *diag);
/* Adds to each finding who else has it; once, when everything is said. */
void resolver_name_others(struct resolver *r);

#endif
