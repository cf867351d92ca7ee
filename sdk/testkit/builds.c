/* SPDX-License-Identifier: Apache-2.0 */
/* tfa.build/1 of the mock host. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "mock.h"

#define JSON_MAX (16U << 20)

/* The first failure decides; the callback's result is discarded. */
static int32_t fail(struct tfa_call *call, const char *function, int32_t code, const char *why)
{
    if (call->broken == 0) {
        call->broken = code;
        call->broken_why = pool_format(&call->pool, "%s: %s", function, why);
        call->broken_rule = code == TFA_E_STALE ? RULE_STALE : RULE_VALUES;
    }
    return code;
}

static bool enter(struct tfa_call *call, const char *function, int32_t *ret_code)
{
    int32_t rc = service_enter(call, SERVICE_BUILD, function);

    if (rc != TFA_OK) {
        *ret_code = rc;
        if (call->broken == 0) {
            call->broken = rc; /* the gate has noted why, unless the test ordered it */
        }
    }
    return rc == TFA_OK;
}

static tfa_val made(struct tfa_call *call, const char *function, int32_t kind)
{
    struct node *node;
    int32_t rc;

    if (!enter(call, function, &rc)) {
        return TFA_NONE;
    }
    node = node_new(&call->pool, kind);
    node->is_made = true;
    node->frozen = kind != TFA_KIND_MAP && kind != TFA_KIND_LIST;
    if (node->frozen) {
        node->text = pool_text(&call->pool, "", 0);
    }
    return handle_of(call, node);
}

static tfa_val build_map(struct tfa_call *call)
{
    return made(call, "build.map", TFA_KIND_MAP);
}

static tfa_val build_list(struct tfa_call *call)
{
    return made(call, "build.list", TFA_KIND_LIST);
}

static tfa_val build_null(struct tfa_call *call)
{
    return made(call, "build.null", TFA_KIND_NULL);
}

static tfa_val scalar(
        struct tfa_call *call, const char *function, int32_t kind, struct tfa_str text)
{
    struct node *node;
    int32_t rc;

    if (!enter(call, function, &rc)) {
        return TFA_NONE;
    }
    if ((text.ptr == NULL && text.len > 0) || !utf8_valid(text.ptr, text.len)) {
        (void)fail(call, function, TFA_E_INVALID, "the text is not UTF-8");
        return TFA_NONE;
    }
    if (kind == TFA_KIND_NUMBER && !number_is_json(text.ptr, text.len)) {
        (void)fail(call, function, TFA_E_INVALID, "not a JSON number");
        return TFA_NONE;
    }
    node = node_scalar(&call->pool, kind, text.ptr, text.len);
    node->is_made = true;
    return handle_of(call, node);
}

static tfa_val build_boolean(struct tfa_call *call, int32_t truth)
{
    tfa_val v = scalar(
            call, "build.boolean", TFA_KIND_BOOL, truth != 0 ? TFA_S("true") : TFA_S("false"));
    struct node *node = NULL;

    if (v != TFA_NONE && handle_node(call, "build.boolean", v, &node) == TFA_OK) {
        node->truth = truth != 0;
    }
    return v;
}

static tfa_val build_integer(struct tfa_call *call, int64_t number)
{
    char text[24];

    (void)snprintf(text, sizeof(text), "%lld", (long long)number);
    return scalar(call, "build.integer", TFA_KIND_NUMBER, str_view(text));
}

static tfa_val build_real(struct tfa_call *call, double number)
{
    char text[40];

    /* The shortest text that reads back as the same number; "nan" and "inf" fail as JSON. */
    for (int digits = 1; digits <= 17; digits++) {
        double back;
        (void)snprintf(text, sizeof(text), "%.*g", digits, number);
        if (number_double(text, strlen(text), &back) && !(back < number) && !(back > number)) {
            break;
        }
    }
    return scalar(call, "build.real", TFA_KIND_NUMBER, str_view(text));
}

static tfa_val build_number(struct tfa_call *call, struct tfa_str text)
{
    return scalar(call, "build.number", TFA_KIND_NUMBER, text);
}

static tfa_val build_string(struct tfa_call *call, struct tfa_str text)
{
    return scalar(call, "build.string", TFA_KIND_STRING, text);
}

