/* SPDX-License-Identifier: Apache-2.0 */
/* Who can write what: folders walked by descriptor, files opened without following links. */
#include "trust.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

struct str text_shown(struct arena *arena, struct str text)
{
    bool is_text = str_is_utf8(text);
    char *copy = arena_cstr(arena, text);
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)copy[i];
        if (c < ' ' || c == 0x7f || (c >= 0x80 && !is_text)) {
            copy[i] = '?';
        }
    }
    return (struct str){ copy, text.len };
}

struct str path_for_shell(struct arena *arena, struct str path)
{
    struct str shown = text_shown(arena, path);
    for (size_t i = 0; i < shown.len; i++) {
        unsigned char c = (unsigned char)shown.ptr[i];
        bool is_plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                        (c >= '0' && c <= '9') || c >= 0x80 || strchr("/._-+:@,", c) != NULL;
        if (!is_plain) {
            AUTO_BUF quoted = BUF_INIT(BUF_UNBOUNDED);
            buf_add_byte(&quoted, '\'');
            for (size_t k = 0; k < shown.len; k++) {
                if (shown.ptr[k] == '\'') {
                    buf_add(&quoted, STR("'\\''"));
                } else {
                    buf_add_byte(&quoted, shown.ptr[k]);
                }
            }
            buf_add_byte(&quoted, '\'');
            return arena_dup(arena, buf_str(&quoted));
        }
    }
    return shown;
}

/* Who beside the owner can write; NULL: nobody that matters. */
static const char *writers(const struct stat *stat, gid_t spared)
{
    if ((stat->st_mode & S_IWOTH) != 0) {
        return "everyone";
    }
    bool is_spared = spared != NO_GROUP && stat->st_gid == spared;
    return (stat->st_mode & S_IWGRP) != 0 && !is_spared ? "its group" : NULL;
}

gid_t group_of_program(void)
{
    char path[4096];
    struct stat program;
    ssize_t len = readlink("/proc/self/exe", path, sizeof(path) - 1);
    if (len <= 0) {
        return NO_GROUP;
    }
    path[len] = '\0';
    if (stat(path, &program) == 0 && (program.st_mode & S_IWGRP) != 0) {
        return program.st_gid;
    }
    char *slash = strrchr(path, '/');
    if (slash && slash != path) {
        *slash = '\0';
        if (stat(path, &program) == 0 && (program.st_mode & S_IWGRP) != 0) {
            return program.st_gid;
        }
    }
    return NO_GROUP;
}

/* One folder on the way. `is_last`: the plugin folder itself. */
static bool judge_folder(struct arena *arena, struct str path, const struct stat *stat,
        gid_t spared, bool is_last, struct objection *ret_objection)
{
    struct str shown = text_shown(arena, path);
    if (stat->st_uid != 0 && stat->st_uid != geteuid()) {
        ret_objection->reason =
                arena_printf(arena, "the folder `%.*s` belongs to another user (id %lu)",
                        STR_ARG(shown), (unsigned long)stat->st_uid);
        struct str quoted = path_for_shell(arena, path);
        ret_objection->next = arena_printf(
                arena, "chown %lu %.*s", (unsigned long)geteuid(), STR_ARG(quoted));
        ret_objection->code = &trust_diags[TRUST_FOLDER_OWNER];
        return false;
    }
    bool is_sticky_above = !is_last && (stat->st_mode & S_ISVTX) != 0;
    const char *who = writers(stat, spared);
    if (who && !is_sticky_above) {
        ret_objection->reason = arena_printf(
                arena, "the folder `%.*s` can be written by %s", STR_ARG(shown), who);
        struct str quoted = path_for_shell(arena, path);
        ret_objection->next = arena_printf(arena, "chmod go-w %.*s", STR_ARG(quoted));
        ret_objection->code = &trust_diags[TRUST_FOLDER_WRITABLE];
        return false;
    }
    return true;
}

static void say_unreadable(
        struct arena *arena, struct str path, int error, struct objection *ret_objection)
{
    struct str shown = text_shown(arena, path);
    ret_objection->reason = arena_printf(arena, "the folder `%.*s` cannot be read: %s",
            STR_ARG(shown), strerrordesc_np(error));
}

