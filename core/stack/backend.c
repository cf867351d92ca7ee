/* SPDX-License-Identifier: Apache-2.0 */
/* The backend of an instance and what is added to it (spec 4.5). */
#include <string.h>

#include "stack_internal.h"

struct backend_input {
    struct scope *scope;
    const struct instance *instance;
    const struct sections *own;
    struct str type; /* the one looked for */
    const struct value *backend_type;
    struct str id;
};

static const struct value *backend_of(const struct value *section, struct str type)
{
    return value_get_str(section, type);
}

static bool is_unset(const struct value *value)
{
    return !value || value_is(value, VALUE_NULL) ||
           (value_is(value, VALUE_STRING) && value_text(value).len == 0);
}

/* metadata.name, else the output component; its slashes replaced. */
static struct str make_id(struct scope *scope, const struct instance *instance)
{
    struct arena *arena = scope->r->run->arena;
    struct str name = value_string(value_get(instance->metadata, scope->r->words.name));
    struct str id = name.len ? name : instance->component;
    if (str_find(id, '/') < 0) {
        return id;
    }
    struct str separator =
            config_text(scope->r->config, "components.terraform.workspace.prefix_separator");
    separator = separator.len ? separator : STR("-");
    VEC(struct str) pieces = { 0 };
    struct str rest = id;
    struct str piece;
    bool more = true;
    while (str_split(&rest, &more, '/', &piece)) {
        VEC_PUSH(arena, &pieces, piece);
    }
    return arena_join(arena, pieces.items, pieces.count, separator);
}

static const struct value *with_text(
        struct resolver *r, const struct value *map, const char *key, struct str text)
{
    return value_with(r->run->arena, map, key_of(r->run->keys, str_from(key)),
            value_string_new(r->run->arena, text, MARK_NONE));
}

/* A key that a component or a base wrote is kept; one like that of the type level is as good as that:
 * the id is put behind it. */
static const struct value *with_azure_key(
        const struct backend_input *in, const struct value *backend)
{
    struct resolver *r = in->scope->r;
    const struct value *own = backend_of(in->own->at[SECTION_BACKEND], in->type);
    const struct value *type = backend_of(in->scope->type_own.at[SECTION_BACKEND], in->type);
    struct str start = value_string(value_get_str(type, STR("key")));
    struct str written = value_string(value_get_str(backend, STR("key")));
    if (!is_unset(value_get_str(own, STR("key"))) || (written.len && !str_eq(written, start))) {
        return backend;
    }
    struct str key = arena_printf(r->run->arena, "%.*s%s%.*s.terraform.tfstate", STR_ARG(start),
            start.len ? "/" : "", STR_ARG(in->id));
    return with_text(r, backend, "key", key);
}

static const struct value *with_defaults(
        const struct backend_input *in, const struct value *backend)
{
    struct resolver *r = in->scope->r;
    if (str_eq(in->type, STR("s3")) &&
            is_unset(value_get_str(backend, STR("workspace_key_prefix")))) {
        return with_text(r, backend, "workspace_key_prefix", in->id);
    }
    if (str_eq(in->type, STR("gcs")) && is_unset(value_get_str(backend, STR("prefix")))) {
        return with_text(r, backend, "prefix", in->id);
    }
    return str_eq(in->type, STR("azurerm")) ? with_azure_key(in, backend) : backend;
}

/* `what` is "backend" or "remote_state_backend", `type` its type and `full` what is configured. */
static int say_mismatch(const struct backend_input *in, const char *what,
        const struct value *type, const struct value *full)
{
    struct resolver *r = in->scope->r;
    size_t count = value_count(full);
    struct str *names = ARENA_ARRAY(r->run->arena, struct str, count);
    for (size_t i = 0; i < count; i++) {
        names[i] = full->as.map.entries[i].key->text;
    }
    struct mark mark = type->mark.file ? type->mark : in->instance->mark;
    struct diag *diag = resolver_say(r, STACK_BACKEND_MISMATCH, mark,
            "the component \"%.*s\" has %s_type \"%.*s\", but nothing is configured for it",
            STR_ARG(in->instance->name), what, STR_ARG(in->type));
    diag->component = in->instance->name;
    diag->detail = diag_text(&r->run->diags, "configured is: %.*s",
            STR_ARG(arena_join(r->run->arena, names, count, STR(", "))));
    diag->hint = suggest_hint(r->run->arena, in->type, names, count);
    bool is_followed = strcmp(what, "remote_state_backend") == 0 && type == in->backend_type;
    if (is_followed && diag->hint.len == 0) {
        diag->hint = diag_text(&r->run->diags,
                "without a type of its own it follows backend_type: add \"%s.%.*s\", or set "
                "\"%s_type\"",
                what, STR_ARG(in->type), what);
    }
    return ERR_INVALID;
}

