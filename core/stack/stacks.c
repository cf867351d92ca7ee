/* SPDX-License-Identifier: Apache-2.0 */
/* The whole repository: every top-level manifest, its instances, grouped into stacks. */
#include <stdlib.h>

#include "listing.h"
#include "locate.h"

enum {
    NAMES_COMPARED_MAX = 500000
};

/* ---- one manifest ---- */

struct loading {
    struct resolver *r;
    const struct key *only; /* the one component wanted, or NULL */
    struct str stack; /* and its stack: what else the manifests of that hold is built too */
    struct arena *scratch; /* of the scopes of one manifest */
    VEC(struct instance *) instances;
    VEC(struct str) keys;
    VEC(const struct manifest *) manifests; /* of these keys */
};

/* The section of a component type, or `components` and what is below it: a map or absent. */
static bool is_map_entry(struct resolver *r, const struct value_entry *entry)
{
    if (!entry) {
        return false;
    }
    if (value_is(entry->value, VALUE_MAP)) {
        return true;
    }
    bool is_null = value_is(entry->value, VALUE_NULL);
    resolver_say(r, STACK_BAD_SECTION, is_null ? entry->mark : entry->value->mark,
            "\"%.*s\" must be a map, but is %s", STR_ARG(entry->key->text),
            is_null ? "empty" : "not");
    return false;
}

/* What the components of a type have in common beside the sections. */
static const struct value *common_keys(
        const struct resolver *r, const struct value *map, struct str type)
{
    struct value_builder builder;
    value_builder_init(&builder, r->run->arena, map->mark);
    for (size_t i = 0; i < value_count(map); i++) {
        const struct value_entry *entry = &map->as.map.entries[i];
        if (component_type_has_common_key(type, entry->key->text)) {
            value_builder_add(&builder, entry->key, entry->value, entry->mark);
        }
    }
    return builder.entries.count ? value_builder_map(&builder) : NULL;
}

/* Its components are read when asked for, into `scratch`. */
static int scope_init(struct scope *scope, struct loading *loading, struct manifest *manifest,
        const struct sections *root, const struct value_entry *components)
{
    struct resolver *r = loading->r;
    *scope = (struct scope){ .r = r,
        .manifest = manifest,
        .type = components->key->text,
        .root_metadata = root->at[SECTION_METADATA],
        .map = components->value };
    scope->components =
            ARENA_ARRAY(loading->scratch, struct component, value_count(scope->map));
    const struct value_entry *type = value_entry_get(manifest->merged, components->key);
    if (type && !is_map_entry(r, type)) {
        return ERR_INVALID;
    }
    int err = sections_read(
            r, type ? type->value : NULL, LAYER_TYPE, "", scope->type, &scope->type_own);
    if (err) {
        return err;
    }
    scope->extra = type ? common_keys(r, type->value, scope->type) : NULL;
    for (size_t i = 0; i < SECTION__COUNT; i++) {
        const struct value *below = i == SECTION_METADATA ? NULL : root->at[i];
        const struct value *configured = configured_for(r, (enum section)i, scope->type);
        if (configured) {
            below = value_merge(r->merger, configured, below, r->config->list_strategy);
        }
        scope->below.at[i] = section_merge(
                r, (enum section)i, below, scope->type_own.at[i], r->config->list_strategy);
    }
    return 0;
}

static int cmp_texts(const void *left, const void *right)
{
    return str_cmp(value_text(*(const struct value *const *)left),
            value_text(*(const struct value *const *)right));
}

