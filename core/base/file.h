/* SPDX-License-Identifier: Apache-2.0 */
/* Files: reading with a limit, writing atomically, walking folders. Sets errno on failure. */
#ifndef TFATMOS_BASE_FILE_H
#define TFATMOS_BASE_FILE_H

#include <sys/stat.h>

#include "arena.h"

enum file_kind {
    FILE_MISSING,
    FILE_REGULAR,
    FILE_FOLDER,
    FILE_OTHER /* FIFO, socket, device */
};

/* Follows symbolic links. An error other than "missing" gives FILE_OTHER with errno set. */
enum file_kind file_kind_of(struct str path);
bool file_is_regular(struct str path);
bool file_is_folder(struct str path);
/* Whether anything but a folder is there, be it a FIFO or what we may not look at: who looks for a file to
 * read finds this one, and reading it says what is wrong with it. */
bool file_is_present(struct str path);

/*
 * Reads a whole regular file of at most `max_bytes` into the arena. Opens without blocking, so that
 * a FIFO is refused instead of waited for. ERR_NOT_FOUND, ERR_INVALID (not a regular file),
 * ERR_LIMIT (too large), ERR_IO (errno says why).
 */
int file_read(struct arena *arena, struct str path, size_t max_bytes, struct str *ret_content);

/* Why file_read failed, for users: "it is not a regular file"; called before errno changes. */
const char *file_read_reason(int code);

/*
 * Writes `content` under a temporary name in the same folder, flushes it to disk and renames it
 * over `path`: readers see the old file or the new one. On failure nothing is left behind and the
 * old file is untouched. `mode` is set exactly, whatever the umask. ERR_IO.
 */
int file_write_atomic(struct str path, struct str content, mode_t mode);
/*
 * Opens a file for writing at its end and makes it with `mode` when there is none; `flags` are more of
 * open(2). A FIFO that nobody reads is refused (EPIPE) instead of waited for. ERR_IO.
 */
int file_open_append(struct str path, int flags, mode_t mode, int *ret_fd);
/* Adds `content` at the end of the file, which is made with `mode` when there is none. ERR_IO. */
int file_append(struct str path, struct str content, mode_t mode);

/* Creates the folder and its parents. ERR_IO. */
int folder_create(struct str path, mode_t mode);

struct folder_entry {
    struct str name;
    enum file_kind kind; /* links followed */
    bool is_link;
};

/* Entries of a folder without "." and "..", sorted by bytes. ERR_NOT_FOUND, ERR_IO. */
int folder_list(struct arena *arena, struct str path, struct folder_entry **ret_entries,
        size_t *ret_count);

/* The current folder, absolute. ERR_IO. */
int folder_current(struct arena *arena, struct str *ret_path);
/* Absolute path with symbolic links resolved. ERR_NOT_FOUND, ERR_IO. */
int path_resolve(struct arena *arena, struct str path, struct str *ret_path);

/* Removes a folder with all in it, without following links; what cannot be removed stays. */
void folder_remove(struct str path);

/* The file of the running program; empty when the system does not tell. */
struct str program_path(struct arena *arena);
/*
 * What comes with the program: `beside` in its folder, as in a build tree, or else `installed`
 * relative to its folder, whether that exists or not. Empty when the program's place is not known.
 */
struct str program_companion(struct arena *arena, struct str beside, struct str installed);

/* Closes *fd unless it is negative; for AUTO_FD. */
void fd_cleanup(int *fd);
#define AUTO_FD __attribute__((cleanup(fd_cleanup))) int
/* Reads from where it stands to the end, at most `max_bytes`, into the arena. ERR_LIMIT, ERR_IO. */
int fd_read_all(struct arena *arena, int fd, size_t max_bytes, struct str *ret_content);
/* Writes everything, through short writes and interrupts. ERR_IO. */
int fd_write_all(int fd, struct str content);

#endif
