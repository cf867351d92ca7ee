/* SPDX-License-Identifier: Apache-2.0 */
/* From a judged file to running code: opened once, compared with its pin, mapped, held to its note. */
#include <dlfcn.h>
#include <errno.h>
#include <link.h>
#include <ltdl.h>
#include <string.h>
#include <unistd.h>

#include "catalogue.h"
#include "host.h"
#include "image.h"
#include "plugin_ask.h"
#include "worker_proxy.h"

static int refuse(struct run *run, const struct plugin *plugin, enum plugin_diag kind, int code,
        struct str reason)
{
    struct str shown = plugin_shown(run, plugin);
    struct diag *diag =
            diag_add(&run->diags, &plugin_diags[kind], MARK_NONE, "plugin `%.*s` (%.*s) %.*s",
                    STR_ARG(plugin->identity->id), STR_ARG(shown), STR_ARG(reason));
    diag->plugin = plugin->identity->id;
    return code;
}

/* The same care as in the listing, again: the file may have changed since. */
static int open_again(
        struct run *run, const struct plugin *plugin, int *ret_fd, struct stat *ret_stat)
{
    struct trusted_folder folder;
    struct objection objection = { 0 };
    int fd = -1;
    trusted_folder_open(
            run->arena, path_folder(plugin->path), spared_group(plugin->origin), &folder);
    bool is_fine = folder.fd >= 0 && folder.is_safe;
    if (!is_fine) {
        objection = folder.objection;
    } else if (trusted_file_open(
                       run->arena, &folder, plugin->name, &fd, ret_stat, &objection) != 0 ||
               !trusted_file_judge(run->arena, &folder, plugin->name, ret_stat, &objection)) {
        is_fine = false;
    } else if (ret_stat->st_size > PLUGIN_MAX_BYTES) {
        is_fine = false;
        objection.reason = STR("is larger than 256 MiB");
    }
    trusted_folder_close(&folder);
    if (!is_fine) {
        fd_cleanup(&fd);
        struct diag *diag = NULL;
        (void)refuse(run, plugin, PLUGIN_LOAD_REFUSED, ERR_DENIED,
                arena_printf(run->arena, "was not loaded: %.*s", STR_ARG(objection.reason)));
        diag = &run->diags.list.items[run->diags.list.count - 1];
        diag->hint = objection.next;
        return ERR_DENIED;
    }
    *ret_fd = fd;
    return 0;
}

static int judge_digest(
        struct run *run, struct plugins *plugins, struct plugin *plugin, struct str digest)
{
    struct lock_pin pin;
    bool is_pinned = lock_find(NULL, &plugins->lock, plugin->identity->id, &pin);
    if (!is_pinned && plugin->signer.len > 0) {
        /* Its signature was found to hold for these bytes, and for no others. */
        return str_eq(digest, plugin->digest)
                       ? 0
                       : refuse(run, plugin, PLUGIN_LOAD_REFUSED, ERR_DENIED,
                                 STR("changed after its signature was checked"));
    }
    if (!is_pinned) {
        return refuse(run, plugin, PLUGIN_LOAD_REFUSED, ERR_DENIED, STR("is not enabled"));
    }
    if (!str_eq(digest, pin.sha256)) {
        return refuse(run, plugin, PLUGIN_DIGEST_DIFFERS, ERR_DENIED,
                arena_printf(run->arena,
                        "changed: its SHA-256 is %.*s, " LOCK_FILE_NAME " has %.*s",
                        STR_ARG(digest), STR_ARG(pin.sha256)));
    }
    plugin->digest = digest;
    return 0;
}

bool plugin_is_isolated(const struct plugins *plugins, const struct plugin *plugin)
{
    return plugin->origin != PLUGIN_BUNDLED || plugins->isolation.want_all;
}

/* The metadata was read when the file was found, its digest later: were these the same bytes? It says
 * which AWS calls the plugin may make. */
static int judge_note(struct run *run, const struct plugin *plugin, int fd)
{
    struct elf_input input = elf_input_fd(&fd, plugin->size_bytes);
    struct elf_facts facts;
    struct elf_fault fault;
    bool is_same = elf_read(run->arena, &input, &facts, &fault) == 0 &&
                   str_eq(facts.identity, plugin->runtime->facts.identity);
    return is_same ? 0
                   : refuse(run, plugin, PLUGIN_LOAD_REFUSED, ERR_DENIED,
                             STR("changed while it was looked at"));
}

