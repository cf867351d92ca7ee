/* SPDX-License-Identifier: Apache-2.0 */
/* Whole repositories: lines "=== path" cut the input into files, everything in them is resolved and printed. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "must.h"
#include "out/out.h"
#include "pipeline.h"

#define TOP "/r" /* the repository; a path such as ../x names a file beside it */

static const char standard_config[] =
        "base_path: '.'\n"
        "stacks: {base_path: stacks, included_paths: ['deploy/**/*'], excluded_paths: "
        "['**/_*'],"
        " name_pattern: '{stage}'}\n"
        "components: {terraform: {base_path: components/terraform}}\n"
        "workflows: {base_path: workflows}\n";

struct entry {
    struct str path;
    struct str content;
    bool is_odd; /* as a FIFO: there, and not to be read */
};

/* The repository in memory. Global because the functions of base/file.h, which the linker lets go here
 * instead of to the disk (cmake/fuzz.cmake), have no room for it. */
static VEC(struct entry) files;

static const struct entry *find(struct str path)
{
    for (size_t i = 0; i < files.count; i++) {
        if (str_eq(files.items[i].path, path)) {
            return &files.items[i];
        }
    }
    return NULL;
}

/* ---- base/file.h ---- */

enum file_kind __wrap_file_kind_of(struct str path);
bool __wrap_file_is_regular(struct str path);
bool __wrap_file_is_folder(struct str path);
int __wrap_file_read(
        struct arena *arena, struct str path, size_t max_bytes, struct str *ret_content);
int __wrap_folder_list(struct arena *arena, struct str path, struct folder_entry **ret_entries,
        size_t *ret_count);
int __wrap_path_resolve(struct arena *arena, struct str path, struct str *ret_path);

enum file_kind __wrap_file_kind_of(struct str path)
{
    const struct entry *entry = find(path);
    if (entry) {
        return entry->is_odd ? FILE_OTHER : FILE_REGULAR;
    }
    for (size_t i = 0; i < files.count; i++) {
        if (path_is_below(path, files.items[i].path)) {
            return FILE_FOLDER;
        }
    }
    return FILE_MISSING;
}

bool __wrap_file_is_regular(struct str path)
{
    return __wrap_file_kind_of(path) == FILE_REGULAR;
}

bool __wrap_file_is_folder(struct str path)
{
    return __wrap_file_kind_of(path) == FILE_FOLDER;
}

int __wrap_file_read(
        struct arena *arena, struct str path, size_t max_bytes, struct str *ret_content)
{
    const struct entry *entry = find(path);
    if (!entry || entry->is_odd || entry->content.len > max_bytes) {
        errno = entry ? EINVAL : ENOENT;
        return !entry ? ERR_NOT_FOUND : entry->is_odd ? ERR_INVALID : ERR_LIMIT;
    }
    *ret_content = arena_dup(arena, entry->content);
    return 0;
}

static int cmp_entries(const void *left, const void *right)
{
    return str_cmp(((const struct folder_entry *)left)->name,
            ((const struct folder_entry *)right)->name);
}

int __wrap_folder_list(struct arena *arena, struct str path, struct folder_entry **ret_entries,
        size_t *ret_count)
{
    struct map seen = { 0 };
    VEC(struct folder_entry) entries = { 0 };
    if (__wrap_file_kind_of(path) != FILE_FOLDER) {
        errno = ENOENT;
        return ERR_NOT_FOUND;
    }
    for (size_t i = 0; i < files.count; i++) {
        if (!path_is_below(path, files.items[i].path) || str_eq(path, files.items[i].path)) {
            continue;
        }
        struct str rest = path_relative(arena, path, files.items[i].path);
        ptrdiff_t slash = str_find(rest, '/');
        struct str name = slash < 0 ? rest : str_sub(rest, 0, (size_t)slash);
        if (!map_has(&seen, name)) {
            map_put(arena, &seen, name, arena);
            VEC_PUSH(arena, &entries,
                    (struct folder_entry){
                            name, __wrap_file_kind_of(path_join(arena, path, name)), false });
        }
    }
    qsort(entries.items, entries.count, sizeof(*entries.items), cmp_entries);
    *ret_entries = entries.items;
    *ret_count = entries.count;
    return 0;
}

int __wrap_path_resolve(struct arena *arena, struct str path, struct str *ret_path)
{
    *ret_path = path_join(arena, STR(TOP), path);
    return __wrap_file_kind_of(*ret_path) == FILE_MISSING ? ERR_NOT_FOUND : 0;
}

