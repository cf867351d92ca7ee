/* SPDX-License-Identifier: Apache-2.0 */
/* Vendor manifests and component manifests as rows of a listing. */
#include "vendor.h"

#include <stdlib.h>

#include "side_file.h"
#include "stack_internal.h"

enum {
    MAX_FILES = 10000
};

#define VENDOR_KIND    "AtmosVendorConfig"
#define COMPONENT_KIND "ComponentVendorConfig"

struct vendor {
    struct run *run;
    struct map seen; /* paths of files that were found */
    VEC(struct str) todo; /* those imported, in order */
    VEC(const struct value *) rows;
    int err; /* of the first problem */
};

/* What is said about one copy. */
struct copy {
    struct str component;
    const char *type;
    const struct value *tags;
    struct str manifest; /* absolute */
    struct str folder;
    struct str source;
    struct str version;
};

static struct str text_at(const struct value *map, const char *key)
{
    return value_text(value_get_str(map, str_from(key)));
}

static void add_row(struct vendor *v, const struct copy *copy)
{
    struct run *run = v->run;
    struct value_builder row;
    value_builder_init(&row, run->arena, MARK_NONE);
    row_put_text(run, &row, "component", copy->component);
    row_put_text(run, &row, "type", str_from(copy->type));
    row_put_text(run, &row, "tags", texts_joined(run, copy->tags));
    value_builder_add(&row, key_of(run->keys, STR("tags_list")),
            value_is(copy->tags, VALUE_LIST) ? copy->tags
                                             : value_list_new(run->arena, NULL, 0, MARK_NONE),
            MARK_NONE);
    row_put_text(run, &row, "manifest",
            path_relative(run->arena, run->config->base_path, copy->manifest));
    row_put_text(run, &row, "folder", copy->folder);
    row_put_text(run, &row, "source", copy->source);
    row_put_text(run, &row, "version", copy->version);
    VEC_PUSH(run->arena, &v->rows, value_builder_map(&row));
}

static void keep_error(struct vendor *v, int err)
{
    v->err = v->err ? v->err : err;
}

static void say_bad(struct vendor *v, struct mark mark, const char *what)
{
    diag_add(&v->run->diags, &stack_diags[STACK_BAD_VENDOR], mark, "%s", what);
    keep_error(v, ERR_INVALID);
}

static void say_missing(struct vendor *v, struct mark mark, struct str path)
{
    diag_add(&v->run->diags, &stack_diags[STACK_NO_VENDOR], mark,
            "there is no vendor manifest \"%.*s\"", STR_ARG(path));
    keep_error(v, ERR_NOT_FOUND);
}

/* ---- vendor manifests ---- */

/* A target with its two fields filled in; other text in braces stays as it is. */
static struct str fill_target(
        struct run *run, struct str target, struct str component, struct str version)
{
    AUTO_BUF text = BUF_INIT(BUF_UNBOUNDED);
    while (target.len) {
        ptrdiff_t open = str_find_str(target, STR("{{"));
        ptrdiff_t close = str_find_str(target, STR("}}"));
        if (open < 0 || close < open) {
            break;
        }
        struct str field = str_trim(str_sub(target, (size_t)open + 2, (size_t)close));
        buf_add(&text, str_sub(target, 0, (size_t)open));
        if (str_eq_cstr(field, ".Component")) {
            buf_add(&text, component);
        } else if (str_eq_cstr(field, ".Version") && version.len) {
            buf_add(&text, version);
        } else {
            buf_add(&text, str_sub(target, (size_t)open, (size_t)close + 2));
        }
        target = str_from_index(target, (size_t)close + 2);
    }
    buf_add(&text, target);
    return arena_dup(run->arena, buf_str(&text));
}

static void read_source(struct vendor *v, struct str path, const struct value *source)
{
    const struct value *targets = value_get_str(source, STR("targets"));
    if (!value_is(source, VALUE_MAP)) {
        say_bad(v, source->mark, "a source of a vendor manifest is a map");
        return;
    }
    if (targets && !value_is(targets, VALUE_LIST)) {
        say_bad(v, targets->mark, "the targets of a source are a list");
        return;
    }
    struct copy copy = { .component = text_at(source, "component"),
        .type = "Vendor Manifest",
        .tags = value_get_str(source, STR("tags")),
        .manifest = path,
        .source = text_at(source, "source"),
        .version = text_at(source, "version") };
    for (size_t i = 0; i < value_count(targets); i++) {
        const struct value *target = value_at(targets, i);
        /* Newer manifests write targets as maps. */
        struct str text =
                value_is(target, VALUE_MAP) ? text_at(target, "path") : value_text(target);
        copy.folder = fill_target(v->run, text, copy.component, copy.version);
        add_row(v, &copy);
    }
}

/* Paths and patterns below the base path; the ending may be left out. */
static void read_import(struct vendor *v, const struct value *import)
{
    struct run *run = v->run;
    struct str written = value_text(import);
    bool has_ending =
            str_ends_with(written, STR(".yaml")) || str_ends_with(written, STR(".yml"));
    struct str name = has_ending
                              ? written
                              : arena_printf(run->arena, "%.*s.{yaml,yml}", STR_ARG(written));
    struct str pattern = path_is_absolute(name)
                                 ? name
                                 : pattern_join(run->arena, run->config->base_path, name);
    struct str *paths = NULL;
    size_t count = 0;
    int err = written.len ? glob_find(run->arena, pattern, MAX_FILES, &paths, &count) : 0;
    if (err || count == 0) {
        say_missing(v, import->mark, written);
    }
    for (size_t i = 0; i < count; i++) {
        VEC_PUSH(run->arena, &v->todo, paths[i]);
    }
}

