/* SPDX-License-Identifier: Apache-2.0 */
/* Requests of plugins as calls of the client, and its answers as theirs. */
#include "aws_bridge.h"

#include <tf-atmos/aws.h>

/* Outcomes of the client in the words of the ABI. */
static const uint32_t outcomes[] = {
    [AWS_OK] = TFA_AWS_SUCCESS,
    [AWS_REJECTED] = TFA_AWS_ERROR,
    [AWS_NOT_FOUND] = TFA_AWS_ERROR,
    [AWS_DENIED] = TFA_AWS_DENIED,
    [AWS_BAD_CREDENTIALS] = TFA_AWS_NO_CREDENTIALS,
    [AWS_THROTTLED] = TFA_AWS_THROTTLED,
    [AWS_SERVER_FAULT] = TFA_AWS_FAULT,
    [AWS_UNREACHABLE] = TFA_AWS_NO_ANSWER,
    [AWS_TIMED_OUT] = TFA_AWS_NO_ANSWER,
    [AWS_UNREADABLE] = TFA_AWS_UNREADABLE,
    [AWS_ABSENT] = TFA_AWS_NOT_THERE,
    [AWS_BAD_CALL] = TFA_AWS_NO_ANSWER,
    [AWS_CANCELLED] = TFA_AWS_NO_ANSWER,
};

static bool protocol_of(uint32_t protocol, enum aws_protocol *ret_protocol)
{
    switch (protocol) {
    case TFA_AWS_REST_JSON:
        *ret_protocol = AWS_REST_JSON;
        return true;
    case TFA_AWS_JSON_1_0:
        *ret_protocol = AWS_JSON_1_0;
        return true;
    case TFA_AWS_JSON_1_1:
        *ret_protocol = AWS_JSON_1_1;
        return true;
    default:
        return false;
    }
}

static struct str target_text(const struct plugin_aws_request *request, const char *key)
{
    return value_text(value_get_str(request->target, str_from(key)));
}

static struct aws_call to_call(
        const struct plugin_aws_request *request, enum aws_protocol protocol)
{
    struct str region = request->region;
    if (region.len == 0) {
        region = target_text(request, "region");
    }
    return (struct aws_call){
        .protocol = protocol,
        .service = request->service,
        .operation = request->operation,
        .action = request->action,
        .method = request->method,
        .path = request->path,
        .labels = request->labels,
        .query = request->query,
        .target_prefix = request->target_prefix,
        .body = request->body,
        .body_text = request->body_text,
        .pages = { .items = request->items,
                .token_out = request->token_out,
                .token_in = request->token_in,
                .max_pages = request->max_pages },
        .region = region,
        .profile = target_text(request, "profile"),
        .account = target_text(request, "account_id"),
    };
}

static struct plugin_aws_answer to_answer(struct arena *arena,
        const struct plugin_aws_request *request, const struct aws_answer *answer)
{
    struct str summary = STR_EMPTY;
    if (answer->fault) {
        summary = answer->fault->detail.len > 0
                          ? arena_printf(arena, "%.*s: %.*s", STR_ARG(answer->fault->message),
                                    STR_ARG(answer->fault->detail))
                          : answer->fault->message;
    }
    bool is_endless = answer->fault && answer->fault->kind == &aws_diags[AWS_PAGES_ENDLESS];
    return (struct plugin_aws_answer){
        .outcome = is_endless ? TFA_AWS_INCOMPLETE : outcomes[answer->outcome],
        .http_status = answer->status > 0 ? (uint32_t)answer->status : 0,
        .attempts = answer->attempts,
        .pages = answer->pages,
        .is_complete = answer->is_complete,
        .body = answer->body,
        .items = answer->items,
        .error_code = answer->code,
        .error_message = answer->text,
        .action = answer->action,
        .account_id = target_text(request, "account_id"),
        .region = answer->region,
        .request_id = answer->request_id,
        .summary = summary,
    };
}

/* Keeps faults that are not facts about the account. */
static void keep_fault(struct aws_bridge *bridge, const struct aws_answer *answer)
{
    static const bool is_kept[] = {
        [AWS_OK] = false,
        [AWS_REJECTED] = false,
        [AWS_NOT_FOUND] = false,
        [AWS_DENIED] = false,
        [AWS_BAD_CREDENTIALS] = true,
        [AWS_THROTTLED] = true,
        [AWS_SERVER_FAULT] = true,
        [AWS_UNREACHABLE] = true,
        [AWS_TIMED_OUT] = true,
        [AWS_UNREADABLE] = true,
        [AWS_ABSENT] = false,
        [AWS_BAD_CALL] = true,
        [AWS_CANCELLED] = false,
    };
    if (!is_kept[answer->outcome]) {
        return;
    }
    struct arena *arena = bridge->run->arena;
    struct str key =
            arena_printf(arena, "%s %.*s", answer->fault->kind->id, STR_ARG(answer->endpoint));
    if (!map_has(&bridge->faults, key)) {
        struct aws_fault *fault = ARENA_NEW(arena, struct aws_fault);
        *fault = (struct aws_fault){ .kind = answer->fault->kind,
            .message = arena_dup(arena, answer->fault->message),
            .detail = arena_dup(arena, answer->fault->detail),
            .hint = arena_dup(arena, answer->fault->hint) };
        map_put(arena, &bridge->faults, key, fault);
    }
}

