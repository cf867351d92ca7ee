/* SPDX-License-Identifier: Apache-2.0 */
/* Private: what validate, generate and check have in common. */
#ifndef TFATMOS_PLUGIN_PLUGIN_ASK_H
#define TFATMOS_PLUGIN_PLUGIN_ASK_H

#include "deadline.h"
#include "host.h"

/* Handles of what every callback of an instance gets. */
struct question {
    tfa_val config;
    tfa_val context;
};

/* Begins a callback about an instance, with the deadline of its phase; `check`: what the catalogue says
 * of the one that runs, else NULL. End it with call_end. */
struct tfa_call *ask_begin(struct run *run, struct plugins *plugins,
        const struct plugin_binding *binding, uint32_t phase, const char *function,
        const struct catalogue_check *check, struct question *ret_question);

/* One diagnostic and a code when the callback failed or what it built cannot be used; else 0. `what`
 * completes "plugin x could not ... component y". */
int judge_callback(struct run *run, const struct plugin_binding *binding, const char *what,
        int32_t rc, int32_t broken, struct str why);

/* That the worker of a plugin ended in one of its functions, and that the plugin is done with; once per
 * plugin. `binding` may be NULL. */
struct diag *plugin_say_ended(struct run *run, struct plugin *plugin,
        const struct plugin_binding *binding, const char *function, struct str why);
/* Why the last callback of the plugin did not return; empty when it did. */
struct str plugin_ended(const struct plugin *plugin);

/* Words for a result code of the interface. */
const char *result_name(int32_t rc);
int code_from_result(int32_t rc);
void set_binding_subject(struct diag *diag, const struct plugin_binding *binding);

#endif
