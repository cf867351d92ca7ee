/* SPDX-License-Identifier: Apache-2.0 */
/* Folders read as a whole. */
#include "file_tree.h"

#include <errno.h>

#include "err.h"
#include "file.h"
#include "path.h"

struct reading {
    struct arena *arena;
    struct str top;
    const struct tree_limits *limits;
    struct tree_files *files;
    struct str failed;
};

static int fail(struct reading *reading, struct str path, int error)
{
    reading->failed = path;
    errno = error;
    return ERR_IO;
}

static int read_one(struct reading *reading, struct str path)
{
    struct tree_file file = { .path = path };
    struct str full = path_join(reading->arena, reading->top, path);
    if (reading->files->count >= reading->limits->files) {
        return fail(reading, path_folder(full), E2BIG);
    }
    if (file_read(reading->arena, full, reading->limits->file_bytes, &file.content) != 0) {
        return fail(reading, full, errno);
    }
    VEC_PUSH(reading->arena, reading->files, file);
    return 0;
}

static int read_below(struct reading *reading, struct str within, size_t depth)
{
    struct folder_entry *entries = NULL;
    size_t count = 0;
    int code = 0;
    struct str folder = path_join(reading->arena, reading->top, within);
    if (depth > reading->limits->depth) {
        return fail(reading, folder, ELOOP);
    }
    if (folder_list(reading->arena, folder, &entries, &count) != 0) {
        return fail(reading, folder, errno);
    }
    for (size_t i = 0; i < count && code == 0; i++) {
        struct str path = within.len > 0 ? path_join(reading->arena, within, entries[i].name)
                                         : entries[i].name;
        if (reading->limits->is_left_out && reading->limits->is_left_out(path)) {
            continue;
        }
        code = entries[i].kind == FILE_FOLDER ? read_below(reading, path, depth + 1)
                                              : read_one(reading, path);
    }
    return code;
}

int tree_read(struct arena *arena, struct str top, const struct tree_limits *limits,
        struct tree_files *files, struct str *ret_path)
{
    struct reading reading = { arena, top, limits, files, STR_EMPTY };
    int code = read_below(&reading, STR_EMPTY, 0);
    if (code != 0) {
        *ret_path = reading.failed;
    }
    return code;
}
