/* SPDX-License-Identifier: Apache-2.0 */
/* R09: has two identity notes. */
#include "../base.h"

#define CATALOGUE_TYPE TFA_NOTE_IDENTITY

#include "../plugin.h"
