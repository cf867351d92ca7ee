/* SPDX-License-Identifier: Apache-2.0 */
/* Reads one manifest, checks its top level and merges it over its imports (spec 2.1, 2.4). */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "stack_internal.h"

/* Function tags of spec section 6. They are read as text "!tag argument"; unsupported.c refuses those
 * that reach an instance, check_tags those that act while files are merged. */
static const char *const function_tags[] = { "!append", "!cel", "!cwd", "!emulator", "!env",
    "!exec", "!include", "!include.raw", "!labels", "!labels.keys", "!labels.values",
    "!literal", "!random", "!repo-root", "!secret", "!store", "!store.get", "!tags",
    "!template", "!terraform.output", "!terraform.state", "!unset", "!version" };

static const char *const merge_tags[] = { "!append", "!include", "!include.raw", "!unset" };

static bool is_function(void *context, struct str tag)
{
    (void)context;
    for (size_t i = 0; i < sizeof(function_tags) / sizeof(function_tags[0]); i++) {
        if (str_eq_cstr(tag, function_tags[i])) {
            return true;
        }
    }
    return str_starts_with(tag, STR("!git.")) || str_starts_with(tag, STR("!aws."));
}

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
    } else if (value && (value->flags & VALUE_FUNCTION) && is_merge_tag(value_text(value))) {
        struct str text = value_text(value);
        ptrdiff_t blank = str_find(text, ' ');
        resolver_say(r, STACK_UNSUPPORTED, value->mark,
                "YAML functions are not supported yet: %.*s",
                STR_ARG(str_sub(text, 0, blank < 0 ? text.len : (size_t)blank)));
        return ERR_UNSUPPORTED;
    }
    return err;
}

static int refuse_entry(
        struct resolver *r, const struct value *map, const char *name, const char *where)
{
    const struct value_entry *entry = value_entry_get_str(map, str_from(name));
    if (!entry || value_is(entry->value, VALUE_NULL) || value_is_empty(entry->value)) {
        return 0;
    }
    resolver_say(
            r, STACK_UNSUPPORTED, entry->mark, "\"%s\"%s is not supported yet", name, where);
    return ERR_UNSUPPORTED;
}

/* Constructs whose scope is the file, at its top and in the section of a component type. */
static int refuse_file_scopes(struct resolver *r, const struct value *own)
{
    static const char *const names[] = { "locals", "overrides" };
    static const char *const types[] = { "terraform", "helmfile", "packer", "ansible",
        "kubernetes", "helm" };
    int err = 0;
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        int one = refuse_entry(r, own, names[i], " at the top of a manifest");
        err = err ? err : one;
        for (size_t t = 0; t < sizeof(types) / sizeof(types[0]); t++) {
            const struct value *type = value_get_str(own, str_from(types[t]));
            one = refuse_entry(r, type, names[i], " of a component type");
            err = err ? err : one;
        }
    }
    return err;
}

static int check_root_metadata(struct resolver *r, const struct value *own)
{
    static const char *const allowed[] = { "labels", "tags", "custom", "enabled", "locked",
        "terraform_workspace_pattern" };
    const struct value *metadata = value_get(own, r->words.metadata);
    int err = 0;
    for (size_t i = 0; value_is(metadata, VALUE_MAP) && i < value_count(metadata); i++) {
        const struct value_entry *entry = &metadata->as.map.entries[i];
        bool is_allowed = false;
        for (size_t a = 0; a < sizeof(allowed) / sizeof(allowed[0]); a++) {
            is_allowed = is_allowed || str_eq_cstr(entry->key->text, allowed[a]);
        }
        if (!is_allowed) {
            resolver_say(r, STACK_FORBIDDEN_METADATA, entry->mark,
                    "\"%.*s\" may not stand in the metadata of a whole manifest",
                    STR_ARG(entry->key->text));
            err = ERR_INVALID;
        }
    }
    return err;
}

static int say_unreadable(
        struct resolver *r, int err, const struct manifest *manifest, struct mark at)
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

