/* SPDX-License-Identifier: Apache-2.0 */
/* Running the plugin's callbacks and handing out what they produced. */
#include <stdlib.h>
#include <string.h>

#include "mock.h"

/* Calls live as long as the kit, so that one used too late is recognized and not read from where
 * something else lies by now. */
static struct tfa_call *call_begin(struct tfa_testkit *kit, uint32_t phase)
{
    struct tfa_call *call = pool_alloc(&kit->lasting, sizeof(*call));

    call->kit = kit;
    call->thread = pthread_self();
    call->generation = ++kit->generation;
    call->shown.who.struct_size = (uint32_t)(sizeof(call->shown.who) +
                                             (kit->is_newer ? sizeof(call->shown.more) : 0));
    call->shown.who.phase = phase;
    memset(call->shown.more, 0xA5, sizeof(call->shown.more));
    if (phase != TFA_PHASE_INIT && phase != TFA_PHASE_REVIEW) {
        call->shown.who.stack = str_view(node_text_of(kit->context, "stack"));
        call->shown.who.component = str_view(node_text_of(kit->context, "component"));
        call->shown.who.module = str_view(node_text_of(kit->context, "module"));
        call->shown.who.kind = str_view(node_text_of(kit->context, "kind"));
    }
    kit->current = call;
    return call;
}

/* Turns what the callback returned and did into what the host makes of it. */
static int32_t call_end(struct tfa_call *call, const char *function, int32_t rc)
{
    struct tfa_testkit *kit = call->kit;

    if (rc > 0) {
        misuse(kit, RULE_RESULT, "%s returned %d; positive results are reserved", function, rc);
        rc = TFA_E_INTERNAL;
    }
    if (call->broken != 0 && call->broken_why != NULL) {
        misuse(kit, call->broken_rule, "%s: %s; what it returned is discarded", function,
                call->broken_why);
        rc = rc == TFA_OK ? TFA_E_INTERNAL : rc;
    }
    if (call->broken != 0 && rc == TFA_OK) {
        rc = call->broken;
    }
    kit->calls = call->services;
    if (atomic_load(&call->strays) > 0) {
        misuse(kit, RULE_THREAD, "%s: %u service calls on another thread", function,
                atomic_load(&call->strays));
    }
    return rc;
}

static void call_free(struct tfa_call *call)
{
    call->kit->current = NULL;
    free((void *)call->handles.items);
    call->handles = (struct list){ 0 };
    pool_free(&call->pool);
}

int32_t tfa_testkit_init(struct tfa_testkit *kit)
{
    struct tfa_call *call;
    int32_t rc = TFA_OK;

    if (kit->init_state != 0) {
        return kit->init_code;
    }
    call = call_begin(kit, TFA_PHASE_INIT);
    if (kit->plugin->init != NULL) {
        rc = call_end(call, "init", kit->plugin->init(kit->host, call, &kit->self));
    }
    call_free(call);
    kit->init_state = rc == TFA_OK ? 1 : -1;
    kit->init_code = rc;
    return rc;
}

/* The plugin's table for an id, after init; the code why there is none. */
static const void *table(struct tfa_testkit *kit, const char *id, int32_t *ret_code)
{
    const void *found;

    *ret_code = tfa_testkit_init(kit);
    if (*ret_code != TFA_OK) {
        return NULL;
    }
    found = kit->plugin->ext(kit->self, id);
    if (found == NULL) {
        *ret_code = TFA_E_UNSUPPORTED;
    }
    return found;
}

/* The context as the phase sees it: only checks know targets. */
static struct node *context_of(struct tfa_call *call)
{
    const struct node *whole = call->kit->context;
    struct node *part;

    if (call->shown.who.phase == TFA_PHASE_LIST_CHECKS ||
            call->shown.who.phase == TFA_PHASE_CHECK) {
        return call->kit->context;
    }
    part = node_new(&call->pool, TFA_KIND_MAP);
    part->frozen = true;
    part->file = whole->file;
    part->line = whole->line;
    part->column = whole->column;
    for (size_t i = 0; i < whole->count; i++) {
        const struct entry *from = &whole->entries[i];
        if (strcmp(from->key, "targets") != 0) {
            struct entry *to =
                    node_add(&call->pool, part, from->key, from->key_len, from->node);
            to->line = from->line;
            to->column = from->column;
        }
    }
    return part;
}

/* A returned value, kept in the kit: the node, NULL for TFA_NONE or a wrong kind. */
static struct node *keep(
        struct tfa_call *call, const char *function, tfa_val v, int32_t kind, int32_t *ret_code)
{
    struct node *node = NULL;
    int32_t rc = handle_node(call, function, v, &node);

    if (rc == TFA_E_ABSENT) {
        return NULL;
    }
    if (rc == TFA_OK && node->kind != kind) {
        misuse(call->kit, RULE_VALUES, "%s: returned a value of the wrong kind", function);
        rc = TFA_E_INTERNAL;
    }
    if (rc != TFA_OK) {
        *ret_code = rc;
        return NULL;
    }
    return node_copy(&call->kit->run, node, false);
}

