/* SPDX-License-Identifier: Apache-2.0 */
/* The maps that describe component and describe stacks print (spec 4.6, 4.7). */
#include <stdlib.h>
#include <string.h>

#include "hcl/hcl.h"
#include "stack_internal.h"

/* Keys beside the sections. */
#define WORDS(X)                                                                               \
    X(atmos_component)                                                                         \
    X(atmos_manifest)                                                                          \
    X(atmos_stack)                                                                             \
    X(atmos_stack_file)                                                                        \
    X(component)                                                                               \
    X(component_info)                                                                          \
    X(component_path)                                                                          \
    X(component_type)                                                                          \
    X(inheritance)                                                                             \
    X(stack)                                                                                   \
    X(workspace)

enum word {
#define WORD_ENUM(name) WORD_##name,
    WORDS(WORD_ENUM) WORD__COUNT
};

enum {
    KNOWN__COUNT = (int)WORD__COUNT + (int)SECTION__COUNT
};

/* What is made once for any number of instances. */
struct describing {
    struct run *run;
    struct arena *once; /* of what is only printed */
    struct value_builder out;
    const struct instance *instance;
    const struct key *keys[KNOWN__COUNT]; /* the words, then the sections */
    uint8_t order[KNOWN__COUNT]; /* positions of the keys in byte order */
    const struct value *known[KNOWN__COUNT]; /* of the instance; NULL where there is none */
    struct map infos; /* component_info by path */
    const struct value *no_bases; /* what stands for an empty list of them; NULL: itself */
    const struct value *stack; /* of the last instance: the next one often has the same */
    const struct value *manifest;
};

static void describing_init(struct describing *d, struct run *run)
{
    static const char *const names[] = {
#define WORD_NAME(name) #name,
        WORDS(WORD_NAME)
    };
    *d = (struct describing){ .run = run, .once = run->arena };
    for (size_t i = 0; i < KNOWN__COUNT; i++) {
        const char *name = i < WORD__COUNT ? names[i] : section_rules[i - WORD__COUNT].name;
        size_t at = i;
        d->keys[i] = key_of(run->keys, str_from(name));
        for (; at > 0 && str_cmp(d->keys[i]->text, d->keys[d->order[at - 1]]->text) < 0; at--) {
            d->order[at] = d->order[at - 1];
        }
        d->order[at] = (uint8_t)i;
    }
}

static void begin(struct describing *d, const struct instance *instance)
{
    d->instance = instance;
    value_builder_init(&d->out, d->once, instance->mark);
    value_builder_reserve(&d->out, KNOWN__COUNT);
    memset(d->known, 0, sizeof(d->known));
}

/* Puts down what is known, in the order it is printed in: writers then have nothing to sort. */
static void put_known(struct describing *d)
{
    for (size_t i = 0; i < KNOWN__COUNT; i++) {
        size_t at = d->order[i];
        if (d->known[at]) {
            value_builder_add(&d->out, d->keys[at], d->known[at], MARK_NONE);
        }
    }
}

static void add(struct describing *d, const char *key, const struct value *value)
{
    value_builder_add(&d->out, key_of(d->run->keys, str_from(key)), value, MARK_NONE);
}

static void add_text(struct describing *d, const char *key, struct str text)
{
    add(d, key, value_string_view(d->run->arena, text, MARK_NONE));
}

static void add_word(struct describing *d, enum word word, const struct value *value)
{
    d->known[word] = value;
}

static void add_word_text(struct describing *d, enum word word, struct str text)
{
    add_word(d, word, value_string_view(d->once, text, MARK_NONE));
}

/* `last` when it says the same. */
static const struct value *shared_text(
        struct describing *d, const struct value **last, struct str text)
{
    if (!*last || !str_eq(value_text(*last), text)) {
        *last = value_string_view(d->run->arena, text, MARK_NONE);
    }
    return *last;
}

static unsigned show_flag(struct str type)
{
    if (str_eq(type, STR("terraform"))) {
        return SHOW_TERRAFORM;
    }
    return str_eq(type, STR("helmfile")) ? SHOW_HELMFILE : SHOW_OTHER;
}

