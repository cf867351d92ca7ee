/* SPDX-License-Identifier: Apache-2.0 */
/* R06: has its code changed when it is loaded. */
/* link: LINKER:-z,notext */
#include "../base.h"

__asm__(".text\n.balign 8\n.quad tfa_plugin_main_v1\n");

#include "../plugin.h"
