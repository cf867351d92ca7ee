/* SPDX-License-Identifier: Apache-2.0 */
/* Building requests of REST-JSON and JSON 1.0 and 1.1. */
#include "request.h"

#include "uri.h"

struct builder {
    struct arena *arena;
    struct keys *keys;
    const struct aws_call *call;
    const struct page_token *token;
    struct str name;
    const struct aws_fault *fault;
};

#define REFUSE(builder, ...)                                                                   \
    ((builder)->fault = fault_new((builder)->arena, AWS_CALL_INVALID, __VA_ARGS__), ERR_INVALID)

enum aws_protocol call_protocol(const struct aws_call *call)
{
    const struct service *service = service_find(call->service);
    if (call->protocol != AWS_PROTOCOL_OF_SERVICE) {
        return call->protocol;
    }
    return service ? service->protocol : AWS_REST_JSON;
}

struct str call_name(struct arena *arena, const struct aws_call *call)
{
    if (call->operation.len > 0) {
        return arena_printf(
                arena, "%.*s %.*s", STR_ARG(call->service), STR_ARG(call->operation));
    }
    return arena_printf(arena, "%.*s %.*s %.*s", STR_ARG(call->service), STR_ARG(call->method),
            STR_ARG(call->path));
}

struct str aws_call_action(struct arena *arena, const struct aws_call *call)
{
    const struct service *service = service_find(call->service);
    if (call->action.len > 0) {
        return arena_dup(arena, call->action);
    }
    /* Budgets has two actions for everything, not one for each operation. */
    if (service && str_eq_cstr(call->service, "budgets")) {
        bool is_read = str_starts_with(call->operation, STR("Describe"));
        return is_read ? STR("budgets:ViewBudget") : STR("budgets:ModifyBudget");
    }
    const char *prefix = NULL;
    if (service) {
        prefix = service->iam ? service->iam : service->prefix ? service->prefix : service->id;
    }
    struct str shown = prefix ? str_from(prefix) : call->service;
    return arena_printf(arena, "%.*s:%.*s", STR_ARG(shown), STR_ARG(call->operation));
}

/* ---- path ---- */

static bool is_dots(struct str segment)
{
    return str_eq(segment, STR(".")) || str_eq(segment, STR(".."));
}

static int add_label(struct builder *builder, struct buf *out, struct str name)
{
    bool keeps_slashes = str_ends_with(name, STR("+"));
    struct str key = keeps_slashes ? str_sub(name, 0, name.len - 1) : name;
    const struct value *value = value_get_str(builder->call->labels, key);
    if (!value_is_scalar(value) || value_is(value, VALUE_NULL)) {
        return REFUSE(builder, "%.*s: no value for `{%.*s}` in the path",
                STR_ARG(builder->name), STR_ARG(name));
    }
    struct str text = value_text(value);
    /* An empty or dotted segment would make it another path. */
    if (text.len == 0 || is_dots(text)) {
        return REFUSE(builder, "%.*s: `%.*s` cannot stand for `{%.*s}` in the path",
                STR_ARG(builder->name), STR_ARG(text), STR_ARG(name));
    }
    uri_encode(out, text, keeps_slashes);
    return 0;
}

static int check_segments(struct builder *builder, struct str path)
{
    struct str rest = path;
    bool more = true;
    struct str segment;
    while (str_split(&rest, &more, '/', &segment)) {
        if (is_dots(segment)) {
            return REFUSE(builder, "%.*s: the path has a segment `%.*s`",
                    STR_ARG(builder->name), STR_ARG(segment));
        }
    }
    return 0;
}

static int build_path(struct builder *builder, struct str *ret_path)
{
    struct str path = builder->call->path.len > 0 ? builder->call->path : STR("/");
    AUTO_BUF out = BUF_INIT(BUF_UNBOUNDED);
    if (path.ptr[0] != '/') {
        return REFUSE(builder, "%.*s: the path `%.*s` does not begin with a slash",
                STR_ARG(builder->name), STR_ARG(path));
    }
    while (path.len > 0) {
        ptrdiff_t open = str_find(path, '{');
        struct str plain = open < 0 ? path : str_sub(path, 0, (size_t)open);
        uri_encode(&out, plain, true);
        path = str_from_index(path, plain.len);
        if (path.len == 0) {
            break;
        }
        ptrdiff_t close = str_find(path, '}');
        if (close < 2) {
            return REFUSE(builder, "%.*s: the path has a `{` without name or end",
                    STR_ARG(builder->name));
        }
        int err = add_label(builder, &out, str_sub(path, 1, (size_t)close));
        if (err != 0) {
            return err;
        }
        path = str_from_index(path, (size_t)close + 1);
    }
    *ret_path = arena_dup(builder->arena, buf_str(&out));
    return check_segments(builder, *ret_path);
}

/* ---- query ---- */

static void add_parameter(struct buf *out, struct str name, struct str text)
{
    if (out->len > 0) {
        buf_add_byte(out, '&');
    }
    uri_encode(out, name, false);
    buf_add_byte(out, '=');
    uri_encode(out, text, false);
}

static int add_value(
        struct builder *builder, struct buf *out, struct str name, const struct value *value)
{
    if (!value_is_scalar(value)) {
        return REFUSE(builder, "%.*s: query parameter `%.*s` is neither text, number nor bool",
                STR_ARG(builder->name), STR_ARG(name));
    }
    if (!value_is(value, VALUE_NULL)) {
        add_parameter(out, name, value_text(value));
    }
    return 0;
}