/* Sections printed although nothing is in them, and those with content. */
static void add_sections(struct describing *d, bool is_schema, bool want_empty)
{
    unsigned flag = show_flag(d->instance->type);
    for (size_t i = 0; i < SECTION__COUNT; i++) {
        const struct section_rule *rule = &section_rules[i];
        bool is_optional = !(rule->flags & SHOW_ALL);
        if ((is_schema && !(rule->flags & SHOW_SCHEMA)) ||
                (!want_empty && value_is_empty(d->instance->sections[i]))) {
            continue;
        }
        if ((rule->flags & flag) ||
                (is_optional && !value_is_empty(d->instance->sections[i]))) {
            d->known[WORD__COUNT + i] = d->instance->sections[i];
        }
    }
}

static const struct value *component_info(struct describing *d, struct str path)
{
    struct arena *arena = d->run->arena;
    struct value_builder info;
    value_builder_init(&info, arena, MARK_NONE);
    value_builder_reserve(&info, 2);
    value_builder_add(&info, d->keys[WORD_component_path],
            value_string_view(arena, path, MARK_NONE), MARK_NONE);
    value_builder_add(&info, d->keys[WORD_component_type],
            value_string_view(arena, d->instance->type, MARK_NONE), MARK_NONE);
    return value_builder_map(&info);
}

static void add_identity(struct describing *d, const struct value *info)
{
    const struct instance *instance = d->instance;
    const struct value *stack = shared_text(d, &d->stack, instance->stack);
    const struct value *manifest = shared_text(d, &d->manifest, instance->manifest);
    add_word_text(d, WORD_atmos_component, instance->name);
    add_word(d, WORD_atmos_manifest, manifest);
    add_word(d, WORD_atmos_stack, stack);
    add_word(d, WORD_atmos_stack_file, manifest);
    add_word_text(d, WORD_component, instance->component);
    add_word(d, WORD_component_info, info);
    add_word(d, WORD_inheritance,
            d->no_bases && value_is_empty(instance->inheritance) ? d->no_bases
                                                                 : instance->inheritance);
    add_word(d, WORD_stack, stack);
}

static const struct value *empty_map(struct describing *d)
{
    struct value_builder builder;
    value_builder_init(&builder, d->run->arena, MARK_NONE);
    return value_builder_map(&builder);
}

static const struct value *cli_config(struct describing *d)
{
    const struct config *config = d->run->config;
    static const char *const keys[] = { "components", "stacks", "workflows" };
    struct value_builder builder;
    value_builder_init(&builder, d->run->arena, MARK_NONE);
    value_builder_add(&builder, key_of(d->run->keys, STR("base_path")),
            value_string_new(d->run->arena, config_text(config, "base_path"), MARK_NONE),
            MARK_NONE);
    for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
        const struct value *value = config_get(config, keys[i]);
        value_builder_add(&builder, key_of(d->run->keys, str_from(keys[i])),
                value ? value : empty_map(d), MARK_NONE);
    }
    return value_builder_map(&builder);
}

static const struct value *cli_args(struct describing *d)
{
    const struct value *args[] = { value_string_new(d->run->arena, STR("describe"), MARK_NONE),
        value_string_new(d->run->arena, STR("component"), MARK_NONE) };
    return value_list_new(d->run->arena, args, 2, MARK_NONE);
}

/* Only describe component shows these. */
static void add_delivery(struct describing *d)
{
    struct str spacelift = spacelift_stack(d->run->arena, d->instance);
    struct str atlantis = atlantis_project(d->run, d->instance);
    if (spacelift.len) {
        add_text(d, "spacelift_stack", spacelift);
    }
    if (atlantis.len) {
        add_text(d, "atlantis_project", atlantis);
    }
}

/* Only what is there is shown of it. */
static void add_arguments(struct describing *d)
{
    const struct value *args;
    const struct value *vars;
    inherited_arguments(d->run, &args, &vars);
    if (value_count(args)) {
        add(d, "env_tf_cli_args", args);
    }
    if (value_count(vars)) {
        add(d, "env_tf_cli_vars", vars);
    }
}

