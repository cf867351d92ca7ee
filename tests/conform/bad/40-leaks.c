/* SPDX-License-Identifier: Apache-2.0 */
/* R40: forgets memory in every callback. */
#include <stdlib.h>

#include "../base.h"

static int32_t bad_validate(VALIDATE_ARGS)
{
    UNUSED;
    void *volatile forgotten = malloc(24);
    if (forgotten == NULL) {
        return TFA_E_MEMORY;
    }
    return TFA_OK;
}

#define VALIDATE bad_validate

#include "../plugin.h"