static int read_own(struct resolver *r, struct manifest *manifest, struct mark at,
        const struct value **ret_root)
{
    struct str text;
    struct run *run = r->run;
    int err = file_read(run->arena, manifest->path, value_limits_default.max_bytes, &text);
    if (err) {
        return say_unreadable(r, err, manifest, at);
    }
    manifest->has_delimiters = str_find_str(text, STR("{{")) >= 0;
    struct yaml_input input = {
        .arena = run->arena,
        .keys = run->keys,
        .diags = &run->diags,
        .text = text,
        .file = manifest->file,
        .is_function = is_function,
        .key_delimiter = config_text(r->config, "settings.yaml.key_delimiter"),
    };
    const struct value *root = NULL;
    err = yaml_read(&input, &root);
    if (err) {
        return err;
    }
    if (root && !value_is(root, VALUE_MAP) && !value_is(root, VALUE_NULL)) {
        resolver_say(r, STACK_NOT_A_MAP, root->mark,
                "the manifest \"%.*s\" must be a map of sections", STR_ARG(manifest->key));
        return ERR_INVALID;
    }
    *ret_root = value_is(root, VALUE_MAP) ? root : NULL;
    return str_find(text, '!') >= 0 ? check_tags(r, root) : 0;
}

static struct manifest *manifest_get(struct resolver *r, struct str path)
{
    struct manifest *manifest = map_get(&r->manifests, path);
    if (!manifest) {
        manifest = ARENA_NEW(r->run->arena, struct manifest);
        manifest->path = arena_dup(r->run->arena, path);
        manifest->key = manifest_key(r, path);
        manifest->file = config_add_source(r->run, path);
        map_put(r->run->arena, &r->manifests, path, manifest);
    }
    return manifest;
}

/* "a -> b -> a", from the first time the manifest was met. */
static void say_cycle(struct resolver *r, const struct manifest *manifest, struct mark at)
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

static int load(struct resolver *r, struct manifest *manifest, struct mark at)
{
    const struct value *root = NULL;
    int err = read_own(r, manifest, at, &root);
    if (err) {
        return err;
    }
    const struct value_entry *import = value_entry_get(root, r->words.import);
    manifest->own = import ? value_without(r->run->arena, root, r->words.import) : root;
    manifest->reaches_delimiters = manifest->has_delimiters;
    int scopes = refuse_file_scopes(r, manifest->own);
    int metadata = check_root_metadata(r, manifest->own);
    err = scopes ? scopes : metadata;
    const struct value *below = NULL;
    if (import) {
        /* An empty `import:` has no place of its own in the file: show the key. */
        const struct value *list = import->value;
        if (value_is(list, VALUE_NULL)) {
            list = value_with_mark(r->run->arena, list, import->mark);
        }
        int imports = imports_load(r, manifest, list, &below);
        err = err ? err : imports;
    }
    manifest->merged = value_merge(r->merger, below, manifest->own, r->config->list_strategy);
    return err;
}

struct manifest *manifest_load(
        struct resolver *r, struct str path, const struct manifest *importer, struct mark at)
{
    struct manifest *manifest = manifest_get(r, path);
    if (manifest->state == MANIFEST_BUSY) {
        say_cycle(r, manifest, at);
        return NULL;
    }
    if (manifest->state == MANIFEST_NEW) {
        manifest->state = MANIFEST_BUSY;
        VEC_PUSH(r->run->arena, &r->chain, manifest);
        int err = load(r, manifest, importer ? at : MARK_NONE);
        r->chain.count--;
        manifest->state = err ? MANIFEST_FAILED : MANIFEST_DONE;
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
        manifest->stamp = stamp;
        struct manifest *at = manifest;
        for (size_t next = 0;; at = found.items[next++]) {
            for (size_t i = 0; i < at->import_count; i++) {
                if (at->imports[i]->stamp != stamp) {
                    at->imports[i]->stamp = stamp;
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
