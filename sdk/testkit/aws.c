/* SPDX-License-Identifier: Apache-2.0 */
/* tfa.aws/1 of the mock host: scripted answers, nothing is sent. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mock.h"

#define BATCH_MAX 1000
#define PAGES_MAX 100

/* A request as it would be sent. */
struct order {
    struct tfa_aws_request request; /* a copy of what both sides know */
    struct tfa_testkit_request shown;
    const struct node *target;
    struct node *query; /* NULL without */
    struct node *body;
};

static char *copy(struct tfa_call *call, struct tfa_str text)
{
    char *result = str_copy(&call->pool, text);

    return result == NULL ? pool_text(&call->pool, "", 0) : result;
}

static int32_t refuse(struct tfa_call *call, int32_t code, const char *why, const char *what)
{
    misuse(call->kit, RULE_AWS_REQUEST, "aws: %s: \"%s\"", why, what);
    return code;
}

/* By the first word of the operation, as the real host does it. */
static bool reads_only(const char *operation)
{
    static const char *const verbs[] = { "BatchDescribe", "BatchGet", "Describe", "Estimate",
        "Get", "Head", "List", "Lookup", "Query", "Search", "Select", "Simulate", "View" };

    for (size_t i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++) {
        size_t len = strlen(verbs[i]);
        if (strncmp(operation, verbs[i], len) == 0 &&
                (operation[len] == '\0' || (operation[len] >= 'A' && operation[len] <= 'Z'))) {
            return true;
        }
    }
    return false;
}

/* Only declared, reading actions. */
static int32_t check_policy(struct tfa_call *call, struct order *order)
{
    struct tfa_testkit *kit = call->kit;
    const char *operation = strchr(order->shown.action, ':');
    const struct node *actions;

    if (operation == NULL || !reads_only(operation + 1)) {
        return refuse(call, TFA_E_POLICY, "not a reading action", order->shown.action);
    }
    actions = kit->manifest == NULL ? NULL : node_key(kit->manifest, "aws_actions");
    for (size_t i = 0; actions != NULL && i < actions->count; i++) {
        const struct node *node = actions->entries[i].node;
        if (node->text != NULL && strcmp(node->text, order->shown.action) == 0) {
            return TFA_OK;
        }
    }
    return kit->manifest == NULL
                   ? TFA_OK
                   : refuse(call, TFA_E_POLICY, "not in aws_actions of the manifest",
                             order->shown.action);
}

/* The target by its alias; empty means that of the check item. */
static int32_t find_target(struct tfa_call *call, struct order *order)
{
    const struct node *targets = node_key(call->kit->context, "targets");

    order->shown.target = copy(call, order->request.target);
    if (order->shown.target[0] == '\0') {
        order->shown.target = node_text_of(call->item, "target");
    }
    for (size_t i = 0; targets != NULL && i < targets->count; i++) {
        const struct node *target = targets->entries[i].node;
        if (strcmp(node_text_of(target, "alias"), order->shown.target) == 0) {
            order->target = target;
            order->shown.region = copy(call, order->request.region);
            if (order->shown.region[0] == '\0') {
                order->shown.region = node_text_of(call->item, "region");
            }
            return TFA_OK;
        }
    }
    return refuse(call, TFA_E_POLICY, "unknown target", order->shown.target);
}

