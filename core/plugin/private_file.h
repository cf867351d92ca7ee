/* SPDX-License-Identifier: Apache-2.0 */
/* Private: files without a name, for bytes that nobody else may change or find. */
#ifndef TFATMOS_PLUGIN_PRIVATE_FILE_H
#define TFATMOS_PLUGIN_PRIVATE_FILE_H

#include "run.h"

/*
 * A new empty file in memory that can be written, mapped and sealed, not executed; where the kernel has
 * none, one on disk without a name, which takes no seals. ERR_IO (errno).
 */
int private_memory_open(struct run *run, const char *name, int *ret_fd);

/*
 * A new empty file on disk that had a name only for a moment, in a folder of mode 0700, on a file system
 * programs may be run from: $XDG_RUNTIME_DIR, the user's cache folder, $TMPDIR or /tmp. ERR_IO (errno).
 */
int private_file_open(struct run *run, int *ret_fd);

#endif