void aws_bridge_report(struct aws_bridge *bridge)
{
    for (size_t i = 0; i < bridge->faults.count; i++) {
        aws_fault_report(&bridge->run->diags, bridge->faults.entries[i].value);
    }
}

static struct plugin_aws_answer no_answer(
        const struct plugin_aws_request *request, struct str summary)
{
    return (struct plugin_aws_answer){
        .outcome = TFA_AWS_NO_ANSWER, .action = request->action, .summary = summary
    };
}

static bool has_client(struct aws_bridge *bridge)
{
    if (bridge->client || bridge->failure.len > 0) {
        return bridge->client != NULL;
    }
    if (aws_client_new(bridge->run, &bridge->options, &bridge->client) == 0) {
        return true;
    }
    const struct diags *diags = &bridge->run->diags;
    bridge->failure = diags->list.count > 0 ? diags->list.items[diags->list.count - 1].message
                                            : STR("the AWS client could not be started");
    return false;
}

/* ---- memory ---- */

static void add_part(struct buf *key, struct str part)
{
    buf_addf(key, "%zu:", part.len);
    buf_add(key, part);
}

static void add_value(struct buf *key, const struct value *value)
{
    AUTO_BUF text = BUF_INIT(BUF_UNBOUNDED);
    if (value) {
        json_write(&text, value, JSON_COMPACT);
    }
    add_part(key, buf_str(&text));
}

/* Everything that two requests must share to have the same answer. */
static struct str key_of_call(struct arena *arena, const struct aws_call *call)
{
    const struct str parts[] = { call->service, call->operation, call->method, call->path,
        call->target_prefix, call->body_text, call->pages.items, call->pages.token_out,
        call->pages.token_in, call->region, call->profile, call->account };
    AUTO_BUF key = BUF_INIT(BUF_UNBOUNDED);
    for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
        add_part(&key, parts[i]);
    }
    add_value(&key, call->labels);
    add_value(&key, call->query);
    add_value(&key, call->body);
    buf_addf(&key, "%d %zu", (int)call->protocol, call->pages.max_pages);
    return arena_dup(arena, buf_str(&key));
}

static void remember(struct aws_bridge *bridge, struct str key,
        const struct plugin_aws_answer *answer, bool is_cancelled)
{
    if (!is_cancelled) {
        struct plugin_aws_answer *copy =
                ARENA_NEW(bridge->run->arena, struct plugin_aws_answer);
        *copy = *answer;
        copy->attempts = 0;
        map_put(bridge->run->arena, &bridge->answers, key, copy);
    }
}

/* ---- the service ---- */

/* A request on its way through the client. */
struct passage {
    struct aws_call call;
    struct str key;
    size_t place; /* among the requests */
};

/* False when the request has its answer without being sent. */
static bool prepare(struct aws_bridge *bridge, const struct plugin_aws_request *request,
        struct passage *passage, struct plugin_aws_answer *answer)
{
    struct arena *arena = bridge->run->arena;
    enum aws_protocol protocol;
    if (!has_client(bridge)) {
        *answer = no_answer(request, bridge->failure);
        return false;
    }
    if (!protocol_of(request->protocol, &protocol)) {
        *answer = no_answer(
                request, arena_printf(arena, "the wire protocol of %.*s is not supported yet",
                                 STR_ARG(request->service)));
        return false;
    }
    passage->call = to_call(request, protocol);
    passage->key = key_of_call(arena, &passage->call);
    const struct plugin_aws_answer *known =
            request->is_fresh ? NULL : map_get(&bridge->answers, passage->key);
    if (known) {
        *answer = *known;
    }
    return !known;
}

static int send(void *context, struct arena *arena, const struct plugin_aws_request *requests,
        size_t count, int64_t time_left_ms, struct plugin_aws_answer *answers)
{
    struct aws_bridge *bridge = context;
    struct passage *passages = ARENA_ARRAY(arena, struct passage, count);
    const struct aws_call **calls = ARENA_ARRAY(arena, const struct aws_call *, count);
    size_t sent = 0;
    for (size_t i = 0; i < count; i++) {
        struct passage *passage = &passages[sent];
        if (prepare(bridge, &requests[i], passage, &answers[i])) {
            passage->place = i;
            calls[sent++] = &passage->call;
        }
    }
    struct aws_answer *raw = ARENA_ARRAY(arena, struct aws_answer, sent);
    /* What is remembered belongs to the run, whatever arena the caller has. */
    int code = sent > 0 ? aws_call_batch(bridge->client, bridge->run->arena, calls, sent,
                                  time_left_ms, raw)
                        : 0;
    for (size_t i = 0; i < sent; i++) {
        size_t place = passages[i].place;
        keep_fault(bridge, &raw[i]);
        answers[place] = to_answer(bridge->run->arena, &requests[place], &raw[i]);
        remember(bridge, passages[i].key, &answers[place], code == ERR_CANCELLED);
    }
    return code;
}

void aws_bridge_init(
        struct aws_bridge *bridge, struct run *run, const struct aws_options *options)
{
    *bridge = (struct aws_bridge){ .run = run };
    if (options) {
        bridge->options = *options;
    }
}

struct plugin_aws_service aws_bridge_service(struct aws_bridge *bridge)
{
    return (struct plugin_aws_service){ .send = send, .context = bridge };
}

void aws_bridge_clear(struct aws_bridge *bridge)
{
    aws_client_free(bridge->client);
    bridge->client = NULL;
}
