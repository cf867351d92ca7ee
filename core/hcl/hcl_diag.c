/* SPDX-License-Identifier: Apache-2.0 */
/* The table of diagnostics of hcl/. */
#include "hcl_diag.h"

const struct diag_kind hcl_diags[HCL_DIAG__COUNT] = { HCL_DIAGS(DIAG_KIND_ENTRY) };
