/* SPDX-License-Identifier: Apache-2.0 */
/* The table of diagnostics of value/. */
#include "value_diag.h"

const struct diag_kind value_diags[VALUE_DIAG__COUNT] = { VALUE_DIAGS(DIAG_KIND_ENTRY) };
