/* SPDX-License-Identifier: Apache-2.0 */
/* describe component, describe stacks. */
#include "cmd.h"

int cmd_describe_component(struct invocation *invocation)
{
    struct config_options config = invocation_config_options(invocation);
    struct describe_component request = { .component = invocation->args.items[0],
        .is_full = option_is_given(invocation, "query") };
    int r = require_stack(invocation, &request.stack);
    const struct value *value = NULL;
    if (r == 0) {
        r = pipeline_describe_component(invocation->run, &config, &request, &value);
    }
    return r ? r : print_value(invocation, value);
}

int cmd_describe_stacks(struct invocation *invocation)
{
    struct config_options config = invocation_config_options(invocation);
    struct describe_stacks request = { .stack = option_text(invocation, "stack"),
        .want_empty_stacks = option_flag(invocation, "include-empty-stacks") };
    request.components = option_list(invocation, "components", &request.component_count);
    request.types = option_list(invocation, "component-types", &request.type_count);
    request.sections = option_list(invocation, "sections", &request.section_count);
    const struct value *value = NULL;
    int r = pipeline_describe_stacks(invocation->run, &config, &request, &value);
    return r ? r : print_value(invocation, value);
}
