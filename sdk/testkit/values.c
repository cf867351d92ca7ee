/* SPDX-License-Identifier: Apache-2.0 */
/* tfa.value/1 of the mock host. */
#include <string.h>

#include "mock.h"

/* Gate and handle in one; TFA_E_ABSENT for TFA_NONE. */
static int32_t enter(
        struct tfa_call *call, const char *function, tfa_val v, struct node **ret_node)
{
    int32_t rc = service_enter(call, SERVICE_VALUE, function);

    return rc == TFA_OK ? handle_node(call, function, v, ret_node) : rc;
}

static int32_t value_kind(struct tfa_call *call, tfa_val v)
{
    struct node *node = NULL;
    int32_t rc = enter(call, "value.kind", v, &node);

    return rc == TFA_OK ? node->kind : rc == TFA_E_ABSENT ? TFA_KIND_NONE : rc;
}

static uint64_t value_count(struct tfa_call *call, tfa_val v)
{
    struct node *node = NULL;

    return enter(call, "value.count", v, &node) == TFA_OK ? node->count : 0;
}

static tfa_val value_get(struct tfa_call *call, tfa_val map, struct tfa_str key)
{
    struct node *node = NULL;

    if (enter(call, "value.get", map, &node) != TFA_OK || key.ptr == NULL) {
        return TFA_NONE;
    }
    return handle_of(call, node_get(node, key.ptr, key.len));
}

static tfa_val value_at(struct tfa_call *call, tfa_val container, uint64_t index)
{
    struct node *node = NULL;

    if (enter(call, "value.at", container, &node) != TFA_OK || index >= node->count) {
        return TFA_NONE;
    }
    return handle_of(call, node->entries[index].node);
}

static int32_t value_key_at(
        struct tfa_call *call, tfa_val map, uint64_t index, struct tfa_str *ret_key)
{
    struct node *node = NULL;
    int32_t rc = enter(call, "value.key_at", map, &node);

    if (rc != TFA_OK) {
        return rc;
    }
    if (node->kind != TFA_KIND_MAP) {
        return TFA_E_KIND;
    }
    if (index >= node->count) {
        return TFA_E_RANGE;
    }
    *ret_key = TFA_STR(node->entries[index].key, node->entries[index].key_len);
    return TFA_OK;
}

static tfa_val value_find(struct tfa_call *call, tfa_val v, struct tfa_str pointer)
{
    struct node *node = NULL;

    if (enter(call, "value.find", v, &node) != TFA_OK) {
        return TFA_NONE;
    }
    return handle_of(call, node_find(node, pointer.ptr, pointer.len));
}

/* A scalar of one kind. */
static int32_t enter_kind(struct tfa_call *call, const char *function, tfa_val v, int32_t kind,
        struct node **ret_node)
{
    struct node *node = NULL;
    int32_t rc = enter(call, function, v, &node);

    if (rc != TFA_OK) {
        return rc;
    }
    if (node->kind == TFA_KIND_UNKNOWN) {
        return TFA_E_UNKNOWN;
    }
    if (node->kind != kind) {
        return TFA_E_KIND;
    }
    *ret_node = node;
    return TFA_OK;
}

static int32_t value_as_string(struct tfa_call *call, tfa_val v, struct tfa_str *ret_text)
{
    struct node *node = NULL;
    int32_t rc = enter_kind(call, "value.as_string", v, TFA_KIND_STRING, &node);

    if (rc == TFA_OK) {
        *ret_text = TFA_STR(node->text, node->text_len);
    }
    return rc;
}

static int32_t value_as_int(struct tfa_call *call, tfa_val v, int64_t *ret_number)
{
    struct node *node = NULL;
    int32_t rc = enter_kind(call, "value.as_int", v, TFA_KIND_NUMBER, &node);

    if (rc == TFA_OK && !number_int(node->text, node->text_len, ret_number)) {
        rc = TFA_E_RANGE;
    }
    return rc;
}