/* What set and append have in common: both nodes, or the code. */
static int32_t enter_put(struct tfa_call *call, const char *function, tfa_val container,
        tfa_val v, int32_t kind, struct node **ret_container, struct node **ret_node)
{
    struct node *node = NULL;
    int32_t rc;

    if (!enter(call, function, &rc)) {
        return rc;
    }
    rc = handle_node(call, function, container, ret_container);
    if (rc != TFA_OK) {
        return fail(call, function, rc, "there is no such container");
    }
    rc = handle_node(call, function, v, &node);
    if (rc == TFA_E_ABSENT) {
        *ret_node = NULL;
        return TFA_OK;
    }
    if (rc != TFA_OK) {
        return fail(call, function, rc, "stale handle");
    }
    if ((*ret_container)->kind != kind) {
        return fail(call, function, TFA_E_KIND, "the container is of another kind");
    }
    if ((*ret_container)->frozen) {
        return fail(call, function, TFA_E_FROZEN, "the container is frozen");
    }
    if (node == *ret_container) {
        return fail(call, function, TFA_E_INVALID, "a container cannot hold itself");
    }
    node->frozen = true;
    *ret_node = node;
    return TFA_OK;
}

static int32_t build_set(struct tfa_call *call, tfa_val map, struct tfa_str key, tfa_val v)
{
    struct node *container = NULL;
    struct node *node = NULL;
    int32_t rc = enter_put(call, "build.set", map, v, TFA_KIND_MAP, &container, &node);

    if (rc != TFA_OK || node == NULL) {
        return rc;
    }
    if (key.ptr == NULL || !utf8_valid(key.ptr, key.len)) {
        return fail(call, "build.set", TFA_E_INVALID, "the key is not UTF-8");
    }
    node_set(&call->pool, container, key.ptr, key.len, node);
    return TFA_OK;
}

static int32_t build_append(struct tfa_call *call, tfa_val list, tfa_val v)
{
    struct node *container = NULL;
    struct node *node = NULL;
    int32_t rc = enter_put(call, "build.append", list, v, TFA_KIND_LIST, &container, &node);

    if (rc == TFA_OK && node != NULL) {
        (void)node_add(&call->pool, container, NULL, 0, node);
    }
    return rc;
}

static tfa_val build_sensitive(struct tfa_call *call, tfa_val v)
{
    struct node *node = NULL;
    int32_t rc;

    if (!enter(call, "build.sensitive", &rc)) {
        return TFA_NONE;
    }
    rc = handle_node(call, "build.sensitive", v, &node);
    if (rc != TFA_OK) {
        if (rc != TFA_E_ABSENT) {
            (void)fail(call, "build.sensitive", rc, "stale handle");
        }
        return TFA_NONE;
    }
    node->frozen = true;
    return handle_of(call, node_copy(&call->pool, node, true));
}

static tfa_val build_derived(struct tfa_call *call, tfa_val v, tfa_val from)
{
    struct node *node = NULL;
    struct node *origin = NULL;
    int32_t rc;

    if (!enter(call, "build.derived", &rc)) {
        return TFA_NONE;
    }
    rc = handle_node(call, "build.derived", v, &node);
    if (rc == TFA_OK) {
        node->frozen = true;
        rc = handle_node(call, "build.derived", from, &origin);
        if (rc == TFA_E_ABSENT || (rc == TFA_OK && origin->file == NULL)) {
            return v;
        }
    }
    if (rc != TFA_OK) {
        if (v != TFA_NONE) {
            (void)fail(call, "build.derived", rc, "stale handle");
        }
        return TFA_NONE;
    }
    node = node_copy(&call->pool, node, false);
    node->is_made = false;
    node->file = origin->file;
    node->line = origin->line;
    node->column = origin->column;
    node->parent = origin->parent;
    node->slot = origin->slot;
    return handle_of(call, node);
}

static int32_t build_from_json(struct tfa_call *call, struct tfa_str json, tfa_val *ret_value)
{
    struct node *node;
    const char *error;
    int32_t rc;

    if (!enter(call, "build.from_json", &rc)) {
        return rc;
    }
    if (json.len > JSON_MAX) {
        return TFA_E_LIMIT;
    }
    node = json.ptr == NULL ? NULL : json_parse(&call->pool, json.ptr, json.len, &error);
    if (node == NULL) {
        return TFA_E_INVALID;
    }
    node->is_made = true;
    *ret_value = handle_of(call, node);
    return TFA_OK;
}

const struct tfa_build_v1 mock_build = { build_map, build_list, build_null, build_boolean,
    build_integer, build_real, build_number, build_string, build_set, build_append,
    build_sensitive, build_derived, build_from_json };
