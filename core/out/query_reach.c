/* SPDX-License-Identifier: Apache-2.0 */
/* What a query can look at, without running it. */
#include "query_node.h"

struct reach {
    struct str key;
    bool is_read; /* something below the key, or the whole document */
};

/* Walks a node that is asked of the whole document. True when its result can be the document again. */
static bool walk(struct reach *reach, const struct query_node *node)
{
    bool is_whole;
    switch (node->kind) {
    case QUERY_SELF:
        return true;
    case QUERY_FIELD:
        reach->is_read = reach->is_read || str_eq(node->text, reach->key);
        return false;
    case QUERY_LITERAL:
    case QUERY_KEYS:
    case QUERY_LENGTH:
    case QUERY_NOT:
        return false;
    case QUERY_HAS:
        (void)walk(reach, node->left);
        return false;
    case QUERY_TRY:
        return walk(reach, node->left);
    case QUERY_SELECT:
        (void)walk(reach, node->left);
        return true;
    case QUERY_PIPE:
        return walk(reach, node->left) && walk(reach, node->right);
    case QUERY_BUILD:
        if (node->left) {
            (void)walk(reach, node->left);
        }
        (void)walk(reach, node->right);
        return false;
    case QUERY_ENTRY:
        is_whole = walk(reach, node->left);
        is_whole = walk(reach, node->right) || is_whole;
        reach->is_read = reach->is_read || is_whole;
        return false;
    case QUERY_UNION:
    case QUERY_ELSE:
        is_whole = walk(reach, node->left);
        return walk(reach, node->right) || is_whole;
    case QUERY_OR:
    case QUERY_AND:
        (void)walk(reach, node->left);
        (void)walk(reach, node->right);
        return false;
    case QUERY_EQUAL:
    case QUERY_UNEQUAL:
    case QUERY_LESS:
    case QUERY_LESS_OR_EQUAL:
    case QUERY_MORE:
    case QUERY_MORE_OR_EQUAL:
        is_whole = walk(reach, node->left);
        is_whole = walk(reach, node->right) || is_whole;
        reach->is_read = reach->is_read || is_whole;
        return false;
    case QUERY_COLLECT:
        reach->is_read = walk(reach, node->left) || reach->is_read;
        return false;
    case QUERY_INDEX:
    case QUERY_SLICE:
    case QUERY_ITERATE:
    case QUERY_DESCEND:
    case QUERY_MAP:
        reach->is_read = true;
        return false;
    }
    BUG("query node");
}

bool query_reaches(struct run *run, struct str query, const char *key)
{
    struct reach reach = { .key = str_from(key) };
    const struct query_node *node = NULL;
    struct str unheard;
    return query_parse(run, query, &node, &unheard) == 0 &&
           (walk(&reach, node) || reach.is_read);
}
