/* SPDX-License-Identifier: Apache-2.0 */
/*
 * `locals` of files: at the top and in the sections of component types. They concern their file alone
 * and never reach an instance; those of a component are a section like others.
 */
#include "stack_internal.h"

static const char *const types[] = { "terraform", "helmfile", "packer", "ansible", "kubernetes",
    "helm" };

enum {
    TYPE_COUNT = sizeof(types) / sizeof(types[0]),
    SCOPE_COUNT = TYPE_COUNT + 1 /* and the top */
};

/* What a file with locals hands to all it imports, where it takes the place of theirs. */
static const enum section handed[] = { SECTION_VARS, SECTION_SETTINGS, SECTION_ENV };

enum {
    HANDED_COUNT = sizeof(handed) / sizeof(handed[0])
};

static const struct value *scope_at(const struct manifest_file *file, size_t index)
{
    return index == TYPE_COUNT ? file->own : value_get_str(file->own, str_from(types[index]));
}

static const struct value_entry *locals_at(
        const struct resolver *r, const struct manifest_file *file, size_t index)
{
    return value_entry_get(scope_at(file, index), r->words.section[SECTION_LOCALS]);
}

static int check_form(struct resolver *r, const struct value_entry *entry)
{
    if (value_is(entry->value, VALUE_MAP)) {
        return 0;
    }
    bool is_null = value_is(entry->value, VALUE_NULL);
    resolver_say(r, STACK_BAD_SECTION, is_null ? entry->mark : entry->value->mark,
            "\"locals\" must be a map, but is %s", form_name(entry->value))
            ->hint = STR("write locals: {} for an empty section");
    return ERR_INVALID;
}

int locals_read(struct resolver *r, struct manifest_file *file)
{
    int err = 0;
    for (size_t i = 0; i < SCOPE_COUNT; i++) {
        const struct value_entry *entry = locals_at(r, file, i);
        int one = entry ? check_form(r, entry) : 0;
        file->has_locals = file->has_locals || entry;
        err = err ? err : one;
    }
    for (size_t i = 0; file->has_locals && i < HANDED_COUNT; i++) {
        if (value_is(value_get(file->own, r->words.section[handed[i]]), VALUE_MAP)) {
            file->sections |= (size_t)1 << handed[i];
        }
    }
    if (err || !file->has_locals) {
        return err;
    }
    const struct value *value =
            file->has_delimiters ? value_with_delimiters(r->run, file->own) : NULL;
    if (value) {
        resolver_say(r, STACK_UNSUPPORTED, value->mark,
                "templates in a manifest with locals are not supported yet: \"%.*s\"",
                STR_ARG(value_text(value)));
        return ERR_UNSUPPORTED;
    }
    for (size_t i = 0; i < SCOPE_COUNT; i++) {
        const struct value_entry *entry = locals_at(r, file, i);
        int one = entry ? value_check_strictly(r, entry->value) : 0;
        err = err ? err : one;
    }
    return err;
}

/* The innermost file that imports this one, has locals and a section of this kind. */
static const struct manifest_file *importer_of(const struct resolver *r, size_t bit)
{
    for (size_t i = r->chain.count - 1; i-- > 0;) {
        if (r->chain.items[i]->sections & bit) {
            return r->chain.items[i];
        }
    }
    return r->chain.items[0];
}

static void say_replaced(struct resolver *r, struct manifest_file *file, enum section section)
{
    size_t bit = (size_t)1 << section;
    const struct value_entry *entry = value_entry_get(file->own, r->words.section[section]);
    if (file->replaced & bit) {
        return;
    }
    file->replaced |= bit;
    const struct manifest_file *importer = importer_of(r, bit);
    struct diag *diag = resolver_say(r, STACK_REPLACED, entry->mark,
            "\"%s\" of \"%.*s\" counts for nothing below \"%.*s\", which has locals and \"%s\"",
            section_rules[section].name, STR_ARG(file->key), STR_ARG(importer->key),
            section_rules[section].name);
    diag->span = (uint32_t)str_count_code_points(entry->key->text);
}

const struct value *locals_apply(
        struct resolver *r, struct manifest_file *file, size_t received, size_t *ret_replaced)
{
    const struct value *own = file->own;
    size_t replaced = received & ~file->sections;
    *ret_replaced = replaced;
    for (size_t i = 0; i < HANDED_COUNT; i++) {
        size_t bit = (size_t)1 << handed[i];
        const struct value *section = value_get(file->own, r->words.section[handed[i]]);
        if ((file->sections & bit) && value_count(section)) {
            *ret_replaced |= bit;
        } else if ((replaced & bit) && value_count(section)) {
            say_replaced(r, file, handed[i]);
            own = value_without(r->run->arena, own, r->words.section[handed[i]]);
        }
    }
    return own;
}