/* As the reference shows them: of template files only the last ending is cut off. */
static const struct value *imported_list(struct resolver *r, struct manifest *manifest)
{
    struct arena *arena = r->run->arena;
    struct manifest **closure;
    size_t count = manifest_closure(r, manifest, &closure);
    const struct value **items = ARENA_ARRAY(arena, const struct value *, count);
    bool has_template = false;
    for (size_t i = 0; i < count; i++) {
        struct manifest_file *file = closure[i]->from;
        bool is_template = str_ends_with(file->key, STR(".tmpl"));
        has_template = has_template || is_template;
        if (!file->key_text) {
            struct str shown = str_sub(file->key, 0, file->key.len - (is_template ? 5 : 0));
            file->key_text = value_string_view(arena, shown, MARK_NONE);
        }
        items[i] = file->key_text;
    }
    if (has_template) {
        qsort(items, count, sizeof(*items), cmp_texts);
    }
    return value_list_new(arena, items, count, MARK_NONE);
}

static void build_at(struct loading *loading, struct scope *scope, size_t index)
{
    struct instance *instance = instance_build(scope, component_at(scope, index));
    if (instance) {
        instance->imports = scope->manifest->imported;
        VEC_PUSH(loading->r->run->arena, &loading->instances, instance);
    }
}

/* True when the component that is wanted is of the stack that is wanted. */
static bool build_wanted(struct loading *loading, struct scope *scope)
{
    const struct value_entry *entry = value_entry_get(scope->map, loading->only);
    size_t count = loading->instances.count;
    if (!entry) {
        return false;
    }
    build_at(loading, scope, (size_t)(entry - scope->map->as.map.entries));
    if (loading->instances.count == count) {
        return true; /* broken: whatever else is wrong is said as well */
    }
    return str_eq(loading->instances.items[count]->stack, loading->stack) ||
           str_eq(scope->manifest->key, loading->stack);
}

static void build_rest(struct loading *loading, struct scope *scope)
{
    for (size_t i = 0; i < value_count(scope->map); i++) {
        if (scope->map->as.map.entries[i].key != loading->only) {
            build_at(loading, scope, i);
        }
    }
}

/* Everything in the manifest and in what it imports was looked at. */
static void note_built(struct resolver *r, struct manifest *manifest)
{
    struct manifest **closure;
    size_t count = manifest_closure(r, manifest, &closure);
    manifest->from->is_built = true;
    for (size_t i = 0; i < count; i++) {
        closure[i]->from->is_built = true;
    }
}

static void build_manifest(struct loading *loading, struct manifest *manifest)
{
    struct resolver *r = loading->r;
    struct sections root;
    VEC(struct scope *) scopes = { 0 };
    r->building = manifest;
    int err = sections_read(r, manifest->merged, LAYER_ROOT, "", STR_EMPTY, &root);
    int secrets_err = secrets_scope(r, true, &root.at[SECTION_SECRETS]);
    err = err ? err : secrets_err;
    const struct value_entry *components =
            value_entry_get(manifest->merged, r->words.components);
    if (err || !components || !is_map_entry(r, components)) {
        return;
    }
    manifest->imported = imported_list(r, manifest);
    bool is_wanted = loading->only == NULL;
    for (size_t i = 0; i < value_count(components->value); i++) {
        const struct value_entry *type = &components->value->as.map.entries[i];
        struct scope *scope = ARENA_NEW(loading->scratch, struct scope);
        if (is_map_entry(r, type) && scope_init(scope, loading, manifest, &root, type) == 0) {
            VEC_PUSH(loading->scratch, &scopes, scope);
            is_wanted = (loading->only && build_wanted(loading, scope)) || is_wanted;
        }
    }
    for (size_t i = 0; i < scopes.count && is_wanted; i++) {
        build_rest(loading, scopes.items[i]);
    }
    if (scopes.count == value_count(components->value)) {
        note_built(r, manifest);
    }
}

/* ---- all of them ---- */

static int cmp_instances(const void *left, const void *right)
{
    const struct instance *a = *(const struct instance *const *)left;
    const struct instance *b = *(const struct instance *const *)right;
    int order = str_cmp(a->stack, b->stack);
    order = order ? order : str_cmp(a->type, b->type);
    order = order ? order : str_cmp(a->name, b->name);
    return order ? order : str_cmp(a->manifest, b->manifest);
}

