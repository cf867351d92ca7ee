/* SPDX-License-Identifier: Apache-2.0 */
/* help. */
#include "cmd.h"
#include "help.h"

static void print_pages(struct invocation *invocation)
{
    struct page page = { .arena = invocation->run->arena, .out = BUF_INIT(BUF_UNBOUNDED) };
    markdown_pages(&page);
    stream_add(invocation->out, buf_str(&page.out));
    buf_clear(&page.out);
}

int cmd_help(struct invocation *invocation)
{
    struct run *run = invocation->run;
    struct str format = option_format(invocation);
    if (str_eq_cstr(format, "markdown")) {
        print_pages(invocation);
        return 0;
    }
    if (str_eq_cstr(format, "json")) {
        print_ordered(invocation, commands_value(run));
        return 0;
    }
    return print_help(invocation,
            arena_join(run->arena, invocation->args.items, invocation->args.count, STR(" ")));
}
