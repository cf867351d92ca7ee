/* SPDX-License-Identifier: Apache-2.0 */
/* The name of the stack an instance belongs to (spec 4.1). */
#include <string.h>

#include "stack_internal.h"

static const char *const tokens[] = { "namespace", "tenant", "environment", "stage" };

/* Sections a name template may look into: the raw ones, nothing derived. */
static bool is_template_section(struct str name)
{
    for (size_t i = 0; i < SECTION__COUNT; i++) {
        if (i != SECTION_LOCALS && str_eq_cstr(name, section_rules[i].name)) {
            return true;
        }
    }
    return str_eq(name, STR("component"));
}

static bool is_name_byte(char byte)
{
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
           (byte >= '0' && byte <= '9') || byte == '_';
}

/* ".vars.tenant" with blanks around; false for anything else a template can hold. */
static bool parse_field(struct str action, struct str *ret_path)
{
    action = str_trim(action);
    if (action.len < 2 || action.ptr[0] != '.') {
        return false;
    }
    for (size_t i = 1; i < action.len; i++) {
        bool is_dot = action.ptr[i] == '.';
        if (!is_dot && !is_name_byte(action.ptr[i])) {
            return false;
        }
        if (is_dot && (action.ptr[i - 1] == '.' || i + 1 == action.len)) {
            return false;
        }
    }
    *ret_path = str_from_index(action, 1);
    return true;
}

static int say_template(struct resolver *r, struct str action)
{
    struct diag *diag = resolver_say(r, STACK_UNSUPPORTED, r->naming.mark,
            "\"stacks.name_template\" may only hold fields such as {{ .vars.stage }} so far; "
            "not supported yet: {{%.*s}}",
            STR_ARG(action));
    diag->hint = diag_text(
            &r->run->diags, "write the fields one after the other, or use stacks.name_pattern");
    return ERR_UNSUPPORTED;
}

static int parse_template(struct resolver *r, struct str text)
{
    struct arena *arena = r->run->arena;
    VEC(struct name_part) parts = { 0 };
    while (text.len) {
        ptrdiff_t open = str_find_str(text, STR("{{"));
        struct str literal = open < 0 ? text : str_sub(text, 0, (size_t)open);
        if (literal.len) {
            VEC_PUSH(arena, &parts, (struct name_part){ .text = literal });
        }
        if (open < 0) {
            break;
        }
        text = str_from_index(text, (size_t)open + 2);
        ptrdiff_t close = str_find_str(text, STR("}}"));
        struct str action = close < 0 ? text : str_sub(text, 0, (size_t)close);
        struct name_part part = { .text = STR_EMPTY };
        if (close < 0 || !parse_field(action, &part.path)) {
            return say_template(r, action);
        }
        ptrdiff_t dot = str_find(part.path, '.');
        if (!is_template_section(dot < 0 ? part.path : str_sub(part.path, 0, (size_t)dot))) {
            return say_template(r, action);
        }
        VEC_PUSH(arena, &parts, part);
        text = str_from_index(text, (size_t)close + 2);
    }
    r->naming.parts = parts.items;
    r->naming.part_count = parts.count;
    return 0;
}

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
        return parse_template(r, config->name_template);
    }
    if (config->name_pattern.len) {
        parse_pattern(r, config->name_pattern);
    }
    return 0;
}

/* The value of a path such as vars.tags.team in an instance; NULL when a step is missing. */
static const struct value *field_of(
        struct resolver *r, const struct instance *instance, struct str path)
{
    struct str rest = path;
    struct str piece;
    bool more = true;
    const struct value *value = NULL;
    bool is_first = true;
    while (str_split(&rest, &more, '.', &piece)) {
        if (!is_first) {
            value = value_get_str(value, piece);
        } else if (str_eq(piece, STR("component"))) {
            value = value_string_new(r->run->arena, instance->component, MARK_NONE);
        } else {
            for (size_t i = 0; i < SECTION__COUNT; i++) {
                if (str_eq_cstr(piece, section_rules[i].name)) {
                    value = instance->sections[i];
                }
            }
        }
        is_first = false;
    }
    return value;
}

/* As a template prints it: numbers in decimal, booleans as words. */
static struct str text_of(struct resolver *r, const struct value *value)
{
    int64_t number;
    if (value_is(value, VALUE_INT) && value_int(value, &number)) {
        return arena_printf(r->run->arena, "%lld", (long long)number);
    }
    return value_text(value);
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
    if (r->naming.mark.file) {
        diag_relate(&r->run->diags, r->naming.mark, STR("the naming rule is here"));
    }
    instance->is_unnamed = true;
}

static struct str name_by_template(
        struct resolver *r, const struct manifest *manifest, struct instance *instance)
{
    struct buf name = BUF_INIT(1 << 16);
    for (size_t i = 0; i < r->naming.part_count && !instance->is_unnamed; i++) {
        const struct name_part *part = &r->naming.parts[i];
        if (part->path.len == 0) {
            buf_add(&name, part->text);
            continue;
        }
        const struct value *value = field_of(r, instance, part->path);
        if (!value_is_scalar(value) || value_is(value, VALUE_NULL)) {
            say_incomplete(r, manifest, instance, "stacks.name_template", part->path);
        } else {
            buf_add(&name, text_of(r, value));
        }
    }
    struct str result = arena_dup(r->run->arena, buf_str(&name));
    buf_clear(&name);
    return instance->is_unnamed ? STR_EMPTY : result;
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
