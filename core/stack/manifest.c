/* SPDX-License-Identifier: Apache-2.0 */
/* Reads one manifest, checks its top level and merges it over its imports (spec 2.1, 2.4). */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "known_keys.h"

/* Function tags of spec section 6. They are read as text "!tag argument"; unsupported.c refuses those
 * that reach an instance, check_tags those that act while files are merged. */
static const char *const functions[] = { "!append", "!aws.account_id",
    "!aws.caller_identity_arn", "!aws.caller_identity_user_id", "!aws.organization_id",
    "!aws.region", "!cel", "!cwd", "!emulator", "!env", "!exec", "!git.branch", "!git.host",
    "!git.name", "!git.owner", "!git.ref", "!git.repository", "!git.root", "!git.sha",
    "!git.url", "!include", "!include.raw", "!labels", "!labels.keys", "!labels.values",
    "!literal", "!random", "!repo-root", "!secret", "!store", "!store.get", "!tags",
    "!template", "!terraform.output", "!terraform.state", "!unset", "!version", NULL };

/* Bounds of the recursion over imports, and of the ways on which one file can be reached with other
 * overrides each time: their number can double with each level. */
enum {
    MAX_IMPORT_DEPTH = 2000,
    MAX_VARIANTS = 1000
};

static const char *const merge_tags[] = { "!append", "!include", "!include.raw" };

static bool is_merge_tag(struct str text)
{
    ptrdiff_t blank = str_find(text, ' ');
    struct str name = blank < 0 ? text : str_sub(text, 0, (size_t)blank);
    for (size_t i = 0; i < sizeof(merge_tags) / sizeof(merge_tags[0]); i++) {
        if (str_eq_cstr(name, merge_tags[i])) {
            return true;
        }
    }
    return false;
}

/* Tags that change how files are merged must not be carried on as text. */
static int check_tags(struct resolver *r, const struct value *value)
{
    int err = 0;
    if (!value) {
        return 0;
    }
    if (value_is(value, VALUE_LIST)) {
        for (size_t i = 0; i < value_count(value); i++) {
            int one = check_tags(r, value_at(value, i));
            err = err ? err : one;
        }
    } else if (value_is(value, VALUE_MAP)) {
        for (size_t i = 0; i < value->as.map.count; i++) {
            int one = check_tags(r, value->as.map.entries[i].value);
            err = err ? err : one;
        }
    } else if ((value->flags & VALUE_FUNCTION) && is_merge_tag(value_text(value))) {
        struct str text = value_text(value);
        ptrdiff_t blank = str_find(text, ' ');
        resolver_say(r, STACK_UNSUPPORTED, value->mark,
                "YAML functions are not supported yet: %.*s",
                STR_ARG(str_sub(text, 0, blank < 0 ? text.len : (size_t)blank)));
        return ERR_UNSUPPORTED;
    }
    return err;
}

/* Older versions did not look at root metadata at all: leniently, the keys count for nothing. */
static int check_root_metadata(struct resolver *r, struct manifest_file *file)
{
    static const struct str allowed[] = { STR_INIT("labels"), STR_INIT("tags"),
        STR_INIT("custom"), STR_INIT("enabled"), STR_INIT("locked"),
        STR_INIT("terraform_workspace_pattern") };
    static const size_t count = sizeof(allowed) / sizeof(allowed[0]);
    const struct value *metadata = value_get(file->own, r->words.metadata);
    const struct value *kept = metadata;
    for (size_t i = 0; value_is(metadata, VALUE_MAP) && i < value_count(metadata); i++) {
        const struct value_entry *entry = &metadata->as.map.entries[i];
        bool is_allowed = false;
        for (size_t a = 0; a < count; a++) {
            is_allowed = is_allowed || str_eq(entry->key->text, allowed[a]);
        }
        if (!is_allowed) {
            struct diag *diag = resolver_say_lenient(r, STACK_FORBIDDEN_METADATA, entry->mark,
                    "\"%.*s\" may not stand in the metadata of a whole manifest",
                    STR_ARG(entry->key->text));
            diag->span = (uint32_t)str_count_code_points(entry->key->text);
            diag->hint = suggest_hint(r->run->arena, entry->key->text, allowed, count);
            kept = value_without(r->run->arena, kept, entry->key);
        }
    }
    if (kept == metadata) {
        return 0;
    }
    file->own = value_with(r->run->arena, file->own, r->words.metadata, kept);
    return r->is_lenient ? 0 : ERR_INVALID;
}

