/* SPDX-License-Identifier: Apache-2.0 */
/* Where the statement about a plugin file stands. */
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "plugin_trust.h"

static bool read_at(int fd, char *bytes, size_t size_bytes, uint64_t offset)
{
    while (size_bytes > 0) {
        ssize_t got = pread(fd, bytes, size_bytes, (off_t)offset);
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got <= 0) {
            return false;
        }
        bytes += got;
        size_bytes -= (size_t)got;
        offset += (uint64_t)got;
    }
    return true;
}

/* True when the file ends with a footer, whatever stands before it. */
static bool find_trailer(struct run *run, struct plugin *plugin, int fd)
{
    struct plugin_signature *signature = &plugin->runtime->signature;
    char footer[TRAILER_FOOTER_BYTES];
    size_t length = 0;
    if (plugin->size_bytes <= sizeof(footer) ||
            !read_at(fd, footer, sizeof(footer), plugin->size_bytes - sizeof(footer)) ||
            !trailer_find(
                    (struct str){ footer, sizeof(footer) }, plugin->size_bytes, &length)) {
        return false;
    }
    signature->is_there = true;
    if (length > 0) {
        char *text = arena_alloc(run->arena, length + 1);
        signature->content_bytes = plugin->size_bytes - sizeof(footer) - length;
        if (read_at(fd, text, length, signature->content_bytes)) {
            signature->text = (struct str){ text, length };
        }
    }
    return true;
}

/* The same care as for the plugin itself: who can write the statement can take it away. */
static void find_sibling(
        struct run *run, const struct trusted_folder *folder, struct plugin *plugin)
{
    struct plugin_signature *signature = &plugin->runtime->signature;
    struct str name =
            arena_printf(run->arena, "%.*s" STATEMENT_EXTENSION, STR_ARG(plugin->name));
    struct stat stat;
    if (fstatat(folder->fd, name.ptr, &stat, AT_SYMLINK_NOFOLLOW) != 0) {
        return;
    }
    signature->is_there = true;
    AUTO_FD fd = -1;
    if (trusted_file_open(run->arena, folder, name, &fd, &stat, &signature->objection) != 0 ||
            !trusted_file_judge(run->arena, folder, name, &stat, &signature->objection)) {
        return;
    }
    if (stat.st_size > 0 && stat.st_size <= STATEMENT_MAX_BYTES) {
        char *text = arena_alloc(run->arena, (size_t)stat.st_size + 1);
        if (read_at(fd, text, (size_t)stat.st_size, 0)) {
            signature->text = (struct str){ text, (size_t)stat.st_size };
        }
    }
}

void signature_find(
        struct run *run, const struct trusted_folder *folder, struct plugin *plugin, int fd)
{
    plugin->runtime->signature.content_bytes = plugin->size_bytes;
    if (!find_trailer(run, plugin, fd)) {
        find_sibling(run, folder, plugin);
    }
}
