/* SPDX-License-Identifier: Apache-2.0 */
/* The table of sections and how one level of them is read (spec 3.1, 3.2). */
#include <string.h>

#include "stack_internal.h"

#define EVERYWHERE (LAYER_ROOT | LAYER_TYPE | LAYER_BASE | LAYER_COMPONENT)
#define NOT_ROOT   (LAYER_TYPE | LAYER_BASE | LAYER_COMPONENT)
#define COMPONENTS (LAYER_BASE | LAYER_COMPONENT)

/* clang-format off */
const struct section_rule section_rules[SECTION__COUNT] = {
    [SECTION_VARS] = {"vars", FORM_MAP, LAYER_OVERRIDES | EVERYWHERE | SHOW_ALL | SHOW_SCHEMA},
    [SECTION_SETTINGS] = {"settings", FORM_MAP, LAYER_OVERRIDES | EVERYWHERE | SHOW_ALL | SHOW_SCHEMA},
    [SECTION_ENV] = {"env", FORM_MAP, LAYER_OVERRIDES | EVERYWHERE | SHOW_ALL | SHOW_SCHEMA},
    [SECTION_METADATA] = {"metadata", FORM_MAP, LAYER_ROOT | COMPONENTS | SHOW_ALL | SHOW_SCHEMA},
    [SECTION_BACKEND] = {"backend", FORM_MAP, NOT_ROOT | SHOW_TERRAFORM | SHOW_SCHEMA},
    [SECTION_BACKEND_TYPE] = {"backend_type", FORM_TEXT, NOT_ROOT | SHOW_TERRAFORM},
    [SECTION_REMOTE_STATE_BACKEND] = {"remote_state_backend", FORM_MAP, NOT_ROOT | SHOW_TERRAFORM},
    [SECTION_REMOTE_STATE_BACKEND_TYPE] = {"remote_state_backend_type", FORM_TEXT, NOT_ROOT | SHOW_TERRAFORM},
    [SECTION_PROVIDERS] = {"providers", FORM_MAP, LAYER_OVERRIDES | NOT_ROOT | SHOW_TERRAFORM | SHOW_SCHEMA},
    [SECTION_REQUIRED_PROVIDERS] = {"required_providers", FORM_MAP, LAYER_OVERRIDES | COMPONENTS | SHOW_TERRAFORM},
    [SECTION_REQUIRED_VERSION] = {"required_version", FORM_TEXT, LAYER_OVERRIDES | COMPONENTS | SHOW_TERRAFORM},
    [SECTION_COMMAND] = {"command", FORM_TEXT, LAYER_OVERRIDES | NOT_ROOT | SHOW_ALL},
    [SECTION_OVERRIDES] = {"overrides", FORM_MAP, LAYER_COMPONENT | SHOW_ALL | SHOW_SCHEMA},
    [SECTION_HOOKS] = {"hooks", FORM_MAP, LAYER_OVERRIDES | EVERYWHERE | SHOW_TERRAFORM | SHOW_HELMFILE | SHOW_SCHEMA},
    [SECTION_AUTH] = {"auth", FORM_MAP, LAYER_OVERRIDES | EVERYWHERE | SHOW_ALL},
    [SECTION_GENERATE] = {"generate", FORM_MAP, LAYER_OVERRIDES | EVERYWHERE | SHOW_TERRAFORM},
    [SECTION_DEPENDENCIES] = {"dependencies", FORM_MAP, EVERYWHERE | SHOW_SCHEMA},
    [SECTION_SOURCE] = {"source", FORM_SOURCE, NOT_ROOT | SHOW_ALL},
    [SECTION_PROVISION] = {"provision", FORM_MAP, NOT_ROOT | SHOW_ALL},
    [SECTION_LOCALS] = {"locals", FORM_MAP, COMPONENTS},
    [SECTION_SECRETS] = {"secrets", FORM_MAP, LAYER_ROOT | COMPONENTS},
    [SECTION_RETRY] = {"retry", FORM_MAP, LAYER_OVERRIDES | COMPONENTS},
    [SECTION_TEST] = {"test", FORM_MAP, COMPONENTS},
    [SECTION_MOCKS] = {"mocks", FORM_MAP, COMPONENTS},
};
/* clang-format on */

