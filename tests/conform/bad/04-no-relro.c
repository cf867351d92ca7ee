/* SPDX-License-Identifier: Apache-2.0 */
/* R04: leaves its relocations writable. */
/* link: LINKER:-z,norelro */
#include "../base.h"
#include "../plugin.h"
