/* SPDX-License-Identifier: Apache-2.0 */
/* Texts on their way over the interface, and the texts of secrets. */
#include <string.h>

#include "call.h"

enum {
    SECRET_MIN = 4, /* shorter texts would blank out half of every message */
    SECRET_COUNT_MAX = 1024
};

struct str str_of(struct tfa_str text)
{
    return (struct str){ text.ptr, text.ptr ? (size_t)text.len : 0 };
}

struct tfa_str tfa_str_from(struct str text)
{
    return (struct tfa_str){ text.ptr, text.len };
}

bool is_good_text(struct tfa_str text)
{
    if (!text.ptr) {
        return text.len == 0;
    }
    return text.len <= (size_t)1 << 30 && str_is_utf8(str_of(text)) &&
           memchr(text.ptr, '\0', (size_t)text.len) == NULL;
}

void collect_secrets(struct tfa_call *call, const struct value *value, bool is_sensitive)
{
    if (!value) {
        return;
    }
    is_sensitive = is_sensitive || (value->flags & VALUE_SENSITIVE) != 0;
    if (value_is_scalar(value)) {
        struct str text = value_text(value);
        if (is_sensitive && text.len >= SECRET_MIN && call->secrets.count < SECRET_COUNT_MAX) {
            VEC_PUSH(call->scratch, &call->secrets, text);
        }
        return;
    }
    for (size_t i = 0; i < value_count(value); i++) {
        collect_secrets(call,
                value_is(value, VALUE_MAP) ? value->as.map.entries[i].value
                                           : value_at(value, i),
                is_sensitive);
    }
}
