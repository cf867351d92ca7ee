/* SPDX-License-Identifier: Apache-2.0 */
/* The table of diagnostics of schema/. */
#include "schema_diag.h"

const struct diag_kind schema_diags[SCHEMA_DIAG__COUNT] = { SCHEMA_DIAGS(DIAG_KIND_ENTRY) };
