/* SPDX-License-Identifier: Apache-2.0 */
/* Files and folders. */
#include "file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "buf.h"
#include "err.h"
#include "path.h"
#include "vec.h"

void fd_cleanup(int *fd)
{
    if (*fd >= 0) {
        int saved = errno;
        (void)close(*fd);
        errno = saved;
        *fd = -1;
    }
}

/*
 * A NUL-terminated copy on the stack of the caller: the system's limit is PATH_MAX anyway.
 * A path with a NUL inside names no file.
 */
static bool to_c_path(char ret_path[PATH_MAX], struct str path)
{
    if (path.len >= PATH_MAX || (path.len > 0 && memchr(path.ptr, '\0', path.len))) {
        errno = path.len >= PATH_MAX ? ENAMETOOLONG : ENOENT;
        return false;
    }
    if (path.len > 0) {
        memcpy(ret_path, path.ptr, path.len);
    }
    ret_path[path.len] = '\0';
    return true;
}

static enum file_kind kind_of_mode(mode_t mode)
{
    if (S_ISREG(mode)) {
        return FILE_REGULAR;
    }
    return S_ISDIR(mode) ? FILE_FOLDER : FILE_OTHER;
}

static bool is_missing(int error)
{
    return error == ENOENT || error == ENOTDIR || error == ENAMETOOLONG;
}

enum file_kind file_kind_of(struct str path)
{
    char c_path[PATH_MAX];
    struct stat info;
    if (!to_c_path(c_path, path) || stat(c_path, &info) != 0) {
        return is_missing(errno) ? FILE_MISSING : FILE_OTHER;
    }
    return kind_of_mode(info.st_mode);
}

bool file_is_regular(struct str path)
{
    return file_kind_of(path) == FILE_REGULAR;
}

bool file_is_folder(struct str path)
{
    return file_kind_of(path) == FILE_FOLDER;
}

bool file_is_present(struct str path)
{
    enum file_kind kind = file_kind_of(path);
    return kind == FILE_REGULAR || kind == FILE_OTHER;
}

/* Adds all until the end of the file, or until there is more than `max_bytes`. */
static int add_all(int fd, size_t expected, size_t max_bytes, struct buf *content)
{
    size_t step = expected > 0 && expected < max_bytes ? expected + 1 : 64 * 1024;
    for (;;) {
        char *room = buf_reserve(content, step);
        if (!room) {
            errno = EFBIG;
            return ERR_LIMIT;
        }
        ssize_t got = read(fd, room, step);
        if (got < 0) {
            if (errno == EINTR) {
                continue;
            }
            return ERR_IO;
        }
        buf_commit(content, (size_t)got);
        if (content->len > max_bytes) {
            errno = EFBIG;
            return ERR_LIMIT;
        }
        if (got == 0) {
            return 0;
        }
    }
}

/* `expected` bytes are there when nobody changes the file meanwhile; 0: not known. */
static int read_all(
        struct arena *arena, int fd, size_t expected, size_t max_bytes, struct str *ret_content)
{
    /* Room for one byte more than allowed, and for the last read that finds the end. */
    AUTO_BUF content = BUF_INIT(max_bytes + 2 * 64 * 1024 + 2);
    int code = add_all(fd, expected, max_bytes, &content);
    if (code == 0) {
        *ret_content = arena_dup(arena, buf_str(&content));
    }
    return code;
}

int fd_read_all(struct arena *arena, int fd, size_t max_bytes, struct str *ret_content)
{
    return read_all(arena, fd, 0, max_bytes, ret_content);
}

