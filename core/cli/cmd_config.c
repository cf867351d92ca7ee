/* SPDX-License-Identifier: Apache-2.0 */
/* describe config, config show. */
#include "cmd.h"

int cmd_describe_config(struct invocation *invocation)
{
    struct config_options config = invocation_config_options(invocation);
    struct run *run = invocation->run;
    int r = pipeline_configure(run, &config, false);
    return r ? r : print_value(invocation, config_effective(run, run->config));
}

int cmd_config_show(struct invocation *invocation)
{
    static const struct column columns[] = {
        { "key", "Key", COLUMN_TEXT, 0 },
        { "value", "Value", COLUMN_TEXT, 1 },
        { "origin", "Origin", COLUMN_TEXT, 0 },
        { "origin_kind", "Kind", COLUMN_TEXT, 0 },
    };
    static const char *const kinds[] = { [CONFIG_FROM_FILE] = "file",
        [CONFIG_FROM_VARIABLE] = "variable",
        [CONFIG_FROM_FLAG] = "flag",
        [CONFIG_FROM_DEFAULT] = "default" };
    struct config_options config = invocation_config_options(invocation);
    struct run *run = invocation->run;
    int r = pipeline_configure(run, &config, false);
    if (r) {
        return r;
    }
    struct table table = { .columns = columns,
        .column_count = option_flag(invocation, "origin") ? 4 : 2,
        .empty = "no settings" };
    size_t count = 0;
    const struct config_row *rows = config_rows(run, run->config, &count);
    for (size_t i = 0; i < count; i++) {
        table_add(run->arena, &table,
                (struct table_cell[]){ { rows[i].key, STYLE_KEY }, { rows[i].text, 0 },
                        { rows[i].origin.name, 0 },
                        { str_from(kinds[rows[i].origin.kind]), 0 } });
    }
    return print_table(invocation, &table);
}
