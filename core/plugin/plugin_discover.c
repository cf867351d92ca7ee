/* SPDX-License-Identifier: Apache-2.0 */
/* Finds the plugin folders, lists them, and gives every file in them its state. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <unistd.h>

#include "plugin_trust.h"

const struct diag_kind plugin_diags[PLUGIN_DIAG__COUNT] = { PLUGIN_DIAGS(DIAG_KIND_ENTRY) };

const char *plugin_origin_name(enum plugin_origin origin)
{
    static const char *const names[PLUGIN_ORIGIN__COUNT] = { "bundled", "environment",
        "configured", "repository", "user" };
    return names[origin];
}

const char *plugin_state_name(enum plugin_state state)
{
    static const char *const names[PLUGIN_STATE__COUNT] = { "ready", "available", "disabled",
        "quarantined", "shadowed", "incompatible", "refused", "unsigned", "expired",
        "revoked" };
    return names[state];
}

/* ---- folders ---- */

struct str own_folder(struct run *run, const char *variable, struct str below_home)
{
    struct str folder = str_from(environment_get(&run->env, variable));
    struct str home = str_from(environment_get(&run->env, "HOME"));
    if (path_is_absolute(folder)) {
        return path_join(run->arena, folder, STR("tf-atmos"));
    }
    return path_is_absolute(home)
                   ? path_join(run->arena, path_join(run->arena, home, below_home),
                             STR("tf-atmos"))
                   : STR_EMPTY;
}

void plugin_options_default(struct run *run, struct plugin_options *ret_options)
{
    struct str program = path_folder(program_path(run->arena));
    struct plugin_options options = {
        .bundled_folder = program_companion(
                run->arena, STR("plugins"), STR("../" TFA_LIBDIR "/tf-atmos/plugins")),
        .repository = run->config ? run->config->base_path : STR_EMPTY,
        .is_privileged = getauxval(AT_SECURE) != 0,
        .system_folders = { STR("/etc/tf-atmos") },
    };
    if (program.len > 0) {
        options.system_folders[1] =
                path_clean(run->arena, path_join(run->arena, program, STR("../etc/tf-atmos")));
    }
    if (!options.is_privileged) {
        options.user_folder = own_folder(run, "XDG_CONFIG_HOME", STR(".config"));
        options.state_folder = own_folder(run, "XDG_STATE_HOME", STR(".local/state"));
    }
    *ret_options = options;
}

/* The folder is named by somebody, so that its absence is worth a word. */
static bool is_named(enum plugin_origin origin)
{
    return origin == PLUGIN_ENVIRONMENT || origin == PLUGIN_CONFIGURED;
}

/* Discovery in progress: the set, and the folders already read. */
struct discovery {
    struct run *run;
    struct plugins *plugins;
    VEC(struct str) seen;
};

static int compare_names(const void *a, const void *b)
{
    const struct str *x = a;
    const struct str *y = b;
    return str_cmp(*x, *y);
}

static bool has_name(const struct str *names, size_t count, struct str name)
{
    return bsearch(&name, names, count, sizeof(names[0]), compare_names) != NULL;
}

/* A folder x beside x.so holds what belongs to that plugin (its Terraform module), x.so.sig its
 * signature: neither is a file to be judged, nor what `plugin install` is working on. */
static bool belongs_to_plugin(struct arena *arena, const struct trusted_folder *folder,
        const struct str *names, size_t count, size_t index)
{
    struct stat stat;
    struct str name = names[index];
    struct str plugin = str_sub(name, 0, name.len - (sizeof(STATEMENT_EXTENSION) - 1));
    if (str_ends_with(name, STR(".so" STATEMENT_EXTENSION)) && has_name(names, count, plugin)) {
        return true;
    }
    bool is_beside = has_name(names, count, arena_printf(arena, "%.*s.so", STR_ARG(name)));
    return (is_beside || str_starts_with(name, STR(STAGING_PREFIX))) &&
           fstatat(folder->fd, arena_cstr(arena, name), &stat, AT_SYMLINK_NOFOLLOW) == 0 &&
           S_ISDIR(stat.st_mode);
}

