/* SPDX-License-Identifier: Apache-2.0 */
/* The files of the section `generate`: text as it is, maps by the extension of the name. */
#include <errno.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "hcl/hcl.h"
#include "terraform_private.h"

enum {
    /* These are sources of the component as a checkout brings them, read by editors and other users of
     * a shared folder. What holds something sensitive is kept from them. */
    SOURCE_MODE = 0644,
    SECRET_MODE = 0600,
    FOLDER_MODE = 0755,
    TEXT_MAX = 64 * 1024 * 1024
};

static struct diag *refuse_at(struct run *run, const struct instance *instance,
        enum terraform_diag which, struct mark mark, const struct value_entry *entry,
        struct str what)
{
    struct diag *diag = diag_add(&run->diags, &terraform_diags[which], mark,
            "\"%.*s\" in generate %.*s", STR_ARG(entry->key->text), STR_ARG(what));
    diag->stack = instance->stack;
    diag->component = instance->name;
    return diag;
}

static struct diag *refuse(struct run *run, const struct instance *instance,
        enum terraform_diag which, const struct value_entry *entry, const char *what)
{
    struct mark mark =
            entry->value && entry->value->mark.file ? entry->value->mark : entry->mark;
    return refuse_at(run, instance, which, mark, entry, str_from(what));
}

/* ---- maps by the extension of the file ---- */

typedef int serialize_fn(struct run *run, struct buf *text, const struct value *map,
        struct hcl_fault *ret_fault);

static int serialize_json(
        struct run *run, struct buf *text, const struct value *map, struct hcl_fault *ret_fault)
{
    (void)run;
    (void)ret_fault;
    json_write(text, map, JSON_ESCAPE_HTML);
    buf_add_byte(text, '\n');
    return 0;
}

static int serialize_yaml(
        struct run *run, struct buf *text, const struct value *map, struct hcl_fault *ret_fault)
{
    (void)run;
    (void)ret_fault;
    yaml_write(text, map, &(struct yaml_style){ .indent = 2 });
    return 0;
}

static int serialize_config(
        struct run *run, struct buf *text, const struct value *map, struct hcl_fault *ret_fault)
{
    return hcl_write(run->arena, text, map, HCL_CONFIG, ret_fault);
}

static int serialize_values(
        struct run *run, struct buf *text, const struct value *map, struct hcl_fault *ret_fault)
{
    return hcl_write(run->arena, text, map, HCL_VALUES, ret_fault);
}

/* Every other extension is that of JSON. */
static const struct {
    const char *extension;
    serialize_fn *serialize;
} forms[] = {
    { ".hcl", serialize_config },
    { ".tf", serialize_config },
    { ".tofu", serialize_config },
    { ".tfbackend", serialize_values },
    { ".tfvars", serialize_values },
    { ".yaml", serialize_yaml },
    { ".yml", serialize_yaml },
};

static serialize_fn *find_form(struct str name)
{
    struct str extension = path_extension(name);
    for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
        if (extension.len == strlen(forms[i].extension) &&
                strncasecmp(extension.ptr, forms[i].extension, extension.len) == 0) {
            return forms[i].serialize;
        }
    }
    return serialize_json;
}

/* ---- one file ---- */

static int make_text(struct run *run, const struct instance *instance,
        struct generate_filling *filling, const struct value_entry *entry, struct str *ret_text)
{
    const struct value *value = entry->value;
    AUTO_BUF text = BUF_INIT(TEXT_MAX);
    if (!value_is(value, VALUE_STRING) && !value_is(value, VALUE_MAP)) {
        refuse(run, instance, TERRAFORM_GENERATE_CONTENT, entry,
                "must be text, or a map that is written by its extension");
        return ERR_INVALID;
    }
    int code = generate_fill(filling, value, &value);
    if (code != 0) {
        bool is_missing = code == ERR_UNSUPPORTED;
        refuse_at(run, instance,
                is_missing ? TERRAFORM_UNSUPPORTED : TERRAFORM_GENERATE_CONTENT, filling->mark,
                entry, filling->what)
                ->hint = filling->hint;
        return code;
    }
    if (value_is(value, VALUE_STRING)) {
        *ret_text = value_text(value);
        return 0;
    }
    struct hcl_fault fault = { 0 };
    code = find_form(entry->key->text)(run, &text, value, &fault);
    if (code != 0) {
        refuse_at(run, instance, TERRAFORM_GENERATE_CONTENT, fault.mark, entry, fault.what);
        return code;
    }
    if (text.is_full) {
        refuse(run, instance, TERRAFORM_GENERATE_CONTENT, entry, "is larger than 64 MiB");
        return ERR_LIMIT;
    }
    *ret_text = arena_dup(run->arena, buf_str(&text));
    return 0;
}

/* The place of a file: inside of the component folder, by its name alone. */
static int make_path(struct run *run, const struct instance *instance,
        const struct value_entry *entry, struct str *ret_path)
{
    struct str name = entry->key->text;
    struct str folder = path_clean(run->arena, instance->path);
    struct str path = path_join(run->arena, folder, name);
    bool is_folder = str_ends_with(name, STR("/"));
    if (path_is_absolute(name) || is_folder || str_eq(path, folder) ||
            !path_is_below(folder, path)) {
        refuse(run, instance, TERRAFORM_GENERATE_ESCAPES, entry,
                is_folder ? "names a folder" : "does not lie in the component folder")
                ->hint = STR("use a path relative to the component folder, without \"..\"");
        return ERR_DENIED;
    }
    *ret_path = path;
    return 0;
}

