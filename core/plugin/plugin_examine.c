/* SPDX-License-Identifier: Apache-2.0 */
/* The static step: what one file in a plugin folder is, found out without running any of it. */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "host.h"
#include "identity.h"
#include "plugin_trust.h"

#define BUILD_WITH_SDK "build it with tfa_add_plugin() of the SDK"
#define MOVE_AWAY      "move it out of the plugin folder"

/* An objection with the state it leads to. */
struct verdict {
    enum plugin_state state;
    struct objection objection;
};

static struct verdict object(enum plugin_state state, struct str reason, const char *next)
{
    return (struct verdict){ state, { .reason = reason, .next = str_from(next) } };
}

static const struct verdict fine = { .state = PLUGIN_READY };

static struct verdict judge_fault(const struct elf_fault *fault)
{
    switch (fault->kind) {
    case ELF_NOT_ELF:
        return object(PLUGIN_REFUSED, fault->reason, MOVE_AWAY);
    case ELF_TRUNCATED:
    case ELF_UNREADABLE:
        return object(PLUGIN_REFUSED, fault->reason, "copy the file again");
    case ELF_OTHER_MACHINE:
        return object(
                PLUGIN_INCOMPATIBLE, fault->reason, "get the plugin built for this machine");
    case ELF_NOT_SHARED:
        return object(PLUGIN_REFUSED, fault->reason, MOVE_AWAY);
    case ELF_MALFORMED:
    case ELF_NO_NOTE:
        return object(PLUGIN_REFUSED, fault->reason, BUILD_WITH_SDK);
    }
    BUG("elf fault");
}

/* Does a version of the interface we cannot serve stand in the way? */
static struct verdict judge_versions(
        struct arena *arena, const struct plugin_identity *identity)
{
    if (identity->abi_major != TFA_ABI_MAJOR) {
        bool is_newer = identity->abi_major > TFA_ABI_MAJOR;
        return object(PLUGIN_INCOMPATIBLE,
                arena_printf(arena,
                        "is made for major %u of the plugin interface, this program has %u",
                        (unsigned)identity->abi_major, (unsigned)TFA_ABI_MAJOR),
                is_newer ? "install a newer tf-atmos, or an older version of the plugin"
                         : "install a newer version of the plugin");
    }
    if (identity->abi_minor > TFA_ABI_MINOR) {
        return object(PLUGIN_INCOMPATIBLE,
                arena_printf(arena, "needs plugin interface %u.%u, this program has %u.%u",
                        (unsigned)identity->abi_major, (unsigned)identity->abi_minor,
                        (unsigned)TFA_ABI_MAJOR, (unsigned)TFA_ABI_MINOR),
                "install a newer tf-atmos, or an older version of the plugin");
    }
    for (size_t i = 0; i < identity->required.count; i++) {
        struct str id = identity->required.items[i];
        if (!host_offers(id)) {
            return object(PLUGIN_INCOMPATIBLE,
                    arena_printf(arena,
                            "needs the service `%.*s`, which tf-atmos " TFA_VERSION
                            " does not have",
                            STR_ARG(id)),
                    "install a newer tf-atmos, or an older version of the plugin");
        }
    }
    return fine;
}

static struct verdict judge_entry(struct arena *arena, const struct elf_facts *facts)
{
    if (facts->entry == ELF_ENTRY_DEFINED) {
        return fine;
    }
    if (facts->entry == ELF_ENTRY_IMPORTED) {
        return object(PLUGIN_REFUSED,
                STR("only imports `" TFA_ENTRY_SYMBOL
                    "`; the entry function must be in the file itself, not in a library it "
                    "needs"),
                BUILD_WITH_SDK);
    }
    for (size_t i = 0; i < facts->needed_count; i++) {
        if (!str_starts_with(facts->needed[i], STR("libc.so"))) {
            struct str shown = text_shown(arena, facts->needed[i]);
            return object(PLUGIN_REFUSED,
                    arena_printf(arena,
                            "does not define the entry function `" TFA_ENTRY_SYMBOL
                            "`; one in a library it needs, such as `%.*s`, does not count",
                            STR_ARG(shown)),
                    BUILD_WITH_SDK);
        }
    }
    return object(PLUGIN_REFUSED,
            STR("does not define the entry function `" TFA_ENTRY_SYMBOL "`"), BUILD_WITH_SDK);
}

