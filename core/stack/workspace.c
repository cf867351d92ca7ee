/* SPDX-License-Identifier: Apache-2.0 */
/* The terraform workspace of an instance, by both rules of the reference (spec 4.2). */
#include "stack_internal.h"

struct str without_slashes(struct arena *arena, struct str text)
{
    char *bytes = arena_cstr(arena, text);
    for (size_t i = 0; i < text.len; i++) {
        if (bytes[i] == '/') {
            bytes[i] = '-';
        }
    }
    return (struct str){ bytes, text.len };
}

/* Attributes are a list, joined by hyphens. */
static struct str variable_of(
        struct arena *arena, const struct instance *instance, struct str name)
{
    const struct value *value = value_get_str(instance->vars, name);
    if (value_is(value, VALUE_LIST)) {
        struct str *items = ARENA_ARRAY(arena, struct str, value_count(value));
        for (size_t i = 0; i < value_count(value); i++) {
            items[i] = value_text(value_at(value, i));
        }
        return arena_join(arena, items, value_count(value), STR("-"));
    }
    return value_string(value);
}

static bool replace_token(struct arena *arena, const struct instance *instance,
        struct str token, const struct pattern_tokens *tokens, struct str *ret_text)
{
    static const char *const names[] = { "namespace", "tenant", "environment", "region",
        "stage", "attributes" };
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if (str_eq_cstr(token, names[i])) {
            *ret_text = tokens->has_context ? variable_of(arena, instance, token) : STR_EMPTY;
            return true;
        }
    }
    if (str_eq(token, STR("component"))) {
        *ret_text = tokens->component;
        return true;
    }
    if (str_eq(token, STR("base-component"))) {
        *ret_text = tokens->base;
        return true;
    }
    return false;
}

struct str pattern_fill(struct arena *arena, const struct instance *instance,
        struct str pattern, const struct pattern_tokens *tokens)
{
    struct buf out = BUF_INIT(1 << 16);
    while (pattern.len) {
        ptrdiff_t close = pattern.ptr[0] == '{' ? str_find(pattern, '}') : -1;
        struct str text;
        if (close > 0 && replace_token(arena, instance, str_sub(pattern, 1, (size_t)close),
                                 tokens, &text)) {
            buf_add(&out, text);
            pattern = str_from_index(pattern, (size_t)close + 1);
        } else {
            buf_add_byte(&out, pattern.ptr[0]);
            pattern = str_from_index(pattern, 1);
        }
    }
    struct str result = arena_dup(arena, buf_str(&out));
    buf_clear(&out);
    return result;
}

static struct str metadata_text(const struct instance *instance, const struct key *key)
{
    return value_string(value_get(instance->metadata, key));
}

/* With every component in view: describe component and all terraform commands. */
static struct str full_rule(
        struct resolver *r, const struct instance *instance, bool has_context)
{
    struct arena *arena = r->run->arena;
    struct str pattern = metadata_text(instance, r->words.workspace_pattern);
    struct str fixed = metadata_text(instance, r->words.workspace);
    bool has_base = !str_eq(instance->folder, instance->name);
    if (pattern.len) {
        struct pattern_tokens tokens = { instance->name,
            has_base ? instance->folder : STR_EMPTY, has_context };
        return pattern_fill(arena, instance, pattern, &tokens);
    }
    if (fixed.len) {
        return fixed;
    }
    struct str both[] = { instance->stack, instance->name };
    return has_base ? arena_join(arena, both, 2, STR("-")) : instance->stack;
}

/* A fixed workspace beats a pattern and a template in describe stacks, where metadata is inherited. */
static bool is_fixed_in_list(const struct resolver *r, const struct instance *instance)
{
    return r->config->inherits_metadata && metadata_text(instance, r->words.workspace).len > 0;
}

/* Without: describe stacks. */
static struct str listed_rule(
        struct resolver *r, const struct instance *instance, bool has_context)
{
    struct str pattern = metadata_text(instance, r->words.workspace_pattern);
    struct str fixed = metadata_text(instance, r->words.workspace);
    if (pattern.len && !is_fixed_in_list(r, instance)) {
        struct pattern_tokens tokens = { STR_EMPTY, STR_EMPTY, has_context };
        return pattern_fill(r->run->arena, instance, pattern, &tokens);
    }
    return fixed.len ? fixed : instance->stack;
}

/* What a template lacks, at the place of it. */
static int say_lack(struct resolver *r, const struct instance *instance,
        const struct name_template *template, const struct template_error *error)
{
    bool is_missing = error->err == ERR_NOT_FOUND;
    struct str why = is_missing ? error->path : error->message;
    struct diag *diag = resolver_say(r, STACK_BAD_WORKSPACE,
            name_template_place(r, template, error),
            is_missing ? "the workspace of component \"%.*s\" needs \"%.*s\", which has no text"
                       : "the workspace of component \"%.*s\" cannot be named: %.*s",
            STR_ARG(instance->name), STR_ARG(why));
    diag->component = instance->name;
    diag->stack = instance->stack;
    diag->hint = error->hint;
    return ERR_INVALID;
}

/* The template beats everything else. Empty after a finding. */
static int by_template(
        struct resolver *r, const struct instance *instance, struct str *ret_workspace)
{
    const struct value *value = value_get(instance->metadata, r->words.workspace_template);
    struct name_template template;
    struct template_error error;
    *ret_workspace = STR_EMPTY;
    if (value_string(value).len == 0) {
        return 0;
    }
    int err = name_template_parse(r, value_text(value), "metadata.terraform_workspace_template",
            value->mark, &template);
    if (err) {
        return err;
    }
    err = name_template_fill(r, &template, instance, ret_workspace, &error);
    return err ? say_lack(r, instance, &template, &error) : 0;
}

int instance_workspace(
        struct resolver *r, const struct manifest *manifest, struct instance *instance)
{
    struct arena *arena = r->run->arena;
    bool is_named = manifest_fixed_name(manifest).len > 0;
    bool has_pattern = r->config->name_pattern.len > 0;
    bool has_template = r->config->name_template.len > 0;
    if (!r->config->workspaces_enabled ||
            str_eq(value_string(instance->backend_type), STR("http"))) {
        instance->workspace = STR("default");
        instance->listed_workspace = STR("default");
        return 0;
    }
    struct str template;
    int err = by_template(r, instance, &template);
    if (err || template.len) {
        instance->workspace = without_slashes(arena, template);
        instance->listed_workspace =
                is_fixed_in_list(r, instance)
                        ? without_slashes(arena, listed_rule(r, instance, false))
                        : instance->workspace;
        return err;
    }
    /* name-field cases of the reference: a fixed name makes the tokens count in the full rule. */
    instance->workspace =
            without_slashes(arena, full_rule(r, instance, has_pattern || is_named));
    instance->listed_workspace = without_slashes(
            arena, listed_rule(r, instance, has_pattern && !has_template && !is_named));
    return 0;
}
