/* SPDX-License-Identifier: Apache-2.0 */
/* R11: binds any module. */
#include "../base.h"

#define COMPONENTS "\"*\""

#include "../plugin.h"
