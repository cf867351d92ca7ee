/* SPDX-License-Identifier: Apache-2.0 */
/* YAML reader of the test kit: one document with marks on every node, through libyaml. */
#include <string.h>
#include <yaml.h>

#include "mock.h"

#define DEPTH_MAX 128

static void place(struct node *node, const char *file, yaml_mark_t mark)
{
    node->file = file;
    node->line = (uint32_t)mark.line + 1;
    node->column = (uint32_t)mark.column + 1;
}

static struct node *read_scalar(struct pool *pool, const yaml_node_t *from)
{
    const char *ptr = (const char *)from->data.scalar.value;
    size_t len = from->data.scalar.length;
    const char *tag = (const char *)from->tag;
    bool plain = from->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
    bool truth = false;
    int32_t kind = plain ? plain_kind(ptr, len, &truth) : TFA_KIND_STRING;
    struct node *node = node_scalar(pool, kind, ptr, len);

    node->truth = truth;
    if (tag != NULL && tag[0] == '!') {
        node->tag = pool_text(pool, tag, strlen(tag));
        node->kind = strcmp(tag, "!unknown") == 0 ? TFA_KIND_UNKNOWN : TFA_KIND_STRING;
        node->sensitive = strcmp(tag, "!sensitive") == 0;
    }
    return node;
}

static struct node *convert(struct pool *pool, yaml_document_t *document, int id,
        const char *file, unsigned depth, const char **ret_error)
{
    yaml_node_t *from = yaml_document_get_node(document, id);
    struct node *node;

    if (depth > DEPTH_MAX) {
        *ret_error = "nested too deeply, or an alias within its own anchor";
        return node_new(pool, TFA_KIND_NULL);
    }
    if (from->type == YAML_SCALAR_NODE) {
        node = read_scalar(pool, from);
        place(node, file, from->start_mark);
        return node;
    }
    node = node_new(pool, from->type == YAML_MAPPING_NODE ? TFA_KIND_MAP : TFA_KIND_LIST);
    node->frozen = true;
    place(node, file, from->start_mark);
    if (from->type == YAML_SEQUENCE_NODE) {
        for (yaml_node_item_t *item = from->data.sequence.items.start;
                item < from->data.sequence.items.top; item++) {
            struct node *child = convert(pool, document, *item, file, depth + 1, ret_error);
            child->parent = node;
            child->slot = node->count;
            (void)node_add(pool, node, NULL, 0, child);
        }
        return node;
    }
    for (yaml_node_pair_t *pair = from->data.mapping.pairs.start;
            pair < from->data.mapping.pairs.top; pair++) {
        yaml_node_t *key = yaml_document_get_node(document, pair->key);
        struct node *child = convert(pool, document, pair->value, file, depth + 1, ret_error);
        if (key->type != YAML_SCALAR_NODE ||
                node_get(node, (const char *)key->data.scalar.value, key->data.scalar.length) !=
                        NULL) {
            *ret_error = pool_format(
                    pool, "line %zu: key is repeated or not a text", key->start_mark.line + 1);
            continue;
        }
        child->parent = node;
        child->slot = node->count;
        struct entry *entry = node_add(pool, node, (const char *)key->data.scalar.value,
                key->data.scalar.length, child);
        entry->line = (uint32_t)key->start_mark.line + 1;
        entry->column = (uint32_t)key->start_mark.column + 1;
    }
    return node;
}

struct node *yaml_parse(
        struct pool *pool, const char *text, const char *file, const char **ret_error)
{
    yaml_parser_t parser;
    yaml_document_t document;
    struct node *node = NULL;

    *ret_error = NULL;
    if (!yaml_parser_initialize(&parser)) {
        test_mistake("out of memory");
    }
    yaml_parser_set_input_string(&parser, (const unsigned char *)text, strlen(text));
    if (!yaml_parser_load(&parser, &document)) {
        *ret_error = pool_format(pool, "line %zu: %s", parser.problem_mark.line + 1,
                parser.problem == NULL ? "malformed" : parser.problem);
        yaml_parser_delete(&parser);
        return NULL;
    }
    if (yaml_document_get_root_node(&document) == NULL) {
        *ret_error = "the document is empty";
    } else {
        node = convert(pool, &document, 1, file, 0, ret_error);
    }
    yaml_document_delete(&document);
    yaml_parser_delete(&parser);
    return *ret_error == NULL ? node : NULL;
}
