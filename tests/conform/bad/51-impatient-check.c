/* SPDX-License-Identifier: Apache-2.0 */
/* R51: has a check that asks for no time at all. */
#include "../base.h"

#define MORE_CHECKS                                                                            \
    ",{\"actions\":[],\"check_seconds\":0,\"code\":\"BAD0001\",\"id\":\"BAD-02\",\"title\":"   \
    "\"t\"}"

#include "../plugin.h"
