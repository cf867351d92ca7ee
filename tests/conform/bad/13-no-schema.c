/* SPDX-License-Identifier: Apache-2.0 */
/* R13: has a schema whose type is a number. */
#include "../base.h"

#define SCHEMA "{\"type\":7}"

#include "../plugin.h"
