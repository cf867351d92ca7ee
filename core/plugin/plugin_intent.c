/* SPDX-License-Identifier: Apache-2.0 */
/* The schema half of validation: the plugin is asked only about what has the right form. */
#include "plugin_set.h"

int intent_check(struct run *run, struct plugin *plugin, const struct plugin_binding *binding)
{
    /* NEEDSWORK: the JSON Schema validator is not there yet. */
    (void)run;
    (void)plugin;
    (void)binding;
    return 0;
}
