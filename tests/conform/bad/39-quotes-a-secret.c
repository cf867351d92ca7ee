/* SPDX-License-Identifier: Apache-2.0 */
/* R39: quotes what the user wrote, secret or not. */
#include "../base.h"

static int32_t bad_validate(VALIDATE_ARGS)
{
    UNUSED;
    struct tfa_str name = { NULL, 0 };
    tfa_val v = get(call, config, TFA_S("name"));
    if (kit.value->as_string(call, v, &name) == TFA_OK && name.len > 0) {
        (void)say(call, v, name);
    }
    return TFA_OK;
}

#define VALIDATE bad_validate

#include "../plugin.h"
