/* SPDX-License-Identifier: Apache-2.0 */
/* The imports of a manifest: what each item means, which files it names (spec 2.2). */
#include "known_keys.h"

#define MAX_IMPORTED_FILES 100000

/* One item of `import`, in both spellings. */
struct import_item {
    struct str path; /* as written */
    struct mark mark; /* of the path */
    const struct value *context; /* non-empty map or NULL */
    bool skips_templates;
    bool skips_missing;
};

/* Finding the files of one importing file. */
struct import_run {
    struct resolver *r;
    struct manifest_file *manifest; /* the importing file */
    VEC(struct import_group) groups;
    VEC(struct manifest_file *) files; /* of the group being found */
    int err;
};

static void fail(struct import_run *in, int err)
{
    in->err = in->err ? in->err : err;
}

static bool is_remote(struct str path)
{
    static const char *const hosts[] = { "github.com/", "gitlab.com/", "bitbucket.org/" };
    for (size_t i = 0; i < sizeof(hosts) / sizeof(hosts[0]); i++) {
        if (str_starts_with(path, str_from(hosts[i]))) {
            return true;
        }
    }
    return str_find_str(path, STR("://")) >= 0 || str_find_str(path, STR("::")) >= 0;
}

static bool say_bad(struct import_run *in, struct mark mark, const char *what)
{
    resolver_say(
            in->r, STACK_BAD_IMPORT, mark, "%s in \"%.*s\"", what, STR_ARG(in->manifest->key));
    fail(in, ERR_INVALID);
    return false;
}

static bool read_switch(
        struct import_run *in, const struct value *item, const char *key, bool *ret_truth)
{
    const struct value *value = value_get_str(item, str_from(key));
    *ret_truth = value_bool(value, false);
    if (!value || value_is(value, VALUE_BOOL) || value_is(value, VALUE_NULL)) {
        return true;
    }
    return say_bad(in, value->mark,
            arena_printf(
                    in->r->run->arena, "\"%s\" of an import is neither true nor false", key)
                    .ptr);
}

/* Of remote files: where what they import lies. Nothing else has a meaning (spec 2.2). */
static bool check_nested(struct import_run *in, const struct value *item)
{
    const struct value *value = value_get_str(item, STR("nested_imports"));
    if (!value || value_is(value, VALUE_NULL)) {
        return true;
    }
    if (value_is(value, VALUE_STRING) && (str_eq_cstr(value_text(value), "local") ||
                                                 str_eq_cstr(value_text(value), "remote"))) {
        return true;
    }
    return say_bad(in, value->mark,
            "\"nested_imports\" of an import is neither \"local\" nor \"remote\"");
}

static bool read_map(
        struct import_run *in, const struct value *value, struct import_item *ret_item)
{
    const struct value_entry *path = value_entry_get_str(value, STR("path"));
    const struct value *context = value_get_str(value, STR("context"));
    bool ignored = false;
    import_keys_check(in->r, value);
    if (!path || !value_is(path->value, VALUE_STRING)) {
        return say_bad(in, path ? path->mark : ret_item->mark,
                "an item of \"import\" has no \"path\"");
    }
    if (context && !value_is(context, VALUE_MAP) && !value_is(context, VALUE_NULL)) {
        return say_bad(in, context->mark, "the \"context\" of an import is not a map");
    }
    ret_item->mark = path->value->mark;
    ret_item->path = value_text(path->value);
    ret_item->context = value_count(context) ? context : NULL;
    return check_nested(in, value) &&
           read_switch(in, value, "skip_templates_processing", &ret_item->skips_templates) &&
           read_switch(in, value, "skip_if_missing", &ret_item->skips_missing) &&
           read_switch(in, value, "ignore_missing_template_values", &ignored);
}

static bool read_item(struct import_run *in, const struct value *value, struct mark list,
        struct import_item *ret_item)
{
    struct import_item item = { .mark = value->mark };
    if (item.mark.line == 0) {
        item.mark = list;
    }
    if (value_is(value, VALUE_NULL)) {
        return say_bad(in, item.mark, "an item of \"import\" is empty");
    }
    if (value_is(value, VALUE_MAP)) {
        if (!read_map(in, value, &item)) {
            return false;
        }
    } else if (value_is(value, VALUE_STRING)) {
        item.path = value_text(value);
    } else {
        return say_bad(in, item.mark, "an item of \"import\" is not a path");
    }
    if (item.path.len == 0) {
        return say_bad(in, item.mark, "an item of \"import\" is empty");
    }
    *ret_item = item;
    return true;
}