/* The bytes that were compared are the bytes that get mapped. -1 when it is mapped by its path. */
static int make_image(
        struct run *run, struct plugins *plugins, struct plugin *plugin, int *ret_fd)
{
    AUTO_FD fd = -1;
    struct stat stat;
    int code = open_again(run, plugin, &fd, &stat);
    if (code != 0) {
        return code;
    }
    if (plugin->origin == PLUGIN_BUNDLED) {
        bool is_lent = plugin_is_isolated(plugins, plugin);
        *ret_fd = is_lent ? fd : -1;
        fd = is_lent ? -1 : fd;
        return 0;
    }
    struct plugin_image copy;
    code = image_copy(run, fd, &copy);
    if (code != 0) {
        return refuse(run, plugin, PLUGIN_LOAD_FAILED, code,
                arena_printf(run->arena, "could not be copied: %s",
                        code == ERR_IO ? strerrordesc_np(errno)
                                       : "the copy changed under our hands"));
    }
    code = judge_digest(run, plugins, plugin, copy.sha256);
    code = code == 0 ? judge_note(run, plugin, copy.fd) : code;
    if (code == 0 && !copy.is_sealed && run->is_strict) {
        code = refuse(run, plugin, PLUGIN_LOAD_REFUSED, ERR_DENIED,
                STR("was not loaded: the system allows no executable files in memory, which "
                    "--strict requires"));
    }
    if (code != 0) {
        fd_cleanup(&copy.fd);
        return code;
    }
    *ret_fd = copy.fd;
    return 0;
}

/* libltdl says "file not found" for everything, so the loader below it is asked once more. */
static struct str loader_reason(struct run *run, const char *path)
{
    void *handle = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    /* NOLINTNEXTLINE(concurrency-mt-unsafe): glibc keeps its text per thread */
    const char *text = handle ? NULL : dlerror();
    if (!text) {
        return STR("could not be loaded");
    }
    struct str said = text_shown(run->arena, str_from(text));
    struct str name = str_from(path);
    if (str_starts_with(said, name)) {
        said = str_from_index(said, name.len);
        said = str_starts_with(said, STR(": ")) ? str_from_index(said, 2) : said;
    }
    return arena_printf(run->arena, "could not be loaded: %.*s", STR_ARG(said));
}

static int open_library(struct run *run, const struct plugin *plugin, lt_dlhandle *ret_handle)
{
    lt_dladvise advise;
    const char *path = arena_cstr(run->arena, plugin->path);
    if (lt_dlinit() != 0 || lt_dladvise_init(&advise) != 0) {
        return refuse(run, plugin, PLUGIN_LOAD_FAILED, ERR_UNAVAILABLE,
                STR("could not be loaded: libltdl does not start"));
    }
    /* Local: its symbols are nobody else's. Resident: never unmapped. No "ext" form: that would try
     * other names first. */
    (void)lt_dladvise_local(&advise);
    (void)lt_dladvise_resident(&advise);
    lt_dlhandle handle = lt_dlopenadvise(path, advise);
    (void)lt_dladvise_destroy(&advise);
    if (!handle) {
        return refuse(
                run, plugin, PLUGIN_LOAD_FAILED, ERR_UNAVAILABLE, loader_reason(run, path));
    }
    *ret_handle = handle;
    return 0;
}

/* The entry function, which must lie in the plugin's own mapping: a look-up by name also finds
 * functions of libraries it needs. */
static int find_entry(struct run *run, const struct plugin *plugin, lt_dlhandle handle,
        const struct tfa_plugin **ret_descriptor)
{
    Dl_info info;
    struct link_map *map = NULL;
    void *extra = NULL;
    const struct tfa_plugin *(*entry)(void) = NULL;
    void *symbol = lt_dlsym(handle, TFA_ENTRY_SYMBOL);
    if (symbol && dladdr1(symbol, &info, &extra, RTLD_DL_LINKMAP) != 0) {
        map = extra;
    }
    if (!map || !map->l_name || !str_eq(str_from(map->l_name), plugin->path)) {
        return refuse(run, plugin, PLUGIN_UNLIKE_NOTE, ERR_INVALID,
                STR("does not define the entry function `" TFA_ENTRY_SYMBOL "` itself"));
    }
    memcpy((void *)&entry, (const void *)&symbol, sizeof(entry));
    const struct tfa_plugin *descriptor = entry();
    if (!descriptor) {
        return refuse(run, plugin, PLUGIN_UNLIKE_NOTE, ERR_INVALID,
                STR("has an entry function that returns nothing"));
    }
    *ret_descriptor = descriptor;
    return 0;
}

