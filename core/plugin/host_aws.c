/* SPDX-License-Identifier: Apache-2.0 */
/* tfa.aws/1: checks requests against the policy and hands them to the pipeline's AWS client. */
#include <string.h>

#include "aws_policy.h"
#include "host.h"

enum {
    BATCH_MAX = 1000,
    PAGES_DEFAULT = 100,
    PAGES_MAX = 10000
};

/* A request that may not be sent: says so once, as an error naming plugin and action. */
static int32_t forbid(struct tfa_call *call, struct str action, const char *why)
{
    struct diag *diag = diag_add(&call->run->diags, &plugin_diags[PLUGIN_POLICY],
            host_of(call)->binding ? host_of(call)->binding->mark : MARK_NONE,
            "plugin `%.*s` asked AWS for `%.*s`, which %s; nothing was sent",
            STR_ARG(host_of(call)->plugin->identity->id), STR_ARG(action), why);
    diag->plugin = host_of(call)->plugin->identity->id;
    diag->check_id = arena_dup(call->run->arena, str_of(call->who.check_id));
    if (host_of(call)->binding) {
        diag->stack = host_of(call)->binding->instance->stack;
        diag->component = host_of(call)->binding->instance->name;
    }
    return TFA_E_POLICY;
}

static bool is_rest(uint32_t protocol)
{
    return protocol == TFA_AWS_REST_JSON || protocol == TFA_AWS_REST_XML;
}

/* Parts of a form could name another action than the one that was judged. */
static bool smuggles_action(const struct plugin_aws_request *request)
{
    bool is_form = request->protocol == TFA_AWS_QUERY || request->protocol == TFA_AWS_EC2;
    return is_form &&
           (request->body_text.len > 0 || value_get_str(request->body, STR("Action")) ||
                   value_get_str(request->body, STR("Version")));
}

static int32_t judge(struct tfa_call *call, const struct plugin_aws_request *request)
{
    const struct plugin_identity *identity = host_of(call)->plugin->identity;
    struct str action = request->action;
    struct str own = arena_printf(
            call->scratch, "%.*s:%.*s", STR_ARG(request->service), STR_ARG(request->operation));
    struct str shown = call_text(call, tfa_str_from(action), 128);
    const char *why = aws_action_refusal(action);
    /* What goes over the wire is the operation; the action may only be another name for it. */
    why = why ? why : aws_action_refusal(own);
    if (why) {
        return forbid(call, shown, why);
    }
    if (!str_list_has(&identity->aws_actions, action)) {
        return forbid(call, shown, "its manifest does not declare");
    }
    if (is_rest(request->protocol) && !aws_rest_is_read(request->service, request->operation,
                                              request->method, request->path)) {
        return forbid(call, shown, "is not known to be a read when sent this way");
    }
    if (smuggles_action(request)) {
        return forbid(call, shown, "names its action in the body");
    }
    if (!request->target) {
        return forbid(call, shown, "is meant for a target that is not configured");
    }
    return TFA_OK;
}

static bool are_texts_good(const struct tfa_aws_request *in)
{
    const struct tfa_str texts[] = { in->service, in->operation, in->action, in->target,
        in->region, in->method, in->path, in->target_prefix, in->version, in->body_text };
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        if (!is_good_text(texts[i])) {
            return false;
        }
    }
    return in->service.len > 0 && in->operation.len > 0 && in->service.len < 128 &&
           in->operation.len < 128 && in->action.len < 256 && in->path.len < 8192;
}

/* Values of a request; TFA_NONE is NULL. */
static int32_t take_value(struct tfa_call *call, tfa_val v, const struct value **ret_value)
{
    int32_t rc = handle_value(call, "aws.send", v, ret_value);
    return rc == TFA_E_ABSENT ? TFA_OK : rc;
}

/* A target's name and the region to ask, from the request, else the item, else the target. */
static void take_place(
        struct tfa_call *call, const struct tfa_aws_request *in, struct plugin_aws_request *out)
{
    struct str alias = str_of(in->target);
    if (alias.len == 0) {
        alias = value_string(value_get_str(host_of(call)->item, STR("target")));
    }
    out->target = context_target(host_of(call)->context, alias.len > 0 ? alias : STR("self"));
    out->region = str_of(in->region);
    if (out->region.len == 0) {
        out->region = value_string(value_get_str(host_of(call)->item, STR("region")));
    }
    if (out->region.len == 0) {
        out->region = value_string(value_get_str(out->target, STR("region")));
    }
}

