/* SPDX-License-Identifier: Apache-2.0 */
/* R12: wants to delete. */
#include "../base.h"

#define ACTION "guardduty:DeleteDetector"

#include "../plugin.h"