/* Opens each component below the one before; judges all of them. */
static void walk_down(struct arena *arena, struct trusted_folder *folder)
{
    struct str rest = str_from_index(folder->real, 1);
    struct str piece;
    bool more = rest.len > 0;
    size_t done = 0;
    int fd = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
    folder->is_safe = true;
    while (fd >= 0) {
        struct stat stat;
        struct str here = done == 0 ? STR("/") : str_sub(folder->real, 0, done);
        bool is_last = !more;
        if (fstat(fd, &stat) != 0) {
            break;
        }
        folder->is_safe = folder->is_safe && judge_folder(arena, here, &stat, folder->spared,
                                                     is_last, &folder->objection);
        if (is_last) {
            folder->fd = openat(fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
            break;
        }
        (void)str_split(&rest, &more, '/', &piece);
        done += 1 + piece.len;
        int next = openat(
                fd, arena_cstr(arena, piece), O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
        int error = errno;
        close(fd);
        fd = next;
        errno = error;
    }
    if (folder->fd < 0) {
        say_unreadable(arena, folder->path, errno, &folder->objection);
        folder->is_safe = false;
    }
    if (fd >= 0) {
        close(fd);
    }
}

void trusted_folder_open(
        struct arena *arena, struct str path, gid_t spared, struct trusted_folder *ret_folder)
{
    *ret_folder = (struct trusted_folder){ .path = path, .fd = -1, .spared = spared };
    int code = path_resolve(arena, path, &ret_folder->real);
    if (code != 0) {
        ret_folder->is_missing = code == ERR_NOT_FOUND || errno == ENOTDIR;
        say_unreadable(
                arena, path, ret_folder->is_missing ? ENOENT : errno, &ret_folder->objection);
        return;
    }
    walk_down(arena, ret_folder);
}

void trusted_folder_close(struct trusted_folder *folder)
{
    if (folder->fd >= 0) {
        close(folder->fd);
        folder->fd = -1;
    }
}

/* What is wrong with a directory entry that is not a regular file. */
static struct str kind_reason(
        struct arena *arena, int folder_fd, const char *name, const struct stat *stat)
{
    char target[256];
    ssize_t len;
    switch (stat->st_mode & S_IFMT) {
    case S_IFLNK:
        len = readlinkat(folder_fd, name, target, sizeof(target));
        if (len > 0) {
            struct str shown = text_shown(arena, (struct str){ target, (size_t)len });
            return arena_printf(
                    arena, "is a symbolic link (to `%.*s`), not a file itself", STR_ARG(shown));
        }
        return STR("is a symbolic link, not a file itself");
    case S_IFDIR:
        return STR("is a folder; plugins lie directly in the plugin folder");
    case S_IFIFO:
        return STR("is a named pipe, not a regular file");
    case S_IFSOCK:
        return STR("is a socket, not a regular file");
    default:
        return STR("is a device, not a regular file");
    }
}

int trusted_file_open(struct arena *arena, const struct trusted_folder *folder, struct str name,
        int *ret_fd, struct stat *ret_stat, struct objection *ret_objection)
{
    const char *cname = arena_cstr(arena, name);
    struct stat before;
    /* Looked at before it is opened: opening a device can have effects. */
    if (fstatat(folder->fd, cname, &before, AT_SYMLINK_NOFOLLOW) != 0) {
        ret_objection->reason =
                arena_printf(arena, "cannot be looked at: %s", strerrordesc_np(errno));
        return ERR_IO;
    }
    if (!S_ISREG(before.st_mode)) {
        ret_objection->reason = kind_reason(arena, folder->fd, cname, &before);
        ret_objection->next = STR("move it out of the plugin folder");
        return ERR_INVALID;
    }
    int fd = openat(
            folder->fd, cname, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (fd < 0) {
        ret_objection->reason =
                arena_printf(arena, "cannot be read: %s", strerrordesc_np(errno));
        ret_objection->next = STR("make the file readable, or remove it");
        return ERR_IO;
    }
    if (fstat(fd, ret_stat) != 0 || !S_ISREG(ret_stat->st_mode)) {
        close(fd);
        ret_objection->reason = STR("was replaced while it was opened");
        return ERR_IO;
    }
    *ret_fd = fd;
    return 0;
}

bool trusted_file_judge(struct arena *arena, const struct trusted_folder *folder,
        struct str name, const struct stat *stat, struct objection *ret_objection)
{
    const char *who = writers(stat, folder->spared);
    struct str quoted = path_for_shell(arena, path_join(arena, folder->path, name));
    if (stat->st_uid != 0 && stat->st_uid != geteuid()) {
        ret_objection->reason = arena_printf(
                arena, "belongs to another user (id %lu)", (unsigned long)stat->st_uid);
        ret_objection->next = arena_printf(
                arena, "chown %lu %.*s", (unsigned long)geteuid(), STR_ARG(quoted));
        ret_objection->code = &trust_diags[TRUST_FILE_OWNER];
        return false;
    }
    if (who) {
        ret_objection->reason = arena_printf(arena, "can be written by %s", who);
        ret_objection->next = arena_printf(arena, "chmod go-w %.*s", STR_ARG(quoted));
        ret_objection->code = &trust_diags[TRUST_FILE_WRITABLE];
        return false;
    }
    return true;
}

int trusted_file_read(struct arena *arena, struct str folder, struct str name, size_t max_bytes,
        struct str *ret_content, struct objection *ret_objection)
{
    struct trusted_folder opened;
    struct stat stat;
    AUTO_FD fd = -1;
    trusted_folder_open(arena, folder, NO_GROUP, &opened);
    int code = opened.is_missing ? ERR_NOT_FOUND : opened.fd < 0 ? ERR_IO : 0;
    *ret_objection = opened.objection;
    if (code == 0 &&
            fstatat(opened.fd, arena_cstr(arena, name), &stat, AT_SYMLINK_NOFOLLOW) != 0 &&
            errno == ENOENT) {
        code = ERR_NOT_FOUND;
    }
    if (code == 0 && !opened.is_safe) {
        code = ERR_DENIED;
        ret_objection->reason = arena_printf(
                arena, "cannot be trusted: %.*s", STR_ARG(opened.objection.reason));
    }
    code = code == 0 ? trusted_file_open(arena, &opened, name, &fd, &stat, ret_objection)
                     : code;
    if (code == 0 && !trusted_file_judge(arena, &opened, name, &stat, ret_objection)) {
        code = ERR_DENIED;
    }
    trusted_folder_close(&opened);
    if (code != 0) {
        return code;
    }
    /* It may have changed since it was looked at. */
    code = fd_read_all(arena, fd, max_bytes, ret_content);
    if (code != 0) {
        ret_objection->reason =
                code == ERR_LIMIT ? arena_printf(arena, "is larger than %zu bytes", max_bytes)
                                  : STR("cannot be read to its end");
    }
    return code;
}
