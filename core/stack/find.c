/* SPDX-License-Identifier: Apache-2.0 */
/* Which files are top-level manifests (spec 1.7). */
#include <stdlib.h>

#include "stack_internal.h"

#define MAX_MANIFESTS 200000

static const struct str extensions[] = { STR_INIT(".yaml"), STR_INIT(".yml"),
    STR_INIT(".yaml.tmpl"), STR_INIT(".yml.tmpl") };
#define EXTENSION_COUNT (sizeof(extensions) / sizeof(extensions[0]))

static int say_pattern(struct resolver *r, struct str pattern, const char *key)
{
    const struct value *value = config_get(r->config, key);
    for (size_t i = 0; i < value_count(value); i++) {
        if (str_eq(value_text(value_at(value, i)), pattern)) {
            value = value_at(value, i);
            break;
        }
    }
    resolver_say(r, STACK_BAD_PATTERN, value ? value->mark : MARK_NONE,
            "the pattern \"%.*s\" of \"%s\" is malformed", STR_ARG(pattern), key);
    return ERR_INVALID;
}

/* A search that did not come to its end. */
static int say_search(struct resolver *r, struct str pattern, int err)
{
    if (err == ERR_INVALID) {
        return say_pattern(r, pattern, "stacks.included_paths");
    }
    const struct value *value = config_get(r->config, "stacks.included_paths");
    struct mark mark = value ? value->mark : MARK_NONE;
    resolver_say(r, STACK_LIMIT, mark, "the pattern \"%.*s\" matches more than %d files",
            STR_ARG(pattern), MAX_MANIFESTS);
    return err;
}

static bool is_excluded(const struct resolver *r, const struct str *excluded, struct str path)
{
    for (size_t i = 0; i < r->config->excluded_count; i++) {
        if (glob_match(excluded[i], path)) {
            return true;
        }
    }
    return false;
}

static int add_matches(
        struct resolver *r, struct str pattern, const struct str *excluded, struct map *found)
{
    struct str *paths = NULL;
    size_t count = 0;
    int err = glob_find(r->run->arena, pattern, MAX_MANIFESTS, &paths, &count);
    if (err) {
        return err;
    }
    for (size_t i = 0; i < count; i++) {
        if (!is_excluded(r, excluded, paths[i])) {
            map_put(r->run->arena, found, paths[i], found);
        }
    }
    return 0;
}

/* What a pattern selects; without extension, with each of those that manifests can have. */
static int add_pattern(struct resolver *r, struct str pattern, bool has_extension,
        const struct str *excluded, struct map *found)
{
    struct arena *arena = r->run->arena;
    struct str list = arena_join(arena, extensions, EXTENSION_COUNT, STR(","));
    struct str every = arena_printf(arena, "%.*s{%.*s}", STR_ARG(pattern), STR_ARG(list));
    if (has_extension || glob_is_valid(every)) {
        return add_matches(r, has_extension ? pattern : every, excluded, found);
    }
    /* Too many alternatives for one walk over the folders. */
    int err = 0;
    for (size_t i = 0; i < EXTENSION_COUNT && !err; i++) {
        struct str pieces[2] = { pattern, extensions[i] };
        err = add_matches(r, arena_join(arena, pieces, 2, STR_EMPTY), excluded, found);
    }
    return err;
}

struct str pattern_join(struct arena *arena, struct str folder, struct str pattern)
{
    VEC(char) plain = { 0 };
    for (size_t i = 0; i < folder.len; i++) {
        if (str_find(STR("*?[]{}\\"), folder.ptr[i]) >= 0) {
            VEC_PUSH(arena, &plain, '\\');
        }
        VEC_PUSH(arena, &plain, folder.ptr[i]);
    }
    return path_join(arena, (struct str){ plain.items, plain.count }, pattern);
}

struct str manifest_key(const struct resolver *r, struct str path)
{
    struct str key = path_relative(r->run->arena, r->config->stacks_folder, path);
    struct str extension = path_extension(key);
    if (str_eq(extension, STR(".yaml")) || str_eq(extension, STR(".yml"))) {
        key = str_sub(key, 0, key.len - extension.len);
    }
    return key;
}

struct found_file {
    struct str key;
    struct str path;
};