static void refuse(struct import_run *in, const struct import_item *item, const char *what)
{
    resolver_say(in->r, STACK_UNSUPPORTED, item->mark, "%s not supported yet: \"%.*s\"", what,
            STR_ARG(item->path));
    fail(in, ERR_UNSUPPORTED);
}

/* The same manifest in a folder whose name is near to the one that is missing. */
static struct str nearest_folder(
        struct import_run *in, const struct import_item *item, struct str path)
{
    struct arena *arena = in->r->run->arena;
    struct folder_entry *entries = NULL;
    size_t count = 0;
    struct str missing = path_folder(path);
    while (missing.len > 1 && !file_is_folder(path_folder(missing))) {
        missing = path_folder(missing);
    }
    struct str rest = str_from_index(path, missing.len);
    size_t extension = path_extension(item->path).len ? 0 : path_extension(path).len;
    const struct str pieces[2] = { path_base(missing), str_sub(rest, 0, rest.len - extension) };
    struct str written = arena_join(arena, pieces, 2, STR_EMPTY);
    if (!str_ends_with(item->path, written) ||
            folder_list(arena, path_folder(missing), &entries, &count) != 0) {
        return STR_EMPTY;
    }
    struct str start = str_sub(item->path, 0, item->path.len - written.len);
    VEC(struct str) names = { 0 };
    for (size_t i = 0; i < count; i++) {
        const struct str other[] = { path_folder(missing), STR("/"), entries[i].name, rest };
        const struct str name[] = { start, entries[i].name, pieces[1] };
        if (file_is_regular(arena_join(arena, other, 4, STR_EMPTY))) {
            VEC_PUSH(arena, &names, arena_join(arena, name, 3, STR_EMPTY));
        }
    }
    return suggest_hint(arena, item->path, names.items, names.count);
}

/* The manifests next to where the missing one was looked for, as they would be written. */
static struct str nearest(
        struct import_run *in, const struct import_item *item, struct str path)
{
    struct arena *arena = in->r->run->arena;
    struct folder_entry *entries = NULL;
    size_t count = 0;
    if (folder_list(arena, path_folder(path), &entries, &count) != 0) {
        return nearest_folder(in, item, path);
    }
    ptrdiff_t slash = str_rfind(item->path, '/');
    struct str start = slash < 0 ? STR_EMPTY : str_sub(item->path, 0, (size_t)slash + 1);
    VEC(struct str) names = { 0 };
    for (size_t i = 0; i < count; i++) {
        struct str name = entries[i].name;
        struct str extension = path_extension(name);
        if (str_eq(extension, STR(".yaml")) || str_eq(extension, STR(".yml"))) {
            name = str_sub(name, 0, name.len - extension.len);
            struct str pieces[2] = { start, name };
            VEC_PUSH(arena, &names, arena_join(arena, pieces, 2, STR_EMPTY));
        }
    }
    return suggest_hint(arena, item->path, names.items, names.count);
}

static void say_missing(struct import_run *in, const struct import_item *item, struct str path)
{
    if (item->skips_missing) {
        return;
    }
    if (str_find_str(item->path, STR("{{")) >= 0) {
        resolver_say(in->r, STACK_IMPORT_IGNORED, item->mark,
                "the import \"%.*s\" of \"%.*s\" matches no file and is skipped",
                STR_ARG(item->path), STR_ARG(in->manifest->key));
        return;
    }
    struct diag *diag = resolver_say(in->r, STACK_IMPORT_NOT_FOUND, item->mark,
            "the import \"%.*s\" of \"%.*s\" does not exist", STR_ARG(item->path),
            STR_ARG(in->manifest->key));
    diag->span = (uint32_t)str_count_code_points(item->path);
    struct str extension = path_extension(item->path);
    if (!glob_has_magic(item->path)) {
        diag->hint = nearest(in, item, path);
        if (diag->hint.len == 0 && extension.len && !str_eq(extension, STR(".yaml")) &&
                !str_eq(extension, STR(".yml"))) {
            diag->hint = diag_text(&in->r->run->diags,
                    "a name with a dot gets no extension: write \"%.*s.yaml\"",
                    STR_ARG(item->path));
        }
    }
    fail(in, ERR_NOT_FOUND);
}