/* A name that is no text would count for nothing. */
static int check_name(struct resolver *r, const struct manifest_file *file)
{
    const struct value *name = value_get(file->own, r->words.name);
    if (!value_is(name, VALUE_MAP) && !value_is(name, VALUE_LIST)) {
        return 0;
    }
    resolver_say(r, STACK_BAD_SECTION, name->mark, "\"name\" must be a string, but is %s",
            form_name(name));
    return ERR_INVALID;
}

static int say_unreadable(
        struct resolver *r, int err, const struct manifest_file *manifest, struct mark at)
{
    struct str shown = sources_path(r->run->sources, manifest->file);
    struct mark mark = at.file ? at : (struct mark){ manifest->file, 0, 0 };
    if (err == ERR_LIMIT) {
        resolver_say(r, STACK_LIMIT, mark, "the manifest \"%.*s\" is larger than %zu MiB",
                STR_ARG(shown), value_limits_default.max_bytes >> 20);
        return err;
    }
    const char *why = err == ERR_INVALID ? "it is not a regular file" : strerrordesc_np(errno);
    resolver_say(r, STACK_UNREADABLE, mark, "cannot read \"%.*s\": %s", STR_ARG(shown),
            why ? why : "unknown error");
    return err;
}

/* A template file without delimiters is what it looks like; any other is no YAML yet. */
static int refuse_template_file(
        struct resolver *r, const struct manifest_file *file, struct mark at)
{
    resolver_say(r, STACK_UNSUPPORTED, at.file ? at : (struct mark){ file->file, 0, 0 },
            "template files are not supported yet: \"%.*s\"", STR_ARG(file->key));
    return ERR_UNSUPPORTED;
}

int manifest_text(struct resolver *r, struct manifest_file *file)
{
    if (file->has_text) {
        return 0;
    }
    int err = file_read(r->run->arena, file->path, value_limits_default.max_bytes, &file->text);
    file->has_text = err == 0;
    return err;
}

int manifest_parse(struct resolver *r, const struct manifest_file *file, struct str text,
        struct marks *referenced, const struct value **ret_root)
{
    struct yaml_input input = {
        .arena = r->run->arena,
        .keys = r->run->keys,
        .diags = &r->run->diags,
        .text = text,
        .file = file->file,
        .functions = functions,
        .key_delimiter = config_text(r->config, "settings.yaml.key_delimiter"),
        .referenced = referenced,
    };
    return yaml_read(&input, ret_root);
}

/* Whatever stands between {{ and }} is YAML in a plain file, before any template is rendered. */
static void hint_at_template(struct resolver *r, const struct manifest_file *manifest)
{
    struct diags *diags = &r->run->diags;
    struct diag *diag = &diags->list.items[diags->list.count - 1];
    if (diag->hint.len == 0) {
        diag->hint = diag_text(diags,
                "put a value with {{ }} between quotes; a file that is YAML only after "
                "rendering must be called \"%.*s.tmpl\"",
                STR_ARG(path_base(manifest->path)));
    }
}

static int read_own(struct resolver *r, struct manifest_file *manifest, struct mark at,
        const struct value **ret_root)
{
    int err = manifest_text(r, manifest);
    if (err) {
        return say_unreadable(r, err, manifest, at);
    }
    struct str text = manifest->text;
    bool has_functions = str_find(text, '!') >= 0;
    bool has_delimiters = str_find_str(text, STR("{{")) >= 0;
    if (has_delimiters && str_ends_with(manifest->path, STR(".tmpl"))) {
        return refuse_template_file(r, manifest, at);
    }
    manifest->has_unset = has_functions && str_find_str(text, STR("!unset")) >= 0;
    manifest->has_marks =
            has_delimiters || has_functions ||
            (r->config->templates_enabled && str_find_str(text, opening_delimiter(r)) >= 0);
    const struct value *root = NULL;
    err = manifest_parse(r, manifest, text, &manifest->referenced, &root);
    if (err == ERR_PARSE && has_delimiters) {
        hint_at_template(r, manifest);
    }
    if (err) {
        return err;
    }
    if (root && !value_is(root, VALUE_MAP) && !value_is(root, VALUE_NULL)) {
        resolver_say(r, STACK_NOT_A_MAP, root->mark,
                "the manifest \"%.*s\" must be a map of sections", STR_ARG(manifest->key));
        return ERR_INVALID;
    }
    *ret_root = value_is(root, VALUE_MAP) ? root : NULL;
    manifest->has_delimiters = has_delimiters && value_with_delimiters(r->run, *ret_root);
    return has_functions ? check_tags(r, root) : 0;
}

