/* SPDX-License-Identifier: Apache-2.0 */
/* Files without a name, for bytes that nobody else may change or find. */
#include "private_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/statvfs.h>
#include <unistd.h>

#ifndef MFD_NOEXEC_SEAL
#define MFD_NOEXEC_SEAL 0x0008U /* Linux 6.3 */
#endif

/* The name goes before the first byte comes. */
static int open_in(struct arena *arena, struct str parent, int *ret_fd)
{
    struct statvfs system;
    char *folder = arena_cstr(arena, path_join(arena, parent, STR("tf-atmos-private-XXXXXX")));
    if (statvfs(arena_cstr(arena, parent), &system) != 0) {
        return ERR_IO;
    }
    if ((system.f_flag & ST_NOEXEC) != 0) {
        errno = EACCES;
        return ERR_IO;
    }
    if (!mkdtemp(folder)) {
        return ERR_IO;
    }
    const char *path = arena_cstr(arena, path_join(arena, str_from(folder), STR("file")));
    int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    int error = errno;
    (void)unlink(path);
    (void)rmdir(folder);
    errno = error;
    *ret_fd = fd;
    return fd >= 0 ? 0 : ERR_IO;
}

int private_file_open(struct run *run, int *ret_fd)
{
    const struct str folders[] = { str_from(environment_get(&run->env, "XDG_RUNTIME_DIR")),
        str_from(environment_get(&run->env, "XDG_CACHE_HOME")), temporary_folder(&run->env) };
    for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++) {
        if (path_is_absolute(folders[i]) && open_in(run->arena, folders[i], ret_fd) == 0) {
            return 0;
        }
    }
    return open_in(run->arena, STR("/tmp"), ret_fd);
}

int private_memory_open(struct run *run, const char *name, int *ret_fd)
{
    int fd = memfd_create(name, MFD_CLOEXEC | MFD_ALLOW_SEALING | MFD_NOEXEC_SEAL);
    if (fd < 0 && errno == EINVAL) {
        fd = memfd_create(name, MFD_CLOEXEC | MFD_ALLOW_SEALING);
    }
    if (fd < 0) {
        return private_file_open(run, ret_fd);
    }
    *ret_fd = fd;
    return 0;
}
