/* SPDX-License-Identifier: Apache-2.0 */
/* The name of the stack an instance belongs to (spec 4.1). */
#include <string.h>

#include "stack_internal.h"

static const char *const tokens[] = { "namespace", "tenant", "environment", "stage" };

static void parse_pattern(struct resolver *r, struct str pattern)
{
    struct arena *arena = r->run->arena;
    VEC(struct str) found = { 0 };
    struct str rest = pattern;
    struct str piece;
    bool more = true;
    while (str_split(&rest, &more, '-', &piece)) {
        bool is_token = false;
        for (size_t i = 0; i < sizeof(tokens) / sizeof(tokens[0]); i++) {
            if (str_eq(piece, arena_printf(arena, "{%s}", tokens[i]))) {
                VEC_PUSH(arena, &found, str_from(tokens[i]));
                is_token = true;
            }
        }
        if (!is_token) {
            resolver_say(r, STACK_NAME_DROPPED, r->naming.mark,
                    "the part \"%.*s\" of stacks.name_pattern has no effect", STR_ARG(piece));
        }
    }
    r->naming.tokens = found.items;
    r->naming.token_count = found.count;
}

int naming_parse(struct resolver *r)
{
    const struct config *config = r->config;
    const char *key =
            config->name_template.len ? "stacks.name_template" : "stacks.name_pattern";
    const struct value *value = config_get(config, key);
    r->naming.mark = value ? value->mark : MARK_NONE;
    if (config->name_template.len) {
        return fields_parse(r, config->name_template, "stacks.name_template", r->naming.mark,
                &r->naming.template);
    }
    if (config->name_pattern.len) {
        parse_pattern(r, config->name_pattern);
    }
    return 0;
}

static void say_incomplete(struct resolver *r, const struct manifest *manifest,
        struct instance *instance, const char *rule, struct str missing)
{
    struct diag *diag = resolver_say_checked(r, STACK_NAME_INCOMPLETE, instance->mark,
            "the stack of \"%.*s\" in \"%.*s\" cannot be named: %s needs \"%.*s\", which has "
            "no "
            "text",
            STR_ARG(instance->name), STR_ARG(manifest->key), rule, STR_ARG(missing));
    diag->component = instance->name;
    if (r->naming.mark.file && !resolver_is_repeated(r, diag)) {
        diag_relate(&r->run->diags, r->naming.mark, STR("the naming rule is here"));
    }
    instance->is_unnamed = true;
}

static struct str name_by_template(
        struct resolver *r, const struct manifest *manifest, struct instance *instance)
{
    struct str name = STR_EMPTY;
    struct str missing = fields_fill(r, &r->naming.template, instance, &name);
    if (missing.len) {
        say_incomplete(r, manifest, instance, "stacks.name_template", missing);
        return STR_EMPTY;
    }
    return name;
}

static struct str name_by_pattern(
        struct resolver *r, const struct manifest *manifest, struct instance *instance)
{
    struct str pieces[8];
    size_t count = 0;
    for (size_t i = 0; i < r->naming.token_count && count < 8; i++) {
        struct str value = value_string(value_get_str(instance->vars, r->naming.tokens[i]));
        if (value.len == 0) {
            say_incomplete(r, manifest, instance, "stacks.name_pattern", r->naming.tokens[i]);
            return STR_EMPTY;
        }
        pieces[count++] = value;
    }
    return arena_join(r->run->arena, pieces, count, STR("-"));
}

void instance_name(
        struct resolver *r, const struct manifest *manifest, struct instance *instance)
{
    const struct value *fixed = value_get(manifest->merged, r->words.name);
    struct str name = STR_EMPTY;
    if (value_is_scalar(fixed) && !value_is(fixed, VALUE_NULL)) {
        name = value_text(fixed);
    }
    if (name.len == 0 && r->config->name_template.len) {
        name = name_by_template(r, manifest, instance);
    } else if (name.len == 0 && r->naming.token_count) {
        name = name_by_pattern(r, manifest, instance);
    }
    instance->stack = name.len ? name : manifest->key;
}
