/* SPDX-License-Identifier: Apache-2.0 */
/* Loads the configuration: files, then variables and flags, then the facts derived from them. */
#include <string.h>

#include "config_internal.h"

/* Spec 1.4: what holds when there is no configuration file at all. */
static const char *const standard_texts[][2] = {
    { "base_path", "." },
    { "stacks.base_path", "stacks" },
    { "stacks.name_pattern", "{tenant}-{environment}-{stage}" },
    { "components.terraform.base_path", "components/terraform" },
    { "components.helmfile.base_path", "components/helmfile" },
    { "components.packer.base_path", "components/packer" },
    { "components.ansible.base_path", "components/ansible" },
    { "components.kubernetes.base_path", "components/kubernetes" },
    { "components.helm.base_path", "components/helm" },
    { "workflows.base_path", "stacks/workflows" },
};
static const char *const standard_truths[] = { "components.terraform.deploy_run_init",
    "components.terraform.init_run_reconfigure",
    "components.terraform.auto_generate_backend_file", "templates.settings.enabled",
    "templates.settings.sprig.enabled", "templates.settings.gomplate.enabled" };

const struct value *config_get(const struct config *config, const char *dotted)
{
    const struct value *value = value_get_path(config->root, dotted);
    return value_is(value, VALUE_NULL) ? NULL : value;
}

bool config_bool(const struct config *config, const char *dotted, bool otherwise)
{
    const struct value *value = config_get(config, dotted);
    bool truth;
    if (value_is(value, VALUE_BOOL)) {
        return value_bool(value, otherwise);
    }
    return value_is_scalar(value) && config_bool_from(value_text(value), &truth) ? truth
                                                                                 : otherwise;
}

struct str config_text(const struct config *config, const char *dotted)
{
    const struct value *value = config_get(config, dotted);
    if (value_is_scalar(value)) {
        return value_text(value);
    }
    const struct config_key *key = config_key_find(str_from(dotted));
    return key ? str_from(key->standard) : STR_EMPTY;
}

bool config_is_chosen(const struct config *config, const char *dotted)
{
    const struct config_origin *origin = config_noted_origin(config, str_from(dotted));
    return config_get(config, dotted) && (!origin || origin->kind != CONFIG_FROM_DEFAULT);
}

const struct str *config_list(
        struct arena *arena, const struct config *config, const char *dotted, size_t *ret_count)
{
    const struct value *value = config_get(config, dotted);
    VEC(struct str) texts = { 0 };
    for (size_t i = 0; value_is(value, VALUE_LIST) && i < value_count(value); i++) {
        VEC_PUSH(arena, &texts, value_text(value_at(value, i)));
    }
    if (value_is_scalar(value)) {
        struct str rest = value_text(value);
        struct str piece;
        bool more = rest.len > 0;
        while (str_split(&rest, &more, ',', &piece)) {
            VEC_PUSH(arena, &texts, str_trim(piece));
        }
    }
    *ret_count = texts.count;
    return texts.items;
}

uint32_t config_add_source(struct run *run, struct str path)
{
    struct str shown = path;
    bool is_known = run->config && run->config->repository.len;
    struct str top = is_known ? run->config->repository : git_root_of(run, run->folder);
    if (path_is_below(run->folder, path) || (top.len && path_is_below(top, path))) {
        shown = path_relative(run->arena, run->folder, path);
    }
    return sources_add(run->sources, shown);
}

static const struct value *standard_root(struct run *run)
{
    const struct value *root = NULL;
    for (size_t i = 0; i < sizeof(standard_texts) / sizeof(standard_texts[0]); i++) {
        root = config_set(run, root, str_from(standard_texts[i][0]),
                value_string_new(run->arena, str_from(standard_texts[i][1]), MARK_NONE));
    }
    for (size_t i = 0; i < sizeof(standard_truths) / sizeof(standard_truths[0]); i++) {
        root = config_set(run, root, str_from(standard_truths[i]),
                value_bool_new(run->arena, true, MARK_NONE));
    }
    const struct value *included = value_string_new(run->arena, STR("orgs/**/*"), MARK_NONE);
    const struct value *excluded =
            value_string_new(run->arena, STR("**/_defaults.yaml"), MARK_NONE);
    root = config_set(run, root, STR("stacks.included_paths"),
            value_list_new(run->arena, &included, 1, MARK_NONE));
    return config_set(run, root, STR("stacks.excluded_paths"),
            value_list_new(run->arena, &excluded, 1, MARK_NONE));
}

static int read_files(struct run *run, const struct config_options *options,
        const struct config_places *places, struct config *config)
{
    struct config_layers layers = {
        .run = run, .merger = merger_new(run->arena), .places = places
    };
    merger_join_marked(layers.merger);
    int err = 0;
    for (size_t i = 0; i < places->count; i++) {
        int one = config_layers_read(&layers, &places->items[i], &config->root);
        err = err ? err : one;
        config->file = places->items[i].path;
    }
    config->is_found = places->count > 0;
    if (!config->is_found) {
        config->root = standard_root(run);
    }
    /* What profiles are chosen is known only when all files could be read. */
    err = err ? err : config_profiles(&layers, options, &config->root);
    config->root = config_drop_unset(run, config->root);
    return err;
}

