/* SPDX-License-Identifier: Apache-2.0 */
/* R39: copies a secret and forgets that it is one. */
#include "../base.h"

static int32_t bad_generate(GENERATE_ARGS)
{
    struct tfa_str name = { NULL, 0 };

    UNUSED;
    *ret = kit.build->map(call);
    if (kit.value->as_string(call, get(call, config, TFA_S("name")), &name) != TFA_OK ||
            name.len > 1000) {
        return TFA_OK;
    }
    for (uint64_t i = 0; i < name.len; i++) {
        if (name.ptr[i] < ' ') {
            return TFA_OK;
        }
    }
    return kit.build->set(call, *ret, TFA_S("copy"), kit.build->string(call, name));
}

#define GENERATE bad_generate

#include "../plugin.h"
