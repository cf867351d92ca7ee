/* SPDX-License-Identifier: Apache-2.0 */
/* Equality of trees by content. */
#include <math.h>

#include "number.h"
#include "value.h"

static bool is_same_integer(struct str a, struct str b)
{
    struct integer left;
    struct integer right;
    bool has_left = integer_read(a, &left);
    bool has_right = integer_read(b, &right);
    if (has_left != has_right) {
        return false;
    }
    if (has_left) {
        return left.magnitude == right.magnitude &&
               (left.is_negative == right.is_negative || left.magnitude == 0);
    }
    AUTO_BUF a_digits = BUF_INIT(BUF_UNBOUNDED);
    AUTO_BUF b_digits = BUF_INIT(BUF_UNBOUNDED);
    buf_add_integer(&a_digits, a);
    buf_add_integer(&b_digits, b);
    return str_eq(buf_str(&a_digits), buf_str(&b_digits));
}

static bool is_same_float(const struct value *a, const struct value *b)
{
    double left = 0;
    double right = 0;
    bool has_left = value_float(a, &left);
    bool has_right = value_float(b, &right);
    if (has_left != has_right) {
        return false;
    }
    if (!has_left) {
        return str_eq(a->as.text, b->as.text);
    }
    return (isnan(left) && isnan(right)) || (left <= right && left >= right);
}

static bool is_same_list(const struct value *a, const struct value *b)
{
    size_t count = value_count(a);
    if (count != value_count(b)) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        if (!value_equal(a->as.list.items[i], b->as.list.items[i])) {
            return false;
        }
    }
    return true;
}

static bool is_same_map(const struct value *a, const struct value *b)
{
    size_t count = value_count(a);
    if (count != value_count(b)) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        const struct value_entry *entry = &a->as.map.entries[i];
        /* By text: the trees may come from different key tables. */
        const struct value *other = value_get(b, entry->key);
        if (!other) {
            other = value_get_str(b, entry->key->text);
        }
        if (!other || !value_equal(entry->value, other)) {
            return false;
        }
    }
    return true;
}

bool value_equal(const struct value *a, const struct value *b)
{
    if (a == b) {
        return true;
    }
    if (!a || !b || a->kind != b->kind) {
        return false;
    }
    switch ((enum value_kind)a->kind) {
    case VALUE_NULL:
        return true;
    case VALUE_BOOL:
        return value_bool(a, false) == value_bool(b, false);
    case VALUE_INT:
        return is_same_integer(a->as.text, b->as.text);
    case VALUE_FLOAT:
        return is_same_float(a, b);
    case VALUE_STRING:
        return str_eq(a->as.text, b->as.text);
    case VALUE_LIST:
        return is_same_list(a, b);
    case VALUE_MAP:
        return is_same_map(a, b);
    default:
        BUG("value of no kind");
    }
}
