/* SPDX-License-Identifier: Apache-2.0 */
/* R19: has a table for every id. */
#include "../base.h"

static const void *bad_ext(void *self, const char *id);

#define EXT bad_ext

#include "../plugin.h"

static const void *bad_ext(void *self, const char *id)
{
    (void)self;
    return tfa_str_eq(tfa_str_of(id), TFA_S(TFA_EXT_CHECK_V1)) ? (const void *)&checks
                                                               : (const void *)&component;
}
