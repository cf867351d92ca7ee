/* SPDX-License-Identifier: Apache-2.0 */
/* Derived files: variables, backend, provider and version overrides. */
#include <errno.h>
#include <string.h>

#include "terraform_private.h"

const struct diag_kind terraform_diags[TERRAFORM_DIAG__COUNT] = { TERRAFORM_DIAGS(
        DIAG_KIND_ENTRY) };

enum {
    FILE_MODE = 0600, /* variables and backends hold what others must not read */
    TEXT_MAX = 256 * 1024 * 1024
};

struct str terraform_folder_shown(struct run *run, const struct instance *instance)
{
    struct str top = run->config->base_path;
    return path_is_below(top, instance->path) ? path_relative(run->arena, top, instance->path)
                                              : instance->path;
}

struct str terraform_file_path(
        struct run *run, const struct instance *instance, enum terraform_file file)
{
    switch (file) {
    case TERRAFORM_VARFILE:
        return path_join(run->arena, instance->path,
                arena_printf(run->arena, "%.*s.terraform.tfvars.json",
                        STR_ARG(instance->file_stem)));
    case TERRAFORM_BACKEND:
        return path_join(run->arena, instance->path, STR("backend.tf.json"));
    case TERRAFORM_PROVIDERS:
        return path_join(run->arena, instance->path, STR("providers_override.tf.json"));
    case TERRAFORM_OVERRIDE:
        return path_join(run->arena, instance->path, STR("terraform_override.tf.json"));
    }
    BUG("unknown derived file");
}

/* A map with one entry. */
static const struct value *wrap(struct run *run, struct str key, const struct value *value)
{
    struct value_builder builder;
    value_builder_init(&builder, run->arena, MARK_NONE);
    value_builder_add(&builder, key_of(run->keys, key), value, MARK_NONE);
    return value_builder_map(&builder);
}

static const struct value *plain_vars(struct run *run, const struct value *vars)
{
    if (!value_has_sensitive(vars)) {
        return vars;
    }
    struct value_builder builder;
    value_builder_init(&builder, run->arena, vars->mark);
    for (size_t i = 0; i < value_count(vars); i++) {
        const struct value_entry *entry = &vars->as.map.entries[i];
        if (!value_has_sensitive(entry->value)) {
            value_builder_add(&builder, entry->key, entry->value, entry->mark);
        }
    }
    return value_builder_map(&builder);
}

/* Replaces "{terraform_workspace}" in every string of a cloud block. */
static const struct value *put_workspace(
        struct run *run, const struct value *value, struct str workspace)
{
    static const struct str token = STR_INIT("{terraform_workspace}");
    if (value_is(value, VALUE_STRING)) {
        struct str text = value_text(value);
        ptrdiff_t at = str_find_str(text, token);
        if (at < 0) {
            return value;
        }
        struct str pieces[3] = { str_sub(text, 0, (size_t)at), workspace,
            str_from_index(text, (size_t)at + token.len) };
        struct str joined = arena_join(run->arena, pieces, 3, STR_EMPTY);
        return put_workspace(run, value_string_new(run->arena, joined, value->mark),
                str_find_str(workspace, token) < 0 ? workspace : STR_EMPTY);
    }
    if (value_is(value, VALUE_MAP)) {
        struct value_builder builder;
        value_builder_init(&builder, run->arena, value->mark);
        for (size_t i = 0; i < value_count(value); i++) {
            const struct value_entry *entry = &value->as.map.entries[i];
            value_builder_add(&builder, entry->key, put_workspace(run, entry->value, workspace),
                    entry->mark);
        }
        return value_builder_map(&builder);
    }
    if (value_is(value, VALUE_LIST)) {
        const struct value **items =
                ARENA_ARRAY(run->arena, const struct value *, value_count(value));
        for (size_t i = 0; i < value_count(value); i++) {
            items[i] = put_workspace(run, value_at(value, i), workspace);
        }
        return value_list_new(run->arena, items, value_count(value), value->mark);
    }
    return value;
}

static int backend_tree(
        struct run *run, const struct instance *instance, const struct value **ret_tree)
{
    struct str type = value_string(instance->backend_type);
    if (type.len == 0) {
        struct diag *diag = diag_add(&run->diags, &terraform_diags[TERRAFORM_NO_BACKEND],
                instance->mark, "\"%.*s\" in stack \"%.*s\" has no backend type",
                STR_ARG(instance->name), STR_ARG(instance->stack));
        diag->stack = instance->stack;
        diag->component = instance->name;
        diag->hint = STR("set backend_type and backend in the stack");
        return ERR_INVALID;
    }
    const struct value *inner = instance->backend;
    if (str_eq(type, STR("cloud"))) {
        inner = put_workspace(run, inner, instance->workspace);
        *ret_tree = wrap(run, STR("terraform"), wrap(run, type, inner));
    } else {
        *ret_tree =
                wrap(run, STR("terraform"), wrap(run, STR("backend"), wrap(run, type, inner)));
    }
    return 0;
}