static int32_t value_as_double(struct tfa_call *call, tfa_val v, double *ret_number)
{
    struct node *node = NULL;
    int32_t rc = enter_kind(call, "value.as_double", v, TFA_KIND_NUMBER, &node);

    if (rc == TFA_OK && !number_double(node->text, node->text_len, ret_number)) {
        rc = TFA_E_RANGE;
    }
    return rc;
}

static int32_t value_as_bool(struct tfa_call *call, tfa_val v, int32_t *ret_truth)
{
    struct node *node = NULL;
    int32_t rc = enter_kind(call, "value.as_bool", v, TFA_KIND_BOOL, &node);

    if (rc == TFA_OK) {
        *ret_truth = node->truth ? 1 : 0;
    }
    return rc;
}

static int32_t value_text(struct tfa_call *call, tfa_val v, struct tfa_str *ret_text)
{
    struct node *node = NULL;
    int32_t rc = enter(call, "value.text", v, &node);

    if (rc != TFA_OK) {
        return rc;
    }
    if (node->kind == TFA_KIND_UNKNOWN) {
        return TFA_E_UNKNOWN;
    }
    if (node->text == NULL) {
        return TFA_E_KIND;
    }
    if (node->kind == TFA_KIND_BOOL) {
        *ret_text = node->truth ? TFA_S("true") : TFA_S("false");
    } else if (node->kind == TFA_KIND_NULL) {
        *ret_text = TFA_S("");
    } else {
        *ret_text = TFA_STR(node->text, node->text_len);
    }
    return TFA_OK;
}

static int32_t value_tag(struct tfa_call *call, tfa_val v, struct tfa_str *ret_tag)
{
    struct node *node = NULL;
    int32_t rc = enter(call, "value.tag", v, &node);

    if (rc != TFA_OK) {
        return rc;
    }
    if (node->tag == NULL) {
        return TFA_E_ABSENT;
    }
    *ret_tag = str_view(node->tag);
    return TFA_OK;
}

static const struct tfa_mark *value_mark(struct tfa_call *call, tfa_val v)
{
    struct node *node = NULL;
    struct tfa_mark *mark;

    if (enter(call, "value.mark", v, &node) != TFA_OK || node->file == NULL) {
        return NULL;
    }
    mark = host_struct(call, sizeof(*mark));
    mark->line = node->line;
    mark->column = node->column;
    mark->file = str_view(node->file);
    return mark;
}

static int32_t value_is_sensitive(struct tfa_call *call, tfa_val v)
{
    struct node *node = NULL;
    int32_t rc = enter(call, "value.is_sensitive", v, &node);

    if (rc != TFA_OK) {
        return rc == TFA_E_ABSENT ? 0 : rc;
    }
    return node_is_sensitive(node) ? 1 : 0;
}

static int32_t value_equal(struct tfa_call *call, tfa_val a, tfa_val b)
{
    struct node *x = NULL;
    struct node *y = NULL;
    int32_t rc = enter(call, "value.equal", a, &x);

    if (rc == TFA_OK || rc == TFA_E_ABSENT) {
        rc = handle_node(call, "value.equal", b, &y);
    }
    return rc == TFA_OK || rc == TFA_E_ABSENT ? node_equal(x, y) : rc;
}

static int32_t value_to_json(struct tfa_call *call, tfa_val v, struct tfa_str *ret_json)
{
    struct node *node = NULL;
    struct text out = { 0 };
    int32_t rc = enter(call, "value.to_json", v, &node);
    bool known;

    if (rc != TFA_OK) {
        return rc;
    }
    known = node_json(&out, node, false);
    char *json = text_take(&out, &call->pool);
    if (!known) {
        return TFA_E_UNKNOWN;
    }
    *ret_json = str_view(json);
    return TFA_OK;
}

const struct tfa_value_v1 mock_value = { value_kind, value_count, value_get, value_at,
    value_key_at, value_find, value_as_string, value_as_int, value_as_double, value_as_bool,
    value_text, value_tag, value_mark, value_is_sensitive, value_equal, value_to_json };
