/* SPDX-License-Identifier: Apache-2.0 */
/* Where base_path points, and the folders below it (spec 1.6). */
#include "config_internal.h"

static size_t split(struct run *run, struct str path, struct str **ret_segments)
{
    VEC(struct str) segments = { 0 };
    struct str rest = path;
    struct str piece;
    bool more = path.len > 0;
    while (str_split(&rest, &more, '/', &piece)) {
        if (piece.len) {
            VEC_PUSH(run->arena, &segments, piece);
        }
    }
    *ret_segments = segments.items;
    return segments.count;
}

/*
 * Joins; when the end of `folder` and the start of `name` are the same run of two or more segments,
 * the run appears once: people repeat base_path inside stacks.base_path.
 */
static struct str join(struct run *run, struct str folder, struct str name)
{
    if (path_is_absolute(name)) {
        return path_clean(run->arena, name);
    }
    struct str *left;
    struct str *right;
    name = path_clean(run->arena, name);
    size_t left_count = split(run, folder, &left);
    size_t right_count = split(run, name, &right);
    size_t longest = left_count < right_count ? left_count : right_count;
    for (size_t length = longest; length >= 2; length--) {
        size_t same = 0;
        while (same < length && str_eq(left[left_count - length + same], right[same])) {
            same++;
        }
        if (same == length) {
            name = arena_join(run->arena, right + length, right_count - length, STR("/"));
            break;
        }
    }
    return path_join(run->arena, folder, name);
}

static bool is_dotted(struct str path)
{
    return str_eq(path, STR(".")) || str_eq(path, STR("..")) ||
           str_starts_with(path, STR("./")) || str_starts_with(path, STR("../"));
}

static struct str first_of(
        struct run *run, struct str name, struct str first, struct str second)
{
    struct str one = join(run, first, name);
    struct str two = join(run, second, name);
    if (file_kind_of(one) == FILE_MISSING && file_kind_of(two) != FILE_MISSING) {
        return two;
    }
    return one;
}

struct str config_base_folder(struct run *run, struct str written, struct str file_folder,
        const struct config_places *places, bool is_from_outside)
{
    struct str git = places->git_root;
    struct str here = run->folder;
    struct str config = file_folder.len ? file_folder : here;
    if (path_is_absolute(written)) {
        return path_clean(run->arena, written);
    }
    if (written.len == 0) {
        return git.len ? git : config;
    }
    if (is_dotted(written)) {
        if (str_eq(written, STR(".")) && !places->has_local && git.len && !is_from_outside) {
            return git;
        }
        return join(run, is_from_outside ? here : config, written);
    }
    if (git.len) {
        return first_of(run, written, git, here);
    }
    return is_from_outside ? first_of(run, written, here, config)
                           : first_of(run, written, config, here);
}

struct str config_component_folder(struct run *run, struct str type, struct str *ret_written)
{
    const struct config *config = run->config;
    const struct value *components = value_get_path(config->root, "components");
    struct str written =
            value_text(value_get_str(value_get_str(components, type), STR("base_path")));
    if (ret_written) {
        *ret_written = written;
    }
    return join(run, config->base_path, written);
}

void config_resolve_paths(struct run *run, struct config *config,
        const struct config_places *places, bool is_from_outside)
{
    const struct value *base = config_get(config, "base_path");
    struct str file = base ? sources_path(run->sources, base->mark.file) : STR_EMPTY;
    file = file.len ? path_join(run->arena, run->folder, file) : config->file;
    struct str folder = file.len ? path_folder(file) : STR_EMPTY;
    config->base_path =
            config_base_folder(run, value_text(base), folder, places, is_from_outside);
    struct str git = git_root_of(run, config->base_path);
    config->repository = git.len ? git : config->base_path;
    config->stacks_folder =
            join(run, config->base_path, config_text(config, "stacks.base_path"));
    config->terraform_base = config_text(config, "components.terraform.base_path");
    config->terraform_folder = join(run, config->base_path, config->terraform_base);
}
