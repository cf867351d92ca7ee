/* SPDX-License-Identifier: Apache-2.0 */
/* The table of what config/ can say. */
#include "config_diag.h"

const struct diag_kind config_diags[CONFIG_DIAG__COUNT] = { CONFIG_DIAGS(DIAG_KIND_ENTRY) };
