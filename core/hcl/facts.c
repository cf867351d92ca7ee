/* SPDX-License-Identifier: Apache-2.0 */
/* What a folder of Terraform files declares, as the map that describe component shows. */
#include "hcl.h"

/* One builder per section of the output, filled file by file. */
struct facts {
    struct run *run;
    struct str path; /* of the file being looked at */
    struct map variables; /* struct declaration */
    struct map outputs;
    struct map providers; /* struct requirement */
    struct value_builder provider_configs;
    struct value_builder managed;
    struct value_builder data;
    struct value_builder modules;
    VEC(const struct value *) core;
};

/* A variable or an output; an override file changes single attributes of it. */
struct declaration {
    struct str name;
    struct str path;
    struct mark mark;
    struct str type;
    struct str description;
    const struct value *standard; /* default; NULL: none */
    bool is_sensitive;
};

struct requirement {
    struct str source;
    VEC(const struct value *) versions;
    VEC(const struct value *) aliases;
};

/* ---- small builders ---- */

static void put(struct facts *facts, struct value_builder *builder, struct str key,
        const struct value *value)
{
    value_builder_set(builder, key_of(facts->run->keys, key), value, MARK_NONE);
}

static const struct value *text_value(struct facts *facts, struct str text)
{
    return value_string_new(facts->run->arena, text, MARK_NONE);
}

static void put_text(struct facts *facts, struct value_builder *builder, const char *key,
        struct str text, bool even_if_empty)
{
    if (text.len > 0 || even_if_empty) {
        put(facts, builder, str_from(key), text_value(facts, text));
    }
}

static struct value_builder new_map(struct facts *facts)
{
    struct value_builder builder;
    value_builder_init(&builder, facts->run->arena, MARK_NONE);
    return builder;
}

static void put_place(
        struct facts *facts, struct value_builder *builder, struct str path, struct mark mark)
{
    struct value_builder place = new_map(facts);
    put(facts, &place, STR("filename"), text_value(facts, path));
    put(facts, &place, STR("line"), value_int_new(facts->run->arena, mark.line, MARK_NONE));
    put(facts, builder, STR("pos"), value_builder_map(&place));
}

/* The text an attribute stands for: that of a literal string, else the expression as written. */
static struct str attribute_text(const struct hcl_body *body, const char *name)
{
    const struct hcl_attribute *attribute = hcl_attribute_find(body, name);
    if (!attribute) {
        return STR_EMPTY;
    }
    return value_is(attribute->value, VALUE_STRING) ? value_text(attribute->value)
                                                    : attribute->text;
}

/* ---- variables and outputs ---- */

static void take_declaration(
        struct facts *facts, struct map *all, const struct hcl_block *block)
{
    struct arena *arena = facts->run->arena;
    struct declaration *one = map_get(all, block->labels[0]);
    if (!one) {
        one = ARENA_NEW(arena, struct declaration);
        one->name = block->labels[0];
        one->path = facts->path;
        one->mark = block->mark;
        (void)map_put(arena, all, one->name, one);
    }
    struct str type = attribute_text(&block->body, "type");
    struct str description = attribute_text(&block->body, "description");
    const struct hcl_attribute *standard = hcl_attribute_find(&block->body, "default");
    const struct hcl_attribute *sensitive = hcl_attribute_find(&block->body, "sensitive");
    one->type = type.len > 0 ? type : one->type;
    one->description = description.len > 0 ? description : one->description;
    if (standard) {
        one->standard = standard->value ? standard->value : text_value(facts, standard->text);
    }
    if (sensitive) {
        one->is_sensitive = value_bool(sensitive->value, false);
    }
}

static const struct value *declarations_map(
        struct facts *facts, const struct map *all, bool are_variables)
{
    struct value_builder map = new_map(facts);
    struct arena *arena = facts->run->arena;
    for (size_t i = 0; i < all->count; i++) {
        const struct declaration *one = all->entries[i].value;
        struct value_builder item = new_map(facts);
        put_text(facts, &item, "name", one->name, true);
        put_text(facts, &item, "description", one->description, false);
        if (are_variables) {
            put_text(facts, &item, "type", one->type, false);
            put(facts, &item, STR("default"),
                    one->standard ? one->standard : value_null(arena, MARK_NONE));
            put(facts, &item, STR("required"),
                    value_bool_new(arena, one->standard == NULL, MARK_NONE));
        }
        if (one->is_sensitive) {
            put(facts, &item, STR("sensitive"), value_bool_new(arena, true, MARK_NONE));
        }
        put_place(facts, &item, one->path, one->mark);
        put(facts, &map, one->name, value_builder_map(&item));
    }
    return value_builder_map(&map);
}

/* ---- providers ---- */