static int32_t take_request(struct tfa_call *call, const struct tfa_aws_request *given,
        struct plugin_aws_request *out)
{
    struct tfa_aws_request in = { 0 };
    if (!given || given->struct_size < offsetof(struct tfa_aws_request, action)) {
        call_misuse(call, "aws.send was given no request");
        return TFA_E_INVALID;
    }
    memcpy(&in, given, given->struct_size < sizeof(in) ? given->struct_size : sizeof(in));
    if (!are_texts_good(&in) || in.protocol < TFA_AWS_REST_JSON ||
            in.protocol > TFA_AWS_REST_XML || (in.body != TFA_NONE && in.body_text.len > 0)) {
        call_misuse(call, "aws.send was given a malformed request");
        return TFA_E_INVALID;
    }
    *out = (struct plugin_aws_request){ .protocol = in.protocol,
        .is_fresh = (in.flags & TFA_AWS_FRESH) != 0,
        .service = str_of(in.service),
        .operation = str_of(in.operation),
        .action = str_of(in.action),
        .method = str_of(in.method),
        .path = in.path.len > 0 ? str_of(in.path) : STR("/"),
        .body_text = str_of(in.body_text),
        .target_prefix = str_of(in.target_prefix),
        .version = str_of(in.version) };
    int32_t rc = take_value(call, in.path_parts, &out->labels);
    rc = rc == TFA_OK ? take_value(call, in.query, &out->query) : rc;
    rc = rc == TFA_OK ? take_value(call, in.body, &out->body) : rc;
    if (rc != TFA_OK) {
        return rc;
    }
    if (out->action.len == 0) {
        out->action = arena_printf(
                call->scratch, "%.*s:%.*s", STR_ARG(out->service), STR_ARG(out->operation));
    }
    if (out->method.len == 0) {
        bool has_body = out->body || out->body_text.len > 0;
        out->method = is_rest(in.protocol) && !has_body ? STR("GET") : STR("POST");
    }
    take_place(call, &in, out);
    return judge(call, out);
}

/* ---- answers ---- */

static struct tfa_str keep(struct tfa_call *call, struct str text)
{
    return tfa_str_from(arena_dup(call->scratch, text));
}

static const struct tfa_aws_answer *give_answer(
        struct tfa_call *call, const struct plugin_aws_answer *from)
{
    struct tfa_aws_answer *answer = ARENA_NEW(call->scratch, struct tfa_aws_answer);
    *answer = (struct tfa_aws_answer){ .struct_size = sizeof(*answer),
        .outcome = from->outcome,
        .http_status = from->http_status,
        .attempts = from->attempts,
        .pages = from->pages,
        .complete = from->is_complete ? 1 : 0,
        .body = handle_root(call, from->body, STR_EMPTY),
        .items = handle_root(call, from->items, STR_EMPTY),
        .error_code = keep(call, from->error_code),
        .error_message = keep(call, from->error_message),
        .action = keep(call, from->action),
        .account_id = keep(call, from->account_id),
        .region = keep(call, from->region),
        .request_id = keep(call, from->request_id),
        .summary = keep(call, from->summary) };
    return answer;
}

/* Sends what the policy let through. Without a client every request is without an answer. */
static int32_t send_all(struct tfa_call *call, const struct plugin_aws_request *requests,
        size_t count, struct plugin_aws_answer *answers)
{
    const struct plugin_aws_service *aws = host_of(call)->plugins->world.aws;
    int64_t left = host_call_v1.time_left_ms(call);
    if (host_call_v1.cancelled(call) != 0) {
        return TFA_E_CANCELLED;
    }
    if (left == 0) {
        return TFA_E_DEADLINE;
    }
    if (!aws) {
        for (size_t i = 0; i < count; i++) {
            answers[i] = (struct plugin_aws_answer){ .outcome = TFA_AWS_NO_ANSWER,
                .action = requests[i].action,
                .region = requests[i].region,
                .summary = STR("this command does not call AWS") };
        }
        return TFA_OK;
    }
    /* Answers outlive the callback where they are reported: they belong to the run. */
    int code = aws->send(aws->context, call->run->arena, requests, count, left, answers);
    return code == 0 ? TFA_OK : code == ERR_CANCELLED ? TFA_E_CANCELLED : TFA_E_INTERNAL;
}

