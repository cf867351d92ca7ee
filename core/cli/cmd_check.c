/* SPDX-License-Identifier: Apache-2.0 */
/* check. */
#include "cmd.h"
#include "interrupt.h"

enum {
    EXIT_INTERRUPTED = 130
};

/* Asking AWS takes its time: the first sign of life comes before the first call. */
static void say_begin(void *context, const struct plugin_binding *binding)
{
    struct invocation *invocation = context;
    stream_add_styled(invocation->err, STYLE_DIM,
            arena_printf(invocation->run->arena, "checking %.*s in %.*s",
                    STR_ARG(binding->instance->name), STR_ARG(binding->instance->stack)));
    stream_add_cstr(invocation->err, "\n");
    stream_flush(invocation->err);
}

struct patience be_patient(struct invocation *invocation)
{
    bool is_silent = option_flag(invocation, "quiet") || option_flag(invocation, "no-progress");
    return (struct patience){ .begin = is_silent ? NULL : say_begin,
        .context = invocation,
        .cancel = interrupt_watch() };
}

int check_exit_code(
        const struct invocation *invocation, int result, const struct coverage *coverage)
{
    const struct plugin_tally *tally = &coverage->checks;
    bool is_strict = invocation->run->is_strict;
    if (result == ERR_CANCELLED) {
        return EXIT_INTERRUPTED;
    }
    /* A check that could not be made is no pass: where none was, nothing is known of the account. */
    bool is_in_the_dark = tally->unknown > 0 && (tally->pass == 0 || is_strict);
    if (result || tally->fail > 0) {
        return EXIT_FINDINGS;
    }
    if (is_in_the_dark) {
        int reason = diags_exit_code(&invocation->run->diags); /* credentials, endpoint, ... */
        return reason != 0 ? reason : EXIT_FINDINGS;
    }
    return tally->pending > 0 ? EXIT_TEMPORARY : 0;
}

int cmd_check(struct invocation *invocation)
{
    struct run *run = invocation->run;
    struct config_options config = invocation_config_options(invocation);
    struct selection selection = { .stack = option_text(invocation, "stack") };
    if (invocation->args.count > 0) {
        selection.component = invocation->args.items[0];
    }
    struct coverage coverage = { 0 };
    struct patience patience = be_patient(invocation);
    int r = pipeline_check(run, &config, &selection, &patience, &coverage);
    if (r && coverage.bindings == 0) {
        return r; /* nothing was checked: an error of the command, not a finding */
    }
    struct report_options options = { .format = REPORT_FULL,
        .want_summary = !option_flag(invocation, "quiet"),
        .want_passed = !option_flag(invocation, "quiet"),
        .nothing = "no plugin has anything to check here" };
    report_format_from(option_format(invocation), &options.format);
    report_write(run, invocation->out, &options);
    invocation->has_reported = true;
    return check_exit_code(invocation, r, &coverage);
}
