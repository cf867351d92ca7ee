/* SPDX-License-Identifier: Apache-2.0 */
/* From the value of a schema to nodes: every keyword read once, references bound. */
#include "schema_node.h"

/* A reference still to be bound. */
struct pending {
    struct node *node;
    struct str reference;
    bool is_dynamic;
};

struct compiler {
    const struct schema_source *source;
    struct arena *arena;
    struct schema_index index;
    struct map nodes; /* address of the source to struct node */
    VEC(struct pending) pending;
    int err;
};

static void *pointer_to(const struct node *node)
{
    union {
        const struct node *constant;
        void *pointer;
    } view = { .constant = node };

    return view.pointer;
}

static void __attribute__((format(printf, 4, 5))) complain(
        struct compiler *compiler, int err, const struct value *place, const char *format, ...)
{
    if (compiler->err != 0) {
        return;
    }
    const struct schema_source *source = compiler->source;
    va_list args;
    va_start(args, format);
    struct str text = arena_vprintf(source->diags->arena, format, args);
    va_end(args);
    diag_add(source->diags, source->kind ? source->kind : &schema_diags[SCHEMA_BROKEN],
            place ? place->mark : MARK_NONE, "%.*s: %.*s", STR_ARG(source->what),
            STR_ARG(text));
    compiler->err = err;
}

static const struct node *compile(
        struct compiler *compiler, const struct value *schema, struct resource *resource);

/* ---- reading keywords ---- */

static const struct value *keyword(const struct node *node, const char *name)
{
    return value_get_str(node->source, str_from(name));
}

static const struct node *schema_of(
        struct compiler *compiler, const struct node *node, const char *name)
{
    const struct value *value = keyword(node, name);
    return value ? compile(compiler, value, node->resource) : NULL;
}

static struct node_list schemas_of(
        struct compiler *compiler, const struct node *node, const char *name)
{
    const struct value *list = keyword(node, name);
    struct node_list nodes = { NULL, 0 };
    if (!list) {
        return nodes;
    }
    if (!value_is(list, VALUE_LIST) || value_count(list) == 0) {
        complain(compiler, ERR_INVALID, list, "\"%s\" must be a list of schemas", name);
        return nodes;
    }
    nodes.items = ARENA_ARRAY(compiler->arena, const struct node *, value_count(list));
    for (size_t i = 0; i < value_count(list); i++) {
        nodes.items[nodes.count++] = compile(compiler, value_at(list, i), node->resource);
    }
    return nodes;
}

static const struct value *map_of(
        struct compiler *compiler, const struct node *node, const char *name)
{
    const struct value *map = keyword(node, name);
    if (map && !value_is(map, VALUE_MAP)) {
        complain(compiler, ERR_INVALID, map, "\"%s\" must be a map", name);
        return NULL;
    }
    return map;
}

static size_t count_of(
        struct compiler *compiler, const struct node *node, const char *name, size_t otherwise)
{
    const struct value *value = keyword(node, name);
    double number = 0;
    if (!value) {
        return otherwise;
    }
    if (!value_float(value, &number) || number < 0 || number > 1e15 ||
            !number_is_integer(value)) {
        complain(compiler, ERR_INVALID, value, "\"%s\" must be a whole number from 0", name);
        return otherwise;
    }
    return (size_t)number;
}

static const struct value *number_keyword(
        struct compiler *compiler, const struct node *node, const char *name)
{
    const struct value *value = keyword(node, name);
    if (value && !value_is(value, VALUE_INT) && !value_is(value, VALUE_FLOAT)) {
        complain(compiler, ERR_INVALID, value, "\"%s\" must be a number", name);
        return NULL;
    }
    return value;
}

static bool is_string_list(const struct value *value)
{
    if (!value_is(value, VALUE_LIST)) {
        return false;
    }
    for (size_t i = 0; i < value_count(value); i++) {
        if (!value_is(value_at(value, i), VALUE_STRING)) {
            return false;
        }
    }
    return true;
}

