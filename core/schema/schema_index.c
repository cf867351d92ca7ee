/* SPDX-License-Identifier: Apache-2.0 */
/* What references can lead to: resources by their URI, anchors by name, places by JSON pointer. */
#include "schema_node.h"
#include "schema_uri.h"

/* Keywords that hold schemas, so that "$id" elsewhere (in `enum`, say) means nothing. */
enum holder {
    HOLDS_SCHEMA,
    HOLDS_LIST,
    HOLDS_MAP
};

static const struct {
    const char *name;
    enum holder holder;
} holders[] = {
    { "$defs", HOLDS_MAP },
    { "additionalProperties", HOLDS_SCHEMA },
    { "allOf", HOLDS_LIST },
    { "anyOf", HOLDS_LIST },
    { "contains", HOLDS_SCHEMA },
    { "definitions", HOLDS_MAP },
    { "dependencies", HOLDS_MAP },
    { "dependentSchemas", HOLDS_MAP },
    { "else", HOLDS_SCHEMA },
    { "if", HOLDS_SCHEMA },
    { "items", HOLDS_SCHEMA },
    { "not", HOLDS_SCHEMA },
    { "oneOf", HOLDS_LIST },
    { "patternProperties", HOLDS_MAP },
    { "prefixItems", HOLDS_LIST },
    { "properties", HOLDS_MAP },
    { "propertyNames", HOLDS_SCHEMA },
    { "then", HOLDS_SCHEMA },
    { "unevaluatedItems", HOLDS_SCHEMA },
    { "unevaluatedProperties", HOLDS_SCHEMA },
};

static struct resource *add_resource(
        struct schema_index *index, struct str uri, const struct value *root)
{
    struct resource *resource = ARENA_NEW(index->arena, struct resource);
    resource->uri = uri;
    resource->root = root;
    map_put(index->arena, &index->resources, uri, resource);
    return resource;
}

/* The URI of a schema with an $id, read against the base; empty when it has none. */
static struct str own_uri(struct arena *arena, const struct value *schema, struct str base)
{
    struct str fragment;
    struct str id = value_string(value_get_str(schema, STR("$id")));
    if (id.len == 0) {
        return STR_EMPTY;
    }
    return uri_without_fragment(uri_resolve(arena, base, id), &fragment);
}

/* Maps keep pointers that may change; what is kept here never does. */
static void *pointer_to(const struct value *value)
{
    union {
        const struct value *constant;
        void *pointer;
    } view = { .constant = value };

    return view.pointer;
}

static void add_anchors(
        struct schema_index *index, struct resource *resource, const struct value *schema)
{
    struct str name = value_string(value_get_str(schema, STR("$anchor")));
    struct str dynamic = value_string(value_get_str(schema, STR("$dynamicAnchor")));
    if (name.len) {
        map_put(index->arena, &resource->anchors, name, pointer_to(schema));
    }
    if (dynamic.len) {
        map_put(index->arena, &resource->anchors, dynamic, pointer_to(schema));
        map_put(index->arena, &resource->dynamic_anchors, dynamic, pointer_to(schema));
    }
}

static void walk(
        struct schema_index *index, const struct value *schema, struct resource *resource)
{
    if (!value_is(schema, VALUE_MAP)) {
        return;
    }
    struct str uri = own_uri(index->arena, schema, resource->uri);
    if (uri.len && !str_eq(uri, resource->uri)) {
        resource = add_resource(index, uri, schema);
    }
    add_anchors(index, resource, schema);
    for (size_t i = 0; i < sizeof(holders) / sizeof(holders[0]); i++) {
        const struct value *held = value_get_str(schema, str_from(holders[i].name));
        if (!held) {
            continue;
        }
        if (holders[i].holder == HOLDS_SCHEMA) {
            walk(index, held, resource);
            continue;
        }
        for (size_t k = 0; k < value_count(held); k++) {
            walk(index,
                    value_is(held, VALUE_MAP) ? held->as.map.entries[k].value
                                              : value_at(held, k),
                    resource);
        }
    }
}

struct resource *index_add(
        struct schema_index *index, const struct value *document, struct str uri)
{
    struct str fragment;
    struct str given = uri_without_fragment(uri, &fragment);
    struct str own = own_uri(index->arena, document, given);
    struct resource *resource = add_resource(index, own.len ? own : given, document);
    if (!map_has(&index->resources, given)) {
        map_put(index->arena, &index->resources, given, resource);
    }
    walk(index, document, resource);
    return resource;
}

struct resource *index_resource(
        const struct schema_index *index, const struct value *schema, struct resource *outer)
{
    if (schema == outer->root) {
        return outer;
    }
    struct str uri = own_uri(index->arena, schema, outer->uri);
    struct resource *own = uri.len ? map_get(&index->resources, uri) : NULL;
    return own && own->root == schema ? own : outer;
}

/* One step of a JSON pointer, its ~0 and ~1 undone. */
static struct str pointer_token(struct arena *arena, struct str raw)
{
    char *out = arena_alloc(arena, raw.len + 1);
    size_t len = 0;
    for (size_t i = 0; i < raw.len; i++) {
        out[len] = raw.ptr[i];
        if (raw.ptr[i] == '~' && i + 1 < raw.len &&
                (raw.ptr[i + 1] == '0' || raw.ptr[i + 1] == '1')) {
            out[len] = raw.ptr[i + 1] == '0' ? '~' : '/';
            i++;
        }
        len++;
    }
    return (struct str){ out, len };
}

static const struct value *follow_pointer(
        const struct schema_index *index, struct str pointer, struct resource **resource)
{
    const struct value *at = (*resource)->root;
    struct str rest = str_from_index(pointer, 1);
    struct str raw;
    bool has_more = true;
    while (at && str_split(&rest, &has_more, '/', &raw)) {
        struct str token = pointer_token(index->arena, raw);
        uint64_t position = 0;
        if (value_is(at, VALUE_LIST)) {
            at = str_to_u64(token, &position) ? value_at(at, (size_t)position) : NULL;
        } else {
            at = value_get_str(at, token);
        }
        if (value_is(at, VALUE_MAP)) {
            *resource = index_resource(index, at, *resource);
        }
    }
    return at;
}

const struct value *index_find(const struct schema_index *index, struct str base,
        struct str reference, struct resource **ret_resource)
{
    struct str fragment;
    struct str uri =
            uri_without_fragment(uri_resolve(index->arena, base, reference), &fragment);
    struct resource *resource = map_get(&index->resources, uri);
    if (!resource) {
        return NULL;
    }
    const struct value *found = resource->root;
    fragment = uri_unescape(index->arena, fragment);
    if (str_starts_with(fragment, STR("/"))) {
        found = follow_pointer(index, fragment, &resource);
    } else if (fragment.len) {
        found = map_get(&resource->anchors, fragment);
    }
    *ret_resource = resource;
    return found;
}
