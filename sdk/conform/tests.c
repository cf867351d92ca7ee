/* SPDX-License-Identifier: Apache-2.0 */
/* The table of tests, in the order they run. */
#include "lint.h"

const struct test tests[] = {
    { "file", "static", "the file is a shared object for this machine", 0, test_file },
    { "notes", "static", "the notes are whole", 0, test_notes },
    { "exports", "static", "one function is exported", 0, test_exports },
    { "linking", "static", "it is linked the way hosts want it", 0, test_linking },
    { "libraries", "static", "it needs no library of its own", 0, test_libraries },
    { "identity", "static", "the identity is complete", 0, test_identity },
    { "bindings", "static", "it binds its own modules", 0, test_bindings },
    { "actions", "static", "AWS actions only read", 0, test_actions },
    { "schema", "static", "the schema can be used", 0, test_schema },
    { "catalogue", "static", "codes and checks are documented", 0, test_catalogue },
    { "descriptor", "load", "the descriptor is what the note says", NEED_LOAD,
            test_descriptor },
    { "extensions", "load", "it offers what it says", NEED_LOAD, test_extensions },
    { "process", "process", "the process stays as it is", NEED_LOAD, test_process },
    { "intents", "values", "sound intents are judged, generated and checked", NEED_LOAD,
            test_intents },
    { "types", "values", "any value in any place is survived", NEED_LOAD, test_types },
    { "absurd", "values", "huge, deep, empty and odd values are survived", NEED_LOAD,
            test_absurd },
    { "context", "values", "any context is survived", NEED_LOAD, test_context },
    { "secrets", "values", "sensitive texts stay hidden", NEED_LOAD, test_secrets },
    { "fuzz", "values", "random intents are survived", NEED_LOAD, test_fuzz },
    { "older-host", "hosts", "an older host gets the same answers", NEED_LOAD,
            test_older_host },
    { "newer-host", "hosts", "a newer host gets the same answers", NEED_LOAD, test_newer_host },
    { "optional", "hosts", "no optional extension is needed", NEED_LOAD, test_optional },
    { "pure", "purity", "the same input gives the same bytes", NEED_LOAD, test_pure },
    { "order", "purity", "the order of callbacks does not matter", NEED_LOAD, test_order },
    { "leaks", "memory", "memory is given back", NEED_LOAD, test_leaks },
    { "no-memory", "memory", "failing allocations are survived", NEED_LOAD, test_no_memory },
    { "services", "memory", "failing services are survived", NEED_LOAD, test_services },
    { "cancel", "memory", "it stops when told to", NEED_LOAD, test_cancel },
    { "aws-errors", "checks", "an error is never a pass", NEED_LOAD | NEED_CHECK,
            test_aws_errors },
    { "aws-answers", "checks", "any answer is survived", NEED_LOAD | NEED_CHECK,
            test_aws_answers },
};

const size_t test_count = sizeof(tests) / sizeof(tests[0]);