static bool is_same_instance(const struct instance *a, const struct instance *b)
{
    return str_eq(a->stack, b->stack) && str_eq(a->type, b->type) && str_eq(a->name, b->name);
}

static bool is_equal_instance(const struct instance *a, const struct instance *b)
{
    for (size_t i = 0; i < SECTION__COUNT; i++) {
        if (!value_equal(a->sections[i], b->sections[i])) {
            return false;
        }
    }
    bool is_same_extra =
            a->extra && b->extra ? value_equal(a->extra, b->extra) : a->extra == b->extra;
    return is_same_extra && str_eq(a->component, b->component);
}

static void say_duplicate(
        struct resolver *r, const struct instance *a, const struct instance *b)
{
    struct diag *diag = resolver_say(r, STACK_DUPLICATE, b->mark,
            "the component \"%.*s\" of stack \"%.*s\" is defined differently in \"%.*s\" and "
            "\"%.*s\"",
            STR_ARG(a->name), STR_ARG(a->stack), STR_ARG(a->manifest), STR_ARG(b->manifest));
    diag->stack = a->stack;
    diag->component = a->name;
    if (!resolver_is_repeated(r, diag)) {
        diag_relate(&r->run->diags, a->mark, STR("the other definition"));
    }
}

/* Sorts, drops equal definitions of one instance and cuts the list into stacks. */
static struct stacks *group(struct loading *loading)
{
    struct resolver *r = loading->r;
    struct arena *arena = r->run->arena;
    struct stacks *stacks = ARENA_NEW(arena, struct stacks);
    size_t total = loading->instances.count;
    const struct instance **kept = ARENA_ARRAY(arena, const struct instance *, total);
    VEC(struct stack) items = { 0 };
    size_t count = 0;
    if (total) {
        qsort(loading->instances.items, total, sizeof(*loading->instances.items),
                cmp_instances);
    }
    for (size_t i = 0; i < total; i++) {
        const struct instance *instance = loading->instances.items[i];
        if (count && is_same_instance(kept[count - 1], instance)) {
            /* Of other components not all definitions are here. */
            bool is_meant = !loading->only || str_eq(instance->name, loading->only->text);
            if (is_meant && !is_equal_instance(kept[count - 1], instance)) {
                say_duplicate(r, kept[count - 1], instance);
            }
            continue;
        }
        if (count == 0 || !str_eq(kept[count - 1]->stack, instance->stack)) {
            VEC_PUSH(arena, &items, (struct stack){ instance->stack, kept + count, 0 });
        }
        items.items[items.count - 1].instance_count++;
        kept[count++] = instance;
    }
    *stacks = (struct stacks){ items.items, items.count, kept, count, loading->keys.items,
        loading->keys.count, loading->manifests.items };
    return stacks;
}

static void intern_words(struct resolver *r)
{
    struct keys *keys = r->run->keys;
    struct words *words = &r->words;
    words->import = key_of(keys, STR("import"));
    words->components = key_of(keys, STR("components"));
    words->component = key_of(keys, STR("component"));
    words->inherits = key_of(keys, STR("inherits"));
    words->type = key_of(keys, STR("type"));
    words->name = key_of(keys, STR("name"));
    words->metadata = key_of(keys, STR("metadata"));
    words->list_merge_strategy = key_of(keys, STR("list_merge_strategy"));
    words->enabled = key_of(keys, STR("enabled"));
    words->locked = key_of(keys, STR("locked"));
    words->depends_on = key_of(keys, STR("depends_on"));
    words->workspace = key_of(keys, STR("terraform_workspace"));
    words->workspace_pattern = key_of(keys, STR("terraform_workspace_pattern"));
    words->workspace_template = key_of(keys, STR("terraform_workspace_template"));
    for (size_t i = 0; i < SECTION__COUNT; i++) {
        words->section[i] = key_of(keys, str_from(section_rules[i].name));
    }
}

