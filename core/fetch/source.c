/* SPDX-License-Identifier: Apache-2.0 */
/* Plugin files from a disk, and which of the files beside reads an address. */
#include <errno.h>
#include <string.h>

#include "fetch.h"

static int refuse_file(struct run *run, struct str path, const char *why)
{
    struct diag *diag = diag_add(&run->diags, &install_diags[INSTALL_NO_FILE], MARK_NONE,
            "`%.*s` %s", STR_ARG(path), why);
    diag->hint = STR("name a plugin file, a folder with plugins, an https:// address or an "
                     "oci:// reference");
    return ERR_INVALID;
}

int address_refuse(struct run *run, struct str address, const char *why)
{
    struct diag *diag = diag_add(&run->diags, &install_diags[INSTALL_ADDRESS], MARK_NONE,
            "`%.*s` %s", STR_ARG(address), why);
    diag->hint = STR("write https://host/path/x.so, oci://host/name:tag or "
                     "oci://host/name@sha256:<digest>");
    return ERR_INVALID;
}

/* A path outside of the repository means nothing to who clones it, and is not written down. */
static struct str recorded_path(struct run *run, struct str path)
{
    struct str repository = run->config ? run->config->base_path : STR_EMPTY;
    return repository.len > 0 && path_is_below(repository, path)
                   ? path_relative(run->arena, repository, path)
                   : STR_EMPTY;
}

static int read_file(struct run *run, struct str path, const struct package_taker *taker)
{
    struct arena *arena = arena_new();
    struct plugin_package package = { .shown = path, .source = recorded_path(run, path) };
    int code = file_read(arena, path, PACKAGE_MAX_BYTES, &package.content);
    if (code != 0) {
        code = refuse_file(run, path,
                code == ERR_LIMIT       ? "is larger than 256 MiB"
                : code == ERR_INVALID   ? "is no file"
                : code == ERR_NOT_FOUND ? "does not exist"
                                        : strerrordesc_np(errno));
        arena_free(arena);
        return code;
    }
    if (!package_is_signed_inside(package.content)) {
        struct str beside = arena_printf(arena, "%.*s.sig", STR_ARG(path));
        code = file_read(arena, beside, PACKAGE_MAX_SIGNATURE_BYTES, &package.signature);
        if (code != 0 && code != ERR_NOT_FOUND) {
            code = refuse_file(run, arena_dup(run->arena, beside), "is no signature");
            arena_free(arena);
            return code;
        }
    }
    code = taker->take(taker->context, &package);
    arena_free(arena);
    return code;
}

/* The digest of one file cannot be that of several: said before the first one is installed. */
static int refuse_second(struct run *run, struct str path)
{
    struct diag *diag = diag_add(&run->diags, &install_diags[INSTALL_DIGEST], MARK_NONE,
            "`%.*s` is a second plugin, and --sha256 is the digest of one", STR_ARG(path));
    diag->hint = STR("name the file instead of its folder");
    return ERR_INVALID;
}

static bool is_candidate(const struct folder_entry *entry)
{
    return entry->kind == FILE_REGULAR && str_ends_with(entry->name, STR(".so"));
}

static int read_folder(struct run *run, struct str path, const struct package_taker *taker)
{
    struct folder_entry *entries = NULL;
    size_t count = 0;
    size_t found = 0;
    int result = 0;
    if (folder_list(run->arena, path, &entries, &count) != 0) {
        return refuse_file(run, path, "cannot be read");
    }
    for (size_t i = 0; i < count; i++) {
        found += is_candidate(&entries[i]);
        if (found > 1 && taker->wants_one) {
            return refuse_second(run, path_join(run->arena, path, entries[i].name));
        }
    }
    for (size_t i = 0; i < count; i++) {
        if (is_candidate(&entries[i])) {
            int code = read_file(run, path_join(run->arena, path, entries[i].name), taker);
            result = result ? result : code;
        }
    }
    return found > 0 ? result : refuse_file(run, path, "holds no file *.so");
}

int packages_fetch(struct run *run, struct str address, const struct package_taker *taker)
{
    if (str_starts_with(address, STR("https://"))) {
        return web_fetch(run, address, taker);
    }
    if (str_starts_with(address, STR("oci://"))) {
        return registry_fetch(run, address, taker);
    }
    if (str_find_str(address, STR("://")) >= 0) {
        return address_refuse(run, address, "has a scheme that plugins do not come over");
    }
    struct str path = path_clean(run->arena, path_join(run->arena, run->folder, address));
    return file_is_folder(path) ? read_folder(run, path, taker) : read_file(run, path, taker);
}
