/* SPDX-License-Identifier: Apache-2.0 */
/* R14: declares a code of another prefix. */
#include "../base.h"

#define MORE_CODES                                                                             \
    ",{\"cause\":\"c\",\"code\":\"GD0001\",\"fix\":\"f\",\"severity\":\"error\",\"title\":"    \
    "\"t\"}"

#include "../plugin.h"