static struct resolver *resolver_new(struct run *run, bool is_checked)
{
    ENSURE(run->config);
    struct resolver *r = ARENA_NEW(run->arena, struct resolver);
    struct value_builder empty;
    r->run = run;
    r->config = run->config;
    r->merger = merger_new(run->arena);
    r->file_merger = merger_new(run->arena);
    merger_join_marked(r->file_merger);
    r->is_checked = is_checked;
    r->names_left = NAMES_COMPARED_MAX;
    r->is_lenient = config_bool(run->config, "stacks.lenient", false);
    intern_words(r);
    value_builder_init(&empty, run->arena, MARK_NONE);
    r->empty_map = value_builder_map(&empty);
    r->empty_text = value_string_new(run->arena, STR_EMPTY, MARK_NONE);
    r->empty_list = value_list_new(run->arena, NULL, 0, MARK_NONE);
    configured_find(r);
    return r;
}

/*
 * The form of what a file says itself, when no stack has looked at everything in it: nobody imports it,
 * or what imports it has problems of its own. Bases are left out: others may give them.
 */
static void check_form(struct loading *loading, struct str path)
{
    static const struct overrides nothing = { 0 };
    struct resolver *r = loading->r;
    struct manifest_file *file = manifest_file_get(r, path);
    if (file->is_built) {
        return;
    }
    (void)manifest_load(r, file, &nothing, MARK_NONE);
    if (!file->own) {
        return;
    }
    struct manifest *alone = ARENA_NEW(r->run->arena, struct manifest);
    *alone = (struct manifest){ .from = file, .key = file->key, .merged = file->own };
    r->building = alone;
    struct sections root = { 0 };
    (void)sections_read(r, alone->merged, LAYER_ROOT, "", STR_EMPTY, &root);
    const struct value_entry *components = value_entry_get(alone->merged, r->words.components);
    if (!components || !is_map_entry(r, components)) {
        return;
    }
    for (size_t i = 0; i < value_count(components->value); i++) {
        struct scope *scope = ARENA_NEW(loading->scratch, struct scope);
        const struct value_entry *type = &components->value->as.map.entries[i];
        if (!is_map_entry(r, type)) {
            continue;
        }
        (void)scope_init(scope, loading, alone, &root, type);
        for (size_t c = 0; c < value_count(scope->map); c++) {
            (void)component_at(scope, c);
        }
    }
}

static int check_every(struct loading *loading)
{
    struct str *paths = NULL;
    size_t count = 0;
    int err = manifests_find_every(loading->r, &paths, &count);
    loading->scratch = arena_new();
    for (size_t i = 0; i < count; i++) {
        check_form(loading, paths[i]);
        arena_reset(loading->scratch);
    }
    arena_free(loading->scratch);
    return err;
}

enum reach {
    REACH_LENIENT,
    REACH_CHECKED,
    REACH_EVERY /* and files that no stack needs */
};

static void build_all(struct loading *loading, const struct str *paths, size_t count)
{
    static const struct overrides nothing = { 0 };
    struct resolver *r = loading->r;
    loading->scratch = arena_new();
    for (size_t i = 0; i < count; i++) {
        struct manifest *manifest =
                manifest_load(r, manifest_file_get(r, paths[i]), &nothing, MARK_NONE);
        if (manifest) {
            VEC_PUSH(r->run->arena, &loading->keys, manifest->key);
            VEC_PUSH(r->run->arena, &loading->manifests, manifest);
            build_manifest(loading, manifest);
            arena_reset(loading->scratch);
        }
    }
    arena_free(loading->scratch);
}