static struct str provider_name(struct str key)
{
    ptrdiff_t dot = str_find(key, '.');
    return dot < 0 ? key : str_sub(key, 0, (size_t)dot);
}

/* All configurations of one provider: the plain key first, then the aliased ones in their order. */
static const struct value *provider_group(
        struct run *run, const struct value *providers, struct str name)
{
    VEC(const struct value *) group = { 0 };
    for (int pass = 0; pass < 2; pass++) {
        for (size_t i = 0; i < value_count(providers); i++) {
            const struct value_entry *entry = &providers->as.map.entries[i];
            bool is_plain = str_eq(entry->key->text, name);
            if (str_eq(provider_name(entry->key->text), name) && is_plain == (pass == 0)) {
                VEC_PUSH(run->arena, &group, entry->value);
            }
        }
    }
    if (group.count == 1) {
        return group.items[0];
    }
    return value_list_new(run->arena, group.items, group.count, MARK_NONE);
}

static const struct value *providers_tree(struct run *run, const struct instance *instance)
{
    const struct value *providers = instance->providers;
    if (value_count(providers) == 0) {
        return NULL;
    }
    struct value_builder builder;
    value_builder_init(&builder, run->arena, MARK_NONE);
    for (size_t i = 0; i < value_count(providers); i++) {
        struct str name = provider_name(providers->as.map.entries[i].key->text);
        value_builder_set(&builder, key_of(run->keys, name),
                provider_group(run, providers, name), MARK_NONE);
    }
    return wrap(run, STR("provider"), value_builder_map(&builder));
}

static const struct value *override_tree(struct run *run, const struct instance *instance)
{
    static const char *const names[] = { "required_version", "required_providers" };
    struct value_builder builder;
    value_builder_init(&builder, run->arena, MARK_NONE);
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        const struct value *value = value_get_str(instance->others, str_from(names[i]));
        bool is_set = value_is(value, VALUE_MAP) ? value_count(value) > 0
                                                 : value_string(value).len > 0;
        if (is_set) {
            value_builder_add(
                    &builder, key_of(run->keys, str_from(names[i])), value, MARK_NONE);
        }
    }
    const struct value *inner = value_builder_map(&builder);
    return value_count(inner) > 0 ? wrap(run, STR("terraform"), inner) : NULL;
}

int terraform_file_text(struct run *run, const struct instance *instance,
        const struct value *vars, enum terraform_file file, struct str *ret_text)
{
    const struct value *tree = NULL;
    int code = 0;
    switch (file) {
    case TERRAFORM_VARFILE:
        tree = plain_vars(run, vars);
        break;
    case TERRAFORM_BACKEND:
        code = backend_tree(run, instance, &tree);
        break;
    case TERRAFORM_PROVIDERS:
        tree = providers_tree(run, instance);
        break;
    case TERRAFORM_OVERRIDE:
        tree = override_tree(run, instance);
        break;
    }
    if (code != 0) {
        return code;
    }
    if (!tree) {
        *ret_text = STR_EMPTY;
        return 0;
    }
    AUTO_BUF text = BUF_INIT(TEXT_MAX);
    json_write(&text, tree, JSON_ESCAPE_HTML);
    buf_add_byte(&text, '\n');
    if (text.is_full) {
        errno = EFBIG;
        (void)diag_add(&run->diags, &terraform_diags[TERRAFORM_NOT_WRITTEN], instance->mark,
                "the file of \"%.*s\" in stack \"%.*s\" would be larger than %d MiB",
                STR_ARG(instance->name), STR_ARG(instance->stack), TEXT_MAX / 1024 / 1024);
        return ERR_IO;
    }
    *ret_text = arena_dup(run->arena, buf_str(&text));
    return 0;
}

int terraform_file_write(struct run *run, const struct instance *instance,
        const struct value *vars, enum terraform_file file, struct str path)
{
    struct str text;
    struct str present;
    int code = terraform_file_text(run, instance, vars, file, &text);
    if (code != 0 || text.len == 0) {
        return code;
    }
    if (path.len == 0) {
        path = terraform_file_path(run, instance, file);
    }
    if (file_read(run->arena, path, text.len + 1, &present) == 0 && str_eq(present, text)) {
        return 0;
    }
    if (file_write_atomic(path, text, FILE_MODE) != 0) {
        int error = errno;
        struct diag *diag = diag_add(&run->diags, &terraform_diags[TERRAFORM_NOT_WRITTEN],
                MARK_NONE, "cannot write \"%.*s\": %s", STR_ARG(path), strerrordesc_np(error));
        diag->stack = instance->stack;
        diag->component = instance->name;
        diag->hint = STR("check permissions and free space; nothing was changed");
        return ERR_IO;
    }
    return 0;
}