int file_read(struct arena *arena, struct str path, size_t max_bytes, struct str *ret_content)
{
    char c_path[PATH_MAX];
    struct stat info;
    if (!to_c_path(c_path, path)) {
        return is_missing(errno) ? ERR_NOT_FOUND : ERR_IO;
    }
    /* O_NONBLOCK: opening a FIFO must not wait for a writer. */
    AUTO_FD fd = open(c_path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (fd < 0) {
        return is_missing(errno) ? ERR_NOT_FOUND : ERR_IO;
    }
    if (fstat(fd, &info) != 0) {
        return ERR_IO;
    }
    if (!S_ISREG(info.st_mode)) {
        errno = S_ISDIR(info.st_mode) ? EISDIR : EINVAL;
        return ERR_INVALID;
    }
    if (info.st_size > 0 && (uint64_t)info.st_size > max_bytes) {
        errno = EFBIG;
        return ERR_LIMIT;
    }
    return read_all(arena, fd, (size_t)info.st_size, max_bytes, ret_content);
}

const char *file_read_reason(int code)
{
    const char *why = code == ERR_INVALID ? "it is not a regular file"
                      : code == ERR_LIMIT ? "it is too large"
                                          : strerrordesc_np(errno);
    return why ? why : "unknown error";
}

int fd_write_all(int fd, struct str content)
{
    while (content.len > 0) {
        ssize_t wrote = write(fd, content.ptr, content.len);
        if (wrote < 0 && errno == EINTR) {
            continue;
        }
        if (wrote < 0) {
            return ERR_IO;
        }
        content.ptr += wrote;
        content.len -= (size_t)wrote;
    }
    return 0;
}

/* Makes the rename itself durable; a file system that cannot is not an error. */
static void flush_folder(const char *c_path)
{
    char folder[PATH_MAX];
    struct str parent = path_folder(str_from(c_path));
    if (!to_c_path(folder, parent.len ? parent : STR("."))) {
        return;
    }
    AUTO_FD fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd >= 0) {
        (void)fsync(fd);
    }
}

static int fill_and_rename(
        int fd, const char *temporary, const char *target, struct str content, mode_t mode)
{
    if (fchmod(fd, mode) != 0 || fd_write_all(fd, content) != 0 || fsync(fd) != 0 ||
            rename(temporary, target) != 0) {
        int saved = errno;
        (void)unlink(temporary);
        errno = saved;
        return ERR_IO;
    }
    flush_folder(target);
    return 0;
}

int file_write_atomic(struct str path, struct str content, mode_t mode)
{
    char target[PATH_MAX];
    char temporary[PATH_MAX];
    if (!to_c_path(target, path)) {
        return ERR_IO;
    }
    struct str folder = path_folder(path);
    int len = snprintf(temporary, sizeof(temporary), "%.*s%s.%.*s.XXXXXX", STR_ARG(folder),
            folder.len > 0 && folder.ptr[folder.len - 1] != '/' ? "/" : "",
            STR_ARG(path_base(path)));
    if (len < 0 || (size_t)len >= sizeof(temporary)) {
        errno = ENAMETOOLONG;
        return ERR_IO;
    }
    AUTO_FD fd = mkostemp(temporary, O_CLOEXEC);
    if (fd < 0) {
        return ERR_IO;
    }
    return fill_and_rename(fd, temporary, target, content, mode);
}

int file_open_append(struct str path, int flags, mode_t mode, int *ret_fd)
{
    char c_path[PATH_MAX];
    struct stat info;
    if (!to_c_path(c_path, path)) {
        return ERR_IO;
    }
    int fd = open(c_path,
            O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOCTTY | O_NONBLOCK | flags, mode);
    if (fd < 0) {
        if (errno == ENXIO && stat(c_path, &info) == 0 && S_ISFIFO(info.st_mode)) {
            errno = EPIPE;
        }
        return ERR_IO;
    }
    /* Only opening must not wait; a reader may be slower than we are. */
    int status = fcntl(fd, F_GETFL);
    if (status < 0 || fcntl(fd, F_SETFL, status & ~O_NONBLOCK) != 0) {
        fd_cleanup(&fd);
        return ERR_IO;
    }
    *ret_fd = fd;
    return 0;
}

int file_append(struct str path, struct str content, mode_t mode)
{
    AUTO_FD fd = -1;
    int code = file_open_append(path, 0, mode, &fd);
    return code != 0 ? code : fd_write_all(fd, content);
}

int folder_create(struct str path, mode_t mode)
{
    char c_path[PATH_MAX];
    if (!to_c_path(c_path, path)) {
        return ERR_IO;
    }
    for (size_t i = 1; i <= path.len; i++) {
        if (c_path[i] != '/' && c_path[i] != '\0') {
            continue;
        }
        char saved = c_path[i];
        c_path[i] = '\0';
        if (mkdir(c_path, mode) != 0 && errno != EEXIST) {
            return ERR_IO;
        }
        c_path[i] = saved;
    }
    if (!file_is_folder(path)) {
        errno = ENOTDIR;
        return ERR_IO;
    }
    return 0;
}

