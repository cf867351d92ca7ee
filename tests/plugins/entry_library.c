/* SPDX-License-Identifier: Apache-2.0 */
/* A library that has a function of the entry's name, and is not a plugin. */
#include "note.h"

IDLE_PLUGIN("test.library", "1.0.0", NULL);

TFA_EXPORT int library_number(void);

TFA_EXPORT int library_number(void)
{
    return 1;
}

TFA_EXPORT const struct tfa_plugin *tfa_plugin_main_v1(void)
{
    return &plugin;
}
