/* SPDX-License-Identifier: Apache-2.0 */
/* describe component, describe stacks, describe locals. */
#include "cmd.h"

enum {
    NOTE_COLUMN = 50 /* where comments begin */
};

/* Behind the line, or below it when it is long. */
static void add_note(void *context, struct mark mark, struct buf *out)
{
    struct str note = provenance_text(context, mark);
    struct str text = buf_str(out);
    struct str line = str_from_index(text, (size_t)(str_rfind(text, '\n') + 1));
    size_t width = str_count_code_points(line);
    if (note.len == 0) {
        return;
    }
    if (width >= NOTE_COLUMN) {
        buf_add_byte(out, '\n');
        width = 0;
    }
    buf_addf(out, "%*s# %.*s", (int)(NOTE_COLUMN - width), "", STR_ARG(note));
}

/* For people who read YAML: a query or JSON goes to programs. */
static bool wants_provenance(const struct invocation *invocation)
{
    bool is_wanted =
            option_is_given(invocation, "provenance")
                    ? option_flag(invocation, "provenance")
                    : config_bool(invocation->run->config, "describe.provenance", true);
    return is_wanted && !option_is_given(invocation, "query") &&
           str_eq_cstr(option_format(invocation), "yaml");
}

static int print_with_provenance(struct invocation *invocation, const struct value *value,
        const struct instance *instance)
{
    struct provenance provenance = instance_provenance(invocation->run, instance);
    struct yaml_notes notes = { add_note, &provenance };
    struct str head = arena_printf(invocation->run->arena,
            "# Where each value is written:\n"
            "#   ● [1] in the manifest of the stack, %.*s\n"
            "#   ○ [N] in a manifest that it imports, N - 1 imports away\n"
            "#   ∴ in the configuration\n"
            "# What has no comment follows from other values.\n\n",
            STR_ARG(instance->manifest));
    return print_noted(invocation, value, head, &notes);
}

int cmd_describe_component(struct invocation *invocation)
{
    struct config_options config = invocation_config_options(invocation);
    struct str query = option_text(invocation, "query");
    struct describe_component request = { .component = invocation->args.items[0],
        .is_full = query.len > 0 };
    request.without_facts =
            query.len > 0 && !query_reaches(invocation->run, query, "component_info");
    const struct instance *instance = NULL;
    const struct value *value = NULL;
    request.ret_instance = &instance;
    int r = require_stack(invocation, &request.stack);
    if (r == 0) {
        r = pipeline_describe_component(invocation->run, &config, &request, &value);
    }
    if (r) {
        return r;
    }
    return wants_provenance(invocation) ? print_with_provenance(invocation, value, instance)
                                        : print_value(invocation, value);
}

int cmd_describe_stacks(struct invocation *invocation)
{
    struct config_options config = invocation_config_options(invocation);
    struct stacks_filter filter = { .stack = option_text(invocation, "stack"),
        .include_empty_stacks = option_flag(invocation, "include-empty-stacks"),
        .without_templates = !option_flag(invocation, "process-templates") };
    filter.components = option_list(invocation, "components", &filter.component_count);
    filter.types = option_list(invocation, "component-types", &filter.type_count);
    filter.sections = option_list(invocation, "sections", &filter.section_count);
    return print_stacks(invocation, &config, &filter);
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
