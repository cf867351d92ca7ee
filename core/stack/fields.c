/* SPDX-License-Identifier: Apache-2.0 */
/* Templates that hold only text and fields, such as {{ .vars.stage }}: all that names need so far. */
#include <string.h>

#include "stack_internal.h"

static const char *const derived[] = { "component", "atmos_component", "atmos_stack", "stack",
    "atmos_stack_file", "atmos_manifest" };

/* Sections a template may look into, and what is derived from names. */
static bool is_known(struct str name)
{
    for (size_t i = 0; i < SECTION__COUNT; i++) {
        if (i != SECTION_LOCALS && str_eq_cstr(name, section_rules[i].name)) {
            return true;
        }
    }
    for (size_t i = 0; i < sizeof(derived) / sizeof(derived[0]); i++) {
        if (str_eq_cstr(name, derived[i])) {
            return true;
        }
    }
    return false;
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

static struct str first_step(struct str path)
{
    ptrdiff_t dot = str_find(path, '.');
    return dot < 0 ? path : str_sub(path, 0, (size_t)dot);
}

static int say_template(
        struct resolver *r, const char *what, struct mark mark, struct str action)
{
    struct diag *diag = resolver_say(r, STACK_UNSUPPORTED, mark,
            "\"%s\" may only hold fields such as {{ .vars.stage }} so far; not supported yet: "
            "{{%.*s}}",
            what, STR_ARG(action));
    diag->hint = diag_text(
            &r->run->diags, "write the fields one after the other, or use a name pattern");
    return ERR_UNSUPPORTED;
}

int fields_parse(struct resolver *r, struct str text, const char *what, struct mark mark,
        struct fields *ret_fields)
{
    struct arena *arena = r->run->arena;
    VEC(struct field_part) parts = { 0 };
    while (text.len) {
        ptrdiff_t open = str_find_str(text, STR("{{"));
        struct str literal = open < 0 ? text : str_sub(text, 0, (size_t)open);
        if (literal.len) {
            VEC_PUSH(arena, &parts, (struct field_part){ .text = literal });
        }
        if (open < 0) {
            break;
        }
        text = str_from_index(text, (size_t)open + 2);
        ptrdiff_t close = str_find_str(text, STR("}}"));
        struct str action = close < 0 ? text : str_sub(text, 0, (size_t)close);
        struct field_part part = { .text = STR_EMPTY };
        if (close < 0 || !parse_field(action, &part.path) || !is_known(first_step(part.path))) {
            return say_template(r, what, mark, action);
        }
        VEC_PUSH(arena, &parts, part);
        text = str_from_index(text, (size_t)close + 2);
    }
    *ret_fields = (struct fields){ parts.items, parts.count };
    return 0;
}

static const struct value *text_value(struct resolver *r, struct str text)
{
    return value_string_new(r->run->arena, text, MARK_NONE);
}

/* What the first step of a path names. A name is made of what was written: before the stack has its name,
 * what follows from it is not there. */
static const struct value *root_of(
        struct resolver *r, const struct instance *instance, struct str name)
{
    for (size_t i = 0; i < SECTION__COUNT; i++) {
        if (str_eq_cstr(name, section_rules[i].name)) {
            return instance->sections[i];
        }
    }
    if (str_eq(name, STR("component"))) {
        return text_value(r, instance->component);
    }
    if (instance->stack.len == 0) {
        return NULL;
    }
    if (str_eq(name, STR("atmos_component"))) {
        return text_value(r, instance->name);
    }
    bool is_stack = str_eq(name, STR("atmos_stack")) || str_eq(name, STR("stack"));
    return text_value(r, is_stack ? instance->stack : instance->manifest);
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

struct str fields_fill(struct resolver *r, const struct fields *fields,
        const struct instance *instance, struct str *ret_text)
{
    struct arena *arena = r->run->arena;
    struct str *pieces = ARENA_ARRAY(arena, struct str, fields->count);
    for (size_t i = 0; i < fields->count; i++) {
        const struct field_part *part = &fields->parts[i];
        if (part->path.len == 0) {
            pieces[i] = part->text;
            continue;
        }
        struct str rest = part->path;
        struct str step;
        bool more = true;
        (void)str_split(&rest, &more, '.', &step);
        const struct value *value = root_of(r, instance, step);
        while (str_split(&rest, &more, '.', &step)) {
            value = value_get_str(value, step);
        }
        if (!value_is_scalar(value) || value_is(value, VALUE_NULL)) {
            return part->path;
        }
        pieces[i] = text_of(r, value);
    }
    *ret_text = arena_join(arena, pieces, fields->count, STR_EMPTY);
    return STR_EMPTY;
}
