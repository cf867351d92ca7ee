/* SPDX-License-Identifier: Apache-2.0 */
/* Functions that make maps, or take from them. */
#include "sprig.h"

static int run_dict(SPRIG_ARGS)
{
    struct value_builder builder;
    int err = template_pay(call, count);
    value_builder_init(&builder, call->arena, MARK_NONE);
    for (size_t i = 0; i < count && err == 0; i += 2) {
        struct str key;
        struct datum value = i + 1 < count ? args[i + 1] : datum_text(STR_EMPTY);
        err = template_text(call, args[i], &key);
        if (err == 0) {
            value_builder_set(&builder, key_of(call->keys, key),
                    datum_value(call->arena, value), MARK_NONE);
        }
    }
    *ret = datum_of(value_builder_map(&builder));
    return err;
}

static int run_get(SPRIG_ARGS)
{
    (void)call;
    (void)count;
    const struct value *found = value_get_str(args[0].as.tree, args[1].as.text);
    *ret = found ? datum_of(found) : datum_text(STR_EMPTY);
    return 0;
}

static int run_has_key(SPRIG_ARGS)
{
    (void)call;
    (void)count;
    *ret = datum_bool(value_get_str(args[0].as.tree, args[1].as.text) != NULL);
    return 0;
}

/* By key, where sprig has no order. */
static int run_keys(SPRIG_ARGS)
{
    VEC(struct str) names = { 0 };
    int err = 0;
    for (size_t i = 0; i < count && err == 0; i++) {
        size_t length = value_count(args[i].as.tree);
        err = template_pay(call, length);
        const struct value_entry **entries = entries_by_key(call->arena, args[i].as.tree);
        for (size_t n = 0; n < length && err == 0; n++) {
            VEC_PUSH(call->arena, &names, entries[n]->key->text);
        }
    }
    return err ? err : sprig_list(call, names.items, names.count, ret);
}

static int run_values(SPRIG_ARGS)
{
    (void)count;
    size_t length = value_count(args[0].as.tree);
    int err = template_pay(call, length);
    const struct value_entry **entries = entries_by_key(call->arena, args[0].as.tree);
    VEC(const struct value *) values = { 0 };
    for (size_t n = 0; n < length && err == 0; n++) {
        VEC_PUSH(call->arena, &values, entries[n]->value);
    }
    *ret = datum_of(value_list_new(call->arena, values.items, values.count, MARK_NONE));
    return err;
}

static const struct template_function rows[] = {
    { "dict", "a*", run_dict },
    { "get", "ms", run_get },
    { "hasKey", "ms", run_has_key },
    { "keys", "m*", run_keys },
    { "values", "m", run_values },
};

const struct template_functions dict_functions = { rows, sizeof(rows) / sizeof(rows[0]),
    &number_functions };
