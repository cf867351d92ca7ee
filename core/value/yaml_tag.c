/* SPDX-License-Identifier: Apache-2.0 */
/* Tags: those of YAML itself and those that are functions. */
#include <string.h>

#include "yaml_reader.h"
#include "yaml_scalar.h"

VEC_TYPE(names, struct str);

static const char *const core_tags[] = { "!!str", "!!int", "!!float", "!!bool", "!!null",
    "!!map", "!!seq", NULL };

static void add_names(struct reader *reader, const char *const *names, struct names *list)
{
    for (size_t i = 0; names && names[i]; i++) {
        VEC_PUSH(reader->scratch, list, str_from(names[i]));
    }
}

int yaml_tag_error(struct reader *reader, const struct scalar *scalar)
{
    struct diags *diags = reader->input->diags;
    struct str tag = scalar->tag;
    struct names names = { 0 };
    add_names(reader, reader->input->functions, &names);
    add_names(reader, core_tags, &names);
    if (str_starts_with(tag, STR(CORE_TAG))) {
        tag = diag_text(diags, "!!%.*s", STR_ARG(str_from_index(tag, sizeof(CORE_TAG) - 1)));
    }
    struct diag *diag = diag_add(diags, &value_diags[YAML_UNKNOWN_TAG], scalar->mark,
            "the tag \"%.*s\" is not known", STR_ARG(tag));
    diag->span = (uint32_t)str_count_code_points(tag);
    diag->hint = suggest_hint(diags->arena, tag, names.items, names.count);
    diag->detail = diag_text(diags, "known are %.*s",
            STR_ARG(arena_join(reader->scratch, names.items, names.count, STR(", "))));
    return ERR_PARSE;
}

static int mismatch_error(struct reader *reader, const struct scalar *scalar, const char *what)
{
    struct str shown = str_sub(scalar->text, 0, 60);
    diag_add(reader->input->diags, &value_diags[YAML_TAG_MISMATCH], scalar->mark,
            "\"%.*s\" is not %s", STR_ARG(shown), what);
    return ERR_PARSE;
}

bool yaml_tag_is_function(const struct yaml_input *input, struct str tag)
{
    for (size_t i = 0; input->functions && input->functions[i]; i++) {
        if (str_eq_cstr(tag, input->functions[i])) {
            return true;
        }
    }
    return false;
}

static int apply_core_tag(struct reader *reader, struct scalar *scalar)
{
    struct str name = str_from_index(scalar->tag, sizeof(CORE_TAG) - 1);
    enum value_kind kind = yaml_plain_kind(scalar->text);
    if (str_eq(name, STR("str")) || str_eq(name, STR("timestamp"))) {
        scalar->kind = VALUE_STRING;
        return 0;
    }
    if (str_eq(name, STR("int"))) {
        scalar->kind = VALUE_INT;
        return kind == VALUE_INT ? 0 : mismatch_error(reader, scalar, "an integer (!!int)");
    }
    if (str_eq(name, STR("float"))) {
        bool is_number = kind == VALUE_INT || kind == VALUE_FLOAT;
        scalar->kind = VALUE_FLOAT;
        return is_number ? 0 : mismatch_error(reader, scalar, "a number (!!float)");
    }
    if (str_eq(name, STR("bool"))) {
        scalar->kind = VALUE_BOOL;
        return kind == VALUE_BOOL ? 0
                                  : mismatch_error(reader, scalar, "true or false (!!bool)");
    }
    if (str_eq(name, STR("null"))) {
        scalar->kind = VALUE_NULL;
        return kind == VALUE_NULL ? 0 : mismatch_error(reader, scalar, "null (!!null)");
    }
    return yaml_tag_error(reader, scalar);
}

static int apply_function_tag(struct reader *reader, struct scalar *scalar)
{
    if (!yaml_tag_is_function(reader->input, scalar->tag)) {
        return yaml_tag_error(reader, scalar);
    }
    scalar->kind = VALUE_STRING;
    if (str_eq(scalar->tag, STR("!literal"))) {
        scalar->flags |= VALUE_SHIELDED;
        return 0;
    }
    scalar->flags |= VALUE_FUNCTION;
    struct str argument = str_trim(scalar->text);
    scalar->text = argument.len ? arena_printf(reader->scratch, "%.*s %.*s",
                                          STR_ARG(scalar->tag), STR_ARG(argument))
                                : arena_dup(reader->scratch, scalar->tag);
    return 0;
}

int yaml_tag_apply(struct reader *reader, struct scalar *scalar)
{
    return str_starts_with(scalar->tag, STR(CORE_TAG)) ? apply_core_tag(reader, scalar)
                                                       : apply_function_tag(reader, scalar);
}
