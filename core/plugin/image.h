/* SPDX-License-Identifier: Apache-2.0 */
/* Private: the bytes of a plugin where nobody can change them any more. */
#ifndef TFATMOS_PLUGIN_IMAGE_H
#define TFATMOS_PLUGIN_IMAGE_H

#include "run.h"

enum {
    PLUGIN_MAX_BYTES = 256 << 20
};

/* A copy of the bytes behind a descriptor, and their SHA-256. */
struct plugin_image {
    int fd; /* the caller's to close */
    bool is_sealed; /* in memory and sealed; else a file without a name, on disk */
    struct str sha256;
};

/*
 * Copies and hashes in one go. Where the kernel allows no executable files in memory
 * (vm.memfd_noexec=2) the copy is a private file, read and hashed once more after its last writer is
 * gone. ERR_IO (errno), ERR_CONFLICT when the copy changed under our hands.
 */
int image_copy(struct run *run, int fd, struct plugin_image *ret_image);

/* Does this kernel allow executable files in memory? */
bool image_can_be_sealed(void);

#endif
