/* SPDX-License-Identifier: Apache-2.0 */
/* Which files an import, a drop-in folder or a profile stands for. */
#include <stdlib.h>
#include <string.h>

#include "config_internal.h"

#define MAX_FILES ((size_t)10000)

static size_t depth_of(struct str path)
{
    size_t depth = 0;
    for (size_t i = 0; i < path.len; i++) {
        depth += path.ptr[i] == '/';
    }
    return depth;
}

static int by_depth(const void *a, const void *b)
{
    const struct str *left = a;
    const struct str *right = b;
    size_t left_depth = depth_of(*left);
    size_t right_depth = depth_of(*right);
    return left_depth != right_depth ? (left_depth < right_depth ? -1 : 1)
                                     : str_cmp(*left, *right);
}

/* `x.yml` does not count beside `x.yaml`. */
static bool is_shadowed(struct run *run, const struct config_paths *paths, struct str path)
{
    if (!str_ends_with(path, STR(".yml"))) {
        return false;
    }
    struct str other = arena_printf(run->arena, "%.*s.yaml",
            STR_ARG(str_sub(path, 0, path.len - (sizeof(".yml") - 1))));
    for (size_t i = 0; i < paths->count; i++) {
        if (str_eq(paths->items[i], other)) {
            return true;
        }
    }
    return false;
}

static int add_matches(struct run *run, struct str pattern, struct config_paths *paths)
{
    struct str *found = NULL;
    size_t count = 0;
    int err = glob_find(run->arena, pattern, MAX_FILES, &found, &count);
    for (size_t i = 0; i < count && !err; i++) {
        VEC_PUSH(run->arena, paths, found[i]);
    }
    return err;
}

static struct str escaped(struct run *run, struct str folder)
{
    struct buf text = BUF_INIT(BUF_UNBOUNDED);
    for (size_t i = 0; i < folder.len; i++) {
        if (strchr("*?[]{}\\", folder.ptr[i])) {
            buf_add_byte(&text, '\\');
        }
        buf_add_byte(&text, folder.ptr[i]);
    }
    struct str copy = arena_dup(run->arena, buf_str(&text));
    buf_clear(&text);
    return copy;
}

static int find(struct run *run, struct str pattern, bool needs_extension,
        struct config_paths *ret_paths)
{
    static const char *const extensions[] = { "yaml", "yml" };
    struct config_paths all = { 0 };
    int err = needs_extension ? 0 : add_matches(run, pattern, &all);
    for (size_t i = 0; i < 2 && needs_extension && !err; i++) {
        err = add_matches(run,
                arena_printf(run->arena, "%.*s.%s", STR_ARG(pattern), extensions[i]), &all);
    }
    if (err) {
        return err;
    }
    if (all.count) {
        qsort(all.items, all.count, sizeof(*all.items), by_depth);
    }
    struct config_paths kept = { 0 };
    for (size_t i = 0; i < all.count; i++) {
        if (!is_shadowed(run, &all, all.items[i])) {
            VEC_PUSH(run->arena, &kept, all.items[i]);
        }
    }
    *ret_paths = kept;
    return 0;
}

int config_files_below(struct run *run, struct str folder, struct config_paths *ret_paths)
{
    *ret_paths = (struct config_paths){ 0 };
    if (!file_is_folder(folder)) {
        return 0;
    }
    struct str pattern = arena_printf(run->arena, "%.*s/**/*", STR_ARG(escaped(run, folder)));
    return find(run, pattern, true, ret_paths);
}

int config_files_matching(
        struct run *run, struct str folder, struct str name, struct config_paths *ret_paths)
{
    struct str path = path_join(run->arena, folder, name);
    *ret_paths = (struct config_paths){ 0 };
    if (file_is_folder(path)) {
        return config_files_below(run, path, ret_paths);
    }
    enum file_kind kind = file_kind_of(path);
    if (kind != FILE_MISSING) {
        VEC_PUSH(run->arena, ret_paths, path);
        return 0;
    }
    struct str extension = path_extension(path);
    bool has_extension = str_eq_cstr(extension, ".yaml") || str_eq_cstr(extension, ".yml");
    struct str base = path_is_absolute(name) ? STR("/") : escaped(run, folder);
    return find(run, path_join(run->arena, base, name), !has_extension, ret_paths);
}