static void encode(struct text *out, const char *text, bool slashes)
{
    char hex[4];

    for (; *text != '\0'; text++) {
        unsigned char c = (unsigned char)*text;
        if ((c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') ||
                strchr("-._~", c) != NULL || (slashes && c == '/')) {
            text_add(out, text, 1);
        } else {
            (void)snprintf(hex, sizeof(hex), "%%%02X", c);
            text_puts(out, hex);
        }
    }
}

/* Fills {name} and {name+} of the path. */
static int32_t expand_path(struct tfa_call *call, struct order *order, const struct node *parts)
{
    const char *path = copy(call, order->request.path);
    struct text out = { 0 };
    int32_t rc = TFA_OK;

    while (*path != '\0' && rc == TFA_OK) {
        size_t len = strcspn(path, "{");
        text_add(&out, path, len);
        path += len;
        if (*path == '{') {
            size_t name = strcspn(path + 1, "}");
            bool greedy = name > 0 && path[name] == '+';
            const struct node *part =
                    parts == NULL ? NULL : node_get(parts, path + 1, name - (greedy ? 1 : 0));
            if (path[name + 1] != '}' || part == NULL || part->text == NULL ||
                    part->text_len == 0) {
                rc = refuse(call, TFA_E_INVALID, "path_parts do not fill", path);
            } else {
                encode(&out, part->text, greedy);
                path += name + 2;
            }
        }
    }
    if (out.ptr == NULL || out.len == 0) {
        text_puts(&out, "/");
    }
    order->shown.path = text_take(&out, &call->kit->run);
    return rc;
}

static int32_t check_form(struct tfa_call *call, struct order *order)
{
    uint32_t protocol = order->request.protocol;
    bool rest = protocol == TFA_AWS_REST_JSON || protocol == TFA_AWS_REST_XML;
    const char *method = order->shown.method;
    bool target = protocol == TFA_AWS_JSON_1_0 || protocol == TFA_AWS_JSON_1_1;

    if (protocol < TFA_AWS_REST_JSON || protocol > TFA_AWS_REST_XML) {
        return refuse(call, TFA_E_INVALID, "protocol is not set", order->shown.action);
    }
    if (rest && (order->request.method.len == 0 || order->request.path.len == 0)) {
        return refuse(call, TFA_E_INVALID, "method or path is not set", order->shown.action);
    }
    if (rest && strcmp(method, "GET") != 0 && strcmp(method, "HEAD") != 0 &&
            strcmp(method, "POST") != 0) {
        return refuse(call, TFA_E_POLICY, "not a reading method", method);
    }
    if (target && order->request.target_prefix.len == 0) {
        return refuse(call, TFA_E_INVALID, "target_prefix is not set", order->shown.action);
    }
    if (!rest && !target && order->request.version.len == 0) {
        return refuse(call, TFA_E_INVALID, "version is not set", order->shown.action);
    }
    if (order->request.body != TFA_NONE && order->request.body_text.len > 0) {
        return refuse(call, TFA_E_INVALID, "both body and body_text", order->shown.action);
    }
    return TFA_OK;
}

/* A handle of the request: map, or NULL for TFA_NONE. */
static int32_t map_of(struct tfa_call *call, tfa_val v, struct node **ret_map)
{
    struct node *node = NULL;
    int32_t rc = handle_node(call, "aws", v, &node);

    if (rc == TFA_OK && node->kind != TFA_KIND_MAP) {
        return refuse(call, TFA_E_INVALID, "path_parts, query and body must be maps", "");
    }
    if (rc == TFA_OK) {
        node->frozen = true;
        *ret_map = node;
    }
    return rc == TFA_E_ABSENT ? TFA_OK : rc;
}

/* Checks a request and makes it an order. */
static int32_t prepare(
        struct tfa_call *call, const struct tfa_aws_request *given, struct order *ret_order)
{
    struct order order = { 0 };
    struct pool *run = &call->kit->run;
    struct node *parts = NULL;
    int32_t rc;

    if (given == NULL || !TFA_COVERS(struct tfa_aws_request, given, body_text) ||
            given->struct_size % 8 != 0) {
        return refuse(call, TFA_E_INVALID, "NULL or wrong struct_size", "");
    }
    memcpy(&order.request, given,
            given->struct_size < sizeof(order.request) ? given->struct_size
                                                       : sizeof(order.request));
    order.shown.action = given->action.len > 0
                                 ? pool_text(run, given->action.ptr, given->action.len)
                                 : pool_format(run, "%s:%s", copy(call, given->service),
                                           copy(call, given->operation));
    order.shown.method = given->method.len > 0 ? copy(call, given->method) : "POST";
    order.shown.method = pool_text(run, order.shown.method, strlen(order.shown.method));
    rc = check_form(call, &order);
    rc = rc == TFA_OK ? check_policy(call, &order) : rc;
    rc = rc == TFA_OK ? find_target(call, &order) : rc;
    rc = rc == TFA_OK ? map_of(call, given->path_parts, &parts) : rc;
    rc = rc == TFA_OK ? map_of(call, given->query, &order.query) : rc;
    rc = rc == TFA_OK ? map_of(call, given->body, &order.body) : rc;
    rc = rc == TFA_OK ? expand_path(call, &order, parts) : rc;
    if (rc == TFA_OK) {
        order.shown.target = pool_text(run, order.shown.target, strlen(order.shown.target));
        order.shown.region = pool_text(run, order.shown.region, strlen(order.shown.region));
        *ret_order = order;
    }
    return rc;
}

static bool fits(const char *wanted, const char *found)
{
    return wanted == NULL || strcmp(wanted, found) == 0;
}

static struct script_answer *find_answer(
        struct tfa_testkit *kit, const struct tfa_testkit_request *shown)
{
    for (size_t i = 0; i < kit->answers.count; i++) {
        struct script_answer *script = kit->answers.items[i];
        const struct tfa_testkit_answer *answer = &script->answer;
        if (strcmp(answer->action, shown->action) == 0 && fits(answer->target, shown->target) &&
                fits(answer->region, shown->region) && fits(answer->path, shown->path) &&
                (answer->contains == NULL || strstr(shown->query, answer->contains) != NULL ||
                        strstr(shown->body, answer->contains) != NULL) &&
                (answer->times == 0 || script->used < answer->times)) {
            script->used++;
            return script;
        }
    }
    return NULL;
}

/* Error code: header, else a member of the body; cut to its name. */
static const char *error_code_of(
        struct pool *pool, const struct tfa_testkit_answer *answer, const struct node *body)
{
    static const char *const members[] = { "__type", "code", "Code", "errorCode" };
    const char *code = answer->error_code == NULL ? "" : answer->error_code;
    const char *hash;
    char *text;

    for (size_t i = 0; code[0] == '\0' && i < sizeof(members) / sizeof(members[0]); i++) {
        code = node_text_of(body, members[i]);
    }
    hash = strrchr(code, '#');
    code = hash == NULL ? code : hash + 1;
    text = pool_text(pool, code, strlen(code));
    text[strcspn(text, ":")] = '\0';
    return text;
}

/* What codes mean that mean the same for every service; 0 for all others. */
static uint32_t outcome_of_code(const char *code)
{
    static const struct {
        const char *code;
        uint32_t outcome;
    } table[] = {
        { "Throttling", TFA_AWS_THROTTLED },
        { "ThrottlingException", TFA_AWS_THROTTLED },
        { "ThrottledException", TFA_AWS_THROTTLED },
        { "TooManyRequestsException", TFA_AWS_THROTTLED },
        { "RequestLimitExceeded", TFA_AWS_THROTTLED },
        { "SlowDown", TFA_AWS_THROTTLED },
        { "AccessDenied", TFA_AWS_DENIED },
        { "AccessDeniedException", TFA_AWS_DENIED },
        { "UnauthorizedOperation", TFA_AWS_DENIED },
        { "AuthorizationErrorException", TFA_AWS_DENIED },
        { "ForbiddenException", TFA_AWS_DENIED },
        { "ExpiredToken", TFA_AWS_NO_CREDENTIALS },
        { "ExpiredTokenException", TFA_AWS_NO_CREDENTIALS },
        { "InvalidClientTokenId", TFA_AWS_NO_CREDENTIALS },
        { "UnrecognizedClientException", TFA_AWS_NO_CREDENTIALS },
        { "SignatureDoesNotMatch", TFA_AWS_NO_CREDENTIALS },
        { "InvalidSignatureException", TFA_AWS_NO_CREDENTIALS },
    };

    for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
        if (strcmp(table[i].code, code) == 0) {
            return table[i].outcome;
        }
    }
    return 0;
}