/* How the file was linked; each rule keeps code from elsewhere out, or late failures away. */
static struct verdict judge_linking(struct arena *arena, const struct elf_facts *facts)
{
    if (facts->is_program) {
        return object(PLUGIN_REFUSED, STR("is a program, not a shared object"), MOVE_AWAY);
    }
    if (!facts->has_bind_now) {
        return object(PLUGIN_REFUSED,
                STR("is not linked with -z now (DF_BIND_NOW), so a missing function would be "
                    "noticed only when it is called"),
                "link it with -Wl,-z,now, or " BUILD_WITH_SDK);
    }
    if (facts->run_path.len > 0) {
        struct str shown = text_shown(arena, facts->run_path);
        return object(PLUGIN_REFUSED,
                arena_printf(arena, "has a library search path of its own (RUNPATH `%.*s`)",
                        STR_ARG(shown)),
                "link it without -rpath, or remove it with patchelf --remove-rpath");
    }
    for (size_t i = 0; i < facts->needed_count; i++) {
        if (str_find(facts->needed[i], '/') >= 0 || facts->needed[i].len == 0) {
            struct str shown = text_shown(arena, facts->needed[i]);
            return object(PLUGIN_REFUSED,
                    arena_printf(arena, "needs a library by path (`%.*s`)", STR_ARG(shown)),
                    "link against a system library by name, or statically");
        }
    }
    if (facts->has_filter) {
        return object(PLUGIN_REFUSED,
                STR("pulls in other code (DT_AUDIT, DT_FILTER or DT_AUXILIARY)"),
                BUILD_WITH_SDK);
    }
    if (facts->has_text_relocations) {
        return object(PLUGIN_REFUSED,
                STR("changes its own code when loaded (text relocations)"),
                "compile it with -fPIC");
    }
    if (facts->has_executable_stack) {
        return object(PLUGIN_REFUSED, STR("asks for an executable stack"),
                "link it with -Wl,-z,noexecstack");
    }
    if (facts->has_writable_code) {
        return object(PLUGIN_REFUSED, STR("has a segment that is both writable and executable"),
                BUILD_WITH_SDK);
    }
    return fine;
}

/* Everything that can be said from the bytes of the file. */
static struct verdict examine_bytes(struct run *run, struct plugin *plugin, int fd)
{
    struct plugin_runtime *runtime = plugin->runtime;
    struct elf_input input = elf_input_fd(&fd, plugin->size_bytes);
    struct elf_fault fault;
    struct str reason;
    if (str_ends_with(plugin->name, STR(".la"))) {
        return object(PLUGIN_REFUSED,
                STR("is a libtool archive (.la), which could redirect loading to another file"),
                MOVE_AWAY);
    }
    if (elf_read(run->arena, &input, &runtime->facts, &fault) != 0) {
        return judge_fault(&fault);
    }
    if (identity_read(run->arena, run->keys, runtime->facts.identity, &plugin->identity,
                &reason) != 0) {
        return object(PLUGIN_REFUSED, reason, BUILD_WITH_SDK);
    }
    struct verdict verdict = judge_versions(run->arena, plugin->identity);
    verdict =
            verdict.state == PLUGIN_READY ? judge_entry(run->arena, &runtime->facts) : verdict;
    verdict = verdict.state == PLUGIN_READY ? judge_linking(run->arena, &runtime->facts)
                                            : verdict;
    if (verdict.state == PLUGIN_READY &&
            (!str_ends_with(plugin->name, STR(".so")) || plugin->name.ptr[0] == '.')) {
        return object(PLUGIN_REFUSED, STR("has a name that does not end in .so, or is hidden"),
                "rename the file");
    }
    return verdict;
}

gid_t spared_group(enum plugin_origin origin)
{
    return origin == PLUGIN_BUNDLED ? group_of_program() : NO_GROUP;
}

struct plugin *plugin_examine(struct run *run, const struct trusted_folder *folder,
        struct str name, enum plugin_origin origin)
{
    struct plugin *plugin = ARENA_NEW(run->arena, struct plugin);
    struct plugin_runtime *runtime = ARENA_NEW(run->arena, struct plugin_runtime);
    struct stat stat;
    AUTO_FD fd = -1;
    *plugin = (struct plugin){ .name = name,
        .path = path_join(run->arena, folder->path, name),
        .origin = origin,
        .runtime = runtime };
    runtime->judged = PLUGIN_REFUSED;
    if (trusted_file_open(run->arena, folder, name, &fd, &stat, &runtime->objection) != 0) {
        return plugin;
    }
    plugin->size_bytes = (uint64_t)stat.st_size;
    struct verdict verdict = examine_bytes(run, plugin, fd);
    if (plugin->identity) {
        signature_find(run, folder, plugin, fd);
    }
    /* Who can change the file matters only for files that could be plugins. */
    if (plugin->identity &&
            (!trusted_file_judge(run->arena, folder, name, &stat, &verdict.objection))) {
        verdict.state = PLUGIN_REFUSED;
    } else if (plugin->identity && !folder->is_safe) {
        verdict = (struct verdict){ PLUGIN_REFUSED, folder->objection };
    }
    runtime->judged = verdict.state;
    runtime->objection = verdict.objection;
    return plugin;
}

