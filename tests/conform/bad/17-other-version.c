/* SPDX-License-Identifier: Apache-2.0 */
/* R17: calls itself another version than its note. */
#include "../base.h"

#define SAYS_VERSION "1.0.1"

#include "../plugin.h"
