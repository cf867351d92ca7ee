/* SPDX-License-Identifier: Apache-2.0 */
/* describe component, describe stacks, describe locals. */
#include "cmd.h"

/* Comments with the origin of each line are not written yet, and silence would be taken for "none". */
static int refuse_provenance(struct invocation *invocation)
{
    if (!option_flag(invocation, "provenance")) {
        return 0;
    }
    struct diags *diags = &invocation->run->diags;
    struct diag *diag = diag_add(diags, &cli_diags[CLI_UNSUPPORTED], MARK_NONE,
            "--provenance is not supported yet: values are printed without their origin");
    diag->hint = STR("use --provenance=false, or leave the option out");
    return ERR_UNSUPPORTED;
}

int cmd_describe_component(struct invocation *invocation)
{
    struct config_options config = invocation_config_options(invocation);
    struct str query = option_text(invocation, "query");
    struct describe_component request = { .component = invocation->args.items[0],
        .is_full = query.len > 0 };
    request.without_facts =
            query.len > 0 && !query_reaches(invocation->run, query, "component_info");
    int r = refuse_provenance(invocation);
    if (r == 0) {
        r = require_stack(invocation, &request.stack);
    }
    const struct value *value = NULL;
    if (r == 0) {
        r = pipeline_describe_component(invocation->run, &config, &request, &value);
    }
    return r ? r : print_value(invocation, value);
}

int cmd_describe_stacks(struct invocation *invocation)
{
    struct config_options config = invocation_config_options(invocation);
    struct stacks_filter filter = { .stack = option_text(invocation, "stack"),
        .include_empty_stacks = option_flag(invocation, "include-empty-stacks") };
    filter.components = option_list(invocation, "components", &filter.component_count);
    filter.types = option_list(invocation, "component-types", &filter.type_count);
    filter.sections = option_list(invocation, "sections", &filter.section_count);
    const struct value *value = NULL;
    int r = pipeline_describe_stacks(invocation->run, &config, &filter, &value);
    return r ? r : print_value(invocation, value);
}

int cmd_describe_locals(struct invocation *invocation)
{
    struct config_options config = invocation_config_options(invocation);
    struct selection selection = { 0 };
    const struct value *value = NULL;
    if (invocation->args.count) {
        selection.component = invocation->args.items[0];
    }
    int r = require_stack(invocation, &selection.stack);
    r = r ? r : pipeline_describe_locals(invocation->run, &config, &selection, &value);
    return r ? r : print_value(invocation, value);
}
