/* SPDX-License-Identifier: Apache-2.0 */
/* R51: asks for more time than any plugin gets. */
#include "../base.h"

#define DEADLINES "{\"callback_seconds\":86400}"

#include "../plugin.h"
