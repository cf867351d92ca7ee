/* SPDX-License-Identifier: Apache-2.0 */
/* R41: forgets the first block when the second fails. */
#include <stdlib.h>

#include "../base.h"

static int32_t bad_validate(VALIDATE_ARGS)
{
    UNUSED;
    void *volatile first = malloc(8);
    void *volatile second = first == NULL ? NULL : malloc(8);
    if (second == NULL) {
        return TFA_E_MEMORY;
    }
    free(second);
    free(first);
    return TFA_OK;
}

#define VALIDATE bad_validate

#include "../plugin.h"
