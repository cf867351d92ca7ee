/* SPDX-License-Identifier: Apache-2.0 */
/* Repository and plugins for a command: everything, or what one instance needs; what a user means by it. */
#include "pipeline.h"

bool selection_is_one(const struct selection *selection)
{
    return selection && selection->component.len > 0 && selection->stack.len > 0;
}

/* The name below a base folder that a path means; empty when it means none. */
static struct str name_below(
        struct run *run, struct str component, struct str folder, struct str written)
{
    bool is_written = written.len > 0 && str_starts_with(component, written) &&
                      str_starts_with(str_from_index(component, written.len), STR("/"));
    bool is_path = str_eq_cstr(component, ".") || str_starts_with(component, STR("./")) ||
                   str_starts_with(component, STR("../")) || path_is_absolute(component);
    if (!is_written && !is_path) {
        return STR_EMPTY;
    }
    struct str path =
            path_join(run->arena, is_written ? run->config->base_path : run->folder, component);
    return path_is_below(folder, path) && !str_eq(folder, path)
                   ? path_relative(run->arena, folder, path)
                   : STR_EMPTY;
}

struct selection pipeline_read_selection(struct run *run, const struct selection *selection)
{
    struct selection read = *selection;
    for (size_t i = 0; component_types[i]; i++) {
        struct str type = str_from(component_types[i]);
        bool is_terraform = str_eq_cstr(type, "terraform");
        struct str written;
        struct str folder = config_component_folder(run, type, &written);
        struct str name = written.len || is_terraform
                                  ? name_below(run, selection->component, folder, written)
                                  : STR_EMPTY;
        if (name.len) {
            read.component = name;
            read.type = read.type.len ? read.type : type;
            break;
        }
    }
    return read;
}

/* A folder that no component is named after means the one that uses it. */
static int find_user_of_folder(
        struct run *run, const struct stacks *stacks, struct selection *read)
{
    VEC(struct str) names = { 0 };
    for (size_t i = 0; i < stacks->instance_count; i++) {
        const struct instance *one = stacks->instances[i];
        if (!instance_is_in(one, read->stack) || !str_eq(one->type, read->type)) {
            continue;
        }
        if (str_eq(one->name, read->component)) {
            return 0;
        }
        if (!one->is_abstract && str_eq(one->folder, read->component)) {
            VEC_PUSH(run->arena, &names, one->name);
        }
    }
    if (names.count > 1) {
        struct diag *diag = diag_add(&run->diags, &stack_diags[STACK_UNKNOWN_COMPONENT],
                MARK_NONE, "%zu components of the stack \"%.*s\" use the folder \"%.*s\"",
                names.count, STR_ARG(read->stack), STR_ARG(read->component));
        diag->hint = diag_text(&run->diags, "name one of them: %.*s",
                STR_ARG(arena_join(run->arena, names.items, names.count, STR(", "))));
        return ERR_NOT_FOUND;
    }
    read->component = names.count ? names.items[0] : read->component;
    return 0;
}

int pipeline_select_one(struct run *run, const struct stacks *stacks,
        const struct selection *selection, const struct instance **ret_instance)
{
    struct selection read = pipeline_read_selection(run, selection);
    int r = str_eq(read.component, selection->component)
                    ? 0
                    : find_user_of_folder(run, stacks, &read);
    if (r) {
        return r;
    }
    return stacks_select(run, stacks, read.component, read.stack, read.type, ret_instance);
}

int pipeline_resolve_selected(struct run *run, const struct config_options *options,
        bool is_checked, const struct selection *selection, struct stacks **ret_stacks)
{
    int r = pipeline_configure(run, options, true);
    if (r || !selection_is_one(selection)) {
        return r ? r : pipeline_resolve(run, options, is_checked, ret_stacks);
    }
    struct selection read = pipeline_read_selection(run, selection);
    return stacks_load_component(run, read.component, read.stack, is_checked, ret_stacks);
}

static const struct stacks *find_all(void *context)
{
    struct estate *estate = context;
    if (!estate->all) {
        estate->all_code = stacks_load(estate->run, &estate->all);
    }
    return estate->all;
}

/* 0 when nobody set it: the default of the key table must not stand against what plugins ask for. */
static int64_t duration_ms(const struct run *run, const char *key)
{
    double seconds = 0;
    const struct value *value = run->config ? config_get(run->config, key) : NULL;
    bool is_set = value && str_to_f64(value_text(value), &seconds);
    return is_set ? (int64_t)(seconds * 1000) : 0;
}

struct plugin_world estate_world(struct estate *estate)
{
    return (struct plugin_world){ .stacks = estate->is_partial ? NULL : estate->stacks,
        .find_stacks = estate->is_partial ? find_all : NULL,
        .context = estate,
        .callback_ms = duration_ms(estate->run, "plugins.callback_seconds"),
        .check_ms = duration_ms(estate->run, "plugins.check_seconds") };
}

int pipeline_open(struct run *run, const struct config_options *options, bool is_checked,
        const struct selection *selection, struct estate *ret_estate)
{
    int structure =
            pipeline_resolve_selected(run, options, is_checked, selection, &ret_estate->stacks);
    ret_estate->run = run;
    ret_estate->is_partial = selection_is_one(selection);
    if (!ret_estate->stacks) {
        return structure;
    }
    int r = pipeline_discover(run, options, &ret_estate->plugins);
    return structure ? structure : r;
}
