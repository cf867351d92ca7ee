/* SPDX-License-Identifier: Apache-2.0 */
/* Which configuration files exist, lowest priority first (spec 1.1). */
#include <string.h>

#include "config_internal.h"

static const char *const file_names[] = { "atmos.yaml", ".atmos.yaml", "atmos.yml",
    ".atmos.yml" };

struct str git_root_of(struct run *run, struct str folder)
{
    for (struct str at = folder;; at = path_folder(at)) {
        if (file_kind_of(path_join(run->arena, at, STR(".git"))) != FILE_MISSING) {
            return at;
        }
        if (at.len <= 1) {
            return STR_EMPTY;
        }
    }
}

/* The configuration file directly in a folder, or empty. A FIFO of that name counts: reading it
 * says what is wrong. */
static struct str file_in(struct run *run, struct str folder)
{
    for (size_t i = 0; i < sizeof(file_names) / sizeof(file_names[0]); i++) {
        struct str path = path_join(run->arena, folder, str_from(file_names[i]));
        if (file_is_present(path)) {
            return path;
        }
    }
    return STR_EMPTY;
}

static void add_place(struct run *run, struct config_places *places, struct str path)
{
    if (path.len == 0) {
        return;
    }
    for (size_t i = 0; i < places->count; i++) {
        if (str_eq(places->items[i].path, path)) {
            /* The same file in two roles keeps the higher one. */
            memmove(&places->items[i], &places->items[i + 1],
                    (places->count - i - 1) * sizeof(*places->items));
            places->count--;
            break;
        }
    }
    VEC_PUSH(run->arena, places, (struct config_place){ path, false });
}

static int say_missing(struct run *run, struct str what, struct str path)
{
    diag_add(&run->diags, &config_diags[CONFIG_NOT_FOUND], MARK_NONE,
            "there is no configuration at \"%.*s\", which %.*s names", STR_ARG(path),
            STR_ARG(what));
    return ERR_NOT_FOUND;
}

static int add_named_file(
        struct run *run, struct config_places *places, struct str name, struct str what)
{
    struct str path = path_join(run->arena, run->folder, name);
    if (file_is_folder(path)) {
        struct str inside = file_in(run, path);
        if (inside.len == 0) {
            return say_missing(run, what, name);
        }
        path = inside;
    } else if (file_kind_of(path) == FILE_MISSING) {
        return say_missing(run, what, name);
    }
    add_place(run, places, path);
    return 0;
}

static int add_comma_list(
        struct run *run, struct config_places *places, const char *list, const char *variable)
{
    struct str rest = str_from(list);
    struct str name;
    bool more = rest.len > 0;
    int err = 0;
    while (str_split(&rest, &more, ',', &name)) {
        name = str_trim(name);
        int one = name.len ? add_named_file(run, places, name, str_from(variable)) : 0;
        err = err ? err : one;
    }
    return err;
}

/* --config and --config-path, or their variables: these replace the search. */
static int add_named(struct run *run, const struct config_options *options,
        struct config_places *places, bool *ret_is_named)
{
    int err = 0;
    const char *files = environment_get(&run->env, "ATMOS_CONFIG");
    const char *folders = environment_get(&run->env, "ATMOS_CONFIG_PATH");
    *ret_is_named = options->file_count || options->folder_count || (files && *files) ||
                    (folders && *folders);
    for (size_t i = 0; i < options->file_count && !err; i++) {
        err = add_named_file(run, places, options->files[i], STR("--config"));
    }
    for (size_t i = 0; i < options->folder_count && !err; i++) {
        err = add_named_file(run, places, options->folders[i], STR("--config-path"));
    }
    if (!err && options->file_count == 0 && files) {
        err = add_comma_list(run, places, files, "ATMOS_CONFIG");
    }
    if (!err && options->folder_count == 0 && folders) {
        err = add_comma_list(run, places, folders, "ATMOS_CONFIG_PATH");
    }
    return err;
}

static bool has_drop_ins(struct run *run, struct str folder)
{
    return file_is_folder(path_join(run->arena, folder, STR("atmos.d"))) ||
           file_is_folder(path_join(run->arena, folder, STR(".atmos.d"))) ||
           file_is_folder(path_join(run->arena, folder, STR(".atmos")));
}

static struct str nearest_above(struct run *run, struct str folder)
{
    for (struct str at = folder; at.len > 1;) {
        at = path_folder(at);
        struct str path = file_in(run, at);
        if (path.len) {
            return path;
        }
    }
    return STR_EMPTY;
}

/* Drop-ins belong to a file; without one the reference does not see them either. */
static void warn_of_lonely_drop_ins(struct run *run)
{
    static const char *const names[] = { "atmos.d", ".atmos.d" };
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        struct str path = path_join(run->arena, run->folder, str_from(names[i]));
        if (file_is_folder(path)) {
            diag_add(&run->diags, &config_diags[CONFIG_IGNORED],
                    (struct mark){ config_add_source(run, path), 0, 0 },
                    "\"%s\" is not read: there is no atmos.yaml beside it", names[i]);
        }
    }
}

static void search(struct run *run, struct config_places *places)
{
    const char *home = environment_get(&run->env, "HOME");
    const char *folder = environment_get(&run->env, "ATMOS_CLI_CONFIG_PATH");
    struct str here = file_in(run, run->folder);
    add_place(run, places, file_in(run, STR("/usr/local/etc/atmos")));
    if (places->count) {
        places->items[0].is_alone = true;
    }
    if (home && *home) {
        add_place(run, places, file_in(run, arena_printf(run->arena, "%s/.atmos", home)));
    }
    if (here.len == 0) {
        warn_of_lonely_drop_ins(run);
    }
    places->has_local = here.len > 0 || has_drop_ins(run, run->folder);
    if (!places->has_local && !(folder && *folder)) {
        add_place(run, places, nearest_above(run, run->folder));
        if (places->git_root.len) {
            add_place(run, places, file_in(run, places->git_root));
        }
    }
    add_place(run, places, here);
}

int config_discover(
        struct run *run, const struct config_options *options, struct config_places *ret_places)
{
    struct config_places places = { 0 };
    const char *uses_git = environment_get(&run->env, "ATMOS_GIT_ROOT_BASEPATH");
    bool truth = true;
    if (!uses_git || !config_bool_from(str_from(uses_git), &truth) || truth) {
        places.git_root = git_root_of(run, run->folder);
    }
    bool is_named = false;
    int err = add_named(run, options, &places, &is_named);
    if (!is_named) {
        search(run, &places);
        const char *folder = environment_get(&run->env, "ATMOS_CLI_CONFIG_PATH");
        if (folder && *folder) {
            err = add_named_file(run, &places, str_from(folder), STR("ATMOS_CLI_CONFIG_PATH"));
        }
    }
    if (err) {
        return err;
    }
    *ret_places = places;
    return 0;
}