/* As the core judges: codes first, then the status. */
static uint32_t outcome_of(
        uint32_t status, bool is_empty, const struct node *body, const char *code)
{
    if (status < 300) {
        return body == NULL && !is_empty ? TFA_AWS_UNREADABLE : TFA_AWS_SUCCESS;
    }
    if (status < 400) {
        return TFA_AWS_UNREADABLE;
    }
    if (outcome_of_code(code) != 0) {
        return outcome_of_code(code);
    }
    if (status == 429) {
        return TFA_AWS_THROTTLED;
    }
    if (status >= 500) {
        return TFA_AWS_FAULT;
    }
    if (code[0] != '\0') {
        return TFA_AWS_ERROR;
    }
    if (body == NULL || body->kind != TFA_KIND_MAP) {
        return TFA_AWS_UNREADABLE;
    }
    return status == 403 ? TFA_AWS_DENIED : TFA_AWS_ERROR;
}

static struct tfa_aws_answer *new_answer(struct tfa_call *call, const struct order *order)
{
    struct tfa_aws_answer *answer = host_struct(call, sizeof(*answer));

    answer->attempts = 1;
    answer->action = str_view(order->shown.action);
    answer->account_id = str_view(node_text_of(order->target, "account_id"));
    answer->region = str_view(order->shown.region);
    return answer;
}

