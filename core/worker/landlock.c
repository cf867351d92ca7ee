/* SPDX-License-Identifier: Apache-2.0 */
/* Landlock: of all files a worker may read those that shared libraries lie in, and change none. */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "confine.h"

/* Newer than the headers we build with may be; numbers are the kernel's. */
enum {
    FS_BITS_V1 = 13, /* execute ... make_sym */
    FS_BITS_V2 = 14, /* refer */
    FS_BITS_V3 = 15, /* truncate */
    FS_BITS_V5 = 16, /* ioctl on devices */
    NET_BITS_V4 = 2, /* bind and connect of TCP */
    SCOPE_BITS_V6 = 2 /* abstract unix sockets, signals */
};

/* struct landlock_ruleset_attr as of version 6; earlier kernels know the beginning of it. */
struct ruleset {
    uint64_t fs;
    uint64_t net;
    uint64_t scoped;
};

static uint64_t low_bits(unsigned count)
{
    return (UINT64_C(1) << count) - 1;
}

static long abi_version(void)
{
    return syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
}

/* Everything a version can handle is handled, that is, forbidden unless a rule allows it. */
static struct ruleset ruleset_of(long abi, size_t *ret_size)
{
    unsigned fs = abi >= 5   ? FS_BITS_V5
                  : abi >= 3 ? FS_BITS_V3
                  : abi >= 2 ? FS_BITS_V2
                             : FS_BITS_V1;
    *ret_size = abi >= 6   ? sizeof(struct ruleset)
                : abi >= 4 ? offsetof(struct ruleset, scoped)
                           : offsetof(struct ruleset, net);
    return (struct ruleset){ .fs = low_bits(fs),
        .net = abi >= 4 ? low_bits(NET_BITS_V4) : 0,
        .scoped = abi >= 6 ? low_bits(SCOPE_BITS_V6) : 0 };
}

/* A path that is not there needs no rule. */
static int allow_reading(int ruleset, int parent, bool is_folder)
{
    struct landlock_path_beneath_attr rule = { .allowed_access = LANDLOCK_ACCESS_FS_READ_FILE,
        .parent_fd = parent };
    if (is_folder) {
        rule.allowed_access |= LANDLOCK_ACCESS_FS_READ_DIR;
    }
    return (int)syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH, &rule, 0U);
}

static int allow_path(int ruleset, const char *path)
{
    struct stat stat;
    AUTO_FD parent = open(path, O_PATH | O_CLOEXEC);
    if (parent < 0 || fstat(parent, &stat) != 0) {
        return 0;
    }
    return allow_reading(ruleset, parent, S_ISDIR(stat.st_mode));
}

/* Where the C library itself was found: not every system keeps libraries in the usual places. */
static int allow_home_of_libc(int ruleset)
{
    Dl_info info;
    char folder[4096];
    void *symbol = dlsym(RTLD_DEFAULT, "getpid");
    if (!symbol || dladdr(symbol, &info) == 0 || !info.dli_fname ||
            strlen(info.dli_fname) >= sizeof(folder)) {
        return 0;
    }
    memcpy(folder, info.dli_fname, strlen(info.dli_fname) + 1);
    char *slash = strrchr(folder, '/');
    if (!slash || slash == folder) {
        return 0;
    }
    *slash = '\0';
    return allow_path(ruleset, folder);
}

int landlock_close(int image_fd)
{
    static const char *const readable[] = { "/lib", "/lib32", "/lib64", "/libx32", "/usr/lib",
        "/usr/lib32", "/usr/lib64", "/usr/libx32", "/usr/local/lib", "/usr/local/lib64",
        "/etc/ld.so.cache" };
    struct stat stat;
    size_t size_bytes = 0;
    long abi = abi_version();
    if (abi <= 0) {
        return abi < 0 && errno != ENOSYS && errno != EOPNOTSUPP ? -1 : 0;
    }
    const struct ruleset handled = ruleset_of(abi, &size_bytes);
    AUTO_FD ruleset = (int)syscall(SYS_landlock_create_ruleset, &handled, size_bytes, 0U);
    if (ruleset < 0) {
        return -1;
    }
    for (size_t i = 0; i < sizeof(readable) / sizeof(readable[0]); i++) {
        if (allow_path(ruleset, readable[i]) != 0) {
            return -1;
        }
    }
    if (allow_home_of_libc(ruleset) != 0) {
        return -1;
    }
    /* A file in memory needs no rule and takes none (EBADFD); a private copy on disk does. */
    if (image_fd >= 0 && fstat(image_fd, &stat) == 0 &&
            allow_reading(ruleset, image_fd, false) != 0 && errno != EBADFD) {
        return -1;
    }
    if (syscall(SYS_landlock_restrict_self, ruleset, 0U) != 0) {
        return -1;
    }
    return (int)abi;
}

static int landlock_version(void)
{
    long abi = abi_version();
    return abi > 0 ? (int)abi : 0;
}

struct sandbox_facts sandbox_probe(void)
{
    uint32_t action = 0x7fff0000U; /* SECCOMP_RET_ALLOW */
    return (struct sandbox_facts){ .landlock_abi = landlock_version(),
        .has_seccomp = syscall(SYS_seccomp, 2U, 0U, &action) == 0 };
}