struct manifest_file *manifest_file_get(struct resolver *r, struct str path)
{
    struct manifest_file *file = map_get(&r->files, path);
    if (!file) {
        file = ARENA_NEW(r->run->arena, struct manifest_file);
        file->path = arena_dup(r->run->arena, path);
        file->key = manifest_key(r, path);
        file->file = config_add_source(r->run, path);
        map_put(r->run->arena, &r->files, path, file);
    }
    return file;
}

static int read_file(struct resolver *r, struct manifest_file *file, struct mark at)
{
    const struct value *root = NULL;
    file->groups = NULL; /* facts_of may have looked; here it is said what is wrong with them */
    file->group_count = 0;
    int err = read_own(r, file, at, &root);
    if (err) {
        return err;
    }
    const struct value_entry *import = value_entry_get(root, r->words.import);
    file->own = import ? value_without(r->run->arena, root, r->words.import) : root;
    keys_check(r, file, root);
    int checks[] = { locals_read(r, file), check_root_metadata(r, file), check_name(r, file),
        overrides_read(r, file), 0 };
    if (import && !value_is(import->value, VALUE_NULL)) {
        checks[4] = imports_find(r, file, import->value);
    }
    for (size_t i = 0; i < sizeof(checks) / sizeof(checks[0]) && !err; i++) {
        err = checks[i];
    }
    if (err) {
        /* Nobody will merge it: what else is wrong at its top is said now. */
        struct sections forms;
        (void)sections_read(r, file->own, LAYER_ROOT, "", STR_EMPTY, &forms);
    }
    return err;
}

bool manifest_file_read(struct resolver *r, struct manifest_file *file, struct mark at)
{
    if (file->state == MANIFEST_NEW) {
        int err = read_file(r, file, at);
        file->state = err ? MANIFEST_FAILED : MANIFEST_DONE;
        if (err && !r->err) {
            r->err = err;
        }
    }
    return file->state == MANIFEST_DONE;
}

/* "a -> b -> a", from the first time the manifest was met. */
static void say_cycle(struct resolver *r, const struct manifest_file *manifest, struct mark at)
{
    struct buf chain = BUF_INIT(1 << 16);
    bool is_inside = false;
    size_t length = 0;
    for (size_t i = 0; i < r->chain.count; i++) {
        is_inside = is_inside || r->chain.items[i] == manifest;
        if (is_inside) {
            buf_addf(&chain, "%.*s -> ", STR_ARG(r->chain.items[i]->key));
            length++;
        }
    }
    buf_add(&chain, manifest->key);
    struct diag *diag;
    if (length == 1) {
        diag = resolver_say(r, STACK_IMPORT_CYCLE, at, "the manifest \"%.*s\" imports itself",
                STR_ARG(manifest->key));
    } else {
        diag = resolver_say(
                r, STACK_IMPORT_CYCLE, at, "import cycle: %.*s", STR_ARG(buf_str(&chain)));
    }
    diag->hint = diag_text(&r->run->diags, "remove one of the imports of the chain");
    buf_clear(&chain);
}

static void say_deep(struct resolver *r, const struct manifest_file *file, struct mark at)
{
    resolver_say(r, STACK_LIMIT, at, "the import of \"%.*s\" is more than %d levels deep",
            STR_ARG(file->key), MAX_IMPORT_DEPTH);
}

/* Whether this top-level manifest has come here too often. */
static bool has_many_variants(struct manifest_file *file, struct manifest_file *top)
{
    if (file->top != top) {
        file->top = top;
        file->variants = 0;
    }
    return file->variants++ >= MAX_VARIANTS;
}

