/* SPDX-License-Identifier: Apache-2.0 */
/* Folders read as a whole, to be copied. */
#ifndef TFATMOS_BASE_FILE_TREE_H
#define TFATMOS_BASE_FILE_TREE_H

#include "arena.h"
#include "vec.h"

struct tree_file {
    struct str path; /* below the top */
    struct str content;
};

VEC_TYPE(tree_files, struct tree_file);

struct tree_limits {
    size_t depth; /* of folders below the top */
    size_t files; /* of all that are in the list then */
    size_t file_bytes;
    bool (*is_left_out)(
            struct str path); /* files and folders that do not count; NULL: all do */
};

/*
 * Adds every file below `top`, folder by folder in byte order, links followed. ERR_IO with *ret_path,
 * the file or folder it is about, and errno: EFBIG, E2BIG and ELOOP for what is beyond a limit.
 */
int tree_read(struct arena *arena, struct str top, const struct tree_limits *limits,
        struct tree_files *files, struct str *ret_path);

#endif
