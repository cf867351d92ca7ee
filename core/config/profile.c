/* SPDX-License-Identifier: Apache-2.0 */
/* Profiles: folders of configuration files, chosen by name and laid over the rest. */
#include <string.h>

#include "config_internal.h"

VEC_TYPE(names, struct str);

static void add_names(struct run *run, struct str list, struct names *names)
{
    struct str name;
    bool more = list.len > 0;
    while (str_split(&list, &more, ',', &name)) {
        name = str_trim(name);
        if (name.len) {
            VEC_PUSH(run->arena, names, name);
        }
    }
}

/* --profile, else ATMOS_PROFILE, else profiles.default. */
static struct names chosen(struct run *run, const struct config_options *options,
        const struct value *root, struct mark *ret_mark)
{
    struct names names = { 0 };
    for (size_t i = 0; i < options->profile_count; i++) {
        add_names(run, options->profiles[i], &names);
    }
    const char *variable = config_variable(run, root, "ATMOS_PROFILE");
    const struct value *standard = value_get_path(root, "profiles.default");
    *ret_mark = MARK_NONE;
    if (names.count) {
        return names;
    }
    if (variable && *variable) {
        add_names(run, str_from(variable), &names);
        return names;
    }
    if (standard) {
        *ret_mark = standard->mark;
        add_names(run, value_is_scalar(standard) ? value_text(standard) : STR_EMPTY, &names);
        for (size_t i = 0; value_is(standard, VALUE_LIST) && i < value_count(standard); i++) {
            add_names(run, value_text(value_at(standard, i)), &names);
        }
    }
    return names;
}

/* Where profiles may be, best first. */
static struct names folders_of(
        struct run *run, const struct config_layers *layers, const struct value *root)
{
    struct names folders = { 0 };
    const struct config_places *places = layers->places;
    struct str here =
            places->count ? path_folder(places->items[places->count - 1].path) : run->folder;
    const struct value *own = value_get_path(root, "profiles.base_path");
    struct str base = value_text(value_get_path(root, "base_path"));
    if (value_is(own, VALUE_STRING) && value_text(own).len) {
        struct str home = config_base_folder(run, base, here, places, false);
        VEC_PUSH(run->arena, &folders, path_join(run->arena, here, value_text(own)));
        VEC_PUSH(run->arena, &folders, path_join(run->arena, home, value_text(own)));
    }
    VEC_PUSH(run->arena, &folders, path_join(run->arena, here, STR(".atmos/profiles")));
    const char *settings = environment_get(&run->env, "XDG_CONFIG_HOME");
    const char *home = environment_get(&run->env, "HOME");
    if (settings && *settings) {
        VEC_PUSH(run->arena, &folders, arena_printf(run->arena, "%s/atmos/profiles", settings));
    } else if (home && *home) {
        VEC_PUSH(run->arena, &folders,
                arena_printf(run->arena, "%s/.config/atmos/profiles", home));
    }
    VEC_PUSH(run->arena, &folders, path_join(run->arena, here, STR("profiles")));
    return folders;
}

static int say_unknown(
        struct run *run, struct str name, struct mark mark, const struct names *folders)
{
    struct names known = { 0 };
    for (size_t i = 0; i < folders->count; i++) {
        struct folder_entry *entries = NULL;
        size_t count = 0;
        if (folder_list(run->arena, folders->items[i], &entries, &count) != 0) {
            continue;
        }
        for (size_t k = 0; k < count; k++) {
            if (entries[k].kind == FILE_FOLDER) {
                VEC_PUSH(run->arena, &known, entries[k].name);
            }
        }
    }
    struct diag *diag = diag_add(&run->diags, &config_diags[CONFIG_PROFILE_NOT_FOUND], mark,
            "there is no profile \"%.*s\"", STR_ARG(name));
    diag->hint = suggest_hint(run->arena, name, known.items, known.count);
    if (diag->hint.len == 0 && known.count) {
        diag->hint = diag_text(&run->diags, "there are: %.*s",
                STR_ARG(arena_join(run->arena, known.items, known.count, STR(", "))));
    }
    return ERR_NOT_FOUND;
}

static bool is_plain_name(struct str name)
{
    return str_find(name, '/') < 0 && !str_eq_cstr(name, ".") && !str_eq_cstr(name, "..");
}

int config_profiles(struct config_layers *layers, const struct config_options *options,
        const struct value **root)
{
    struct run *run = layers->run;
    struct mark mark;
    struct names names = chosen(run, options, *root, &mark);
    struct names folders = folders_of(run, layers, *root);
    int err = 0;
    for (size_t i = 0; i < names.count; i++) {
        struct str found = STR_EMPTY;
        for (size_t k = 0; k < folders.count && is_plain_name(names.items[i]); k++) {
            struct str path = path_join(run->arena, folders.items[k], names.items[i]);
            if (file_is_folder(path)) {
                found = path;
                break;
            }
        }
        struct config_paths paths = { 0 };
        int one = found.len ? config_files_below(run, found, &paths)
                            : say_unknown(run, names.items[i], mark, &folders);
        one = one ? one : config_layers_add(layers, &paths, 1, root);
        err = err ? err : one;
    }
    return err;
}
