/* SPDX-License-Identifier: Apache-2.0 */
/* Working folders that live as long as their process: taken with a lock, swept when nobody has it. */
#include "leftovers.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "statement.h"

enum {
    RANDOM_LETTERS = 6 /* of mkdtemp and of file_write_atomic */
};

/* The prefix, then what the C library puts for XXXXXX, and no more. */
static bool is_named(const char *name, struct str prefix)
{
    struct str text = str_from(name);
    if (text.len != prefix.len + RANDOM_LETTERS || !str_starts_with(text, prefix)) {
        return false;
    }
    for (size_t i = prefix.len; i < text.len; i++) {
        char byte = text.ptr[i];
        if (!(byte >= 'a' && byte <= 'z') && !(byte >= 'A' && byte <= 'Z') &&
                !(byte >= '0' && byte <= '9')) {
            return false;
        }
    }
    return true;
}

static DIR *open_list(int folder)
{
    int fd = openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *dir = fd >= 0 ? fdopendir(fd) : NULL;
    if (!dir) {
        fd_cleanup(&fd);
    }
    return dir;
}

/* The next name but "." and ".."; NULL at the end. */
static const char *next_name(DIR *dir)
{
    struct dirent *entry = NULL;
    do {
        /* NOLINTNEXTLINE(concurrency-mt-unsafe): the stream is the caller's alone */
        entry = readdir(dir);
    } while (entry && (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0));
    return entry ? entry->d_name : NULL;
}

/* Does the name still stand for what was opened? */
static bool is_still(int parent, const char *name, int fd)
{
    struct stat here;
    struct stat there;
    return fstat(fd, &here) == 0 && fstatat(parent, name, &there, AT_SYMLINK_NOFOLLOW) == 0 &&
           here.st_dev == there.st_dev && here.st_ino == there.st_ino;
}

/* ---- making one ---- */

/* ERR_CONFLICT when a sweep came in between making and holding. */
static int hold(const char *folder, int *ret_hold)
{
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (fd < 0) {
        return errno == ENOENT ? ERR_CONFLICT : ERR_IO;
    }
    if (flock(fd, LOCK_EX | LOCK_NB) != 0) {
        bool is_swept = errno == EWOULDBLOCK;
        fd_cleanup(&fd);
        *ret_hold = -1;
        return is_swept ? ERR_CONFLICT : 0;
    }
    if (!is_still(AT_FDCWD, folder, fd)) {
        fd_cleanup(&fd);
        return ERR_CONFLICT;
    }
    *ret_hold = fd;
    return 0;
}

int leftover_make(struct arena *arena, struct str parent, struct str *ret_folder, int *ret_hold)
{
    enum {
        TRIES = 16
    };

    int code = ERR_CONFLICT;
    for (int i = 0; i < TRIES && code == ERR_CONFLICT; i++) {
        char *name = arena_cstr(arena, path_join(arena, parent, STR(LEFTOVER_PREFIX "XXXXXX")));
        if (!mkdtemp(name)) {
            return ERR_IO;
        }
        code = hold(name, ret_hold);
        *ret_folder = str_from(name);
    }
    return code == 0 ? 0 : ERR_IO;
}

/* ---- sweeping ---- */

static bool is_part(const char *name)
{
    return strcmp(name, LEFTOVER_FILE) == 0 ||
           strcmp(name, LEFTOVER_FILE STATEMENT_EXTENSION) == 0 ||
           is_named(name, STR("." LEFTOVER_FILE ".")) ||
           is_named(name, STR("." LEFTOVER_FILE STATEMENT_EXTENSION "."));
}

/* True when all entries are what an installation writes; removes them when that is known. */
static bool walk(int folder, bool want_removal)
{
    bool is_ours = true;
    const char *name = NULL;
    DIR *dir = open_list(folder);
    if (!dir) {
        return false;
    }
    while (is_ours && (name = next_name(dir)) != NULL) {
        is_ours = is_part(name) && (!want_removal || unlinkat(folder, name, 0) == 0);
    }
    (void)closedir(dir);
    return is_ours;
}

static bool sweep_one(int parent, const char *name)
{
    struct stat stat;
    AUTO_FD fd = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    return fd >= 0 && fstat(fd, &stat) == 0 && stat.st_uid == geteuid() &&
           flock(fd, LOCK_EX | LOCK_NB) == 0 && is_still(parent, name, fd) && walk(fd, false) &&
           walk(fd, true) && unlinkat(parent, name, AT_REMOVEDIR) == 0;
}

void leftovers_sweep(struct run *run, struct str parent)
{
    const char *name = NULL;
    AUTO_FD fd = open(arena_cstr(run->arena, parent), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *dir = fd >= 0 ? open_list(fd) : NULL;
    if (!dir) {
        return;
    }
    while ((name = next_name(dir)) != NULL) {
        if (is_named(name, STR(LEFTOVER_PREFIX)) && sweep_one(fd, name)) {
            log_at(run->log, LOG_DEBUG,
                    "plugins: removed %s, which a killed command left in %.*s", name,
                    STR_ARG(parent));
        }
    }
    (void)closedir(dir);
}

/* Nobody holds these; writing one takes no hour. */
static bool is_old(struct run *run, int parent, const char *name)
{
    const int64_t hour_ms = 3600 * 1000;
    struct stat stat;
    return fstatat(parent, name, &stat, AT_SYMLINK_NOFOLLOW) == 0 && S_ISREG(stat.st_mode) &&
           stat.st_uid == geteuid() &&
           run->clock->wall_ms(run->clock->context) - (int64_t)stat.st_mtime * 1000 > hour_ms;
}

void leftovers_sweep_file(struct run *run, struct str path)
{
    const char *name = NULL;
    struct str prefix = arena_printf(run->arena, ".%.*s.", STR_ARG(path_base(path)));
    AUTO_FD fd =
            open(arena_cstr(run->arena, path_folder(path)), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *dir = fd >= 0 ? open_list(fd) : NULL;
    if (!dir) {
        return;
    }
    while ((name = next_name(dir)) != NULL) {
        if (is_named(name, prefix) && is_old(run, fd, name)) {
            (void)unlinkat(fd, name, 0);
        }
    }
    (void)closedir(dir);
}