static int build_query(struct builder *builder, bool has_token, struct str *ret_query)
{
    const struct value *query = builder->call->query;
    AUTO_BUF out = BUF_INIT(BUF_UNBOUNDED);
    if (query && !value_is(query, VALUE_MAP)) {
        return REFUSE(builder, "%.*s: the query is not a map", STR_ARG(builder->name));
    }
    for (size_t i = 0; query && i < value_count(query); i++) {
        const struct value_entry *entry = &query->as.map.entries[i];
        struct str name = entry->key->text;
        size_t count = value_is(entry->value, VALUE_LIST) ? value_count(entry->value) : 1;
        if (has_token && str_eq(name, builder->token->name)) {
            continue;
        }
        for (size_t k = 0; k < count; k++) {
            bool is_list = value_is(entry->value, VALUE_LIST);
            int err = add_value(
                    builder, &out, name, is_list ? value_at(entry->value, k) : entry->value);
            if (err != 0) {
                return err;
            }
        }
    }
    if (has_token) {
        add_parameter(&out, builder->token->name, builder->token->text);
    }
    *ret_query = arena_dup(builder->arena, buf_str(&out));
    return 0;
}

/* ---- body ---- */

static int build_body(
        struct builder *builder, bool is_always, bool has_token, struct str *ret_body)
{
    const struct aws_call *call = builder->call;
    const struct value *body = call->body;
    if (body && call->body_text.len > 0) {
        return REFUSE(builder, "%.*s: there are two bodies", STR_ARG(builder->name));
    }
    if (call->body_text.len > 0 && has_token) {
        return REFUSE(
                builder, "%.*s: a body given as text cannot be paged", STR_ARG(builder->name));
    }
    if (body && !value_is(body, VALUE_MAP)) {
        return REFUSE(builder, "%.*s: the body is not a map", STR_ARG(builder->name));
    }
    if (!body && (is_always || has_token) && call->body_text.len == 0) {
        struct value_builder empty;
        value_builder_init(&empty, builder->arena, MARK_NONE);
        body = value_builder_map(&empty);
    }
    if (!body) {
        *ret_body = arena_dup(builder->arena, call->body_text);
        return 0;
    }
    if (has_token) {
        const struct key *key = key_of(builder->keys, builder->token->name);
        body = value_with(builder->arena, body, key,
                value_string_new(builder->arena, builder->token->text, MARK_NONE));
    }
    AUTO_BUF out = BUF_INIT(BUF_UNBOUNDED);
    json_write(&out, body, JSON_COMPACT | JSON_KEEP_ORDER);
    *ret_body = arena_dup(builder->arena, buf_str(&out));
    return 0;
}

/* ---- protocols ---- */

static int build_rest(struct builder *builder, struct wire *wire)
{
    static const char *const methods[] = { "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE" };
    const struct aws_call *call = builder->call;
    bool has_body = call->body || call->body_text.len > 0;
    bool is_page = builder->token->name.len > 0;
    struct str method = call->method;
    if (method.len == 0) {
        method = has_body ? STR("POST") : STR("GET");
    }
    for (size_t i = 0; i < sizeof(methods) / sizeof(methods[0]); i++) {
        if (str_eq_cstr(method, methods[i])) {
            wire->method = str_from(methods[i]);
        }
    }
    if (wire->method.len == 0) {
        return REFUSE(builder, "%.*s: `%.*s` is not a method", STR_ARG(builder->name),
                STR_ARG(method));
    }
    int err = build_path(builder, &wire->path);
    if (err == 0) {
        err = build_query(builder, is_page && !has_body, &wire->query);
    }
    if (err == 0) {
        err = build_body(builder, false, is_page && has_body, &wire->body);
    }
    wire->content_type = wire->body.len > 0 ? STR("application/json") : STR_EMPTY;
    return err;
}

static bool is_token_text(struct str text)
{
    for (size_t i = 0; i < text.len; i++) {
        char byte = text.ptr[i];
        bool is_letter = (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z');
        if (!is_letter && !(byte >= '0' && byte <= '9') && byte != '_' && byte != '.') {
            return false;
        }
    }
    return text.len > 0 && text.len < 128;
}

static int build_json(struct builder *builder, enum aws_protocol protocol, struct wire *wire)
{
    const struct aws_call *call = builder->call;
    const struct service *service = service_find(call->service);
    struct str prefix = call->target_prefix;
    if (prefix.len == 0 && service) {
        prefix = str_from(service->target_prefix);
    }
    if (!is_token_text(prefix) || !is_token_text(call->operation)) {
        return REFUSE(builder, "%.*s: target prefix or operation is missing or malformed",
                STR_ARG(builder->name));
    }
    wire->method = STR("POST");
    wire->path = STR("/");
    wire->target = arena_printf(
            builder->arena, "%.*s.%.*s", STR_ARG(prefix), STR_ARG(call->operation));
    wire->content_type = protocol == AWS_JSON_1_0 ? STR("application/x-amz-json-1.0")
                                                  : STR("application/x-amz-json-1.1");
    return build_body(builder, true, builder->token->name.len > 0, &wire->body);
}

int request_build(struct arena *arena, struct keys *keys, const struct aws_call *call,
        const struct page_token *token, struct wire *ret_wire,
        const struct aws_fault **ret_fault)
{
    struct builder builder = { arena, keys, call, token, call_name(arena, call), NULL };
    struct wire wire = { 0 };
    enum aws_protocol protocol = call_protocol(call);
    int err = protocol == AWS_REST_JSON ? build_rest(&builder, &wire)
                                        : build_json(&builder, protocol, &wire);
    if (err != 0) {
        *ret_fault = builder.fault;
        return err;
    }
    *ret_wire = wire;
    return 0;
}
