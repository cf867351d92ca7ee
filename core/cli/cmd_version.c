/* SPDX-License-Identifier: Apache-2.0 */
/* version. */
#include <tf-atmos/abi.h>

#include "cmd.h"

int cmd_version(struct invocation *invocation)
{
    struct run *run = invocation->run;
    if (!str_eq_cstr(option_format(invocation), "json")) {
        stream_addf(invocation->out, "tf-atmos %s (plugin interface %d.%d)\n", TFA_VERSION,
                TFA_ABI_MAJOR, TFA_ABI_MINOR);
        return 0;
    }

    const struct {
        const char *name;
        struct str text;
    } members[] = {
        { "format_version", STR_INIT("1.0") },
        { "version", STR_INIT(TFA_VERSION) },
        { "plugin_interface", arena_printf(run->arena, "%d.%d", TFA_ABI_MAJOR, TFA_ABI_MINOR) },
        { "compiler", STR_INIT(__VERSION__) },
    };
    struct value_builder builder;
    value_builder_init(&builder, run->arena, MARK_NONE);
    for (size_t i = 0; i < sizeof(members) / sizeof(members[0]); i++) {
        row_put_text(run, &builder, members[i].name, members[i].text);
    }
    print_ordered(invocation, value_builder_map(&builder));
    return 0;
}
