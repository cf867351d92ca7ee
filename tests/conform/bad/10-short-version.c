/* SPDX-License-Identifier: Apache-2.0 */
/* R10: has a version of two numbers. */
#include "../base.h"

#define VERSION "1.0"

#include "../plugin.h"
