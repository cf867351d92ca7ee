/* SPDX-License-Identifier: Apache-2.0 */
/* Copying a Terraform root module into a repository, and updating it without losing edits. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "terraform_private.h"

enum {
    FILE_MAX_BYTES = 16 * 1024 * 1024,
    DEPTH_MAX = 8
};

#define STAMP_NAME ".tf-atmos-module.json"

struct file {
    struct str path; /* within the module */
    struct str content;
    struct str digest;
};

VEC_TYPE(file_list, struct file);
VEC_TYPE(change_list, struct module_change);

struct adding {
    struct run *run;
    const struct module_request *request;
    struct file_list files;
    const struct value *stamp; /* of the copy that is there: map of path to digest, or NULL */
    struct change_list changes;
};

static int unreadable(struct run *run, struct str path, int error)
{
    diag_add(&run->diags, &terraform_diags[TERRAFORM_MODULE_UNREADABLE], MARK_NONE,
            "cannot read \"%.*s\": %s", STR_ARG(path), strerrordesc_np(error));
    return ERR_IO;
}

/* Examples are for readers of the module, hidden entries are leftovers of terraform. */
static bool is_left_out(struct str path)
{
    return path_base(path).ptr[0] == '.' || str_eq_cstr(path, "examples");
}

static int read_module(struct adding *adding)
{
    static const struct tree_limits limits = { DEPTH_MAX, SIZE_MAX, FILE_MAX_BYTES,
        is_left_out };
    struct run *run = adding->run;
    struct tree_files files = { 0 };
    struct str failed;
    if (tree_read(run->arena, adding->request->source, &limits, &files, &failed) != 0) {
        return unreadable(run, failed, errno);
    }
    for (size_t i = 0; i < files.count; i++) {
        struct file file = { .path = files.items[i].path, .content = files.items[i].content };
        file.digest = sha256_hex(run->arena, sha256_of(file.content));
        VEC_PUSH(run->arena, &adding->files, file);
    }
    return 0;
}

static void read_stamp(struct adding *adding)
{
    struct run *run = adding->run;
    struct diags unheard;
    struct str text;
    const struct value *stamp = NULL;
    diags_init(&unheard, run->arena);
    struct str path = path_join(run->arena, adding->request->target, STR(STAMP_NAME));
    /* An unreadable stamp is none: every file that differs then counts as edited. */
    if (file_read(run->arena, path, FILE_MAX_BYTES, &text) == 0 &&
            json_read(run->arena, run->keys, &unheard, text, path, 0, &stamp) == 0) {
        const struct value *files = value_get_path(stamp, "files");
        adding->stamp = value_is(files, VALUE_MAP) ? files : NULL;
    }
}

static struct str stamp_text(struct adding *adding)
{
    struct run *run = adding->run;
    struct value_builder files;
    struct value_builder top;
    value_builder_init(&files, run->arena, MARK_NONE);
    value_builder_init(&top, run->arena, MARK_NONE);
    for (size_t i = 0; i < adding->files.count; i++) {
        value_builder_add(&files, key_of(run->keys, adding->files.items[i].path),
                value_string_new(run->arena, adding->files.items[i].digest, MARK_NONE),
                MARK_NONE);
    }

    const struct {
        struct str name;
        struct str text;
    } members[] = {
        { STR_INIT("format_version"), STR_INIT("1.0") },
        { STR_INIT("plugin"), adding->request->plugin },
        { STR_INIT("version"), adding->request->version },
    };

    for (size_t i = 0; i < sizeof(members) / sizeof(members[0]); i++) {
        value_builder_add(&top, key_of(run->keys, members[i].name),
                value_string_new(run->arena, members[i].text, MARK_NONE), MARK_NONE);
    }
    value_builder_add(
            &top, key_of(run->keys, STR("files")), value_builder_map(&files), MARK_NONE);
    AUTO_BUF text = BUF_INIT(BUF_UNBOUNDED);
    json_write(&text, value_builder_map(&top), 0);
    buf_add_byte(&text, '\n');
    return arena_dup(run->arena, buf_str(&text));
}

/* The digest of a file that is there, empty when there is none. */
static int digest_of(struct adding *adding, struct str path, struct str *ret_digest)
{
    struct run *run = adding->run;
    struct str full = path_join(run->arena, adding->request->target, path);
    struct str content;
    *ret_digest = STR_EMPTY;
    int r = file_read(run->arena, full, FILE_MAX_BYTES, &content);
    if (r == ERR_NOT_FOUND) {
        return 0;
    }
    if (r) {
        return unreadable(run, full, errno);
    }
    *ret_digest = sha256_hex(run->arena, sha256_of(content));
    return 0;
}

static void add_change(
        struct adding *adding, struct str path, enum module_change_kind kind, bool is_edited)
{
    struct module_change change = { path, kind, is_edited };
    VEC_PUSH(adding->run->arena, &adding->changes, change);
}

