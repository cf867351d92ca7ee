/* SPDX-License-Identifier: Apache-2.0 */
/* Keys of manifests that have no effect, at the top, for a component type, in an item of `import`
 * (spec 2.2, 3.1): the reference drops them in silence. */
#include "known_keys.h"

#include "listing.h"

VEC_TYPE(names, struct str);

/* Beside the sections of the table; `workflows` because workflow files may lie among the manifests. */
static const char *const root_keys[] = { "components", "compositions", "import", "locals",
    "name", "overrides", "version", "workflows", NULL };
static const char *const type_keys[] = { "locals", "overrides", NULL };
static const char *const import_keys[] = { "context", "ignore_missing_template_values",
    "nested_imports", "path", "skip_if_missing", "skip_templates_processing", "ttl", NULL };

/* Of components; others may stand there too. */
static const char *const metadata_keys[] = { "component", "custom", "description", "enabled",
    "inherits", "labels", "locked", "name", "tags", "terraform_workspace",
    "terraform_workspace_pattern", "terraform_workspace_template", "type", NULL };

/* What may be written at one level. */
struct level {
    const char *const *keys;
    unsigned layer; /* of the sections that may; 0: none */
    bool has_types; /* sections of component types */
    struct str type; /* whose own keys may, too; or empty */
    const char *where; /* as messages name it */
};

static bool is_listed(const char *const *names, struct str name)
{
    for (size_t i = 0; names[i]; i++) {
        if (str_eq_cstr(name, names[i])) {
            return true;
        }
    }
    return false;
}

/* A section that has its place, though perhaps elsewhere; SECTION__COUNT when it is none. */
static size_t section_of(const struct resolver *r, const struct key *key)
{
    size_t i = 0;
    while (i < SECTION__COUNT && r->words.section[i] != key) {
        i++;
    }
    return i;
}

static bool is_known(const struct resolver *r, const struct level *level, const struct key *key)
{
    size_t section = section_of(r, key);
    return (section < SECTION__COUNT && (section_rules[section].flags & level->layer)) ||
           is_listed(level->keys, key->text) ||
           component_type_has_common_key(level->type, key->text) ||
           (level->has_types && component_type_is_known(key->text));
}

static void names_of(const struct resolver *r, const struct level *level, struct names *names)
{
    struct arena *arena = r->run->arena;
    for (size_t i = 0; i < SECTION__COUNT; i++) {
        if (section_rules[i].flags & level->layer) {
            VEC_PUSH(arena, names, str_from(section_rules[i].name));
        }
    }
    for (size_t i = 0; level->keys[i]; i++) {
        VEC_PUSH(arena, names, str_from(level->keys[i]));
    }
    for (size_t i = 0; level->has_types && component_types[i]; i++) {
        VEC_PUSH(arena, names, str_from(component_types[i]));
    }
}

static void say(struct resolver *r, const struct level *level, const struct value_entry *entry)
{
    struct str name = entry->key->text;
    struct diag *diag = resolver_say_strict(r, STACK_UNKNOWN_KEY, entry->mark,
            "\"%.*s\" has no effect %s", STR_ARG(name), level->where);
    if (resolver_is_repeated(r, diag)) {
        return;
    }
    diag->span = (uint32_t)str_count_code_points(name);
    size_t section = level->layer ? section_of(r, entry->key) : SECTION__COUNT;
    if (section < SECTION__COUNT) {
        bool is_for_types = section_rules[section].flags & LAYER_TYPE;
        diag->hint = diag_text(&r->run->diags, "write it %s the components it is meant for",
                is_for_types ? "below terraform (or another component type), or into" : "into");
        return;
    }
    struct names names = { 0 };
    names_of(r, level, &names);
    diag->hint = suggest_hint(r->run->arena, name, names.items, names.count);
}

/* ---- keys that hold anchors ---- */

static bool is_before(struct mark a, struct mark b)
{
    return a.line < b.line || (a.line == b.line && a.column < b.column);
}

/* Where the entry of the map ends that begins at `from`: where the next one begins, or the map ends. */
static struct mark end_of(const struct value *map, struct mark from, struct mark end)
{
    for (size_t i = 0; i < value_count(map); i++) {
        struct mark mark = map->as.map.entries[i].mark;
        if (is_before(from, mark) && is_before(mark, end)) {
            end = mark;
        }
    }
    return end;
}

