/* SPDX-License-Identifier: Apache-2.0 */
/* One configuration file with what belongs to it: drop-ins, then imports, then the file (spec 1.2). */
#include <string.h>

#include "config_internal.h"

enum {
    IMPORT_FOLDERS = 3,
    MAX_NESTING = 10,
    MAX_READS = 10000 /* files that import each other in every order end here */
};

static int read_layer(struct config_layers *layers, struct str path, size_t depth,
        const struct value **ret_root);

const struct value *config_layer(
        struct config_layers *layers, const struct value *earlier, const struct value *later)
{
    struct run *run = layers->run;
    const struct key *key = key_of(run->keys, STR("commands"));
    const struct value *merged = value_merge(layers->merger, earlier, later, LIST_REPLACE);
    const struct value *below = value_get(earlier, key);
    const struct value *above = value_get(later, key);
    if (value_is(below, VALUE_LIST) && value_is(above, VALUE_LIST)) {
        merged = value_with(run->arena, merged, key, config_commands_merge(run, below, above));
    }
    return merged;
}

/* Reads files one after the other over what is there. Goes on after an error to say all. */
int config_layers_add(struct config_layers *layers, const struct config_paths *paths,
        size_t depth, const struct value **root)
{
    int err = 0;
    for (size_t i = 0; i < paths->count; i++) {
        const struct value *layer = NULL;
        int one = read_layer(layers, paths->items[i], depth, &layer);
        err = err ? err : one;
        if (!one) {
            *root = config_layer(layers, *root, layer);
        }
    }
    return err;
}

static int say_limit(struct run *run, struct mark mark, const char *what, unsigned limit)
{
    diag_add(&run->diags, &config_diags[CONFIG_IMPORT_LIMIT], mark,
            "%s; at most %u are followed", what, limit);
    return ERR_LIMIT;
}

static bool is_remote(struct str name)
{
    static const char *const starts[] = { "git::", "s3::", "gcs::", "hg::", "git@",
        "github.com/", "bitbucket.org/", "gitlab.com/" };
    for (size_t i = 0; i < sizeof(starts) / sizeof(starts[0]); i++) {
        if (str_starts_with(name, str_from(starts[i]))) {
            return true;
        }
    }
    return str_find_str(name, STR("://")) >= 0;
}

/* A file that is being read at the moment would never end. */
static bool drop_open_files(struct config_layers *layers, struct mark mark,
        struct config_paths *paths, bool is_glob)
{
    struct run *run = layers->run;
    size_t kept = 0;
    bool has_cycle = false;
    for (size_t i = 0; i < paths->count; i++) {
        bool is_open = false;
        for (size_t k = 0; k < layers->open_count; k++) {
            is_open = is_open || str_eq(layers->open[k], paths->items[i]);
        }
        if (!is_open) {
            paths->items[kept++] = paths->items[i];
        } else if (!is_glob) {
            struct str shown =
                    sources_path(run->sources, config_add_source(run, paths->items[i]));
            diag_add(&run->diags, &config_diags[CONFIG_IMPORT_CYCLE], mark,
                    "\"%.*s\" is imported while it is read; the import is skipped",
                    STR_ARG(shown));
            has_cycle = true;
        }
    }
    paths->count = kept;
    return has_cycle;
}

/* One entry of `import`: looked for from base_path, beside the main file, beside the file itself. */
static int add_import(struct config_layers *layers, const struct value *item,
        const struct str folders[IMPORT_FOLDERS], size_t depth, const struct value **root)
{
    struct run *run = layers->run;
    struct str name = value_text(item);
    struct config_paths paths = { 0 };
    if (!value_is(item, VALUE_STRING) || name.len == 0) {
        diag_add(&run->diags, &config_diags[CONFIG_BAD_VALUE], item->mark,
                "an entry of \"import\" must be the path of a file");
        return ERR_INVALID;
    }
    if (is_remote(name)) {
        diag_add(&run->diags, &config_diags[CONFIG_UNSUPPORTED], item->mark,
                "imports from elsewhere are not supported yet: \"%.*s\"", STR_ARG(name))
                ->hint = diag_text(&run->diags, "copy the file here and import the copy");
        return ERR_UNSUPPORTED;
    }
    int err = 0;
    for (size_t i = 0; i < IMPORT_FOLDERS && paths.count == 0 && !err; i++) {
        if (folders[i].len == 0) {
            continue;
        }
        err = config_files_matching(run, folders[i], name, &paths);
    }
    if (err == ERR_INVALID) {
        diag_add(&run->diags, &config_diags[CONFIG_BAD_VALUE], item->mark,
                "\"%.*s\" is not a valid pattern", STR_ARG(name));
        return err;
    }
    if (err) {
        return say_limit(run, item->mark, "the import stands for too many files", MAX_READS);
    }
    if (paths.count == 0) {
        diag_add(&run->diags, &config_diags[CONFIG_IMPORT_NOT_FOUND], item->mark,
                "there is no file \"%.*s\"; the import is skipped", STR_ARG(name))
                ->span = (uint32_t)str_count_code_points(name);
        return 0;
    }
    (void)drop_open_files(layers, item->mark, &paths, glob_has_magic(name));
    if (paths.count && depth >= MAX_NESTING) {
        return say_limit(run, item->mark, "imports nest too deep here", MAX_NESTING);
    }
    return config_layers_add(layers, &paths, depth + 1, root);
}

