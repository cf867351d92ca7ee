/* SPDX-License-Identifier: Apache-2.0 */
/* R46: changes the locale. */
#include <locale.h>

#include "../base.h"

static int32_t bad_validate(VALIDATE_ARGS)
{
    UNUSED;
    (void)setlocale(LC_ALL, "C.UTF-8");
    return TFA_OK;
}

#define VALIDATE bad_validate

#include "../plugin.h"