static struct requirement *requirement_of(struct facts *facts, struct str name)
{
    struct requirement *one = map_get(&facts->providers, name);
    if (!one) {
        one = ARENA_NEW(facts->run->arena, struct requirement);
        (void)map_put(facts->run->arena, &facts->providers, name, one);
    }
    return one;
}

/* {name, alias} of "aws" or "aws.use1". */
static const struct value *provider_reference(struct facts *facts, struct str text)
{
    struct value_builder reference = new_map(facts);
    ptrdiff_t dot = str_find(text, '.');
    put_text(facts, &reference, "name", dot < 0 ? text : str_sub(text, 0, (size_t)dot), true);
    if (dot >= 0) {
        put_text(facts, &reference, "alias", str_from_index(text, (size_t)dot + 1), false);
    }
    return value_builder_map(&reference);
}

static void add_version(struct facts *facts, struct requirement *one, struct str version)
{
    if (version.len > 0) {
        VEC_PUSH(facts->run->arena, &one->versions, text_value(facts, version));
    }
}

/* "[aws.a, aws.b]" in HCL, a list of strings in JSON. */
static void add_aliases(
        struct facts *facts, struct requirement *one, const struct hcl_attribute *attribute)
{
    struct arena *arena = facts->run->arena;
    for (size_t i = 0; i < value_count(attribute->value); i++) {
        struct str text = value_string(value_at(attribute->value, i));
        VEC_PUSH(arena, &one->aliases, provider_reference(facts, text));
    }
    if (attribute->value || attribute->text.len < 2) {
        return;
    }
    struct str rest = str_sub(attribute->text, 1, attribute->text.len - 1);
    bool more = true;
    struct str piece;
    while (str_split(&rest, &more, ',', &piece)) {
        piece = str_trim(piece);
        if (piece.len > 0) {
            VEC_PUSH(arena, &one->aliases, provider_reference(facts, piece));
        }
    }
}

static void take_requirement(struct facts *facts, const struct hcl_attribute *attribute)
{
    struct requirement *one = requirement_of(facts, attribute->name);
    struct run *run = facts->run;
    struct hcl_input input = { .arena = run->arena, .keys = run->keys, .diags = &run->diags };
    struct hcl_body body = { 0 };
    if (value_is(attribute->value, VALUE_STRING)) {
        add_version(facts, one, value_text(attribute->value));
        return;
    }
    if (!hcl_object_read(&input, attribute, &body)) {
        return;
    }
    struct str source = attribute_text(&body, "source");
    one->source = source.len > 0 ? source : one->source;
    const struct hcl_attribute *version = hcl_attribute_find(&body, "version");
    for (size_t i = 0; version && i < value_count(version->value); i++) {
        add_version(facts, one, value_string(value_at(version->value, i)));
    }
    add_version(facts, one, version ? value_string(version->value) : STR_EMPTY);
    const struct hcl_attribute *aliases = hcl_attribute_find(&body, "configuration_aliases");
    if (aliases) {
        add_aliases(facts, one, aliases);
    }
}

static const struct value *requirements_map(struct facts *facts)
{
    struct value_builder map = new_map(facts);
    struct arena *arena = facts->run->arena;
    for (size_t i = 0; i < facts->providers.count; i++) {
        const struct requirement *one = facts->providers.entries[i].value;
        struct value_builder item = new_map(facts);
        put_text(facts, &item, "source", one->source, false);
        if (one->versions.count > 0) {
            put(facts, &item, STR("version_constraints"),
                    value_list_new(arena, one->versions.items, one->versions.count, MARK_NONE));
        }
        if (one->aliases.count > 0) {
            put(facts, &item, STR("aliases"),
                    value_list_new(arena, one->aliases.items, one->aliases.count, MARK_NONE));
        }
        put(facts, &map, facts->providers.entries[i].key, value_builder_map(&item));
    }
    return value_builder_map(&map);
}

/* ---- blocks ---- */

static void take_terraform(struct facts *facts, const struct hcl_block *block)
{
    const struct hcl_attribute *version = hcl_attribute_find(&block->body, "required_version");
    if (version && value_is(version->value, VALUE_STRING)) {
        VEC_PUSH(facts->run->arena, &facts->core, version->value);
    }
    for (size_t i = 0; i < block->body.block_count; i++) {
        const struct hcl_block *inner = &block->body.blocks[i];
        bool is_wanted = str_eq(inner->type, STR("required_providers"));
        for (size_t k = 0; is_wanted && k < inner->body.attribute_count; k++) {
            take_requirement(facts, &inner->body.attributes[k]);
        }
    }
}

