/* SPDX-License-Identifier: Apache-2.0 */
/* R16: declares a check with a code nobody declared. */
#include "../base.h"

#define MORE_CHECKS ",{\"actions\":[],\"code\":\"BAD0009\",\"id\":\"BAD-02\",\"title\":\"t\"}"

#include "../plugin.h"
