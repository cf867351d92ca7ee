/* SPDX-License-Identifier: Apache-2.0 */
/* Where each value came from, and the configuration as others see it. */
#include <stdlib.h>
#include <string.h>

#include "config_internal.h"

/* Defaults that the reference shows even where nothing is written. */
static const char *const shown[] = { "components.terraform.apply_auto_approve",
    "components.terraform.auto_generate_backend_file",
    "components.terraform.auto_generate_files", "components.terraform.deploy_run_init",
    "components.terraform.init_run_reconfigure", "components.terraform.plugin_cache",
    "describe.component.filter", "describe.error_mode", "describe.provenance", "logs.file",
    "logs.level", "stacks.inherit.metadata" };

void config_note_origin(struct run *run, struct config *config, struct str dotted,
        enum config_origin_kind kind, struct str name)
{
    struct config_origin *origin = ARENA_NEW(run->arena, struct config_origin);
    *origin = (struct config_origin){ kind, name };
    map_put(run->arena, &config->origins, dotted, origin);
}

const struct config_origin *config_noted_origin(const struct config *config, struct str dotted)
{
    return map_get(&config->origins, dotted);
}

/* The default of a key as a value of its kind. */
static const struct value *standard_value(struct run *run, const struct config_key *key)
{
    struct str text = str_from(key->standard);
    if (key->kind == CONFIG_BOOL) {
        return value_bool_new(run->arena, str_eq_cstr(text, "true"), MARK_NONE);
    }
    return value_string_new(run->arena, text, MARK_NONE);
}

const struct value *config_effective(struct run *run, const struct config *config)
{
    const struct value *root = config->root;
    for (size_t i = 0; i < sizeof(shown) / sizeof(shown[0]); i++) {
        const struct config_key *key = config_key_find(str_from(shown[i]));
        ENSURE(key && key->standard);
        if (!config_get(config, key->name)) {
            root = config_set(run, root, str_from(key->name), standard_value(run, key));
        }
    }
    static const char *const types[] = { "terraform", "helmfile", "packer", "ansible" };
    for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
        struct str written;
        struct str folder = config_component_folder(run, str_from(types[i]), &written);
        if (written.len) {
            struct str key = arena_printf(run->arena, "%sDirAbsolutePath", types[i]);
            root = config_set(run, root, key, value_string_new(run->arena, folder, MARK_NONE));
        }
    }
    root = config_set(run, root, STR("stacksBaseAbsolutePath"),
            value_string_new(run->arena, config->stacks_folder, MARK_NONE));
    return config_set(run, root, STR("basePathAbsolute"),
            value_string_new(run->arena, config->base_path, MARK_NONE));
}

/* ---- rows ---- */

struct rows {
    struct run *run;
    const struct config *config;
    VEC(struct config_row) list;
};

static bool has_maps(const struct value *list)
{
    for (size_t i = 0; i < value_count(list); i++) {
        if (value_is(value_at(list, i), VALUE_MAP)) {
            return true;
        }
    }
    return false;
}

static struct str text_of(struct run *run, const struct value *value)
{
    if (value_is_scalar(value) && !value_is(value, VALUE_NULL)) {
        return value_text(value);
    }
    struct buf text = BUF_INIT(BUF_UNBOUNDED);
    json_write(&text, value, JSON_COMPACT | JSON_MASK);
    struct str copy = arena_dup(run->arena, buf_str(&text));
    buf_clear(&text);
    return copy;
}

static struct config_origin origin_of(
        const struct rows *rows, struct str key, const struct value *value)
{
    struct run *run = rows->run;
    const struct config_origin *noted = config_noted_origin(rows->config, key);
    if (noted) {
        return *noted;
    }
    struct str path = sources_path(run->sources, value->mark.file);
    if (path.len == 0) {
        return (struct config_origin){ CONFIG_FROM_DEFAULT, STR("default") };
    }
    return (struct config_origin){ CONFIG_FROM_FILE,
        arena_printf(run->arena, "%.*s:%u:%u", STR_ARG(path), value->mark.line,
                value->mark.column) };
}

/* Nesting is bounded by the reader. */
static void add_rows(struct rows *rows, struct str key, const struct value *value)
{
    struct run *run = rows->run;
    bool is_open_list = value_is(value, VALUE_LIST) && has_maps(value);
    if (value_count(value) == 0 || (value_is(value, VALUE_LIST) && !is_open_list)) {
        struct config_row row = { key, text_of(run, value), origin_of(rows, key, value) };
        VEC_PUSH(run->arena, &rows->list, row);
        return;
    }
    for (size_t i = 0; i < value_count(value); i++) {
        if (is_open_list) {
            add_rows(rows, arena_printf(run->arena, "%.*s[%zu]", STR_ARG(key), i),
                    value_at(value, i));
            continue;
        }
        const struct value_entry *entry = &value->as.map.entries[i];
        add_rows(rows,
                key.len ? arena_printf(run->arena, "%.*s.%.*s", STR_ARG(key),
                                  STR_ARG(entry->key->text))
                        : entry->key->text,
                entry->value);
    }
}

static int by_key(const void *a, const void *b)
{
    return str_cmp(((const struct config_row *)a)->key, ((const struct config_row *)b)->key);
}

const struct config_row *config_rows(
        struct run *run, const struct config *config, size_t *ret_count)
{
    struct rows rows = { .run = run, .config = config };
    if (value_count(config->root)) {
        add_rows(&rows, STR_EMPTY, config->root);
    }
    for (size_t i = 0; i < config_key_count; i++) {
        const struct config_key *key = &config_keys[i];
        if (key->standard && !config_get(config, key->name)) {
            struct config_row row = { str_from(key->name), str_from(key->standard),
                { CONFIG_FROM_DEFAULT, STR("default") } };
            VEC_PUSH(run->arena, &rows.list, row);
        }
    }
    if (rows.list.count) {
        qsort(rows.list.items, rows.list.count, sizeof(*rows.list.items), by_key);
    }
    *ret_count = rows.list.count;
    return rows.list.items;
}
