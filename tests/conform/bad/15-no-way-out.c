/* SPDX-License-Identifier: Apache-2.0 */
/* R15: declares a code without saying what to do. */
#include "../base.h"

#define MORE_CODES                                                                             \
    ",{\"cause\":\"c\",\"code\":\"BAD0002\",\"fix\":\" "                                       \
    "\",\"severity\":\"error\",\"title\":\"t\"}"

#include "../plugin.h"
