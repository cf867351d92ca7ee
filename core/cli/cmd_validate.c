/* SPDX-License-Identifier: Apache-2.0 */
/* validate, validate stacks, validate component. */
#include "cmd.h"

/* "4 stacks, 12 instances, 2 of them with plugins: no problems" */
static const char *nothing_found(struct run *run, const struct coverage *coverage, bool plugins)
{
    struct str text = arena_printf(run->arena, "%zu stack%s, %zu instance%s", coverage->stacks,
            coverage->stacks == 1 ? "" : "s", coverage->instances,
            coverage->instances == 1 ? "" : "s");
    if (plugins) {
        text = arena_printf(
                run->arena, "%.*s, %zu handled by plugins", STR_ARG(text), coverage->bindings);
    }
    return arena_printf(run->arena, "%.*s: no problems", STR_ARG(text)).ptr;
}

static int validate(
        struct invocation *invocation, const struct selection *selection, bool only_structure)
{
    struct run *run = invocation->run;
    struct config_options config = invocation_config_options(invocation);
    struct coverage coverage = { 0 };
    int r = pipeline_validate(run, &config, selection, only_structure, &coverage);
    if (coverage.is_nothing_meant || (r && !run->config)) {
        return r; /* nothing was validated: an error of the command, not a finding */
    }
    struct report_options options = { .format = REPORT_FULL,
        .want_summary = !option_flag(invocation, "quiet") };
    report_format_from(option_format(invocation), &options.format);
    options.nothing = nothing_found(run, &coverage, !only_structure);
    report_write(run, invocation->out, &options);
    invocation->has_reported = true;
    return r ? EXIT_FINDINGS : 0;
}

int cmd_validate(struct invocation *invocation)
{
    struct selection selection = { .stack = option_text(invocation, "stack") };
    return validate(invocation, &selection, false);
}

int cmd_validate_stacks(struct invocation *invocation)
{
    return validate(invocation, &(struct selection){ 0 }, true);
}

int cmd_validate_component(struct invocation *invocation)
{
    struct selection selection = { .component = invocation->args.items[0] };
    int r = require_stack(invocation, &selection.stack);
    return r ? r : validate(invocation, &selection, false);
}