/* Maps the plugin into this process. */
static int load_here(struct run *run, struct plugin *plugin)
{
    lt_dlhandle handle = NULL;
    int code = open_library(run, plugin, &handle);
    return code == 0 ? find_entry(run, plugin, handle, &plugin->runtime->descriptor) : code;
}

/* Hands the image to a process of its own, and takes what stands for the plugin here. */
static int load_in_worker(
        struct run *run, struct plugins *plugins, struct plugin *plugin, int image_fd)
{
    struct worker_link link;
    struct plugin_runtime *runtime = plugin->runtime;
    int code = plugins->isolation.open(run, plugin, image_fd, &link);
    if (code != 0) {
        return code;
    }
    runtime->proxy = worker_proxy_open(run, plugin, &link, &plugins->world);
    struct str why = worker_proxy_ended(runtime->proxy);
    if (worker_proxy_is_own_fault(runtime->proxy)) {
        (void)plugin_say_ended(run, plugin, NULL, "loading", why);
        return ERR_UNAVAILABLE;
    }
    if (why.len > 0) {
        return refuse(run, plugin, PLUGIN_LOAD_FAILED, ERR_UNAVAILABLE, why);
    }
    runtime->descriptor = worker_proxy_descriptor(runtime->proxy);
    return 0;
}

static bool is_text_of(const char *text, struct str expected)
{
    return text && strnlen(text, expected.len + 1) == expected.len &&
           memcmp(text, expected.ptr, expected.len) == 0;
}

/* The descriptor must say what the note said, because the note is what was judged. */
static int judge_descriptor(
        struct run *run, const struct plugin *plugin, const struct tfa_plugin *descriptor)
{
    const struct plugin_identity *identity = plugin->identity;
    struct str reason = STR_EMPTY;
    if (!TFA_HAS(struct tfa_plugin, descriptor, ext)) {
        reason = STR("has a descriptor that is too small or has no ext function");
    } else if (descriptor->abi_major != identity->abi_major) {
        reason = arena_printf(run->arena, "says interface major %u, its metadata says %u",
                (unsigned)descriptor->abi_major, (unsigned)identity->abi_major);
    } else if (descriptor->min_minor != identity->abi_minor) {
        reason = arena_printf(run->arena, "says interface minor %u, its metadata says %u",
                (unsigned)descriptor->min_minor, (unsigned)identity->abi_minor);
    } else if (!is_text_of(descriptor->id, identity->id)) {
        struct str said = text_shown(run->arena,
                descriptor->id ? (struct str){ descriptor->id, strnlen(descriptor->id, 64) }
                               : STR("nothing"));
        reason = arena_printf(run->arena, "calls itself `%.*s`, its metadata says `%.*s`",
                STR_ARG(said), STR_ARG(identity->id));
    } else if (!is_text_of(descriptor->version, identity->version)) {
        struct str said = text_shown(run->arena,
                descriptor->version
                        ? (struct str){ descriptor->version, strnlen(descriptor->version, 64) }
                        : STR("nothing"));
        reason = arena_printf(run->arena, "says version %.*s, its metadata says %.*s",
                STR_ARG(said), STR_ARG(identity->version));
    }
    return reason.len == 0 ? 0 : refuse(run, plugin, PLUGIN_UNLIKE_NOTE, ERR_INVALID, reason);
}

static int start(struct run *run, struct plugins *plugins, struct plugin *plugin)
{
    struct plugin_runtime *runtime = plugin->runtime;
    const struct tfa_plugin *descriptor = runtime->descriptor;
    runtime->host = (struct tfa_host){ .struct_size = sizeof(runtime->host),
        .abi_major = TFA_ABI_MAJOR,
        .abi_minor = TFA_ABI_MINOR,
        .ctx = plugin,
        .ext = host_ext };
    if (descriptor->init) {
        struct tfa_call *call = call_begin(run, plugins, plugin, TFA_PHASE_INIT, "init", NULL,
                deadline_ms(&plugins->world, plugin->identity, DEADLINE_CALLBACK, NULL));
        void *self = NULL;
        int32_t rc = descriptor->init(&runtime->host, call, &self);
        size_t errors = host_of(call)->error_count;
        call_end(call);
        if (plugin_ended(plugin).len > 0) {
            (void)plugin_say_ended(run, plugin, NULL, "init", plugin_ended(plugin));
            return ERR_UNAVAILABLE;
        }
        if (rc != TFA_OK || errors > 0) {
            return refuse(run, plugin, PLUGIN_START_FAILED, ERR_UNAVAILABLE,
                    arena_printf(run->arena, "did not start: init returned %d", (int)rc));
        }
        runtime->self = self;
    }
    runtime->is_started = true;
    return 0;
}

