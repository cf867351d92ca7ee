/* SPDX-License-Identifier: Apache-2.0 */
/* Test of what belongs to the process: looked at after loading and after every callback. */
#include "lint.h"
#include "session.h"

void test_process(struct conform *conform)
{
    struct state *state = state_new(conform);
    const struct tfa_plugin *plugin = plugin_open(conform);
    state_compare(state, "loading");
    struct session session = session_new(conform, plugin);
    if (session_init(&session) != TFA_OK) {
        skip(conform, "the plugin does not start");
        return;
    }
    state_compare(state, "init");
    for (size_t i = 0; i < conform->intents.count; i++) {
        session_intent(&session, conform->intents.items[i]);
        for (enum step step = STEP_VALIDATE; step < STEP_COUNT; step++) {
            if (step == STEP_GENERATE && session_has_error(&session)) {
                break;
            }
            (void)session_step(&session, step);
            state_compare(state, step_name(step));
        }
    }
    session_end(&session);
    state_compare(state, "shutdown");
}
