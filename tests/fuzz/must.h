/* SPDX-License-Identifier: Apache-2.0 */
/* What a fuzz target is, and how it says that a promise does not hold. */
#ifndef TFATMOS_TESTS_MUST_H
#define TFATMOS_TESTS_MUST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static inline void must(bool condition)
{
    if (!condition) {
        abort();
    }
}

#endif
