/* SPDX-License-Identifier: Apache-2.0 */
/* Templates in the contents of generated files: every text is one, over what is known of the instance. */
#include "template/template.h"
#include "terraform_private.h"

/* What a template sees; spec 4.4 has no functions beside those of the language. */
static const struct value *template_data(struct run *run, const struct instance *instance)
{
    static const char *const context[] = { "namespace", "tenant", "environment", "stage",
        "region" };
    struct str leaf = path_base(instance->folder);
    bool has_base = !str_eq(instance->folder, instance->name);

    const struct {
        const char *key;
        struct str text;
    } texts[] = {
        { "atmos_component", instance->name },
        { "atmos_stack", instance->stack },
        { "atmos_stack_file", instance->manifest },
        { "component", leaf },
        { "base_component", has_base ? leaf : STR_EMPTY },
        { "workspace", instance->workspace },
        { "backend_type", value_string(instance->backend_type) },
    };

    const struct {
        const char *key;
        const struct value *map;
    } sections[] = {
        { "vars", instance->vars },
        { "settings", instance->settings },
        { "env", instance->env },
        { "backend", instance->backend },
        { "providers", instance->providers },
        { "metadata", instance->metadata },
    };

    struct value_builder data;
    value_builder_init(&data, run->arena, MARK_NONE);
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        value_builder_add(&data, key_of(run->keys, str_from(texts[i].key)),
                value_string_view(run->arena, texts[i].text, MARK_NONE), MARK_NONE);
    }
    for (size_t i = 0; i < sizeof(context) / sizeof(context[0]); i++) {
        struct str key = str_from(context[i]);
        struct str text = value_string(value_get_str(instance->vars, key));
        value_builder_add(&data, key_of(run->keys, key),
                value_string_view(run->arena, text, MARK_NONE), MARK_NONE);
    }
    for (size_t i = 0; i < sizeof(sections) / sizeof(sections[0]); i++) {
        if (sections[i].map) {
            value_builder_add(&data, key_of(run->keys, str_from(sections[i].key)),
                    sections[i].map, MARK_NONE);
        }
    }
    return value_builder_map(&data);
}

static bool is_template(const struct value *value)
{
    return value_is(value, VALUE_STRING) && !(value->flags & VALUE_SHIELDED) &&
           str_find_str(value_text(value), STR("{{")) >= 0;
}

static int fill(
        struct generate_filling *filling, const struct value *value, const struct value **ret)
{
    struct run *run = filling->run;
    struct template_error error = { 0 };
    const struct template *template = NULL;
    struct str text = value_text(value);
    const struct template_input input = {
        .arena = run->arena, .keys = run->keys, .text = arena_dup(run->arena, text)
    };
    if (!filling->data) {
        filling->data = template_data(run, filling->instance);
    }
    const struct template_run how = { .arena = run->arena,
        .keys = run->keys,
        .value = filling->data,
        .missing = TEMPLATE_MISSING_IS_NO_VALUE };
    int code = template_parse(&input, &template, &error);
    code = code ? code : template_evaluate(template, &how, &text, &error);
    if (code != 0) {
        filling->mark = value->mark;
        filling->what = arena_printf(run->arena,
                "holds a template that cannot be filled in: line %u, column %u: %.*s",
                error.line, error.column, STR_ARG(error.message));
        filling->hint = error.hint;
        return code;
    }
    filling->has_templates = true;
    *ret = value_string_view(run->arena, text, value->mark);
    return 0;
}

static int fill_list(
        struct generate_filling *filling, const struct value *list, const struct value **ret)
{
    struct arena *arena = filling->run->arena;
    size_t count = value_count(list);
    const struct value **items = ARENA_ARRAY(arena, const struct value *, count);
    int code = 0;
    for (size_t i = 0; code == 0 && i < count; i++) {
        code = generate_fill(filling, value_at(list, i), &items[i]);
    }
    if (code == 0) {
        *ret = value_with_flags(
                arena, value_list_new(arena, items, count, list->mark), list->flags);
    }
    return code;
}

static int fill_map(
        struct generate_filling *filling, const struct value *map, const struct value **ret)
{
    struct value_builder filled;
    int code = 0;
    value_builder_init(&filled, filling->run->arena, map->mark);
    for (size_t i = 0; code == 0 && i < value_count(map); i++) {
        const struct value_entry *entry = &map->as.map.entries[i];
        const struct value *value = NULL;
        code = generate_fill(filling, entry->value, &value);
        if (code == 0) {
            value_builder_add(&filled, entry->key, value, entry->mark);
        }
    }
    if (code == 0) {
        *ret = value_with_flags(filling->run->arena, value_builder_map(&filled), map->flags);
    }
    return code;
}

int generate_fill(
        struct generate_filling *filling, const struct value *value, const struct value **ret)
{
    if (is_template(value)) {
        return fill(filling, value, ret);
    }
    if (value_is(value, VALUE_LIST)) {
        return fill_list(filling, value, ret);
    }
    if (value_is(value, VALUE_MAP)) {
        return fill_map(filling, value, ret);
    }
    *ret = value;
    return 0;
}
