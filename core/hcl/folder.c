/* SPDX-License-Identifier: Apache-2.0 */
/* The Terraform files of a folder, read in the order Terraform merges them. */
#include <errno.h>
#include <string.h>

#include "hcl.h"

/* Editors leave such files behind; Terraform passes over them, too. */
static bool is_ignored(struct str name)
{
    return str_starts_with(name, STR(".")) || str_ends_with(name, STR("~")) ||
           (str_starts_with(name, STR("#")) && str_ends_with(name, STR("#")));
}

/* The name without .tf or .tf.json; empty: another file. */
static struct str stem_of(struct str name, bool *ret_is_json)
{
    *ret_is_json = str_ends_with(name, STR(".tf.json"));
    size_t extension = *ret_is_json ? strlen(".tf.json") : strlen(".tf");
    if (is_ignored(name) || (!*ret_is_json && !str_ends_with(name, STR(".tf")))) {
        return STR_EMPTY;
    }
    return str_sub(name, 0, name.len - extension);
}

static int unreadable(struct run *run, struct mark mark, struct str path, const char *why)
{
    (void)diag_add(&run->diags, &hcl_diags[HCL_UNREADABLE], mark, "cannot read \"%.*s\": %s",
            STR_ARG(path), why);
    return ERR_IO;
}

static int read_file(struct run *run, struct str path, bool is_json,
        hcl_add_source_fn *add_source, struct hcl_body *ret_body)
{
    struct hcl_input input = { .arena = run->arena,
        .keys = run->keys,
        .diags = &run->diags,
        .file = add_source(run, path) };
    struct mark mark = { input.file, 0, 0 };
    int code = file_read(run->arena, path, HCL_MAX_BYTES, &input.text);
    if (code == ERR_LIMIT) {
        (void)diag_add(&run->diags, &hcl_diags[HCL_LIMIT], mark,
                "\"%.*s\" is larger than %d MiB", STR_ARG(path_base(path)),
                HCL_MAX_BYTES / 1024 / 1024);
        return code;
    }
    if (code != 0) {
        return unreadable(run, mark, path_base(path),
                code == ERR_INVALID ? "not a regular file" : strerrordesc_np(errno));
    }
    return is_json ? hcl_read_json(&input, ret_body) : hcl_read(&input, ret_body);
}

int hcl_read_folder(struct run *run, struct str folder, hcl_add_source_fn *add_source,
        const struct hcl_file **ret_files, size_t *ret_count)
{
    struct folder_entry *entries = NULL;
    size_t entry_count = 0;
    VEC(struct hcl_file) files = { 0 };
    int first = 0;
    int code = folder_list(run->arena, folder, &entries, &entry_count);
    if (code != 0 && code != ERR_NOT_FOUND) {
        first = unreadable(run, MARK_NONE, folder, strerrordesc_np(errno));
        entry_count = 0;
    }
    for (size_t pass = 0; code == 0 && pass < 2; pass++) {
        for (size_t i = 0; i < entry_count; i++) {
            bool is_json = false;
            struct str stem = stem_of(entries[i].name, &is_json);
            bool is_override =
                    str_eq(stem, STR("override")) || str_ends_with(stem, STR("_override"));
            if (stem.len == 0 || entries[i].kind == FILE_FOLDER || is_override != (pass == 1)) {
                continue;
            }
            struct hcl_file file = { .path = path_join(run->arena, folder, entries[i].name) };
            int own = read_file(run, file.path, is_json, add_source, &file.body);
            if (own == 0) {
                VEC_PUSH(run->arena, &files, file);
            }
            first = first ? first : own;
        }
    }
    *ret_files = files.items;
    *ret_count = files.count;
    return first;
}