static int32_t aws_batch(struct tfa_call *call, const struct tfa_aws_request *const *requests,
        uint64_t count, const struct tfa_aws_answer *const **ret_answers)
{
    int32_t rc = call_enter(call, SERVICE_AWS, "aws.batch");
    if (rc != TFA_OK) {
        return rc;
    }
    if (!ret_answers || (!requests && count > 0) || count > BATCH_MAX) {
        call_misuse(call, "aws.batch was given no requests, or more than %d", BATCH_MAX);
        return TFA_E_INVALID;
    }
    struct plugin_aws_request *out =
            ARENA_ARRAY(call->scratch, struct plugin_aws_request, (size_t)count + 1);
    struct plugin_aws_answer *got =
            ARENA_ARRAY(call->scratch, struct plugin_aws_answer, (size_t)count + 1);
    for (uint64_t i = 0; i < count && rc == TFA_OK; i++) {
        rc = take_request(call, requests[i], &out[i]);
    }
    rc = rc == TFA_OK && count > 0 ? send_all(call, out, (size_t)count, got) : rc;
    if (rc != TFA_OK) {
        return rc;
    }
    const struct tfa_aws_answer **answers =
            ARENA_ARRAY(call->scratch, const struct tfa_aws_answer *, (size_t)count + 1);
    for (uint64_t i = 0; i < count; i++) {
        answers[i] = give_answer(call, &got[i]);
    }
    *ret_answers = answers;
    return TFA_OK;
}

static int32_t send_one(struct tfa_call *call, const char *function,
        const struct tfa_aws_request *request, const struct tfa_aws_pages *pages,
        const struct tfa_aws_answer **ret_answer)
{
    struct plugin_aws_request out;
    struct plugin_aws_answer got = { 0 };
    int32_t rc = call_enter(call, SERVICE_AWS, function);
    if (rc != TFA_OK) {
        return rc;
    }
    if (!ret_answer) {
        return TFA_E_INVALID;
    }
    rc = take_request(call, request, &out);
    if (rc == TFA_OK && pages) {
        out.items = str_of(pages->items);
        out.token_out = str_of(pages->token_out);
        out.token_in = str_of(pages->token_in);
        out.max_pages = pages->max_pages == 0          ? PAGES_DEFAULT
                        : pages->max_pages > PAGES_MAX ? PAGES_MAX
                                                       : pages->max_pages;
        if (out.items.len == 0 || out.token_out.len == 0 || out.token_in.len == 0) {
            call_misuse(call, "aws.paginate was not told where items and tokens are");
            rc = TFA_E_INVALID;
        }
    }
    rc = rc == TFA_OK ? send_all(call, &out, 1, &got) : rc;
    if (rc == TFA_OK) {
        *ret_answer = give_answer(call, &got);
    }
    return rc;
}

static int32_t aws_send(struct tfa_call *call, const struct tfa_aws_request *request,
        const struct tfa_aws_answer **ret_answer)
{
    return send_one(call, "aws.send", request, NULL, ret_answer);
}

static int32_t aws_paginate(struct tfa_call *call, const struct tfa_aws_request *request,
        const struct tfa_aws_pages *pages, const struct tfa_aws_answer **ret_answer)
{
    struct tfa_aws_pages in = { 0 };
    if (pages && pages->struct_size >= sizeof(uint32_t)) {
        memcpy(&in, pages, pages->struct_size < sizeof(in) ? pages->struct_size : sizeof(in));
    }
    const struct tfa_str texts[] = { in.items, in.token_out, in.token_in };
    for (size_t i = 0; i < 3; i++) {
        if (!is_good_text(texts[i])) {
            return TFA_E_INVALID;
        }
    }
    return send_one(call, "aws.paginate", request, &in, ret_answer);
}

const struct tfa_aws_v1 host_aws_v1 = { aws_send, aws_batch, aws_paginate };