static const struct regex *regex_of(
        struct compiler *compiler, const struct value *place, struct str pattern)
{
    const struct regex *regex = NULL;
    struct regex_error error = { NULL, 0 };
    int err = regex_compile(compiler->arena, pattern, &regex, &error);
    if (err != 0) {
        complain(compiler, err == ERR_UNSUPPORTED ? err : ERR_INVALID, place,
                "the pattern \"%.*s\" cannot be used: %s (at character %zu)", STR_ARG(pattern),
                error.message, error.offset + 1);
    }
    return regex;
}

/* ---- groups of keywords ---- */

static unsigned type_named(struct str name)
{
    static const char *const names[] = { "null", "boolean", "integer", "number", "string",
        "array", "object" };
    for (unsigned i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if (str_eq_cstr(name, names[i])) {
            return 1u << i;
        }
    }
    return 0;
}

static void read_types(struct compiler *compiler, struct node *node)
{
    const struct value *types = keyword(node, "type");
    if (!types) {
        return;
    }
    size_t count = value_is(types, VALUE_LIST) ? value_count(types) : 1;
    for (size_t i = 0; i < count; i++) {
        const struct value *name = value_is(types, VALUE_LIST) ? value_at(types, i) : types;
        unsigned type = type_named(value_string(name));
        if (type == 0) {
            complain(compiler, ERR_INVALID, name, "\"%.*s\" is not a type",
                    STR_ARG(value_text(name)));
        }
        node->types |= type;
    }
    if (count == 0) {
        complain(compiler, ERR_INVALID, types, "\"type\" must name a type");
    }
}

static void read_scalars(struct compiler *compiler, struct node *node)
{
    node->values = keyword(node, "enum");
    if (node->values && !value_is(node->values, VALUE_LIST)) {
        complain(compiler, ERR_INVALID, node->values, "\"enum\" must be a list");
    }
    node->constant = keyword(node, "const");
    node->minimum = number_keyword(compiler, node, "minimum");
    node->maximum = number_keyword(compiler, node, "maximum");
    node->exclusive_minimum = number_keyword(compiler, node, "exclusiveMinimum");
    node->exclusive_maximum = number_keyword(compiler, node, "exclusiveMaximum");
    node->multiple_of = number_keyword(compiler, node, "multipleOf");
    double step = 1;
    if (node->multiple_of && value_float(node->multiple_of, &step) && step <= 0) {
        complain(compiler, ERR_INVALID, node->multiple_of, "\"multipleOf\" must be above 0");
    }
    node->min_length = count_of(compiler, node, "minLength", 0);
    node->max_length = count_of(compiler, node, "maxLength", SIZE_MAX);
    const struct value *pattern = keyword(node, "pattern");
    if (pattern && !value_is(pattern, VALUE_STRING)) {
        complain(compiler, ERR_INVALID, pattern, "\"pattern\" must be a string");
    } else if (pattern) {
        node->pattern_text = value_string(pattern);
        node->pattern = regex_of(compiler, pattern, node->pattern_text);
    }
    node->description = value_string(keyword(node, "description"));
}

static void read_lists(struct compiler *compiler, struct node *node)
{
    const struct value *items = keyword(node, "items");
    if (value_is(items, VALUE_LIST)) {
        complain(compiler, ERR_UNSUPPORTED, items,
                "\"items\" must be one schema; a list of schemas is called \"prefixItems\"");
        return;
    }
    node->prefix_items = schemas_of(compiler, node, "prefixItems");
    node->items = schema_of(compiler, node, "items");
    node->contains = schema_of(compiler, node, "contains");
    node->min_contains = count_of(compiler, node, "minContains", 1);
    node->max_contains = count_of(compiler, node, "maxContains", SIZE_MAX);
    node->min_items = count_of(compiler, node, "minItems", 0);
    node->max_items = count_of(compiler, node, "maxItems", SIZE_MAX);
    node->has_unique_items = value_bool(keyword(node, "uniqueItems"), false);
    node->unevaluated_items = schema_of(compiler, node, "unevaluatedItems");
}