static int cmp_files(const void *left, const void *right)
{
    const struct found_file *a = left;
    const struct found_file *b = right;
    int order = str_cmp(a->key, b->key);
    return order ? order : str_cmp(a->path, b->path);
}

static int say_none(struct resolver *r)
{
    struct buf list = BUF_INIT(4096);
    for (size_t i = 0; i < r->config->included_count; i++) {
        struct str shown = path_relative(r->run->arena, r->config->base_path,
                path_join(r->run->arena, r->config->stacks_folder, r->config->included[i]));
        buf_addf(&list, "%s\"%.*s\"", i ? ", " : "", STR_ARG(shown));
    }
    const struct value *value = config_get(r->config, "stacks.included_paths");
    resolver_say(r, STACK_NO_MANIFESTS, value ? value->mark : MARK_NONE,
            "no stack manifest matches %.*s", STR_ARG(buf_str(&list)));
    buf_clear(&list);
    return ERR_NOT_FOUND;
}

/* Sorts by key and drops the second of two files of one key. */
static size_t order_files(struct resolver *r, const struct map *found, struct str **ret_paths)
{
    struct found_file *files = ARENA_ARRAY(r->run->arena, struct found_file, found->count);
    struct str *paths = ARENA_ARRAY(r->run->arena, struct str, found->count);
    size_t count = 0;
    for (size_t i = 0; i < found->count; i++) {
        files[i].path = found->entries[i].key;
        files[i].key = manifest_key(r, files[i].path);
    }
    if (found->count) {
        qsort(files, found->count, sizeof(*files), cmp_files);
    }
    for (size_t i = 0; i < found->count; i++) {
        if (i && str_eq(files[i].key, files[i - 1].key)) {
            resolver_say(r, STACK_SAME_KEY,
                    (struct mark){ config_add_source(r->run, files[i].path), 0, 0 },
                    "\"%.*s\" is selected with both extensions; the .yaml file is used",
                    STR_ARG(files[i].key));
            continue;
        }
        paths[count++] = files[i].path;
    }
    *ret_paths = paths;
    return count;
}

/* The patterns of what is excluded, absolute. NULL after a finding. */
static struct str *excluded_patterns(struct resolver *r)
{
    const struct config *config = r->config;
    struct str *excluded = ARENA_ARRAY(r->run->arena, struct str, config->excluded_count + 1);
    for (size_t i = 0; i < config->excluded_count; i++) {
        excluded[i] = pattern_join(r->run->arena, config->stacks_folder, config->excluded[i]);
        if (!glob_is_valid(excluded[i])) {
            say_pattern(r, config->excluded[i], "stacks.excluded_paths");
            return NULL;
        }
    }
    return excluded;
}

int manifests_find_every(struct resolver *r, struct str **ret_paths, size_t *ret_count)
{
    static const char all[] = "**/*.{yaml,yml}";
    struct map found = { 0 };
    const struct str *excluded = excluded_patterns(r);
    if (!excluded) {
        return ERR_INVALID;
    }
    struct str pattern = pattern_join(r->run->arena, r->config->stacks_folder, STR(all));
    int err = add_matches(r, pattern, excluded, &found);
    if (err) {
        return say_search(r, STR(all), err);
    }
    struct str *paths = ARENA_ARRAY(r->run->arena, struct str, found.count);
    for (size_t i = 0; i < found.count; i++) {
        paths[i] = found.entries[i].key;
    }
    *ret_paths = paths;
    *ret_count = found.count;
    return 0;
}

int manifests_find(struct resolver *r, struct str **ret_paths, size_t *ret_count)
{
    const struct config *config = r->config;
    struct map found = { 0 };
    const struct str *excluded = excluded_patterns(r);
    if (!excluded) {
        return ERR_INVALID;
    }
    for (size_t i = 0; i < config->included_count; i++) {
        struct str pattern =
                pattern_join(r->run->arena, config->stacks_folder, config->included[i]);
        if (!glob_is_valid(pattern)) {
            return say_pattern(r, config->included[i], "stacks.included_paths");
        }
        bool has_extension = path_extension(config->included[i]).len > 0;
        int err = add_pattern(r, pattern, has_extension, excluded, &found);
        if (err) {
            return say_search(r, config->included[i], err);
        }
    }
    if (found.count == 0) {
        return say_none(r);
    }
    *ret_count = order_files(r, &found, ret_paths);
    return 0;
}
