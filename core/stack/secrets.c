/* SPDX-License-Identifier: Apache-2.0 */
/* Secrets declared by a stack belong to it, those of a component to the instance. */
#include "stack_internal.h"

static int scope_one(struct resolver *r, struct str scope, const struct value_entry *entry,
        const struct value **ret_secret)
{
    const struct key *key = key_of(r->run->keys, STR("scope"));
    const struct value *written = value_get(entry->value, key);
    struct str text = value_string(written);
    if (str_eq_cstr(text, "global")) {
        return 0;
    }
    if (text.len && !str_eq(text, scope)) {
        resolver_say(r, STACK_BAD_SECTION, written->mark,
                "the secret \"%.*s\" says that its scope is \"%.*s\", but stands where it is "
                "\"%.*s\"",
                STR_ARG(entry->key->text), STR_ARG(text), STR_ARG(scope));
        return ERR_INVALID;
    }
    *ret_secret = value_with(r->run->arena, entry->value, key,
            value_string_view(r->run->arena, scope, MARK_NONE));
    return 0;
}

int secrets_scope(struct resolver *r, bool is_stack, const struct value **secrets)
{
    struct str scope = is_stack ? STR("stack") : STR("instance");
    const struct key *key = key_of(r->run->keys, STR("vars"));
    const struct value *vars = value_get(*secrets, key);
    int err = 0;
    if (!value_is(vars, VALUE_MAP) || value_count(vars) == 0) {
        return 0;
    }
    struct value_builder scoped;
    value_builder_init(&scoped, r->run->arena, vars->mark);
    value_builder_reserve(&scoped, value_count(vars));
    for (size_t i = 0; i < value_count(vars); i++) {
        const struct value_entry *entry = &vars->as.map.entries[i];
        const struct value *secret = entry->value;
        int one = value_is(secret, VALUE_MAP) ? scope_one(r, scope, entry, &secret) : 0;
        err = err ? err : one;
        value_builder_add(&scoped, entry->key, secret, entry->mark);
    }
    *secrets = value_with(r->run->arena, *secrets, key, value_builder_map(&scoped));
    return err;
}
