/* SPDX-License-Identifier: Apache-2.0 */
/* Making faults: what went wrong with a call, in the words of a diagnostic. */
#ifndef TFATMOS_AWS_FAULT_H
#define TFATMOS_AWS_FAULT_H

#include "aws.h"

/* A fault of this kind with a formatted message; the kind's own fix is its hint. Lives in `arena`. */
struct aws_fault *fault_new(struct arena *arena, enum aws_diag kind, const char *format, ...)
        __attribute__((format(printf, 3, 4)));

/*
 * Text of a stranger made fit for a message: one line, no control characters, invalid UTF-8 replaced,
 * at most `max_bytes` (then ending in "..."), and every occurrence of a secret replaced by "(hidden)".
 * Empty secrets are skipped.
 */
struct str foreign_text(struct arena *arena, struct str text, size_t max_bytes,
        const struct str *secrets, size_t secret_count);

#endif
