/* SPDX-License-Identifier: Apache-2.0 */
/* The table of what stack/ can say. */
#include "stack_diag.h"

const struct diag_kind stack_diags[STACK_DIAG__COUNT] = { STACK_DIAGS(DIAG_KIND_ENTRY) };
