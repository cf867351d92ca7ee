/* SPDX-License-Identifier: Apache-2.0 */
/* Reading workflow files and giving them the forms that commands print. */
#include "workflows.h"

#include <stdlib.h>

#include "side_file.h"
#include "stack_internal.h"

enum {
    MAX_FILES = 10000
};

static const struct key *word(struct run *run, const char *text)
{
    return key_of(run->keys, str_from(text));
}

static void add(
        struct run *run, struct value_builder *map, const char *key, const struct value *value)
{
    value_builder_add(map, word(run, key), value, MARK_NONE);
}

static const struct value *text_value(struct run *run, struct str text)
{
    return value_string_new(run->arena, text, MARK_NONE);
}

/* ---- reading ---- */

/* A step as programs get it: always with `name`, `when` and `continue`. */
static const struct value *complete_step(struct run *run, const struct value *step, size_t at)
{
    static const char *const always[] = { "continue", "when" };
    const struct value *value = step;
    if (value_text(value_get_str(step, STR("name"))).len == 0) {
        struct str name = arena_printf(run->arena, "step%zu", at + 1);
        value = value_with(run->arena, value, word(run, "name"), text_value(run, name));
    }
    for (size_t i = 0; i < sizeof(always) / sizeof(always[0]); i++) {
        if (!value_get_str(step, str_from(always[i]))) {
            value = value_with(
                    run->arena, value, word(run, always[i]), value_null(run->arena, MARK_NONE));
        }
    }
    return value;
}

static int say_form(struct run *run, const struct value_entry *entry, const char *form)
{
    diag_add(&run->diags, &stack_diags[STACK_BAD_WORKFLOW], entry->mark, "\"%.*s\" must be %s",
            STR_ARG(entry->key->text), form);
    return ERR_INVALID;
}

static int complete_workflow(
        struct run *run, const struct value_entry *entry, const struct value **ret_value)
{
    if (!value_is(entry->value, VALUE_MAP)) {
        return say_form(run, entry, "a map with steps");
    }
    const struct value_entry *steps = value_entry_get_str(entry->value, STR("steps"));
    *ret_value = entry->value;
    if (!steps || value_is(steps->value, VALUE_NULL)) {
        return 0;
    }
    if (!value_is(steps->value, VALUE_LIST)) {
        return say_form(run, steps, "a list of steps");
    }
    size_t count = value_count(steps->value);
    const struct value **items = ARENA_ARRAY(run->arena, const struct value *, count);
    for (size_t i = 0; i < count; i++) {
        const struct value *step = value_at(steps->value, i);
        if (!value_is(step, VALUE_MAP)) {
            return say_form(run, steps, "a list of maps");
        }
        items[i] = complete_step(run, step, i);
    }
    *ret_value = value_with(run->arena, entry->value, steps->key,
            value_list_new(run->arena, items, count, steps->value->mark));
    return 0;
}

static int complete_file(struct run *run, const struct value *root,
        const struct value *workflows, const struct value **ret_value)
{
    struct value_builder named;
    struct value_builder file;
    int err = 0;
    value_builder_init(&named, run->arena, workflows->mark);
    value_builder_init(&file, run->arena, root->mark);
    for (size_t i = 0; i < value_count(workflows); i++) {
        const struct value_entry *entry = &workflows->as.map.entries[i];
        const struct value *workflow = NULL;
        int one = complete_workflow(run, entry, &workflow);
        err = err ? err : one;
        if (workflow) {
            value_builder_add(&named, entry->key, workflow, entry->mark);
        }
    }
    static const char *const kept[] = { "name", "description" };
    for (size_t i = 0; i < sizeof(kept) / sizeof(kept[0]); i++) {
        const struct value *value = value_get_str(root, str_from(kept[i]));
        if (value && !value_is(value, VALUE_NULL)) {
            add(run, &file, kept[i], value);
        }
    }
    add(run, &file, "workflows", value_builder_map(&named));
    *ret_value = value_builder_map(&file);
    return err;
}

/* *ret_value stays NULL when the file has no workflows. */
static int read_file(struct run *run, struct str path, const struct value **ret_value)
{
    const struct value *root = NULL;
    struct mark start;
    int err = side_file_read(run, path, &root, &start);
    if (err) {
        return err;
    }
    const struct value *workflows = value_get_str(root, STR("workflows"));
    if (!value_is(workflows, VALUE_MAP)) {
        struct diag *diag = diag_add(&run->diags, &stack_diags[STACK_NO_WORKFLOWS], start,
                "the file has no map \"workflows\" and is skipped");
        diag->hint = STR("move the file out of the folder of workflows if it is none");
        return 0;
    }
    return complete_file(run, root, workflows, ret_value);
}

