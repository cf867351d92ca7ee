/* SPDX-License-Identifier: Apache-2.0 */
/* A plugin whose callbacks are functions of the test, to try each service of the test kit alone. */
#ifndef TESTS_ABI_PROBE_H
#define TESTS_ABI_PROBE_H

/* cmocka.h needs the four before it. */
/* clang-format off */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
/* clang-format on */

#include <stdlib.h>
#include <string.h>

#include <tf-atmos/testkit.h>
#include <tf-atmos/tfa.h>

struct probe;

/* The body of a callback: `b` is config, `c` the context (list) or the check item (run). */
typedef int32_t probe_fn(struct probe *probe, struct tfa_call *call, tfa_val config,
        tfa_val other, tfa_val *ret);

struct probe {
    struct tfa_kit kit;
    probe_fn *init;
    probe_fn *validate;
    probe_fn *generate;
    probe_fn *list;
    probe_fn *run;
    tfa_val kept; /* what a test wants to carry from one callback to the next */
    struct tfa_call *kept_call;
    int shutdowns;
};

/* A kit around the probe. One at a time: the descriptor has no way to carry the probe but a static. */
struct tfa_testkit *probe_kit(struct probe *probe, const char *manifest);

#endif
