/* SPDX-License-Identifier: Apache-2.0 */
/* IAM policy documents from declared actions. */
#include "permissions.h"

#include <stdlib.h>

#include "plugin.h"

static int compare_texts(const void *a, const void *b)
{
    return str_cmp(*(const struct str *)a, *(const struct str *)b);
}

struct str_list permissions_of(
        struct run *run, const struct plugin *const *plugins, size_t count)
{
    VEC(struct str) actions = { 0 };
    for (size_t i = 0; i < count; i++) {
        const struct str_list *own = &plugins[i]->identity->aws_actions;
        for (size_t k = 0; k < own->count; k++) {
            VEC_PUSH(run->arena, &actions, own->items[k]);
        }
    }
    if (actions.count > 1) {
        qsort(actions.items, actions.count, sizeof(actions.items[0]), compare_texts);
    }
    size_t kept = 0;
    for (size_t i = 0; i < actions.count; i++) {
        if (kept == 0 || !str_eq(actions.items[kept - 1], actions.items[i])) {
            actions.items[kept++] = actions.items[i];
        }
    }
    return (struct str_list){ actions.items, kept };
}

static const struct value *document(struct run *run, const struct str *actions, size_t count)
{
    struct value_builder statement;
    struct value_builder root;
    const struct value **items = ARENA_ARRAY(run->arena, const struct value *, count + 1);
    for (size_t i = 0; i < count; i++) {
        items[i] = value_string_new(run->arena, actions[i], MARK_NONE);
    }
    value_builder_init(&statement, run->arena, MARK_NONE);
    row_put_text(run, &statement, "Sid", STR("TfAtmosChecks"));
    row_put_text(run, &statement, "Effect", STR("Allow"));
    row_put(run, &statement, "Action", value_list_new(run->arena, items, count, MARK_NONE));
    row_put_text(run, &statement, "Resource", STR("*"));
    const struct value *only = value_builder_map(&statement);
    value_builder_init(&root, run->arena, MARK_NONE);
    row_put_text(run, &root, "Version", STR("2012-10-17"));
    row_put(run, &root, "Statement", value_list_new(run->arena, &only, 1, MARK_NONE));
    return value_builder_map(&root);
}

const struct value *const *permissions_documents(
        struct run *run, const struct str_list *actions, size_t *ret_count)
{
    VEC(const struct value *) documents = { 0 };
    AUTO_BUF empty = BUF_INIT(BUF_UNBOUNDED);
    json_write(&empty, document(run, NULL, 0), JSON_COMPACT);
    size_t begin = 0;
    size_t used = empty.len;
    for (size_t i = 0; i < actions->count; i++) {
        size_t more = actions->items[i].len + 3; /* quotes and comma */
        if (i > begin && used + more > PERMISSIONS_MAX_CHARACTERS) {
            VEC_PUSH(run->arena, &documents, document(run, actions->items + begin, i - begin));
            begin = i;
            used = empty.len;
        }
        used += more;
    }
    if (actions->count > begin) {
        VEC_PUSH(run->arena, &documents,
                document(run, actions->items + begin, actions->count - begin));
    }
    *ret_count = documents.count;
    return documents.items;
}