/* Nobody wrote what AWS answers. */
static void mark_made(struct node *node)
{
    if (node != NULL) {
        node->is_made = true;
        for (size_t i = 0; i < node->count; i++) {
            mark_made(node->entries[i].node);
        }
    }
}

/* "Sends" one order. */
static struct tfa_aws_answer *perform(struct tfa_call *call, struct order *order)
{
    struct tfa_testkit *kit = call->kit;
    struct tfa_aws_answer *answer = new_answer(call, order);
    struct tfa_testkit_request *shown = pool_alloc(&kit->run, sizeof(*shown));
    struct script_answer ordered = { .answer = kit->error };
    struct script_answer *script;
    struct node *body;
    const char *error;

    order->shown.query = node_json_text(&kit->run, order->query, false);
    order->shown.body = order->request.body_text.len > 0
                                ? pool_text(&kit->run, order->request.body_text.ptr,
                                          order->request.body_text.len)
                                : node_json_text(&kit->run, order->body, false);
    *shown = order->shown;
    list_add(&kit->requests, shown);
    if (kit->error_at == 0 || kit->requests.count < kit->error_at) {
        script = find_answer(kit, shown);
        script = script == NULL ? kit_ask(kit, shown) : script;
    } else {
        script = kit->error.outcome == TFA_AWS_NO_ANSWER ? NULL : &ordered;
    }
    if (script == NULL) {
        answer->outcome = TFA_AWS_NO_ANSWER;
        answer->summary =
                str_view(pool_format(&call->pool, "%s: no answer was scripted", shown->action));
        return answer;
    }
    answer->http_status = script->answer.status == 0 ? 200 : script->answer.status;
    body = json_parse(&call->pool, script->answer.body, strlen(script->answer.body), &error);
    mark_made(body);
    answer->error_code = answer->http_status < 300
                                 ? TFA_S("")
                                 : str_view(error_code_of(&call->pool, &script->answer, body));
    answer->outcome = script->answer.outcome != 0
                              ? script->answer.outcome
                              : outcome_of(answer->http_status, script->answer.body[0] == '\0',
                                        body, answer->error_code.ptr);
    answer->complete = answer->outcome == TFA_AWS_SUCCESS;
    answer->pages = answer->complete;
    answer->body = handle_of(call, body);
    answer->error_message = str_view(node_text_of(body, "message"));
    answer->summary = str_view(pool_format(&call->pool, "%s answered %u %s", shown->action,
            answer->http_status, answer->error_code.len > 0 ? answer->error_code.ptr : ""));
    return answer;
}

static int32_t aws_send(struct tfa_call *call, const struct tfa_aws_request *request,
        const struct tfa_aws_answer **ret_answer)
{
    struct order order;
    int32_t rc = service_enter(call, SERVICE_AWS, "aws.send");

    rc = rc == TFA_OK ? prepare(call, request, &order) : rc;
    if (rc == TFA_OK) {
        *ret_answer = perform(call, &order);
    }
    return rc;
}