int plugin_examine_path(struct run *run, struct str path, struct plugin **ret_plugin)
{
    struct trusted_folder folder;
    struct str absolute = path_clean(run->arena, path_join(run->arena, run->folder, path));
    trusted_folder_open(run->arena, path_folder(absolute), NO_GROUP, &folder);
    if (folder.fd < 0) {
        diag_add(&run->diags, &plugin_diags[PLUGIN_FILE_INVALID], MARK_NONE, "%.*s",
                STR_ARG(folder.objection.reason));
        return ERR_INVALID;
    }
    *ret_plugin = plugin_examine(run, &folder, path_base(absolute), PLUGIN_ENVIRONMENT);
    trusted_folder_close(&folder);
    return 0;
}

struct str plugin_shown(struct run *run, const struct plugin *plugin)
{
    return text_shown(run->arena, plugin->path);
}

/* One pass, two digests: of everything, and of the first `content_bytes`. */
static int hash_file(struct arena *arena, int fd, uint64_t content_bytes,
        struct str *ret_digest, struct str *ret_content_digest)
{
    struct sha256 hash;
    struct sha256 content;
    unsigned char bytes[65536];
    uint64_t offset = 0;
    bool is_content_done = false;
    sha256_init(&hash);
    for (;;) {
        uint64_t left = is_content_done ? sizeof(bytes) : content_bytes - offset;
        size_t wanted = left < sizeof(bytes) ? (size_t)left : sizeof(bytes);
        if (wanted == 0) {
            content = hash;
            is_content_done = true;
            continue;
        }
        ssize_t got = pread(fd, bytes, wanted, (off_t)offset);
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got < 0) {
            return ERR_IO;
        }
        if (got == 0) {
            *ret_content_digest =
                    sha256_hex(arena, sha256_finish(is_content_done ? &content : &hash));
            *ret_digest = is_content_done ? sha256_hex(arena, sha256_finish(&hash))
                                          : *ret_content_digest;
            return 0;
        }
        sha256_add(&hash, bytes, (size_t)got);
        offset += (uint64_t)got;
    }
}

/* Opens the file again by its folder, with the same care. */
static int reopen(struct run *run, const struct plugin *plugin, int *ret_fd)
{
    struct trusted_folder folder;
    struct stat stat;
    struct objection objection;
    int code = ERR_IO;
    trusted_folder_open(
            run->arena, path_folder(plugin->path), spared_group(plugin->origin), &folder);
    if (folder.fd >= 0) {
        code = trusted_file_open(run->arena, &folder, plugin->name, ret_fd, &stat, &objection);
    }
    trusted_folder_close(&folder);
    return code;
}

int plugin_hash(struct run *run, struct plugin *plugin)
{
    AUTO_FD fd = -1;
    if (plugin->digest.len > 0) {
        return 0;
    }
    int code = reopen(run, plugin, &fd);
    struct plugin_signature *signature = &plugin->runtime->signature;
    return code == 0 ? hash_file(run->arena, fd, signature->content_bytes, &plugin->digest,
                               &signature->content_digest)
                     : code;
}

int plugin_read_note(struct run *run, const struct plugin *plugin, struct elf_range range,
        struct str *ret_content)
{
    AUTO_FD fd = -1;
    int code = reopen(run, plugin, &fd);
    struct elf_input input = elf_input_fd(&fd, plugin->size_bytes);
    if (code == 0) {
        code = elf_read_range(run->arena, &input, range, ret_content);
    }
    if (code != 0) {
        struct str shown = plugin_shown(run, plugin);
        diag_add(&run->diags, &plugin_diags[PLUGIN_FILE_INVALID], MARK_NONE,
                "the metadata of `%.*s` cannot be read again", STR_ARG(shown));
    }
    return code;
}
