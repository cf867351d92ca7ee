/* SPDX-License-Identifier: Apache-2.0 */
/* component add. */
#include "cmd.h"

int cmd_component_add(struct invocation *invocation)
{
    struct run *run = invocation->run;
    struct config_options config = invocation_config_options(invocation);
    struct component_add request = { .kind = invocation->args.items[0],
        .is_forced = option_flag(invocation, "force"),
        .is_dry_run = option_flag(invocation, "dry-run") };
    const struct module_change *changes = NULL;
    size_t count = 0;
    struct str target;
    int r = pipeline_component_add(run, &config, &request, &target, &changes, &count);
    if (r) {
        return r;
    }
    static const char *const words[] = {
        [MODULE_SAME] = NULL,
        [MODULE_ADDED] = "add",
        [MODULE_CHANGED] = "change",
        [MODULE_REMOVED] = "remove",
    };
    size_t shown = 0;
    for (size_t i = 0; i < count; i++) {
        if (words[changes[i].kind]) {
            shown++;
            struct str path = path_shown(run, path_join(run->arena, target, changes[i].path));
            stream_addf(invocation->out, "%s%s %.*s\n", request.is_dry_run ? "would " : "",
                    words[changes[i].kind], STR_ARG(path));
        }
    }
    if (shown == 0) {
        stream_addf(invocation->out, "%.*s is up to date\n", STR_ARG(path_shown(run, target)));
    } else if (!request.is_dry_run && !option_flag(invocation, "quiet")) {
        stream_addf(invocation->err,
                "the module is in %.*s; settings.%.*s of a component of that name fills its "
                "variables\n",
                STR_ARG(path_shown(run, target)), STR_ARG(request.kind));
    }
    return 0;
}