int32_t tfa_testkit_validate(struct tfa_testkit *kit)
{
    struct tfa_call *call;
    int32_t rc;
    const struct tfa_component_v1 *component = table(kit, TFA_EXT_COMPONENT_V1, &rc);

    if (component == NULL) {
        return rc;
    }
    call = call_begin(kit, TFA_PHASE_VALIDATE);
    rc = component->validate(
            kit->self, call, handle_of(call, kit->intent), handle_of(call, context_of(call)));
    rc = call_end(call, "validate", rc);
    call_free(call);
    return rc;
}

int32_t tfa_testkit_generate(struct tfa_testkit *kit)
{
    struct tfa_call *call;
    tfa_val vars = TFA_NONE;
    int32_t rc;
    const struct tfa_component_v1 *component = table(kit, TFA_EXT_COMPONENT_V1, &rc);

    if (component == NULL) {
        return rc;
    }
    call = call_begin(kit, TFA_PHASE_GENERATE);
    rc = component->generate(kit->self, call, handle_of(call, kit->intent),
            handle_of(call, context_of(call)), &vars);
    rc = call_end(call, "generate", rc);
    kit->vars = NULL;
    if (rc == TFA_OK && call->errors == 0) {
        kit->vars = keep(call, "generate", vars, TFA_KIND_MAP, &rc);
    }
    kit->vars_json = node_json_text(&kit->run, kit->vars, false);
    call_free(call);
    return rc;
}

int32_t tfa_testkit_list_checks(struct tfa_testkit *kit)
{
    struct tfa_call *call;
    tfa_val items = TFA_NONE;
    int32_t rc;
    const struct tfa_check_v1 *check = table(kit, TFA_EXT_CHECK_V1, &rc);

    if (check == NULL) {
        return rc;
    }
    call = call_begin(kit, TFA_PHASE_LIST_CHECKS);
    rc = check->list(kit->self, call, handle_of(call, kit->intent),
            handle_of(call, context_of(call)), &items);
    rc = call_end(call, "list", rc);
    kit->items = rc == TFA_OK ? keep(call, "list", items, TFA_KIND_LIST, &rc) : NULL;
    kit->items_json = node_json_text(&kit->run, kit->items, false);
    for (size_t i = 0; kit->items != NULL && i < kit->items->count; i++) {
        const char *id = node_text_of(kit->items->entries[i].node, "id");
        if (id[0] == '\0' ||
                (kit->manifest != NULL && catalogue(kit, "checks", "id", id) == NULL)) {
            misuse(kit, RULE_CHECK_RESULT,
                    "list: item %zu: id \"%s\" is not a check of the manifest", i, id);
        }
    }
    call_free(call);
    return rc;
}

/* Adds target and region to an item that does not name them. */
static struct node *complete_item(struct tfa_testkit *kit, const struct node *given)
{
    struct pool *pool = &kit->run;
    struct node *item = node_copy(pool, given, false);
    const struct node *targets = node_key(kit->context, "targets");
    const char *region = "";

    if (node_key(item, "target") == NULL) {
        node_set(pool, item, "target", 6, node_scalar(pool, TFA_KIND_STRING, "self", 4));
    }
    for (size_t i = 0; targets != NULL && i < targets->count; i++) {
        const struct node *target = targets->entries[i].node;
        if (strcmp(node_text_of(target, "alias"), node_text_of(item, "target")) == 0) {
            region = node_text_of(target, "region");
        }
    }
    if (node_key(item, "region") == NULL && region[0] != '\0') {
        node_set(pool, item, "region", 6,
                node_scalar(pool, TFA_KIND_STRING, region, strlen(region)));
    }
    return item;
}

int32_t kit_run_item(struct tfa_testkit *kit, const struct node *given)
{
    struct tfa_call *call;
    int32_t rc;
    const struct tfa_check_v1 *check = table(kit, TFA_EXT_CHECK_V1, &rc);
    size_t first = kit->results.count;

    if (check == NULL) {
        return rc;
    }
    call = call_begin(kit, TFA_PHASE_CHECK);
    call->item = complete_item(kit, given);
    call->shown.who.check_id = str_view(node_text_of(call->item, "id"));
    rc = check->run(kit->self, call, handle_of(call, kit->intent),
            handle_of(call, context_of(call)), handle_of(call, call->item));
    rc = call_end(call, "run", rc);
    for (size_t i = first; rc != TFA_OK && i < kit->results.count; i++) {
        struct tfa_testkit_result *result = kit->results.items[i];
        if (result->outcome == TFA_RESULT_PASS) {
            result->outcome = TFA_RESULT_UNKNOWN;
        }
    }
    if (rc == TFA_OK && call->results == 0) {
        misuse(kit, RULE_CHECK_RESULT, "run: check %s reported no result",
                call->shown.who.check_id.ptr);
    }
    call_free(call);
    return rc;
}

int32_t tfa_testkit_run_check(struct tfa_testkit *kit, const char *item_yaml)
{
    const char *error = NULL;
    struct node *item = yaml_parse(&kit->run, item_yaml, "item.yaml", &error);

    if (item == NULL || item->kind != TFA_KIND_MAP) {
        test_mistake("check item: %s", error == NULL ? "not a map" : error);
    }
    return kit_run_item(kit, item);
}