static void say_variants(struct resolver *r, const struct manifest_file *file, struct mark at)
{
    struct diag *diag = resolver_say(r, STACK_LIMIT, at,
            "\"%.*s\" is imported under more than %d different overrides", STR_ARG(file->key),
            MAX_VARIANTS);
    diag->hint = diag_text(&r->run->diags,
            "import it once, or write the overrides into the manifest that all others end in");
}

static int load(struct resolver *r, struct manifest *manifest, const struct overrides *received)
{
    struct manifest_file *file = manifest->from;
    struct overrides scope = *received;
    const struct value *below = NULL;
    for (size_t i = 0; i < OVERRIDE__COUNT; i++) {
        scope.above[i] = value_merge(r->file_merger, file->overrides[i], received->above[i],
                r->config->list_strategy);
    }
    manifest->own = locals_apply(r, file, received->replaced, &scope.replaced);
    manifest->reaches_unset = file->has_unset;
    /* What the configuration has of `env` and the like reaches every component. */
    manifest->reaches_marks = file->has_marks || r->has_configured;
    int err = imports_merge(r, manifest, &scope, &below);
    manifest->given = scope;
    manifest->merged = value_merge(r->file_merger, below,
            overrides_apply(r, manifest->own, &scope), r->config->list_strategy);
    return err;
}

/* Pointers of merged overrides are as good as their content: equal merges give equal nodes. */
static struct manifest *manifest_get(
        struct resolver *r, struct manifest_file *file, const struct overrides *received)
{
    const struct {
        struct manifest_file *file;
        struct overrides received;
    } name = { file, *received };

    struct str bytes = { (const char *)&name, sizeof(name) };
    struct manifest *manifest = map_get(&r->manifests, bytes);
    if (!manifest) {
        manifest = ARENA_NEW(r->run->arena, struct manifest);
        manifest->from = file;
        manifest->key = file->key;
        map_put(r->run->arena, &r->manifests, bytes, manifest);
    }
    return manifest;
}

struct manifest *manifest_load(struct resolver *r, struct manifest_file *file,
        const struct overrides *received, struct mark at)
{
    if (file->is_busy) {
        say_cycle(r, file, at);
        return NULL;
    }
    bool is_read = manifest_file_read(r, file, at);
    struct manifest *manifest = manifest_get(r, file, received);
    if (manifest->state == MANIFEST_NEW) {
        int err = ERR_LIMIT;
        struct manifest_file *top = r->chain.count ? r->chain.items[0] : file;
        if (r->chain.count >= MAX_IMPORT_DEPTH) {
            say_deep(r, file, at);
        } else if (has_many_variants(file, top)) {
            say_variants(r, file, at);
        } else {
            file->is_busy = true;
            VEC_PUSH(r->run->arena, &r->chain, file);
            err = load(r, manifest, received);
            r->chain.count--;
            file->is_busy = false;
        }
        manifest->state = err || !is_read ? MANIFEST_FAILED : MANIFEST_DONE;
        if (err && !r->err) {
            r->err = err;
        }
    }
    return manifest->state == MANIFEST_DONE ? manifest : NULL;
}

static int cmp_manifests(const void *left, const void *right)
{
    const struct manifest *const *a = left;
    const struct manifest *const *b = right;
    return str_cmp((*a)->key, (*b)->key);
}

size_t manifest_closure(
        struct resolver *r, struct manifest *manifest, struct manifest ***ret_closure)
{
    if (!manifest->has_closure) {
        VEC(struct manifest *) found = { 0 };
        uint32_t stamp = ++r->stamp;
        manifest->from->stamp = stamp;
        struct manifest *at = manifest;
        for (size_t next = 0;; at = found.items[next++]) {
            for (size_t i = 0; i < at->import_count; i++) {
                if (at->imports[i]->from->stamp != stamp) {
                    at->imports[i]->from->stamp = stamp;
                    VEC_PUSH(r->run->arena, &found, at->imports[i]);
                }
            }
            if (next == found.count) {
                break;
            }
        }
        if (found.count) {
            qsort(found.items, found.count, sizeof(struct manifest *), cmp_manifests);
        }
        manifest->closure = found.items;
        manifest->closure_count = found.count;
        manifest->has_closure = true;
    }
    *ret_closure = manifest->closure;
    return manifest->closure_count;
}