static void examine_folder(struct discovery *discovery, const struct trusted_folder *folder,
        enum plugin_origin origin)
{
    struct arena *arena = discovery->run->arena;
    VEC(struct str) names = { 0 };
    int fd = dup(folder->fd);
    DIR *dir = fd >= 0 ? fdopendir(fd) : NULL;
    if (!dir) {
        fd_cleanup(&fd);
        return;
    }
    for (;;) {
        /* NOLINTNEXTLINE(concurrency-mt-unsafe): the stream is ours alone */
        const struct dirent *entry = readdir(dir);
        if (!entry) {
            break;
        }
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0) {
            VEC_PUSH(arena, &names, arena_dup(arena, str_from(entry->d_name)));
        }
    }
    closedir(dir);
    if (names.count > 1) {
        qsort(names.items, names.count, sizeof(names.items[0]), compare_names);
    }
    for (size_t i = 0; i < names.count; i++) {
        if (belongs_to_plugin(arena, folder, names.items, names.count, i)) {
            continue;
        }
        VEC_PUSH(arena, &discovery->plugins->list,
                plugin_examine(discovery->run, folder, names.items[i], origin));
    }
}

static void read_folder(struct discovery *discovery, struct str path, enum plugin_origin origin)
{
    struct run *run = discovery->run;
    struct trusted_folder folder;
    if (path.len == 0) {
        return;
    }
    trusted_folder_open(run->arena, path, spared_group(origin), &folder);
    if (folder.fd < 0) {
        if (!folder.is_missing || is_named(origin)) {
            diag_add(&run->diags, &plugin_diags[PLUGIN_FOLDER_UNREADABLE], MARK_NONE, "%.*s",
                    STR_ARG(folder.objection.reason));
        }
        return;
    }
    bool is_new = true;
    for (size_t i = 0; i < discovery->seen.count; i++) {
        is_new = is_new && !str_eq(discovery->seen.items[i], folder.real);
    }
    if (is_new) {
        VEC_PUSH(run->arena, &discovery->seen, folder.real);
        examine_folder(discovery, &folder, origin);
    }
    trusted_folder_close(&folder);
}

static void read_environment_folders(struct discovery *discovery)
{
    struct run *run = discovery->run;
    struct str rest = str_from(environment_get(&run->env, "TF_ATMOS_PLUGIN_PATH"));
    struct str piece;
    bool more = rest.len > 0;
    while (str_split(&rest, &more, ':', &piece)) {
        if (piece.len > 0) {
            read_folder(discovery,
                    path_clean(run->arena, path_join(run->arena, run->folder, piece)),
                    PLUGIN_ENVIRONMENT);
        }
    }
}

/* A plugin that is enabled here and was found nowhere gets a row of its own: silence would look as if
 * the repository did not rely on it. */
static void add_missing(struct discovery *discovery)
{
    struct arena *arena = discovery->run->arena;
    struct plugins *plugins = discovery->plugins;
    struct str_list ids = lock_ids(arena, &plugins->lock);
    for (size_t i = 0; i < ids.count; i++) {
        struct lock_pin pin;
        if (plugins_find(plugins, ids.items[i]) ||
                !lock_find(arena, &plugins->lock, ids.items[i], &pin)) {
            continue;
        }
        struct plugin_identity *identity = ARENA_NEW(arena, struct plugin_identity);
        *identity = (struct plugin_identity){ .id = ids.items[i],
            .version = pin.version,
            .kinds = pin.kinds,
            .components = pin.components,
            .root = plugins->no_value };
        struct plugin *plugin = ARENA_NEW(arena, struct plugin);
        *plugin = (struct plugin){ .name = ids.items[i],
            .path = plugins->lock.path,
            .origin = PLUGIN_REPOSITORY,
            .identity = identity,
            .runtime = ARENA_NEW(arena, struct plugin_runtime) };
        plugin->runtime->judged = PLUGIN_REFUSED;
        plugin->runtime->objection = (struct objection){
            .reason = STR("is enabled in " LOCK_FILE_NAME
                          ", but no plugin folder has a file with this id"),
            .next = arena_printf(arena,
                    "put its file into plugins.d, or tf-atmos plugin disable %.*s",
                    STR_ARG(identity->id))
        };
        VEC_PUSH(arena, &plugins->list, plugin);
    }
}

