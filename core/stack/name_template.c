/* SPDX-License-Identifier: Apache-2.0 */
/* Templates that name stacks and workspaces: over the sections of one instance as they were written. */
#include "stack_internal.h"

enum {
    SOURCE_MAX_BYTES = 64 * 1024 * 1024
};

/* Far above what a name needs: it is made for each of many thousand instances. */
static const struct template_limits limits = {
    .max_output = 64 * 1024, .max_memory = 4 * 1024 * 1024, .max_steps = 100 * 1000
};

/* ---- what templates see ---- */

static const char *const derived[] = { "component", "atmos_component", "atmos_stack", "stack",
    "atmos_stack_file", "atmos_manifest" };

struct name_data {
    struct resolver *r;
    const struct instance *instance;
};

static const struct value *text_value(struct resolver *r, struct str text)
{
    return value_string_view(r->run->arena, text, MARK_NONE);
}

/* A name is made of what was written: before the stack has its name, what follows from it is not there. */
static const struct value *derived_value(const struct name_data *data, struct str name)
{
    const struct instance *instance = data->instance;
    if (str_eq(name, STR("component"))) {
        return text_value(data->r, instance->component);
    }
    if (instance->stack.len == 0) {
        return NULL;
    }
    if (str_eq(name, STR("atmos_component"))) {
        return text_value(data->r, instance->name);
    }
    if (str_eq(name, STR("atmos_stack")) || str_eq(name, STR("stack"))) {
        return text_value(data->r, instance->stack);
    }
    bool is_file = str_eq(name, STR("atmos_stack_file")) || str_eq(name, STR("atmos_manifest"));
    return is_file ? text_value(data->r, instance->manifest) : NULL;
}

static const struct value *get_field(void *context, const struct key *key)
{
    const struct name_data *data = context;
    for (size_t i = 0; i < SECTION__COUNT; i++) {
        if (data->r->words.section[i] == key && i != SECTION_LOCALS) {
            return data->instance->sections[i];
        }
    }
    return derived_value(data, key->text);
}

static const struct value *get_whole(void *context)
{
    const struct name_data *data = context;
    struct resolver *r = data->r;
    struct value_builder builder;
    value_builder_init(&builder, r->run->arena, MARK_NONE);
    for (size_t i = 0; i < SECTION__COUNT; i++) {
        if (i != SECTION_LOCALS) {
            value_builder_add(
                    &builder, r->words.section[i], data->instance->sections[i], MARK_NONE);
        }
    }
    for (size_t i = 0; i < sizeof(derived) / sizeof(derived[0]); i++) {
        const struct value *value = derived_value(data, str_from(derived[i]));
        if (value) {
            value_builder_add(
                    &builder, key_of(r->run->keys, str_from(derived[i])), value, MARK_NONE);
        }
    }
    return value_builder_map(&builder);
}

/* The root's names for hints. */
static struct str hint_at_root(struct resolver *r, struct str path)
{
    struct str names[SECTION__COUNT + sizeof(derived) / sizeof(derived[0])];
    size_t count = 0;
    ptrdiff_t dot = str_find(path, '.');
    struct str first = dot < 0 ? path : str_sub(path, 0, (size_t)dot);
    for (size_t i = 0; i < SECTION__COUNT; i++) {
        if (str_eq_cstr(first, section_rules[i].name)) {
            return STR_EMPTY;
        }
        names[count++] = str_from(section_rules[i].name);
    }
    names[count++] = STR("component");
    return suggest_hint(r->run->arena, first, names, count);
}

/* ---- places ---- */

/* The whole text of a file; kept, since every instance may have the same complaint about it. */
static struct str source_of(struct resolver *r, uint32_t file)
{
    if (r->source.file != file) {
        struct run *run = r->run;
        struct str root = sources_root(run->sources);
        struct str path = path_join(run->arena, root.len > 0 ? root : run->folder,
                sources_path(run->sources, file));
        struct str text = STR_EMPTY;
        (void)file_read(run->arena, path, SOURCE_MAX_BYTES, &text);
        r->source.file = file;
        r->source.text = text;
    }
    return r->source.text;
}

struct mark name_template_place(struct resolver *r, const struct name_template *template,
        const struct template_error *error)
{
    return template->mark.file == 0 ? template->mark
                                    : template_mark(source_of(r, template->mark.file),
                                              template->mark, template->text, error->offset);
}

/* ---- parsing and filling ---- */

static int say_template(struct resolver *r, const struct name_template *template,
        const struct template_error *error)
{
    bool is_missing = error->err == ERR_UNSUPPORTED;
    struct mark place = name_template_place(r, template, error);
    struct diag *diag = resolver_say(r, is_missing ? STACK_UNSUPPORTED : STACK_BAD_TEMPLATE,
            place, "\"%s\": %.*s", template->what, STR_ARG(error->message));
    diag->hint = error->hint;
    if (place.line == template->mark.line && place.column == template->mark.column) {
        diag->detail = diag_text(&r->run->diags, "at line %u, column %u of the template",
                error->line, error->column);
    }
    return error->err;
}

static bool is_plain(const struct template *template)
{
    const struct template_piece *pieces;
    size_t count;
    template_pieces(template, &pieces, &count);
    for (size_t i = 0; i < count; i++) {
        if (pieces[i].kind == TEMPLATE_OTHER) {
            return false;
        }
    }
    return true;
}

int name_template_parse(struct resolver *r, struct str text, const char *what, struct mark mark,
        struct name_template *ret_template)
{
    *ret_template = (struct name_template){ .text = text, .what = what, .mark = mark };
    struct name_template *known = map_get(&r->templates, text);
    if (known) {
        ret_template->parsed = known->parsed;
        ret_template->is_plain = known->is_plain;
        return 0;
    }
    const struct template_input input = {
        .arena = r->run->arena,
        .keys = r->run->keys,
        .text = arena_dup(r->run->arena, text),
        .functions = &template_sprig_functions,
    };
    struct template_error error;
    if (template_parse(&input, &ret_template->parsed, &error) != 0) {
        return say_template(r, ret_template, &error);
    }
    ret_template->is_plain = is_plain(ret_template->parsed);
    known = ARENA_NEW(r->run->arena, struct name_template);
    *known = *ret_template;
    (void)map_put(r->run->arena, &r->templates, text, known);
    return 0;
}

/* Moves what came of an evaluation to where it lives on. */
static void keep(struct arena *arena, int err, struct str *text, struct template_error *error)
{
    if (err == 0) {
        *text = arena_dup(arena, *text);
        return;
    }
    error->message = arena_dup(arena, error->message);
    error->hint = arena_dup(arena, error->hint);
    error->path = arena_dup(arena, error->path);
}

int name_template_fill(struct resolver *r, const struct name_template *template,
        const struct instance *instance, struct str *ret_text, struct template_error *ret_error)
{
    struct name_data context = { r, instance };
    const struct template_data data = { get_field, get_whole, &context };
    struct arena *scratch = template->is_plain ? NULL : arena_new();
    const struct template_run run = {
        .arena = scratch ? scratch : r->run->arena,
        .keys = r->run->keys,
        .data = &data,
        .missing = TEMPLATE_MISSING_IS_ERROR,
        .wants_text = true,
        .limits = &limits,
    };
    int err = template_evaluate(template->parsed, &run, ret_text, ret_error);
    if (scratch) {
        keep(r->run->arena, err, ret_text, ret_error);
        arena_free(scratch);
    }
    if (err == ERR_NOT_FOUND && ret_error->hint.len == 0) {
        ret_error->hint = hint_at_root(r, ret_error->path);
    }
    return err;
}