static void take_provider(struct facts *facts, const struct hcl_block *block)
{
    struct str name = block->labels[0];
    struct str alias = attribute_text(&block->body, "alias");
    struct str full = alias.len > 0 ? arena_printf(facts->run->arena, "%.*s.%.*s",
                                              STR_ARG(name), STR_ARG(alias))
                                    : name;
    add_version(facts, requirement_of(facts, name), attribute_text(&block->body, "version"));
    put(facts, &facts->provider_configs, full, provider_reference(facts, full));
}

static void take_resource(struct facts *facts, const struct hcl_block *block, bool is_data)
{
    struct value_builder item = new_map(facts);
    struct str type = block->labels[0];
    struct str name = block->labels[1];
    struct str provider = attribute_text(&block->body, "provider");
    if (provider.len == 0) {
        ptrdiff_t end = str_find(type, '_');
        provider = end < 0 ? type : str_sub(type, 0, (size_t)end);
    }
    ptrdiff_t dot = str_find(provider, '.');
    (void)requirement_of(facts, dot < 0 ? provider : str_sub(provider, 0, (size_t)dot));
    put_text(facts, &item, "mode", is_data ? STR("data") : STR("managed"), true);
    put_text(facts, &item, "type", type, true);
    put_text(facts, &item, "name", name, true);
    put(facts, &item, STR("provider"), provider_reference(facts, provider));
    put_place(facts, &item, facts->path, block->mark);
    struct str key = arena_printf(facts->run->arena, "%s%.*s.%.*s", is_data ? "data." : "",
            STR_ARG(type), STR_ARG(name));
    put(facts, is_data ? &facts->data : &facts->managed, key, value_builder_map(&item));
}

static void take_module(struct facts *facts, const struct hcl_block *block)
{
    struct value_builder item = new_map(facts);
    put_text(facts, &item, "name", block->labels[0], true);
    put_text(facts, &item, "source", attribute_text(&block->body, "source"), true);
    put_text(facts, &item, "version", attribute_text(&block->body, "version"), false);
    put_place(facts, &item, facts->path, block->mark);
    put(facts, &facts->modules, block->labels[0], value_builder_map(&item));
}

static void take_block(struct facts *facts, const struct hcl_block *block)
{
    struct str type = block->type;
    size_t labels = block->label_count;
    if (labels == 0 && str_eq(type, STR("terraform"))) {
        take_terraform(facts, block);
    } else if (labels == 1 && str_eq(type, STR("variable"))) {
        take_declaration(facts, &facts->variables, block);
    } else if (labels == 1 && str_eq(type, STR("output"))) {
        take_declaration(facts, &facts->outputs, block);
    } else if (labels == 1 && str_eq(type, STR("provider"))) {
        take_provider(facts, block);
    } else if (labels == 1 && str_eq(type, STR("module"))) {
        take_module(facts, block);
    } else if (labels == 2 && str_eq(type, STR("resource"))) {
        take_resource(facts, block, false);
    } else if (labels == 2 && str_eq(type, STR("data"))) {
        take_resource(facts, block, true);
    }
}

static const struct value *facts_map(struct facts *facts, struct str folder)
{
    struct value_builder map = new_map(facts);
    put_text(facts, &map, "path", folder, true);
    put(facts, &map, STR("variables"), declarations_map(facts, &facts->variables, true));
    put(facts, &map, STR("outputs"), declarations_map(facts, &facts->outputs, false));
    put(facts, &map, STR("required_core"),
            value_list_new(facts->run->arena, facts->core.items, facts->core.count, MARK_NONE));
    put(facts, &map, STR("required_providers"), requirements_map(facts));
    put(facts, &map, STR("provider_configs"), value_builder_map(&facts->provider_configs));
    put(facts, &map, STR("managed_resources"), value_builder_map(&facts->managed));
    put(facts, &map, STR("data_resources"), value_builder_map(&facts->data));
    put(facts, &map, STR("module_calls"), value_builder_map(&facts->modules));
    return value_builder_map(&map);
}

int hcl_facts(struct run *run, struct str folder, hcl_add_source_fn *add_source,
        const struct value **ret_facts)
{
    const struct hcl_file *files = NULL;
    size_t count = 0;
    int code = hcl_read_folder(run, folder, add_source, &files, &count);
    if (code != 0) {
        return code;
    }
    struct facts facts = { .run = run };
    facts.provider_configs = new_map(&facts);
    facts.managed = new_map(&facts);
    facts.data = new_map(&facts);
    facts.modules = new_map(&facts);
    for (size_t i = 0; i < count; i++) {
        facts.path = files[i].path;
        for (size_t k = 0; k < files[i].body.block_count; k++) {
            take_block(&facts, &files[i].body.blocks[k]);
        }
    }
    *ret_facts = facts_map(&facts, folder);
    return 0;
}