static bool is_inside(const struct resolver *r, struct str path)
{
    return path_is_below(r->config->repository, path) ||
           path_is_below(r->config->stacks_folder, path);
}

static void import_file(struct import_run *in, struct str path)
{
    VEC_PUSH(in->r->run->arena, &in->files, manifest_file_get(in->r, path));
}

static void say_search(struct import_run *in, const struct import_item *item, int err)
{
    if (err == ERR_INVALID) {
        resolver_say(in->r, STACK_BAD_PATTERN, item->mark,
                "the import \"%.*s\" is a malformed pattern", STR_ARG(item->path));
    } else {
        resolver_say(in->r, STACK_LIMIT, item->mark,
                "the import \"%.*s\" matches more than %d files", STR_ARG(item->path),
                MAX_IMPORTED_FILES);
    }
    fail(in, err);
}

static void import_glob(
        struct import_run *in, const struct import_item *item, struct str pattern)
{
    struct str *paths = NULL;
    size_t count = 0;
    int err = glob_find(in->r->run->arena, pattern, MAX_IMPORTED_FILES, &paths, &count);
    if (err) {
        say_search(in, item, err);
        return;
    }
    if (count == 0) {
        say_missing(in, item, pattern);
    }
    for (size_t i = 0; i < count; i++) {
        import_file(in, paths[i]);
    }
}

/* What a path without wildcards leads to. */
struct import_target {
    struct str path; /* with its extension; `.yaml` when there is no file */
    enum file_kind kind;
};

static void find_extension(struct arena *arena, struct str plain, struct import_target *target)
{
    static const char *const extensions[] = { ".yaml", ".yml", ".yaml.tmpl", ".yml.tmpl" };
    for (size_t i = 0; i < sizeof(extensions) / sizeof(extensions[0]); i++) {
        target->path = arena_printf(arena, "%.*s%s", STR_ARG(plain), extensions[i]);
        target->kind = file_kind_of(target->path);
        if (target->kind == FILE_REGULAR || target->kind == FILE_OTHER) {
            return;
        }
    }
    target->path = arena_printf(arena, "%.*s.yaml", STR_ARG(plain));
    target->kind = file_kind_of(target->path);
}

/* Many manifests import the same files: the file system is asked once for each. */
static const struct import_target *find_target(struct resolver *r, struct str path)
{
    struct import_target *target = map_get(&r->targets, path);
    if (target) {
        return target;
    }
    struct arena *arena = r->run->arena;
    target = ARENA_NEW(arena, struct import_target);
    if (path_extension(path).len == 0) {
        find_extension(arena, path, target);
    } else {
        /* A template takes the place of the file that is named. */
        struct str template = arena_printf(arena, "%.*s.tmpl", STR_ARG(path));
        target->path = file_is_present(template) ? template : arena_dup(arena, path);
        target->kind = file_kind_of(target->path);
    }
    if (target->kind == FILE_MISSING && file_is_folder(path)) {
        target->kind = FILE_FOLDER;
    }
    map_put(arena, &r->targets, path, target);
    return target;
}

static void import_path(struct import_run *in, const struct import_item *item, struct str path)
{
    const struct import_target *target = find_target(in->r, path);
    if (target->kind == FILE_FOLDER) {
        struct diag *diag = resolver_say(in->r, STACK_BAD_IMPORT, item->mark,
                "the import \"%.*s\" of \"%.*s\" is a folder", STR_ARG(item->path),
                STR_ARG(in->manifest->key));
        diag->hint = diag_text(
                &in->r->run->diags, "import its files with \"%.*s/*\"", STR_ARG(item->path));
        fail(in, ERR_INVALID);
    } else if (target->kind == FILE_MISSING) {
        say_missing(in, item, target->path);
    } else {
        import_file(in, target->path);
    }
}

/* True when that ends it. */
static bool say_escape(struct import_run *in, const struct import_item *item, struct str path)
{
    struct run *run = in->r->run;
    struct diag *diag = resolver_say_strict(in->r, STACK_IMPORT_ESCAPES, item->mark,
            "the import \"%.*s\" of \"%.*s\" leaves the repository", STR_ARG(item->path),
            STR_ARG(in->manifest->key));
    diag->detail = diag_text(&run->diags, "it leads to \"%.*s\"; the repository is \"%.*s\"",
            STR_ARG(path), STR_ARG(in->r->config->repository));
    if (run->is_strict) {
        fail(in, ERR_DENIED);
    }
    return run->is_strict;
}

