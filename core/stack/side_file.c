/* SPDX-License-Identifier: Apache-2.0 */
/* YAML files beside the manifests: workflows and vendor manifests. */
#include "side_file.h"

#include <errno.h>
#include <string.h>

#include "stack_internal.h"

int side_file_read(
        struct run *run, struct str path, const struct value **ret_root, struct mark *ret_start)
{
    uint32_t source = config_add_source(run, path);
    struct str text;
    int err = file_read(run->arena, path, value_limits_default.max_bytes, &text);
    *ret_start = (struct mark){ source, 0, 0 };
    if (err) {
        struct str shown = sources_path(run->sources, source);
        diag_add(&run->diags, &stack_diags[STACK_UNREADABLE], *ret_start,
                "cannot read \"%.*s\": %s", STR_ARG(shown),
                err == ERR_LIMIT ? "it is larger than 64 MiB" : file_read_reason(err));
        return err;
    }
    struct yaml_input input = { .arena = run->arena,
        .keys = run->keys,
        .diags = &run->diags,
        .text = text,
        .file = source };
    err = yaml_read(&input, ret_root);
    if (err == 0 && *ret_root) {
        *ret_start = (*ret_root)->mark;
    }
    return err;
}
