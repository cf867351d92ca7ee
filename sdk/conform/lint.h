/* SPDX-License-Identifier: Apache-2.0 */
/* The tests, by the file they are in; tests.c has them as a table. */
#ifndef TF_ATMOS_CONFORM_LINT_H
#define TF_ATMOS_CONFORM_LINT_H

#include <tf-atmos/note.h>
#include <tf-atmos/plugin.h>

#include "conform.h"

typedef void test_fn(struct conform *conform);

/* lint.c, catalogue.c: without running anything */
test_fn test_file, test_exports, test_linking, test_libraries, test_notes, test_identity,
        test_bindings, test_actions, test_schema, test_catalogue;
/* test_load.c */
test_fn test_descriptor, test_extensions;
/* test_intents.c, test_absurd.c */
test_fn test_intents, test_types, test_absurd, test_context, test_secrets, test_fuzz;
/* test_hosts.c */
test_fn test_older_host, test_newer_host, test_optional;
/* test_repeat.c */
test_fn test_pure, test_order;
/* test_process.c, test_memory.c */
test_fn test_process, test_leaks, test_no_memory, test_services, test_cancel;
/* test_aws.c */
test_fn test_aws_errors, test_aws_answers;

#endif