static void import_item(struct import_run *in, const struct import_item *item)
{
    struct resolver *r = in->r;
    struct arena *arena = r->run->arena;
    if (is_remote(item->path)) {
        refuse(in, item, "remote imports are");
        return;
    }
    if (str_find_str(item->path, STR("{{")) >= 0 && r->config->templates_enabled &&
            !item->skips_templates) {
        refuse(in, item, "templates in import paths are");
        return;
    }
    if (path_is_absolute(item->path)) {
        say_bad(in, item->mark, "an item of \"import\" is an absolute path");
        return;
    }
    ptrdiff_t slash = str_find(item->path, '/');
    struct str first = slash < 0 ? item->path : str_sub(item->path, 0, (size_t)slash);
    bool is_relative = str_eq(first, STR(".")) || str_eq(first, STR(".."));
    struct str folder =
            is_relative ? path_folder(in->manifest->path) : r->config->stacks_folder;
    struct str path = path_join(arena, folder, item->path);
    if (!is_inside(r, path) && say_escape(in, item, path)) {
        return;
    }
    if (glob_has_magic(item->path)) {
        path = pattern_join(arena, folder, item->path);
        if (path_extension(item->path).len == 0) {
            path = arena_printf(arena, "%.*s.yaml", STR_ARG(path));
        }
        import_glob(in, item, path);
    } else {
        import_path(in, item, path);
    }
}

int imports_find(struct resolver *r, struct manifest_file *file, const struct value *list)
{
    struct import_run in = { .r = r, .manifest = file };
    if (!value_is(list, VALUE_LIST)) {
        say_bad(&in, list->mark, "\"import\" must be a list, but is not");
        return in.err;
    }
    for (size_t i = 0; i < value_count(list); i++) {
        struct import_item item;
        if (!read_item(&in, value_at(list, i), list->mark, &item)) {
            continue;
        }
        in.files.items = NULL;
        in.files.count = in.files.cap = 0;
        import_item(&in, &item);
        VEC_PUSH(r->run->arena, &in.groups,
                (struct import_group){ item.mark, item.path, item.context != NULL,
                        item.skips_templates, in.files.items, in.files.count });
    }
    file->groups = in.groups.items;
    file->group_count = in.groups.count;
    return in.err;
}

/* ---- merging ---- */

static int merge_group(struct resolver *r, struct manifest *manifest,
        const struct import_group *group, struct overrides *scope)
{
    /* The files of one pattern do not see each other's overrides. */
    const struct overrides before = *scope;
    int err = 0;
    for (size_t i = 0; i < group->file_count; i++) {
        struct manifest *found = manifest_load(r, group->files[i], &before, group->mark);
        if (!found) {
            /* Said where it is wrong. */
            err = err ? err : r->err ? r->err : ERR_INVALID;
            continue;
        }
        bool has_delimiters = found->imports_delimiters ||
                              (found->from->has_delimiters && !group->skips_templates);
        if (group->has_context && has_delimiters) {
            resolver_say(r, STACK_UNSUPPORTED, group->mark,
                    "templates in a manifest imported with a context are not supported yet: "
                    "\"%.*s\"",
                    STR_ARG(group->path));
            err = err ? err : ERR_UNSUPPORTED;
            continue;
        }
        manifest->imports_delimiters |= has_delimiters;
        manifest->reaches_marks |= found->reaches_marks;
        manifest->reaches_unset |= found->reaches_unset;
        manifest->imports[manifest->import_count++] = found;
        overrides_gather(r, scope, &found->given);
    }
    return err;
}

int imports_merge(struct resolver *r, struct manifest *manifest, struct overrides *scope,
        const struct value **ret_merged)
{
    const struct manifest_file *file = manifest->from;
    size_t count = 0;
    int err = 0;
    for (size_t i = 0; i < file->group_count; i++) {
        count += file->groups[i].file_count;
    }
    manifest->imports = ARENA_ARRAY(r->run->arena, struct manifest *, count);
    for (size_t i = 0; i < file->group_count; i++) {
        int one = merge_group(r, manifest, &file->groups[i], scope);
        err = err ? err : one;
    }
    const struct value **trees = ARENA_ARRAY(r->run->arena, const struct value *, count);
    for (size_t i = 0; i < manifest->import_count; i++) {
        trees[i] = manifest->imports[i]->merged;
    }
    *ret_merged = value_merge_all(
            r->file_merger, trees, manifest->import_count, r->config->list_strategy);
    return err;
}
