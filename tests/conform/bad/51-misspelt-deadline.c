/* SPDX-License-Identifier: Apache-2.0 */
/* R51: has a key among its deadlines that nobody reads. */
#include "../base.h"

#define DEADLINES "{\"callback_second\":30}"

#include "../plugin.h"
