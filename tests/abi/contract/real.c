/* SPDX-License-Identifier: Apache-2.0 */
/* Runs the contract plugin on the core, in the repository given as first argument, and prints what
 * mock.c prints. A second argument is the folder of bundled plugins, which run inside this program. */
#include <stdio.h>

#include "plugin/plugin.h"

/* Everything until the binding of the one instance; NULL after saying what failed. */
static const struct plugin_binding *bind(
        struct run *run, const char *folder, const char *bundled, struct plugins **ret_plugins)
{
    struct config_options options = { .base_path = str_from(folder) };
    struct plugin_options where;
    struct stacks *stacks = NULL;
    struct plugins *plugins = NULL;
    const struct plugin_binding *bindings = NULL;
    size_t count = 0;
    bool changed = false;

    run->folder = str_from(folder);
    if (config_load(run, &options, true) < 0 || stacks_load(run, &stacks) < 0) {
        return NULL;
    }
    plugin_options_default(run, &where);
    if (bundled) {
        where.bundled_folder = str_from(bundled);
    }
    if (plugins_discover(run, &where, &plugins) < 0) {
        return NULL;
    }
    *ret_plugins = plugins;
    struct plugin *plugin = plugins_find(plugins, STR("com.example.contract"));
    if (!plugin || plugin_enable(run, plugins, plugin, &changed) < 0 || stacks->count != 1 ||
            plugins_bind(run, plugins, stacks->instances[0], &bindings, &count) < 0) {
        return NULL;
    }
    return count == 1 ? &bindings[0] : NULL;
}

static void print_findings(const struct run *run)
{
    /* As in diag.h of the SDK: error 1, warning 2, info 3, hint 4. */
    for (size_t i = 0; i < run->diags.list.count; i++) {
        const struct diag *diag = &run->diags.list.items[i];
        (void)printf("%s\t%d\t%u\t%u\t%.*s\t%.*s\t%.*s\t%.*s\n", diag->id,
                (int)diag->severity + 1, diag->mark.line, diag->mark.column,
                STR_ARG(diag->pointer), STR_ARG(diag->message), STR_ARG(diag->hint),
                STR_ARG(diag->doc_url));
    }
}

int main(int argc, char **argv)
{
    char *environment[] = { NULL };
    struct run run;
    struct plugins *plugins = NULL;
    struct buf out = BUF_INIT(BUF_UNBOUNDED);
    const struct value *vars = NULL;

    run_init(&run, environment, NULL);
    const struct plugin_binding *binding =
            argc > 1 ? bind(&run, argv[1], argv[2], &plugins) : NULL;
    if (!binding || plugin_validate(&run, plugins, binding) < 0 ||
            plugin_generate(&run, plugins, binding, &vars) < 0) {
        print_findings(&run);
        return 1;
    }
    json_write(&out, vars, JSON_COMPACT);
    (void)printf("%.*s\n", (int)out.len, out.ptr);
    print_findings(&run);
    buf_clear(&out);
    (void)plugins_shutdown(plugins);
    run_clear(&run);
    return 0;
}
