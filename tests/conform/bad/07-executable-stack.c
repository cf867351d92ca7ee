/* SPDX-License-Identifier: Apache-2.0 */
/* R07: asks for an executable stack. */
/* link: LINKER:-z,execstack */
#include "../base.h"
#include "../plugin.h"