/* ---- describe locals ---- */

/* Without what is the same at the top of the file. */
static const struct value *typed_locals(
        struct run *run, const struct value *root, const struct value *own)
{
    struct value_builder builder;
    value_builder_init(&builder, run->arena, own->mark);
    for (size_t i = 0; i < value_count(own); i++) {
        const struct value_entry *entry = &own->as.map.entries[i];
        const struct value *same = value_get(root, entry->key);
        if (!same || !value_equal(same, entry->value)) {
            value_builder_add(&builder, entry->key, entry->value, entry->mark);
        }
    }
    return value_builder_map(&builder);
}

static const struct value *map_of_one(
        struct run *run, struct str key, const struct value *value)
{
    struct value_builder builder;
    value_builder_init(&builder, run->arena, MARK_NONE);
    value_builder_add(&builder, key_of(run->keys, key), value, MARK_NONE);
    return value_builder_map(&builder);
}

/* {locals, terraform: {locals}, ...}, only what has something in it. */
static const struct value *file_locals(struct run *run, const struct manifest_file *file)
{
    struct str word = STR("locals");
    const struct value *root = value_get_str(file->own, word);
    struct value_builder builder;
    value_builder_init(&builder, run->arena, MARK_NONE);
    if (value_count(root)) {
        value_builder_add(&builder, key_of(run->keys, word), root, MARK_NONE);
    }
    for (size_t i = 0; i < TYPE_COUNT; i++) {
        const struct value *own = value_get_str(scope_at(file, i), word);
        if (value_count(own)) {
            value_builder_add(&builder, key_of(run->keys, str_from(types[i])),
                    map_of_one(run, word, typed_locals(run, root, own)), MARK_NONE);
        }
    }
    return value_builder_map(&builder);
}

static int say_none(struct run *run, struct str stack, struct mark mark)
{
    diag_add(&run->diags, &stack_diags[STACK_NO_LOCALS], mark,
            "the stack \"%.*s\" has no locals", STR_ARG(stack));
    return ERR_NOT_FOUND;
}

/* Whether a manifest is meant: by its key, or by the name of a stack it makes. */
static bool is_meant(
        const struct stacks *stacks, const struct manifest *manifest, struct str name)
{
    if (str_eq(manifest->key, name)) {
        return true;
    }
    const struct stack *stack = stacks_find(stacks, name);
    for (size_t i = 0; stack && i < stack->instance_count; i++) {
        if (stack->instances[i]->origin == manifest) {
            return true;
        }
    }
    return false;
}

int stack_locals(struct run *run, const struct stacks *stacks, struct str stack,
        const struct value **ret_value)
{
    const struct manifest *first = NULL;
    bool is_known = false;
    for (size_t i = 0; i < stacks->manifest_count; i++) {
        const struct manifest *manifest = stacks->origins[i];
        if (!is_meant(stacks, manifest, stack)) {
            continue;
        }
        const struct value *locals = file_locals(run, manifest->from);
        is_known = true;
        if (value_count(locals) == 0) {
            continue;
        }
        if (first) {
            diag_add(&run->diags, &stack_diags[STACK_OTHER_LOCALS], MARK_NONE,
                    "\"%.*s\" has locals for the stack \"%.*s\" too", STR_ARG(manifest->key),
                    STR_ARG(stack))
                    ->hint =
                    diag_text(&run->diags, "see them with -s %.*s", STR_ARG(manifest->key));
            continue;
        }
        first = manifest;
        *ret_value = locals;
    }
    if (!is_known) {
        return stacks_say_unknown(run, stacks, stack);
    }
    return first ? 0 : say_none(run, stack, MARK_NONE);
}

int instance_locals(
        struct run *run, const struct instance *instance, const struct value **ret_value)
{
    struct str word = STR("locals");
    const struct manifest_file *file = instance->origin->from;
    const struct value *root = value_get_str(file->own, word);
    const struct value *typed = value_get_str(value_get_str(file->own, instance->type), word);
    struct value_builder builder;
    value_builder_init(&builder, run->arena, MARK_NONE);
    for (size_t i = 0; i < value_count(root) + value_count(typed); i++) {
        const struct value_entry *entry =
                i < value_count(root) ? &root->as.map.entries[i]
                                      : &typed->as.map.entries[i - value_count(root)];
        value_builder_set(&builder, entry->key, entry->value, entry->mark);
    }
    const struct value *locals = value_merge(merger_new(run->arena),
            value_builder_map(&builder), instance->sections[SECTION_LOCALS], LIST_REPLACE);
    if (value_count(locals) == 0) {
        return say_none(run, instance->stack, instance->mark);
    }
    locals = map_of_one(run, instance->name, map_of_one(run, word, locals));
    *ret_value = map_of_one(run, STR("components"), map_of_one(run, instance->type, locals));
    return 0;
}