int plugins_discover(
        struct run *run, const struct plugin_options *options, struct plugins **ret_plugins)
{
    struct plugins *plugins = ARENA_NEW(run->arena, struct plugins);
    struct discovery discovery = { .run = run, .plugins = plugins };
    struct value_builder builder;
    int code = trust_store_open(run, options, &plugins->trust);
    code = code == 0 ? lock_read(run, options->repository, &plugins->lock) : code;
    if (code != 0) {
        return code;
    }
    value_builder_init(&builder, run->arena, MARK_NONE);
    plugins->no_value = value_builder_map(&builder);
    plugins->merger = merger_new(run->arena);
    isolation_init(run, &plugins->isolation);

    read_folder(&discovery, options->bundled_folder, PLUGIN_BUNDLED);
    if (!options->is_privileged) {
        read_environment_folders(&discovery);
    }
    if (run->config) {
        size_t count = 0;
        const struct str *paths = config_list(run->arena, run->config, "plugins.paths", &count);
        for (size_t i = 0; i < count; i++) {
            read_folder(&discovery, path_join(run->arena, run->config->base_path, paths[i]),
                    PLUGIN_CONFIGURED);
        }
        plugins->disabled = config_list(
                run->arena, run->config, "plugins.disabled", &plugins->disabled_count);
    }
    if (options->repository.len > 0) {
        read_folder(&discovery, path_join(run->arena, options->repository, STR("plugins.d")),
                PLUGIN_REPOSITORY);
    }
    if (!options->is_privileged) {
        struct str own = own_folder(run, "XDG_DATA_HOME", STR(".local/share"));
        read_folder(&discovery,
                own.len > 0 ? path_join(run->arena, own, STR("plugins")) : STR_EMPTY,
                PLUGIN_USER);
    }
    add_missing(&discovery);
    quarantine_read(run, &plugins->quarantine);
    plugins_judge(run, plugins);
    *ret_plugins = plugins;
    return trust_check_lock(run, plugins);
}

/* ---- states ---- */

static bool is_disabled_by_configuration(const struct plugins *plugins, struct str id)
{
    for (size_t i = 0; i < plugins->disabled_count; i++) {
        if (glob_match(plugins->disabled[i], id)) {
            return true;
        }
    }
    return false;
}

static void set_state(
        struct plugin *plugin, enum plugin_state state, struct str reason, struct str next)
{
    plugin->state = state;
    plugin->reason = reason;
    plugin->next = next;
    plugin->refusal = NULL;
}

static void judge_trust(struct run *run, struct plugins *plugins, struct plugin *plugin)
{
    ENSURE(plugin->identity);
    struct str id = plugin->identity->id;
    if (is_disabled_by_configuration(plugins, id)) {
        set_state(plugin, PLUGIN_DISABLED, STR("disabled by plugins.disabled in atmos.yaml"),
                STR("remove it from plugins.disabled in atmos.yaml"));
    } else if (lock_disables(&plugins->lock, id)) {
        set_state(plugin, PLUGIN_DISABLED, STR("disabled in " LOCK_FILE_NAME),
                arena_printf(run->arena, "tf-atmos plugin enable %.*s", STR_ARG(id)));
    } else if (plugin->origin == PLUGIN_BUNDLED) {
        set_state(plugin, PLUGIN_READY, STR("comes with tf-atmos"), STR_EMPTY);
    } else {
        trust_judge(run, plugins, plugin, false);
    }
}

/* A plugin that would run, did, and ended in the middle of its work. */
static void judge_quarantine(
        struct run *run, const struct plugins *plugins, struct plugin *plugin)
{
    struct str id = plugin->identity->id;
    if (plugin->state != PLUGIN_READY || !quarantine_names(&plugins->quarantine, id) ||
            (plugin->digest.len == 0 && plugin_hash(run, plugin) != 0)) {
        return;
    }
    const struct quarantine_record *record =
            quarantine_find(&plugins->quarantine, plugin->digest);
    if (record) {
        set_state(plugin, PLUGIN_QUARANTINED,
                arena_printf(run->arena, "on %.*s it %.*s in %.*s; not asked again",
                        STR_ARG(record->time), STR_ARG(record->reason),
                        STR_ARG(record->function)),
                arena_printf(run->arena, "tf-atmos plugin reset %.*s", STR_ARG(id)));
    }
}

