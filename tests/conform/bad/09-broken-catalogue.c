/* SPDX-License-Identifier: Apache-2.0 */
/* R09: has a catalogue that is no JSON. */
#include "../base.h"

#define CATALOGUE "{\"codes\": ["

#include "../plugin.h"