/* Keys that no section is for; what is derived stands before them. */
static const struct value *with_extra(struct describing *d, const struct value *map)
{
    const struct value *extra = d->instance->extra;
    if (value_count(extra) == 0) {
        return map;
    }
    struct value_builder all;
    value_builder_init(&all, d->once, map->mark);
    value_builder_reserve(&all, value_count(map) + value_count(extra));
    for (size_t i = 0; i < value_count(map); i++) {
        const struct value_entry *entry = &map->as.map.entries[i];
        value_builder_add(&all, entry->key, entry->value, entry->mark);
    }
    for (size_t i = 0; i < value_count(extra); i++) {
        const struct value_entry *entry = &extra->as.map.entries[i];
        if (!value_get(map, entry->key)) {
            value_builder_add(&all, entry->key, entry->value, entry->mark);
        }
    }
    return value_builder_map_once(&all);
}

/* `with_facts`: what the folder declares, where there is a folder of Terraform files. */
static int full_info(struct describing *d, bool with_facts, const struct value **ret_info)
{
    const struct instance *instance = d->instance;
    const struct value *facts = NULL;
    const struct value *info = component_info(d, instance->path);
    if (with_facts && str_eq(instance->type, STR("terraform")) &&
            file_is_folder(instance->path)) {
        int code = hcl_facts(d->run, instance->path, config_add_source, &facts);
        if (code != 0) {
            return code;
        }
        info = value_with(
                d->run->arena, info, key_of(d->run->keys, STR("terraform_config")), facts);
    }
    *ret_info = info;
    return 0;
}

int instance_describe(struct run *run, const struct instance *instance,
        enum describe_extent extent, const struct value **ret_value)
{
    struct describing d;
    describing_init(&d, run);
    begin(&d, instance);
    if (extent == DESCRIBE_SCHEMA) {
        add_text(&d, "component", instance->component);
        add(&d, "imports", instance->imports);
        add_sections(&d, true, true);
        put_known(&d);
        *ret_value = value_builder_map(&d.out);
        return 0;
    }
    const struct value *info;
    int code = full_info(&d, extent == DESCRIBE_FACTS, &info);
    if (code != 0) {
        return code;
    }
    const struct value *sources;
    const struct value *deps;
    const struct value *deps_all;
    instance_origins(run, instance, &sources, &deps, &deps_all);
    add_identity(&d, info);
    add_sections(&d, false, true);
    put_known(&d);
    add(&d, "atmos_cli_config", cli_config(&d));
    add(&d, "cli_args", cli_args(&d));
    add_text(&d, "component_type", instance->type);
    add(&d, "deps", deps);
    add(&d, "deps_all", deps_all);
    add(&d, "imports", instance->imports);
    add(&d, "sources", sources);
    add(&d, "tf_cli_vars", empty_map(&d));
    add_text(&d, "workspace", instance->workspace);
    add_delivery(&d);
    add_arguments(&d);
    *ret_value = with_extra(&d, value_builder_map(&d.out));
    return 0;
}

/* As written in the configuration, not absolute; the same for all instances of a component. */
static const struct value *listed_info(struct describing *d)
{
    struct run *run = d->run;
    const struct instance *instance = d->instance;
    struct str prefix =
            value_string(value_get_str(instance->metadata, STR("component_folder_prefix")));
    bool is_terraform = str_eq(instance->type, STR("terraform"));
    const struct value *info =
            prefix.len == 0 && is_terraform ? map_get(&d->infos, instance->component) : NULL;
    if (info) {
        return info;
    }
    struct str written;
    (void)config_component_folder(run, instance->type, &written);
    info = component_info(d,
            path_join(run->arena, path_join(run->arena, written, prefix), instance->component));
    if (prefix.len == 0 && is_terraform) {
        struct value *kept = arena_copy(run->arena, info, sizeof(*info));
        map_put(run->arena, &d->infos, instance->component, kept);
    }
    return info;
}

static const struct value *describe_listed(
        struct describing *d, const struct instance *instance)
{
    bool is_terraform = str_eq(instance->type, STR("terraform"));
    begin(d, instance);
    add_identity(d, listed_info(d));
    add_sections(d, false,
            !is_terraform ||
                    config_bool(d->run->config, "describe.settings.include_empty", true));
    if (is_terraform) {
        add_word_text(d, WORD_workspace, instance->listed_workspace);
    }
    put_known(d);
    return with_extra(d, value_builder_map_once(&d->out));
}