/* Asks for the tables; what it offers must be what its metadata says it provides. */
static int take_tables(struct run *run, const struct plugin *plugin)
{
    static const char *const known[] = { TFA_EXT_COMPONENT_V1, TFA_EXT_CHECK_V1,
        TFA_EXT_REVIEW_V1, TFA_EXT_PLAN_V1 };
    struct plugin_runtime *runtime = plugin->runtime;
    const struct str_list *provides = &plugin->identity->provides;
    for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
        const void *table = runtime->descriptor->ext(runtime->self, known[i]);
        bool is_said = str_list_has(provides, str_from(known[i]));
        if (is_said != (table != NULL)) {
            return refuse(run, plugin, PLUGIN_UNLIKE_NOTE, ERR_INVALID,
                    arena_printf(run->arena,
                            is_said ? "does not offer `%s`, which its metadata "
                                      "says it provides"
                                    : "offers `%s`, which its metadata does "
                                      "not say it provides",
                            known[i]));
        }
        if (i == 0) {
            runtime->component = table;
        } else if (i == 1) {
            runtime->check = table;
        }
    }
    bool is_whole = (!runtime->component ||
                            (runtime->component->validate && runtime->component->generate)) &&
                    (!runtime->check || (runtime->check->list && runtime->check->run));
    return is_whole ? 0
                    : refuse(run, plugin, PLUGIN_UNLIKE_NOTE, ERR_INVALID,
                              STR("has a table with missing functions"));
}

static int load(struct run *run, struct plugins *plugins, struct plugin *plugin)
{
    struct plugin_runtime *runtime = plugin->runtime;
    AUTO_FD image_fd = -1;
    const struct catalogue *catalogue = NULL;
    if (plugin->state != PLUGIN_READY) {
        struct diag *diag = NULL;
        int code = refuse(run, plugin, PLUGIN_NOT_USABLE, ERR_DENIED,
                arena_printf(run->arena, "is %s: %.*s", plugin_state_name(plugin->state),
                        STR_ARG(plugin->reason)));
        diag = &run->diags.list.items[run->diags.list.count - 1];
        diag->hint = plugin->next;
        return code;
    }
    int code = catalogue_of(run, plugin, &catalogue);
    code = code == 0 ? make_image(run, plugins, plugin, &image_fd) : code;
    if (code == 0) {
        code = image_fd >= 0 ? load_in_worker(run, plugins, plugin, image_fd)
                             : load_here(run, plugin);
    }
    code = code == 0 ? judge_descriptor(run, plugin, runtime->descriptor) : code;
    code = code == 0 ? start(run, plugins, plugin) : code;
    return code == 0 ? take_tables(run, plugin) : code;
}

int plugin_load(struct run *run, struct plugins *plugins, struct plugin *plugin)
{
    struct plugin_runtime *runtime = plugin->runtime;
    if (runtime->load_state == LOAD_NOT_TRIED) {
        runtime->load_code = load(run, plugins, plugin);
        runtime->load_state = runtime->load_code == 0 ? LOAD_DONE : LOAD_FAILED;
    }
    return runtime->load_code;
}

int plugins_shutdown(struct plugins *plugins)
{
    int code = 0;
    if (!plugins) {
        return 0;
    }
    for (size_t i = 0; i < plugins->list.count; i++) {
        struct plugin_runtime *runtime = plugins->list.items[i]->runtime;
        if (runtime->is_started && TFA_HAS(struct tfa_plugin, runtime->descriptor, shutdown)) {
            runtime->descriptor->shutdown(runtime->self);
            code = runtime->proxy && worker_proxy_ended(runtime->proxy).len > 0
                           ? ERR_UNAVAILABLE
                           : code;
        }
        runtime->is_started = false;
        if (runtime->proxy) {
            worker_proxy_close(runtime->proxy);
            runtime->proxy = NULL;
        }
        if (runtime->load_state == LOAD_DONE) {
            runtime->load_state = LOAD_FAILED;
            runtime->load_code = ERR_UNAVAILABLE;
        }
        if (runtime->call) {
            call_clear(&runtime->call->call);
            runtime->call = NULL;
        }
    }
    return code;
}
