/* SPDX-License-Identifier: Apache-2.0 */
/* The compiled form of a schema, shared by the files of schema/. */
#ifndef TFATMOS_SCHEMA_SCHEMA_NODE_H
#define TFATMOS_SCHEMA_SCHEMA_NODE_H

#include "schema.h"
#include "schema_diag.h"

enum {
    TYPE_NULL = 1u << 0,
    TYPE_BOOLEAN = 1u << 1,
    TYPE_INTEGER = 1u << 2,
    TYPE_NUMBER = 1u << 3,
    TYPE_STRING = 1u << 4,
    TYPE_ARRAY = 1u << 5,
    TYPE_OBJECT = 1u << 6
};

/* A document or an embedded part of one that has a name of its own ($id). */
struct resource {
    struct str uri;
    const struct value *root;
    struct map anchors; /* name to struct value; plain and dynamic ones */
    struct map dynamic_anchors;
    struct map dynamic_nodes; /* the same, compiled */
    bool is_reached; /* some node of it is compiled, so $dynamicRef may pass through */
    bool has_nodes; /* dynamic_nodes is filled */
};

struct node;

struct node_list {
    const struct node **items;
    size_t count;
};

/* `patternProperties` */
struct pattern_property {
    const struct regex *regex;
    struct str pattern;
    const struct node *node;
};

/* `dependentRequired` and `dependentSchemas`: what holds when `key` is there. */
struct dependent {
    struct str key;
    const struct value *required; /* list of strings, or NULL */
    const struct node *node; /* or NULL */
};

/* One schema. Pointers are NULL, lists empty, where the keyword is absent. */
struct node {
    const struct value *source;
    struct resource *resource;
    bool is_never; /* the schema `false` */
    bool is_always; /* true, or without any keyword that asserts */

    unsigned types; /* TYPE_... or 0 */
    const struct value *values; /* `enum` */
    const struct value *constant;
    const struct value *minimum;
    const struct value *maximum;
    const struct value *exclusive_minimum;
    const struct value *exclusive_maximum;
    const struct value *multiple_of;

    size_t min_length;
    size_t max_length; /* SIZE_MAX: no bound; the same for the others */
    const struct regex *pattern;
    struct str pattern_text;

    struct node_list prefix_items;
    const struct node *items;
    const struct node *contains;
    size_t min_contains;
    size_t max_contains;
    size_t min_items;
    size_t max_items;
    bool has_unique_items;
    const struct node *unevaluated_items;

    struct map properties; /* name to struct node */
    VEC(struct pattern_property) patterns;
    const struct node *additional;
    const struct node *names;
    const struct value *required;
    VEC(struct dependent) dependents;
    size_t min_properties;
    size_t max_properties;
    const struct node *unevaluated_properties;

    struct node_list all_of;
    struct node_list any_of;
    struct node_list one_of;
    const struct node *negated; /* `not` */
    const struct node *condition;
    const struct node *consequence; /* `then` */
    const struct node *alternative; /* `else` */

    const struct node *reference;
    const struct node *dynamic_reference; /* where it leads at first */
    struct str dynamic_name; /* not empty: the dynamic scope may lead it elsewhere */

    struct str description; /* of the author, for people */
};

struct schema {
    const struct node *root;
    struct str what;
};

/* ---- schema_index.c: documents, resources, anchors ---- */

struct schema_index {
    struct arena *arena;
    struct map resources; /* uri to struct resource */
};

struct resource *index_add(
        struct schema_index *index, const struct value *document, struct str uri);
/* The schema a reference leads to, seen from `base`; its resource. NULL when there is none. */
const struct value *index_find(const struct schema_index *index, struct str base,
        struct str reference, struct resource **ret_resource);
/* The resource of a schema that stands in `outer`: another one when it has an $id. */
struct resource *index_resource(
        const struct schema_index *index, const struct value *schema, struct resource *outer);

/* ---- schema_equal.c ---- */

/* <0, 0, >0; both are numbers. */
int number_cmp(const struct value *a, const struct value *b);
bool number_is_integer(const struct value *value);
bool number_is_multiple(const struct value *value, const struct value *divisor);
/* Equality as schemas have it: 1 and 1.0 are the same. */
bool instance_equal(const struct value *a, const struct value *b);

#endif