/* `dependencies` is the name both keywords had in older drafts: a list demands keys. */
static void read_dependent_schemas(
        struct compiler *compiler, struct node *node, const char *name)
{
    const struct value *map = map_of(compiler, node, name);
    for (size_t i = 0; i < value_count(map); i++) {
        const struct value_entry *entry = &map->as.map.entries[i];
        struct dependent dependent = { .key = entry->key->text };
        if (str_eq_cstr(STR("dependencies"), name) && is_string_list(entry->value)) {
            dependent.required = entry->value;
        } else {
            dependent.node = compile(compiler, entry->value, node->resource);
        }
        VEC_PUSH(compiler->arena, &node->dependents, dependent);
    }
}

static void read_dependents(struct compiler *compiler, struct node *node)
{
    const struct value *map = map_of(compiler, node, "dependentRequired");
    for (size_t i = 0; i < value_count(map); i++) {
        const struct value_entry *entry = &map->as.map.entries[i];
        if (!is_string_list(entry->value)) {
            complain(compiler, ERR_INVALID, entry->value,
                    "\"dependentRequired\" must hold lists of strings");
            return;
        }
        VEC_PUSH(compiler->arena, &node->dependents,
                (struct dependent){ .key = entry->key->text, .required = entry->value });
    }
    read_dependent_schemas(compiler, node, "dependentSchemas");
    read_dependent_schemas(compiler, node, "dependencies");
}

static void read_maps(struct compiler *compiler, struct node *node)
{
    const struct value *map = map_of(compiler, node, "properties");
    for (size_t i = 0; i < value_count(map); i++) {
        const struct value_entry *entry = &map->as.map.entries[i];
        map_put(compiler->arena, &node->properties, entry->key->text,
                pointer_to(compile(compiler, entry->value, node->resource)));
    }
    map = map_of(compiler, node, "patternProperties");
    for (size_t i = 0; i < value_count(map); i++) {
        const struct value_entry *entry = &map->as.map.entries[i];
        VEC_PUSH(compiler->arena, &node->patterns,
                (struct pattern_property){
                        .regex = regex_of(compiler, entry->value, entry->key->text),
                        .pattern = entry->key->text,
                        .node = compile(compiler, entry->value, node->resource) });
    }
    node->additional = schema_of(compiler, node, "additionalProperties");
    node->names = schema_of(compiler, node, "propertyNames");
    node->required = keyword(node, "required");
    if (node->required && !is_string_list(node->required)) {
        complain(compiler, ERR_INVALID, node->required,
                "\"required\" must be a list of strings");
    }
    read_dependents(compiler, node);
    node->min_properties = count_of(compiler, node, "minProperties", 0);
    node->max_properties = count_of(compiler, node, "maxProperties", SIZE_MAX);
    node->unevaluated_properties = schema_of(compiler, node, "unevaluatedProperties");
}

static void read_references(struct compiler *compiler, struct node *node)
{
    static const char *const names[] = { "$ref", "$dynamicRef" };
    for (size_t i = 0; i < 2; i++) {
        const struct value *reference = keyword(node, names[i]);
        if (!reference) {
            continue;
        }
        if (!value_is(reference, VALUE_STRING)) {
            complain(compiler, ERR_INVALID, reference, "\"%s\" must be a string", names[i]);
            return;
        }
        VEC_PUSH(compiler->arena, &compiler->pending,
                (struct pending){ node, value_string(reference), i == 1 });
    }
}

static void read_keywords(struct compiler *compiler, struct node *node)
{
    read_references(compiler, node);
    read_types(compiler, node);
    read_scalars(compiler, node);
    read_lists(compiler, node);
    read_maps(compiler, node);
    node->all_of = schemas_of(compiler, node, "allOf");
    node->any_of = schemas_of(compiler, node, "anyOf");
    node->one_of = schemas_of(compiler, node, "oneOf");
    node->negated = schema_of(compiler, node, "not");
    node->condition = schema_of(compiler, node, "if");
    if (node->condition) {
        node->consequence = schema_of(compiler, node, "then");
        node->alternative = schema_of(compiler, node, "else");
    }
}

/* ---- the whole ---- */

