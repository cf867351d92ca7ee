/* SPDX-License-Identifier: Apache-2.0 */
/* What the list commands know of an instance. */
#include "listing.h"

#include "stack_internal.h"

const char *const component_types[] = { "terraform", "helmfile", "packer", "ansible",
    "kubernetes", "helm", NULL };

/* Keys that are no sections and that one type has nevertheless. They are passed on as written, merged
 * along the bases. What Terraform components have beyond the common ones is in the table of sections. */
static const struct own_key {
    const char *type;
    const char *key;
    bool is_common; /* may stand below the type */
} own_keys[] = {
    { "helm", "chart", false },
    { "helm", "create_namespace", true },
    { "helm", "name", false },
    { "helm", "namespace", false },
    { "helm", "plugins", false },
    { "helm", "release", true },
    { "helm", "render", false },
    { "helm", "repositories", false },
    { "helm", "repository", false },
    { "helm", "values", false },
    { "helm", "values_files", false },
    { "helm", "version", false },
    { "helmfile", "plugins", false },
    { "kubernetes", "manifests", true },
    { "kubernetes", "paths", true },
    { "kubernetes", "provider", true },
    { "kubernetes", "render", true },
    { "kubernetes", "validate", true },
};

static const struct own_key *own_key_find(struct str type, struct str key)
{
    for (size_t i = 0; i < sizeof(own_keys) / sizeof(own_keys[0]); i++) {
        if (str_eq_cstr(key, own_keys[i].key) && str_eq_cstr(type, own_keys[i].type)) {
            return &own_keys[i];
        }
    }
    return NULL;
}

bool component_type_has_key(struct str type, struct str key)
{
    return own_key_find(type, key) != NULL;
}

bool component_type_has_common_key(struct str type, struct str key)
{
    const struct own_key *own = own_key_find(type, key);
    return own && own->is_common;
}

bool component_type_is_known(struct str type)
{
    for (size_t i = 0; component_types[i]; i++) {
        if (str_eq_cstr(type, component_types[i])) {
            return true;
        }
    }
    return false;
}

struct str texts_joined(struct run *run, const struct value *list)
{
    size_t count = value_is(list, VALUE_LIST) ? value_count(list) : 0;
    struct str *texts = ARENA_ARRAY(run->arena, struct str, count);
    for (size_t i = 0; i < count; i++) {
        texts[i] = value_text(value_at(list, i));
    }
    return arena_join(run->arena, texts, count, STR(", "));
}

const struct value *instance_section(const struct instance *instance, const char *section)
{
    for (size_t i = 0; i < SECTION__COUNT; i++) {
        if (str_eq_cstr(str_from(section), section_rules[i].name)) {
            return instance->sections[i];
        }
    }
    return NULL;
}

const struct value *const *dependency_rows(
        struct run *run, const struct instance *instance, size_t *ret_count)
{
    size_t count;
    const struct dependency *list =
            instance_dependencies(run, instance, DEPENDENCY_WRITTEN, &count);
    const struct value **rows = ARENA_ARRAY(run->arena, const struct value *, count);
    for (size_t i = 0; i < count; i++) {
        struct value_builder row;
        value_builder_init(&row, run->arena, list[i].mark);
        row_put_text(run, &row, "component", instance->name);
        row_put_text(run, &row, "stack", instance->stack);
        row_put_text(run, &row, "type", instance->type);
        row_put_text(run, &row, "needs", list[i].component);
        row_put_text(run, &row, "needs_stack", dependency_stack(run, &list[i], instance));
        row_put_text(run, &row, "file", list[i].file);
        row_put_text(run, &row, "folder", list[i].folder);
        rows[i] = value_builder_map(&row);
    }
    *ret_count = count;
    return rows;
}

struct import_step {
    const struct manifest *manifest;
    size_t depth;
};

VEC_TYPE(import_steps, struct import_step);

/* The next to visit comes last. */
static void push_imports(struct run *run, const struct manifest *manifest, size_t depth,
        struct import_steps *steps)
{
    for (size_t i = manifest->import_count; i > 0; i--) {
        VEC_PUSH(run->arena, steps, (struct import_step){ manifest->imports[i - 1], depth });
    }
}

void instance_visit_imports(
        struct run *run, const struct instance *instance, import_visit_fn *visit, void *context)
{
    struct map seen = { 0 };
    struct import_steps steps = { 0 };
    push_imports(run, instance->origin, 0, &steps);
    while (steps.count > 0) {
        struct import_step step = steps.items[--steps.count];
        bool has_imports = step.manifest->import_count > 0;
        bool is_repeated = has_imports && map_has(&seen, step.manifest->key);
        visit(context, step.depth, step.manifest->key, is_repeated);
        if (!is_repeated) {
            map_put(run->arena, &seen, step.manifest->key, run);
            push_imports(run, step.manifest, step.depth + 1, &steps);
        }
    }
}
