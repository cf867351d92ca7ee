/* SPDX-License-Identifier: Apache-2.0 */
/* The bytes of a plugin where nobody can change them any more. */
#include "image.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#include "private_file.h"

#ifndef MFD_EXEC
#define MFD_EXEC 0x0010U /* Linux 6.3 */
#endif

static int new_memfd(void)
{
    int fd = memfd_create("tf-atmos-plugin", MFD_CLOEXEC | MFD_ALLOW_SEALING | MFD_EXEC);
    if (fd < 0 && errno == EINVAL) {
        fd = memfd_create("tf-atmos-plugin", MFD_CLOEXEC | MFD_ALLOW_SEALING);
    }
    return fd;
}

bool image_can_be_sealed(void)
{
    AUTO_FD fd = new_memfd();
    return fd >= 0;
}

/* Copies (unless `copy` is negative) and hashes in one go. */
static int copy_bytes(struct arena *arena, int fd, int copy, struct str *ret_digest)
{
    struct sha256 hash;
    char bytes[65536];
    off_t offset = 0;
    sha256_init(&hash);
    for (;;) {
        ssize_t got = pread(fd, bytes, sizeof(bytes), offset);
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got < 0 || offset > PLUGIN_MAX_BYTES) {
            return ERR_IO;
        }
        if (got == 0) {
            *ret_digest = sha256_hex(arena, sha256_finish(&hash));
            return 0;
        }
        sha256_add(&hash, bytes, (size_t)got);
        if (copy >= 0 && fd_write_all(copy, (struct str){ bytes, (size_t)got }) != 0) {
            return ERR_IO;
        }
        offset += got;
    }
}

/* The same file for reading alone, with the same bytes. */
static int reopen(struct run *run, int *fd, struct str digest)
{
    char path[64];
    struct str again;
    (void)snprintf(path, sizeof(path), "/proc/self/fd/%d", *fd);
    int reader = open(path, O_RDONLY | O_CLOEXEC);
    close(*fd);
    *fd = reader;
    if (reader < 0 || copy_bytes(run->arena, reader, -1, &again) != 0) {
        return ERR_IO;
    }
    return str_eq(again, digest) ? 0 : ERR_CONFLICT;
}

int image_copy(struct run *run, int fd, struct plugin_image *ret_image)
{
    const int seals = F_SEAL_WRITE | F_SEAL_GROW | F_SEAL_SHRINK | F_SEAL_SEAL;
    struct str digest;
    AUTO_FD copy = new_memfd();
    bool is_sealed = copy >= 0;
    int code = is_sealed ? 0 : private_file_open(run, &copy);
    code = code == 0 ? copy_bytes(run->arena, fd, copy, &digest) : code;
    if (code == 0 && is_sealed) {
        code = fcntl(copy, F_ADD_SEALS, seals) == 0 ? 0 : ERR_IO;
    } else if (code == 0) {
        code = reopen(run, &copy, digest);
    }
    if (code == 0) {
        *ret_image =
                (struct plugin_image){ .fd = copy, .is_sealed = is_sealed, .sha256 = digest };
        copy = -1;
    }
    return code;
}
