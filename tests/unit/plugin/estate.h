/* SPDX-License-Identifier: Apache-2.0 */
/* A repository with plugin folders, and instances written as YAML, for tests of plugin/. */
#ifndef TFATMOS_TESTS_ESTATE_H
#define TFATMOS_TESTS_ESTATE_H

#include <sys/stat.h>

#include "../repository.h"
#include "plugin/plugin.h"
#ifdef ESTATE_IN_WORKERS
#include "fork_worker.h"
#endif

/* repository.folder holds bundled/ (the program's plugins), plugins.d/, and what a test adds. */
struct estate {
    struct repository repository;
    struct run *run;
    struct plugin_options options;
    struct plugins *plugins;
    struct config config; /* stands for atmos.yaml when a test needs one */
};

/* Where the test plugins were built: beside the folder of this program. */
static inline struct str build_folder(struct run *run)
{
    struct str program;
    assert_int_equal(path_resolve(run->arena, STR("/proc/self/exe"), &program), 0);
    return path_join(run->arena, path_folder(path_folder(program)), STR("test-plugins"));
}

static inline void estate_open(struct estate *estate)
{
    *estate = (struct estate){ 0 };
    repository_open(&estate->repository);
    estate->run = &estate->repository.run;
    estate->options.bundled_folder =
            path_join(estate->run->arena, estate->repository.folder, STR("bundled"));
    estate->options.repository = estate->repository.folder;
}

static inline void estate_close(struct estate *estate)
{
    if (estate->plugins) {
        (void)plugins_shutdown(estate->plugins);
    }
    repository_close(&estate->repository);
}

static inline struct str estate_path(struct estate *estate, const char *name)
{
    return path_join(estate->run->arena, estate->repository.folder, str_from(name));
}

/* The bytes of a test plugin: "good/probe". */
static inline struct str plugin_bytes(struct estate *estate, const char *from)
{
    struct run *run = estate->run;
    struct str content;
    struct str path =
            path_join(run->arena, build_folder(run), arena_printf(run->arena, "%s.so", from));
    assert_int_equal(file_read(run->arena, path, 64 << 20, &content), 0);
    return content;
}

static inline void estate_write(struct estate *estate, const char *name, struct str content)
{
    struct str path = estate_path(estate, name);
    assert_int_equal(folder_create(path_folder(path), 0755), 0);
    assert_int_equal(file_write_atomic(path, content, 0644), 0);
}

/* Copies a test plugin: estate_install(e, "good/probe", "plugins.d/probe.so"). */
static inline void estate_install(struct estate *estate, const char *from, const char *to)
{
    estate_write(estate, to, plugin_bytes(estate, from));
}

static inline void estate_discover(struct estate *estate)
{
    assert_int_equal(plugins_discover(estate->run, &estate->options, &estate->plugins), 0);
#ifdef ESTATE_IN_WORKERS
    isolate_in_forks(estate->plugins);
#endif
}

/* The row of a file, by its name. */
static inline struct plugin *estate_row(struct estate *estate, const char *name)
{
    for (size_t i = 0; i < plugins_count(estate->plugins); i++) {
        struct plugin *plugin = plugins_at(estate->plugins, i);
        if (str_eq_cstr(plugin->name, name)) {
            return plugin;
        }
    }
    fail_msg("no row for %s", name);
    return NULL;
}

/* Compares a row with its state and a part of its reason and next. */
#define assert_row(estate, name, state, reason, next)                                          \
    check_row((estate), (name), (state), (reason), (next), __FILE__, __LINE__)

static inline void check_row(struct estate *estate, const char *name, enum plugin_state state,
        const char *reason, const char *next, const char *file, int line)
{
    const struct plugin *row = estate_row(estate, name);
    bool is_fine = row->state == state && str_find_str(row->reason, str_from(reason)) >= 0 &&
                   (*next == '\0' || str_find_str(row->next, str_from(next)) >= 0);
    if (!is_fine) {
        print_error("%s is %s: %.*s; next: %.*s\nexpected %s: %s; next: %s\n", name,
                plugin_state_name(row->state), STR_ARG(row->reason), STR_ARG(row->next),
                plugin_state_name(state), reason, next);
        _fail(file, line);
    }
}

/* Enables a plugin that must be there. */
static inline struct plugin *estate_enable(struct estate *estate, const char *id)
{
    struct plugin *plugin = plugins_find(estate->plugins, str_from(id));
    bool is_changed = false;
    assert_non_null(plugin);
    assert_int_equal(plugin_enable(estate->run, estate->plugins, plugin, &is_changed), 0);
    assert_int_equal(plugin->state, PLUGIN_READY);
    return plugin;
}

/* An instance from YAML with the keys stack, component, module, vars, settings, providers. */
static inline struct instance *estate_instance(struct estate *estate, const char *yaml)
{
    struct run *run = estate->run;
    struct value_builder builder;
    const struct value *root = NULL;
    struct yaml_input input = { .arena = run->arena,
        .keys = run->keys,
        .diags = &run->diags,
        .text = arena_dup(run->arena, str_from(yaml)),
        .file = sources_add(run->sources, STR("stacks/dev.yaml")) };
    assert_int_equal(yaml_read(&input, &root), 0);
    value_builder_init(&builder, run->arena, MARK_NONE);
    const struct value *nothing = value_builder_map(&builder);
    struct instance *instance = ARENA_NEW(run->arena, struct instance);
#define SECTION(name)                                                                          \
    (value_get_str(root, STR(name)) ? value_get_str(root, STR(name)) : nothing)
#define TEXT(name, otherwise)                                                                  \
    (value_get_str(root, STR(name)) ? value_string(value_get_str(root, STR(name)))             \
                                    : STR(otherwise))
    *instance = (struct instance){ .stack = TEXT("stack", "dev"),
        .type = STR("terraform"),
        .name = TEXT("component", "probe"),
        .folder = TEXT("module", "probe"),
        .is_enabled = true,
        .mark = { input.file, 1, 1 },
        .vars = SECTION("vars"),
        .settings = SECTION("settings"),
        .metadata = SECTION("metadata"),
        .providers = SECTION("providers") };
#undef SECTION
#undef TEXT
    return instance;
}

/* The one binding of an instance. */
static inline const struct plugin_binding *estate_bind(
        struct estate *estate, const struct instance *instance)
{
    const struct plugin_binding *bindings = NULL;
    size_t count = 0;
    assert_int_equal(
            plugins_bind(estate->run, estate->plugins, instance, &bindings, &count), 0);
    assert_int_equal(count, 1);
    return bindings;
}

/* A value as one line of JSON. */
static inline struct str value_line(struct run *run, const struct value *value)
{
    struct buf text = BUF_INIT(1 << 20);
    json_write(&text, value, JSON_COMPACT);
    struct str copy = arena_dup(run->arena, buf_str(&text));
    buf_clear(&text);
    return copy;
}

/* The finding with this id, which must be there. */
static inline const struct diag *estate_finding(struct estate *estate, const char *id)
{
    const struct diags *diags = &estate->run->diags;
    for (size_t i = 0; i < diags->list.count; i++) {
        if (str_eq_cstr(str_from(diags->list.items[i].id), id)) {
            return &diags->list.items[i];
        }
    }
    fail_msg("no finding %s", id);
    return NULL;
}

#define assert_contains(text, part)                                                            \
    do {                                                                                       \
        struct str whole = (text);                                                             \
        if (str_find_str(whole, STR(part)) < 0) {                                              \
            print_error("\"%.*s\" has no \"%s\"\n", STR_ARG(whole), part);                     \
            fail();                                                                            \
        }                                                                                      \
    } while (0)

#endif