static void fill(struct run *run, struct config *config)
{
    config->terraform_command = config_text(config, "components.terraform.command");
    if (config->terraform_command.len == 0) {
        config->terraform_command = STR("terraform");
    }
    config->included =
            config_list(run->arena, config, "stacks.included_paths", &config->included_count);
    config->excluded =
            config_list(run->arena, config, "stacks.excluded_paths", &config->excluded_count);
    config->name_pattern = config_text(config, "stacks.name_pattern");
    config->name_template = config_text(config, "stacks.name_template");
    config->workspaces_enabled =
            config_bool(config, "components.terraform.workspaces_enabled", true);
    config->templates_enabled = config_bool(config, "templates.settings.enabled", false);
    config->inherits_metadata = config_bool(config, "stacks.inherit.metadata", true);
    config->inherits_source = config_bool(config, "stacks.inherit.source", true);
    struct str strategy = config_text(config, "settings.list_merge_strategy");
    config->list_strategy = str_eq(strategy, STR("append"))  ? LIST_APPEND
                            : str_eq(strategy, STR("merge")) ? LIST_MERGE
                                                             : LIST_REPLACE;
}

static int say_incomplete(
        struct run *run, const struct config *config, const char *key, const char *example)
{
    const struct value *stacks = config_get(config, "stacks");
    struct mark mark = stacks ? stacks->mark : MARK_NONE;
    if (mark.file == 0 && config->file.len) {
        mark.file = config_add_source(run, config->file);
    }
    struct diag *diag = diag_add(
            &run->diags, &config_diags[CONFIG_INCOMPLETE], mark, "\"%s\" is not set", key);
    diag->hint = diag_text(&run->diags, "add it to the configuration: %s", example);
    return ERR_INVALID;
}

void config_say_not_found(struct run *run, enum diag_severity severity)
{
    struct diag_kind kind = config_diags[CONFIG_NOT_FOUND];
    kind.severity = severity;
    struct diag *diag = diag_add(&run->diags, &kind, MARK_NONE,
            "no atmos.yaml in \"%.*s\" or any folder above it", STR_ARG(run->folder));
    diag->hint = diag_text(
            &run->diags, "change to the repository (-C), or name the file with --config");
}

void config_say_no_folder(
        struct run *run, const struct config *config, enum diag_severity severity)
{
    struct diag_kind kind = config_diags[CONFIG_FOLDER_MISSING];
    const struct value *value = config_get(config, "stacks.base_path");
    kind.severity = severity;
    diag_add(&run->diags, &kind, value ? value->mark : MARK_NONE,
            "the stacks folder \"%.*s\" does not exist", STR_ARG(config->stacks_folder));
}

bool config_is_nowhere(const struct config *config)
{
    return !config->is_found && !file_is_folder(config->stacks_folder);
}

static int require_stacks(struct run *run, const struct config *config)
{
    int err = 0;
    if (config_is_nowhere(config)) {
        config_say_not_found(run, DIAG_ERROR);
        return ERR_NOT_FOUND;
    }
    struct str base = config_text(config, "stacks.base_path");
    if (base.len == 0) {
        err = say_incomplete(run, config, "stacks.base_path", "stacks: {base_path: stacks}");
    }
    if (config->included_count == 0) {
        err = say_incomplete(run, config, "stacks.included_paths",
                "stacks: {included_paths: [\"orgs/**/*\"]}");
    }
    if (!err && !file_is_folder(config->stacks_folder)) {
        config_say_no_folder(run, config, DIAG_ERROR);
        err = ERR_NOT_FOUND;
    }
    return err;
}

int config_require_stacks(struct run *run)
{
    return require_stacks(run, run->config);
}

/* What follows from the merged tree. */
static int finish(struct run *run, const struct config_places *places, struct config *config,
        bool need_stacks)
{
    const struct config_origin *base = config_noted_origin(config, STR("base_path"));
    fill(run, config);
    config_resolve_paths(run, config, places, base != NULL);
    int err = config_version_check(run, config);
    int one = need_stacks ? require_stacks(run, config) : 0;
    return err ? err : one;
}

bool config_keeps_function(const struct config *config, struct str name)
{
    return config->kept.functions ||
           str_is_among(name, config->kept.names, config->kept.name_count);
}

int config_load(struct run *run, const struct config_options *options, bool need_stacks)
{
    static const struct config_options none = { 0 };
    options = options ? options : &none;
    struct config *config = ARENA_NEW(run->arena, struct config);
    struct config_places places = { 0 };
    config->kept = options->kept;
    sources_set_root(run->sources, run->folder);
    int err = config_discover(run, options, &places);
    err = err ? err : read_files(run, options, &places, config);
    err = err ? err : config_override(run, options, config);
    err = err ? err : config_check_choices(run, config);
    err = err ? err : config_edition(run, config);
    err = err ? err : finish(run, &places, config, need_stacks);
    if (err) {
        return err;
    }
    run->config = config;
    err = run->configured ? run->configured(run->configured_context) : 0;
    for (size_t i = 0; i < places.count; i++) {
        log_at(run->log, LOG_DEBUG, "configuration: %.*s", STR_ARG(places.items[i].path));
    }
    return err;
}