const struct value *instance_describe_in_stacks(
        struct run *run, const struct instance *instance)
{
    struct describing d;
    describing_init(&d, run);
    return describe_listed(&d, instance);
}

static bool is_chosen(const struct stacks_filter *filter, const struct instance *instance)
{
    if (!instance_is_of(instance, filter->stack) ||
            (filter->type_count &&
                    !str_is_among(instance->type, filter->types, filter->type_count))) {
        return false;
    }
    return filter->component_count == 0 ||
           str_is_among(instance->name, filter->components, filter->component_count) ||
           str_is_among(instance->component, filter->components, filter->component_count);
}

/* Keeps the keys that --sections names. */
static const struct value *keep_sections(
        const struct describing *d, const struct stacks_filter *filter, const struct value *map)
{
    if (filter->section_count == 0) {
        return map;
    }
    struct value_builder builder;
    value_builder_init(&builder, d->once, map->mark);
    for (size_t i = 0; i < value_count(map); i++) {
        const struct value_entry *entry = &map->as.map.entries[i];
        if (str_is_among(entry->key->text, filter->sections, filter->section_count)) {
            value_builder_add(&builder, entry->key, entry->value, entry->mark);
        }
    }
    return value_builder_map_once(&builder);
}

/* {type: {component: {...}}}; instances come by type, then name. */
static const struct value *describe_stack(
        struct describing *d, const struct stack *stack, const struct stacks_filter *filter)
{
    struct run *run = d->run;
    struct value_builder types;
    struct value_builder components;
    struct str type = STR_EMPTY;
    value_builder_init(&types, d->once, MARK_NONE);
    value_builder_init(&components, d->once, MARK_NONE);
    for (size_t i = 0; i <= stack->instance_count; i++) {
        const struct instance *instance =
                i < stack->instance_count ? stack->instances[i] : NULL;
        if (components.entries.count && (!instance || !str_eq(type, instance->type))) {
            value_builder_add(&types, key_of(run->keys, type),
                    value_builder_map_once(&components), MARK_NONE);
        }
        if (!instance || !component_type_is_known(instance->type) ||
                !is_chosen(filter, instance)) {
            continue;
        }
        type = instance->type;
        const struct value *map = keep_sections(d, filter, describe_listed(d, instance));
        value_builder_add(&components, key_of(run->keys, instance->name), map, instance->mark);
    }
    return types.entries.count ? value_builder_map_once(&types) : NULL;
}

/* ---- words of the filter that are nothing's ---- */

VEC_TYPE(names, struct str);

static void check_words(struct run *run, const struct str *words, size_t count,
        const struct names *names, const char *what)
{
    for (size_t i = 0; i < count; i++) {
        if (!str_is_among(words[i], names->items, names->count)) {
            diag_add(&run->diags, &stack_diags[STACK_NO_MATCH], MARK_NONE,
                    "no component has %s \"%.*s\"", what, STR_ARG(words[i]))
                    ->hint = suggest_hint(run->arena, words[i], names->items, names->count);
        }
    }
}

static void check_filter(const struct describing *d, const struct stacks *stacks,
        const struct stacks_filter *filter)
{
    struct run *run = d->run;
    struct names types = { 0 };
    struct names sections = { 0 };
    for (size_t i = 0; i < stacks->instance_count && filter->type_count > 0; i++) {
        struct str type = stacks->instances[i]->type;
        if (!str_is_among(type, types.items, types.count)) {
            VEC_PUSH(run->arena, &types, type);
        }
    }
    for (size_t i = 0; i < KNOWN__COUNT; i++) {
        VEC_PUSH(run->arena, &sections, d->keys[i]->text);
    }
    check_words(run, filter->types, filter->type_count, &types, "the type");
    check_words(run, filter->sections, filter->section_count, &sections, "a section");
}

/* ---- stacks of which nothing is shown ---- */

static int cmp_names(const void *left, const void *right)
{
    return str_cmp(*(const struct str *)left, *(const struct str *)right);
}

