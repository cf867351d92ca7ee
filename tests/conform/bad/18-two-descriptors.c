/* SPDX-License-Identifier: Apache-2.0 */
/* R18: returns another descriptor each time. */
#include "../base.h"

#define HAS_ENTRY

#include "../plugin.h"

TFA_EXPORT const struct tfa_plugin *tfa_plugin_main_v1(void)
{
    static struct tfa_plugin copy;
    static int calls;

    copy = plugin;
    return calls++ % 2 == 0 ? &plugin : &copy;
}