static int load(struct run *run, enum reach reach, struct str component, struct str stack,
        struct stacks **ret_stacks)
{
    const struct key *only = component.len ? key_of(run->keys, component) : NULL;
    struct resolver *r = resolver_new(run, reach != REACH_LENIENT);
    struct loading loading = { .r = r, .only = only, .stack = stack };
    struct str *paths = NULL;
    size_t count = 0;
    int err = naming_parse(r);
    int find = manifests_find(r, &paths, &count);
    err = err ? err : find;
    if (only && !err) {
        count = manifests_narrow(r, stack, paths, count);
    }
    build_all(&loading, paths, err ? 0 : count);
    *ret_stacks = group(&loading);
    if (reach == REACH_EVERY && !err) {
        err = check_every(&loading);
    }
    resolver_name_others(r);
    diags_sort(&run->diags, run->sources);
    return err ? err : r->err;
}

static bool has_instance(const struct stacks *stacks, struct str component, struct str stack)
{
    for (size_t i = 0; i < stacks->instance_count; i++) {
        const struct instance *instance = stacks->instances[i];
        if (str_eq(instance->name, component) && instance_is_in(instance, stack)) {
            return true;
        }
    }
    return false;
}

int stacks_load(struct run *run, struct stacks **ret_stacks)
{
    return load(run, REACH_LENIENT, STR_EMPTY, STR_EMPTY, ret_stacks);
}

int stacks_load_checked(struct run *run, struct stacks **ret_stacks)
{
    return load(run, REACH_CHECKED, STR_EMPTY, STR_EMPTY, ret_stacks);
}

int stacks_load_every(struct run *run, struct stacks **ret_stacks)
{
    return load(run, REACH_EVERY, STR_EMPTY, STR_EMPTY, ret_stacks);
}

int stacks_load_component(struct run *run, struct str component, struct str stack,
        bool is_checked, struct stacks **ret_stacks)
{
    enum reach reach = is_checked ? REACH_CHECKED : REACH_LENIENT;
    int err = load(run, reach, component, stack, ret_stacks);
    if (err || has_instance(*ret_stacks, component, stack)) {
        return err;
    }
    /* To say what there is instead, everything must be known. */
    return load(run, reach, STR_EMPTY, STR_EMPTY, ret_stacks);
}

/* ---- names alone ---- */

static int cmp_names(const void *left, const void *right)
{
    return str_cmp(*(const struct str *)left, *(const struct str *)right);
}

static void sort_names(
        struct run *run, const struct map *names, struct str **ret_names, size_t *ret_count)
{
    struct str *list = ARENA_ARRAY(run->arena, struct str, names->count);
    for (size_t i = 0; i < names->count; i++) {
        list[i] = names->entries[i].key;
    }
    if (names->count) {
        qsort(list, names->count, sizeof(*list), cmp_names);
    }
    *ret_names = list;
    *ret_count = names->count;
}

int stacks_list_names(struct run *run, struct str **ret_names, size_t *ret_count)
{
    struct resolver *r = resolver_new(run, false);
    struct loading loading = { .r = r };
    struct map names = { 0 };
    struct str *paths = NULL;
    size_t count = 0;
    int err = naming_parse(r);
    err = err ? err : manifests_find(r, &paths, &count);
    count = err ? 0 : manifests_name(r, paths, count, &names);
    build_all(&loading, paths, count);
    for (size_t i = 0; i < loading.instances.count; i++) {
        map_put(run->arena, &names, loading.instances.items[i]->stack, r);
    }
    sort_names(run, &names, ret_names, ret_count);
    return err ? err : r->err;
}

int stacks_list_components(
        struct run *run, struct str stack, struct str **ret_names, size_t *ret_count)
{
    struct resolver *r = resolver_new(run, false);
    struct map names = { 0 };
    struct str *paths = NULL;
    size_t count = 0;
    int err = naming_parse(r);
    err = err ? err : manifests_find(r, &paths, &count);
    if (!err && stack.len) {
        count = manifests_narrow(r, stack, paths, count);
    }
    manifests_components(r, paths, err ? 0 : count, &names);
    sort_names(run, &names, ret_names, ret_count);
    return err;
}