static int say_not_a_map(
        const struct backend_input *in, const struct value *value, const char *what)
{
    resolver_say(in->scope->r, STACK_BAD_SECTION,
            value->mark.file ? value->mark : in->instance->mark,
            "\"%s.%.*s\" of component \"%.*s\" must be a map", what, STR_ARG(in->type),
            STR_ARG(in->instance->name));
    return ERR_INVALID;
}

/* What is written for remote state counts above the backend of the same type, and of no other. */
static int set_remote(
        struct backend_input *in, struct instance *instance, struct sections *sections)
{
    struct resolver *r = in->scope->r;
    const struct value *type = sections->at[SECTION_REMOTE_STATE_BACKEND_TYPE];
    const struct value *all = sections->at[SECTION_REMOTE_STATE_BACKEND];
    const struct value *backend = NULL;
    if (value_string(type).len == 0) {
        type = sections->at[SECTION_BACKEND_TYPE];
    }
    if (str_eq(value_string(type), in->type)) {
        backend = instance->backend;
    }
    in->type = value_string(type);
    const struct value *remote = in->type.len ? backend_of(all, in->type) : NULL;
    if (in->type.len && !remote && value_count(all)) {
        return say_mismatch(in, "remote_state_backend", type, all);
    }
    if (remote && !value_is(remote, VALUE_MAP)) {
        return say_not_a_map(in, remote, "remote_state_backend");
    }
    remote = value_merge(r->merger, backend, remote, r->config->list_strategy);
    instance->remote_state_backend = remote ? remote : r->empty_map;
    instance->remote_state_backend_type = type;
    return 0;
}

static void store(struct instance *instance, struct sections *sections)
{
    sections->at[SECTION_BACKEND] = instance->backend;
    sections->at[SECTION_BACKEND_TYPE] = instance->backend_type;
    sections->at[SECTION_REMOTE_STATE_BACKEND] = instance->remote_state_backend;
    sections->at[SECTION_REMOTE_STATE_BACKEND_TYPE] = instance->remote_state_backend_type;
}

int instance_backend(struct scope *scope, struct instance *instance, const struct sections *own,
        struct sections *sections)
{
    struct resolver *r = scope->r;
    const struct value *full = sections->at[SECTION_BACKEND];
    const struct value *type = sections->at[SECTION_BACKEND_TYPE];
    struct backend_input in = { .scope = scope,
        .instance = instance,
        .own = own,
        .type = value_string(type),
        .backend_type = type };
    instance->backend = r->empty_map;
    instance->backend_type = r->empty_text;
    instance->remote_state_backend = r->empty_map;
    instance->remote_state_backend_type = r->empty_text;
    if (!str_eq(scope->type, STR("terraform"))) {
        store(instance, sections);
        return 0;
    }
    instance->backend_type = type;
    const struct value *backend = in.type.len ? backend_of(full, in.type) : NULL;
    if (in.type.len && !backend && value_count(full)) {
        return say_mismatch(&in, "backend", type, full);
    }
    if (backend && !value_is(backend, VALUE_MAP) && !value_is(backend, VALUE_NULL)) {
        return say_not_a_map(&in, backend, "backend");
    }
    if (in.type.len) {
        /* A type alone counts, too: the settings may come from the command line of init. */
        in.id = make_id(scope, instance);
        backend = value_is(backend, VALUE_MAP) ? backend : r->empty_map;
        instance->backend = with_defaults(&in, backend);
    }
    int err = set_remote(&in, instance, sections);
    if (!err) {
        store(instance, sections);
    }
    return err;
}
