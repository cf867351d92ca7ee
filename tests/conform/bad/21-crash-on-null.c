/* SPDX-License-Identifier: Apache-2.0 */
/* R21: reads a text without looking at the code. */
#include "../base.h"

static int32_t bad_validate(VALIDATE_ARGS)
{
    UNUSED;
    struct tfa_str text = { NULL, 0 };
    if (kit.value->kind(call, get(call, config, TFA_S("name"))) == TFA_KIND_NULL) {
        (void)kit.value->as_string(call, get(call, config, TFA_S("name")), &text);
        *(volatile char *)(uintptr_t)text.ptr = 'x';
    }
    return TFA_OK;
}

#define VALIDATE bad_validate

#include "../plugin.h"