/* ---- the repository ---- */

static void add_file(struct arena *arena, struct str name, struct str content, bool is_odd)
{
    struct str path = path_join(arena, STR(TOP), name);
    if (!find(path) && str_find(path, '\0') < 0) {
        VEC_PUSH(arena, &files, (struct entry){ path, content, is_odd });
    }
}

/* "=== path", or "=!= path" for what cannot be read. What stands before the first one is a stack. */
static bool is_separator(struct str line, struct str *ret_path, bool *ret_is_odd)
{
    *ret_is_odd = str_starts_with(line, STR("=!= "));
    if (!*ret_is_odd && !str_starts_with(line, STR("=== "))) {
        return false;
    }
    *ret_path = str_from_index(line, 4);
    return true;
}

static void unpack(struct arena *arena, struct str text)
{
    struct str name = STR("stacks/deploy/first.yaml");
    bool is_odd = false;
    size_t start = 0;
    files.items = NULL;
    files.count = files.cap = 0;
    for (size_t at = 0; at <= text.len;) {
        ptrdiff_t found = str_find(str_from_index(text, at), '\n');
        size_t end = found < 0 ? text.len : at + (size_t)found;
        struct str path = STR_EMPTY;
        bool next_is_odd = false;
        if (is_separator(str_sub(text, at, end), &path, &next_is_odd)) {
            add_file(arena, name, str_sub(text, start, at), is_odd);
            name = path;
            is_odd = next_is_odd;
            start = end < text.len ? end + 1 : end;
        }
        at = end + 1;
    }
    add_file(arena, name, str_from_index(text, start), is_odd);
    add_file(arena, STR("atmos.yaml"), STR(standard_config), false);
}

/* ---- what must hold ---- */

/* A failure has a finding and an error leads to one; each says something. */
static void check_findings(struct run *run, int err)
{
    must((err != 0) == (run->diags.error_count > 0));
    for (size_t i = 0; i < run->diags.list.count; i++) {
        const struct diag *diag = &run->diags.list.items[i];
        must(diag->message.len > 0 && diag->id);
        must(diag->exit_code > 0 || diag->severity != DIAG_ERROR);
    }
}

/* What is printed as JSON reads back as JSON. Names that are not UTF-8 may fall together in it. */
static void check_json(struct run *run, const struct value *value)
{
    struct buf text = BUF_INIT(1 << 26);
    struct diags diags;
    const struct value *back = NULL;
    diags_init(&diags, run->arena);
    json_write(&text, value, 0);
    must(!text.is_full);
    if (json_read(run->arena, run->keys, &diags, buf_str(&text), STR("output"), 0, &back) !=
            0) {
        must(str_find_str(buf_str(&text), STR("\\ufffd")) >= 0);
        must(strcmp(diags.list.items[0].id, "json/duplicate-key") == 0);
    }
    buf_clear(&text);
}

static void check_instances(struct run *run, const struct stacks *stacks)
{
    for (size_t i = 0; i < stacks->instance_count && i < 4; i++) {
        const struct instance *instance = stacks->instances[i];
        const struct instance *found = NULL;
        const struct value *value = NULL;
        must(stacks_select(run, stacks, instance->name, instance->stack, STR_EMPTY, &found) ==
                0);
        check_json(run, *instance_rows(run, &instance, 1));
        check_json(run, dependents_describe(run, stacks, instance));
        if (instance_describe(run, instance, true, &value) == 0) {
            check_json(run, value);
        }
    }
}

static void resolve(
        struct str text, int (*load)(struct run *, struct stacks **), bool is_described)
{
    char *environment[] = { NULL };
    struct run run;
    struct stacks *stacks = NULL;
    const struct stacks_filter all = { .include_empty_stacks = true };
    run_init(&run, environment, NULL);
    run.folder = STR(TOP);
    unpack(run.arena, text);
    int err = config_load(&run, NULL, true);
    check_findings(&run, err);
    if (err == 0) {
        err = load(&run, &stacks);
        check_findings(&run, err);
        must(stacks != NULL);
        if (is_described) {
            check_json(&run, stacks_describe(&run, stacks, &all));
            check_instances(&run, stacks);
        }
    }
    run_clear(&run);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str text = { (const char *)data, size };
    resolve(text, stacks_load, true);
    resolve(text, stacks_load_every, false);
    return 0;
}