/* A ready plugin whose kind an earlier ready one already handles would never be asked. */
static void judge_kinds(struct run *run, const struct plugins *plugins, size_t index)
{
    struct plugin *plugin = plugins->list.items[index];
    for (size_t i = 0; i < index && plugin->state == PLUGIN_READY; i++) {
        const struct plugin *other = plugins->list.items[i];
        if (other->state != PLUGIN_READY) {
            continue;
        }
        for (size_t k = 0; k < plugin->identity->kinds.count; k++) {
            struct str kind = plugin->identity->kinds.items[k];
            if (str_list_has(&other->identity->kinds, kind)) {
                set_state(plugin, PLUGIN_SHADOWED,
                        arena_printf(run->arena,
                                "its kind `%.*s` is already handled by the plugin `%.*s`",
                                STR_ARG(kind), STR_ARG(other->identity->id)),
                        arena_printf(run->arena, "tf-atmos plugin disable %.*s, or the other",
                                STR_ARG(plugin->identity->id)));
                break;
            }
        }
    }
}

void plugins_judge(struct run *run, struct plugins *plugins)
{
    struct map first = { 0 };
    for (size_t i = 0; i < plugins->list.count; i++) {
        struct plugin *plugin = plugins->list.items[i];
        struct plugin_runtime *runtime = plugin->runtime;
        struct plugin *winner = NULL;
        plugin->is_sandboxed = plugin_is_isolated(plugins, plugin);
        if (plugin->identity) {
            runtime->pin = (struct lock_pin){ 0 };
            plugin->is_pinned =
                    plugin->origin != PLUGIN_BUNDLED &&
                    lock_find(run->arena, &plugins->lock, plugin->identity->id, &runtime->pin);
            winner = map_get(&first, plugin->identity->id);
            if (!winner) {
                (void)map_put(run->arena, &first, plugin->identity->id, plugin);
            }
        }
        if (runtime->judged != PLUGIN_READY) {
            set_state(plugin, runtime->judged, runtime->objection.reason,
                    runtime->objection.next);
            plugin->refusal = runtime->objection.code;
        } else if (winner) {
            struct str shown = plugin_shown(run, winner);
            set_state(plugin, PLUGIN_SHADOWED,
                    arena_printf(run->arena, "`%.*s` has the same id and comes first",
                            STR_ARG(shown)),
                    STR("remove one of the two files"));
        } else {
            judge_trust(run, plugins, plugin);
            judge_quarantine(run, plugins, plugin);
            judge_kinds(run, plugins, i);
        }
    }
}

/* ---- the set ---- */

size_t plugins_count(const struct plugins *plugins)
{
    return plugins->list.count;
}

struct plugin *plugins_at(const struct plugins *plugins, size_t index)
{
    return index < plugins->list.count ? plugins->list.items[index] : NULL;
}

struct plugin *plugins_find(const struct plugins *plugins, struct str id)
{
    for (size_t i = 0; i < plugins->list.count; i++) {
        struct plugin *plugin = plugins->list.items[i];
        if (plugin->identity && str_eq(plugin->identity->id, id)) {
            return plugin;
        }
    }
    return NULL;
}

int plugins_select(struct run *run, const struct plugins *plugins, struct str id,
        struct plugin **ret_plugin)
{
    struct plugin *plugin = plugins_find(plugins, id);
    if (plugin) {
        *ret_plugin = plugin;
        return 0;
    }
    struct str *ids = ARENA_ARRAY(run->arena, struct str, plugins->list.count + 1);
    size_t count = 0;
    for (size_t i = 0; i < plugins->list.count; i++) {
        if (plugins->list.items[i]->identity) {
            ids[count++] = plugins->list.items[i]->identity->id;
        }
    }
    struct str shown = text_shown(run->arena, id);
    struct diag *diag = diag_add(&run->diags, &plugin_diags[PLUGIN_NOT_FOUND], MARK_NONE,
            "no plugin `%.*s`", STR_ARG(shown));
    diag->hint = suggest_hint(run->arena, id, ids, count);
    return ERR_NOT_FOUND;
}

struct str plugins_lock_path(const struct plugins *plugins)
{
    return plugins->lock.path;
}

void plugins_set_world(struct plugins *plugins, const struct plugin_world *world)
{
    plugins->world = world ? *world : (struct plugin_world){ 0 };
}
