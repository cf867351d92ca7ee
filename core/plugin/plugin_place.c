/* SPDX-License-Identifier: Apache-2.0 */
/* A plugin file on its way into a plugin folder: written beside its place, then renamed. */
#include "plugin_place.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "leftovers.h"
#include "plugin_set.h"
#include "statement.h"

static int say_failed(struct run *run, const char *what, struct str path)
{
    int error = errno;
    struct str shown = text_shown(run->arena, path);
    struct diag *diag = diag_add(&run->diags, &install_diags[INSTALL_UNWRITABLE], MARK_NONE,
            "`%.*s` cannot be %s: %s", STR_ARG(shown), what, strerrordesc_np(error));
    diag->hint = STR("make the folder writable, or free space on its disk");
    return ERR_IO;
}

static struct str signature_path(struct arena *arena, struct str file)
{
    return arena_printf(arena, "%.*s" STATEMENT_EXTENSION, STR_ARG(file));
}

static bool is_gone(const char *path)
{
    return unlink(path) == 0 || errno == ENOENT;
}

int staging_fill(struct run *run, struct str folder, const struct plugin_package *package,
        struct staging *staging)
{
    struct arena *arena = run->arena;
    *staging = (struct staging){ .parent = folder, .hold = -1 };
    for (struct str above = folder; file_kind_of(above) == FILE_MISSING && above.len > 1;
            above = path_folder(above)) {
        staging->made = above;
    }
    if (staging->made.len > 0 && folder_create(folder, 0755) != 0) {
        return say_failed(run, "made", folder);
    }
    leftovers_sweep(run, folder);
    if (leftover_make(arena, folder, &staging->folder, &staging->hold) != 0) {
        return say_failed(run, "written to", folder);
    }
    staging->file = path_join(arena, staging->folder, STR(LEFTOVER_FILE));
    if (file_write_atomic(staging->file, package->content, 0644) != 0) {
        return say_failed(run, "written", staging->file);
    }
    struct str signature = signature_path(arena, staging->file);
    if (package->signature.len > 0 &&
            file_write_atomic(signature, package->signature, 0644) != 0) {
        return say_failed(run, "written", signature);
    }
    return 0;
}

/* What was renamed is to be found after a power failure too. */
static void flush_folder(struct arena *arena, struct str folder)
{
    AUTO_FD fd = open(arena_cstr(arena, folder), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd >= 0) {
        (void)fsync(fd);
    }
}

/* The signature goes first: between the two steps an old file stands beside a new signature, or beside
 * none, which holds for nothing. */
int staging_place(struct run *run, const struct staging *staging, struct str target)
{
    struct arena *arena = run->arena;
    struct str from = signature_path(arena, staging->file);
    struct str to = signature_path(arena, target);
    if (file_is_regular(from) ? rename(from.ptr, to.ptr) != 0 : !is_gone(to.ptr)) {
        return say_failed(run, "replaced", to);
    }
    flush_folder(arena, path_folder(target));
    if (rename(arena_cstr(arena, staging->file), arena_cstr(arena, target)) != 0) {
        return say_failed(run, "replaced", target);
    }
    flush_folder(arena, path_folder(target));
    return 0;
}

void staging_clear(struct run *run, struct staging *staging)
{
    if (staging->folder.len > 0) {
        (void)unlink(arena_cstr(run->arena, staging->file));
        (void)unlink(signature_path(run->arena, staging->file).ptr);
        (void)rmdir(arena_cstr(run->arena, staging->folder));
        fd_cleanup(&staging->hold);
    }
    /* Only folders that are empty go. */
    for (struct str folder = staging->parent;
            staging->made.len > 0 && folder.len >= staging->made.len;
            folder = path_folder(folder)) {
        (void)rmdir(arena_cstr(run->arena, folder));
    }
}

/* The file first: a signature alone holds for nothing. */
int placed_remove(struct run *run, struct str path)
{
    struct str signature = signature_path(run->arena, path);
    if (!is_gone(arena_cstr(run->arena, path))) {
        return say_failed(run, "removed", path);
    }
    if (!is_gone(signature.ptr)) {
        return say_failed(run, "removed", signature);
    }
    flush_folder(run->arena, path_folder(path));
    leftovers_sweep(run, path_folder(path));
    return 0;
}
