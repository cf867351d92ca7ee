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
        return name_template_parse(r, config->name_template, "stacks.name_template",
                r->naming.mark, &r->naming.template);
    }
    if (config->name_pattern.len) {
        parse_pattern(r, config->name_pattern);
    }
    return 0;
}

/* Why an instance has no name by the rule. */
struct lack {
    const char *rule;
    struct str missing; /* a variable or field that has no text */
    struct template_error error; /* of a template */
};

/* The variable whose name is nearest to the one that is missing ("stage", "vars.stage"). */
static struct str hint_of(
        struct resolver *r, const struct instance *instance, const struct lack *lack)
{
    struct str missing = lack->missing;
    ptrdiff_t dot = str_rfind(missing, '.');
    if (missing.len == 0 || (dot >= 0 && !str_starts_with(missing, STR("vars.")))) {
        return lack->error.hint;
    }
    struct str word = dot < 0 ? missing : str_from_index(missing, (size_t)dot + 1);
    size_t count = value_count(instance->vars);
    struct str *names = ARENA_ARRAY(r->run->arena, struct str, count);
    for (size_t i = 0; i < count; i++) {
        names[i] = instance->vars->as.map.entries[i].key->text;
    }
    struct str nearest[3];
    return suggest(word, names, count, nearest)
                   ? diag_text(&r->run->diags,
                             "there is a variable \"%.*s\": should it be \"%.*s\"?",
                             STR_ARG(nearest[0]), STR_ARG(word))
                   : STR_EMPTY;
}

static struct mark place_of_rule(struct resolver *r, const struct lack *lack)
{
    return lack->error.err ? name_template_place(r, &r->naming.template, &lack->error)
                           : r->naming.mark;
}

static void say_incomplete(struct resolver *r, const struct manifest *manifest,
        struct instance *instance, const struct lack *lack)
{
    struct str why =
            lack->missing.len
                    ? arena_printf(r->run->arena, " needs \"%.*s\", which has no text",
                              STR_ARG(lack->missing))
                    : arena_printf(r->run->arena, ": %.*s", STR_ARG(lack->error.message));
    struct diag *diag = resolver_say_checked(r, STACK_NAME_INCOMPLETE, instance->mark,
            "the stack of \"%.*s\" in \"%.*s\" cannot be named: %s%.*s",
            STR_ARG(instance->name), STR_ARG(manifest->key), lack->rule, STR_ARG(why));
    diag->component = instance->name;
    if (!resolver_is_repeated(r, diag)) {
        diag->hint = hint_of(r, instance, lack);
        if (r->naming.mark.file) {
            diag_relate(&r->run->diags, place_of_rule(r, lack), STR("the naming rule is here"));
        }
    }
    instance->is_unnamed = true;
}

/* The name by the rule; empty without a rule, or when something is lacking. */
static struct str name_by_rule(
        struct resolver *r, const struct instance *instance, struct lack *lack)
{
    struct str pieces[8];
    size_t count = 0;
    struct str name = STR_EMPTY;
    if (r->config->name_template.len) {
        lack->rule = "stacks.name_template";
        int err = name_template_fill(r, &r->naming.template, instance, &name, &lack->error);
        lack->missing = err == ERR_NOT_FOUND ? lack->error.path : STR_EMPTY;
        return err ? STR_EMPTY : name;
    }
    lack->rule = "stacks.name_pattern";
    for (size_t i = 0; i < r->naming.token_count && count < 8; i++) {
        struct str value = value_string(value_get_str(instance->vars, r->naming.tokens[i]));
        if (value.len == 0) {
            lack->missing = r->naming.tokens[i];
            return STR_EMPTY;
        }
        pieces[count++] = value;
    }
    return arena_join(r->run->arena, pieces, count, STR("-"));
}

struct str manifest_fixed_name(const struct manifest *manifest)
{
    const struct value *fixed = value_get_str(manifest->merged, STR("name"));
    return value_is_scalar(fixed) && !value_is(fixed, VALUE_NULL) ? value_text(fixed)
                                                                  : STR_EMPTY;
}

void instance_name(
        struct resolver *r, const struct manifest *manifest, struct instance *instance)
{
    struct lack lack = { .rule = NULL };
    struct str name = manifest_fixed_name(manifest);
    if (name.len) {
        instance->by_rule = name_by_rule(r, instance, &lack);
    } else {
        name = name_by_rule(r, instance, &lack);
    }
    if (name.len == 0 && (lack.missing.len || lack.error.err)) {
        say_incomplete(r, manifest, instance, &lack);
    }
    instance->stack = name.len ? name : manifest->key;
}