bool section_is_shown(struct str type, enum section section)
{
    unsigned flag = str_eq(type, STR("terraform"))  ? SHOW_TERRAFORM
                    : str_eq(type, STR("helmfile")) ? SHOW_HELMFILE
                                                    : SHOW_OTHER;
    return section_rules[section].flags & flag;
}

const char *form_name(const struct value *value)
{
    switch ((enum value_kind)value->kind) {
    case VALUE_NULL:
        return "empty";
    case VALUE_LIST:
        return "a list";
    case VALUE_MAP:
        return "a map";
    case VALUE_BOOL:
        return "a boolean";
    case VALUE_INT:
    case VALUE_FLOAT:
        return "a number";
    case VALUE_STRING:
        break;
    }
    return "a string";
}

static bool fits(const struct value *value, enum section_form form)
{
    switch (form) {
    case FORM_MAP:
        return value_is(value, VALUE_MAP);
    case FORM_TEXT:
        return value_is(value, VALUE_STRING);
    case FORM_SOURCE:
        return value_is(value, VALUE_MAP) || value_is(value, VALUE_STRING);
    }
    return false;
}

static void say_wrong_form(struct resolver *r, const struct section_rule *rule,
        const struct value_entry *entry, const char *what, struct str name)
{
    bool is_null = value_is(entry->value, VALUE_NULL);
    /* An empty value has no character of its own: show the key. */
    struct mark mark =
            is_null || entry->value->mark.line == 0 ? entry->mark : entry->value->mark;
    struct diag *diag = resolver_say(r, STACK_BAD_SECTION, mark,
            name.len ? "\"%s\" of %s\"%.*s\" must be %s, but is %s"
                     : "\"%s\"%s%.*s must be %s, but is %s",
            rule->name, what, STR_ARG(name), rule->form == FORM_TEXT ? "a string" : "a map",
            form_name(entry->value));
    if (is_null && rule->form != FORM_TEXT) {
        diag->hint = diag_text(&r->run->diags, "write %s: {} for an empty section", rule->name);
    }
}

/* "source: text" means {uri: text}. */
static const struct value *source_map(struct resolver *r, const struct value *value)
{
    if (!value_is(value, VALUE_STRING)) {
        return value;
    }
    struct value_builder builder;
    value_builder_init(&builder, r->run->arena, value->mark);
    value_builder_add(&builder, key_of(r->run->keys, STR("uri")), value, value->mark);
    return value_builder_map(&builder);
}

int sections_read(struct resolver *r, const struct value *map, unsigned layer, const char *what,
        struct str name, struct sections *ret_sections)
{
    int err = 0;
    *ret_sections = (struct sections){ 0 };
    if (!value_is(map, VALUE_MAP)) {
        return 0;
    }
    for (size_t i = 0; i < SECTION__COUNT; i++) {
        const struct section_rule *rule = &section_rules[i];
        if (!(rule->flags & layer)) {
            continue;
        }
        const struct value_entry *entry = value_entry_get(map, r->words.section[i]);
        if (!entry) {
            continue;
        }
        if (!fits(entry->value, rule->form)) {
            say_wrong_form(r, rule, entry, what, name);
            err = ERR_INVALID;
            continue;
        }
        ret_sections->at[i] =
                rule->form == FORM_SOURCE ? source_map(r, entry->value) : entry->value;
    }
    return err;
}

const struct value *section_merge(struct resolver *r, enum section section,
        const struct value *earlier, const struct value *later, enum list_strategy strategy)
{
    if (section_rules[section].form == FORM_TEXT) {
        return value_string(later).len ? later : earlier;
    }
    return value_merge(r->merger, earlier, later, strategy);
}