static int find_folder(struct run *run, struct str *ret_folder)
{
    struct str written = config_text(run->config, "workflows.base_path");
    struct str folder = path_join(run->arena, run->config->base_path, written);
    if (written.len == 0 || !file_is_folder(folder)) {
        const struct value *value = config_get(run->config, "workflows.base_path");
        struct diag *diag =
                written.len == 0 ? diag_add(&run->diags, &stack_diags[STACK_NO_WORKFLOW_FOLDER],
                                           MARK_NONE, "\"workflows.base_path\" is not set")
                                 : diag_add(&run->diags, &stack_diags[STACK_NO_WORKFLOW_FOLDER],
                                           value ? value->mark : MARK_NONE,
                                           "there is no folder \"%.*s\" for workflows",
                                           STR_ARG(written));
        diag->hint =
                STR("set workflows.base_path in atmos.yaml to the folder of workflow files");
        return ERR_NOT_FOUND;
    }
    *ret_folder = folder;
    return 0;
}

static int cmp_paths(const void *a, const void *b)
{
    return str_cmp(*(const struct str *)a, *(const struct str *)b);
}

int workflows_load(struct run *run, const struct value **ret_files)
{
    struct str folder;
    int err = find_folder(run, &folder);
    if (err) {
        return err;
    }
    struct str pattern = pattern_join(run->arena, folder, STR("**/*.{yaml,yml}"));
    struct str *paths = NULL;
    size_t count = 0;
    err = glob_find(run->arena, pattern, MAX_FILES, &paths, &count);
    if (err) {
        diag_add(&run->diags, &stack_diags[STACK_LIMIT], MARK_NONE,
                "there are more than %d workflow files", MAX_FILES);
        return err;
    }
    if (count) {
        qsort(paths, count, sizeof(*paths), cmp_paths);
    }
    struct value_builder files;
    value_builder_init(&files, run->arena, MARK_NONE);
    for (size_t i = 0; i < count; i++) {
        const struct value *file = NULL;
        int one = read_file(run, paths[i], &file);
        err = err ? err : one;
        if (file) {
            struct str name = path_relative(run->arena, folder, paths[i]);
            value_builder_add(&files, key_of(run->keys, name), file, MARK_NONE);
        }
    }
    *ret_files = value_builder_map(&files);
    return err;
}

/* ---- showing ---- */

static int cmp_entries(const void *a, const void *b)
{
    const struct value_entry *left = *(const struct value_entry *const *)a;
    const struct value_entry *right = *(const struct value_entry *const *)b;
    return str_cmp(left->key->text, right->key->text);
}

/* The workflows of a file by name. */
static const struct value_entry **sorted(
        struct run *run, const struct value *file, size_t *ret_count)
{
    const struct value *workflows = value_get_str(file, STR("workflows"));
    size_t count = value_count(workflows);
    const struct value_entry **list =
            ARENA_ARRAY(run->arena, const struct value_entry *, count);
    for (size_t i = 0; i < count; i++) {
        list[i] = &workflows->as.map.entries[i];
    }
    if (count) {
        qsort(list, count, sizeof(*list), cmp_entries);
    }
    *ret_count = count;
    return list;
}

static const struct value *rows(struct run *run, const struct value *files, bool with_details)
{
    VEC(const struct value *) items = { 0 };
    for (size_t f = 0; f < value_count(files); f++) {
        const struct value_entry *file = &files->as.map.entries[f];
        size_t count;
        const struct value_entry **list = sorted(run, file->value, &count);
        for (size_t i = 0; i < count; i++) {
            struct value_builder row;
            value_builder_init(&row, run->arena, list[i]->mark);
            add(run, &row, "file", text_value(run, file->key->text));
            add(run, &row, "workflow", text_value(run, list[i]->key->text));
            if (with_details) {
                const struct value *text = value_get_str(list[i]->value, STR("description"));
                size_t steps = value_count(value_get_str(list[i]->value, STR("steps")));
                add(run, &row, "description", text_value(run, value_text(text)));
                add(run, &row, "steps", value_int_new(run->arena, (int64_t)steps, MARK_NONE));
            }
            VEC_PUSH(run->arena, &items, value_builder_map(&row));
        }
    }
    return value_list_new(run->arena, items.items, items.count, MARK_NONE);
}

const struct value *workflows_list(struct run *run, const struct value *files)
{
    return rows(run, files, false);
}

const struct value *workflows_rows(struct run *run, const struct value *files)
{
    return rows(run, files, true);
}

const struct value *workflows_names(struct run *run, const struct value *files)
{
    struct value_builder map;
    value_builder_init(&map, run->arena, MARK_NONE);
    for (size_t f = 0; f < value_count(files); f++) {
        const struct value_entry *file = &files->as.map.entries[f];
        size_t count;
        const struct value_entry **list = sorted(run, file->value, &count);
        const struct value **names = ARENA_ARRAY(run->arena, const struct value *, count);
        for (size_t i = 0; i < count; i++) {
            names[i] = text_value(run, list[i]->key->text);
        }
        value_builder_add(&map, file->key, value_list_new(run->arena, names, count, MARK_NONE),
                MARK_NONE);
    }
    return value_builder_map(&map);
}