int32_t tfa_testkit_run_checks(struct tfa_testkit *kit)
{
    int32_t rc = tfa_testkit_list_checks(kit);

    for (size_t i = 0; rc == TFA_OK && kit->items != NULL && i < kit->items->count; i++) {
        rc = kit_run_item(kit, kit->items->entries[i].node);
    }
    return rc;
}

int32_t tfa_testkit_review(struct tfa_testkit *kit)
{
    struct tfa_call *call;
    struct node *list;
    struct node *entry;
    int32_t rc;
    const struct tfa_review_v1 *review = table(kit, TFA_EXT_REVIEW_V1, &rc);

    if (review == NULL) {
        return rc;
    }
    call = call_begin(kit, TFA_PHASE_REVIEW);
    list = node_new(&call->pool, TFA_KIND_LIST);
    entry = node_new(&call->pool, TFA_KIND_MAP);
    list->frozen = true;
    entry->frozen = true;
    (void)node_add(&call->pool, entry, "config", 6, kit->intent);
    (void)node_add(&call->pool, entry, "context", 7, context_of(call));
    (void)node_add(&call->pool, list, NULL, 0, entry);
    rc = review->review_all(kit->self, call, handle_of(call, list));
    rc = call_end(call, "review_all", rc);
    call_free(call);
    return rc;
}

/* ---- what came out ---- */

const struct node *catalogue(
        const struct tfa_testkit *kit, const char *list, const char *member, const char *id)
{
    const struct node *entries = kit->manifest == NULL ? NULL : node_key(kit->manifest, list);

    for (size_t i = 0; entries != NULL && i < entries->count; i++) {
        const struct node *node = entries->entries[i].node;
        if (strcmp(node_text_of(node, member), id) == 0) {
            return node;
        }
    }
    return NULL;
}

const char *tfa_testkit_vars(const struct tfa_testkit *kit)
{
    return kit->vars_json;
}

const char *tfa_testkit_items(const struct tfa_testkit *kit)
{
    return kit->items_json;
}

const char *tfa_testkit_var(struct tfa_testkit *kit, const char *pointer)
{
    struct node *node =
            kit->vars == NULL ? NULL : node_find(kit->vars, pointer, strlen(pointer));

    return node == NULL ? NULL : node_json_text(&kit->run, node, false);
}

static void *item_at(const struct list *list, uint64_t index)
{
    return index < list->count ? list->items[index] : NULL;
}

uint64_t tfa_testkit_finding_count(const struct tfa_testkit *kit)
{
    return kit->findings.count;
}

const struct tfa_testkit_finding *tfa_testkit_finding_at(
        const struct tfa_testkit *kit, uint64_t index)
{
    return item_at(&kit->findings, index);
}

const struct tfa_testkit_finding *tfa_testkit_find(
        const struct tfa_testkit *kit, const char *code)
{
    for (size_t i = 0; i < kit->findings.count; i++) {
        const struct tfa_testkit_finding *finding = kit->findings.items[i];
        if (strcmp(finding->code, code) == 0) {
            return finding;
        }
    }
    return NULL;
}

uint64_t tfa_testkit_result_count(const struct tfa_testkit *kit)
{
    return kit->results.count;
}

const struct tfa_testkit_result *tfa_testkit_result_at(
        const struct tfa_testkit *kit, uint64_t index)
{
    return item_at(&kit->results, index);
}

const struct tfa_testkit_result *tfa_testkit_result_of(
        const struct tfa_testkit *kit, const char *check_id)
{
    for (size_t i = 0; i < kit->results.count; i++) {
        const struct tfa_testkit_result *result = kit->results.items[i];
        if (strcmp(result->check_id, check_id) == 0) {
            return result;
        }
    }
    return NULL;
}

uint64_t tfa_testkit_misuse_count(const struct tfa_testkit *kit)
{
    return kit->misuse.count;
}

const char *tfa_testkit_misuse(const struct tfa_testkit *kit, uint64_t index)
{
    const struct breach *breach = item_at(&kit->misuse, index);

    return breach == NULL ? NULL : breach->text;
}

const char *tfa_testkit_misuse_rule(const struct tfa_testkit *kit, uint64_t index)
{
    const struct breach *breach = item_at(&kit->misuse, index);

    return breach == NULL ? NULL : rule_texts[breach->rule].number;
}

uint64_t tfa_testkit_log_count(const struct tfa_testkit *kit)
{
    return kit->logs.count;
}

const char *tfa_testkit_log(const struct tfa_testkit *kit, uint64_t index)
{
    return item_at(&kit->logs, index);
}

uint64_t tfa_testkit_request_count(const struct tfa_testkit *kit)
{
    return kit->requests.count;
}

const struct tfa_testkit_request *tfa_testkit_request_at(
        const struct tfa_testkit *kit, uint64_t index)
{
    return item_at(&kit->requests, index);
}

uint64_t tfa_testkit_calls(const struct tfa_testkit *kit)
{
    return kit->calls;
}
