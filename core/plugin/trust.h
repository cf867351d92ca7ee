/* SPDX-License-Identifier: Apache-2.0 */
/* Opening plugin folders and files so that nobody else can have put something there. */
#ifndef TFATMOS_PLUGIN_TRUST_H
#define TFATMOS_PLUGIN_TRUST_H

#include <sys/stat.h>

#include "base/base.h"
#include "trust_diag.h"

/* Why something is not trusted, and one command or action that puts it right. */
struct objection {
    struct str reason; /* completes "the file ...", or a sentence about a folder */
    struct str next;
    const struct diag_kind *code; /* when it has one of its own; else NULL */
};

#define NO_GROUP ((gid_t) - 1)

/* A folder opened for reading its entries, with the judgement of it and of all folders above it. */
struct trusted_folder {
    struct str path; /* as given */
    struct str real; /* symbolic links resolved */
    int fd; /* -1 when it could not be opened */
    gid_t spared; /* group that may write; NO_GROUP: none */
    bool is_missing;
    bool is_safe;
    struct objection objection; /* when it is not safe, or could not be opened */
};

/*
 * Resolves the path, then walks down from the root, each step relative to the one before and without
 * following links, so that what was judged is what was opened. A folder is safe when it and all above
 * it belong to root or to us and cannot be written by others; a sticky folder of root's (such as /tmp)
 * may stand above it, since others cannot replace our entries there, but cannot be it.
 */
void trusted_folder_open(
        struct arena *arena, struct str path, gid_t spared, struct trusted_folder *ret_folder);
void trusted_folder_close(struct trusted_folder *folder);

/*
 * Opens an entry of the folder for reading: only a regular file, links not followed, never blocking.
 * 0, or ERR_INVALID (another kind of file) or ERR_IO, with the objection filled.
 */
int trusted_file_open(struct arena *arena, const struct trusted_folder *folder, struct str name,
        int *ret_fd, struct stat *ret_stat, struct objection *ret_objection);

/* Owner and mode of an open file in the folder; true when they are fine. */
bool trusted_file_judge(struct arena *arena, const struct trusted_folder *folder,
        struct str name, const struct stat *stat, struct objection *ret_objection);

/*
 * Reads a file that must be nobody else's: folder and file are judged, links are not followed. 0, or
 * ERR_NOT_FOUND (no such file or folder), ERR_DENIED, ERR_LIMIT, ERR_INVALID, ERR_IO with the objection
 * filled.
 */
int trusted_file_read(struct arena *arena, struct str folder, struct str name, size_t max_bytes,
        struct str *ret_content, struct objection *ret_objection);

/*
 * The group that can replace this program itself, because the program or its folder is writable by it
 * (a build tree made with umask 002); else NO_GROUP. What lies beside the program need not be harder
 * to replace than the program.
 */
gid_t group_of_program(void);

/* Text for people: control characters and bytes that are not UTF-8 become '?'. */
struct str text_shown(struct arena *arena, struct str text);
/* The same, quoted for a shell where needed. */
struct str path_for_shell(struct arena *arena, struct str path);

#endif
