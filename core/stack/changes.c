/* SPDX-License-Identifier: Apache-2.0 */
/* Changed files as a sorted list, from git or by comparing two folders. */
#include "changes.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    PIECE_BYTES = 64 * 1024,
    MAX_LINK_BYTES = 4096,
    MAX_DEPTH = 64
};

VEC_TYPE(paths, struct str);

static int cmp_paths(const void *a, const void *b)
{
    const struct str *left = a;
    const struct str *right = b;
    return str_cmp(*left, *right);
}

static void sort(struct paths *paths)
{
    if (paths->count > 0) {
        qsort(paths->items, paths->count, sizeof(*paths->items), cmp_paths);
    }
}

/* Cuts a text with NUL behind each path. */
static void cut(struct arena *arena, struct str text, struct paths *paths)
{
    bool more = text.len > 0;
    struct str path;
    while (str_split(&text, &more, '\0', &path)) {
        if (path.len) {
            VEC_PUSH(arena, paths, path);
        }
    }
    sort(paths);
}

int changes_since(struct run *run, const struct revision *revision, struct changes *ret_changes)
{
    struct str text = STR_EMPTY;
    struct paths paths = { 0 };
    int r = revision_changes(run, run->config->repository, revision, &text);
    if (r == 0) {
        cut(run->arena, text, &paths);
        *ret_changes = (struct changes){ run->config->repository, paths.items, paths.count };
    }
    return r;
}

/* ---- two folders ---- */

static void walk(
        struct arena *arena, struct str top, struct str below, int depth, struct paths *paths)
{
    struct folder_entry *entries = NULL;
    size_t count = 0;
    if (depth > MAX_DEPTH ||
            folder_list(arena, path_join(arena, top, below), &entries, &count) != 0) {
        return;
    }
    for (size_t i = 0; i < count; i++) {
        struct str name = entries[i].name;
        struct str path = path_join(arena, below, name);
        if (entries[i].kind != FILE_FOLDER || entries[i].is_link) {
            VEC_PUSH(arena, paths, path);
        } else if (!str_eq_cstr(name, ".git") && !str_eq_cstr(name, ".terraform")) {
            walk(arena, top, path, depth + 1, paths);
        }
    }
}

static struct paths files_of(struct run *run, struct str top)
{
    struct paths paths = { 0 };
    struct str text;
    if (revision_files(run, top, &text) == 0) {
        cut(run->arena, text, &paths);
    } else {
        walk(run->arena, top, STR_EMPTY, 0, &paths);
        sort(&paths);
    }
    return paths;
}

static bool is_same_link(const char *a, const char *b)
{
    char left[MAX_LINK_BYTES];
    char right[MAX_LINK_BYTES];
    ssize_t left_size = readlink(a, left, sizeof(left));
    ssize_t right_size = readlink(b, right, sizeof(right));
    return left_size >= 0 && left_size == right_size &&
           memcmp(left, right, (size_t)left_size) == 0;
}

/* As many bytes as there are, at most `size`; negative on failure. */
static ssize_t read_piece(int fd, char *bytes, size_t size)
{
    size_t have = 0;
    while (have < size) {
        ssize_t got = TEMP_FAILURE_RETRY(read(fd, bytes + have, size - have));
        if (got < 0) {
            return got;
        }
        if (got == 0) {
            break;
        }
        have += (size_t)got;
    }
    return (ssize_t)have;
}

static bool is_same_content(const char *a, const char *b)
{
    AUTO_FD left = open(a, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    AUTO_FD right = open(b, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    char left_bytes[PIECE_BYTES];
    char right_bytes[PIECE_BYTES];
    while (left >= 0 && right >= 0) {
        ssize_t left_size = read_piece(left, left_bytes, sizeof(left_bytes));
        ssize_t right_size = read_piece(right, right_bytes, sizeof(right_bytes));
        if (left_size < 0 || left_size != right_size ||
                memcmp(left_bytes, right_bytes, (size_t)left_size) != 0) {
            return false;
        }
        if (left_size == 0) {
            return true;
        }
    }
    return false;
}

/* What cannot be read differs. Two that are missing (deleted, but still known to git) do not. */
static bool is_same_file(struct arena *arena, struct str a, struct str b)
{
    struct stat left;
    struct stat right;
    const char *left_path = arena_cstr(arena, a);
    const char *right_path = arena_cstr(arena, b);
    bool has_left = lstat(left_path, &left) == 0;
    bool has_right = lstat(right_path, &right) == 0;
    if (!has_left || !has_right) {
        return has_left == has_right;
    }
    if ((left.st_mode & S_IFMT) != (right.st_mode & S_IFMT)) {
        return false;
    }
    if (S_ISLNK(left.st_mode)) {
        return is_same_link(left_path, right_path);
    }
    if (!S_ISREG(left.st_mode)) {
        return true; /* folders of submodules, FIFOs: nothing to read */
    }
    return left.st_size == right.st_size && is_same_content(left_path, right_path);
}

int changes_between(struct run *run, struct str other, struct changes *ret_changes)
{
    struct str here = run->config->repository;
    struct paths ours = files_of(run, here);
    struct paths theirs = files_of(run, other);
    struct paths changed = { 0 };
    size_t i = 0;
    size_t j = 0;
    while (i < ours.count || j < theirs.count) {
        int order = i == ours.count     ? 1
                    : j == theirs.count ? -1
                                        : str_cmp(ours.items[i], theirs.items[j]);
        struct str path = order <= 0 ? ours.items[i] : theirs.items[j];
        if (!is_same_file(run->arena, path_join(run->arena, here, path),
                    path_join(run->arena, other, path))) {
            VEC_PUSH(run->arena, &changed, path);
        }
        i += order <= 0;
        j += order >= 0;
    }
    *ret_changes = (struct changes){ here, changed.items, changed.count };
    return 0;
}

/* ---- asking ---- */

/* The first path that is not before `text`. */
static size_t lower_bound(const struct changes *changes, struct str text)
{
    size_t from = 0;
    size_t to = changes->count;
    while (from < to) {
        size_t middle = from + (to - from) / 2;
        if (str_cmp(changes->paths[middle], text) < 0) {
            from = middle + 1;
        } else {
            to = middle;
        }
    }
    return from;
}

bool changes_file(struct run *run, const struct changes *changes, struct str path)
{
    if (!path_is_below(changes->repository, path)) {
        return false;
    }
    struct str name = path_relative(run->arena, changes->repository, path);
    size_t at = lower_bound(changes, name);
    return at < changes->count && str_eq(changes->paths[at], name);
}

bool changes_below(struct run *run, const struct changes *changes, struct str folder)
{
    if (!path_is_below(changes->repository, folder)) {
        return false;
    }
    struct str name = path_relative(run->arena, changes->repository, folder);
    if (str_eq_cstr(name, ".")) {
        return changes->count > 0;
    }
    struct str prefix = arena_printf(run->arena, "%.*s/", STR_ARG(name));
    size_t at = lower_bound(changes, prefix);
    return at < changes->count && str_starts_with(changes->paths[at], prefix);
}