/* Whether an alias of the file refers into the entry: then it does have an effect. */
static bool is_referred_to(
        const struct manifest_file *file, const struct value_entry *entry, struct mark end)
{
    for (size_t i = 0; i < file->referenced.count; i++) {
        struct mark mark = file->referenced.items[i];
        if (!is_before(mark, entry->mark) && is_before(mark, end)) {
            return true;
        }
    }
    return false;
}

/* Names that people give to keys for themselves. */
static bool is_private(struct str name)
{
    return str_starts_with(name, STR("x-")) || str_starts_with(name, STR("_")) ||
           str_starts_with(name, STR("."));
}

/* ---- levels ---- */

/* Defaults of a component type that only this repository knows. */
static bool is_own_type(const struct value *root, const struct key *key)
{
    return value_get(value_get_str(root, STR("components")), key) != NULL;
}

static void check_level(struct resolver *r, const struct manifest_file *file,
        const struct level *level, const struct value *map, struct mark end)
{
    for (size_t i = 0; value_is(map, VALUE_MAP) && i < value_count(map); i++) {
        const struct value_entry *entry = &map->as.map.entries[i];
        if (!is_known(r, level, entry->key) && !is_private(entry->key->text) &&
                !(level->has_types && is_own_type(map, entry->key)) &&
                !is_referred_to(file, entry, end_of(map, entry->mark, end))) {
            say(r, level, entry);
        }
    }
}

/* ---- where keys of one's own may stand: only what is nearly another one is said ---- */

static void check_near(struct resolver *r, const struct value_entry *entry,
        const char *const *known, const char *what)
{
    struct str name = entry->key->text;
    struct names names = { 0 };
    struct str nearest[3];
    if (is_listed(known, name)) {
        return;
    }
    for (size_t i = 0; known[i]; i++) {
        VEC_PUSH(r->run->arena, &names, str_from(known[i]));
    }
    if (suggest(name, names.items, names.count, nearest) == 0) {
        return;
    }
    struct diag *diag = resolver_say_strict(r, STACK_UNKNOWN_KEY, entry->mark,
            "\"%.*s\" is not a %s that is read, but nearly one", STR_ARG(name), what);
    diag->span = (uint32_t)str_count_code_points(name);
    diag->hint = suggest_hint(r->run->arena, name, names.items, names.count);
}

static void check_components(struct resolver *r, const struct value *types)
{
    for (size_t t = 0; value_is(types, VALUE_MAP) && t < value_count(types); t++) {
        const struct value_entry *type = &types->as.map.entries[t];
        check_near(r, type, component_types, "component type");
        for (size_t c = 0; value_is(type->value, VALUE_MAP) && c < value_count(type->value);
                c++) {
            const struct value *metadata = value_get(
                    type->value->as.map.entries[c].value, r->words.section[SECTION_METADATA]);
            for (size_t m = 0; value_is(metadata, VALUE_MAP) && m < value_count(metadata);
                    m++) {
                check_near(r, &metadata->as.map.entries[m], metadata_keys, "key of metadata");
            }
        }
    }
}

void keys_check(struct resolver *r, const struct manifest_file *file, const struct value *root)
{
    static const struct level level = { .keys = root_keys,
        .layer = LAYER_ROOT,
        .has_types = true,
        .where = "at the top of a manifest" };
    const struct mark end = { file->file, UINT32_MAX, UINT32_MAX };
    check_level(r, file, &level, root, end);
    for (size_t i = 0; component_types[i]; i++) {
        const struct value_entry *type =
                value_entry_get_str(root, str_from(component_types[i]));
        if (type) {
            const struct level below = { .keys = type_keys,
                .layer = LAYER_TYPE,
                .type = str_from(component_types[i]),
                .where = arena_printf(r->run->arena, "in \"%s\"", component_types[i]).ptr };
            check_level(r, file, &below, type->value, end_of(root, type->mark, end));
        }
    }
    check_components(r, value_get(root, r->words.components));
}

void import_keys_check(struct resolver *r, const struct value *item)
{
    static const struct level level = { .keys = import_keys,
        .where = "in an item of \"import\"" };
    for (size_t i = 0; i < value_count(item); i++) {
        const struct value_entry *entry = &item->as.map.entries[i];
        if (!is_known(r, &level, entry->key)) {
            say(r, &level, entry);
        }
    }
}