static int cmp_entries(const void *left, const void *right)
{
    const struct folder_entry *a = left;
    const struct folder_entry *b = right;
    return str_cmp(a->name, b->name);
}

/* Kind of a directory entry; asks the system only when readdir did not say or it is a link. */
static struct folder_entry describe_entry(
        struct arena *arena, int folder_fd, const struct dirent *item)
{
    struct folder_entry entry = { .name = arena_dup(arena, str_from(item->d_name)) };
    struct stat info;
    if (item->d_type == DT_REG) {
        entry.kind = FILE_REGULAR;
    } else if (item->d_type == DT_DIR) {
        entry.kind = FILE_FOLDER;
    } else {
        /* NOLINTNEXTLINE(clang-analyzer-unix.StdCLibraryFunctions): the folder is open */
        entry.is_link = fstatat(folder_fd, item->d_name, &info, AT_SYMLINK_NOFOLLOW) == 0 &&
                        S_ISLNK(info.st_mode);
        entry.kind = fstatat(folder_fd, item->d_name, &info, 0) == 0
                             ? kind_of_mode(info.st_mode)
                             : FILE_MISSING;
    }
    return entry;
}

static void close_folder(DIR **folder)
{
    if (*folder) {
        (void)closedir(*folder);
    }
}

int folder_list(struct arena *arena, struct str path, struct folder_entry **ret_entries,
        size_t *ret_count)
{
    char c_path[PATH_MAX];
    VEC(struct folder_entry) entries = { 0 };
    if (!to_c_path(c_path, path)) {
        return is_missing(errno) ? ERR_NOT_FOUND : ERR_IO;
    }
    __attribute__((cleanup(close_folder))) DIR *folder = opendir(c_path);
    if (!folder) {
        return is_missing(errno) ? ERR_NOT_FOUND : ERR_IO;
    }
    for (;;) {
        errno = 0;
        const struct dirent *item = readdir(folder);
        if (!item) {
            if (errno != 0) {
                return ERR_IO;
            }
            break;
        }
        if (strcmp(item->d_name, ".") != 0 && strcmp(item->d_name, "..") != 0) {
            VEC_PUSH(arena, &entries, describe_entry(arena, dirfd(folder), item));
        }
    }
    if (entries.count > 0) {
        qsort(entries.items, entries.count, sizeof(*entries.items), cmp_entries);
    }
    *ret_entries = entries.items;
    *ret_count = entries.count;
    return 0;
}

int folder_current(struct arena *arena, struct str *ret_path)
{
    char path[PATH_MAX];
    if (!getcwd(path, sizeof(path))) {
        return ERR_IO;
    }
    *ret_path = arena_dup(arena, str_from(path));
    return 0;
}

int path_resolve(struct arena *arena, struct str path, struct str *ret_path)
{
    char c_path[PATH_MAX];
    char resolved[PATH_MAX];
    if (!to_c_path(c_path, path) || !realpath(c_path, resolved)) {
        return is_missing(errno) ? ERR_NOT_FOUND : ERR_IO;
    }
    *ret_path = arena_dup(arena, str_from(resolved));
    return 0;
}

static int remove_entry(const char *path, const struct stat *info, int kind, struct FTW *place)
{
    (void)info;
    (void)kind;
    (void)place;
    (void)remove(path);
    return 0;
}

void folder_remove(struct str path)
{
    enum {
        OPEN_FOLDERS = 32
    };

    char name[PATH_MAX];
    if (to_c_path(name, path)) {
        (void)nftw(name, remove_entry, OPEN_FOLDERS, FTW_DEPTH | FTW_PHYS);
    }
}

struct str program_path(struct arena *arena)
{
    char path[PATH_MAX];
    ssize_t len = readlink("/proc/self/exe", path, sizeof(path));
    bool is_known = len > 0 && (size_t)len < sizeof(path);
    return is_known ? arena_dup(arena, (struct str){ path, (size_t)len }) : STR_EMPTY;
}

struct str program_companion(struct arena *arena, struct str beside, struct str installed)
{
    struct str program = program_path(arena);
    if (program.len == 0) {
        return STR_EMPTY;
    }
    struct str folder = path_folder(program);
    struct str near = path_join(arena, folder, beside);
    return file_kind_of(near) != FILE_MISSING
                   ? near
                   : path_clean(arena, path_join(arena, folder, installed));
}
