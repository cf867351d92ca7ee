/* SPDX-License-Identifier: Apache-2.0 */
/* What delivery systems call an instance (spec 4.8). */
#include "stack_internal.h"

static struct str fill(struct arena *arena, const struct instance *instance, struct str pattern)
{
    struct str component = without_slashes(arena, instance->name);
    struct pattern_tokens tokens = { component,
        str_eq(instance->folder, instance->name) ? STR_EMPTY : instance->folder, true };
    return without_slashes(arena, pattern_fill(arena, instance, pattern, &tokens));
}

struct str spacelift_stack(struct arena *arena, const struct instance *instance)
{
    const struct value *settings = value_get_path(instance->settings, "spacelift");
    if (!value_bool(value_get_str(settings, STR("workspace_enabled")), false)) {
        return STR_EMPTY;
    }
    struct str name = value_string(value_get_str(settings, STR("stack_name")));
    struct str pattern = value_string(value_get_str(settings, STR("stack_name_pattern")));
    if (name.len) {
        return name;
    }
    if (pattern.len) {
        return fill(arena, instance, pattern);
    }
    return without_slashes(arena, arena_printf(arena, "%.*s-%.*s", STR_ARG(instance->stack),
                                          STR_ARG(instance->name)));
}

struct str atlantis_project(struct run *run, const struct instance *instance)
{
    const struct value *settings = value_get_path(instance->settings, "atlantis");
    const struct value *project = value_get_str(settings, STR("project_template"));
    struct str chosen = value_string(value_get_str(settings, STR("project_template_name")));
    if (!project && chosen.len) {
        project = value_get_str(
                config_get(run->config, "integrations.atlantis.project_templates"), chosen);
    }
    struct str pattern = value_string(value_get_str(project, STR("name")));
    return pattern.len ? fill(run->arena, instance, pattern) : STR_EMPTY;
}