static int collect(struct run *run, const struct instance *instance, bool has_text,
        const struct terraform_generated **ret_files, size_t *ret_count)
{
    const struct value *section = value_get_str(instance->others, STR("generate"));
    VEC(struct terraform_generated) files = { 0 };
    struct generate_filling filling = { .run = run, .instance = instance };
    struct map seen = { 0 };
    int first = 0;
    for (size_t i = 0; i < value_count(section); i++) {
        const struct value_entry *entry = &section->as.map.entries[i];
        struct terraform_generated file = { .entry = entry };
        int code = make_path(run, instance, entry, &file.path);
        if (code == 0 && map_put(run->arena, &seen, file.path, run)) {
            refuse(run, instance, TERRAFORM_GENERATE_CONTENT, entry,
                    "names a file that another key names, too");
            code = ERR_CONFLICT;
        }
        filling.has_templates = false;
        if (code == 0 && has_text) {
            code = make_text(run, instance, &filling, entry, &file.text);
        }
        if (code == 0) {
            struct stat st;
            file.is_present = lstat(file.path.ptr, &st) == 0 && !S_ISDIR(st.st_mode);
            /* A template may print anything it sees. */
            file.is_sensitive = value_has_sensitive(entry->value) ||
                                (filling.has_templates && value_has_sensitive(filling.data));
            VEC_PUSH(run->arena, &files, file);
        }
        first = first ? first : code;
    }
    if (first == 0) {
        *ret_files = files.items;
        *ret_count = files.count;
    }
    return first;
}

int terraform_generated_files(struct run *run, const struct instance *instance,
        const struct terraform_generated **ret_files, size_t *ret_count)
{
    return collect(run, instance, true, ret_files, ret_count);
}

int terraform_generated_places(struct run *run, const struct instance *instance,
        const struct terraform_generated **ret_files, size_t *ret_count)
{
    return collect(run, instance, false, ret_files, ret_count);
}

/* Where the path leads once links are followed: a link must not carry a file out of the component.
 * The deepest folder that exists decides, before any is made. */
static bool leads_outside(struct run *run, const struct instance *instance, struct str path)
{
    struct str folder;
    struct str real;
    if (path_resolve(run->arena, instance->path, &folder) != 0) {
        return true;
    }
    for (struct str above = path_folder(path); above.len > 1; above = path_folder(above)) {
        int code = path_resolve(run->arena, arena_dup(run->arena, above), &real);
        if (code != ERR_NOT_FOUND) {
            return code != 0 || !path_is_below(folder, real);
        }
    }
    return true;
}

static int expect_inside(struct run *run, const struct instance *instance,
        const struct terraform_generated *file)
{
    if (!leads_outside(run, instance, file->path)) {
        return 0;
    }
    refuse(run, instance, TERRAFORM_GENERATE_ESCAPES, file->entry,
            "leads out of the component folder by a symbolic link");
    return ERR_DENIED;
}

/* errno says why. */
static int say_failed(struct run *run, const struct instance *instance,
        const struct terraform_generated *file, const char *what)
{
    int error = errno;
    struct diag *diag = diag_add(&run->diags, &terraform_diags[TERRAFORM_NOT_WRITTEN],
            file->entry->mark, "cannot %s \"%.*s\": %s", what, STR_ARG(file->path),
            strerrordesc_np(error));
    diag->stack = instance->stack;
    diag->component = instance->name;
    return ERR_IO;
}

static int write_one(struct run *run, const struct instance *instance,
        const struct terraform_generated *file)
{
    struct str present;
    int code = expect_inside(run, instance, file);
    if (code != 0) {
        return code;
    }
    if (file_read(run->arena, file->path, file->text.len + 1, &present) == 0 &&
            str_eq(present, file->text)) {
        return 0;
    }
    struct str folder = arena_dup(run->arena, path_folder(file->path));
    mode_t mode = file->is_sensitive ? SECRET_MODE : SOURCE_MODE;
    if (folder_create(folder, FOLDER_MODE) == 0 &&
            file_write_atomic(file->path, file->text, mode) == 0) {
        return 0;
    }
    return say_failed(run, instance, file, "write");
}

int terraform_generated_folder(
        struct run *run, const struct instance *instance, size_t file_count)
{
    struct str folder = path_clean(run->arena, instance->path);
    if (file_count == 0 || file_is_folder(folder) || folder_create(folder, FOLDER_MODE) == 0) {
        return 0;
    }
    int error = errno;
    struct diag *diag =
            diag_add(&run->diags, &terraform_diags[TERRAFORM_NOT_WRITTEN], instance->mark,
                    "cannot create \"%.*s\": %s", STR_ARG(folder), strerrordesc_np(error));
    diag->stack = instance->stack;
    diag->component = instance->name;
    return ERR_IO;
}

int terraform_generated_write(struct run *run, const struct instance *instance,
        const struct terraform_generated *files, size_t count)
{
    int code = terraform_generated_folder(run, instance, count);
    for (size_t i = 0; code == 0 && i < count; i++) {
        code = write_one(run, instance, &files[i]);
    }
    return code;
}

int terraform_generated_remove(struct run *run, const struct instance *instance,
        const struct terraform_generated *files, size_t count)
{
    int code = 0;
    for (size_t i = 0; code == 0 && i < count; i++) {
        if (!files[i].is_present) {
            continue;
        }
        code = expect_inside(run, instance, &files[i]);
        if (code == 0 && unlink(files[i].path.ptr) != 0 && errno != ENOENT) {
            code = say_failed(run, instance, &files[i], "remove");
        }
    }
    return code;
}
