/* SPDX-License-Identifier: Apache-2.0 */
/* The environment terraform is started with. */
#include <string.h>

#include "terraform_private.h"

enum {
    VALUE_MAX = 120 * 1024 /* the kernel refuses longer strings (MAX_ARG_STRLEN) */
};

struct str terraform_data_folder(struct run *run, const struct instance *instance)
{
    const char *own = environment_get(&run->env, "TF_DATA_DIR");
    if (own && own[0] != '\0') {
        return str_from(own);
    }
    /*
     * One per instance: instances of one component share the folder, but not backend and workspace.
     * Not with local state: a fresh data folder beside states of other workspaces makes terraform
     * ask whether to migrate them.
     */
    struct str backend = value_string(instance->backend_type);
    if (backend.len == 0 || str_eq(backend, STR("local"))) {
        return STR(".terraform");
    }
    return arena_printf(run->arena, ".terraform/%.*s", STR_ARG(instance->file_stem));
}

static bool is_ours(struct str name)
{
    return str_starts_with(name, STR("TF_VAR_")) || str_starts_with(name, STR("TF_CLI_ARGS")) ||
           str_eq(name, STR("TF_WORKSPACE"));
}

static struct str name_of(const char *item)
{
    struct str text = str_from(item);
    ptrdiff_t at = str_find(text, '=');
    return at < 0 ? text : str_sub(text, 0, (size_t)at);
}

void terraform_warn_inherited(struct run *run, const struct instance *instance)
{
    for (const char *const *item = run->env.items; item && *item; item++) {
        struct str name = name_of(*item);
        if (!is_ours(name)) {
            continue;
        }
        struct diag *diag = diag_add(&run->diags, &terraform_diags[TERRAFORM_VARIABLE],
                MARK_NONE,
                "the environment variable %.*s reaches terraform beside the resolved values",
                STR_ARG(name));
        diag->stack = instance->stack;
        diag->component = instance->name;
    }
}

/* Variables by name; later puts win. */
static void put(struct run *run, struct map *env, struct str name, struct str value)
{
    (void)map_put(run->arena, env, name,
            arena_cstr(run->arena,
                    arena_printf(run->arena, "%.*s=%.*s", STR_ARG(name), STR_ARG(value))));
}

static void put_unless_set(struct run *run, struct map *env, struct str name, struct str value)
{
    if (!map_get(env, name)) {
        put(run, env, name, value);
    }
}

static struct str as_text(struct run *run, const struct value *value)
{
    if (value_is_scalar(value)) {
        return value_text(value);
    }
    AUTO_BUF text = BUF_INIT(VALUE_MAX);
    json_write(&text, value, JSON_COMPACT);
    return arena_dup(run->arena, buf_str(&text));
}

/* The instance's own `env`: null takes a variable away. */
static void put_component_env(struct run *run, const struct instance *instance, struct map *env)
{
    for (size_t i = 0; i < value_count(instance->env); i++) {
        const struct value_entry *entry = &instance->env->as.map.entries[i];
        if (value_is(entry->value, VALUE_NULL)) {
            (void)map_put(run->arena, env, entry->key->text, NULL);
        } else {
            put(run, env, entry->key->text, as_text(run, entry->value));
        }
    }
}

static void put_sensitive_vars(struct run *run, const struct value *vars, struct map *env)
{
    for (size_t i = 0; i < value_count(vars); i++) {
        const struct value_entry *entry = &vars->as.map.entries[i];
        if (value_has_sensitive(entry->value)) {
            put(run, env, arena_printf(run->arena, "TF_VAR_%.*s", STR_ARG(entry->key->text)),
                    as_text(run, entry->value));
        }
    }
}

/* Every subcommand takes -no-color, but only this variable spares us knowing where it may stand. */
static void put_plain(struct run *run, struct map *env)
{
    const char *own = environment_get(&run->env, "TF_CLI_ARGS");
    put(run, env, STR("TF_CLI_ARGS"),
            arena_printf(
                    run->arena, "%s%s-no-color", own ? own : "", own && own[0] ? " " : ""));
}

static void put_plugin_cache(struct run *run, struct map *env)
{
    const char *home = environment_get(&run->env, "HOME");
    const char *cache = environment_get(&run->env, "XDG_CACHE_HOME");
    struct str folder = config_text(run->config, "components.terraform.plugin_cache_dir");
    if (!config_bool(run->config, "components.terraform.plugin_cache", true) ||
            map_get(env, STR("TF_PLUGIN_CACHE_DIR")) || (!home && !cache && folder.len == 0)) {
        return;
    }
    if (folder.len == 0) {
        folder = cache && cache[0]
                         ? path_join(run->arena, str_from(cache), STR("tf-atmos/providers"))
                         : path_join(run->arena, str_from(home ? home : "/"),
                                   STR(".cache/tf-atmos/providers"));
    }
    /* terraform refuses to start when the folder does not exist. */
    if (folder_create(folder, 0755) == 0) {
        put(run, env, STR("TF_PLUGIN_CACHE_DIR"), folder);
    }
}

const char *const *terraform_environment(
        struct run *run, const struct terraform_request *request)
{
    struct map env = { 0 };
    for (const char *const *item = run->env.items; item && *item; item++) {
        (void)map_put(run->arena, &env, name_of(*item), (void *)(uintptr_t)*item);
    }
    put_component_env(run, request->instance, &env);
    put(run, &env, STR("ATMOS_CLI_CONFIG_PATH"),
            run->config->file.len ? path_folder(run->config->file) : run->config->base_path);
    put(run, &env, STR("ATMOS_BASE_PATH"), run->config->base_path);
    put(run, &env, STR("TF_IN_AUTOMATION"), STR("true"));
    put_unless_set(run, &env, STR("TF_APPEND_USER_AGENT"), STR("tf-atmos/" TFA_VERSION));
    put(run, &env, STR("TF_DATA_DIR"), terraform_data_folder(run, request->instance));
    if (request->is_plain) {
        put_plain(run, &env);
    }
    put_plugin_cache(run, &env);
    put_sensitive_vars(run, request->vars, &env);
    const char **items = ARENA_ARRAY(run->arena, const char *, env.count + 1);
    size_t count = 0;
    for (size_t i = 0; i < env.count; i++) {
        if (env.entries[i].value) {
            items[count++] = env.entries[i].value;
        }
    }
    return items;
}