static void read_manifest(struct vendor *v, struct str path, bool is_named)
{
    const struct value *root = NULL;
    struct mark start;
    if (map_has(&v->seen, path)) {
        return;
    }
    map_put(v->run->arena, &v->seen, path, v);
    int err = side_file_read(v->run, path, &root, &start);
    if (err) {
        keep_error(v, err);
        return;
    }
    if (!str_eq_cstr(text_at(root, "kind"), VENDOR_KIND)) {
        if (is_named) {
            say_bad(v, start, "a vendor manifest has kind: " VENDOR_KIND);
        }
        return;
    }
    const struct value *imports = value_get_path(root, "spec.imports");
    const struct value *sources = value_get_path(root, "spec.sources");
    for (size_t i = 0; value_is(imports, VALUE_LIST) && i < value_count(imports); i++) {
        read_import(v, value_at(imports, i));
    }
    for (size_t i = 0; value_is(sources, VALUE_LIST) && i < value_count(sources); i++) {
        read_source(v, path, value_at(sources, i));
    }
}

static void each_file(struct vendor *v, struct str folder, const char *pattern,
        void (*visit)(struct vendor *v, struct str folder, struct str path))
{
    struct arena *arena = v->run->arena;
    struct str *paths = NULL;
    size_t count = 0;
    int err = glob_find(
            arena, pattern_join(arena, folder, str_from(pattern)), MAX_FILES, &paths, &count);
    if (err) {
        diag_add(&v->run->diags, &stack_diags[STACK_LIMIT], MARK_NONE,
                "there are more than %d files in \"%.*s\"", MAX_FILES, STR_ARG(folder));
        keep_error(v, err);
        return;
    }
    for (size_t i = 0; i < count; i++) {
        visit(v, folder, paths[i]);
    }
}

static void visit_manifest(struct vendor *v, struct str folder, struct str path)
{
    (void)folder;
    read_manifest(v, path, false);
}

static void read_manifests(struct vendor *v)
{
    static const char *const usual[] = { "vendor.yaml", "vendor.yml" };
    struct run *run = v->run;
    struct str base = run->config->base_path;
    struct str written = config_text(run->config, "vendor.base_path");
    struct str path = path_join(run->arena, base, written);
    if (written.len && file_is_folder(path)) {
        each_file(v, path, "**/*.{yaml,yml}", visit_manifest);
        return;
    }
    if (written.len && file_is_present(path)) {
        read_manifest(v, path, true);
        return;
    }
    if (written.len) {
        const struct value *value = config_get(run->config, "vendor.base_path");
        say_missing(v, value ? value->mark : MARK_NONE, written);
        return;
    }
    for (size_t i = 0; i < sizeof(usual) / sizeof(usual[0]); i++) {
        path = path_join(run->arena, base, str_from(usual[i]));
        if (file_is_present(path)) {
            read_manifest(v, path, true);
            return;
        }
    }
}

/* ---- component manifests ---- */

static void visit_component(struct vendor *v, struct str folder, struct str path)
{
    struct run *run = v->run;
    const struct value *root = NULL;
    struct mark start;
    /* Copies that terraform made of modules are not of this repository. */
    if (str_find_str(path, STR("/.terraform/")) >= 0) {
        return;
    }
    int err = side_file_read(run, path, &root, &start);
    if (err || !str_eq_cstr(text_at(root, "kind"), COMPONENT_KIND)) {
        keep_error(v, err);
        return;
    }
    const struct value *source = value_get_path(root, "spec.source");
    add_row(v, &(struct copy){
                       .component = path_relative(run->arena, folder, path_folder(path)),
                       .type = "Component Manifest",
                       .manifest = path,
                       .folder = path_relative(
                               run->arena, run->config->base_path, path_folder(path)),
                       .source = text_at(source, "uri"),
                       .version = text_at(source, "version"),
               });
}

static int cmp_rows(const void *a, const void *b)
{
    static const char *const keys[] = { "component", "type", "manifest", "folder" };
    const struct value *left = *(const struct value *const *)a;
    const struct value *right = *(const struct value *const *)b;
    int order = 0;
    for (size_t i = 0; order == 0 && i < sizeof(keys) / sizeof(keys[0]); i++) {
        order = str_cmp(text_at(left, keys[i]), text_at(right, keys[i]));
    }
    return order;
}

int vendor_rows(struct run *run, const struct value **ret_rows)
{
    static const char *const types[] = { "terraform", "helmfile", "packer" };
    struct vendor v = { .run = run };
    read_manifests(&v);
    for (size_t i = 0; i < v.todo.count; i++) {
        read_manifest(&v, v.todo.items[i], true);
    }
    for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
        struct str written;
        struct str folder = config_component_folder(run, str_from(types[i]), &written);
        if (written.len && file_is_folder(folder)) {
            each_file(&v, folder, "**/component.{yaml,yml}", visit_component);
        }
    }
    if (v.rows.count) {
        qsort(v.rows.items, v.rows.count, sizeof(*v.rows.items), cmp_rows);
    }
    *ret_rows = value_list_new(run->arena, v.rows.items, v.rows.count, MARK_NONE);
    return v.err;
}