static int add_imports(struct config_layers *layers, struct str path, const struct value *own,
        size_t depth, const struct value **root)
{
    const struct value *list = value_get_path(own, "import");
    const struct value *base = value_get_path(own, "base_path");
    struct str file_folder = path_folder(path);
    if (depth == 0) {
        layers->top = file_folder;
    }
    if (depth == 0 || value_is(base, VALUE_STRING)) {
        layers->base = config_base_folder(
                layers->run, value_text(base), file_folder, layers->places, false);
    }
    const struct str folders[IMPORT_FOLDERS] = { layers->base, layers->top, file_folder };
    int err = 0;
    if (value_is(list, VALUE_STRING)) {
        return add_import(layers, list, folders, depth, root);
    }
    for (size_t i = 0; i < value_count(list); i++) {
        int one = add_import(layers, value_at(list, i), folders, depth, root);
        err = err ? err : one;
    }
    return err;
}

static int read_layer(struct config_layers *layers, struct str path, size_t depth,
        const struct value **ret_root)
{
    struct run *run = layers->run;
    const struct value *own = NULL;
    if (layers->reads > MAX_READS) {
        return ERR_LIMIT; /* said before */
    }
    if (++layers->reads > MAX_READS) {
        struct mark mark = { config_add_source(run, path), 0, 0 };
        return say_limit(run, mark, "the configuration has too many imports", MAX_READS);
    }
    int err = config_file_read(run, path, &own);
    err = err ? err : config_check(run, own);
    if (err) {
        return err;
    }
    struct str base = layers->base;
    const struct value *below = NULL;
    ENSURE(layers->open_count < sizeof(layers->open) / sizeof(layers->open[0]));
    layers->open[layers->open_count++] = path;
    err = add_imports(layers, path, own, depth, &below);
    layers->open_count--;
    if (depth > 0) {
        layers->base = base;
    }
    if (err) {
        return err;
    }
    *ret_root = config_layer(layers, below, config_commands_expand(run, own));
    return 0;
}

static int add_drop_ins(
        struct config_layers *layers, struct str folder, const struct value **root)
{
    static const char *const names[] = { "atmos.d", ".atmos.d" };
    struct run *run = layers->run;
    int err = 0;
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        struct config_paths paths;
        struct str path = path_join(run->arena, folder, str_from(names[i]));
        int one = config_files_below(run, path, &paths);
        if (one) {
            struct mark mark = { config_add_source(run, path), 0, 0 };
            one = say_limit(run, mark, "the folder has too many files", MAX_READS);
        } else {
            one = config_layers_add(layers, &paths, 1, root);
        }
        err = err ? err : one;
    }
    return err;
}

int config_layers_read(struct config_layers *layers, const struct config_place *place,
        const struct value **root)
{
    struct str folder = path_folder(place->path);
    struct str git = layers->places->git_root;
    const struct value *below = NULL;
    const struct value *layer = NULL;
    int err = 0;
    if (place->is_alone) {
        const struct value *own = NULL;
        err = config_file_read(layers->run, place->path, &own);
        err = err ? err : config_check(layers->run, own);
        *root = err ? *root
                    : config_layer(layers, *root, config_commands_expand(layers->run, own));
        return err;
    }
    /* First, because drop-ins import from its base_path. */
    err = read_layer(layers, place->path, 0, &layer);
    if (git.len && !str_eq(git, folder)) {
        int one = add_drop_ins(layers, git, &below);
        err = err ? err : one;
    }
    int one = add_drop_ins(layers, folder, &below);
    err = err ? err : one;
    if (!err) {
        *root = config_layer(layers, *root, config_layer(layers, below, layer));
    }
    return err;
}