static int32_t aws_batch(struct tfa_call *call, const struct tfa_aws_request *const *requests,
        uint64_t count, const struct tfa_aws_answer *const **ret_answers)
{
    const struct tfa_aws_answer **answers;
    struct order *orders;
    int32_t rc = service_enter(call, SERVICE_AWS, "aws.batch");

    if (rc == TFA_OK && (count > BATCH_MAX || (requests == NULL && count > 0))) {
        rc = refuse(call, TFA_E_INVALID, "more than 1000 requests, or NULL", "");
    }
    if (rc != TFA_OK) {
        return rc;
    }
    answers = (const struct tfa_aws_answer **)pool_alloc(
            &call->pool, (count + 1) * sizeof(struct tfa_aws_answer *));
    orders = pool_alloc(&call->pool, (count + 1) * sizeof(*orders));
    for (uint64_t i = 0; i < count && rc == TFA_OK; i++) {
        rc = prepare(call, requests[i], &orders[i]);
    }
    if (rc != TFA_OK) {
        return rc;
    }
    for (uint64_t i = 0; i < count; i++) {
        answers[i] = perform(call, &orders[i]);
    }
    *ret_answers = answers;
    return TFA_OK;
}

/* A map with one more member; `map` may be NULL and is left as it is. */
static struct node *with_member(struct pool *pool, const struct node *map, struct tfa_str name,
        const struct node *value)
{
    struct node *result = node_new(pool, TFA_KIND_MAP);

    for (size_t i = 0; map != NULL && i < map->count; i++) {
        (void)node_add(pool, result, map->entries[i].key, map->entries[i].key_len,
                map->entries[i].node);
    }
    node_set(pool, result, name.ptr, name.len, node_copy(pool, value, false));
    return result;
}

/* The token of the next page, NULL when this was the last one. */
static struct node *next_token(struct node *body, const struct tfa_aws_pages *pages)
{
    struct node *token =
            body == NULL ? NULL : node_find(body, pages->token_out.ptr, pages->token_out.len);

    return token == NULL || token->kind != TFA_KIND_STRING || token->text_len == 0 ? NULL
                                                                                   : token;
}

static int32_t aws_paginate(struct tfa_call *call, const struct tfa_aws_request *request,
        const struct tfa_aws_pages *pages, const struct tfa_aws_answer **ret_answer)
{
    struct tfa_aws_answer *answer = NULL;
    struct node *items = node_new(&call->pool, TFA_KIND_LIST);
    struct node *token = NULL;
    struct order order;
    uint32_t page = 0;
    uint32_t max;
    bool in_query;
    int32_t rc = service_enter(call, SERVICE_AWS, "aws.paginate");

    if (rc == TFA_OK && (pages == NULL || !TFA_COVERS(struct tfa_aws_pages, pages, token_in))) {
        rc = refuse(call, TFA_E_INVALID, "pages: NULL or wrong struct_size", "");
    }
    rc = rc == TFA_OK ? prepare(call, request, &order) : rc;
    if (rc != TFA_OK) {
        return rc;
    }
    items->frozen = true;
    max = pages->max_pages == 0 ? PAGES_MAX : pages->max_pages;
    in_query = order.body == NULL && (order.request.protocol == TFA_AWS_REST_JSON ||
                                             order.request.protocol == TFA_AWS_REST_XML);
    do {
        struct node *body = NULL;
        struct node *part = NULL;
        const struct node *last = token;
        answer = perform(call, &order);
        answer->pages += page;
        page = answer->pages;
        token = NULL;
        if (answer->outcome == TFA_AWS_SUCCESS &&
                handle_node(call, "aws.paginate", answer->body, &body) == TFA_OK) {
            part = node_find(body, pages->items.ptr, pages->items.len);
            token = next_token(body, pages);
        }
        for (size_t i = 0; part != NULL && i < part->count; i++) {
            (void)node_add(&call->pool, items, NULL, 0, part->entries[i].node);
        }
        answer->complete = answer->outcome == TFA_AWS_SUCCESS && token == NULL;
        if (token == NULL || (last != NULL && strcmp(last->text, token->text) == 0)) {
            break;
        }
        struct node **into = in_query ? &order.query : &order.body;
        *into = with_member(&call->pool, *into, pages->token_in, token);
    } while (page < max);
    if (token != NULL) {
        answer->outcome = TFA_AWS_INCOMPLETE; /* more than was asked for, or going in circles */
        answer->summary = str_view(pool_format(
                &call->pool, "%s: pages without end, %u were read", order.shown.action, page));
    }
    answer->items = handle_of(call, items);
    *ret_answer = answer;
    return TFA_OK;
}

const struct tfa_aws_v1 mock_aws = { aws_send, aws_batch, aws_paginate };