/* As the reference: a stack without components has a name where it needs no component for that. */
static struct names early_names(
        struct run *run, const struct stacks *stacks, const struct stacks_filter *filter)
{
    struct names names = { 0 };
    bool has_rule = config_text(run->config, "stacks.name_template").len ||
                    config_text(run->config, "stacks.name_pattern").len;
    for (size_t i = 0; filter->include_empty_stacks && i < stacks->manifest_count; i++) {
        struct str key = stacks->manifests[i];
        struct str name = manifest_fixed_name(stacks->origins[i]);
        name = name.len || has_rule ? name : key;
        bool is_meant = filter->stack.len == 0 || str_eq(filter->stack, key) ||
                        str_eq(filter->stack, name) || glob_match(filter->stack, name);
        if (name.len && is_meant) {
            VEC_PUSH(run->arena, &names, name);
        }
    }
    if (names.count) {
        qsort(names.items, names.count, sizeof(*names.items), cmp_names);
    }
    return names;
}

/* True when something is left of any component. */
static bool has_content(const struct value *types)
{
    for (size_t i = 0; i < value_count(types); i++) {
        const struct value *components = types->as.map.entries[i].value;
        for (size_t c = 0; c < value_count(components); c++) {
            if (value_count(components->as.map.entries[c].value)) {
                return true;
            }
        }
    }
    return false;
}

static void visit(struct describing *d, const struct stack_visitor *visitor, struct str name,
        const struct value *types)
{
    struct value_builder one;
    value_builder_init(&one, d->once, MARK_NONE);
    value_builder_add(&one, key_of(d->run->keys, STR("components")), types, MARK_NONE);
    visitor->visit(visitor->context, name, value_builder_map_once(&one));
}

/* One stack after the other, by name. What was visited is gone when it has memory of its own. */
static void describe_each(struct describing *d, const struct stacks *stacks,
        const struct stacks_filter *filter, const struct stack_visitor *visitor)
{
    struct run *run = d->run;
    struct names early = early_names(run, stacks, filter);
    const struct value *nothing = empty_map(d);
    size_t next = 0;
    d->no_bases = filter->without_templates ? value_null(run->arena, MARK_NONE) : NULL;
    check_filter(d, stacks, filter);
    for (size_t i = 0; i <= stacks->count; i++) {
        const struct stack *stack = i < stacks->count ? &stacks->items[i] : NULL;
        bool is_early = false;
        for (; next < early.count; next++) {
            int order = stack ? str_cmp(early.items[next], stack->name) : -1;
            if (order > 0) {
                break;
            }
            is_early = is_early || order == 0;
            bool is_last = next + 1 == early.count ||
                           !str_eq(early.items[next], early.items[next + 1]);
            if (order < 0 && is_last) {
                visit(d, visitor, early.items[next], nothing);
            }
        }
        const struct value *types = stack ? describe_stack(d, stack, filter) : NULL;
        if (types ? filter->include_empty_stacks || has_content(types) : is_early) {
            visit(d, visitor, stack->name, types ? types : nothing);
        }
        if (d->once != run->arena) {
            arena_reset(d->once);
        }
    }
}

void stacks_describe_each(struct run *run, const struct stacks *stacks,
        const struct stacks_filter *filter, const struct stack_visitor *visitor)
{
    struct describing d;
    describing_init(&d, run);
    d.once = arena_new();
    describe_each(&d, stacks, filter, visitor);
    arena_free(d.once);
}

struct gathering {
    struct keys *keys;
    struct value_builder all;
};

static void gather(void *context, struct str name, const struct value *stack)
{
    struct gathering *gathering = context;
    value_builder_add(&gathering->all, key_of(gathering->keys, name), stack, MARK_NONE);
}

const struct value *stacks_describe(
        struct run *run, const struct stacks *stacks, const struct stacks_filter *filter)
{
    struct describing d;
    struct gathering gathering = { .keys = run->keys };
    struct stack_visitor visitor = { gather, &gathering };
    describing_init(&d, run);
    value_builder_init(&gathering.all, run->arena, MARK_NONE);
    describe_each(&d, stacks, filter, &visitor);
    return value_builder_map(&gathering.all);
}