static const struct node *compile(
        struct compiler *compiler, const struct value *schema, struct resource *resource)
{
    uintptr_t number = (uintptr_t)schema;
    struct str address = { (const char *)&number, sizeof(number) };
    struct node *node = map_get(&compiler->nodes, address);
    if (node || compiler->err != 0) {
        return node;
    }
    node = ARENA_NEW(compiler->arena, struct node);
    map_put(compiler->arena, &compiler->nodes, address, node);
    node->source = schema;
    node->resource = resource;
    if (value_is(schema, VALUE_BOOL)) {
        node->is_never = !value_bool(schema, true);
        node->is_always = !node->is_never;
        return node;
    }
    if (!value_is(schema, VALUE_MAP)) {
        complain(compiler, ERR_INVALID, schema, "a schema must be a map, true or false");
        return node;
    }
    node->resource = index_resource(&compiler->index, schema, resource);
    node->resource->is_reached = true;
    node->is_always = value_count(schema) == 0;
    read_keywords(compiler, node);
    return node;
}

static void bind(struct compiler *compiler, struct pending pending)
{
    struct node *node = pending.node;
    struct resource *resource = NULL;
    const struct value *target =
            index_find(&compiler->index, node->resource->uri, pending.reference, &resource);
    if (!target) {
        bool is_here = str_starts_with(pending.reference, STR("#"));
        complain(compiler, is_here ? ERR_INVALID : ERR_UNSUPPORTED, node->source,
                is_here ? "the reference \"%.*s\" leads nowhere"
                        : "the reference \"%.*s\" leads out of the schema; nothing is fetched",
                STR_ARG(pending.reference));
        return;
    }
    const struct node *bound = compile(compiler, target, resource);
    if (!pending.is_dynamic) {
        node->reference = bound;
        return;
    }
    node->dynamic_reference = bound;
    struct str name = value_string(value_get_str(target, STR("$dynamicAnchor")));
    ptrdiff_t hash = str_find(pending.reference, '#');
    if (name.len && hash >= 0 &&
            str_eq(str_from_index(pending.reference, (size_t)hash + 1), name)) {
        node->dynamic_name = name;
    }
}

/* Compiles what the dynamic scope may lead to in the resources reached. */
static void compile_anchors(struct compiler *compiler)
{
    for (size_t i = 0; i < compiler->index.resources.count; i++) {
        struct resource *resource = compiler->index.resources.entries[i].value;
        if (!resource->is_reached || resource->has_nodes) {
            continue;
        }
        resource->has_nodes = true;
        for (size_t k = 0; k < resource->dynamic_anchors.count; k++) {
            const struct map_entry *entry = &resource->dynamic_anchors.entries[k];
            const struct node *node = compile(compiler, entry->value, resource);
            map_put(compiler->arena, &resource->dynamic_nodes, entry->key, pointer_to(node));
        }
    }
}

/* Binding compiles targets, which may bring further references. */
static void bind_all(struct compiler *compiler)
{
    bool has_dynamic = false;
    for (size_t i = 0; i < compiler->pending.count && compiler->err == 0; i++) {
        has_dynamic = has_dynamic || compiler->pending.items[i].is_dynamic;
        bind(compiler, compiler->pending.items[i]);
        if (has_dynamic && i + 1 == compiler->pending.count && compiler->err == 0) {
            compile_anchors(compiler);
        }
    }
}

int schema_compile(const struct schema_source *source, const struct schema **ret_schema)
{
    struct compiler compiler = {
        .source = source, .arena = source->arena, .index = { .arena = source->arena }
    };
    if (!value_is(source->document, VALUE_MAP) && !value_is(source->document, VALUE_BOOL)) {
        complain(&compiler, ERR_INVALID, source->document,
                "a schema must be a map, true or false");
        return compiler.err;
    }
    struct resource *resource = index_add(&compiler.index, source->document, source->uri);
    for (size_t i = 0; i < source->other_count; i++) {
        index_add(&compiler.index, source->others[i].value, source->others[i].uri);
    }
    struct schema *schema = ARENA_NEW(source->arena, struct schema);
    schema->what = arena_dup(source->arena, source->what);
    schema->root = compile(&compiler, source->document, resource);
    bind_all(&compiler);
    if (compiler.err == 0) {
        *ret_schema = schema;
    }
    return compiler.err;
}
