/* SPDX-License-Identifier: Apache-2.0 */
/* R03: leaves missing functions to the first call. */
/* link: LINKER:-z,lazy */
#include "../base.h"
#include "../plugin.h"