/* What has to happen to each file; which of them somebody has edited. */
static int plan_changes(struct adding *adding)
{
    struct str now;
    for (size_t i = 0; i < adding->files.count; i++) {
        const struct file *file = &adding->files.items[i];
        int r = digest_of(adding, file->path, &now);
        if (r) {
            return r;
        }
        struct str stamped = value_string(value_get_str(adding->stamp, file->path));
        if (now.len == 0) {
            add_change(adding, file->path, MODULE_ADDED, false);
        } else if (!str_eq(now, file->digest)) {
            add_change(adding, file->path, MODULE_CHANGED, !str_eq(now, stamped));
        } else {
            add_change(adding, file->path, MODULE_SAME, false);
        }
    }
    for (size_t i = 0; adding->stamp && i < value_count(adding->stamp); i++) {
        const struct value_entry *entry = &adding->stamp->as.map.entries[i];
        /* The stamp is a file of the repository: it must not name others than the module's. */
        bool is_known = !path_is_below(adding->request->target,
                path_join(adding->run->arena, adding->request->target, entry->key->text));
        for (size_t k = 0; k < adding->files.count; k++) {
            is_known = is_known || str_eq(adding->files.items[k].path, entry->key->text);
        }
        int r = is_known ? 0 : digest_of(adding, entry->key->text, &now);
        if (r) {
            return r;
        }
        if (!is_known && now.len > 0) {
            add_change(adding, entry->key->text, MODULE_REMOVED,
                    !str_eq(now, value_string(entry->value)));
        }
    }
    return 0;
}

static int refuse_edited(struct adding *adding)
{
    struct run *run = adding->run;
    VEC(struct str) names = { 0 };
    for (size_t i = 0; i < adding->changes.count; i++) {
        if (adding->changes.items[i].is_edited) {
            VEC_PUSH(run->arena, &names, adding->changes.items[i].path);
        }
    }
    if (names.count == 0 || adding->request->is_forced) {
        return 0;
    }
    struct diag *diag = diag_add(&run->diags, &terraform_diags[TERRAFORM_MODULE_EDITED],
            MARK_NONE, "\"%.*s\" has files that were edited: %.*s",
            STR_ARG(adding->request->shown),
            STR_ARG(arena_join(run->arena, names.items, names.count, STR(", "))));
    diag->hint = STR("keep your copy, or replace it with --force");
    return ERR_CONFLICT;
}

static int not_written(struct run *run, struct str path)
{
    diag_add(&run->diags, &terraform_diags[TERRAFORM_NOT_WRITTEN], MARK_NONE,
            "cannot write \"%.*s\": %s", STR_ARG(path), strerrordesc_np(errno));
    return ERR_IO;
}

static int write_file(struct run *run, struct str folder, struct str path, struct str content)
{
    struct str full = path_join(run->arena, folder, path);
    if (folder_create(path_folder(full), 0755) || file_write_atomic(full, content, 0644)) {
        return not_written(run, full);
    }
    return 0;
}

/*
 * Into a folder that is there: each file whole or not at all, the stamp last. A run that was cut off
 * is finished by the next one, since a file with the new content does not count as edited.
 */
static int write_changes(struct adding *adding)
{
    struct run *run = adding->run;
    int r = 0;
    for (size_t i = 0; i < adding->changes.count && r == 0; i++) {
        const struct module_change *change = &adding->changes.items[i];
        struct str full = path_join(run->arena, adding->request->target, change->path);
        if (change->kind == MODULE_REMOVED) {
            r = unlink(arena_cstr(run->arena, full)) == 0 ? 0 : not_written(run, full);
        } else if (change->kind != MODULE_SAME) {
            r = write_file(
                    run, adding->request->target, change->path, adding->files.items[i].content);
        }
    }
    return r ? r
             : write_file(run, adding->request->target, STR(STAMP_NAME), stamp_text(adding));
}

/* Into a new folder: put together beside it and renamed, so that it is there whole or not at all. */
static int write_new(struct adding *adding)
{
    struct run *run = adding->run;
    struct str target = adding->request->target;
    struct str parent = path_folder(target);
    char *work = arena_cstr(
            run->arena, arena_printf(run->arena, "%.*s/.tf-atmos-XXXXXX", STR_ARG(parent)));
    if (folder_create(parent, 0755) || !mkdtemp(work)) {
        return not_written(run, target);
    }
    int r = 0;
    for (size_t i = 0; i < adding->files.count && r == 0; i++) {
        r = write_file(run, str_from(work), adding->files.items[i].path,
                adding->files.items[i].content);
    }
    if (r == 0) {
        r = write_file(run, str_from(work), STR(STAMP_NAME), stamp_text(adding));
    }
    if (r == 0 &&
            (chmod(work, 0755) != 0 || rename(work, arena_cstr(run->arena, target)) != 0)) {
        r = not_written(run, target);
    }
    if (r) {
        folder_remove(str_from(work));
    }
    return r;
}

int terraform_module_add(struct run *run, const struct module_request *request,
        const struct module_change **ret_changes, size_t *ret_count)
{
    struct adding adding = { .run = run, .request = request };
    bool is_new = file_kind_of(request->target) == FILE_MISSING;
    int r = read_module(&adding);
    if (r == 0) {
        read_stamp(&adding);
        r = plan_changes(&adding);
    }
    if (r == 0) {
        r = refuse_edited(&adding);
    }
    if (r == 0 && !request->is_dry_run) {
        r = is_new ? write_new(&adding) : write_changes(&adding);
    }
    if (r == 0) {
        *ret_changes = adding.changes.items;
        *ret_count = adding.changes.count;
    }
    return r;
}
